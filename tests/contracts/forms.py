"""The forms of the services that have no card: all invented, filled without a fault."""

from typing import Any

from hoshu import catalog
from hoshu.contracts import stock
from hoshu.contracts.models import Licence, Product

BOX = "N8100-2558"
"""型名 of the machine in these forms."""


def confirmations(service: str) -> list[str]:
    """Everything that somebody who applies for the service on the web confirms."""
    terms = catalog.editions(service)[-1].application
    assert terms is not None
    return [one.id for one in terms.confirmation if not one.wanted_with]


def pack(number: str = "P001", *, service: str = "video", plan: str = "9x5-5y") -> Licence:
    """A pack in stock."""
    return stock.enter_licence(service=service, plan=plan, card_serial=number)


def model(service: str = "video", code: str = BOX) -> Product:
    """A model that the service covers."""
    return stock.enter_product(service=service, name=f"機器{code}", code=code)


def machine(number: str = "P001", serial: str = "1234567", **changes: Any) -> dict[str, Any]:
    """One pass of the device screen (VA-REG-21 … VA-REG-24)."""
    return {
        "pack_serial": number,
        "machine_type": BOX,
        "serial": serial,
        "purchased": "2026-01-05",
        "pack_purchased": "2026-01-05",
        "owner": "same",
        "site_organisation": "みどり製作所株式会社",
        "site_address": "宮城県仙台市青葉区0-0 第3ビル3階",
        "site_name": "佐藤 一郎",
        "site_phone": "022-000-1234",
        **changes,
    }


def packed(*machines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form of a pack: who applies, who administers, and each machine."""
    return {
        "user_id": "hanako@example.jp",
        "registrant_organisation": "みどり製作所株式会社",
        "registrant_name": "山田 花子",
        "registrant_phone": "03-0000-1234",
        "quantity": str(len(machines) or 1),
        "administrator_organisation": "みどり製作所株式会社",
        "administrator_address": "東京都港区芝0-0-0",
        "administrator_name": "山田 花子",
        "administrator_phone": "03-0000-1234",
        "administrator_email": "hanako@example.jp",
        "machines": list(machines) or [machine()],
        **changes,
    }


def printers(*machines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """サービス申込書 of remote-care."""
    return {
        "contact_company": "みどり製作所株式会社",
        "contact_name": "山田 花子",
        "contact_email": "hanako@example.jp",
        "contact_phone": "03-0000-1234",
        "contact_address": "東京都港区芝0-0-0",
        "services": ["consumables"],
        "metered_line": "no",
        "machines": list(machines) or [printer()],
        **changes,
    }


def printer(serial: str = "PR0001", **changes: Any) -> dict[str, Any]:
    """One printer of it."""
    return {"model": "P-9300", "serial": serial, "connected": "yes", **changes}
