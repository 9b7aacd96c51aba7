"""契約の終了: proposed by one person, agreed to by a second, and carried out when its moment comes (IX-TRM-04).

Whether a ground suffices is a question to the terms (`ending`), which `flows.ending` asks; what is kept here is who
decided what. A customer who stops needs no second person. Nothing is ever deleted: what is not followed is withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused
from hoshu.contracts.models import Agreement, Discontinuation, DueDebt, Ending
from hoshu.dates import JST
from hoshu.decisions.models import Decision

STOP = "stopped_using"
"""The ground on which a customer stops using the service (解約、利用の中止)."""
Measure = Ending.Measure
NO_EVIDENCE = "証拠と事実を入力してください。証拠の記録がないと終えられません。"
ENDED = (Agreement.State.STOPPED, Agreement.State.TERMINATED, Agreement.State.TRANSFERRED)


@dataclass(frozen=True)
class Ground:
    """Why an agreement may end, as the edition lists it."""

    code: str
    label: str
    clause: str
    open_to: tuple[str, ...]
    needs: str
    may_suspend: bool
    over: str = ""
    """The part of the service whose product the ground is about (VA-TRM-06); empty: it is about the customer."""


def grounds(edition: catalog.Edition) -> list[Ground]:
    """The grounds of an edition. Where it lists none, the service ends as its coverage says (RC-GEN-07)."""
    if edition.ending is None:
        clause = edition.coverage.ended_early.clause if edition.coverage else ""
        return [
            Ground(STOP, "お客様が利用をやめる", clause, ("customer",), "nothing", False),
            Ground("cannot_continue", "サービスの提供を終える", clause, ("provider",), "evidence", False),
            Ground("other", "その他の理由", clause, ("provider", "customer"), "evidence", False),
        ]
    # The use may be stopped where the terms refuse it on the very clause of the ground (MM-CND-27).
    refusing = {check.clause for check in edition.entitlement.check} if edition.entitlement else set()
    return [
        Ground(one.code, one.label, one.clause, one.open_to, one.needs, one.clause in refusing, one.over or "")
        for one in edition.ending.ground
    ]


def ground_of(edition: catalog.Edition, code: str) -> Ground:
    """The ground of a code. Raises Refused with the clause by which no other ends it (VA-TRN-04, SP-TRN-04)."""
    found = next((one for one in grounds(edition) if one.code == code), None)
    if found is None:
        only = edition.ending.no_other if edition.ending else None
        raise Refused("この理由でサービスを終える定めがないため、終えられません。", only.clause if only else "")
    return found


def standing(agreement: Agreement, *, ground: str = "", part: str = "") -> Ending | None:
    """The ending of an agreement that is neither withdrawn nor replaced, on a ground where one is named."""
    found = agreement.endings.filter(withdrawn_at=None, measure=Measure.END, part=part).order_by("-id")
    return (found.filter(ground=ground) if ground else found).first()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the terms say to the ending of one agreement: on which ground, from which moment, what about the price."""

    agreement: Agreement
    ground: Ground
    effective_at: datetime
    refund: bool | None


