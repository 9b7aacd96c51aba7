"""お渡しと変更の記録: to whom an edition was supplied, small changes of a service, where its desk is reached."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.japan import phones
from hoshu.publishing import told
from hoshu.web.common.inputs import DateField, MomentField, ReadField
from hoshu.web.common.views import allow

SHOWN = 100


class SupplyForm(forms.Form):
    """When an edition was supplied to a seller (MM-DOC-01)."""

    edition = forms.ChoiceField(label="版")
    seller = forms.ChoiceField(label="販売店")
    supplied_at = MomentField(label="お渡しした日時")

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="supply_%s", **kwargs)
        self.fields["edition"].choices = [
            (one.edition, f"{one.edition}版") for one in reversed(catalog.editions(service))
        ]
        sellers = organisations.search("", kind="reseller").order_by("name")
        self.fields["seller"].choices = [(str(one.pk), one.name) for one in sellers]


class ChangeForm(forms.Form):
    """A change of a detail (MM-OVR-11)."""

    changed_on = DateField(label="変えた日")
    what = forms.CharField(label="変えたこと", max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="change_%s", **kwargs)


class DeskForm(forms.Form):
    """Where the desk is reached (MM-SUP-02)."""

    phone = ReadField(label="相談窓口の電話", read=phones.read, max_length=40, required=False)
    email = forms.EmailField(label="相談窓口のメール", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="desk_%s", **kwargs)


@require_http_methods(["GET", "POST"])
@allow("services.tell")
def page(request: HttpRequest, service: str) -> HttpResponse:
    """What is on record about a service, and three forms; `form` says which was sent."""
    if service not in catalog.services():
        raise Http404
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    supply = SupplyForm(request.POST if sent == "supply" else None, service=service)
    change = ChangeForm(request.POST if sent == "change" else None)
    desk = DeskForm(request.POST if sent == "desk" else None, initial=told.desk(service))
    said = {"supply": supply, "change": change, "desk": desk}.get(sent)
    if said is not None and said.is_valid():
        try:
            message = _record(sent, service, said.cleaned_data, request)
        except told.Refused as refused:
            said.add_error(None, refused.message)
        else:
            messages.success(request, message)
            return redirect("console:told", service)
    edition = catalog.editions(service)[-1]
    context = {
        "edition": edition,
        "editions": [(one, told.supplies(one)[:SHOWN]) for one in reversed(catalog.editions(service))],
        "changes": told.changes(service)[:SHOWN],
        "supply": supply,
        "change": change,
        "desk": desk if edition.desk_scope is not None else None,
    }
    return render(request, "console/told.html", context, status=422 if said is not None else 200)


def _record(sent: str, service: str, entries: dict[str, Any], request: HttpRequest) -> str:
    now: datetime = request.now
    if sent == "supply":
        told.supply(
            edition=catalog.edition(service, entries["edition"]),
            seller_id=int(entries["seller"]),
            supplied_at=entries["supplied_at"],
            actor=request.actor,
            now=now,
        )
        return "お渡しを記録しました。"
    if sent == "change":
        told.note_change(service=service, **entries, actor=request.actor, now=now)
        return "変更を記録しました。"
    told.save_desk(service=service, **entries)
    return "相談窓口の連絡先を保存しました。"


urlpatterns = [path("services/<slug:service>/", page, name="told")]
