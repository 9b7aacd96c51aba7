"""契約の終了: stops, demands, investigations, decisions of two persons, the end itself and what is destroyed after it.

Each act is one form sent to an address of its own, and comes back to the page of the end of that agreement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import Refused, breaches, consents, destruction, endings, queries, worn
from hoshu.flows import destruction as destroying
from hoshu.flows import ending as flow
from hoshu.notifications import outbox
from hoshu.terms import PART_NAMES
from hoshu.web.common import closing_card, destruction_paper
from hoshu.web.common.views import View, allow
from hoshu.web.console import ending_forms as forms

Make = Callable[..., Form]
Do = Callable[[Any, Form, HttpRequest], str]


@dataclass(frozen=True)
class Act:
    """Something that may be done: who may, how its form is made, what it does and says."""

    permission: str
    make: Make
    do: Do


ACTS: dict[str, Act] = {}
urlpatterns: list[URLPattern] = []


def act(
    name: str, permission: str, kind: type[Form] | Make
) -> Callable[[Callable[[Any, Form, HttpRequest], str]], View]:
    """The view of one act, at `agreements/<number>/ending/<name>`.

    A fault leads back to its form with all that was typed; what the rules refuse stands there with its clause.
    """
    make: Make = kind if not isinstance(kind, type) else lambda agreement, *args, **more: kind(*args, **more)

    def decorate(do: Do) -> View:
        @require_POST
        @allow(permission)
        def view(request: HttpRequest, number: str) -> HttpResponse:
            agreement = get_object_or_404(queries.agreements(), number=number)
            form = _form(name, agreement, request.POST.get("row", ""), request.POST)
            if form.is_valid():
                try:
                    with transaction.atomic():
                        sentence = do(agreement, form, request)
                except ObjectDoesNotExist as gone:
                    raise Http404 from gone
                except (Refused, outbox.Refused) as refused:
                    clause = getattr(refused, "clause", "")
                    form.add_error(None, refused.message + (f"（{clause}）" if clause else ""))
                else:
                    messages.success(request, sentence)
                    return redirect("console:ending", number)
            return _page(request, agreement, faulty=(name, form))

        ACTS[name] = Act(permission, make, do)
        urlpatterns.append(path(f"agreements/<str:number>/ending/{name}", view, name=f"ending_{name}"))
        return view

    return decorate


@require_GET
@allow("endings.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about the end of one agreement."""
    return _page(request, get_object_or_404(queries.agreements(), number=number))


def _page(request: HttpRequest, agreement: Any, *, faulty: tuple[str, Form] | None = None) -> HttpResponse:
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, request.now.date()))

    def form(name: str, row: Any = "") -> Form | None:
        """The form of an act, for whoever may do it; the one with a fault as it was sent."""
        if not may(request.actor, ACTS[name].permission):
            return None
        if faulty and faulty[0] == name and str(faulty[1].data.get("row", "")) == str(row):
            return faulty[1]
        return _form(name, agreement, row)

    def rows(found: Any, *names: str) -> list[tuple[Any, dict[str, Form | None]]]:
        return [(one, {name: form(name, one.pk) for name in names}) for one in found]

    try:
        plan, open_end = destroying.plan(agreement=agreement, now=request.now), ""
    except Refused as refused:
        plan, open_end = None, refused.message
    grounds = {ground.code: ground for ground in endings.grounds(edition)}
    found_breaches = list(agreement.breaches.select_related("support").order_by("-id"))
    caps = breaches.against_cap(agreement, found_breaches)
    context = {
        "agreement": agreement,
        "number_name": queries.number_name(agreement),
        "endings": [
            (ending, grounds.get(ending.ground), forms_of, list(ending.debts.order_by("id")))
            for ending, forms_of in rows(
                queries.endings_of(agreement), "approve", "withdraw", "resume", "refund", "debt"
            )
        ],
        "has_debts": edition.ending is not None and edition.ending.debts is not None,
        "may_approve": may(request.actor, "endings.approve"),
        "me": request.actor.user_id,
        "demands": rows(agreement.demands.order_by("-id"), "follow"),
        "investigations": rows(agreement.investigations.order_by("-id"), "answer", "close"),
        "worn_out_clause": worn.clause_of(edition),
        "worn_out": rows(agreement.worn_out.order_by("-id"), "settle"),
        "breaches": [
            (kept, forms_of, caps.get(kept.pk)) for kept, forms_of in rows(found_breaches, "check", "decide", "measure")
        ],
        "collections": agreement.collections.order_by("-id"),
        "may_units": may(request.actor, "units.read"),
        "survivals": endings.survivals(edition),
        "ended_service": closing_card.shown(agreement, now=request.now),
        "plan": plan,
        "open_end": open_end,
        "holds": rows(destruction.holds_of(agreement), "release"),
        "record": destruction.of(agreement),
        "exports": agreement.exports.order_by("-id"),
        "new": {
            name: form(name)
            for name in ("stop", "propose", "demand", "investigate", "worn_out", "breach", "hold", "destroy", "by_hand")
        },
        "faulty": faulty[0] if faulty else "",
    }
    return render(request, "console/agreements/ending.html", context, status=422 if faulty else 200)