def propose(
    *,
    wanted: Sequence[Wanted],
    by: str,
    measure: str = Measure.END,
    part: str = "",
    scope_note: str = "",
    evidence: str = "",
    ground_on: date | None = None,
    demand_id: int | None = None,
    investigation_id: int | None = None,
    breach_id: int | None = None,
    requested_on: date,
    wished_at: datetime,
    lock_accounts: bool = False,
    discontinuation: Discontinuation | None = None,
    now: datetime,
) -> list[Ending]:
    """Write down what is to end, in the order of `wanted`. What was asked for before is answered with the first.

    MM-TRM-01. What comes of a decision over a product was proposed and agreed to with that (VA-TRM-06).
    """
    agreements = _locked(one.agreement.pk for one in wanted)
    standing = Ending.objects.filter(agreement__in=agreements, withdrawn_at=None, part=part, measure=measure)
    earlier = {(kept.agreement_id, kept.ground): kept for kept in standing}
    found, new = [], []
    for one in wanted:
        agreement, ground = agreements[one.agreement.pk], one.ground
        if kept := earlier.get((agreement.pk, ground.code)):
            found.append(kept)
            continue
        if agreement.state in ENDED:
            raise Refused(f"この契約は、すでに「{agreement.get_state_display()}」です。", ground.clause)
        if measure == Measure.SUSPEND and not ground.may_suspend:
            raise Refused("この理由で、利用だけを止める定めはありません。", ground.clause)
        if ground.needs == "evidence" and not evidence.strip():
            raise Refused(NO_EVIDENCE, ground.clause)
        ending = Ending(
            tenant_id=agreement.tenant_id,
            agreement=agreement,
            by=by,
            ground=ground.code,
            clause=ground.clause,
            measure=measure,
            part=part,
            scope_note=scope_note.strip(),
            evidence=evidence.strip(),
            ground_on=ground_on,
            demand_id=demand_id,
            investigation_id=investigation_id,
            breach_id=breach_id,
            requested_on=requested_on,
            wished_at=wished_at,
            effective_at=one.effective_at,
            last_day=last_day(one.effective_at),
            lock_accounts=lock_accounts,
            discontinuation=discontinuation,
            proposed_by_id=discontinuation.proposed_by_id if discontinuation else tenancy.current().user_id,
            proposed_at=discontinuation.proposed_at if discontinuation else now,
            needs_second=ground.code != STOP,
            approved_by_id=discontinuation.approved_by_id if discontinuation else None,
            refund=one.refund,
        )
        new.append(ending)
        found.append(ending)
    Ending.objects.bulk_create(new)
    return found


def follow(*, each: Sequence[tuple[Ending, Wanted]], now: datetime) -> list[Ending]:
    """MM-SUP-04: further agreements end or stop with the one that each belongs to, as those decided who decided that.

    What was to come of one later on the same ground is not followed any more.
    """
    mains = {one.agreement.pk: ending for ending, one in each}
    later = []
    for kept in Ending.objects.filter(agreement__in=mains, part="", withdrawn_at=None, carried_out_at=None):
        main = mains[kept.agreement_id]
        if (kept.ground, kept.measure) == (main.ground, main.measure):
            kept.withdrawn_at = now
            what = "止まります" if main.measure == Measure.SUSPEND else "終わります"
            kept.withdrawal_reason = f"主たる契約 {main.agreement.number} と一緒に{what}。"
            later.append(kept)
    Ending.objects.bulk_update(later, ["withdrawn_at", "withdrawal_reason"])
    names = (
        *("by", "ground", "clause", "measure", "evidence", "ground_on", "requested_on", "wished_at", "effective_at"),
        *("last_day", "discontinuation_id", "proposed_by_id", "proposed_at", "needs_second", "approved_by_id"),
    )
    return Ending.objects.bulk_create(
        Ending(
            tenant_id=one.agreement.tenant_id,
            agreement=one.agreement,
            follows=ending,
            refund=one.refund,
            **{name: getattr(ending, name) for name in names},
        )
        for ending, one in each
    )


def approve(*, ending_id: int) -> Ending:
    """The second person agrees; before that nothing ends (IX-ASF-02, MM-CND-27: two persons)."""
    ending = _undecided(ending_id)
    ending.approved_by_id = second_person(ending.proposed_by_id, ending.clause)
    ending.save(update_fields=["approved_by"])
    return ending


def second_person(proposed_by_id: int | None, clause: str) -> int:
    """Whoever acts, who may agree to what somebody else proposed. Raises Refused."""
    user_id = tenancy.current().user_id
    if user_id is None or user_id == proposed_by_id:
        raise Refused("契約の終了には、起票した人とは別の人の承認が必要です。", clause)
    return user_id


def withdraw(*, ending_id: int, reason: str, now: datetime) -> Ending:
    """It is not followed: the second person does not agree, or whoever proposed it takes it back."""
    ending = _undecided(ending_id)
    if not reason.strip():
        raise Refused("取り下げる理由を入力してください。", ending.clause)
    ending.withdrawn_at, ending.withdrawal_reason = now, reason.strip()
    ending.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    return ending


