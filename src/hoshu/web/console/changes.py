"""変更の申請: the queue of the desk, a card or a call typed in, and the page on which a change is decided."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, queries
from hoshu.contracts.form import Block
from hoshu.contracts.proposal import FURTHER, TRANSFER, part_of, propose, week
from hoshu.contracts.shared_changes import AT_ONCE
from hoshu.files import store, uploads
from hoshu.flows import changes, further, transfer
from hoshu.japan import phones
from hoshu.notifications import outbox
from hoshu.web.common import change_form, further_form
from hoshu.web.common.inputs import DateField, ReadField
from hoshu.web.common.views import allow
from hoshu.web.console.registration import DECLARATIONS

ROWS = 50
_ADDRESS = ("postal_code", "address")
PLACE = change_form.Place(page="console:change", conflict_page="console:change_conflict", staff=True)
VIEWS = [
    ("", "処理するもの"),
    ("draft", "下書き"),
    ("returned", "差戻し"),
    ("applied", "反映済"),
    ("refused", "受けられない"),
    ("withdrawn", "取下げ"),
    ("all", "すべて"),
]
CHANNELS = [("desk", "窓口への連絡"), ("email", "変更カード（メール）"), ("post", "変更カード（郵送）")]


class ArrivalForm(forms.Form):
    """A card or a call about an agreement: how, when, and who asked (IX-CHG-08)."""

    agreement = forms.CharField(label="契約の番号", max_length=40)
    channel = forms.ChoiceField(label="届いた方法", choices=CHANNELS, widget=forms.RadioSelect)
    received_on = DateField(label="届いた日", help_text="届け出の期限は、この日で決まります。")
    asked_by = forms.CharField(label="申し出た方", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class CardForm(forms.Form):
    """IX-CHG-06: somebody asked for the change form by mail."""

    number = forms.CharField(label="サービス手配番号", max_length=40)
    to = forms.EmailField(label="送り先のメール", required=False, help_text="空欄のときは、登録の連絡先へ送ります。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="card_%s", **kwargs)


class TransferForm(forms.Form):
    """The new customer, and the consent in writing (IX-ASG-01)."""

    company = forms.CharField(label="新しい契約者（会社名・団体名）", max_length=120)
    phone = ReadField(
        label="代表の電話番号",
        read=phones.read,
        max_length=40,
        help_text="名称と電話番号の両方が同じお客様がいれば、その契約にします。",
    )
    name = forms.CharField(label="ご連絡先のお名前", max_length=80)
    email = forms.EmailField(label="ご連絡先のメール", help_text="登録完了のお知らせの宛先。")
    postal_code = forms.CharField(label="郵便番号", max_length=8, required=False)
    address = forms.CharField(label="住所", max_length=200, required=False)
    accepted_by = forms.CharField(label="約款を承諾した方", max_length=80)
    consent = forms.FileField(label="承諾の書面（PDF・JPEG・PNG）")
    declared = forms.ChoiceField(label="個人番号を含みますか", choices=DECLARATIONS, widget=forms.RadioSelect)
    note = forms.CharField(label="引き継ぐ理由・記録に残すこと", required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="transfer_%s", **kwargs)


@require_GET
@allow("changes.read")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the desk, the oldest first; or any state, the newest first."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.change_requests(state="" if state in ("", "all") else state, text=text)
    if not state and not text:
        found = found.filter(state__in=queries.OPEN_CHANGES).order_by("submitted_at", "id")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/changes/index.html",
        {
            "page": page,
            "rows": [(one, change_form.TONES[one.state]) for one in page],
            "state": state,
            "text": text,
            "views": VIEWS,
            "may_enter": may(request.actor, "changes.enter"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("changes.enter")
def new(request: HttpRequest) -> HttpResponse:
    """A card arrived, or somebody calls: begin the request with the day that counts."""
    initial = {"agreement": request.GET.get("agreement", ""), "received_on": request.now.date(), "channel": "desk"}
    form = ArrivalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        agreement = queries.agreements().filter(number=given["agreement"].strip().upper()).first()
        if agreement is None:
            form.add_error("agreement", "この番号の契約は見つかりません。最新のお知らせにある番号を入力してください。")
        else:
            try:
                begun = changes.start(
                    agreement_id=agreement.pk,
                    channel=given["channel"],
                    asked_by=given["asked_by"],
                    received_on=given["received_on"],
                    now=request.now,
                )
            except Refused as refused:
                form.add_error(None, refused.message)
            else:
                return redirect("console:change", begun.number)
    context = {"form": form, "card": CardForm(initial={"number": request.GET.get("agreement", "")})}
    return render(request, "console/changes/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("changes.enter")
def ask_further(request: HttpRequest, number: str) -> HttpResponse:
    """MM-SUP-04: somebody asks the desk for a further machine."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    return further_form.page(request, agreement, place="console")


