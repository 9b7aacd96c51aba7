"""After the acceptance: a notice that came back, proof that came late, a model whose sales end."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, agreements, applications, consents, queries, stock
from hoshu.contracts.assessment import Purchase
from hoshu.contracts.assessment import support_limit as limit_of
from hoshu.decisions import record
from hoshu.flows.registration_notices import completion_of, dates_of, day_of, send_correction, send_notice


@transaction.atomic
def settle_notices(*, now: datetime) -> int:
    """OR-28: completion notices that came back count as not sent; how many did. Safe to run at any time."""
    with act_as(SYSTEM):
        undelivered = queries.undelivered_notices()
        for agreement in undelivered:
            agreements.not_notified(agreement_id=agreement.pk)
            note = "登録完了のお知らせが届きませんでした。宛先を確かめて送り直してください。"
            applications.note(application_id=agreement.application_id, text=note, now=now)
    return len(undelivered)


@app.periodic(cron="*/5 * * * *")
@app.task(name="settle_notices")
def settle_lost_notices(timestamp: int) -> None:
    """Every few minutes: what the mail server sent back becomes a task of the registration centre."""
    settle_notices(now=clock.now())


@transaction.atomic
def send_again(*, agreement_id: int, email: str, now: datetime) -> Any:
    """IX-REG-03: send the notice to the corrected address; the day of this sending is the day of completion."""
    agreement = queries.agreements().get(pk=agreement_id)
    answered = record.ask(question_again(agreement, on=day_of(now), registered=day_of(now)))
    coverage = _recorded(answered, "お知らせの再送", agreement, now)
    agreement = agreements.notified_again(agreement_id=agreement_id, email=email, coverage=coverage, now=now)
    revision = queries.revisions_of(agreement)[0]
    notice = send_notice(agreement, "registration.completed", completion_of(revision), now)
    agreements.accepted_by(revision_id=revision.pk, notice_id=notice.pk)
    return agreement


@transaction.atomic
def correct_purchase(*, agreement_id: int, attached_id: int, reason: str, now: datetime) -> Any:
    """OR-19 (IX-COV-03): proof that came later corrects the purchase date, by a clerk's decision; notice goes out."""
    if not reason.strip():
        raise Refused("訂正する理由を入力してください。")
    agreement = queries.agreements().get(pk=agreement_id)
    proof = queries.file_of(number=agreement.application.number, attached_id=attached_id)
    if proof.date_read is None:
        raise Refused("書類の日付を先に読み取ってください。")
    was = dates_of(agreement)
    purchase = Purchase(day=proof.date_read, basis=proof.kind)
    question = question_again(agreement, on=day_of(now), purchase=purchase)
    coverage = _recorded(record.ask(question), "購入日の訂正", agreement, now)
    agreement = agreements.correct_purchase(agreement_id=agreement_id, purchase=purchase, coverage=coverage)
    applications.note(application_id=agreement.application_id, text=f"購入日を訂正しました。{reason.strip()}", now=now)
    send_correction(agreement, was, now)
    return agreement


@transaction.atomic
def end_product(*, product_id: int, now: datetime, **dates: date | None) -> int:
    """IX-COV-05, VA-TRM-03, SP-TRM-03: the end of a model is known, by the names of `queries.DATES_OF_MODEL`.

    Every running agreement of it is counted anew; how many changed.
    """
    product = stock.end_product(product_id=product_id, **dates)
    changed = 0
    for agreement in queries.agreements().filter(queries.runs_on(day_of(now)), device__product=product):
        answered = record.ask(question_again(agreement, on=day_of(now)))
        # Not its last day: where that was taken over from another system, it stands as long as the terms say the same.
        if answered.values["end"] is None or _ends(answered.values) == _ends(agreement.coverage.answer):
            continue
        was = dates_of(agreement)
        coverage = _recorded(answered, "機種の終了", agreement, now)
        limit = limit_of(catalog.edition(agreement.service, answered.edition), product)
        agreement = agreements.shorten(agreement_id=agreement.pk, coverage=coverage, support_limit=limit)
        send_correction(agreement, was, now)
        changed += 1
    return changed


def _ends(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The last days of the service and of each part of it that ends apart (VA-TRM-03)."""
    return {name: day for name, day in answer.items() if name == "end" or name.endswith("_end")}


def question_again(
    agreement: Any, *, on: date, purchase: Purchase | None = None, **changed: date | str | None
) -> dict[str, Any]:
    """The question of coverage for a stored agreement, with what has changed since, under its edition of a day.

    The facts are those it was accepted on; what the edition does not take is left out.
    """
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, on))
    terms = edition.coverage
    assert terms is not None
    facts = dict(agreement.coverage.question["facts"])
    if agreement.device is not None:
        changed = {**{name: getattr(agreement.device.product, name) for name in queries.DATES_OF_MODEL}, **changed}
    if purchase is not None:
        changed |= {"purchased": purchase.day, "shipped": purchase.shipped_on}
        facts["purchase_proof"] = purchase.proven
    for name, value in changed.items():
        facts[name] = value.isoformat() if isinstance(value, date) else value
    taken = {*terms.required, *terms.optional}
    return {
        "ask": "coverage",
        "service": agreement.service,
        "edition": edition.edition,
        "plan": agreement.plan,
        "explain": True,
        "facts": {name: value for name, value in facts.items() if name in taken and value is not None},
    }


def _recorded(answer: record.Answer, act: str, agreement: Any, now: datetime) -> Any:
    return record.record(answer=answer, act=act, about=agreement.number, tenant_id=agreement.tenant_id, now=now)
