"""貸出機の受領から初期設定まで、そして利用の終わり: what the customer does itself with its agreement."""

import csv
import hashlib
import io
import zipfile
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import Refused, consents, destruction, endings, progress, queries
from hoshu.contracts.form import all_written
from hoshu.dates import said
from hoshu.flows import ending as flow
from hoshu.flows import shipping
from hoshu.notifications import outbox
from hoshu.notifications import queries as notifications
from hoshu.web.common import agreement_card, destruction_paper
from hoshu.web.common.csv_file import safe
from hoshu.web.common.inputs import DateField, MomentField
from hoshu.web.common.parcel_form import MissingForm
from hoshu.web.common.views import allow


class StopForm(forms.Form):
    """The day on which the customer stops, and that it knows what this means (VA-INT-05)."""

    on = DateField(label="中止する日")
    sure = forms.BooleanField(label="代金が返らないことと、取り消せないことを確かめました", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class InstalledForm(forms.Form):
    """MM-FLW-01 ⑤ with the chapters of the manual (MM-ENV-05)."""

    at = MomentField(label="設置した日時")
    chapters = forms.MultipleChoiceField(
        label="取扱説明書の次の章に同意します", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, agreement: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="installed_%s", **kwargs)
        chapters = consents.chapters(agreement)
        self.fields["chapters"].choices = [(one.code, one.text) for one in chapters]
        if not chapters:
            del self.fields["chapters"]


class SetUpForm(forms.Form):
    """MM-FLW-01 ⑥."""

    at = MomentField(label="初期設定が済んだ日時")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="set_up_%s", **kwargs)


def shown(request: HttpRequest, agreement: Any, *, faulty: tuple[str, forms.Form] | None = None) -> dict[str, Any]:
    """What the page of an agreement shows of all this."""
    over = agreement.state in endings.ENDED
    context: dict[str, Any] = {
        "may_export": may(request.actor, "portal.stop") and not over,
        "may_stop": may(request.actor, "portal.stop") and not over and endings.standing(agreement) is None,
        "collections": agreement.collections.filter(received_at=None).order_by("id"),
        "record": destruction.of(agreement),
        "step": None,
    }
    if agreement.application is not None:
        context["milestones"] = progress.of_application(agreement.application)
    if may(request.actor, "portal.install") and not over:
        context["step"] = _step(agreement, faulty)
    return context


def _step(agreement: Any, faulty: tuple[str, forms.Form] | None) -> tuple[str, str, forms.Form] | None:
    """The next step that is the customer's: its name, what it is called, its form."""
    terms = catalog.edition(agreement.service, agreement.edition).application
    if terms is None or terms.unit != "lent":
        return None
    parcel = queries.parcels(state="moving").filter(agreement=agreement).first()
    if parcel is not None:
        name, label, form = "received", "受領した", MissingForm(auto_id="received_%s")
    elif agreement.initial_set_at is not None or not agreement.consignments.filter(arrived_at__isnull=False).exists():
        return None
    elif agreement.installed_at is None:
        name, label, form = "installed", "設置した", InstalledForm(agreement=agreement)
    else:
        name, label, form = "set_up", "初期設定した", SetUpForm()
    return name, label, faulty[1] if faulty and faulty[0] == name else form


