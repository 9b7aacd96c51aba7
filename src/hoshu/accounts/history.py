"""Read the history that triggers wrote: who changed what, when, from what to what."""

from django.db.models import QuerySet

from hoshu.accounts.models import HistoryEntry


def entries(*, table: str = "", row_id: int | None = None, actor: str = "") -> QuerySet[HistoryEntry]:
    """Changes in sight, the latest first; of one table, of one row in it, by actors whose name holds `actor`."""
    found = HistoryEntry.objects.order_by("-id")
    if table:
        found = found.filter(table=table)
        if row_id is not None:
            found = found.filter(row_id=row_id)
    if actor:
        found = found.filter(actor__icontains=actor)
    return found
