"""契約の終了, from end to end: what the terms answer, who agrees, what follows on the day (IX-STP-01, IX-TRM-01…04).

Nothing is asked twice for show: the answer is asked again at each decision, and the one acted on is recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts import people
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, collection, consents, endings, further, queries
from hoshu.contracts.endings import STOP, Ground, Measure
from hoshu.dates import said
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.flows import closing
from hoshu.flows.corrections import question_again
from hoshu.flows.registration_notices import addressee_of, day_of
from hoshu.notifications import outbox
from hoshu.terms import PART_NAMES

REMIND_DAYS = (6, 1)
"""MM-TRM-03 (ours): days before the last day on which the customer is reminded to save its data."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an ending would mean: nothing is stored."""

    ground: Ground
    allowed: bool
    reasons: list[dict[str, str]]
    effective_at: datetime
    last_day: date
    refund: bool | None
    answer: Answer
    """Of `ending`, or of the coverage where the edition knows no such question."""
    coverage: Answer | None


def preview(
    *,
    agreement: Any,
    by: str,
    ground: str,
    at: datetime,
    measure: str = Measure.END,
    part: str = "",
    evidence: str = "",
    ground_on: date | None = None,
    demand: Any = None,
    notified: date | None = None,
) -> Preview:
    """What the terms answer to an ending at a moment (aware). Raises Refused."""
    edition = _edition(agreement, day_of(at))
    found = endings.ground_of(edition, ground)
    if edition.ending is None:
        if by not in found.open_to or (found.needs == "evidence" and not evidence.strip()):
            raise Refused("理由となる事実を入力してください。", found.clause)
        first = day_of(at) + timedelta(days=1)
        coverage = _coverage(agreement, edition, found, day_of(at), endings.midnight(first), part)
        return _previewed(found, True, coverage.reasons, endings.midnight(first), None, coverage, coverage)
    facts = {
        "by": by,
        "ground": ground,
        "on": day_of(at),
        "evidence": bool(evidence.strip()) if found.needs == "evidence" else None,
        "demand_arrived": demand.arrived_on if demand else None,
        "period_days": demand.period_days if demand else None,
        "performed": demand.performed_on if demand else None,
        "minor": demand.minor if demand else None,
        "ground_on": ground_on,
        "notified": notified,
    }
    answer = _ask(_question(agreement, edition, facts))
    if not answer.values["allowed"]:
        return _previewed(found, False, answer.reasons, at, None, answer, None)
    first = date.fromisoformat(answer.values["from"])
    effective_at = at if day_of(at) == first else endings.midnight(first)
    coverage = None
    if measure == Measure.END:
        coverage = _coverage(agreement, edition, found, day_of(at), effective_at, part)
    return _previewed(found, True, answer.reasons, effective_at, answer.values["refund"], answer, coverage)


def _previewed(
    ground: Ground,
    allowed: bool,
    reasons: list[dict[str, str]],
    effective_at: datetime,
    refund: bool | None,
    answer: Answer,
    coverage: Answer | None,
) -> Preview:
    return Preview(
        ground=ground,
        allowed=allowed,
        reasons=reasons,
        effective_at=effective_at,
        last_day=endings.last_day(effective_at),
        refund=refund,
        answer=answer,
        coverage=coverage,
    )


@transaction.atomic
def stop(*, agreement_id: int, on: date, now: datetime) -> Any:
    """IX-STP-01, MM-TRM-01, VA-INT-05: the customer stops; a second time is answered with the first. Raises Refused.

    `on` is the day that the customer names. It never lies before today: nothing is dated back.
    """
    agreement = queries.agreements().get(pk=agreement_id)
    if earlier := endings.standing(agreement, ground=STOP):
        return earlier
    found = stop_preview(agreement=agreement, on=on, now=now)
    [ending] = endings.propose(
        wanted=[_wanted(agreement, found)],
        by="customer",
        requested_on=day_of(now),
        wished_at=endings.midnight(on),
        now=now,
    )
    return _settle_one(ending, found, "利用中止", now)


def stop_preview(*, agreement: Any, on: date, now: datetime) -> Preview:
    """The last day, and that nothing is paid back, with the clause. Raises Refused."""
    today = day_of(now)
    if on < today:
        clause = endings.ground_of(_edition(agreement, today), STOP).clause
        text = f"さかのぼって中止することはできません。今日（{said(today)}）以後の日を入力してください。"
        raise Refused(text, clause)
    found = preview(agreement=agreement, by="customer", ground=STOP, at=endings.midnight(on), notified=today)
    return _required(found)


