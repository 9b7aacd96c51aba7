"""通知: every mail and letter that left or could not leave, and what to do about those that did not arrive."""

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts.access import may
from hoshu.notifications import outbox, queries
from hoshu.web.common.views import allow

ROWS = 50
TONES = {
    "held": "hold",
    "waiting": "info",
    "sending": "info",
    "sent": "ok",
    "bounced": "late",
    "failed": "late",
    "cancelled": "out",
}
"""The colour of each state; its word stands beside it."""


class Search(forms.Form):
    q = forms.CharField(label="ことば", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="状態", required=False, choices=[("", "すべて"), *queries.STATES])
    kind = forms.ChoiceField(label="種類", required=False, choices=[("", "すべて"), *queries.KINDS.items()])


class Resend(forms.Form):
    to = forms.EmailField(label="宛先のメールアドレス", max_length=254)


class Bounce(forms.Form):
    reason = forms.CharField(label="戻りの内容", max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class Reprint(forms.Form):
    """One field for each character that the font of the letters does not hold."""

    def __init__(self, missing: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, character in enumerate(missing):
            self.fields[f"for_{number}"] = forms.CharField(
                label=f"「{outbox.described(character)}」の代わり", max_length=10
            )
        self.missing = missing

    @property
    def replacements(self) -> dict[str, str]:
        return {character: self.cleaned_data[f"for_{number}"] for number, character in enumerate(self.missing)}


@require_GET
@allow("messages.read")
def index(request: HttpRequest) -> HttpResponse:
    """The outbox, the newest first; `?open=1` what somebody has to deal with."""
    form = Search(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    only_open = request.GET.get("open") == "1"
    found = (
        queries.unhandled()
        if only_open
        else queries.mailbox(
            text=chosen.get("q", "").strip(), state=chosen.get("state", ""), kind=chosen.get("kind", "")
        )
    )
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/messages.html",
        {
            "form": form,
            "page": page,
            "rows": [(message, TONES[message.state]) for message in page],
            "only_open": only_open,
            "open_count": queries.unhandled().count(),
        },
    )


@require_GET
@allow("messages.read")
def detail(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message as it was written, its way, and the actions that its state allows."""
    return _detail(request, _get(message_id))


@require_GET
@allow("messages.read")
def letter(request: HttpRequest, message_id: int) -> HttpResponse:
    """The PDF that goes with a message."""
    enclosed = _get(message_id).letter
    if enclosed is None:
        raise Http404
    try:
        pdf = queries.pdf(letter_id=enclosed.pk)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return HttpResponse(pdf.content, headers=pdf.headers)


@require_POST
@allow("messages.send")
def resend(request: HttpRequest, message_id: int) -> HttpResponse:
    """The same words again, perhaps to a corrected address."""
    message, form = _get(message_id), Resend(request.POST)
    if not form.is_valid():
        return _detail(request, message, resend=form)
    try:
        again = outbox.resend(message_id=message_id, to=form.cleaned_data["to"], actor=request.actor, now=request.now)
    except outbox.Refused as refused:
        return _refused(request, message, refused)
    toasts.success(request, f"{again.to} へ送り直します。")
    return redirect("console:message", message_id=again.pk)


@require_POST
@allow("messages.send")
def bounce(request: HttpRequest, message_id: int) -> HttpResponse:
    """Somebody read a returned mail: the addressee has not got it."""
    message, form = _get(message_id), Bounce(request.POST)
    if not form.is_valid():
        return _detail(request, message, bounce=form)
    try:
        outbox.bounced(message_id=message_id, reason=form.cleaned_data["reason"], now=request.now)
    except outbox.Refused as refused:
        return _refused(request, message, refused)
    toasts.warning(request, "届かなかったことを記録しました。正しい宛先を確かめて、送り直してください。")
    return redirect("console:message", message_id=message_id)


@require_POST
@allow("messages.send")
def settle(request: HttpRequest, message_id: int) -> HttpResponse:
    """The addressee was told in another way."""
    message = _get(message_id)
    try:
        outbox.settle(message_id=message_id, actor=request.actor, now=request.now)
    except outbox.Refused as refused:
        return _refused(request, message, refused)
    toasts.success(request, "対応済みにしました。")
    return redirect("console:message", message_id=message_id)


@require_POST
@allow("messages.send")
def cancel(request: HttpRequest, message_id: int) -> HttpResponse:
    """Do not send it after all."""
    message = _get(message_id)
    try:
        outbox.cancel(message_id=message_id, actor=request.actor, now=request.now)
    except outbox.Refused as refused:
        return _refused(request, message, refused)
    toasts.success(request, "送信を取り消しました。")
    return redirect("console:message", message_id=message_id)


@require_POST
@allow("messages.send")
def reprint(request: HttpRequest, message_id: int) -> HttpResponse:
    """Print the held letter with other characters, and let the mail go."""
    message = _get(message_id)
    if message.letter is None:
        raise Http404
    form = Reprint(message.letter.missing, request.POST)
    if not form.is_valid():
        return _detail(request, message, reprint=form)
    try:
        outbox.reprint(letter_id=message.letter.pk, replacements=form.replacements, now=request.now)
    except outbox.Refused as refused:
        return _refused(request, message, refused)
    toasts.success(request, "書面を作成しました。まもなく送信します。")
    return redirect("console:message", message_id=message_id)


def _get(message_id: int) -> Any:
    try:
        return queries.get(message_id=message_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _detail(request: HttpRequest, message: Any, **bound: forms.Form) -> HttpResponse:
    """The page of one message; `bound` holds a form that came back with faults."""
    forms_offered = {}
    if may(request.actor, "messages.send"):
        forms_offered = {name: form for name, form in _offered(message).items() if form is not None} | bound
    return render(
        request,
        "console/message.html",
        {
            "message": message,
            "kind": queries.KINDS.get(message.kind, ""),
            "tone": TONES[message.state],
            "sealed": message.kind in queries.SEALED,
            "again": message.resent_as.order_by("pk"),
            "faulty": next(iter(bound.values()), None),
            **forms_offered,
        },
        status=422 if bound else 200,
    )


def _offered(message: Any) -> dict[str, Any]:
    """The actions that fit the state, each with its form (True where it needs none)."""
    state = message.state
    held = state == "held" and message.letter is not None
    return {
        "resend": Resend(initial={"to": message.to}) if outbox.resendable(message) else None,
        "bounce": Bounce() if state == "sent" else None,
        "settle": True if state in {"bounced", "failed"} and message.handled_at is None else None,
        "cancel": True if state in {"waiting", "held"} else None,
        "reprint": Reprint(message.letter.missing) if held else None,
    }


def _refused(request: HttpRequest, message: Any, refused: outbox.Refused) -> HttpResponse:
    toasts.error(request, refused.message)
    return redirect("console:message", message_id=message.pk)


urlpatterns = [
    path("messages/", index, name="messages"),
    path("messages/<int:message_id>/", detail, name="message"),
    path("messages/<int:message_id>/letter.pdf", letter, name="message_letter"),
    path("messages/<int:message_id>/resend", resend, name="message_resend"),
    path("messages/<int:message_id>/bounce", bounce, name="message_bounce"),
    path("messages/<int:message_id>/settle", settle, name="message_settle"),
    path("messages/<int:message_id>/cancel", cancel, name="message_cancel"),
    path("messages/<int:message_id>/reprint", reprint, name="message_reprint"),
]
