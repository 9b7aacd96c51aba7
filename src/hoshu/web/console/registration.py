"""登録: the list of cards, taking them in, and the page on which a card is typed beside its scan."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.access import may
from hoshu.contracts import Refused, contact_checks, queries
from hoshu.contracts import form as contents
from hoshu.contracts.assessment import assess
from hoshu.contracts.form import services_on
from hoshu.files import store, uploads
from hoshu.flows import registration
from hoshu.flows.registration_notices import numbers_of
from hoshu.web.common import csv_file, entry_form, entry_saving
from hoshu.web.common.formats import japanese_moment
from hoshu.web.common.inputs import DateField, MomentField
from hoshu.web.common.operator_form import offered
from hoshu.web.common.registration_answer import derivation, tone
from hoshu.web.common.uploads import FilesField
from hoshu.web.common.views import allow
from hoshu.web.console import numbers

ROWS = 50
MOST_NAMED = 10
"""Numbers in one message; more are only counted."""
COLUMNS = ("申請番号", "状態", "お客様", "番号", "届いた日時", "届いた方法", "回答期限")
TONES = {
    "received": "info",
    "checking": "info",
    "asking": "hold",
    "completed": "ok",
    "refused": "refused",
    "lapsed": "out",
    "draft": "out",
    "submitted": "info",
    "returned": "hold",
    "withdrawn": "out",
}
VIEWS = [
    ("", "処理するもの"),
    ("submitted", "送信済"),
    ("received", "申請受領"),
    ("checking", "確認中"),
    ("asking", "照会中"),
    ("completed", "登録完了"),
    ("refused", "承諾拒絶"),
    ("lapsed", "対象外"),
    ("returned", "差戻し"),
    ("withdrawn", "取下げ"),
]
DECLARATIONS = [("no", "含みません"), ("yes", "含みます")]
CHANNELS = [("post", "郵送"), ("email", "メール"), ("other", "その他")]


class ArrivalForm(forms.Form):
    """A card that came in: how, when, and its scan (第2章 1.(5))."""

    service = forms.ChoiceField(label="サービス")
    channel = forms.ChoiceField(label="届いた方法", choices=CHANNELS, widget=forms.RadioSelect)
    received_at = MomentField(label="届いた日時")
    cards = FilesField(label="カードのPDF・画像", required=False)
    together = forms.BooleanField(label="すべて1枚のカードのもの（表と裏など）", required=False)
    declared = forms.ChoiceField(
        label="個人番号（マイナンバー）を含みますか", choices=DECLARATIONS, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["service"].choices = offered(services_on("paper"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("cards") and not cleaned.get("declared"):
            self.add_error("declared", "届いた資料に個人番号が含まれるかを選んでください。")
        return cleaned


class AttachForm(forms.Form):
    """One more file of an application, and the date somebody read from a proof."""

    kind = forms.ChoiceField(
        label="種類",
        choices=[
            ("receipt", "領収書"),
            ("delivery_note", "納品書"),
            ("other_proof", "その他の購入日を確認できる書類"),
            ("card", "お客様登録カード"),
            ("owner_consent", "所有者の承諾書"),
            ("other", "その他"),
        ],
    )
    file = forms.FileField(label="PDF・JPEG・PNG")
    date_read = DateField(label="書類の日付", required=False, help_text="書類から読み取ったご購入日。例: 2026/11/1")
    declared = forms.ChoiceField(label="個人番号を含みますか", choices=DECLARATIONS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="attach_%s", **kwargs)


@require_GET
@allow("applications.read")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the registration centre, the most urgent first; or any state, the newest first."""
    page = Paginator(_chosen(request), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/registration/index.html",
        {
            "page": page,
            "rows": _rows(page, request),
            "state": request.GET.get("state", ""),
            "text": request.GET.get("q", "").strip(),
            "views": VIEWS,
            "query": request.GET.urlencode(),
            "may_enter": may(request.actor, "applications.enter"),
        },
    )


