"""Keeping what is typed into a form, at the console and in the portal: nothing is lost, whoever saves first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hoshu import catalog
from hoshu.contracts import Refused, queries
from hoshu.contracts import form as contents
from hoshu.contracts.applications import Saved
from hoshu.contracts.form import MACHINES, Entries
from hoshu.flows import confirming, registration
from hoshu.web.common import entry_form
from hoshu.web.common.entry_form import Page


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a form is typed: its pages (view names), its templates, what its form shows of the entries."""

    page: str
    conflict_page: str
    saved: str
    conflict: str
    staff: bool
    shown: Callable[[HttpRequest, Any, Entries, Page], dict[str, Any]]


def terms_of(application: Any) -> catalog.Edition:
    return catalog.edition(application.service, application.edition)


def page_of(request: HttpRequest, application: Any, place: Place) -> Page:
    """The page whose form was sent."""
    edition = terms_of(application)
    found = [] if place.staff else entry_form.pages(edition, application.entries)
    wanted = request.POST.get("page", "")
    return next((page for page in found if page.key == wanted), found[0] if found else entry_form.whole(edition))


def typed(request: HttpRequest, application: Any, place: Place) -> Entries:
    """What stands in the whole form with what was typed on this page."""
    page = page_of(request, application, place)
    return entry_form.entries_of(
        request.POST, page, terms_of(application), staff=place.staff, stored=application.entries
    )


def keep(request: HttpRequest, application: Any, entries: Entries) -> Saved:
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
    page, entries = page_of(request, application, place), typed(request, application, place)
    try:
        saved = keep(request, application, entries)
    except Refused as refused:
        return render(request, place.saved, {"refused": refused}, status=409)
    if not request.htmx:
        return redirect(place.conflict_page if saved.parked else place.page, application.number)
    shown = place.shown(request, saved.application, entries, page)
    context = entry_form.live(shown, drawn=request.POST.get("shape", ""))
    context |= {"masked": saved.masked, "parked": saved.parked, "saved_at": request.now}
    return render(request, place.saved, context)


def conflict(request: HttpRequest, application: Any, place: Place) -> HttpResponse:
    """What one person typed while another saved: both values side by side, and a choice for each field."""
    parked = queries.parked(application_id=application.pk, user_id=request.actor.user_id)
    if parked is None:
        return redirect(place.page, application.number)
    edition = terms_of(application)
    differing = _differing(application.entries, parked.entries, edition)
    if request.method == "POST":
        mine = {row["name"] for row in differing if request.POST.get(row["name"]) == "mine"}
        keep(request, application, _joined(application.entries, parked.entries, edition, mine))
        return redirect(place.page, application.number)
    return render(request, place.conflict, {"application": application, "parked": parked, "differing": differing})


def _differing(theirs: Entries, mine: Entries, edition: catalog.Edition) -> list[dict[str, str]]:
    """Each field that differs, of the form and of each machine, with both values in words."""
    rows = [("", "", theirs, mine)]
    for nth in range(max(len(theirs.get(MACHINES) or ()), len(mine.get(MACHINES) or ()))):
        rows.append((f"{nth + 1}:", f"機器{nth + 1} ", _machine(theirs, nth), _machine(mine, nth)))
    found = []
    for prefix, of, one, other in rows:
        for at in contents.inputs(edition, staff=True):
            pair = contents.written(one, at), contents.written(other, at)
            if pair[0] != pair[1]:
                found.append({"name": f"{prefix}{at.name}", "label": f"{of}{at.label}"} | _sides(*pair))
    return found


def _sides(theirs: str, mine: str) -> dict[str, str]:
    return {"theirs": theirs, "mine": mine}


def _machine(entries: Entries, nth: int) -> Entries:
    machines = entries.get(MACHINES) or []
    return machines[nth] if nth < len(machines) else {}


def _joined(theirs: Entries, mine: Entries, edition: catalog.Edition, chosen: set[str]) -> Entries:
    """Theirs, with mine in the chosen fields."""
    names = [at.name for at in contents.inputs(edition, staff=True)]
    found = {**theirs, **{name: mine.get(name, "") for name in names if name in chosen}}
    count = max(len(theirs.get(MACHINES) or ()), len(mine.get(MACHINES) or ()))
    if count:
        found[MACHINES] = [
            {
                **_machine(theirs, nth),
                **{name: _machine(mine, nth).get(name, "") for name in names if f"{nth + 1}:{name}" in chosen},
            }
            for nth in range(count)
        ]
    return found


def ask_contact(request: HttpRequest, application: Any, place: Place) -> HttpResponse:
    """MM-FLW-02: the contact is asked once more to confirm what was typed; then back to the page."""
    try:
        check = confirming.ask_again(application_id=application.pk, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{check.email} に、確認のメールを送ります。")
    return redirect(place.page, application.number)