@require_POST
@allow("portal.install")
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """受領した、設置した、初期設定した (MM-FLW-01 ④–⑥); a step that is skipped is refused with its clause."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    now = request.now
    form: forms.Form
    if name == "received":
        form = MissingForm(request.POST, auto_id="received_%s")
    elif name == "installed":
        form = InstalledForm(request.POST, agreement=agreement)
    elif name == "set_up":
        form = SetUpForm(request.POST)
    else:
        raise Http404
    if form.is_valid():
        said = form.cleaned_data
        try:
            if name == "received":
                parcel = queries.parcels(state="moving").filter(agreement=agreement).first()
                if parcel is None:
                    raise Refused("配送中の荷物はありません。発送をお待ちください。", _clause(agreement, "arrived"))
                shipping.arrived(consignment_id=parcel.pk, missing=said["found"], now=now)
            elif name == "installed":
                confirmed = said.get("chapters", [])
                shipping.installed(agreement_id=agreement.pk, at=said["at"], confirmed=confirmed, now=now)
            else:
                shipping.set_up(agreement_id=agreement.pk, at=said["at"], now=now)
        except Refused as refused:
            clause = refused.clause or _clause(agreement, name)
            form.add_error(None, refused.message + (f"（{clause}）" if clause else ""))
        else:
            messages.success(request, "記録しました。")
            return redirect("portal:agreement", number)
    context = agreement_card.shown(agreement, today=now.date()) | shown(request, agreement, faulty=(name, form))
    return render(
        request,
        "portal/agreement_step.html",
        context | {"form": form, "name": name, "label": dict(_LABELS)[name]},
        status=422,
    )


_LABELS = (("received", "受領した"), ("installed", "設置した"), ("set_up", "初期設定した"))


def _clause(agreement: Any, name: str) -> str:
    terms = catalog.edition(agreement.service, agreement.edition).application
    at = {"received": "arrived"}.get(name, name)
    return next((one.clause for one in terms.milestone if one.at == at), "") if terms else ""


@require_http_methods(["GET", "POST"])
@allow("portal.stop")
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """利用の中止: first what it means, then, confirmed, the stop itself (IX-STP-01, VA-INT-05, MM-TRM-01)."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    form = StopForm(request.POST or None, initial={"on": request.now.date()})
    preview = None
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if form.cleaned_data["sure"]:
                ending = flow.stop(agreement_id=agreement.pk, on=on, now=request.now)
                messages.success(request, f"利用の中止を承りました。{said(ending.last_day)}までご利用いただけます。")
                return redirect("portal:agreement", number)
            preview = flow.stop_preview(agreement=agreement, on=on, now=request.now)
        except (Refused, outbox.Refused) as refused:
            clause = getattr(refused, "clause", "")
            form.add_error("on", refused.message + (f"（{clause}）" if clause else ""))
    edition = catalog.edition(agreement.service, agreement.edition)
    context = {
        "agreement": agreement,
        "form": form,
        "preview": preview,
        "earlier": endings.standing(agreement, ground=endings.STOP),
        "number_name": queries.number_name(agreement),
        "vanishes": edition.erase is not None,
    }
    return render(request, "portal/agreement_stop.html", context, status=422 if form.errors else 200)


@require_POST
@allow("portal.stop")
def export(request: HttpRequest, number: str) -> HttpResponse:
    """MM-TRM-03: the customer's own data of one agreement, as tables in one file; that it was taken is recorded."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    tables = _tables(agreement)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", _csv(rows))
    data = content.getvalue()
    counts = {name: len(rows) - 1 for name, rows in tables.items()}
    destruction.exported(agreement=agreement, counts=counts, sha256=hashlib.sha256(data).hexdigest(), now=request.now)
    name = quote(f"{agreement.number}のデータ.zip")
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "private, no-store",
        },
    )


def _tables(agreement: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every table with its heading first."""
    terms = catalog.edition(agreement.service, agreement.edition)
    tables: dict[str, list[tuple[Any, ...]]] = {
        "契約": [
            ("番号", "状態", "プラン", "提供開始日", "満了日", "製造番号"),
            (
                agreement.number,
                agreement.get_state_display(),
                terms.plan_of(agreement.plan).name,
                agreement.starts_on,
                agreement.ends_on,
                agreement.device.serial if agreement.device else "",
            ),
        ],
        "連絡先": [("版", "種類", "会社名", "部署", "お名前", "メール", "電話番号", "郵便番号", "住所")],
        "お知らせ": [("日時", "件名", "本文")],
        "メモ": [("メモ",)],
    }
    for revision in queries.revisions_of(agreement):
        tables["連絡先"] += [
            (
                revision.number, party.get_kind_display(), party.company, party.department, party.name, party.email,
                party.phone, party.postal_code, party.address,
            )
            for party in revision.parties.all()
        ]  # fmt: skip
    numbers = [agreement.number]
    if agreement.application is not None:
        entries = all_written(agreement.application.entries, terms)
        tables["申請の記入"] = [("項目", "記入"), *((at.label, text) for at, text in entries)]
        numbers.append(agreement.application.number)
    tables["お知らせ"] += [
        (message.created_at, message.subject, message.text) for message in notifications.about_any(numbers)
    ]
    if memo := queries.memo_of(agreement):
        tables["メモ"].append((memo,))
    return tables


def _csv(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


@require_GET
@allow("portal.read")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate that its data was destroyed."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    return destruction_paper.given(request, agreement, back="portal:agreement")


urlpatterns = [
    path("agreements/<str:number>/destruction.pdf", certificate, name="agreement_destruction"),
    path("agreements/<str:number>/stop", stop, name="agreement_stop"),
    path("agreements/<str:number>/data.zip", export, name="agreement_data"),
    path("agreements/<str:number>/steps/<slug:name>", step, name="agreement_step"),
]