@require_GET
@allow("applications.read")
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, without names of persons."""
    lines = (
        (
            row["application"].number,
            row["application"].get_state_display(),
            row["company"],
            row["numbers"],
            japanese_moment(row["application"].received_at or row["application"].submitted_at),
            row["application"].get_channel_display(),
            row["application"].answer_by,
        )
        for row in _rows(_chosen(request)[: csv_file.MOST_ROWS], request)
    )
    return csv_file.response(name="登録申請.csv", header=COLUMNS, rows=lines)


@require_http_methods(["GET", "POST"])
@allow("applications.enter")
def new(request: HttpRequest) -> HttpResponse:
    """Take cards in. Every file is a card of its own, unless the clerk says that they belong together."""
    initial = {"received_at": request.now, "channel": "post"}
    form = ArrivalForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            taken = _take_in(request, form.cleaned_data)
        except (Refused, store.Refused) as refused:
            form.add_error("received_at" if isinstance(refused, Refused) else "cards", str(refused))
        else:
            messages.success(request, f"{len(taken)}件のカードを受領しました。")
            if len(taken) == 1:
                return redirect("console:application", taken[0].number)
            return redirect("console:applications")
    return render(request, "console/registration/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("applications.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One application: the scan, the form, the period; after the decision what was entered and decided."""
    return _page(request, _application(number))


@require_POST
@allow("applications.enter")
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was typed."""
    return entry_saving.save(request, _application(number), _PLACE)


@require_http_methods(["GET", "POST"])
@allow("applications.enter")
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """Two people typed into the same card."""
    return entry_saving.conflict(request, _application(number), _PLACE)


@require_POST
@allow("applications.enter")
def share(request: HttpRequest, number: str) -> HttpResponse:
    """One correction for every machine of the receipt: the chosen fields of this application go into the others."""
    application = _application(number)
    seen = {one.pk: request.POST.get(f"version:{one.number}", "") for one in queries.sent_together(application)}
    try:
        shared = registration.share(
            application_id=application.pk,
            names=request.POST.getlist("field"),
            based_on={pk: int(version) for pk, version in seen.items() if version.isdecimal()},
            now=request.now,
        )
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("console:application", number)
    if shared.changed:
        messages.success(request, f"{_named(shared.changed)} を直しました。")
    if shared.overtaken:
        text = "は、ほかの人が先に保存したため直していません。入力は別に残してあります。違いを見て選んでください。"
        messages.warning(request, f"{_named(shared.overtaken)} {text}")
    if shared.closed:
        messages.info(request, f"{_named(shared.closed)} は変えていません。")
    return redirect("console:application", number)


@require_POST
@allow("applications.enter")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add a scan or a proof, with the date read from it."""
    application = _application(number)
    form = attach_file(request, application)
    return _page(request, application, attach=form) if form.errors else redirect("console:application", number)


def attach_file(request: HttpRequest, application: Any) -> AttachForm:
    """Keep the file that was sent, or say in the form and in a message why not."""
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "資料を付けられませんでした。種類、ファイル、個人番号の有無を確かめてください。")
        return form
    given = form.cleaned_data
    try:
        attached = registration.attach(
            application_id=application.pk,
            kind=given["kind"],
            name=given["file"].name,
            content=uploads.read(given["file"]),
            declared_personal_number=given["declared"] == "yes",
            date_read=given["date_read"],
            now=request.now,
        )
    except (Refused, store.Refused) as refused:
        form.add_error("file", str(refused))
        messages.error(request, str(refused))
    else:
        if attached.file.state == "held":
            messages.warning(request, "個人番号のおそれがあるため、だれも開けないように隔離しました。")
        else:
            messages.success(request, f"{attached.get_kind_display()}を付けました。")
    return form


@require_POST
@allow("applications.enter")
def read_proof(request: HttpRequest, number: str, attached_id: int) -> HttpResponse:
    """The purchase date that the clerk reads from a document (IX-REG-13)."""
    field = DateField()
    try:
        attached = queries.file_of(number=number, attached_id=attached_id)
        day = field.clean(request.POST.get("date_read", ""))
        registration.read_proof(attached_id=attached.pk, day=day, now=request.now)
    except (Refused, forms.ValidationError) as refused:
        messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    else:
        messages.success(request, "書類の日付を記録しました。")
    return redirect("console:application", number)


