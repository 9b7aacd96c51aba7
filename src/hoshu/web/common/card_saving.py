"""Keeping what is typed into a card, at the console and in the portal: nothing is lost, whoever saves first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hoshu.contracts import Refused, queries
from hoshu.contracts.applications import Saved
from hoshu.contracts.card import written
from hoshu.contracts.fields import FIELDS
from hoshu.flows import registration
from hoshu.web.common import card_form


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a card is typed: its pages (view names), its templates, what its form shows of the entries."""

    page: str
    conflict_page: str
    saved: str
    conflict: str
    staff: bool
    shown: Callable[[HttpRequest, Any, Mapping[str, Any]], dict[str, Any]]


def keep(request: HttpRequest, application: Any, entries: Mapping[str, Any]) -> Saved:
    """Save `entries` on top of the version that the form was drawn from. Raises Refused."""
    version = request.POST.get("version", "")
    return registration.save(
        application_id=application.pk,
        based_on=int(version) if version.isdecimal() else 0,
        entries=entries,
        now=request.now,
    )


def save(request: HttpRequest, application: Any, place: Place) -> HttpResponse:
    """Keep what was typed and answer with what it means: faults, period, what is still in the way."""
    entries = card_form.entries_of(request.POST)
    try:
        saved = keep(request, application, entries)
    except Refused as refused:
        return render(request, place.saved, {"refused": refused}, status=409)
    if not request.htmx:
        return redirect(place.conflict_page if saved.parked else place.page, application.number)
    shown = place.shown(request, saved.application, entries)
    context = card_form.live(shown, drawn=request.POST.get("shape", ""), staff=place.staff)
    context |= {"masked": saved.masked, "parked": saved.parked, "saved_at": request.now}
    return render(request, place.saved, context)


def conflict(request: HttpRequest, application: Any, place: Place) -> HttpResponse:
    """What one person typed while another saved: both values side by side, and a choice for each field."""
    parked = queries.parked(application_id=application.pk, user_id=request.actor.user_id)
    if parked is None:
        return redirect(place.page, application.number)
    pairs = [(name, written(application.entries, name), written(parked.entries, name)) for name in FIELDS]
    differing = [
        {"name": name, "label": FIELDS[name].label, "theirs": theirs, "mine": mine}
        for name, theirs, mine in pairs
        if theirs != mine
    ]
    if request.method == "POST":
        mine = [row["name"] for row in differing if request.POST.get(row["name"]) == "mine"]
        keep(request, application, {**application.entries, **{name: parked.entries.get(name, "") for name in mine}})
        return redirect(place.page, application.number)
    return render(request, place.conflict, {"application": application, "parked": parked, "differing": differing})
