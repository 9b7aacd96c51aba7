"""お知らせと資料: what is published for the services that the customer uses; each opening is recorded."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.flows import works as story
from hoshu.publishing import works
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.views import allow

ROWS = 50
REFUSED = 423


@require_GET
@allow("works.own")
def index(request: HttpRequest) -> HttpResponse:
    """What may be read now, the newest first, with what nobody of the customer has read yet."""
    page = BoundedPaginator(story.in_sight(now=request.now), ROWS).get_page(request.GET.get("page"))
    rows = [(one, catalog.editions(one.service)[-1].name) for one in page]
    return render(request, "portal/works.html", {"page": page, "rows": rows})


@require_GET
@allow("works.own")
def one(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work; refused with its clause to who does not use its service now (RC-IPR-02, VA-PRO-02)."""
    try:
        work = story.read(work_id=work_id, now=request.now)
    except works.NotFound:
        raise Http404 from None
    except story.NotForThem as refused:
        return _refused(request, refused)
    return render(request, "portal/work.html", {"work": work, "name": catalog.editions(work.service)[-1].name})


@require_GET
@allow("works.own")
def download(request: HttpRequest, work_id: int) -> HttpResponse:
    """The file of a work, recorded; refused as its page is."""
    try:
        found = story.download(work_id=work_id, now=request.now)
    except works.NotFound:
        raise Http404 from None
    except story.NotForThem as refused:
        return _refused(request, refused)
    return HttpResponse(found.content, headers=found.headers)


def _refused(request: HttpRequest, refused: story.NotForThem) -> HttpResponse:
    context = {
        "heading": "この資料はお使いいただけません",
        "happened": refused.message,
        "todo": "ご契約の内容と提供期間を、機器と契約の画面でお確かめください。",
        "clause": f"約款 {refused.clause}",
        "back": "/",
        "back_label": "はじめの画面へ",
    }
    return render(request, "common/refused.html", context, status=REFUSED)


urlpatterns = [
    path("works/", index, name="works"),
    path("works/<int:work_id>/", one, name="work"),
    path("works/<int:work_id>/download", download, name="work_download"),
]
