"""Uploads that are too large are refused before they are read."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from hoshu.files.store import check_size

# A card with its scan on both sides and the proof of purchase, and the fields around them.
FILES_A_REQUEST = 3
_FIELDS_BYTES = 1_048_576


class UploadLimitMiddleware:
    """Answers 413 by the announced length, in Japanese. Stands before everything that may touch the body.

    A body without a length is empty for WSGI, so nothing comes in unannounced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        limit = FILES_A_REQUEST * settings.FILE_LIMIT_BYTES + _FIELDS_BYTES
        if announced.isdecimal() and int(announced) <= limit:
            return self.get_response(request)
        page = render_to_string("files/too_large.html", {"megabytes": settings.FILE_LIMIT_BYTES // 1_048_576})
        return HttpResponse(page, status=413, headers={"Connection": "close"})


def read(upload: UploadedFile, purpose: str = "") -> bytes:
    """The content of one uploaded file. Raises store.Refused where it is too large for it, before reading it."""
    check_size(upload.size or 0, purpose)
    return upload.read()