@transaction.atomic
def propose(
    *,
    agreement_id: int,
    by: str,
    ground: str,
    at: datetime,
    measure: str = Measure.END,
    part: str = "",
    scope_note: str = "",
    evidence: str = "",
    ground_on: date | None = None,
    demand_id: int | None = None,
    investigation_id: int | None = None,
    breach_id: int | None = None,
    lock_accounts: bool = False,
    now: datetime,
) -> Any:
    """IX-ASF-02, IX-TRM-01, IX-TRM-02, VA-TRM-06: write down an ending for a second person. Raises Refused.

    `at` is the moment wished for; where the terms let it end later only, that moment counts.
    """
    agreement = queries.agreements().get(pk=agreement_id)
    demand = agreement.demands.get(pk=demand_id) if demand_id else None
    found = _required(
        preview(
            agreement=agreement,
            by=by,
            ground=ground,
            at=at,
            measure=measure,
            part=part,
            evidence=evidence,
            ground_on=ground_on,
            demand=demand,
            notified=day_of(now) if ground == STOP else None,
        )
    )
    [ending] = endings.propose(
        wanted=[_wanted(agreement, found)],
        by=by,
        measure=measure,
        part=part,
        scope_note=scope_note,
        evidence=evidence,
        ground_on=ground_on,
        demand_id=demand_id,
        investigation_id=investigation_id,
        breach_id=breach_id,
        requested_on=day_of(now),
        wished_at=at,
        lock_accounts=lock_accounts,
        now=now,
    )
    return ending if ending.needs_second else _settle_one(ending, found, "契約の終了", now)


@transaction.atomic
def approve(*, ending_id: int, now: datetime) -> Any:
    """The second person agrees: the terms are asked once more, and what they answer is done. Raises Refused."""
    ending = endings.approve(ending_id=ending_id)
    found = _asked_again(ending, queries.agreements().get(pk=ending.agreement_id))
    return _settle_one(ending, found, "契約の終了" if ending.measure == Measure.END else "利用の停止", now)


@transaction.atomic
def discontinue(*, discontinuation: Any, agreements: Sequence[Any], now: datetime) -> dict[str, str]:
    """VA-TRM-06, VA-TRM-07: what two persons decided over a product becomes the ending of each of its agreements.

    Those that their own terms refuse to end are left out: number → the sentence that says why.
    """
    found, refused = {}, {}
    for agreement in agreements:
        try:
            found[agreement] = _required(
                preview(
                    agreement=agreement,
                    by="provider",
                    ground=discontinuation.ground,
                    at=discontinuation.wished_at,
                    part=discontinuation.part,
                    evidence=discontinuation.evidence,
                )
            )
        except Refused as no:
            refused[agreement.number] = no.message + (f"（{no.clause}）" if no.clause else "")
    made = endings.propose(
        wanted=[_wanted(agreement, answer) for agreement, answer in found.items()],
        by="provider",
        part=discontinuation.part,
        evidence=discontinuation.evidence,
        requested_on=day_of(discontinuation.proposed_at),
        wished_at=discontinuation.wished_at,
        discontinuation=discontinuation,
        now=now,
    )
    _settle(list(zip(made, found.values(), strict=True)), "契約の終了", now)
    return refused


@transaction.atomic
def withdraw(*, ending_id: int, reason: str, now: datetime) -> Any:
    """It is not followed."""
    return endings.withdraw(ending_id=ending_id, reason=reason, now=now)


@transaction.atomic
def resume(*, ending_id: int, reason: str, now: datetime) -> Any:
    """The use goes on after it was stopped, also of what stopped with it (MM-SUP-04); its accounts open again."""
    ending = endings.resume(ending_id=ending_id, reason=reason, now=now)
    people.unlock(user_ids=ending.locked)
    for one in endings.stopped_with(ending):
        endings.resume(ending_id=one.pk, reason=f"主たる契約 {ending.agreement.number}: {reason}", now=now)
    return ending


@transaction.atomic
def add_debt(*, ending_id: int, what: str, amount_yen: int, due_on: date, paid: bool = False, now: datetime) -> Any:
    """IX-TRM-03, VA-TRN-03, SP-TRN-03: a debt falls due on the day of the ground, ended or not. Raises Refused."""
    ending = queries.ending(ending_id)
    agreement = ending.agreement
    edition = _edition(agreement, day_of(ending.effective_at))
    if edition.ending is None or "due" not in edition.ending.optional:
        raise Refused("この約款に、債務の支払期日が早まる定めはありません。", ending.clause)
    facts = {
        "by": ending.by,
        "ground": ending.ground,
        "on": day_of(ending.effective_at),
        "evidence": bool(ending.evidence),
        "ground_on": ending.ground_on,
        "due": due_on,
        "paid": paid,
    }
    decision = _record(_ask(_question(agreement, edition, facts)), "債務の支払期日", agreement, now)
    return endings.add_debt(ending_id=ending_id, what=what, amount_yen=amount_yen, due_on=due_on, decision=decision)