def settle(*, each: Sequence[tuple[int, Decision, Decision | None]], now: datetime) -> list[Ending]:
    """They are decided: (ending, its decision, the coverage by which the dates of its agreement follow).

    There is no coverage where only the use stops. Each comes back with its agreement as it is now.
    """
    decided = {ending_id: (decision, coverage) for ending_id, decision, coverage in each}
    found = list(Ending.objects.select_for_update().filter(pk__in=decided).order_by("pk"))
    agreements, shortened = _locked(ending.agreement_id for ending in found), []
    changed: set[str] = set()
    for ending in found:
        ending.agreement = agreements[ending.agreement_id]
        ending.decision, coverage = decided[ending.pk]
        ending.settled_at = now
        if coverage is not None:
            before = {name: getattr(ending.agreement, name) for name in _DATES}
            _shorten(ending, coverage)
            shortened.append(ending.agreement)
            changed |= {name for name, value in before.items() if getattr(ending.agreement, name) != value}
    Ending.objects.bulk_update(found, ["decision", "settled_at"])
    # Column by column, so only what changes for somebody is written.
    Agreement.objects.bulk_update(shortened, ["coverage", *sorted(changed)])
    return found


def notified(*, notices: Mapping[int, int]) -> None:
    """The notices that told the other sides: ending → message."""
    told = [Ending(pk=ending_id, notice_id=notice_id) for ending_id, notice_id in notices.items()]
    Ending.objects.bulk_update(told, ["notice"])


def carry_out(*, ending_ids: Iterable[int], now: datetime) -> list[Ending]:
    """Their moment has come: each agreement is over, or its use stops. Those for which this was not done before."""
    decided = Ending.objects.filter(settled_at__isnull=False, carried_out_at=None, effective_at__lte=now)
    found = list(decided.filter(pk__in=list(ending_ids)).select_for_update().order_by("pk"))
    agreements, over = _locked(ending.agreement_id for ending in found), []
    for ending in found:
        ending.carried_out_at, ending.agreement = now, agreements[ending.agreement_id]
        agreement = ending.agreement
        if ending.part or agreement.state in ENDED:
            continue
        if ending.measure == Measure.SUSPEND:
            agreement.state = Agreement.State.SUSPENDED
        else:
            # Whoever stops using a service does not end the relation (SP-TRN-04).
            stopped = ending.ground == STOP
            agreement.state = Agreement.State.STOPPED if stopped else Agreement.State.TERMINATED
        over.append(agreement)
    Ending.objects.filter(pk__in=[ending.pk for ending in found]).update(carried_out_at=now)
    Agreement.objects.bulk_update(over, ["state"])
    return found


def locked(*, ending_id: int, user_ids: Sequence[int]) -> None:
    """Whose accounts were locked with it, so that exactly those can be opened again."""
    Ending.objects.filter(pk=ending_id).update(locked=list(user_ids))


def resume(*, ending_id: int, reason: str, now: datetime) -> Ending:
    """The use goes on after it was stopped, by the provider's decision."""
    ending = Ending.objects.select_for_update().get(pk=ending_id, measure=Measure.SUSPEND)
    agreement = Agreement.objects.select_for_update().get(pk=ending.agreement_id)
    main = agreement.belongs_to
    if main is not None and main.state == Agreement.State.SUSPENDED:
        text = f"主たる契約 {main.number} の利用が止まっているため、この契約だけを再開することはできません。"
        raise Refused(text, ending.clause)
    if ending.withdrawn_at is not None or agreement.state != Agreement.State.SUSPENDED:
        raise Refused("利用は止まっていません。画面を開き直して確かめてください。", ending.clause)
    if not reason.strip():
        raise Refused("利用を再開する理由を入力してください。", ending.clause)
    ending.withdrawn_at, ending.withdrawal_reason = now, reason.strip()
    ending.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    agreement.state = Agreement.State.ACTIVE
    agreement.save(update_fields=["state"])
    return ending


def stopped_with(ending: Ending) -> list[Ending]:
    """What stopped the further agreements because of this, and still does."""
    found = ending.followed_by.filter(withdrawn_at=None, agreement__state=Agreement.State.SUSPENDED)
    return list(found.order_by("id"))


