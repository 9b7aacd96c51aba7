"""第3章 2.(3): the work on site, step by step; what is left out is left out for a stated reason (IX-WRK-02)."""

from datetime import datetime

from hoshu.accounts.tenancy import current
from hoshu.cases import queries
from hoshu.cases.judgement import Judgement, moment, window
from hoshu.cases.models import Case, CaseFile, Interruption, WorkStep
from hoshu.cases.progress import Blocked, is_suspended, judge_again, locked, note, part_of, settle, unit_of
from hoshu.cases.words import EventKind, StatementKind, StepKind
from hoshu.dates import is_before, said

_ORDER = list(StepKind)
_BY_LEVEL = {StepKind.INSTALL_SOFTWARE, StepKind.INSTALL_CONFIG}
_BY_RECORD = {StepKind.RECEIPT: "交換記録", StepKind.COLLECTION: "交換記録"}


def plan(case: Case, judgement: Judgement, *, now: datetime) -> None:
    """IX-WRK-02, IX-WRK-04: lay out the steps; the level decides which installations belong to them.

    Terms without levels promise no installation. Called again when the customer provides more or less: steps that
    were done stay.
    """
    installed = set(judgement.restoration.values["steps"]) if judgement.restoration else set()
    wanted = (set(_ORDER) - _BY_LEVEL) | (installed & _BY_LEVEL)
    present = {step.kind: step for step in case.steps.all()}
    for position, kind in enumerate(_ORDER, start=1):
        step = present.get(kind)
        if kind in wanted and step is None:
            WorkStep.objects.create(tenant_id=case.tenant_id, case=case, position=position, kind=kind)
        elif kind not in wanted and step is not None and step.done_at is None:
            step.delete()


def replan(*, case_id: int, now: datetime) -> None:
    """IX-WRK-04: on site more may be handed over than was said on the phone: the level is computed anew."""
    case = locked(case_id)
    judgement = judge_again(case, now=now)
    if case.dispatch and judgement.restoration is not None:
        plan(case, judgement, now=now)


def tick(*, case_id: int, kind: str, at: datetime, result: str, rules_acknowledged: bool, now: datetime) -> None:
    """A step was done at `at`. What the customer must have done first is checked (IX-DUT-03, IX-DUT-08, IX-WRK-05)."""
    case = locked(case_id)
    step = _step(case, kind)
    if at > now:
        raise Blocked("実施日時が未来になっています。", field="at")
    if kind in _BY_RECORD:
        raise Blocked(f"この作業は{_BY_RECORD[StepKind(kind)]}を登録すると済みになります。")
    if kind == StepKind.ARRIVAL:
        _begin(case, at, rules_acknowledged)
    if kind in {StepKind.REMOVAL, StepKind.EXCHANGE} and not _settled(case, StepKind.MOVED_AWAY):
        raise Blocked("お客様の業務の退避が済むまで、作業を始められません。", clause="第3章 6.(3)")
    if kind == StepKind.INSTALL_CONFIG and not _declared_latest(case):
        raise Blocked("最新のバックアップであることの申告を伺ってから読み込んでください。", clause="第3章 2.(3)②")
    step.done_at, step.actor, step.result, step.skipped_reason = at, current().name, result.strip(), ""
    step.save()
    note(case, EventKind.WORK, f"{step.get_kind_display()} {at:%H:%M} {step.result}".strip(), now=now)
    settle(case, now=now)


def skip(*, case_id: int, kind: str, reason: str, now: datetime) -> None:
    """A step is not done; without a reason the report can not be closed (IX-WRK-02)."""
    case = locked(case_id)
    step = _step(case, kind)
    if not reason.strip():
        raise Blocked("行わない理由を入力してください。", field="reason")
    step.done_at, step.actor, step.skipped_reason = None, current().name, reason.strip()
    step.save()
    note(case, EventKind.WORK, f"{step.get_kind_display()}は行いません。{step.skipped_reason}", now=now)
    settle(case, now=now)


