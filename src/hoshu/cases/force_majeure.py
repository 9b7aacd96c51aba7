"""第4章 14.: events for whose delays neither side is liable."""

from datetime import datetime

from hoshu.accounts.tenancy import current
from hoshu.cases.models import ForceMajeure
from hoshu.cases.progress import Blocked, locked, note
from hoshu.cases.words import EventKind


def affect(*, case_id: int, cause: str, started_at: datetime, ended_at: datetime | None, now: datetime) -> ForceMajeure:
    """IX-FM-01: flag a case with the event of this cause and start; the same event may flag many cases.

    Without a cause nothing is kept. `ended_at`: None while it lasts, else it ends for every case it flags.
    """
    case = locked(case_id)
    if not cause.strip():
        raise Blocked("原因を入力してください。例: 台風による道路の通行止め。", clause="第4章 14.", field="cause")
    if started_at > now:
        raise Blocked("開始の日時が未来になっています。", field="started_at")
    if ended_at and ended_at < started_at:
        raise Blocked("終了の日時が、開始の日時より前になっています。", field="ended_at")
    event, _ = ForceMajeure.objects.get_or_create(
        cause=cause.strip(), started_at=started_at, defaults={"recorded_by": current().name}
    )
    if ended_at:
        event.ended_at = ended_at
        event.save(update_fields=["ended_at"])
    case.force_majeure = event
    case.save(update_fields=["force_majeure"])
    note(case, EventKind.NOTE, f"不可抗力({event.cause})の影響を受けています(第4章 14.)。", now=now)
    return event
