"""The exchange, the hand-over, the end of the work, and the guarantee that starts with it."""

from datetime import date, datetime

from hoshu.accounts.tenancy import current
from hoshu.cases import work
from hoshu.cases.call import Call
from hoshu.cases.judgement import Judgement, reperformance, restoration
from hoshu.cases.models import Case, Cause, ExchangeRecord
from hoshu.cases.progress import Blocked, judge_again, locked, note, part_of, settle, unit_of
from hoshu.cases.words import Backup, Collection, Erasure, EventKind, ExchangedPart, StepKind
from hoshu.contracts.serials import normalise
from hoshu.dates import JST, is_before, said
from hoshu.decisions.record import record
from hoshu.japan.names import sama


class Incomplete(Blocked):
    """The work can not be closed yet; `reasons` lists everything that is missing, in sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons), clause="第3章 2.(3)")
        self.reasons = reasons


def record_exchange(
    *,
    case_id: int,
    part: str,
    unit: str,
    removed: str,
    substitute: str,
    received_at: datetime,
    received_by: str,
    now: datetime,
) -> ExchangeRecord:
    """IX-OWN-01: both numbers, the instant and the person of receipt; at that instant both units change owners."""
    case = locked(case_id)
    registered = unit_of(case)
    if registered is None or not case.dispatch or case.finished_at:
        raise Blocked("派遣が決まっている受付でだけ、交換を記録できます。", clause="第3章 4.")
    if registered.exchange_units and unit not in registered.exchange_units:
        raise Blocked("交換単位を一覧から選んでください。", clause="第3章 1.(5)", field="unit")
    gone, come = normalise(removed), normalise(substitute)
    for field, value, message in (
        ("unit", unit.strip(), "交換単位を入力してください。"),
        ("removed", gone, "故障品の製造番号を入力してください。"),
        ("substitute", come, "代替品の製造番号を入力してください。"),
        ("received_by", received_by.strip(), "受領された方のお名前を入力してください。"),
    ):
        if not value:
            raise Blocked(message, clause="第3章 4.", field=field)
    if received_at > now:
        raise Blocked("受領日時が未来になっています。", field="received_at")
    if is_before(received_at, case.received_at):
        raise Blocked("受領日時が、受付の日時より前になっています。", field="received_at")
    exchange = ExchangeRecord.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        part=part,
        unit=unit.strip(),
        removed_serial=gone,
        substitute_serial=come,
        received_at=received_at,
        received_by=received_by.strip(),
        export_notice_at=now,
        recorded_by=current().name,
    )
    work.record_done(case, StepKind.RECEIPT, received_at, f"受領者: {exchange.received_by}")
    note(
        case,
        EventKind.EXCHANGE,
        f"{ExchangedPart(part).label}を交換しました。{gone} → {come}"
        f"(受領 {said(received_at)} {sama(exchange.received_by)})",
        now=now,
    )
    settle(case, now=now)
    return exchange


def declare_erasure(*, case_id: int, exchange_id: int, erasure: str, person: str, consent: bool, now: datetime) -> None:
    """IX-DUT-01: what the customer says about the data on the failed unit; may also be added after the exchange.

    A unit that can not be erased changes hands with recorded consent (OR-54).
    """
    case = locked(case_id)
    exchange = part_of(case.exchanges, exchange_id)
    if not person.strip():
        raise Blocked("申告された方のお名前を入力してください。", clause="第3章 6.(1)", field="person")
    if erasure == Erasure.IMPOSSIBLE and not consent:
        raise Blocked("消去できないまま引き渡すことへの同意を伺ってください。", clause="第3章 6.(1)", field="consent")
    exchange.erasure, exchange.erasure_by, exchange.erasure_at = erasure, person.strip(), now
    exchange.handover_consent = consent
    exchange.save(update_fields=["erasure", "erasure_by", "erasure_at", "handover_consent"])
    note(case, EventKind.EXCHANGE, f"データの消去: {Erasure(erasure).label}({sama(person)})", now=now)


def collect(*, case_id: int, exchange_id: int, at: datetime | None, kept_reason: str, now: datetime) -> None:
    """IX-OWN-02: the failed unit was collected at `at`, or stays with the customer for a reason (escalated)."""
    case = locked(case_id)
    exchange = part_of(case.exchanges, exchange_id)
    if at is None and not kept_reason.strip():
        raise Blocked("回収した日時か、回収できない理由を入力してください。", clause="第3章 4.", field="kept_reason")
    if at is not None and (at > now or is_before(at, exchange.received_at)):
        raise Blocked("回収の日時は、受領の後から今までの間で入力してください。", field="at")
    exchange.collected_at, exchange.kept_reason = at, "" if at else kept_reason.strip()
    exchange.collection = Collection.COLLECTED if at else Collection.KEPT
    exchange.save(update_fields=["collection", "collected_at", "kept_reason"])
    if at is not None:
        work.record_done(case, StepKind.COLLECTION, at, exchange.removed_serial)
        note(case, EventKind.EXCHANGE, f"故障品 {exchange.removed_serial} を回収しました。", now=now)
    else:
        work.record_skipped(case, StepKind.COLLECTION, exchange.kept_reason)
        note(case, EventKind.EXCHANGE, f"故障品は未回収です。{exchange.kept_reason}", now=now)


def find_cause(*, case_id: int, code: str, remark: str, now: datetime) -> None:
    """IX-PRE-06, IX-GUA-01: keep the internal cause. It stands apart from the case, where no customer can read it."""
    case = locked(case_id)
    Cause.objects.update_or_create(
        case=case, defaults={"code": code, "note": remark.strip(), "at": now, "actor": current().name}
    )
    note(case, EventKind.NOTE, "原因コードを記録しました。", now=now, internal=True)


def lacking(case: Case) -> list[str]:
    """What still keeps the work from being closed, in sentences (IX-WRK-02, IX-OWN-01, IX-DUT-01)."""
    if not case.dispatch:
        return ["派遣の判断がありません。"]
    reasons = [
        f"「{step.get_kind_display()}」が済んでいません。行わないときは、理由を入力してください。"
        for step in case.steps.order_by("position")
        if step.done_at is None and not step.skipped_reason
    ]
    exchanges = list(case.exchanges.order_by("id"))
    exchanged = case.steps.filter(kind=StepKind.EXCHANGE, done_at__isnull=False).exists()
    if exchanged and not exchanges:
        reasons.append("交換記録がありません。両方の製造番号、受領の日時と受領された方を入力してください。")
    reasons += [
        f"故障品 {exchange.removed_serial} のデータの消去について、お客様の申告を伺ってください。"
        for exchange in exchanges
        if not exchange.erasure
    ]
    if case.interruptions.filter(resumed_at=None).exists():
        reasons.append("作業が中断したままです。")
    return reasons


def complete(*, case_id: int, report: str, at: datetime, now: datetime) -> Case:
    """Close the work at `at`: the level carried out with its clause, the report without a cause, the guarantee clock.

    IX-WRK-04, IX-PRE-06, IX-GUA-01. Raises Incomplete with everything that is still missing.
    """
    case = locked(case_id)
    if case.finished_at:
        raise Blocked("この受付は終了しています。")
    reasons = lacking(case)
    if not report.strip():
        reasons.append("お客様へお渡しする作業内容を入力してください。")
    if at > now:
        reasons.append("完了の日時が未来になっています。")
    if reasons:
        raise Incomplete(reasons)
    unit = unit_of(case)
    assert unit is not None, "only a known unit can be worked on"
    cover = unit.cover_on(case.received_at.date())
    about = {"about": case.number, "tenant_id": case.tenant_id, "now": now}
    done = set(case.steps.filter(done_at__isnull=False).values_list("kind", flat=True))
    installed_config = StepKind.INSTALL_CONFIG in done
    carried_out = restoration(
        Call(
            software_version="導入済み" if StepKind.INSTALL_SOFTWARE in done else "",
            backup=Backup.FILE if installed_config else Backup.NONE,
        ),
        cover,
        versions=(),
    )
    day = at.astimezone(JST).date().isoformat()
    clock = reperformance(cover, served=day, failed=day, claimed=day, same_cause=True, same_failure=True)
    case.restoration = record(answer=carried_out, act="完了", **about)
    case.level_done = carried_out.values["level"]
    record(answer=clock, act="やり直しの期限", **about)
    case.reperform_until = date.fromisoformat(clock.values["until"])
    case.report, case.finished_at = report.strip(), at
    clause = carried_out.reasons[0]["clause"]
    note(case, EventKind.COMPLETED, f"作業を完了しました({clause})。", now=now)
    settle(case, now=now)
    return case


def link_recurrence(
    *, case_id: int, earlier_id: int, same_fault: bool, same_cause: bool | None, now: datetime
) -> Judgement:
    """IX-GUA-01: the fault came back. Staff decide whether fault and cause are the same, on the internal cause.

    While the cause is not decided the answer is provisional and the case goes on as any other.
    """
    case = locked(case_id)
    earlier = Case.objects.get(pk=earlier_id)
    if earlier.pk == case.pk or earlier.device_id != case.device_id or earlier.level_done is None:
        raise Blocked("同じ機器の、作業が完了した受付を選んでください。", clause="第4章 6.(1)", field="earlier")
    assert earlier.finished_at is not None, "a completed case has its moment"
    unit = unit_of(case)
    assert unit is not None, "both cases name one unit"
    failed = case.occurred_on or case.received_at.astimezone(JST).date()
    case.earlier, case.same_fault, case.same_cause = earlier, same_fault, same_cause
    case.reperformance = None
    if same_cause is not None:
        answer = reperformance(
            unit.cover_on(earlier.received_at.astimezone(JST).date()),
            served=earlier.finished_at.astimezone(JST).date().isoformat(),
            failed=failed.isoformat(),
            claimed=case.received_at.astimezone(JST).date().isoformat(),
            same_cause=same_cause,
            same_failure=same_fault,
        )
        case.reperformance = record(
            answer=answer, act="再発の判断", about=case.number, tenant_id=case.tenant_id, now=now
        )
        word = "やり直しの対象です" if answer.values["free"] else "やり直しの対象ではありません"
    else:
        word = "原因の判断を待っています"
    note(case, EventKind.RECURRENCE, f"前回の受付 {earlier.number}: {word}。", now=now)
    return judge_again(case, now=now)
