"""Where a case stands and what is due next, computed from its content at each change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Manager, Model

from hoshu.accounts.tenancy import current
from hoshu.cases.judgement import Circumstances, Judgement, judge, moment
from hoshu.cases.models import Case, CaseEvent, Suspension, WorkStep
from hoshu.cases.words import EventKind, Outcome, RulingAbout, State, StepKind, SuspendedPart
from hoshu.contracts import finding
from hoshu.contracts.finding import Unit
from hoshu.decisions.models import Decision
from hoshu.decisions.record import Answer, record

Row = TypeVar("Row", bound=Model)

ATTENTION = timedelta(hours=1)
"""Our own yardstick for the desk's list: no clause promises a time (IX-WIN-08), and no customer is shown it."""


class Blocked(ValueError):
    """The act is not possible now. The message says why and what to do; `clause` where a clause stands behind it."""

    def __init__(self, message: str, *, clause: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A state, and the next moment that matters with its name."""

    state: str
    due_at: datetime | None
    due_for: str


def locked(case_id: int) -> Case:
    """The case, held against other writers until the end of the transaction."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def part_of(rows: Manager[Row], pk: int) -> Row:
    """The row `pk` among those of one case. Raises Blocked for one of another case."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Blocked("この受付にない項目です。画面を開き直してください。")
    return row


def note(case: Case, kind: str, text: str, *, now: datetime, internal: bool = False) -> None:
    """Add to the history of the case. `internal`: no customer is shown it."""
    CaseEvent.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        at=now,
        actor=current().name,
        kind=kind,
        text=text,
        internal=internal,
    )


def unit_of(case: Case) -> Unit | None:
    """The registered unit of the case, with its covers."""
    return finding.unit(device_id=case.device_id) if case.device_id else None


def circumstances(case: Case) -> Circumstances:
    """What was found and decided in the case so far."""
    if case.pk is None:
        return Circumstances()
    rulings = dict(case.rulings.order_by("id").values_list("about", "serve"))
    causes = case.exclusions.filter(withdrawn_at=None, as_cause=True).order_by("id").values_list("code", flat=True)
    return Circumstances(
        causes=list(causes),
        rulings=rulings,
        cooperation_open=case.requests.filter(complied=False).exists(),
        suspended=is_suspended(case.agreement_id),
    )


def is_suspended(agreement_id: int | None) -> bool:
    """IX-MYN-03: is the work on site suspended for this agreement right now?"""
    open_ones = Suspension.objects.filter(agreement_id=agreement_id, ended_at=None).values_list("parts", flat=True)
    return any(SuspendedPart.ALL in parts or SuspendedPart.ON_SITE in parts for parts in open_ones)


def judged(case: Case, *, now: datetime, at: datetime | None = None) -> Judgement:
    """What the terms answer on the case right now; nothing is stored. `at` as in `judge_again`."""
    return judge(
        call=case,
        unit=unit_of(case),
        service=case.service,
        received_at=at or _judged_for(case),
        now=now,
        circumstances=circumstances(case),
    )


def judge_again(case: Case, *, now: datetime, at: datetime | None = None) -> Judgement:
    """Ask the terms with what is known now; keep the answer where it differs from the last one, then settle.

    `at` is the moment for which cover is judged: that of the call, unless a registration came later.
    """
    judgement = judged(case, now=now, at=at)
    before = case.outcome
    if not _same(case.entitlement, judgement.entitlement):
        case.entitlement = record(
            answer=judgement.entitlement, act="判定", about=case.number, tenant_id=case.tenant_id, now=now
        )
    case.outcome = judgement.outcome
    case.attend_from = judgement.attend_from
    case.attend_until = judgement.attend_until
    case.planned_level = judgement.restoration.values["level"] if judgement.restoration else None
    if before and before != case.outcome:
        note(
            case,
            EventKind.JUDGED,
            f"判定が「{Outcome(before).label}」から「{Outcome(case.outcome).label}」に変わりました。",
            now=now,
        )
    settle(case, judgement=judgement, now=now)
    return judgement


def settle(case: Case, *, now: datetime, judgement: Judgement | None = None) -> None:
    """Compute state and due moment anew and save the case."""
    standing = _standing(case, judgement, now)
    case.state, case.due_at, case.due_for = standing.state, standing.due_at, standing.due_for
    case.save()


def may_be_attended(case: Case) -> bool:
    """Do the terms let somebody go: covered, chargeable with consent, or a re-performance that is owed?"""
    if case.outcome in {Outcome.COVERED, Outcome.CHARGEABLE}:
        return True
    return bool(case.reperformance_id and case.reperformance.answer["free"])


def _standing(case: Case, judgement: Judgement | None, now: datetime) -> Standing:
    if case.finished_at:
        return Standing(state=State.COMPLETED if case.level_done is not None else State.CLOSED, due_at=None, due_for="")
    attention = max(case.attend_from or case.received_at, case.received_at + ATTENTION)
    if not case.identified:
        return Standing(state=State.ISOLATING, due_at=attention, due_for="切り分けの確認")
    if case.device_id is None:
        return Standing(state=State.UNMATCHED, due_at=attention, due_for="製造番号の照合")
    if case.dispatch:
        return _on_the_way(case, now)
    if case.outcome not in Outcome.served() and not may_be_attended(case):
        # Nothing more is asked of a customer who is not served; a desk person tells them and closes the case.
        return Standing(state=State.DECIDING, due_at=attention, due_for="お客様へのご説明")
    waiting = case.requests.filter(answered_at=None)
    if wished := waiting.exclude(wished_by=None).order_by("wished_by").values_list("wished_by", flat=True).first():
        return Standing(state=State.ASKING, due_at=wished, due_for="お客様の回答")
    lacking = judgement is not None and any(piece.blocks and not piece.complete for piece in judgement.pieces)
    if waiting.exists() or (lacking and not case.rulings.filter(about=RulingAbout.EVIDENCE, serve=True).exists()):
        return Standing(state=State.ASKING, due_at=attention, due_for="不足している情報の確認")
    return Standing(state=State.DECIDING, due_at=attention, due_for="対応の判断")


def _on_the_way(case: Case, now: datetime) -> Standing:
    interrupted = case.interruptions.filter(resumed_at=None).first()
    if interrupted:
        return Standing(state=State.PAUSED, due_at=interrupted.continues_at or now, due_for="作業の再開")
    if WorkStep.objects.filter(case=case, kind=StepKind.ARRIVAL, done_at__isnull=False).exists():
        return Standing(state=State.WORKING, due_at=case.attend_until, due_for="作業の完了")
    if case.planned_start:
        return Standing(state=State.PLANNED, due_at=case.planned_start, due_for="訪問")
    decided = case.dispatch_decided_at or now
    due = max(case.attend_from or decided, decided + ATTENTION)
    return Standing(state=State.ARRANGING, due_at=due, due_for="訪問の予定")


def _judged_for(case: Case) -> datetime:
    """The moment of the last question, which is that of the call until a registration moved it (IX-SVC-02)."""
    last = case.entitlement.question["facts"]["at"] if case.entitlement_id else None
    return moment(last) or case.received_at


def _same(stored: Decision | None, answer: Answer) -> bool:
    return (
        stored is not None
        and stored.answer == answer.values
        and stored.reasons == answer.reasons
        and stored.question["facts"] == answer.question["facts"]
    )
