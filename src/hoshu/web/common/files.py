"""What customers handed over, given out again: as a download, or a page of it as a picture."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu.contracts.queries import came_with_application
from hoshu.files import media, queries
from hoshu.web.common.views import allow

LOCKED = 423


@require_GET
@allow("files.read")
def download(request: HttpRequest, file_id: int) -> HttpResponse:
    """The file as it came; 423 with a page that says why, while nobody may read it (IX-MYN-04)."""
    _require_reach(request, file_id)
    try:
        found = queries.download(file_id=file_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except queries.Sealed as sealed:
        return render(
            request,
            "common/refused.html",
            {
                "heading": "この資料は開けません",
                "happened": str(sealed),
                "todo": "個人番号を含むおそれがある資料は、返却か破棄が決まるまで、だれも開けません。",
                "clause": "第4章 9.(3)",
                "back": "/",
                "back_label": "はじめの画面へ",
            },
            status=LOCKED,
        )
    return HttpResponse(found.content, headers=found.headers)


@require_GET
@allow("files.read")
def page(request: HttpRequest, file_id: int, number: int) -> HttpResponse:
    """Page `number` (from 1) of a card or proof as PNG; 404 where there is no picture to see."""
    _require_reach(request, file_id)
    try:
        picture = queries.preview(file_id=file_id, page=number)
    except (ObjectDoesNotExist, queries.Sealed, media.Unreadable) as missing:
        raise Http404 from missing
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


def _require_reach(request: HttpRequest, file_id: int) -> None:
    """MM-DOC-08, MM-CND-14: a seller reads what goes with an application, not what was handed over for a fault."""
    if request.actor.is_seller and not came_with_application(file_id):
        raise Http404
