"""発送: what is to leave the house, what is on its way, what came back (MM-FLW-01, MM-FLW-04, VA-REG-08)."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, queries
from hoshu.flows import shipping
from hoshu.web.common.parcel_form import MissingForm
from hoshu.web.common.views import allow
from hoshu.web.console.ending_forms import ActForm

ROWS = 50
STATES = [("open", "発送待ち"), ("moving", "配送中"), ("back", "返送"), ("arrived", "受領済")]


class ShipForm(ActForm):
    """It leaves; a lent machine is named by the number on its label."""

    unit_serial = forms.CharField(label="貸出機の製造番号", max_length=40, required=False)
    carrier = forms.CharField(label="配送業者", max_length=60, required=False)
    tracking_number = forms.CharField(label="送り状番号", max_length=40, required=False)


Act = Callable[[int, Mapping[str, Any], Any], object]
ACTS: dict[str, tuple[type[ActForm], str, str, Act]] = {
    "ship": (
        ShipForm,
        "open",
        "発送を記録する",
        lambda key, said, now: shipping.ship(
            consignment_id=key,
            unit_serial=said["unit_serial"],
            carrier=said["carrier"],
            tracking_number=said["tracking_number"],
            now=now,
        ),
    ),
    "arrived": (
        MissingForm,
        "moving",
        "受領を記録する",
        lambda key, said, now: shipping.arrived(consignment_id=key, missing=said["found"], now=now),
    ),
    "came_back": (
        ActForm,
        "moving",
        "返送を記録する",
        lambda key, said, now: shipping.came_back(consignment_id=key, now=now),
    ),
    "again": (
        ActForm,
        "back",
        "もう一度手配する",
        lambda key, said, now: shipping.send_again(consignment_id=key, now=now),
    ),
}
"""Name → form, the state in which it may be done, what it is called, what it does."""


@require_GET
@allow("units.read")
def index(request: HttpRequest) -> HttpResponse:
    """The parcels by state, the oldest first."""
    return _page(request)


@require_POST
@allow("units.write")
def act(request: HttpRequest, consignment_id: int, name: str) -> HttpResponse:
    """A step of one parcel."""
    if name not in ACTS:
        raise Http404
    parcel = get_object_or_404(queries.parcels(), pk=consignment_id)
    kind, _, label, do = ACTS[name]
    form = kind(request.POST, auto_id=f"{name}_{parcel.pk}_%s")
    if form.is_valid():
        try:
            do(parcel.pk, form.cleaned_data, request.now)
        except Refused as refused:
            form.add_error(None, refused.message + (f"（{refused.clause}）" if refused.clause else ""))
        else:
            messages.success(request, f"記録しました: {label}")
            return redirect("console:consignments")
    return _page(request, faulty=(parcel.pk, name, form))


def _page(request: HttpRequest, *, faulty: tuple[int, str, ActForm] | None = None) -> HttpResponse:
    state = request.GET.get("state", "open")
    found = queries.parcels(state=state if state in dict(STATES) else "open")
    if faulty:
        found = queries.parcels().filter(pk=faulty[0])
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    writes = may(request.actor, "units.write")

    def acts(parcel: Any) -> list[tuple[str, str, ActForm]]:
        shown = []
        for name, (kind, wanted, label, _) in ACTS.items():
            if faulty and faulty[:2] == (parcel.pk, name):
                shown.append((name, label, faulty[2]))
            elif queries.parcel_state(parcel) == wanted:
                shown.append((name, label, kind(auto_id=f"{name}_{parcel.pk}_%s")))
        return shown if writes else []

    context = {
        "page": page,
        "rows": [(parcel, dict(STATES)[queries.parcel_state(parcel)], acts(parcel)) for parcel in page],
        "states": STATES,
        "state": state,
    }
    return render(request, "console/consignments.html", context, status=422 if faulty else 200)


urlpatterns = [
    path("consignments/", index, name="consignments"),
    path("consignments/<int:consignment_id>/<slug:name>", act, name="consignment_act"),
]
