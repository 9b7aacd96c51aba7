"""Cards, licences and routers of the tests: all invented."""

from datetime import date, datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.contracts import stock
from hoshu.contracts.models import Licence, Product
from hoshu.dates import JST

FAMILY = "ネットワーク保守ライセンス"
IX = catalog.edition("ix", "2022-10")
CONFIRMATIONS = [one.id for one in IX.application.confirmation if not one.wanted_with]
"""What an applicant confirms on the web, one by one."""


def at(text: str) -> datetime:
    """`2025-06-03 14:20` in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def open_for_business() -> None:
    """The operator's profile, without which no mail can be written."""
    operators.save(
        {
            "name": "株式会社みなと保守サービス",
            "registration_centre": "お客様登録受付センター",
            "registration_email": "touroku@example.jp",
            "fault_desk": "障害受付窓口",
            "fault_desk_phone": "03-0000-0100",
        }
    )


def router(code: str = "R-2105", **facts: Any) -> Product:
    """A model."""
    return stock.enter_product(service="ix", name=f"ルーター{code}", code=code, **facts)


def licence(card_serial: str = "L001", plan: str = "5d-3y", **facts: Any) -> Licence:
    """A licence in stock whose card must be back by the end of 2026."""
    facts = {"card_deadline": date(2026, 12, 31), "seller": "つばさ販売", **facts}
    return stock.enter_licence(service="ix", family=FAMILY, plan=plan, card_serial=card_serial, **facts)


def shipped(product: Product, serial: str = "N1", day: date = date(2025, 4, 22)) -> None:
    """A router leaves the factory."""
    stock.enter_shipment(product_id=product.pk, serial=serial, shipped_on=day)


def card(**changes: Any) -> dict[str, Any]:
    """A card on paper, filled without a fault, with `changes`."""
    return {
        "card_serial": "L001",
        "entry_date": "2025年5月20日",
        "start_weekday": ["tue"],
        "body_serial": "N1",
        "purchased": "2025/5/10",
        "contact_company": "みどり製作所株式会社",
        "contact_name": "山田 花子",
        "contact_email": "hanako@example.jp",
        "contact_phone": "03-0000-1234",
        "site_person": "佐藤 一郎",
        "site_phone": "022-000-1234",
        "site_address": "宮城県仙台市青葉区0-0",
        "same_writer": ["contact"],
        "licence_purchased": "2025-05-10",
        **changes,
    }


def online(**changes: Any) -> dict[str, Any]:
    """The same on the web, with what only the web asks."""
    return card(**{"owner": "same", "personal_numbers": "no", **changes})
