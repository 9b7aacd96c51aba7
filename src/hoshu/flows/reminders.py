"""What customers are told without asking: that their cover ends soon, and once a year to look at what is registered.

Both run every day over the whole book, and may run again at any time: each mail has a key of its own.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts import operators
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import consents, expiry, extensions, queries
from hoshu.flows.registration_notices import addressee_of, day_of, words_of
from hoshu.notifications import outbox
from hoshu.notifications.messages.agreement import Choice

KIT_WINDOW = 93
"""Days before the end within which the sale of a kit may open: three months."""
ABSORBED = timedelta(days=7)
"""A reminder that falls into the week after the sale of a kit opened is said by that one."""
AT_ONCE = 500
"""Agreements that are looked at together."""


def remind(*, now: datetime) -> int:
    """IX-EXT-05: put the reminders that are due into the outbox; how many.

    Of the days that the operator set, and the day on which a kit goes on sale, the last that has come counts, so that
    nobody gets three mails at once after a pause. An agreement that was extended is told of its new end anew.
    """
    operator = operators.profile()
    if operator is None:
        return 0
    today, put = day_of(now), 0
    last = today + timedelta(days=max([KIT_WINDOW, *operator.reminder_days]))
    with act_as(SYSTEM):
        ending = expiry.expiring(first=today, last=last).filter(state="active").iterator(chunk_size=AT_ONCE)
        for some in _chunks(ending):
            put += _put_reminders(some, operator.reminder_days, now)
    return put


@app.periodic(cron="0 0 * * *")  # UTC
@app.task(name="remind_of_ends")
def remind_of_ends(timestamp: int) -> None:
    """At nine in the morning in Japan."""
    remind(now=clock.now())


def ask_for_data(*, now: datetime) -> int:
    """MM-CND-29: once a year the contact is asked whether what is registered still holds; how many were asked."""
    today = day_of(now)
    rules = {}
    for service in catalog.services():
        running = catalog.editions(service)[-1].change
        if running is not None and running.yearly is not None:
            rules[service] = running.yearly
    with act_as(SYSTEM):
        asked = expiry.ask_for_data(services=list(rules), today=today, now=now)
        ids = [check.agreement_id for check in asked]
        contacts, pending = expiry.contacts_on(ids, today), expiry.pending(ids)
        return outbox.put_all(
            [
                outbox.Draft(
                    tenant_id=check.tenant_id,
                    message="agreement.data_check",
                    to=contact.email,
                    context={
                        "addressee": addressee_of(contact),
                        "number_name": queries.number_name(check.agreement),
                        "service_number": check.agreement.number,
                        "registered": _registered(contact),
                        "pending": tuple(pending.get(check.agreement_id, ())),
                        "clauses": (rules[check.agreement.service].clause,),
                    },
                    about=check.agreement.number,
                    key=f"data_check:{check.agreement_id}:{check.due_on}",
                    edition=catalog.edition(check.agreement.service, check.agreement.edition),
                )
                for check in asked
                if (contact := contacts.get(check.agreement_id)) is not None
            ],
            now=now,
        )


@app.periodic(cron="5 0 * * *")  # UTC
@app.task(name="ask_for_data")
def ask_for_data_daily(timestamp: int) -> None:
    """At nine in the morning in Japan."""
    with transaction.atomic():
        ask_for_data(now=clock.now())


def turn_of(*, ends_on: date, today: date, days: Sequence[int], kit_from: date | None) -> str:
    """Which reminder an end calls for on a day: the number of days, `kit`, or nothing."""
    turns = {str(count): ends_on - timedelta(days=count) for count in days}
    if kit_from is not None:
        turns = {turn: day for turn, day in turns.items() if not kit_from <= day < kit_from + ABSORBED}
        turns["kit"] = kit_from
    come = [(day, turn) for turn, day in turns.items() if day <= today]
    return max(come)[1] if come and today <= ends_on else ""


def _put_reminders(some: Sequence[Any], days: Sequence[int], now: datetime) -> int:
    today, due = day_of(now), {}
    editions = consents.editions_of(agreement.pk for agreement in some)
    answers: dict[Any, Any] = {}
    for agreement in some:
        held = consents.edition_on(editions.get(agreement.pk, ()), today) or agreement.edition
        edition = catalog.edition(agreement.service, held)
        kit, clauses = _kit(agreement, edition, today, answers)
        if turn := turn_of(ends_on=agreement.ends_on, today=today, days=days, kit_from=kit):
            due[agreement.pk] = (agreement, f"expiring:{agreement.pk}:{agreement.ends_on}:{turn}", kit, clauses)
    told = outbox.known_keys({(one.tenant_id, key) for one, key, _, _ in due.values()})
    open_ones = [kept for kept in due.values() if kept[1] not in told]
    contacts = expiry.contacts_on([agreement.pk for agreement, *_ in open_ones], today)
    return outbox.put_all(
        [
            outbox.Draft(
                tenant_id=agreement.tenant_id,
                message="agreement.expiring",
                to=contact.email,
                context={
                    "addressee": addressee_of(contact),
                    "words": words_of(catalog.edition(agreement.service, agreement.edition)),
                    "number": agreement.number,
                    "unit": _unit(agreement),
                    "on": today,
                    "ends_on": agreement.ends_on,
                    "choices": _choices(agreement, kit),
                    "depends_on_model": kit is not None,
                    "clauses": clauses,
                },
                about=agreement.number,
                key=key,
                edition=catalog.edition(agreement.service, agreement.edition),
            )
            for agreement, key, kit, clauses in open_ones
            if (contact := contacts.get(agreement.pk)) is not None
        ],
        now=now,
    )


def _kit(
    agreement: Any, edition: catalog.Edition, today: date, answers: dict[Any, Any]
) -> tuple[date | None, tuple[str, ...]]:
    """From when a kit is sold for an agreement, with the clauses; many agreements share an end and a model."""
    if edition.extension is None:
        return None, ()
    product = agreement.device.product if agreement.device else None
    model = {name: getattr(product, name) for name in queries.DATES_OF_MODEL} if product else {}
    asked = (edition.service, edition.edition, agreement.ends_on, tuple(model.values()))
    if asked not in answers:
        answers[asked] = extensions.asked(
            edition=edition, plan=agreement.plan, ends_on=agreement.ends_on, model=model, on=today
        )
    answer = answers[asked]
    clauses = tuple(dict.fromkeys(reason["clause"] for reason in answer.reasons))
    sold = answer.values["new_end"] is not None
    return (date.fromisoformat(answer.values["from"]) if sold else None), clauses


def _unit(agreement: Any) -> tuple[tuple[str, str], ...]:
    device = agreement.device
    return (("品名", device.product.name), ("製造番号", device.serial)) if device else (("品名", "貸出機"),)


def _choices(agreement: Any, kit: date | None) -> tuple[Choice, ...]:
    renewal = ("更新", "下の窓口へお尋ねください。", None, None)
    return (("延長", "延長キットをご購入ください。", kit, agreement.ends_on), renewal) if kit else (renewal,)


def _registered(contact: Any) -> tuple[tuple[str, str], ...]:
    rows = (
        ("会社名・団体名", contact.company),
        ("部署名", contact.department),
        ("役職", contact.title),
        ("お名前", contact.name),
        ("メールアドレス", contact.email),
        ("電話番号", contact.phone),
        ("住所", contact.address),
    )
    return tuple((label, text) for label, text in rows if text)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some