# ---- what follows on the day


@transaction.atomic
def carry_out_due(*, now: datetime) -> int:
    """What has come to its moment: states, machines to collect, accounts; how many. Safe to run at any time."""
    with act_as(SYSTEM):
        return _carry_out(queries.endings_due(now=now), now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="carry_out_endings")
def carry_out_endings(timestamp: int) -> None:
    """Every few minutes: endings whose moment has come, and what follows where they were the last of a service."""
    now = clock.now()
    carry_out_due(now=now)
    closing.run_due(now=now)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """MM-TRM-03: the customer is reminded to save its data before it vanishes; how many mails. Each goes out once."""
    today, sent = day_of(now), 0
    with act_as(SYSTEM):
        for days in REMIND_DAYS:
            due = [
                kept
                for kept in queries.endings_on(last_day=today + timedelta(days=days))
                if catalog.edition(kept.agreement.service, kept.agreement.edition).erase is not None
            ]
            sent += len(_tell(due, "agreement.ending_soon", str(days), now))
    return sent


@app.periodic(cron="0 9 * * *")
@app.task(name="remind_of_endings")
def remind_of_endings(timestamp: int) -> None:
    """Every morning."""
    remind(now=clock.now())


# ---- along the way


def _settle_one(ending: Any, found: Preview, act: str, now: datetime) -> Any:
    _settle([(ending, found)], act, now)
    ending.refresh_from_db()
    return ending


def _settle(each: Sequence[tuple[Any, Preview]], act: str, now: datetime) -> None:
    """What was decided is recorded, told and, where its moment has come, carried out: one agreement or many."""
    asked = [(found.coverage, ending) for ending, found in each if found.coverage is not None]
    coverages = _recorded(asked, f"{act}（提供期間）", now)
    own = [(found.answer, ending) for ending, found in each if found.answer is not found.coverage]
    decisions = coverages | _recorded(own, act, now)
    settled = endings.settle(
        each=[(ending.pk, decisions[ending.pk], coverages.get(ending.pk)) for ending, _ in each], now=now
    )
    endings.notified(notices=_tell(settled, "agreement.cancelled", "decided", now))
    _carry_out([ending for ending in settled if ending.effective_at <= now], now)
    _follow([ending for ending in settled if not ending.part], act, now)


def _follow(decided: Sequence[Any], act: str, now: datetime) -> None:
    """MM-SUP-04: what belongs to an agreement ends or stops with it, at the same moment and on the same ground."""
    mains = {ending.agreement_id: ending for ending in decided}
    further_ones = further.following(mains) if mains else []
    if not further_ones:
        return
    found = {one: _asked_again(mains[one.belongs_to_id], one) for one in further_ones}
    wanted = [(mains[one.belongs_to_id], _wanted(one, answer)) for one, answer in found.items()]
    made = endings.follow(each=wanted, now=now)
    _settle(list(zip(made, found.values(), strict=True)), act, now)


def _carry_out(due: Sequence[Any], now: datetime) -> int:
    done = endings.carry_out(ending_ids=[ending.pk for ending in due], now=now) if due else []
    for ending in done:
        if ending.lock_accounts:
            locked = people.lock(organisation_id=ending.tenant_id, now=now)
            endings.locked(ending_id=ending.pk, user_ids=locked)
    whole = [ending for ending in done if not ending.part and ending.measure == Measure.END]
    last_days = {ending.agreement_id: ending.agreement.ends_on or ending.last_day for ending in whole}
    collection.request(last_days=last_days, now=now)
    return len(done)


def _tell(found: Sequence[Any], message: str, turn: str, now: datetime) -> dict[int, int]:
    """The mails to whoever runs each service at its customer: ending → message. Not where nobody is named.

    `turn` says on which occasion: on each, a message goes out once.
    """
    parties = queries.run_by(ending.agreement_id for ending in found)
    drafts = {
        ending.pk: outbox.Draft(
            tenant_id=ending.tenant_id,
            message=message,
            to=party.email,
            context=_told(ending, party),
            about=ending.agreement.number,
            key=f"ending:{ending.pk}:{turn}",
            edition=catalog.edition(ending.agreement.service, ending.agreement.edition),
        )
        for ending in found
        if (party := parties.get(ending.agreement_id)) is not None
    }
    outbox.put_all(drafts.values(), now=now)
    put = outbox.known_keys({(draft.tenant_id, draft.key) for draft in drafts.values()})
    return {ending_id: put[draft.key] for ending_id, draft in drafts.items()}


