"""販売店の申込ページ: each seller's own address for new customers, with its name for the product (MM-SUP-03)."""

import secrets
from datetime import datetime

from hoshu.accounts import Refused
from hoshu.accounts.models import Organisation, SellerPage
from hoshu.accounts.tenancy import as_system

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Small letters and digits that are not taken for each other: an address may be typed from a leaflet."""
_LENGTH = 10


def of(*, organisation_id: int, service: str) -> SellerPage | None:
    """The page of a seller for a service, open or not; None where it never had one."""
    with as_system("a seller's own page"):
        return SellerPage.objects.filter(organisation_id=organisation_id, service=service).first()


def under(code: str) -> SellerPage | None:
    """The page that takes applications under a code, with its seller; None for an unknown or a closed one."""
    with as_system("whose page this is"):
        return SellerPage.objects.select_related("organisation").filter(code=code.lower(), is_open=True).first()


def put(*, organisation_id: int, service: str, product_name: str, is_open: bool, now: datetime) -> SellerPage:
    """Open, rename or close the page; its address stays. Raises Refused without a product, or for no seller."""
    if not product_name.strip():
        raise Refused("product_name", "商品名を入力してください。例: みまもりパック")
    with as_system("a seller's own page"):
        seller = Organisation.objects.filter(pk=organisation_id, kind=Organisation.Kind.RESELLER).first()
        if seller is None:
            raise Refused("product_name", "申込ページを持てるのは、販売店だけです。")
        page, _ = SellerPage.objects.get_or_create(
            organisation=seller,
            service=service,
            defaults={"code": _new(), "product_name": product_name.strip(), "created_at": now},
        )
        page.product_name, page.is_open = product_name.strip(), is_open
        page.save(update_fields=["product_name", "is_open"])
    return page


def _new() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
