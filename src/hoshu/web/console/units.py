"""貸出機: the machines that are lent, where each is, and the way back of one (MM-CND-09, MM-TRM-04, MM-TRM-05)."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, collection, consignments, queries, unit_exchange
from hoshu.contracts.queries import UNIT_STATES
from hoshu.flows import shipping
from hoshu.web.common.inputs import DateField, MomentField
from hoshu.web.common.views import allow
from hoshu.web.console.ending_forms import ActForm

ROWS = 50
TONES = {
    "stock": "ok",
    "lent": "info",
    "collecting": "hold",
    "back": "hold",
    "mismatch": "late",
    "erased": "ok",
    "scrapped": "out",
}
OVERDUE = "overdue"


class UnitForm(ActForm):
    """A machine of the provider that can be lent."""

    product = forms.ChoiceField(label="機種")
    serial = forms.CharField(label="製造番号", max_length=40)
    manufactured_on = DateField(label="製造日", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.products_lent()
        self.fields["product"].choices = [("", "選んでください"), *((one.pk, one.name) for one in found)]


class PickupForm(ActForm):
    day = DateField(label="引き取りの日")


class ReceiveForm(ActForm):
    found = forms.CharField(label="届いた機器の製造番号", max_length=40)
    missing = forms.CharField(
        label="不足・破損", max_length=400, required=False, help_text="例: LANケーブルがない、スタンドが割れている"
    )


class EraseForm(ActForm):
    how = forms.CharField(label="消去の方法", max_length=120)


class ScrapForm(ActForm):
    reason = forms.CharField(label="廃棄の理由", max_length=400)


class ReportForm(ActForm):
    text = forms.CharField(label="連絡の内容", widget=forms.Textarea(attrs={"rows": 2}))


class JudgeForm(ActForm):
    failed = forms.ChoiceField(
        label="判断", choices=[("yes", "故障"), ("no", "故障ではない")], widget=forms.RadioSelect
    )
    exchange_on = DateField(label="交換の予定日", required=False)


class RecoverForm(ActForm):
    text = forms.CharField(label="復旧作業の内容", widget=forms.Textarea(attrs={"rows": 2}))
    recovered = forms.BooleanField(label="復旧したので、交換しない", required=False)


class MomentForm(ActForm):
    at = MomentField(label="日時")


class NoteForm(ActForm):
    text = forms.CharField(label="所見", required=False, widget=forms.Textarea(attrs={"rows": 3}))


Act = Callable[[str, Mapping[str, Any], Any], object]
ACTS: dict[str, tuple[type[ActForm], frozenset[str], str, Act]] = {
    "pickup": (
        PickupForm,
        frozenset({"collecting"}),
        "引き取りの日を決める",
        lambda serial, said, now: collection.agree_pickup(serial=serial, day=said["day"], now=now),
    ),
    "handed": (
        ActForm,
        frozenset({"collecting"}),
        "引き渡し済みにする",
        lambda serial, said, now: shipping.handed_over(serial=serial, now=now),
    ),
    "receive": (
        ReceiveForm,
        frozenset({"collecting", "mismatch"}),
        "受領を記録する",
        lambda serial, said, now: shipping.received_back(
            serial=serial,
            found=said["found"],
            missing=[{"part": said["missing"], "state": ""}] if said["missing"] else [],
            now=now,
        ),
    ),
    "erase": (
        EraseForm,
        frozenset({"back"}),
        "消去を記録する",
        lambda serial, said, now: collection.erase(serial=serial, how=said["how"], now=now),
    ),
    "stock": (
        ActForm,
        frozenset({"erased"}),
        "在庫に戻す",
        lambda serial, said, now: collection.to_stock(serial=serial),
    ),
    "scrap": (
        ScrapForm,
        frozenset({"erased", "stock"}),
        "廃棄する",
        lambda serial, said, now: collection.scrap(serial=serial, reason=said["reason"]),
    ),
    "note": (
        NoteForm,
        frozenset(TONES),
        "所見を書く",
        lambda serial, said, now: collection.write_note(serial=serial, text=said["text"]),
    ),
}
"""Name → form, the states in which it may be done, what it is called, what it does."""
EXCHANGE: dict[str, tuple[type[ActForm], str, Callable[[int, Mapping[str, Any], Any], object]]] = {
    "judge": (
        JudgeForm,
        "② 状態の確認と判断を記録する",
        lambda key, said, now: unit_exchange.judge(
            exchange_id=key, failed=said["failed"] == "yes", exchange_on=said["exchange_on"], now=now
        ),
    ),
    "recover": (
        RecoverForm,
        "③ 復旧作業を記録する",
        lambda key, said, now: unit_exchange.recover(
            exchange_id=key, text=said["text"], recovered=said["recovered"], now=now
        ),
    ),
    "dispatch": (
        ActForm,
        "④ 代替装置の送付を連絡する",
        lambda key, said, now: shipping.announce_replacement(exchange_id=key, now=now),
    ),
    "install": (
        MomentForm,
        "⑦ 設置を記録する",
        lambda key, said, now: unit_exchange.install(exchange_id=key, at=said["at"], now=now),
    ),
    "resume": (
        MomentForm,
        "⑧ 利用再開を記録する",
        lambda key, said, now: unit_exchange.resume(exchange_id=key, at=said["at"], now=now),
    ),
    "withdraw": (
        ActForm,
        "交換の連絡を取り下げる",
        lambda key, said, now: unit_exchange.withdraw(exchange_id=key, now=now),
    ),
}
"""The steps of an exchange that are recorded here: form, what it is called, what it does."""


@require_GET
@allow("units.read")
def index(request: HttpRequest) -> HttpResponse:
    """The machines by state; those that should be back already are a state of their own."""
    state, text, today = request.GET.get("state", ""), request.GET.get("q", "").strip(), request.now.date()
    if state == OVERDUE:
        found = collection.units(overdue_on=today)
    else:
        found = collection.units(state=state if state in TONES else "", text=text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/units/index.html",
        {
            "page": page,
            "rows": [(unit, TONES[unit.state]) for unit in page],
            "states": [("", "すべて"), *UNIT_STATES, (OVERDUE, "回収の期限切れ")],
            "state": state,
            "text": text,
            "may_write": may(request.actor, "units.write"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("units.write")
def new(request: HttpRequest) -> HttpResponse:
    """Enter a machine into the register."""
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            unit = consignments.enter_unit(
                product_id=int(said["product"]), serial=said["serial"], manufactured_on=said["manufactured_on"]
            )
        except Refused as refused:
            form.add_error("serial", refused.message)
        else:
            messages.success(request, f"{unit.serial} を登録しました。")
            return redirect("console:unit", unit.serial)
    return render(request, "console/units/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("units.read")
def one(request: HttpRequest, serial: str) -> HttpResponse:
    """One machine: where it is, what it waits for, where it was."""
    return _page(request, serial)


@require_POST
@allow("units.write")
def act(request: HttpRequest, serial: str, name: str) -> HttpResponse:
    """A step of the way of a machine."""
    if name not in ACTS:
        raise Http404
    get_object_or_404(collection.units(), serial=serial)
    kind, _, label, do = ACTS[name]
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            do(serial, form.cleaned_data, request.now)
        except Refused as refused:
            form.add_error(None, refused.message + (f"（{refused.clause}）" if refused.clause else ""))
        else:
            messages.success(request, f"記録しました: {label}")
            return redirect("console:unit", serial)
    return _page(request, serial, faulty=(name, form))


@require_POST
@allow("units.write")
def exchange(request: HttpRequest, serial: str, name: str) -> HttpResponse:
    """A step of the exchange of a lent machine (MM-RMA-02)."""
    unit = get_object_or_404(collection.units(), serial=serial)
    running = unit_exchange.latest(unit.agreement) if unit.agreement else None
    if name == "report":
        form: ActForm = ReportForm(request.POST, auto_id=f"{name}_%s")
    elif name in EXCHANGE and running is not None:
        form = EXCHANGE[name][0](request.POST, auto_id=f"{name}_%s")
    else:
        raise Http404
    if form.is_valid():
        try:
            if name == "report":
                unit_exchange.report(serial=serial, text=form.cleaned_data["text"], now=request.now)
            else:
                assert running is not None
                with transaction.atomic():
                    done = EXCHANGE[name][2](running.pk, form.cleaned_data, request.now)
                if done is None:  # the announcement ④, where nobody can be written to
                    messages.warning(request, "宛先のメールがないため、お知らせを送れません。電話で連絡してください。")
        except Refused as refused:
            form.add_error(None, refused.message + (f"（{refused.clause}）" if refused.clause else ""))
        else:
            messages.success(request, "記録しました。")
            return redirect("console:unit", serial)
    return _page(request, serial, faulty=(f"exchange/{name}", form))


def _exchange_forms(unit: Any, running: Any, faulty: tuple[str, ActForm] | None) -> list[tuple[str, str, ActForm]]:
    """What may be done next about the exchange, with the form that was sent where it had a fault."""
    if running is None or running.closed_at is not None:
        offered = {"report": (ReportForm, "① 故障の連絡を受け、交換を始める")} if unit.state == "lent" else {}
    else:
        offered = {name: (kind, label) for name, (kind, label, _) in EXCHANGE.items()}
    return [
        (
            f"exchange/{name}",
            label,
            faulty[1] if faulty and faulty[0] == f"exchange/{name}" else kind(auto_id=f"{name}_%s"),
        )
        for name, (kind, label) in offered.items()
    ]


def _page(request: HttpRequest, serial: str, *, faulty: tuple[str, ActForm] | None = None) -> HttpResponse:
    unit = get_object_or_404(collection.units(), serial=serial)
    shown = []
    if may(request.actor, "units.write"):
        for name, (kind, states, label, _) in ACTS.items():
            if unit.state in states or (faulty and faulty[0] == name):
                initial = {"text": unit.note} if name == "note" else None
                form = faulty[1] if faulty and faulty[0] == name else kind(auto_id=f"{name}_%s", initial=initial)
                shown.append((name, label, form))
    running = unit_exchange.latest(unit.agreement) if unit.agreement else None
    if running is not None and serial not in (running.old_serial, running.new_serial):
        running = None
    if may(request.actor, "units.write") and unit.agreement:
        shown += _exchange_forms(unit, running, faulty)
    context = {
        "exchange": running,
        "steps": unit_exchange.steps(running) if running else [],
        "unit": unit,
        "tone": TONES[unit.state],
        "collection": collection.open_collection(unit),
        "past": unit.collections.exclude(received_at=None).select_related("agreement").order_by("-id"),
        "parcels": unit.consignments.select_related("agreement").order_by("-id"),
        "breaches": unit.breaches.order_by("-id"),
        "acts": shown,
    }
    return render(request, "console/units/one.html", context, status=422 if faulty else 200)


urlpatterns = [
    path("units/", index, name="units"),
    path("units/new/", new, name="unit_new"),
    path("units/<str:serial>/", one, name="unit"),
    path("units/<str:serial>/<slug:name>", act, name="unit_act"),
    path("units/<str:serial>/exchange/<slug:name>", exchange, name="unit_exchange"),
]