def _told(ending: Any, party: Any) -> dict[str, Any]:
    agreement = ending.agreement
    edition = catalog.edition(agreement.service, agreement.edition)
    return {
        "addressee": addressee_of(party),
        "number_name": queries.number_name(agreement),
        "service_number": agreement.number,
        "service": edition.name,
        "ended_by": ending.by,
        "suspended": ending.measure == Measure.SUSPEND,
        "part": PART_NAMES[ending.part] if ending.part else "",
        "last_day": ending.last_day if ending.part else agreement.ends_on or ending.last_day,
        "effective_at": ending.effective_at,
        "refund": ending.refund,
        "data_vanishes": edition.erase is not None,
        "clauses": tuple(dict.fromkeys([ending.clause, *_cited(ending)])),
    }


def _cited(ending: Any) -> list[str]:
    return [reason["clause"] for reason in ending.decision.reasons] if ending.decision else []


def _coverage(
    agreement: Any, edition: catalog.Edition, ground: Ground, named: date, effective_at: datetime, part: str
) -> Answer:
    """The dates with the ending among their facts. Raises Refused where it would end no earlier than anyway."""
    assert edition.coverage is not None
    last = endings.last_day(effective_at)
    if not part and agreement.ends_on is not None and last > agreement.ends_on:
        text = f"この契約は{said(agreement.ends_on)}までです。それより後の日に終えることはできません。"
        raise Refused(text, ground.clause)
    if part and agreement.ended_at is not None:
        raise Refused("契約の全体が終わることになっています。部分だけの終了は記録できません。", ground.clause)
    known, taken = agreement.coverage.question["facts"], (*edition.coverage.required, *edition.coverage.optional)
    if ground.code == STOP and "cancelled" in taken:
        # The terms themselves find the last day from the day that was named (MM-TRM-01).
        changed: dict[str, Any] = {"cancelled": named}
    else:
        before = None if part or known.get("ended_part") else known.get("ended_early")
        earliest = min(last, date.fromisoformat(before)) if before else last
        changed = {"ended_early": earliest, "ended_part": part or None}
    return _ask(question_again(agreement, on=min(named, agreement.ends_on or named), **changed))


def _edition(agreement: Any, on: date) -> catalog.Edition:
    return catalog.edition(agreement.service, consents.edition_of(agreement, on))


def _question(agreement: Any, edition: catalog.Edition, facts: Mapping[str, Any]) -> dict[str, Any]:
    assert edition.ending is not None
    taken = {*edition.ending.required, *edition.ending.optional}
    known = {name: facts[name] for name in facts if name in taken and facts[name] is not None}
    return {
        "ask": "ending",
        "service": edition.service,
        "edition": edition.edition,
        "plan": agreement.plan,
        "facts": {name: day.isoformat() if isinstance(day, date) else day for name, day in known.items()},
    }


def _ask(question: Mapping[str, Any]) -> Answer:
    try:
        return record.ask(question)
    except record.Refused as refused:
        raise Refused(refused.message) from refused


def _required(found: Preview) -> Preview:
    if not found.allowed:
        raise Refused("".join(reason["text"] for reason in found.reasons), found.reasons[0]["clause"])
    return found


def _asked_again(ending: Any, agreement: Any) -> Preview:
    """What the terms answer to an ending that stands, about its agreement or one that ends with it. Raises Refused."""
    return _required(
        preview(
            agreement=agreement,
            by=ending.by,
            ground=ending.ground,
            at=ending.wished_at,
            measure=ending.measure,
            part=ending.part,
            evidence=ending.evidence,
            ground_on=ending.ground_on,
            demand=ending.demand,
            notified=ending.requested_on if ending.ground == STOP else None,
        )
    )


def _wanted(agreement: Any, found: Preview) -> endings.Wanted:
    return endings.Wanted(
        agreement=agreement, ground=found.ground, effective_at=found.effective_at, refund=found.refund
    )


def _record(answer: Answer, act: str, agreement: Any, now: datetime) -> Any:
    return record.record(answer=answer, act=act, about=agreement.number, tenant_id=agreement.tenant_id, now=now)


def _recorded(each: Sequence[tuple[Answer, Any]], act: str, now: datetime) -> dict[int, Any]:
    """The answers about several endings are recorded: ending → decision."""
    answers = [(answer, ending.agreement.number, ending.tenant_id) for answer, ending in each]
    decisions = record.record_each(answers=answers, act=act, now=now)
    return {ending.pk: decision for (_, ending), decision in zip(each, decisions, strict=True)}
