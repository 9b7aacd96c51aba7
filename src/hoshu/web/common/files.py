"""What customers handed over, given out again: as a download, or a page of it as a picture."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu import privacy
from hoshu.contracts.queries import came_with_application
from hoshu.files import media, queries
from hoshu.privacy import access
from hoshu.web.common.views import allow

LOCKED = 423


@require_GET
@allow("files.read")
def download(request: HttpRequest, file_id: int) -> HttpResponse:
    """The file as it came; 423 with a page that says why, while nobody may read it (IX-MYN-04).

    Who of ours opens it leaves a row that names the case or agreement (VA-PRI-01).
    """
    _require_reach(request, file_id)
    try:
        found = queries.download(file_id=file_id)
        access.opened(file=queries.get(file_id=file_id), now=request.now)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except privacy.Refused as refused:
        return _closed(request, refused.message, "資料の画面で、どの事案の資料かを確かめてください。", refused.clause)
    except queries.Sealed as sealed:
        return _closed(
            request,
            str(sealed),
            "個人番号を含むおそれがある資料は、返却か破棄が決まるまで、だれも開けません。",
            "第4章 9.(3)",
        )
    return HttpResponse(found.content, headers=found.headers)


def _closed(request: HttpRequest, happened: str, todo: str, clause: str) -> HttpResponse:
    return render(
        request,
        "common/refused.html",
        {
            "heading": "この資料は開けません",
            "happened": happened,
            "todo": todo,
            "clause": clause,
            "back": "/",
            "back_label": "はじめの画面へ",
        },
        status=LOCKED,
    )


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
