"""Read the answers that somebody acted on."""

from django.db.models import Q, QuerySet

from hoshu.decisions.models import Decision


def decisions(*, about: str = "", topic: str = "", actor: str = "") -> QuerySet[Decision]:
    """Stored answers in sight, the latest first; `about` is the reference of what was acted on."""
    found = Decision.objects.select_related("tenant").order_by("-id")
    if about:
        found = found.filter(Q(about=about.strip()) | Q(about=about.strip().upper()))
    if topic:
        found = found.filter(topic=topic)
    if actor:
        found = found.filter(actor__icontains=actor)
    return found


def get(decision_id: int) -> Decision | None:
    """One stored answer, where the actor sees it."""
    return Decision.objects.select_related("tenant").filter(pk=decision_id).first()
