"""The stock as people ask about it: what is sold, what of it is left, who has it, what should have been registered."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, When

from hoshu import catalog
from hoshu.contracts import queries, serials
from hoshu.contracts.form import printed_deadline, services_with_licence
from hoshu.contracts.models import Application, Article, Licence
from hoshu.decisions import record
from hoshu.decisions.record import Answer

State = Licence.State
OVERDUE = "overdue"
"""Not a state but a question: unregistered although a last day has passed, and no application is being looked at."""
MOST_SELLERS = 200
"""Sellers offered in a list; whoever has more types a name."""
_LONGEST = 800
"""Days back within which a sale is looked for that is just too long ago; no deadline of an application is longer."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What somebody wants to see of the stock; what is empty narrows nothing."""

    service: str = ""
    plan: str = ""
    seller: str = ""
    """As `sellers` offers it."""
    article_id: int | None = None
    text: str = ""
    """The beginning of a number, or a part of the seller's name."""


def licences(*, chosen: Chosen | None = None, state: str = "", today: date | None = None) -> QuerySet[Licence]:
    """Licences and packs, the newest first; `today` is needed for the state OVERDUE.

    Each knows whether an application with it is being looked at (`applied`).
    """
    found = _narrowed(chosen or Chosen())
    if state == OVERDUE:
        assert today is not None
        found = found.filter(_overdue(today))
    elif state:
        found = found.filter(state=state)
    return found.annotate(applied=_applied()).select_related("article", "reseller").order_by("-id")


def counts(*, chosen: Chosen | None = None, today: date) -> Mapping[str, int]:
    """How many there are in all (under ""), of each state, and OVERDUE; one query."""
    wanted = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    found = _narrowed(chosen or Chosen()).aggregate(
        all=Count("pk"), **wanted, overdue=Count("pk", filter=_overdue(today))
    )
    return {"": found.pop("all"), **found}


def sellers(*, service: str = "") -> list[str]:
    """Everybody who sold something that is in the stock, by name."""
    found = _named(Licence.objects.filter(service=service) if service else Licence.objects.all())
    names = found.exclude(sold_by="").order_by("sold_by").values_list("sold_by", flat=True).distinct()
    return list(names[:MOST_SELLERS])


def articles(*, service: str = "", offered_on: date | None = None) -> QuerySet[Article]:
    """What is sold, by its number: with how many of it are unused and how many there are."""
    found = Article.objects.order_by("service", "sku")
    if service:
        found = found.filter(service=service)
    if offered_on:
        found = found.filter(Q(sold_until=None) | Q(sold_until__gte=offered_on))
    return found.annotate(unused=Count("licences", filter=Q(licences__state=State.ISSUED)), in_all=Count("licences"))


def time_left(*, service: str, sold_on: date, today: date) -> Answer | None:
    """By when a licence has to be registered (`apply_by`), by its service's own terms, from the day of its sale.

    Provisional: the day that counts is the customer's own (IX-REG-08, VA-REG-02, SP-REG-02). None where the terms set
    no time.
    """
    edition = catalog.edition_on(service, today)
    if edition.registration is None or not edition.registration.deadline:
        return None
    return record.ask(
        {
            "ask": "registration",
            "service": service,
            "edition": edition.edition,
            # The day is the same under every plan.
            "plan": edition.plan[0].id,
            "facts": {"pack_purchased": sold_on.isoformat()},
        }
    )


def _narrowed(chosen: Chosen) -> QuerySet[Licence]:
    exact = {"service": chosen.service, "plan": chosen.plan, "article_id": chosen.article_id}
    found = Licence.objects.filter(**{name: value for name, value in exact.items() if value})
    if chosen.seller:
        found = _named(found).filter(sold_by=chosen.seller)
    if number := serials.normalise(chosen.text):
        found = found.filter(Q(card_serial__begins=number) | Q(seller__contains=chosen.text.strip()))
    return found


def _named(found: QuerySet[Licence]) -> QuerySet[Licence]:
    """With `sold_by`: the reseller with a login as it is called today, else the seller as written."""
    name = Case(When(reseller=None, then=F("seller")), default=F("reseller__name"), output_field=CharField())
    return found.annotate(sold_by=name)


def _overdue(today: date) -> Q:
    """The printed deadline has passed, or the last day that the terms count from the sale; nobody applied."""
    late = Q(pk__in=[])
    for service in services_with_licence():
        passed = Q(pk__in=[])
        if printed_deadline(catalog.edition_on(service, today)) is not None:
            passed |= Q(card_deadline__lt=today)
        if last := _sold_too_long_ago(service, today):
            passed |= Q(sold_on__lte=last)
        late |= Q(service=service) & passed
    return Q(state=State.ISSUED) & late & ~_applied()


def _applied() -> Exists:
    return Exists(Application.objects.filter(licence=OuterRef("pk"), state__in=queries.WAITING_STATES))


def _sold_too_long_ago(service: str, today: date) -> date | None:
    """The last day of sale from which the time for an application is over today; searched for: terms count on only."""

    def is_over(back: int) -> bool:
        found = time_left(service=service, sold_on=today - timedelta(days=back), today=today)
        return found is not None and date.fromisoformat(found.values["apply_by"]) < today

    back = bisect_left(range(_LONGEST), True, key=is_over)
    return today - timedelta(days=back) if back < _LONGEST else None