@require_POST
@allow("applications.enter")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The clerk takes the card for checking; what stands in the form counts as what the card says."""
    application = _application(number)
    try:
        registration.begin_check(application_id=application.pk, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("console:application", number)


@require_POST
@allow("applications.enter")
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """RC-GEN-06: a form that was sent is received now; the days of the answer run from here."""
    application = _application(number)
    try:
        registration.take_over(application_id=application.pk, now=request.now)
    except Refused as refused:
        messages.error(request, f"{refused.message}（{refused.clause}）" if refused.clause else refused.message)
    else:
        messages.success(request, "受領しました。")
    return redirect("console:application", number)


@require_POST
@allow("applications.enter")
def ask_contact(request: HttpRequest, number: str) -> HttpResponse:
    """MM-FLW-02: the contact gets another link, to the address that stands in the form now."""
    return entry_saving.ask_contact(request, _application(number), _PLACE)


def _chosen(request: HttpRequest) -> QuerySet:
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in ("", *queries.WAITING_STATES) and not text:
        return queries.open_applications(state=state)
    return queries.all_applications(state=state, text=text)


def _application(number: str) -> Any:
    return get_object_or_404(queries.applications(), number=number)


def _named(applications: Sequence[Any]) -> str:
    """「AP0000002（確認中）、AP0000003（登録完了）」, no more than a message has room for."""
    shown = "、".join(f"{one.number}（{one.get_state_display()}）" for one in applications[:MOST_NAMED])
    return f"{shown} ほか{len(applications) - MOST_NAMED}件" if len(applications) > MOST_NAMED else shown


def _rows(found: Iterable[Any], request: HttpRequest) -> list[dict[str, Any]]:
    shown = list(found)
    contacts = contact_checks.answers(shown)
    return [_row(one, request) | {"contact": contacts.get(one.pk)} for one in shown]


def _row(application: Any, request: HttpRequest) -> dict[str, Any]:
    edition = entry_saving.terms_of(application)
    company = contents.entry_of(application.entries, edition, "contact.company")
    late = application.answer_by and application.answer_by < request.now.date()
    return {
        "application": application,
        "tone": TONES[application.state],
        "company": application.tenant.name if application.tenant else company,
        "service": edition.name,
        "numbers": " ".join(text for _, text in numbers_of(application)),
        "late": bool(late) and application.state in queries.OPEN_STATES,
        "is_open": application.state in queries.WAITING_STATES,
    }


def _take_in(request: HttpRequest, given: dict[str, Any]) -> list[Any]:
    files = [(file.name, uploads.read(file)) for file in given["cards"]]
    cards = [files] if given["together"] or not files else [[file] for file in files]
    return [
        registration.take_in(
            service=given["service"],
            channel=given["channel"],
            received_at=given["received_at"],
            files=one,
            declared_personal_number=given["declared"] == "yes",
            now=request.now,
        )
        for one in cards
    ]


def _card(request: HttpRequest, application: Any, entries: Any, page: entry_form.Page) -> dict[str, Any]:
    assessment = assess(application, entries=entries, now=request.now)
    products = list(queries.products(service=application.service))
    context = entry_form.context(
        request,
        application=application,
        assessment=assessment,
        entries=entries,
        page=page,
        staff=True,
        products=products,
    )
    blocking = [fault for fault in assessment.form.faults if fault.blocks]
    return (
        context
        | _together(request, application, entries, assessment.edition)
        | {
            "proposed": tone(assessment, application.state),
            "derivation": derivation(assessment),
            "number": numbers.noteworthy(assessment.form.licence_serial, application),
            "blocking_faults": blocking,
            "open_points": len(blocking) + len(assessment.holds),
        }
    )


def _together(request: HttpRequest, application: Any, entries: Any, edition: catalog.Edition) -> dict[str, Any]:
    """The other applications of the receipt, and in which common fields those that are open differ from this one."""
    others = [one for one in queries.sent_together(application) if one.pk != application.pk]
    if not others:
        return {"together": []}
    parked = queries.parked_among(application_ids=[one.pk for one in others], user_id=request.actor.user_id)
    open_ones = [one for one in others if one.state in queries.WAITING_STATES]
    editions = {(one.service, one.edition): entry_saving.terms_of(one) for one in open_ones}
    common = {key: contents.common_fields(terms) for key, terms in editions.items()}
    own = contents.machine_fields(edition)
    differing = []
    for name, at in contents.common_fields(edition).items():
        there: Counter[str] = Counter()
        for one in open_ones:
            if name in common[one.service, one.edition] and one.entries.get(name) != entries.get(name):
                there[contents.written(one.entries, at)] += 1
        if there:
            here = contents.written(entries, at)
            differing.append(
                {"name": name, "label": at.label, "here": here, "there": there.items(), "own": name in own}
            )
    return {
        "together": others,
        "parked_together": [one for one in others if one.pk in parked],
        "versions": [application, *open_ones],
        "differing": differing,
    }


def _page(request: HttpRequest, application: Any, attach: AttachForm | None = None) -> HttpResponse:
    attach = attach or AttachForm()
    is_open = application.state in queries.WAITING_STATES
    history = queries.history_of(application)
    files = list(history["files"])
    edition = entry_saving.terms_of(application)
    context = _card(request, application, application.entries, entry_form.whole(edition)) | history
    context |= {
        "files": files,
        "scans": [kept for kept in files if kept.kind == "card" and kept.file.state == "available"],
        "may_refund": may(request.actor, "applications.decide"),
        "tone": TONES[application.state],
        "is_open": is_open,
        "may_enter": is_open and may(request.actor, "applications.enter"),
        "may_decide": is_open and may(request.actor, "applications.decide"),
        "attach": attach,
        "parked": queries.parked(application_id=application.pk, user_id=request.actor.user_id),
        "entered": _entered(application, edition),
        "edition": edition,
        "waits_for_receipt": application.state == "submitted",
        "contact": contact_checks.answers([application]).get(application.pk),
        "namesakes": organisations.namesakes(application.tenant) if is_open and application.tenant else (),
    }
    if context["may_enter"]:
        context["ask_url"] = reverse("console:application_ask_contact", args=[application.number])
    status = 422 if attach.errors else 200
    return render(request, "console/registration/application.html", context, status=status)


def _entered(application: Any, edition: catalog.Edition) -> list[dict[str, str]]:
    """Every field that holds or first held something, in the form's order."""
    found = []
    for at in contents.inputs(edition, staff=True):
        now, first = (contents.written(each, at) for each in (application.entries, application.first_entries))
        if now or first:
            found.append({"label": at.label, "number": at.number, "now": now, "first": first})
    return found


_PLACE = entry_saving.Place(
    page="console:application",
    conflict_page="console:conflict",
    saved="console/registration/saved.html",
    conflict="console/registration/conflict.html",
    staff=True,
    shown=_card,
)

urlpatterns = [
    path("applications/", index, name="applications"),
    path("applications/export.csv", export, name="applications_export"),
    path("applications/new/", new, name="application_new"),
    path("applications/<str:number>/", page, name="application"),
    path("applications/<str:number>/entries", save, name="application_save"),
    path("applications/<str:number>/conflict", conflict, name="conflict"),
    path("applications/<str:number>/share", share, name="application_share"),
    path("applications/<str:number>/receive", take_over, name="application_receive"),
    path("applications/<str:number>/contact", ask_contact, name="application_ask_contact"),
    path("applications/<str:number>/check", check, name="application_check"),
    path("applications/<str:number>/files", attach, name="application_attach"),
    path("applications/<str:number>/files/<int:attached_id>/date", read_proof, name="application_proof"),
]
