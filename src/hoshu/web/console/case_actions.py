"""What is done with a case: each act is one form sent to one address, and comes back to the page of the case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts.access import may
from hoshu.cases import completion, dispatch, exclusions, force_majeure, intake, suspension, work
from hoshu.cases.progress import Blocked, unit_of
from hoshu.contracts import finding
from hoshu.files import store, uploads
from hoshu.flows import service_call
from hoshu.web.common.call_form import CallForm
from hoshu.web.common.views import View, allow
from hoshu.web.console import case_forms as forms
from hoshu.web.console import case_page

Act = Callable[[Any, Form, HttpRequest], str]
MakeForm = Callable[[HttpRequest, Any], Form]


urlpatterns: list[URLPattern] = []


def act(name: str, permission: str, make: MakeForm) -> Callable[[Act], View]:
    """The view of one act, at `cases/<number>/<name>`: the form is read, the act done, its sentence shown.

    A fault leads back to the form. A refusal by a rule stands at its field with the clause, and nothing typed is
    lost (IX-GEN-05).
    """

    def decorate(do: Act) -> View:
        @require_POST
        @allow(permission)
        def view(request: HttpRequest, number: str) -> HttpResponse:
            case = case_page.found(number).case
            form = make(request, case)
            if form.is_valid():
                try:
                    with transaction.atomic():
                        sentence = do(case, form, request)
                except Blocked as blocked:
                    clause = f"({blocked.clause})" if blocked.clause else ""
                    form.add_error(blocked.field if blocked.field in form.fields else None, blocked.message + clause)
                except store.Refused as refused:
                    form.add_error("upload", str(refused))
                else:
                    messages.success(request, sentence)
                    return redirect("console:case", number=number)
            return case_page.show(request, number, faulty={name: form})

        urlpatterns.append(path(f"cases/<str:number>/{name}", view, name=f"case_{name}"))
        return view

    return decorate


def _plain(kind: type[Form]) -> MakeForm:
    return lambda request, case: kind(request.POST, request.FILES)


def _yes(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


@require_GET
@allow("cases.write")
def candidates(request: HttpRequest, number: str) -> HttpResponse:
    """Units that may be the one of an unmatched case, while typing."""
    found = finding.units(query=request.GET.get("q", ""), limit=6)
    return render(request, "console/cases/candidates.html", {"case": case_page.found(number).case, "found": found})


@act("match", "cases.write", _plain(forms.MatchForm))
def match(case: Any, form: Form, request: HttpRequest) -> str:
    service_call.match(number=case.number, device_id=form.cleaned_data["device"], now=request.now)
    return "機器と照合しました。"


@act("fill", "cases.write", lambda request, case: case_page.call_form(case, unit_of(case), request.POST))
def fill(case: Any, form: CallForm, request: HttpRequest) -> str:
    said = form.call()
    changes = {name: getattr(said, name) for name in intake.LATER}
    intake.fill(case_id=case.pk, changes=changes, now=request.now)
    work.replan(case_id=case.pk, now=request.now)
    return "情報を書き込みました。"


@act("dispatch", "cases.decide", _plain(forms.DispatchForm))
def decide(case: Any, form: Form, request: HttpRequest) -> str:
    send = form.cleaned_data["send"] == "yes"
    dispatch.decide(case_id=case.pk, send=send, reason=form.cleaned_data["reason"], now=request.now)
    return "派遣を決めました。訪問の予定を入れてください。" if send else "派遣せずに終了しました。"


@act("reopen", "cases.decide", _plain(forms.ReasonForm))
def reopen(case: Any, form: Form, request: HttpRequest) -> str:
    dispatch.reopen(case_id=case.pk, reason=form.cleaned_data["reason"], now=request.now)
    return "再開しました。"


@act("visit", "cases.decide", _plain(forms.VisitForm))
def visit(case: Any, form: Form, request: HttpRequest) -> str:
    dispatch.plan_visit(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "訪問の予定を入れました。"


@act("ruling", "cases.decide", _plain(forms.RulingForm))
def rule(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    intake.rule(
        case_id=case.pk,
        about=said["about"],
        serve=said["serve"] == "yes",
        finding=said["finding"],
        evidence=said["evidence"],
        now=request.now,
    )
    return "判断を記録しました。"


@act(
    "exclusion",
    "cases.decide",
    lambda request, case: forms.ExclusionForm(request.POST, codes=case_page.codes(case)),
)
def exclude(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    exclusions.tag(
        case_id=case.pk,
        code=said["code"],
        as_cause=said["as_cause"] == "yes",
        finding=said["finding"],
        evidence=said["evidence"],
        failed_part=said["failed_part"],
        now=request.now,
    )
    return "除外作業を記録しました。"


@act("withdraw", "cases.decide", _plain(forms.WithdrawForm))
def withdraw(case: Any, form: Form, request: HttpRequest) -> str:
    exclusions.withdraw(
        case_id=case.pk, tag_id=form.cleaned_data["tag"], reason=form.cleaned_data["reason"], now=request.now
    )
    return "除外作業の記録を取り消しました。"


@act("request", "cases.write", _plain(forms.RequestForm))
def ask_customer(case: Any, form: Form, request: HttpRequest) -> str:
    intake.ask_customer(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "お願いを記録しました。"


@act("reply", "cases.write", _plain(forms.ReplyForm))
def reply(case: Any, form: Form, request: HttpRequest) -> str:
    intake.answer_request(
        case_id=case.pk,
        request_id=form.cleaned_data["request"],
        answer=form.cleaned_data["answer"],
        complied=form.cleaned_data["complied"] == "yes",
        now=request.now,
    )
    return "回答を記録しました。"


@act("statement", "cases.work", _plain(forms.StatementForm))
def state(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    intake.state_of_customer(
        case_id=case.pk,
        kind=said["kind"],
        text=said["text"],
        person=said["person"],
        agreed=_yes(said["agreed"]),
        now=request.now,
    )
    return "申告を記録しました。"


@act("note", "cases.write", _plain(forms.NoteForm))
def write_note(case: Any, form: Form, request: HttpRequest) -> str:
    intake.contact(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "記録しました。"


@act("take", "cases.work", _plain(Form))
def take(case: Any, form: Form, request: HttpRequest) -> str:
    service_call.take(number=case.number, now=request.now)
    return "担当になりました。"


@act("file", "cases.work", _plain(forms.FileForm))
def attach(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    service_call.attach(
        number=case.number,
        name=said["upload"].name,
        content=uploads.read(said["upload"]),
        purpose=said["purpose"],
        declared_personal_number=_yes(said["personal_number"]),
        file_date=said["file_date"],
        latest_declared_by=said["latest_declared_by"],
        now=request.now,
    )
    return "ファイルを受け取りました。"


@act("latest", "cases.work", _plain(forms.LatestForm))
def declare_latest(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    work.declare_latest(
        case_id=case.pk,
        file_id=said["file"],
        person=said["person"],
        readable=_yes(said["readable"]),
        finding="",
        now=request.now,
    )
    return "最新である旨の申告を記録しました。"


@act("step", "cases.work", _plain(forms.StepForm))
def tick(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    work.tick(
        case_id=case.pk,
        kind=said["kind"],
        at=said["at"],
        result=said["result"],
        rules_acknowledged=said["rules"],
        now=request.now,
    )
    return "作業を記録しました。"


@act("skip", "cases.work", _plain(forms.SkipForm))
def skip(case: Any, form: Form, request: HttpRequest) -> str:
    work.skip(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "行わない理由を記録しました。"


@act("interrupt", "cases.work", _plain(forms.InterruptForm))
def interrupt(case: Any, form: Form, request: HttpRequest) -> str:
    work.interrupt(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "作業の中断を記録しました。"


@act("resume", "cases.work", _plain(forms.ResumeForm))
def resume(case: Any, form: Form, request: HttpRequest) -> str:
    work.resume(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "作業の再開を記録しました。"


def _exchange_form(request: HttpRequest, case: Any) -> Form:
    unit = unit_of(case)
    return forms.ExchangeForm(request.POST, units=list(unit.exchange_units) if unit else [])


@act("exchange", "cases.work", _exchange_form)
def exchange(case: Any, form: Form, request: HttpRequest) -> str:
    service_call.record_exchange(number=case.number, **form.cleaned_data, now=request.now)
    return "交換を記録しました。"


@act("erasure", "cases.work", _plain(forms.ErasureForm))
def declare_erasure(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    completion.declare_erasure(
        case_id=case.pk,
        exchange_id=said["exchange"],
        erasure=said["erasure"],
        person=said["person"],
        consent=said["consent"],
        now=request.now,
    )
    return "データの消去の申告を記録しました。"


@act("collection", "cases.work", _plain(forms.CollectionForm))
def collect(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    completion.collect(
        case_id=case.pk,
        exchange_id=said["exchange"],
        at=said["at"],
        kept_reason=said["kept_reason"],
        now=request.now,
    )
    return "故障品の回収を記録しました。"


@act("complete", "cases.work", _plain(forms.CompleteForm))
def complete(case: Any, form: Form, request: HttpRequest) -> str:
    service_call.complete(number=case.number, **form.cleaned_data, now=request.now)
    return "作業を完了しました。"


@act("cause", "cases.work", _plain(forms.CauseForm))
def find_cause(case: Any, form: Form, request: HttpRequest) -> str:
    if not may(request.actor, "cases.internal"):
        raise PermissionDenied
    completion.find_cause(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "原因コードを記録しました(社内のみ)。"


@act(
    "recurrence",
    "cases.decide",
    lambda request, case: forms.RecurrenceForm(request.POST, earlier=case_page.earlier(case)),
)
def link_recurrence(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    completion.link_recurrence(
        case_id=case.pk,
        earlier_id=int(said["earlier"]),
        same_fault=said["same_fault"] == "yes",
        same_cause=_yes(said["same_cause"]),
        now=request.now,
    )
    return "前回の受付と結び付けました。"


@act("suspend", "cases.decide", _plain(forms.SuspendForm))
def suspend(case: Any, form: Form, request: HttpRequest) -> str:
    suspension.suspend(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "サービスの中断を記録しました。"


@act("force_majeure", "cases.decide", _plain(forms.ForceMajeureForm))
def flag_force_majeure(case: Any, form: Form, request: HttpRequest) -> str:
    force_majeure.affect(case_id=case.pk, **form.cleaned_data, now=request.now)
    return "不可抗力の影響を記録しました。"


@act("end_suspension", "cases.decide", _plain(forms.EndSuspensionForm))
def end_suspension(case: Any, form: Form, request: HttpRequest) -> str:
    said = form.cleaned_data
    suspension.end(
        case_id=case.pk,
        suspension_id=said["suspension"],
        measure=said["measure"],
        at=said["at"],
        now=request.now,
    )
    return "サービスを再開しました。"


urlpatterns.append(path("cases/<str:number>/candidates", candidates, name="case_candidates"))
