"""問いを試す: any question under any text by a form, and what came of it kept as a worked example of a draft."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu import terms
from hoshu.publishing import drafts
from hoshu.terms import TOPIC_LABELS
from hoshu.web.common.answer import OUTCOMES, reasons_under
from hoshu.web.common.views import allow
from hoshu.web.console import terms_texts, words
from hoshu.web.console.terms_facts import FactsForm
from hoshu.web.console.terms_texts import Text
from hoshu.web.console.terms_tools import Chooser

LONGEST = 200
"""Characters of the sentence that says what an example shows."""


@require_GET
@allow("terms.design")
def ask(request: HttpRequest) -> HttpResponse:
    """Choose a text and a question; the form of its facts; the answer with all that led to it."""
    return render(request, "console/terms/try.html", _page(request.GET))


@require_POST
@allow("terms.design")
def keep(request: HttpRequest) -> HttpResponse:
    """例として保存: the question with its present answer, as the last example of a draft."""
    context, says = _page(request.POST), request.POST.get("says", "").strip()
    if "result" not in context:
        return render(request, "console/terms/try.html", context, status=422)
    draft_id = request.POST.get("draft", "")
    if not says or len(says) > LONGEST or not draft_id.isdecimal():
        context["unsaid"] = f"保存先の下書きを選び、何の例かを{LONGEST}文字までで書いてください。"
        return render(request, "console/terms/try.html", context | {"says": says}, status=422)
    try:
        draft = drafts.add_example(
            draft_id=int(draft_id), says=says, question=context["question"], result=context["result"], now=request.now
        )
    except drafts.NotFound:
        raise Http404 from None
    messages.success(request, f"下書き「{draft.title}」の最後に、例を加えました。")
    return redirect("console:terms_draft", draft.pk)


def _page(given: QueryDict) -> dict[str, Any]:
    """All that the page shows, as far as the questions before it are answered: text, question, facts."""
    text = terms_texts.find(given["of"]) if given.get("of") else None
    context: dict[str, Any] = {"chooser": Chooser(given or None, readable=True), "text": text}
    if text is None:
        return context
    if text.edition is None:
        return context | {"unreadable": True}
    offered = terms.offers(text.read)
    context["topics"] = [(name, TOPIC_LABELS[name]) for name in offered]
    topic = given.get("ask", "")
    if topic not in offered:
        return context
    asked = "asked" in given
    form = FactsForm(given if asked else None, edition=text.read, topic=topic)
    plan = given.get("plan") or text.read.plan[0].id
    context |= {"topic": topic, "label": TOPIC_LABELS[topic], "form": form, "plan": plan, "plans": text.read.plan}
    if asked and form.is_valid():
        question = {"ask": topic, "service": text.read.service, "plan": plan, "facts": form.facts}
        result = terms.decide({**question, "explain": True}, under=text.read)
        context |= {"question": question, "result": result, "sent": list(form.sent()), "drafts": drafts.drafts()}
        context |= _answer(text, topic, form, result)
    return context


def _answer(text: Text, topic: str, form: FactsForm, result: Mapping[str, Any]) -> dict[str, Any]:
    """The answer in words: what it is, why, what lost, what would change it."""
    if "error" in result:
        return {"refusal": result["error"], "refused": form.label_of(result["error"]["field"])}
    changes = [
        {
            "label": each["label"],
            "value": words.facts(topic, {each["fact"]: each["value"]}, text.read)[0][1],
            "answer": words.answer(topic, each["answer"], text.read),
            "reasons": reasons_under(text.read, each["reasons"]),
        }
        for each in result["what_would_change"]
    ]
    return {
        "outcome": OUTCOMES.get(result["answer"].get("outcome", "")),
        "answer": words.answer(topic, result["answer"], text.read),
        "reasons": reasons_under(text.read, result["reasons"]),
        "losing": result["losing"],
        "changes": changes,
        "derivation": [
            step | {"day": step["date"] and date.fromisoformat(step["date"])} for step in result["derivation"]
        ],
        "deadlines": result.get("deadlines", ()),
        "readings": result.get("readings", ()),
    }


urlpatterns = [
    path("terms/try", ask, name="terms_try"),
    path("terms/try/keep", keep, name="terms_keep"),
]
