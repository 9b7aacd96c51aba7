"""提供終了の決定: a part of the service, or all of it, ends for everybody who has a model (VA-TRM-06, VA-TRM-07).

One person proposes and a second agrees, once for all. What becomes of each agreement is its own Ending, made and
carried out like any other (`flows.ending`). No record says which programs run on a machine: the product is its model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused, endings, queries
from hoshu.contracts.endings import Ground
from hoshu.contracts.models import Agreement, Discontinuation, Ending, Product
from hoshu.dates import JST

WHOLE = "all"
"""The scope that names no part: the decision says that the whole service ends."""
OPEN = Q(withdrawn_at=None, done_at=None)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a decision over a product says, checked: the ground, the part (empty: all), the moment (aware)."""

    ground: Ground
    part: str
    at: datetime
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whom a decision would meet: the agreements, how many customers, and who is left out for which reason."""

    agreements: QuerySet[Agreement]
    count: int
    customers: int
    left_out: QuerySet[Agreement]
    """Each with its `because`."""
    left_out_count: int


def grounds(service: str, *, on: date) -> list[Ground]:
    """The grounds of a service that are about a product and open to the provider."""
    found = endings.grounds(catalog.edition_on(service, on))
    return [one for one in found if one.over and "provider" in one.open_to]


def scopes(found: Iterable[Ground]) -> list[str]:
    """What may be named as the scope: the parts that such grounds end, then the whole."""
    return [*dict.fromkeys(one.over for one in found), WHOLE]


def checked(*, product: Product, ground: str, scope: str, at: datetime | None, evidence: str, now: datetime) -> Decided:
    """What is asked for, if a decision over a product may say so. Raises Refused, with what to do."""
    edition = catalog.edition_on(product.service, now.astimezone(JST).date())
    if not ground:
        raise Refused("終える理由を選んでください。理由のない決定はできません。")
    found = endings.ground_of(edition, ground)
    if "provider" not in found.open_to:
        raise Refused("この理由で終えられるのはお客様だけです。ほかの理由を選んでください。", found.clause)
    if not found.over:
        text = "この理由は製品についてのものではないため、まとめて終えられません。契約ごとに起票してください。"
        raise Refused(text, found.clause)
    if scope not in (found.over, WHOLE):
        raise Refused("終える範囲を選んでください。範囲のない決定はできません。", found.clause)
    if at is None:
        raise Refused("終える日付と時刻を入力してください。例: 2026/02/11 15:00", found.clause)
    if not evidence.strip():
        raise Refused(endings.NO_EVIDENCE, found.clause)
    _still_ahead(at, found.clause, now)
    return Decided(ground=found, part="" if scope == WHOLE else scope, at=at, evidence=evidence.strip())


def reach(*, product: Product, part: str, at: datetime) -> Reach:
    """The agreements about a model that a decision ends at a moment, and those it leaves alone."""
    meant = _judged(product, part, at)
    taken, left_out = meant.filter(because="").order_by("pk"), meant.exclude(because="").order_by("pk")
    counts = taken.order_by().aggregate(agreements=Count("pk"), customers=Count("tenant", distinct=True))
    return Reach(
        agreements=taken,
        count=counts["agreements"],
        customers=counts["customers"],
        left_out=left_out,
        left_out_count=left_out.count(),
    )


def propose(*, product_id: int, decided: Decided, now: datetime) -> Discontinuation:
    """Write it down for a second person. The same decision again is answered with the first. Raises Refused."""
    product = Product.objects.select_for_update().get(pk=product_id)
    said = {
        "ground": decided.ground.code,
        "part": decided.part,
        "wished_at": decided.at,
        "evidence": decided.evidence,
    }
    if earlier := Discontinuation.objects.filter(OPEN, product=product).first():
        if said == {name: getattr(earlier, name) for name in said}:
            return earlier
        state = earlier.state[0]
        text = f"この機種には「{state}」の提供終了の決定があります。取り下げるか、終わるのを待ってください。"
        raise Refused(text, earlier.clause)
    if not reach(product=product, part=decided.part, at=decided.at).count:
        text = f"{product.name} の契約で、この日時に終えられるものはありません。機種と範囲を確かめてください。"
        raise Refused(text, decided.ground.clause)
    return Discontinuation.objects.create(
        product=product,
        clause=decided.ground.clause,
        proposed_by_id=tenancy.current().user_id,
        proposed_at=now,
        **said,
    )


def approve(*, discontinuation_id: int, now: datetime) -> Discontinuation:
    """The second person agrees to all at once, before the moment has passed: nothing ends backwards. Raises Refused."""
    kept = _undecided(discontinuation_id)
    kept.approved_by_id = endings.second_person(kept.proposed_by_id, kept.clause)
    _still_ahead(kept.wished_at, kept.clause, now)
    kept.approved_at = now
    kept.save(update_fields=["approved_by", "approved_at"])
    return kept


def withdraw(*, discontinuation_id: int, reason: str, now: datetime) -> Discontinuation:
    """It is not followed. Raises Refused."""
    kept = _undecided(discontinuation_id)
    if not reason.strip():
        raise Refused("取り下げる理由を入力してください。", kept.clause)
    kept.withdrawn_at, kept.withdrawal_reason = now, reason.strip()
    kept.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    return kept


def taken_up(*, discontinuation_id: int) -> Discontinuation | None:
    """A decision that two persons made, locked while some of its agreements end.

    None where there is nothing to do any more, or somebody else is at it.
    """
    agreed = Discontinuation.objects.filter(OPEN, approved_at__isnull=False, pk=discontinuation_id)
    return agreed.select_for_update(skip_locked=True, of=("self",)).select_related("product", "approved_by").first()


def next_ones(kept: Discontinuation, *, after: int, many: int) -> Sequence[Agreement]:
    """The next agreements that have no ending yet, beyond the one with the id `after`, locked."""
    open_ones = _judged(kept.product, kept.part, kept.wished_at).filter(because="")
    ids = list(open_ones.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:many])
    list(Agreement.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
    # Once more: an agreement may have ended while its row was waited for.
    still = open_ones.filter(pk__in=ids).values("pk")
    return list(queries.with_cover().filter(pk__in=still).order_by("pk"))


def advance(kept: Discontinuation, *, refused: Mapping[str, str], made: Iterable[str]) -> None:
    """Keep whom the terms refused to end, with their sentence; and forget those of whom that is true no more."""
    left_out = {number: why for number, why in kept.left_out.items() if number not in set(made)} | dict(refused)
    if left_out != kept.left_out:
        kept.left_out = left_out
        kept.save(update_fields=["left_out"])


def finish(kept: Discontinuation, *, now: datetime) -> None:
    """Every agreement has its ending; once the moment has come, no further one can join."""
    if kept.wished_at <= now:
        kept.done_at = now
        kept.save(update_fields=["done_at"])


def under_way() -> list[int]:
    """The decisions that are agreed to and not done."""
    agreed = Discontinuation.objects.filter(OPEN, approved_at__isnull=False)
    return list(agreed.order_by("id").values_list("pk", flat=True))


def all_of_them() -> QuerySet[Discontinuation]:
    """Every decision with its model and its persons, the newest first."""
    return Discontinuation.objects.select_related("product", "proposed_by", "approved_by").order_by("-id")


def waiting() -> QuerySet[Discontinuation]:
    """What waits for a second person, the oldest first."""
    return all_of_them().filter(OPEN, approved_at=None).order_by("proposed_at", "id")


def endings_of(kept: Discontinuation) -> QuerySet[Ending]:
    """What became of each agreement, in order."""
    found = Ending.objects.filter(discontinuation=kept).select_related(
        "agreement__tenant", "agreement__device", "notice"
    )
    return found.order_by("id")


def ended_by(kept: Discontinuation) -> QuerySet[Agreement]:
    """The agreements that have an ending by a decision."""
    return queries.agreements().filter(endings__discontinuation=kept)


def _judged(product: Product, part: str, at: datetime) -> QuerySet[Agreement]:
    """Every agreement about a model, with why a decision leaves it alone; empty where it ends.

    By the index of the foreign key from the device to its model, then `agreement_by_device`.
    """
    day = at.astimezone(JST).date()
    standing = Ending.objects.filter(agreement=OuterRef("pk"), part=part, measure=Ending.Measure.END, withdrawn_at=None)
    reasons = [
        When(state__in=endings.ENDED, then=Value("すでに終わっています")),
        When(ends_on__lt=day, then=Value("この日時の前に満了します")),
        When(Exists(standing), then=Value("同じ範囲の終了が、すでに起票または決定されています")),
        When(ended_at__isnull=False, then=Value("契約の全体が終わることになっています")),
    ]
    if part:
        last_day = {"last_of_part": KeyTextTransform(part, "part_ends")}
        over = When(last_of_part__lt=day.isoformat(), then=Value("この範囲は、この日時の前に終わります"))
    else:
        last_day, over = {}, None
    found = queries.agreements().filter(device__product=product, service=product.service).annotate(**last_day)
    because = Case(*reasons, *filter(None, [over]), default=Value(""), output_field=CharField())
    return found.annotate(because=because)


def _undecided(discontinuation_id: int) -> Discontinuation:
    kept = Discontinuation.objects.select_for_update().get(pk=discontinuation_id)
    if kept.withdrawn_at is not None or kept.approved_at is not None:
        raise Refused(f"この決定は「{kept.state[0]}」です。画面を開き直して確かめてください。", kept.clause)
    return kept


def _still_ahead(at: datetime, clause: str, now: datetime) -> None:
    """A minute that has begun still counts. Raises Refused."""
    if at < now.replace(second=0, microsecond=0):
        text = f"終える日時（{at.astimezone(JST):%Y/%m/%d %H:%M}）を過ぎています。これからの日時で起票してください。"
        raise Refused(text, clause)