def interrupt(*, case_id: int, reason: str, at: datetime, now: datetime) -> None:
    """IX-PRE-04, IX-WIN-06: work stops for a reason and goes on in the next window of the plan."""
    case = locked(case_id)
    if not reason.strip():
        raise Blocked(
            "中断の理由を入力してください。例: 大雨のため搬入できない。", clause="第3章 1.(4)", field="reason"
        )
    if not _settled(case, StepKind.ARRIVAL):
        raise Blocked("到着を記録してから中断してください。")
    if case.interruptions.filter(resumed_at=None).exists():
        raise Blocked("すでに中断しています。")
    unit = unit_of(case)
    assert unit is not None, "work begins on a known unit only"
    # Where the window is open the work goes on today, at a moment nobody knows yet.
    answer = window(unit.cover_on(case.received_at.date()), at=at)
    closes = moment(answer.values["closes_at"])
    stopped_at_end = not answer.values["open"]
    Interruption.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        started_at=at,
        reason=reason.strip(),
        continues_at=moment(answer.values["opens_at"]) if stopped_at_end else closes,
        actor=current().name,
    )
    note(case, EventKind.WORK, f"作業を中断しました。{reason.strip()}", now=now)
    settle(case, now=now)


def resume(*, case_id: int, at: datetime, now: datetime) -> None:
    """Work goes on."""
    case = locked(case_id)
    interruption = case.interruptions.filter(resumed_at=None).first()
    if interruption is None:
        raise Blocked("中断していません。")
    if is_before(at, interruption.started_at):
        raise Blocked("再開の日時が、中断の日時より前になっています。", field="at")
    interruption.resumed_at = at
    interruption.save(update_fields=["resumed_at"])
    _keep_window(case, at)
    note(case, EventKind.WORK, f"作業を再開しました。{said(at)}", now=now)
    settle(case, now=now)


def declare_latest(
    *, case_id: int, file_id: int, person: str, readable: bool | None, finding: str, now: datetime
) -> None:
    """IX-WRK-05: the customer declares a configuration the latest one; whether it can be read is kept beside it."""
    case = locked(case_id)
    item = part_of(case.files, file_id)
    if not person.strip():
        raise Blocked("申告された方のお名前を入力してください。", clause="第3章 2.(3)②", field="person")
    item.latest_declared_by, item.latest_declared_at = person.strip(), now
    item.readable, item.finding = readable, finding.strip()
    item.save(update_fields=["latest_declared_by", "latest_declared_at", "readable", "finding"])
    text = f"{item.file.name}を最新のバックアップと申告(申告者: {item.latest_declared_by})"
    note(case, EventKind.STATEMENT, text + ("。読み込めませんでした。" if readable is False else "。"), now=now)


def record_done(case: Case, kind: str, at: datetime, result: str) -> None:
    """A step that is proven by a record of its own counts as done with it."""
    WorkStep.objects.filter(case=case, kind=kind).update(
        done_at=at, actor=current().name, result=result[:200], skipped_reason=""
    )


def record_skipped(case: Case, kind: str, reason: str) -> None:
    """A step that a record of its own shows as left out."""
    WorkStep.objects.filter(case=case, kind=kind).update(
        done_at=None, actor=current().name, skipped_reason=reason[:200]
    )


def _begin(case: Case, at: datetime, rules_acknowledged: bool) -> None:
    if not case.dispatch:
        raise Blocked("派遣の判断がない作業は始められません。", clause="第3章 2.(3)")
    if is_suspended(case.agreement_id):
        raise Blocked("個人番号の管理が確かめられるまで、訪問しての作業は中断しています。", clause="第4章 9.(2)")
    if queries.safety_rules(case) and not rules_acknowledged:
        raise Blocked("お客様の安全衛生の規則を確かめてから始めてください。", clause="第3章 6.(5)", field="rules")
    _keep_window(case, at)


def _keep_window(case: Case, at: datetime) -> None:
    unit = unit_of(case)
    assert unit is not None, "work begins on a known unit only"
    answer = window(unit.cover_on(case.received_at.date()), at=at)
    case.attend_until = moment(answer.values["closes_at"]) if answer.values["open"] else None


def _step(case: Case, kind: str) -> WorkStep:
    if case.finished_at:
        raise Blocked("この受付は終了しています。")
    step = case.steps.filter(kind=kind).first()
    if step is None:
        raise Blocked("この受付の作業にはない項目です。")
    return step


def _settled(case: Case, kind: str) -> bool:
    """Done, or left out for a reason."""
    return case.steps.filter(kind=kind).exclude(done_at=None, skipped_reason="").exists()


def _declared_latest(case: Case) -> bool:
    by_file = CaseFile.objects.filter(case=case, latest_declared_at__isnull=False).exclude(readable=False)
    return by_file.exists() or case.statements.filter(kind=StatementKind.LATEST_BACKUP).exists()