def decide_refund(*, ending_id: int, refund: bool, reason: str) -> Ending:
    """OR-09: where the terms are silent about the price, a person decides, and says why."""
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    if ending.refund is not None:
        raise Refused("返金の扱いは、すでに決まっています。", ending.clause)
    if not reason.strip():
        raise Refused("返金するかどうかの理由を入力してください。", ending.clause)
    ending.refund, ending.refund_reason, ending.refund_by = refund, reason.strip(), tenancy.current().label
    ending.save(update_fields=["refund", "refund_reason", "refund_by"])
    return ending


def add_debt(*, ending_id: int, what: str, amount_yen: int, due_on: date, decision: Decision) -> DueDebt:
    """A debt and the day on which it is due now (IX-TRM-03)."""
    ending = Ending.objects.get(pk=ending_id)
    if not what.strip():
        raise Refused("債務の内容を入力してください。例: 4月分の保守料金", ending.clause)
    due = decision.answer["debts_due"]
    if due is None:
        raise Refused("この理由では、債務の支払期日は早まりません。", ending.clause)
    return DueDebt.objects.create(
        tenant_id=ending.tenant_id,
        ending=ending,
        what=what.strip(),
        amount_yen=amount_yen,
        due_on=due_on,
        falls_due_on=date.fromisoformat(due),
        decision=decision,
    )


def survivals(edition: catalog.Edition) -> list[tuple[str, str]]:
    """IX-SUR-01, VA-SUR-01, SP-SUR-01, RC-SUR-01: (clause, our sentence) of what stays in force after the end."""
    return [(clause, edition.clause_text(clause)) for clause in edition.surviving_clauses]


def midnight(day: date) -> datetime:
    """The first moment of a day in Japan."""
    return datetime.combine(day, time(), JST)


def last_day(effective_at: datetime) -> date:
    """The last day of which at least a part is served before a moment."""
    return (effective_at.astimezone(JST) - timedelta(microseconds=1)).date()


def _locked(agreement_ids: Iterable[int]) -> dict[int, Agreement]:
    """The agreements, locked in their order so that nobody waits for each other."""
    found = Agreement.objects.select_for_update().filter(pk__in=list(agreement_ids)).order_by("pk")
    return {agreement.pk: agreement for agreement in found}


def _undecided(ending_id: int) -> Ending:
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    agreement = ending.agreement
    after_end = catalog.edition(agreement.service, agreement.edition).after_end
    if ending.carried_out_at is not None and ending.measure == Measure.END and after_end is not None:
        raise Refused(after_end.again.text, after_end.again.clause)
    if ending.withdrawn_at is not None or ending.settled_at is not None:
        raise Refused(f"この終了は「{ending.state[0]}」です。画面を開き直して確かめてください。", ending.clause)
    return ending


_DATES = ("part_ends", "starts_on", "ends_on", "capped_by", "ended_at", "cancelled_on")
"""What `_shorten` may change of an agreement beside its coverage."""


def _shorten(ending: Ending, coverage: Decision) -> None:
    """The dates that the answer gives, put into the ending's agreement; one that never began has none."""
    agreement = ending.agreement
    edition, answer = catalog.edition(agreement.service, coverage.edition), coverage.answer
    parts: Sequence[str] = edition.coverage.parts if edition.coverage else ()
    agreement.coverage = coverage
    agreement.part_ends = {part: answer[f"{part}_end"] for part in parts if answer.get(f"{part}_end")}
    agreement.starts_on = _iso(answer["start"])
    agreement.ends_on = _iso(answer["end"]) if agreement.starts_on else None
    agreement.capped_by = answer.get("cap") or ""
    if not ending.part:
        agreement.ended_at = min(filter(None, (agreement.ended_at, ending.effective_at)))
        if ending.ground == STOP:
            agreement.cancelled_on = agreement.cancelled_on or _asked_for(coverage) or ending.last_day


def _asked_for(coverage: Decision) -> date | None:
    return _iso(coverage.question["facts"].get("cancelled"))


def _iso(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
