"""The tools of a service designer as pages: check, explain, compare, draw. The command line shows the very same."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu.authoring import NoSuchClause, NotDrawn, differences, draw, explain
from hoshu.catalog import CatalogError
from hoshu.contracts import queries
from hoshu.publishing import editions
from hoshu.web.common.views import allow
from hoshu.web.console import terms_book, terms_texts
from hoshu.web.console.terms_facts import FactsForm
from hoshu.web.console.terms_texts import Text


class Chooser(forms.Form):
    """Which text a page is about."""

    of = forms.ChoiceField(label="約款")

    def __init__(self, *args: Any, readable: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["of"].choices = terms_texts.choices(readable=readable)


@require_GET
@allow("terms.design")
def lines(request: HttpRequest) -> HttpResponse:
    """`?of=draft/12#L40`: a text with its lines numbered, where findings and rules lead to."""
    text = terms_texts.find(request.GET.get("of", ""))
    return render(request, "console/terms/lines.html", {"text": text, "lines": text.source.text.splitlines()})


@require_GET
@allow("terms.design")
def checked(request: HttpRequest) -> HttpResponse:
    """点検: everything that is wrong with a text."""
    text = _chosen(request)
    context = {"chooser": Chooser(request.GET or None), "text": text}
    if text:
        standing = None if text.draft else text.edition
        context["checked"] = editions.inspected(text.source, today=request.now.date(), standing=standing)
    return render(request, "console/terms/check.html", context)


@require_GET
@allow("terms.design")
def explained(request: HttpRequest) -> HttpResponse:
    """条文の説明: what a clause says, what is computed from it, which examples prove it."""
    text, clause = _chosen(request), request.GET.get("clause", "").strip()
    context: dict[str, Any] = {"chooser": Chooser(request.GET or None, readable=True), "text": text, "clause": clause}
    if text and text.edition is None:
        context["unreadable"] = True
    elif text:
        context["clauses"] = text.read.clause
        if clause:
            try:
                context["shown"] = explain(text.source, clause)
            except NoSuchClause as missing:
                context["near"] = missing.near
            except CatalogError:
                context["unreadable"] = True
    return render(request, "console/terms/explain.html", context)


@require_GET
@allow("terms.design")
def compared(request: HttpRequest) -> HttpResponse:
    """差分: what changes from one text to another; `?book=1` also for whom."""
    before, after = _text(request.GET.get("before", "")), _text(request.GET.get("after", ""))
    choices = terms_texts.choices(readable=True)
    context: dict[str, Any] = {"before": before, "after": after, "choices": choices}
    if before and after:
        if before.edition is None or after.edition is None:
            context["unreadable"] = before if before.edition is None else after
        else:
            context["differences"] = differences(before.edition, after.edition)
            context["book"] = request.GET.get("book", "")
            if context["book"]:
                try:
                    context["effect"] = terms_book.effect(before.edition, after.edition, on=request.now.date())
                except terms_book.NotCompared as why:
                    context["not_compared"] = str(why)
    return render(request, "console/terms/diff.html", context)


@require_GET
@allow("terms.design")
def drawn(request: HttpRequest) -> HttpResponse:
    """年表: the agreements of one unit by their number, or a single one from facts, under any text."""
    text, context = _chosen(request), _to_draw(request)
    if questions := context.get("questions"):
        try:
            context["told"] = _told(draw(questions, today=request.now.date(), under=text and text.edition))
        except NotDrawn as why:
            context["not_drawn"] = str(why)
    context |= {"chooser": Chooser(request.GET or None, readable=True), "query": request.GET.urlencode()}
    return render(request, "console/terms/timeline.html", context)


@require_GET
@allow("terms.design")
def picture(request: HttpRequest) -> HttpResponse:
    """The drawing itself, which brings its own style: a picture of the page, not a part of it."""
    text, questions = _chosen(request), _to_draw(request).get("questions")
    if not text or not questions:
        raise Http404
    try:
        drawing = draw(questions, today=request.now.date(), under=text.edition)
    except NotDrawn:
        raise Http404 from None
    return HttpResponse(drawing, content_type="image/svg+xml")


def _to_draw(request: HttpRequest) -> dict[str, Any]:
    """What is asked for: the text, the number or the form of the facts, and the questions that follow from them."""
    text, number = _chosen(request), request.GET.get("number", "").strip()
    context: dict[str, Any] = {"text": text, "number": number}
    if text is None:
        return context
    if text.edition is None:
        return context | {"unreadable": True}
    if text.read.coverage is None:
        return context | {"no_coverage": True}
    context |= _facts_of_coverage(request, text)
    if number:
        context["questions"] = _of_agreement(number, text)
        context["nothing"] = not context["questions"]
    return context


def _told(drawing: str) -> str:
    """What a drawing says of itself in sentences."""
    found = re.search(r"<desc[^>]*>(.*?)</desc>", drawing, re.DOTALL)
    return unescape(found[1]) if found else ""


def _facts_of_coverage(request: HttpRequest, text: Text) -> dict[str, Any]:
    asked = any(name.startswith("fact-") for name in request.GET)
    form = FactsForm(request.GET if asked else None, edition=text.read, topic="coverage")
    plan = request.GET.get("plan", "")
    questions = []
    if asked and form.is_valid():
        chosen = next((each for each in text.read.plan if each.id == plan), text.read.plan[0])
        questions = [_question(text, chosen.id, form.facts)]
    return {"form": form, "plans": text.read.plan, "plan": plan, "questions": questions}


def _of_agreement(number: str, text: Text) -> list[dict[str, Any]]:
    """The question of every agreement of the unit that has this number; none of another service."""
    found = queries.agreements(text=number).filter(service=text.read.service).first()
    if found is None:
        return []
    kept = queries.agreements().filter(device_id=found.device_id, service=text.read.service).select_related("coverage")
    return [_question(text, each.plan, each.coverage.question["facts"]) for each in kept.order_by("starts_on", "id")]


def _question(text: Text, plan: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"ask": "coverage", "service": text.read.service, "plan": plan, "facts": dict(facts)}


def _chosen(request: HttpRequest) -> Text | None:
    return _text(request.GET.get("of", ""))


def _text(ref: str) -> Text | None:
    """The text that is named; None where none is named yet."""
    return terms_texts.find(ref) if ref else None


urlpatterns = [
    path("terms/check", checked, name="terms_check"),
    path("terms/diff", compared, name="terms_diff"),
    path("terms/explain", explained, name="terms_explain"),
    path("terms/lines", lines, name="terms_lines"),
    path("terms/timeline", drawn, name="terms_timeline"),
    path("terms/timeline.svg", picture, name="terms_picture"),
]
