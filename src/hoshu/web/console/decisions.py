"""判定: the answers somebody acted on, with question and grounds as they were stored."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.decisions import queries
from hoshu.terms import TOPIC_LABELS
from hoshu.web.common.answer import OUTCOMES, Tone, reasons_of
from hoshu.web.common.views import allow
from hoshu.web.console import words

ROWS = 50


class Search(forms.Form):
    about = forms.CharField(label="番号", required=False, max_length=60)
    topic = forms.ChoiceField(label="問い", required=False, choices=[("", "すべて"), *TOPIC_LABELS.items()])
    actor = forms.CharField(label="判断した人", required=False, max_length=80)


@require_GET
@allow("decisions.read")
def index(request: HttpRequest) -> HttpResponse:
    """The latest stored answers; `?about=` those of one application, agreement or case."""
    form = Search(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.decisions(**chosen), ROWS).get_page(request.GET.get("page"))
    rows = [
        {
            "decision": decision,
            "topic": TOPIC_LABELS[decision.topic],
            "outcome": _outcome(decision),
            "gist": words.gist(decision.topic, decision.answer, _edition(decision)),
        }
        for decision in page
    ]
    return render(request, "console/decisions.html", {"form": form, "page": page, "rows": rows})


@require_GET
@allow("decisions.read")
def one(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One stored answer: what was asked, what was answered, on which clauses."""
    decision = queries.get(decision_id)
    if decision is None:
        raise Http404
    context = {
        "decision": decision,
        "topic": TOPIC_LABELS[decision.topic],
        "outcome": _outcome(decision),
        "facts": words.facts(decision.topic, decision.question["facts"], _edition(decision)),
        "answer": words.answer(decision.topic, decision.answer, _edition(decision)),
        "reasons": reasons_of(decision.reasons, service=decision.service, edition=decision.edition),
    }
    return render(request, "console/decision.html", context)


def _edition(decision: Any) -> catalog.Edition:
    return catalog.edition(decision.service, decision.edition)


def _outcome(decision: Any) -> Tone | None:
    """The outcome where it has a word, sign and colour of its own; a unit that nobody registered has no period."""
    if decision.question["facts"].get("serial_registered") is False:
        return replace(OUTCOMES["not_covered"], word="登録なし")
    return OUTCOMES.get(decision.answer.get("outcome", ""))


urlpatterns = [
    path("decisions/", index, name="decisions"),
    path("decisions/<int:decision_id>/", one, name="decision"),
]