@require_POST
@allow("changes.enter")
def send_form(request: HttpRequest) -> HttpResponse:
    """IX-CHG-06: mail the change form, filled with what is registered."""
    card = CardForm(request.POST)
    if card.is_valid():
        try:
            sent = changes.send_form(now=request.now, **card.cleaned_data)
        except Refused as refused:
            card.add_error("number", f"{refused.message}{refused.clause}")
        except outbox.Refused as refused:
            card.add_error("to", refused.message)
        else:
            messages.success(request, f"{sent.to} に変更カードを送りました。")
            return redirect("console:changes")
    initial = {"received_on": request.now.date(), "channel": "desk"}
    return render(request, "console/changes/new.html", {"form": ArrivalForm(initial=initial), "card": card}, status=422)


@require_GET
@allow("changes.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A request to type in, or to decide."""
    return _page(request, _request(number))


@require_POST
@allow("changes.enter")
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was typed from a card or a call."""
    return change_form.save(request, _request(number), PLACE)


@require_http_methods(["GET", "POST"])
@allow("changes.enter")
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """The same request in another window, or a colleague."""
    return change_form.conflict(request, _request(number), PLACE)


@require_POST
@allow("changes.enter")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Save what was typed for the caller and hand it in."""
    kept = _request(number)
    try:
        if "version" in request.POST and change_form.keep(request, kept).parked:
            return redirect("console:change_conflict", number)
        changes.submit(request_id=kept.pk, partly="partly" in request.POST, now=request.now)
    except changes.Incomplete as stopped:
        return _page(request, _request(number), stopped=stopped)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("console:change", number)


def _act(step: Callable[[HttpRequest, Any], Any], said: str) -> Any:
    """A view that takes one step and says what was done; what was typed stays on the page of a refused step."""

    @require_POST
    @allow("changes.decide")
    def view(request: HttpRequest, number: str) -> HttpResponse:
        kept = _request(number)
        try:
            step(request, kept)
        except Refused as refused:
            return _page(request, kept, refused=refused)
        except outbox.Refused as refused:
            return _page(request, kept, refused=Refused(refused.message))
        messages.success(request, said)
        return redirect("console:change", number)

    return view


check = _act(lambda request, kept: changes.begin_check(request_id=kept.pk, now=request.now), "確認を始めました。")
apply = _act(
    lambda request, kept: changes.apply(request_id=kept.pk, note=request.POST.get("note", ""), now=request.now),
    "登録の内容を変更し、お知らせを送りました。",
)
send_back = _act(
    lambda request, kept: changes.send_back(request_id=kept.pk, reason=request.POST.get("reason", ""), now=request.now),
    "差し戻して、お客様にお知らせしました。",
)
refuse = _act(
    lambda request, kept: changes.refuse(
        request_id=kept.pk,
        reason=request.POST.get("reason", ""),
        clause=request.POST.get("clause", ""),
        now=request.now,
    ),
    "変更をお断りし、お客様にお知らせしました。",
)
withdraw = _act(
    lambda request, kept: changes.withdraw(request_id=kept.pk, reason=request.POST.get("reason", ""), now=request.now),
    "申請を取り下げました。",
)


add = _act(
    lambda request, kept: further.add(request_id=kept.pk, now=request.now),
    "機器を追加してお知らせを送り、発送を手配しました。",
)


@require_POST
@allow("changes.decide")
def apply_together(request: HttpRequest, number: str) -> HttpResponse:
    """IX-CHGF-04: all that can be applied of what came with one form; what is left out is said, with why."""
    kept = _request(number)
    done = changes.apply_together(request_id=kept.pk, note=request.POST.get("note", ""), now=request.now)
    if done.applied:
        messages.success(request, f"{len(done.applied)}件の契約に反映し、お知らせを送りました。")
    if done.left_out:
        return _page(request, kept, left_out=done)
    return redirect("console:change", number)


@require_POST
@allow("changes.decide")
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """IX-ASG-01: another customer goes on with the agreement."""
    kept = _request(number)
    form = TransferForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, kept, transfer_form=form)
    given = form.cleaned_data
    try:
        agreement = transfer.carry_out(
            request_id=kept.pk,
            contact=Block(**{part: given[part] for part in ("company", "phone", "name", "email", *_ADDRESS)}),
            accepted_by=given["accepted_by"],
            consent=(given["consent"].name, uploads.read(given["consent"])),
            declared_personal_number=given["declared"] == "yes",
            note=given["note"],
            now=request.now,
        )
    except (Refused, store.Refused, outbox.Refused) as refused:
        form.add_error(None, f"{refused}{getattr(refused, 'clause', '')}")
        return _page(request, kept, transfer_form=form)
    messages.success(request, f"契約者を替えました。新しい契約は {agreement.number} です。")
    return redirect("console:change", number)


