"""事案: the list with its filters, its export, and the page of one case on screen and on paper."""

from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu.cases import queries
from hoshu.cases.queries import Filter
from hoshu.cases.words import State
from hoshu.web.common import csv_file
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.operator_form import services
from hoshu.web.common.views import allow
from hoshu.web.console import case_page, case_rows

ROWS = 50
STATES = [("open", "受付中のすべて"), ("all", "終了も含むすべて"), *State.choices]
DUES = [("", "すべて"), ("late", "期限超過"), ("today", "今日が期限")]


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
    context = {
        "page": page,
        "lines": case_rows.html(queries.lines(page.object_list), now=request.now, last="received"),
        "chosen": chosen,
        "states": STATES,
        "dues": DUES,
        "services": services(),
        "mine": chosen.assignee_id is not None,
        "query": request.GET.urlencode(),
    }
    return render(request, "console/cases/index.html", context)


@require_GET
@allow("cases.read")
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV."""
    lines = map(case_rows.words, queries.export(chosen=_filter(request), now=request.now))
    return csv_file.response(
        name=f"事案_{request.now:%Y%m%d_%H%M}.csv",
        header=list(case_rows.EXPORTED.values()),
        rows=([line[name] for name in case_rows.EXPORTED] for line in lines),
    )


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
