"""POST /api/v1/decisions: the questions of the decision interface, 1 to 1,000 a call. Nothing is stored."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from hoshu import terms
from hoshu.accounts.access import may
from hoshu.web.api.reading import Unreadable, read
from hoshu.web.common.problems import problem

MOST = 1000
PERMISSION = "decisions.ask"


def ask(request: HttpRequest) -> HttpResponse:
    """An array of questions in, an array of answers in the same order out; a bad question gets an error of its own."""
    if request.actor.user_id is None:
        response = problem(
            401,
            ja=("キーが必要です", "有効な API キーを Authorization: Bearer で送ってください。"),
            en=("A key is needed", "Send a valid API key as Authorization: Bearer."),
        )
        response["WWW-Authenticate"] = "Bearer"
        return response
    if not may(request.actor, PERMISSION):
        return problem(
            403,
            ja=("権限がありません", "このキーの利用者には、今日有効な役割がありません。"),
            en=("Not allowed", "The person of this key has no role today."),
        )
    if request.content_type != "application/json":
        return problem(
            415,
            ja=("本文の形式が違います", "Content-Type を application/json にしてください。"),
            en=("Unsupported media type", "Send Content-Type: application/json."),
        )
    try:
        questions = read(request.body)
    except RequestDataTooBig:
        return problem(
            413,
            ja=("本文が大きすぎます", "2.5 MB 以下に分けて送ってください。"),
            en=("Body too large", "Send at most 2.5 MB at a time."),
        )
    except Unreadable as fault:
        return problem(400, ja=("本文を読めません", fault.ja), en=("Unreadable body", fault.en))
    if not isinstance(questions, list) or not 1 <= len(questions) <= MOST:
        return problem(
            400,
            ja=("質問の配列ではありません", f"質問を1件から{MOST:,}件まで、配列にして送ってください。"),
            en=("Not an array of questions", f"Send an array of 1 to {MOST:,} questions."),
        )
    answers = [terms.decide(question) for question in questions]
    return HttpResponse(json.dumps(answers, ensure_ascii=False), content_type="application/json; charset=utf-8")


_REASON = {
    "type": "object",
    "required": ["clause", "rule", "text"],
    "properties": {
        "clause": {"type": "string", "example": "第4章 2."},
        "rule": {"type": "string", "example": "IX-COV-02"},
        "text": {"type": "string", "description": "読み上げられる一文"},
        "law": {"type": "string", "example": "民法 143条2項"},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "id": {},
        "answer": {"type": "object"},
        "edition": {"type": "string"},
        "reasons": {"type": "array", "minItems": 1, "items": _REASON},
        "error": {
            "type": "object",
            "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
        },
    },
}
_QUESTION = {
    "type": "object",
    "required": ["ask", "service", "facts"],
    "properties": {
        "id": {"description": "そのまま返ります"},
        "ask": {"type": "string", "example": "coverage"},
        "service": {"type": "string", "example": "ix"},
        "plan": {"type": "string", "example": "7d-3y"},
        "edition": {"type": "string", "example": "2022-10"},
        "explain": {"type": "boolean"},
        "facts": {"type": "object", "example": {"purchased": "2022-04-15", "registered": "2022-04-20"}},
    },
}
_PROBLEM = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "properties": {
                name: {"type": "integer" if name == "status" else "string"}
                for name in ("type", "status", "title", "detail", "title_en", "detail_en")
            },
        }
    }
}
OPENAPI = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "minItems": 1, "maxItems": MOST, "items": _QUESTION},
            }
        },
    },
    "responses": {
        200: {
            "description": "質問と同じ順の回答",
            "content": {"application/json": {"schema": {"type": "array", "items": _ANSWER}}},
        },
        **{
            status: {"description": description, "content": _PROBLEM}
            for status, description in {
                400: "本文を読めない",
                401: "有効なキーがない",
                403: "今日有効な役割がない",
                413: "本文が大きすぎる",
                415: "application/json ではない",
                429: "呼び出しが多すぎる",
            }.items()
        },
    },
    "security": [{"key": []}],
}