def _request(number: str) -> Any:
    return get_object_or_404(queries.change_requests(), number=number)


def _page(
    request: HttpRequest,
    kept: Any,
    *,
    stopped: changes.Incomplete | None = None,
    refused: Refused | None = None,
    transfer_form: TransferForm | None = None,
    left_out: changes.Together | None = None,
) -> HttpResponse:
    kept.refresh_from_db()
    status = 422 if stopped or refused or transfer_form or (left_out and not left_out.applied) else 200
    types = kept.state in queries.CHANGES_WITH_CUSTOMER and kept.channel != kept.Channel.PORTAL
    if types and may(request.actor, "changes.enter"):
        context = change_form.shown(request, kept, PLACE, stopped=stopped) | {"refused": refused}
        return render(request, "console/changes/draft.html", context, status=status)
    proposal, may_decide = propose(kept, now=request.now), may(request.actor, "changes.decide")
    is_open = kept.state in queries.OPEN_CHANGES
    passes_on = is_open and part_of(proposal.parts, TRANSFER) is not None
    context = {
        "passes_on": passes_on,
        "adds": part_of(proposal.parts, FURTHER) is not None,
        "hindrances": transfer.hindrances(kept, proposal, now=request.now) if passes_on else [],
        "transfer_form": transfer_form or TransferForm(initial={"company": kept.said.get("new_customer", "")}),
        "change": kept,
        "agreement": kept.agreement,
        "tone": change_form.TONES[kept.state],
        "events": kept.events.order_by("id"),
        "sent_with": change_form.sent_with(kept),
        "place": PLACE,
        "is_open": is_open,
        "may_decide": may_decide,
        "together": changes.together(request=kept, now=request.now) if may_decide else None,
        "left_out": left_out.left_out if left_out else [],
        "at_once": AT_ONCE,
        "proposal": proposal,
        "week": week(kept.agreement, proposal) if is_open else None,
        "by_person": changes.by_person(proposal),
        "clauses": list(dict.fromkeys(part.clause for part in proposal.parts if part.clause)),
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "console/changes/page.html", context, status=status)


urlpatterns = [
    path("agreements/<str:number>/further", ask_further, name="further"),
    path("changes/", index, name="changes"),
    path("changes/new/", new, name="change_new"),
    path("changes/form", send_form, name="change_form"),
    path("changes/<str:number>/", page, name="change"),
    path("changes/<str:number>/save", save, name="change_save"),
    path("changes/<str:number>/conflict", conflict, name="change_conflict"),
    path("changes/<str:number>/submit", submit, name="change_submit"),
    path("changes/<str:number>/check", check, name="change_check"),
    path("changes/<str:number>/apply", apply, name="change_apply"),
    path("changes/<str:number>/apply-together", apply_together, name="change_apply_together"),
    path("changes/<str:number>/transfer", pass_on, name="change_transfer"),
    path("changes/<str:number>/add", add, name="change_add"),
    path("changes/<str:number>/return", send_back, name="change_return"),
    path("changes/<str:number>/refuse", refuse, name="change_refuse"),
    path("changes/<str:number>/withdraw", withdraw, name="change_withdraw"),
]