def _form(name: str, agreement: Any, row: Any, data: Any = None) -> Form:
    return ACTS[name].make(
        agreement, data, auto_id=f"{name}_{row or 'new'}_%s", initial={"row": row} if data is None else None
    )


def _edition(agreement: Any) -> catalog.Edition:
    return catalog.edition(agreement.service, agreement.edition)


def _yes(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _id(text: str) -> int | None:
    return int(text) if text else None


# ---- the end itself


@act("stop", "endings.write", forms.StopForm)
def stop(agreement: Any, form: Form, request: HttpRequest) -> str:
    ending = flow.stop(agreement_id=agreement.pk, on=form.cleaned_data["on"], now=request.now)
    return f"利用の中止を記録しました。{ending.last_day:%Y/%m/%d}まで利用できます。"


def _propose_form(agreement: Any, *args: Any, **more: Any) -> Form:
    edition = _edition(agreement)
    parts = edition.coverage.parts if edition.coverage else ()
    return forms.ProposeForm(
        *args,
        grounds=[(one.code, f"{one.label}（{one.clause}）") for one in endings.grounds(edition)],
        parts=[(part, PART_NAMES[part]) for part in parts],
        demands=[(str(one.pk), f"{one.sent_on:%Y/%m/%d} {one.duty[:30]}") for one in agreement.demands.order_by("id")],
        investigations=[
            (str(one.pk), f"{one.opened_at:%Y/%m/%d} {one.suspicion[:30]}")
            for one in agreement.investigations.order_by("id")
        ],
        breaches=[
            (str(one.pk), f"{one.code} {one.found_on:%Y/%m/%d}")
            for one in agreement.breaches.filter(state__in=["confirmed", "measured"]).order_by("id")
        ],
        **more,
    )


@act("propose", "endings.write", _propose_form)
def propose(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    ending = flow.propose(
        agreement_id=agreement.pk,
        **{name: said[name] for name in ("by", "ground", "measure", "part", "scope_note", "at", "evidence")},
        ground_on=said["ground_on"],
        demand_id=_id(said["demand"]),
        investigation_id=_id(said["investigation"]),
        breach_id=_id(said["breach"]),
        lock_accounts=said["lock_accounts"],
        now=request.now,
    )
    return "起票しました。もう一人の承認を待っています。" if ending.needs_second else "記録しました。"


@act("approve", "endings.approve", forms.CheckForm)
def approve(agreement: Any, form: Form, request: HttpRequest) -> str:
    flow.approve(ending_id=agreement.endings.get(pk=form.cleaned_data["row"]).pk, now=request.now)
    return "承認し、お客様にお知らせしました。"


@act("withdraw", "endings.write", forms.ReasonForm)
def withdraw(agreement: Any, form: Form, request: HttpRequest) -> str:
    row = agreement.endings.get(pk=form.cleaned_data["row"])
    flow.withdraw(ending_id=row.pk, reason=form.cleaned_data["reason"], now=request.now)
    return "取り下げました。"


@act("resume", "endings.approve", forms.ReasonForm)
def resume(agreement: Any, form: Form, request: HttpRequest) -> str:
    row = agreement.endings.get(pk=form.cleaned_data["row"])
    flow.resume(ending_id=row.pk, reason=form.cleaned_data["reason"], now=request.now)
    return "利用を再開しました。"


@act("refund", "endings.approve", forms.RefundForm)
def refund(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    row = agreement.endings.get(pk=said["row"])
    endings.decide_refund(ending_id=row.pk, refund=said["refund"] == "yes", reason=said["reason"])
    return "返金の判断を記録しました。"


@act("debt", "endings.write", forms.DebtForm)
def debt(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    row = agreement.endings.get(pk=said["row"])
    kept = flow.add_debt(
        ending_id=row.pk,
        what=said["what"],
        amount_yen=said["amount_yen"],
        due_on=said["due_on"],
        paid=said["paid"],
        now=request.now,
    )
    return f"債務を記録しました。支払期日は{kept.falls_due_on:%Y/%m/%d}です。"


# ---- demands, investigations, breaches


@act("demand", "endings.write", forms.DemandForm)
def demand(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = {name: value for name, value in form.cleaned_data.items() if name != "row"}
    breaches.demand(agreement_id=agreement.pk, **said, now=request.now)
    return "催告を記録しました。着いた日を確かめて記録してください。"


@act("follow", "endings.write", forms.FollowForm)
def follow(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    breaches.follow_up(
        demand_id=agreement.demands.get(pk=said["row"]).pk,
        arrived_on=said["arrived_on"],
        performed_on=said["performed_on"],
        minor=_yes(said["minor"]),
        minor_reason=said["minor_reason"],
        now=request.now,
    )
    return "催告の経過を記録しました。"


@act("investigate", "endings.write", forms.InvestigateForm)
def investigate(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    breaches.investigate(
        agreement_id=agreement.pk,
        by=said["by"],
        suspicion=said["suspicion"],
        questions=said["questions"],
        now=request.now,
    )
    return "調査を始めました。結果が出るまで、サービスは続けてください。"


@act("answer", "endings.write", forms.AnswerForm)
def answer(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    row = agreement.investigations.get(pk=said["row"])
    breaches.answer(investigation_id=row.pk, text=said["text"], on=said["on"], now=request.now)
    return "回答を記録しました。"


@act("close", "endings.write", forms.CloseForm)
def close(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    row = agreement.investigations.get(pk=said["row"])
    breaches.close(investigation_id=row.pk, outcome=said["outcome"], finding=said["finding"], now=request.now)
    return "調査を終えました。"


@act("worn_out", "endings.write", forms.WornOutForm)
def worn_out(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    worn.judge(agreement_id=agreement.pk, on=said["on"], judgement=said["judgement"], today=request.now.date())
    return "老朽化の判断を記録しました。お客様と協議してください。サービスは続きます。"


@act("settle", "endings.write", forms.SettleForm)
def settle(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    row = agreement.worn_out.get(pk=said.pop("row"))
    worn.settle(worn_out_id=row.pk, **said, today=request.now.date())
    return "協議の結果を記録しました。"


@act(
    "breach",
    "endings.write",
    lambda agreement, *args, **more: forms.BreachForm(
        *args,
        codes=[(one.code, one.label) for one in breaches.acts(_edition(agreement))],
        misuse=breaches.knows_misuse(_edition(agreement)),
        **more,
    ),
)
def breach(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = {name: value for name, value in form.cleaned_data.items() if name != "row"}
    breaches.report(agreement_id=agreement.pk, **said, now=request.now)
    return "違反の疑いを記録しました。"


@act("check", "endings.write", forms.CheckForm)
def check(agreement: Any, form: Form, request: HttpRequest) -> str:
    breaches.check(breach_id=agreement.breaches.get(pk=form.cleaned_data["row"]).pk)
    return "確認中にしました。"


@act("decide", "endings.write", forms.DecideForm)
def decide(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    breaches.decide(
        breach_id=agreement.breaches.get(pk=said["row"]).pk,
        confirmed=said["confirmed"] == "yes",
        reason=said["reason"],
        amount_yen=said["amount_yen"],
        now=request.now,
    )
    return "判断を記録しました。"


@act("measure", "endings.write", forms.MeasureForm)
def measure(agreement: Any, form: Form, request: HttpRequest) -> str:
    row = agreement.breaches.get(pk=form.cleaned_data["row"])
    breaches.measure(breach_id=row.pk, text=form.cleaned_data["text"])
    return "措置を記録しました。"


# ---- what is destroyed


def _hold_form(agreement: Any, *args: Any, **more: Any) -> Form:
    terms = _edition(agreement).erase
    return forms.HoldForm(*args, codes=[(one.code, one.name) for one in terms.hold] if terms else [], **more)


@act("hold", "endings.write", _hold_form)
def hold(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = {name: value for name, value in form.cleaned_data.items() if name != "row"}
    destruction.hold(agreement_id=agreement.pk, **said, now=request.now)
    return "残す理由を記録しました。"


@act("release", "endings.write", forms.ReleaseForm)
def release(agreement: Any, form: Form, request: HttpRequest) -> str:
    row = agreement.erasure_holds.get(pk=form.cleaned_data["row"])
    destruction.release(hold_id=row.pk, last_day=form.cleaned_data["last_day"])
    return "残す理由を解きました。"


@act("destroy", "endings.approve", forms.DestroyForm)
def destroy(agreement: Any, form: Form, request: HttpRequest) -> str:
    kept = destroying.run(agreement_id=agreement.pk, now=request.now)
    done = kept is not None and kept.finished_at is not None
    return (
        "破棄し、記録しました。"
        if done
        else "残す理由のない情報だけを破棄しました。残りは、理由がなくなると破棄します。"
    )


@act("by_hand", "endings.approve", forms.ByHandForm)
def by_hand(agreement: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    destroying.record_by_hand(
        agreement_id=agreement.pk, method=said["method"], how=said["how"], on=said["on"], now=request.now
    )
    return "破棄や返却を記録しました。"


@require_GET
@allow("endings.read")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate of the destruction."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    return destruction_paper.given(request, agreement, back="console:ending")


urlpatterns += [
    path("agreements/<str:number>/ending/", page, name="ending"),
    path("agreements/<str:number>/ending/certificate.pdf", certificate, name="ending_certificate"),
]
