"""第3章 5.: work that is not included, tagged by a named person with a finding (IX-EXC-00 … IX-EXC-25)."""

from datetime import datetime

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.cases.judgement import excluded_work
from hoshu.cases.models import ExclusionTag
from hoshu.cases.progress import Blocked, judge_again, locked, note, part_of, unit_of
from hoshu.cases.words import EventKind
from hoshu.decisions.record import record


def tag(
    *, case_id: int, code: str, as_cause: bool, finding: str, evidence: str, failed_part: str, now: datetime
) -> ExclusionTag:
    """IX-EXC-00: put a code on the case, at intake, on site or afterwards.

    As the cause of the fault it changes the answer on the case; for a piece of work that was asked for, only that work
    is left out and the rest goes on.
    """
    case = locked(case_id)
    unit = unit_of(case)
    if unit is None:
        raise Blocked("機器を照合してから記録してください。")
    cover = unit.cover_on(case.received_at.date())
    known = {item.code: item for item in catalog.edition(cover.service, cover.edition).exclusion}
    if code not in known:
        raise Blocked("除外作業の一覧から選んでください。", field="code")
    if not finding.strip():
        raise Blocked("確認したことを入力してください。例: 吸気口に水の跡がある。", field="finding")
    if ExclusionTag.objects.filter(case=case, code=code, withdrawn_at=None).exists():
        raise Blocked("この除外作業はすでに記録されています。", field="code")
    decision = None
    if not as_cause:
        decision = record(
            answer=excluded_work(case, cover, code=code, received_at=case.received_at),
            act="除外作業",
            about=case.number,
            tenant_id=case.tenant_id,
            now=now,
        )
    item = ExclusionTag.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        code=code,
        as_cause=as_cause,
        finding=finding.strip(),
        evidence=evidence.strip(),
        failed_part=failed_part.strip(),
        decision=decision,
        at=now,
        actor=current().name,
    )
    note(case, EventKind.EXCLUSION, f"{known[code].clause} {known[code].text}({item.finding})", now=now)
    judge_again(case, now=now)
    return item


def withdraw(*, case_id: int, tag_id: int, reason: str, now: datetime) -> None:
    """Take a tag back with a reason; it stays in the history."""
    case = locked(case_id)
    item = part_of(case.exclusions, tag_id)
    if not reason.strip():
        raise Blocked("取り消す理由を入力してください。", field="reason")
    if item.withdrawn_at:
        raise Blocked("すでに取り消されています。")
    item.withdrawn_at, item.withdrawn_by, item.withdrawal_reason = now, current().name, reason.strip()
    item.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    note(case, EventKind.EXCLUSION, f"除外作業の記録を取り消しました。{item.withdrawal_reason}", now=now)
    judge_again(case, now=now)
