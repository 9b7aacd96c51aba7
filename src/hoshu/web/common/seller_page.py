"""The address under which new customers apply through a seller, for the seller itself and for its administrator."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from hoshu import catalog
from hoshu.accounts import Refused, seller_pages
from hoshu.web.common.operator_form import provided, services


class SellerPageForm(forms.Form):
    """What the seller calls the product, and whether it takes applications."""

    service = forms.CharField(widget=forms.HiddenInput)
    product_name = forms.CharField(label="商品名", max_length=80)
    is_open = forms.BooleanField(label="このページで申し込みを受け付ける", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)

    def clean_service(self) -> str:
        if self.cleaned_data["service"] not in through():
            raise forms.ValidationError("このサービスの申込ページは作れません。")
        return self.cleaned_data["service"]


def through() -> dict[str, catalog.Edition]:
    """The services here for which one applies through a seller: service → its newest edition."""
    newest = {service: catalog.editions(service)[-1] for service, _ in provided() or services()}
    return {service: one for service, one in newest.items() if one.application and one.application.through}


def shown(organisation_id: int, *, faulty: SellerPageForm | None = None) -> list[dict[str, Any]]:
    """For each such service: its page with the whole address, and the form."""
    found = []
    for service, edition in through().items():
        page = seller_pages.of(organisation_id=organisation_id, service=service)
        initial = {
            "service": service,
            "product_name": page.product_name if page else "",
            "is_open": page.is_open if page else True,
        }
        wrong = faulty is not None and faulty.data.get("service") == service
        found.append(
            {
                "name": edition.name,
                "page": page,
                "url": settings.BASE_URL + reverse("entrance:apply", args=[page.code]) if page else "",
                "form": faulty if wrong else SellerPageForm(initial=initial, auto_id=f"{service}_%s"),
            }
        )
    return found


def save(request: HttpRequest, organisation_id: int) -> SellerPageForm | None:
    """Keep what was sent; the form again where it had a fault."""
    form = SellerPageForm(request.POST)
    if form.is_valid():
        try:
            seller_pages.put(organisation_id=organisation_id, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return form if form.errors else None
