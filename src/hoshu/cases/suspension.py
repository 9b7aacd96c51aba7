"""第4章 9.(2): service stops, in a reasonable range, while access control for personal numbers is missing."""

from collections.abc import Sequence
from datetime import datetime

from hoshu.accounts.tenancy import current
from hoshu.cases.models import Case, Suspension
from hoshu.cases.progress import Blocked, judge_again, locked, part_of
from hoshu.cases.words import State, SuspendedPart
from hoshu.dates import is_before


def suspend(
    *, case_id: int, finding: str, parts: Sequence[str], at: datetime, notified_at: datetime | None, now: datetime
) -> Suspension:
    """IX-MYN-03: from `at` on, with finding, scope and notice to the customer. Calls are taken; cases in scope wait."""
    case = Case.objects.get(pk=case_id)
    if case.agreement_id is None or case.tenant_id is None:
        raise Blocked("契約が決まっている受付でだけ、サービスを中断できます。")
    if not finding.strip():
        raise Blocked("確認したことを入力してください。", clause="第4章 9.(2)", field="finding")
    if not parts:
        raise Blocked("中断する範囲を選んでください。", clause="第4章 9.(2)", field="parts")
    if Suspension.objects.filter(agreement_id=case.agreement_id, ended_at=None).exists():
        raise Blocked("このサービスはすでに中断しています。")
    suspension = Suspension.objects.create(
        tenant_id=case.tenant_id,
        agreement_id=case.agreement_id,
        finding=finding.strip(),
        parts=[SuspendedPart(part).value for part in parts],
        started_at=at,
        started_by=current().name,
        notified_at=notified_at,
    )
    _ask_anew(suspension, now)
    return suspension


def end(*, case_id: int, suspension_id: int, measure: str, at: datetime, now: datetime) -> None:
    """The measure is in place: service goes on from `at`. The period of cover is not lengthened (OR-63)."""
    case = locked(case_id)
    suspension = part_of(Suspension.objects.filter(agreement_id=case.agreement_id), suspension_id)
    if suspension.ended_at is not None:
        raise Blocked("すでに再開しています。")
    if not measure.strip():
        raise Blocked("確認した対策を入力してください。", clause="第4章 9.(2)", field="measure")
    if is_before(at, suspension.started_at):
        raise Blocked("再開の日時が、中断の日時より前になっています。", field="at")
    suspension.measure, suspension.ended_at, suspension.ended_by = measure.strip(), at, current().name
    suspension.save(update_fields=["measure", "ended_at", "ended_by"])
    _ask_anew(suspension, now)


def _ask_anew(suspension: Suspension, now: datetime) -> None:
    open_cases = Case.objects.select_for_update(of=("self",)).filter(agreement_id=suspension.agreement_id)
    for case in open_cases.exclude(state__in=State.finished()):
        judge_again(case, now=now)
