"""今日: what is late, what is due today, what waits for others; each line one click from acting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu.accounts import operators
from hoshu.accounts.access import may
from hoshu.cases import queries
from hoshu.contracts import collection, contact_checks, destruction, discontinuations
from hoshu.contracts import queries as contracts
from hoshu.files import queries as files
from hoshu.notifications import queries as notifications
from hoshu.privacy import queries as privacy
from hoshu.publishing import told
from hoshu.web.common.views import allow, public
from hoshu.web.console import case_rows, messages

SHOWN = 20
"""Lines of a part; the list behind its link has the rest."""


@require_GET
@public
def start(request: HttpRequest) -> HttpResponse:
    """The bare address of the console leads to where the role of whoever asks begins."""
    return redirect("entrance:first")


@require_GET
@allow("today.read")
def today(request: HttpRequest) -> HttpResponse:
    """The first screen of everybody, by what the role may see."""
    now, actor = request.now, request.actor
    context: dict[str, Any] = {"takes_calls": may(actor, "intake.use")}
    if may(actor, "cases.read"):
        parts = {
            "late": queries.late(now=now, limit=SHOWN),
            "today": queries.due_today(now=now, limit=SHOWN),
            "waiting": queries.waiting(now=now, limit=SHOWN),
        }
        context |= {
            **{part: case_rows.html(kept, now=now, last="due_for") for part, kept in parts.items()},
            "cut": {part for part, kept in parts.items() if len(kept) == SHOWN},
            "uncollected": queries.uncollected(limit=SHOWN),
        }
    if may(actor, "applications.read"):
        due = [*contact_checks.due(now=now), *contracts.due(now=now)]
        context["late_applications"] = [task for task in due if task.late]
        context["applications"] = [task for task in due if not task.late]
    if may(actor, "endings.approve"):
        context["discontinuations"] = discontinuations.waiting()[:SHOWN]
        context["endings"] = contracts.endings_proposed()[:SHOWN]
        context["entrusted"] = destruction.left_to_people(on=now.date())[:SHOWN]
    if may(actor, "units.write"):
        context["overdue_units"] = collection.units(overdue_on=now.date())[:SHOWN]
        context["parcels"] = contracts.parcels(state="open")[:SHOWN]
    if may(actor, "changes.decide"):
        open_changes = contracts.change_requests().filter(state__in=contracts.OPEN_CHANGES)
        context["changes"] = open_changes.order_by("submitted_at", "id")[:SHOWN]
    if may(actor, "extensions.sell"):
        context["kits"] = contracts.kits().filter(state__in=("held", "ordered", "sold")).order_by("ordered_at")[:SHOWN]
    if may(actor, "messages.read"):
        context["undelivered"] = [(kept, messages.TONES[kept.state]) for kept in notifications.unhandled()[:SHOWN]]
    if may(actor, "files.release"):
        context["held_files"] = files.held()[:SHOWN]
    if may(actor, "services.tell"):
        context["untold_desks"] = told.desks_to_tell(operators.shown()[1])
    if may(actor, "privacy.read"):
        context["privacy_tasks"] = privacy.tasks(now=now)[:SHOWN]
    context["shown"] = SHOWN
    return render(request, "console/today.html", context)


urlpatterns = [
    path("", start, name="start"),
    path("today/", today, name="today"),
]
