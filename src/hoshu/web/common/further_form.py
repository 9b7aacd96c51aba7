"""機器の追加: what is asked of who wants a further machine, the same in the portal and at the console (MM-SUP-04)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hoshu.contracts import Refused
from hoshu.contracts import further as contracts
from hoshu.flows import further

_MANY = f"1台から{contracts.MOST}台までで入力してください。"


class FurtherForm(forms.Form):
    """How many, where, why; at the desk also who asks."""

    machines = forms.IntegerField(
        label="追加する台数",
        min_value=1,
        max_value=contracts.MOST,
        error_messages={
            "invalid": "台数を数字で入力してください。例: 1",
            "min_value": _MANY,
            "max_value": _MANY,
        },
    )
    place = forms.CharField(label="設置する場所", max_length=200, help_text="住所を入力してください。")
    why = forms.CharField(
        label="追加する理由",
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="例: つなぐ機器が100台を超えるため",
    )
    asked_by = forms.CharField(label="申し出た方", max_length=80)

    def __init__(self, *args: Any, asks_who: bool, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        if not asks_who:
            del self.fields["asked_by"]


def page(request: HttpRequest, agreement: Any, *, place: str, initial: dict[str, Any] | None = None) -> HttpResponse:
    """The form, and what is asked for handed to the desk; `place` is `portal` or `console`. What was typed stays."""
    staff = place == "console"
    form = FurtherForm(request.POST or None, initial=initial, asks_who=staff)
    if request.method == "POST" and form.is_valid():
        said = {"asked_by": request.actor.name, **form.cleaned_data}
        try:
            asked = further.ask(
                agreement_id=agreement.pk, channel="desk" if staff else "portal", now=request.now, **said
            )
        except Refused as refused:
            form.add_error(None, f"{refused.message}（{refused.clause}）" if refused.clause else refused.message)
        else:
            return redirect(f"{place}:change", asked.number)
    context = {"form": form, "agreement": agreement, "back": f"{place}:agreement"}
    return render(request, "common/further.html", context, status=422 if form.errors else 200)
