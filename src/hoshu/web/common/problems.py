"""Refusals to programs: `application/problem+json` (RFC 9457), told in Japanese and in English."""

import json

from django.http import HttpResponse


def problem(status: int, *, ja: tuple[str, str], en: tuple[str, str]) -> HttpResponse:
    """An answer with (title, detail) in both languages."""
    body = {
        "type": "about:blank",
        "status": status,
        "title": ja[0],
        "detail": ja[1],
        "title_en": en[0],
        "detail_en": en[1],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json; charset=utf-8"
    )
