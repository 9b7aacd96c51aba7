"""個人情報: the ledger of consents, what is held and why, how long, to whom it was shown, who opened what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.access import may
from hoshu.contracts import queries as contracts
from hoshu.flows import retention_run
from hoshu.privacy import Refused, access, disclosures, ledger, queries, register, retention, retention_rules
from hoshu.privacy.words import Channel, DisclosureKind, EntryKind, StepKind
from hoshu.web.common import csv_file
from hoshu.web.common.inputs import DateField, MomentField
from hoshu.web.common.refusing import answered, tell
from hoshu.web.common.views import allow

ROWS = 50
COLUMNS = (
    "日時", "種類", "お客様", "契約", "同意した方", "文面", "条項", "約款", "版", "版のハッシュ", "経路", "代理の根拠",
    "撤回", "記録した人",
)  # fmt: skip
RECORDABLE = [
    (kind.value, kind.label)
    for kind in EntryKind
    if kind not in (EntryKind.WITHDRAWAL, EntryKind.CORRECTION, EntryKind.BY_USE)
]


class LedgerFilter(forms.Form):
    """What the ledger is narrowed to."""

    customer = forms.TypedChoiceField(label="お客様", coerce=int, empty_value=None, required=False)
    agreement = forms.CharField(label="契約番号", max_length=20, required=False)
    person = forms.CharField(label="同意した方", max_length=80, required=False)
    edition = forms.ChoiceField(label="約款の版", required=False)
    kind = forms.ChoiceField(label="種類", required=False, choices=[("", "すべて"), *ledger.KINDS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = organisations.search("", kind="customer")
        self.fields["customer"].choices = [("", "すべて"), *((place.pk, place.name) for place in places)]
        self.fields["edition"].choices = [("", "すべて"), *_editions()]


class EntryForm(forms.Form):
    """What somebody accepted and no form of ours recorded."""

    tenant = forms.TypedChoiceField(label="お客様", coerce=int)
    agreement = forms.CharField(label="契約番号", max_length=20, required=False)
    kind = forms.ChoiceField(label="種類", choices=RECORDABLE)
    edition = forms.ChoiceField(label="約款の版")
    person = forms.CharField(label="同意した方", max_length=80)
    text = forms.CharField(label="文面", widget=forms.Textarea(attrs={"rows": 3}))
    clause = forms.CharField(label="条項", max_length=60, required=False)
    at = MomentField(label="同意した日時")
    channel = forms.ChoiceField(label="経路", choices=Channel.choices, initial=Channel.PAPER)
    mandate = forms.CharField(label="代理の根拠", max_length=200, required=False)
    evidence = forms.IntegerField(label="証拠の資料の番号", required=False)
    recipient = forms.CharField(label="開示する相手", max_length=120, required=False)
    items = forms.CharField(label="開示する項目", max_length=200, required=False, help_text="読点（、）で区切ります。")
    purpose = forms.CharField(label="目的", max_length=120, required=False)
    until = DateField(label="承諾の期限", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        places = organisations.search("", kind="customer")
        self.fields["tenant"].choices = [("", "選んでください"), *((place.pk, place.name) for place in places)]
        self.fields["edition"].choices = [("", "選んでください"), *_editions()]


class ReasonForm(forms.Form):
    """Who, and in which words."""

    person = forms.CharField(label="お申し出の方", max_length=80)
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class MonthsForm(forms.Form):
    """How long a category is kept."""

    category = forms.ChoiceField(label="区分")
    months = forms.IntegerField(label="保存する月数")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        kept = [(code, one.name) for code, one in register.CATEGORIES.items() if one.months is not None]
        self.fields["category"].choices = [("", "選んでください"), *kept]


class DisclosureForm(forms.Form):
    """A demand of a public body, or what a subcontractor or somebody else is to be shown."""

    kind = forms.ChoiceField(
        label="種類", choices=[(one.value, one.label) for one in DisclosureKind if one != DisclosureKind.ANONYMOUS]
    )
    tenant = forms.TypedChoiceField(label="お客様", coerce=int)
    agreement = forms.CharField(label="契約番号", max_length=20, required=False)
    recipient = forms.CharField(label="相手の名前", max_length=120, required=False)
    organisation = forms.TypedChoiceField(label="再委託先", coerce=int, empty_value=None, required=False)
    law = forms.CharField(label="求めの根拠", max_length=200, required=False)
    demanded_at = MomentField(label="求めを受けた日時", required=False)
    items = forms.CharField(label="項目", max_length=200, help_text="読点（、）で区切ります。")
    needed = forms.CharField(label="業務に必要な項目", max_length=200, required=False)
    reason = forms.CharField(label="必要な理由", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        for name, kind, none in (("tenant", "customer", "選んでください"), ("organisation", "subcontractor", "なし")):
            places = organisations.search("", kind=kind)
            self.fields[name].choices = [("", none), *((place.pk, place.name) for place in places)]


class StepForm(forms.Form):
    """The next thing that happened."""

    kind = forms.ChoiceField(
        label="段階", choices=[(one.value, one.label) for one in StepKind if one != StepKind.APPROVED]
    )
    at = MomentField(label="日時")
    text = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


# ---- the ledger


@require_GET
@allow("privacy.read")
def index(request: HttpRequest) -> HttpResponse:
    """同意の台帳: the newest first, narrowed by customer, agreement, person, edition, kind."""
    form = LedgerFilter(request.GET)
    page = Paginator(ledger.lines(_chosen(form)), ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "form": form,
        "query": query.urlencode(),
        "may_write": may(request.actor, "privacy.write"),
        "tab": "ledger",
    }
    return render(request, "console/privacy/ledger.html", context)


@require_GET
@allow("privacy.read")
def export(request: HttpRequest) -> HttpResponse:
    """The ledger as it is narrowed."""
    rows = (
        (
            f"{line.at:%Y-%m-%d %H:%M}",
            line.kind_name,
            line.tenant,
            line.agreement,
            line.person,
            line.text,
            "、".join(line.clauses),
            line.service,
            line.edition,
            line.sha256,
            line.channel,
            line.mandate,
            f"{line.withdrawn_at:%Y-%m-%d %H:%M}" if line.withdrawn_at else "",
            line.recorded_by,
        )
        for line in ledger.lines(_chosen(LedgerFilter(request.GET)), limit=csv_file.MOST_ROWS)
    )
    return csv_file.response(name="同意の台帳.csv", header=COLUMNS, rows=rows)


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def new(request: HttpRequest) -> HttpResponse:
    """Record a consent: on paper, at the installation, for a purpose, for a disclosure."""

    def step(said: dict[str, Any]) -> Any:
        service, _, edition = said["edition"].partition("/")
        return ledger.record_entry(
            tenant_id=said["tenant"],
            agreement_id=_agreement_id(said["agreement"], said["tenant"]),
            kind=said["kind"],
            service=service,
            edition=edition,
            person=said["person"],
            text=said["text"],
            clauses_=[said["clause"]],
            at=said["at"],
            channel=said["channel"],
            mandate=said["mandate"],
            evidence_id=said["evidence"],
            recipient=said["recipient"],
            items=_items(said["items"]),
            purpose=said["purpose"],
            until=said["until"],
            now=request.now,
        )

    return answered(
        request,
        EntryForm(request.POST or None, initial={"at": request.now}),
        step,
        goes_to=lambda row: reverse("console:privacy") + f"?customer={row.tenant_id}",
        template="console/privacy/form.html",
        context={"title": "同意を記録する", "button": "記録する", "tab": "ledger", "back": reverse("console:privacy")},
    )


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a consent back on somebody's word."""
    line = _line(key)
    return answered(
        request,
        ReasonForm(request.POST or None, initial={"person": line.person, "text": f"「{line.text}」を撤回します。"}),
        lambda said: ledger.withdraw(
            key=key, person=said["person"], reason=said["text"], channel=Channel.STAFF, now=request.now
        ),
        goes_to=lambda row: reverse("console:privacy") + f"?customer={row.tenant_id}",
        template="console/privacy/form.html",
        context={"title": "同意を撤回する", "button": "撤回を記録する", "line": line, "tab": "ledger"},
    )


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Add a correction; the first row stays."""
    line = _line(key)
    return answered(
        request,
        ReasonForm(request.POST or None, initial={"person": line.person}),
        lambda said: ledger.correct(key=key, text=said["text"], person=said["person"], now=request.now),
        goes_to=lambda row: reverse("console:privacy") + f"?customer={row.tenant_id}",
        template="console/privacy/form.html",
        context={"title": "同意の記録を訂正する", "button": "訂正を加える", "line": line, "tab": "ledger"},
    )


@require_GET
@allow("privacy.read")
def clause(request: HttpRequest) -> HttpResponse:
    """The answers on record that cite a clause."""
    wanted = request.GET.get("id", "").strip()
    cited = queries.decisions_citing(wanted) if wanted and may(request.actor, "decisions.read") else []
    return render(request, "console/privacy/clause.html", {"clause": wanted, "cited": cited, "tab": "ledger"})


# ---- what is held, and how long


@require_http_methods(["GET", "POST"])
@allow("privacy.read")
def held(request: HttpRequest) -> HttpResponse:
    """個人情報の一覧 (MM-CND-15); who may, sets how long a category is kept."""
    allowed = may(request.actor, "privacy.erase")
    form = MonthsForm(request.POST or None) if allowed else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            retention_rules.set_months(**form.cleaned_data, now=request.now)
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, "保存期間を変えました。")
            return redirect("console:privacy_register")
    months = retention_rules.months_set()
    groups = [
        (name, [line for line in register.lines(months=months) if line.category.group == code])
        for code, name in register.GROUPS.items()
    ]
    context = {"groups": groups, "form": form, "tab": "register"}
    return render(request, "console/privacy/register.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("privacy.erase")
def retain(request: HttpRequest) -> HttpResponse:
    """保存期間の点検: count what is over its time; then, in a second step, erase it."""
    act = request.POST.get("act")
    if request.method == "POST":
        try:
            if act == "erase":
                retention_run.start(as_of=request.now.date(), now=request.now)
                messages.success(request, "消去を始めました。終わるまで、この画面で進み具合を見られます。")
            elif act == "go_on" and (run := retention.running()):
                retention_run.go_on_later(run_id=run.pk)
                messages.success(request, "続きを始めました。")
            else:
                retention.count(as_of=request.now.date(), now=request.now)
                messages.success(request, "点検しました。")
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("console:privacy_retention")
    page = Paginator(retention.runs(), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "running": retention.running(), "tab": "retention"}
    return render(request, "console/privacy/retention.html", context)


# ---- to whom it is shown, who opened it


@require_GET
@allow("privacy.read")
def shown(request: HttpRequest) -> HttpResponse:
    """開示の台帳."""
    page = Paginator(disclosures.disclosures(kind=request.GET.get("kind", "")), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "kinds": DisclosureKind.choices,
        "kind": request.GET.get("kind", ""),
        "may_write": may(request.actor, "privacy.write"),
        "tab": "disclosures",
    }
    return render(request, "console/privacy/disclosures.html", context)


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def disclose(request: HttpRequest) -> HttpResponse:
    """Record a demand, or ask whether somebody may be shown something."""

    def step(said: dict[str, Any]) -> Any:
        agreement_id = _agreement_id(said["agreement"], said["tenant"])
        common = {"items": _items(said["items"]), "reason": said["reason"], "now": request.now}
        if said["kind"] == DisclosureKind.SUBCONTRACTOR:
            return disclosures.to_subcontractor(
                tenant_id=said["tenant"],
                agreement_id=agreement_id,
                organisation_id=said["organisation"] or 0,
                needed=_items(said["needed"]),
                **common,
            )
        if said["kind"] == DisclosureKind.THIRD_PARTY:
            if agreement_id is None:
                raise Refused("契約番号を入力してください。", field="agreement")
            return disclosures.to_third_party(agreement_id=agreement_id, recipient=said["recipient"], **common)
        return disclosures.demanded(
            tenant_id=said["tenant"],
            agreement_id=agreement_id,
            body=said["recipient"],
            law=said["law"],
            demanded_at=said["demanded_at"] or request.now,
            **common,
        )

    return answered(
        request,
        DisclosureForm(request.POST or None),
        step,
        goes_to=lambda row: reverse("console:privacy_disclosure", args=[row.pk]),
        template="console/privacy/form.html",
        context={
            "title": "開示を記録する",
            "button": "記録する",
            "tab": "disclosures",
            "back": reverse("console:privacy_disclosures"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def disclosure(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """One disclosure with its steps, and the next one."""
    try:
        found = disclosures.disclosures().get(pk=disclosure_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return answered(
        request,
        StepForm(request.POST or None, initial={"at": request.now}),
        lambda said: disclosures.step(disclosure_id=disclosure_id, **said, now=request.now),
        goes_to=lambda row: reverse("console:privacy_disclosure", args=[disclosure_id]),
        template="console/privacy/disclosure.html",
        context={"found": found, "steps": found.steps.order_by("id"), "tab": "disclosures"},
    )


@require_POST
@allow("privacy.write")
def approve(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """A second person lets statistics leave (MM-CND-13)."""
    try:
        disclosures.approve_statistics(disclosure_id=disclosure_id, now=request.now)
    except ObjectDoesNotExist as missing:
        if not disclosures.disclosures().filter(pk=disclosure_id).exists():
            raise Http404 from missing
        messages.error(request, "この開示には、承認は要りません。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("console:privacy_disclosure", disclosure_id)


@require_GET
@allow("privacy.read")
def accesses(request: HttpRequest) -> HttpResponse:
    """取扱いの記録: who opened and copied entrusted data; `?csv=1` as a file (RC-PII-05)."""
    found = access.accesses()
    if request.GET.get("csv"):
        rows = (
            (
                f"{row.at:%Y-%m-%d %H:%M}",
                row.tenant.name if row.tenant else "",
                row.get_kind_display(),
                row.about,
                row.purpose,
                row.file.name if row.file else "",
                row.place,
                row.actor,
            )
            for row in found[: csv_file.MOST_ROWS]
        )
        header = ("日時", "お客様", "取扱い", "番号", "目的", "資料", "複製の場所", "取り扱った人")
        return csv_file.response(name="取扱いの記録.csv", header=header, rows=rows)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "console/privacy/accesses.html", {"page": page, "tab": "accesses"})


def _chosen(form: LedgerFilter) -> ledger.Chosen:
    said = form.cleaned_data if form.is_valid() else {}
    service, _, edition = said.get("edition", "").partition("/")
    return ledger.Chosen(
        tenant_id=said.get("customer"),
        agreement=said.get("agreement", "").strip(),
        person=said.get("person", "").strip(),
        service=service,
        edition=edition,
        kind=said.get("kind", ""),
    )


def _line(key: str) -> ledger.Line:
    found = ledger.one(key)
    if found is None:
        raise Http404
    return found


def _editions() -> list[tuple[str, str]]:
    return [(f"{one.service}/{one.edition}", f"{one.name} {one.edition}版") for one in catalog.every_edition()]


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.replace(",", "、").replace("，", "、").split("、") if part.strip()]


def _agreement_id(number: str, tenant_id: int) -> int | None:
    if not number.strip():
        return None
    found = contracts.agreements().filter(number=number.strip().upper(), tenant_id=tenant_id).first()
    if found is None:
        raise Refused("このお客様に、その番号の契約はありません。", field="agreement")
    return int(found.pk)


urlpatterns = [
    path("privacy/", index, name="privacy"),
    path("privacy/ledger.csv", export, name="privacy_export"),
    path("privacy/new", new, name="privacy_new"),
    path("privacy/clause", clause, name="privacy_clause"),
    path("privacy/ledger/<str:key>/withdraw", withdraw, name="privacy_withdraw"),
    path("privacy/ledger/<str:key>/correct", correct, name="privacy_correct"),
    path("privacy/register/", held, name="privacy_register"),
    path("privacy/retention/", retain, name="privacy_retention"),
    path("privacy/accesses/", accesses, name="privacy_accesses"),
    path("privacy/disclosures/", shown, name="privacy_disclosures"),
    path("privacy/disclosures/new", disclose, name="privacy_disclose"),
    path("privacy/disclosures/<int:disclosure_id>/", disclosure, name="privacy_disclosure"),
    path("privacy/disclosures/<int:disclosure_id>/approve", approve, name="privacy_approve"),
]
