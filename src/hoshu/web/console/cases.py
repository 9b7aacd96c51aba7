"""事案: the list with its filters, its export, and the page of one case on screen and on paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.cases import queries
from hoshu.cases.queries import Filter
from hoshu.cases.words import Outcome, State, Symptom
from hoshu.web.common import csv_file, formats
from hoshu.web.common.answer import SIGNS
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.views import allow
from hoshu.web.console import case_page

ROWS = 50
EXPORTED = (
    "受付番号",
    "状態",
    "判定",
    "お客様",
    "品名",
    "製造番号",
    "障害状況",
    "受付日時",
    "次の期限",
    "次にすること",
    "担当",
)
STATES = [("open", "受付中のすべて"), ("all", "終了も含むすべて"), *State.choices]
DUES = [("", "すべて"), ("late", "期限超過"), ("today", "今日が期限")]
STATE_NAMES = {state.value: (state.label, case_page.STATE_TONES[state]) for state in State}
_SYMPTOMS = dict(Symptom.choices)
_OUTCOMES = dict(Outcome.choices)


@require_GET
@allow("cases.read")
def index(request: HttpRequest) -> HttpResponse:
    """Fifty cases a page, the most urgent first."""
    chosen = _filter(request)
    pages = BoundedPaginator(queries.cases(chosen=chosen, now=request.now), ROWS)
    try:
        page = pages.page(int(request.GET.get("page", "1")))
    except (ValueError, EmptyPage):
        page = pages.page(1)
    page.object_list = [row(kept, request.now) for kept in page.object_list]
    context = {
        "page": page,
        "chosen": chosen,
        "states": STATES,
        "dues": DUES,
        "services": catalog.services(),
        "mine": chosen.assignee_id is not None,
        "query": request.GET.urlencode(),
    }
    return render(request, "console/cases/index.html", context)


@require_GET
@allow("cases.read")
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV."""
    rows = (
        (
            kept["number"],
            kept["state"],
            kept["outcome"],
            kept["company"],
            kept["product"],
            kept["serial"],
            kept["symptom"],
            kept["received"],
            kept["due"],
            kept["due_for"],
            kept["assignee"],
        )
        for kept in (row(each, request.now) for each in queries.export(chosen=_filter(request), now=request.now))
    )
    return csv_file.response(name=f"事案_{request.now:%Y%m%d_%H%M}.csv", header=EXPORTED, rows=rows)


@require_GET
@allow("cases.read")
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One case."""
    return case_page.show(request, number)


@require_GET
@allow("cases.read")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """One case on A4."""
    return case_page.show(request, number, template="paper")


def row(kept: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """One line of a list in words, from the plain values of `queries.COLUMNS`.

    Written out here and not by template tags: fifty lines of them would cost as much as the database does.
    """
    state, tone = STATE_NAMES[kept["state"]]
    due_at = kept["due_at"]
    symptoms = [*(_SYMPTOMS[code] for code in kept["symptoms"]), *filter(None, [kept["symptom_note"]])]
    return {
        "number": kept["number"],
        "state": state,
        "tone": tone,
        "sign": SIGNS[tone],
        "url": reverse("console:case", args=[kept["number"]]),
        # What a call is owed is not known before its unit is.
        "outcome": _OUTCOMES.get(kept["outcome"], "") if kept["device__serial"] else "",
        "company": kept["tenant__name"] or kept["caller_company"],
        "product": kept["device__product__name"] or "",
        "serial": kept["device__serial"] or kept["reported_as"],
        "symptom": "、".join(symptoms),
        "first_symptom": symptoms[0] + (f" ほか{len(symptoms) - 1}" if symptoms[1:] else "") if symptoms else "",
        "received_short": f"{formats.local(kept['received_at']):%m/%d %H:%M}",
        "received": formats.japanese_moment(kept["received_at"]),
        "due_at": due_at,
        "due": formats.japanese_moment(due_at) if due_at else "",
        "due_iso": due_at.isoformat() if due_at else "",
        "left": formats.remaining(due_at, now) if due_at else "",
        "is_late": bool(due_at and due_at <= now),
        "due_for": kept["due_for"],
        "assignee": kept["assignee__name"] or "",
    }


def _filter(request: HttpRequest) -> Filter:
    given = request.GET
    return Filter(
        state=given.get("state", "open"),
        due=given.get("due", ""),
        service=given.get("service", ""),
        assignee_id=request.actor.user_id if given.get("mine") else None,
        text=given.get("q", "").strip(),
        sort=given.get("sort", "due"),
    )


urlpatterns = [
    path("cases/", index, name="cases"),
    path("cases/export.csv", export, name="cases_export"),
    path("cases/<str:number>/", show, name="case"),
    path("cases/<str:number>/paper", paper, name="case_paper"),
]
