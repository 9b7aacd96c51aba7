"""What the operator sells and has shipped: models, their options, licences in stock, units that left the factory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from hoshu import catalog
from hoshu.contracts import Refused, serials
from hoshu.contracts.models import Licence, Option, Product, Shipment


def enter_licence(
    *,
    service: str,
    family: str,
    plan: str,
    card_serial: str,
    card_deadline: date | None,
    registers_options: bool = False,
    seller: str = "",
    sold_on: date | None = None,
    price_yen: int | None = None,
) -> Licence:
    """IX-CARD-00, IX-PLAN-01, IX-GEN-08: one licence as printed on its card. Raises Refused."""
    number = serials.normalise(card_serial)
    if not number:
        raise Refused("シリアル No. を入力してください。")
    check_licence(service=service, family=family, plan=plan)
    if Licence.objects.filter(card_serial=number).exists():
        raise Refused(f"シリアル No. {number} はすでに登録されています。")
    return Licence.objects.create(
        service=service,
        family=family,
        plan=plan,
        card_serial=number,
        card_deadline=card_deadline,
        registers_options=registers_options,
        seller=seller.strip(),
        sold_on=sold_on,
        price_yen=price_yen,
    )


def check_licence(*, service: str, family: str, plan: str) -> None:
    """IX-PLAN-01, IX-GEN-08: is such a licence sold? Raises Refused."""
    edition = catalog.editions(service)[-1]
    if family not in edition.families:
        raise Refused("製品区分を選んでください。区分のないライセンスは登録できません。", "第4章 前文")
    if plan not in {known.id for known in edition.plan}:
        raise Refused("この種類のプランはありません。", "第1章 2.")


def enter_licences(licences: Sequence[Mapping[str, Any]]) -> None:
    """Many licences at once: the fields of `enter_licence`, each checked (`check_licence`), its serial normalised.

    One that is there already stays as it is: ask before, and for certainty after, what that is.
    """
    # In one order everywhere: two who wait for each other's numbers would wait for ever.
    ordered = sorted(licences, key=itemgetter("card_serial"))
    Licence.objects.bulk_create([Licence(**licence) for licence in ordered], ignore_conflicts=True)


def complete_licence(*, licence_id: int, card_deadline: date) -> Licence:
    """IX-REG-10: add the printed deadline that the stock lacks; a date that is there is never changed."""
    licence = Licence.objects.select_for_update().get(pk=licence_id)
    if licence.card_deadline is not None:
        raise Refused("お手続期限は印字された日付です。登録後は変えられません。", "第2章 1.(2)⑥")
    licence.card_deadline = card_deadline
    licence.save(update_fields=["card_deadline"])
    return licence


def enter_product(
    *, service: str, name: str, code: str, model_code: str = "", registers_options: bool = False
) -> Product:
    """機種. Raises Refused where the product code is taken."""
    if not name.strip() or not code.strip():
        raise Refused("品名と品名コードを入力してください。")
    if Product.objects.filter(code=code.strip()).exists():
        raise Refused(f"品名コード {code.strip()} はすでに使われています。")
    return Product.objects.create(
        service=service,
        name=name.strip(),
        code=code.strip(),
        model_code=model_code.strip(),
        registers_options=registers_options,
    )


def end_product(
    *,
    product_id: int,
    end_of_sale: date | None,
    support_limit: date | None = None,
    kit_sales_stopped: date | None = None,
) -> Product:
    """IX-COV-05: the end of new sales and, where the operator fixed one, the support limit. Raises Refused."""
    if support_limit and end_of_sale and support_limit < end_of_sale:
        raise Refused("保守対応期限は新規販売終了日より前にできません。どちらかの日付を直してください。", "第1章 3.")
    product = Product.objects.select_for_update().get(pk=product_id)
    product.end_of_sale, product.support_limit = end_of_sale, support_limit
    product.kit_sales_stopped = kit_sales_stopped
    product.save(update_fields=["end_of_sale", "support_limit", "kit_sales_stopped"])
    return product


def equip_product(
    *,
    product_id: int,
    exchange_units: Iterable[str] = (),
    equivalents: Iterable[str] = (),
    software_versions: Iterable[str] = (),
) -> Product:
    """IX-PRE-05, IX-WRK-01, IX-WRK-03: what is exchanged, by what, and which software is loaded."""
    product = Product.objects.select_for_update().get(pk=product_id)
    product.exchange_units, product.equivalents = list(exchange_units), list(equivalents)
    product.software_versions = list(software_versions)
    product.save(update_fields=["exchange_units", "equivalents", "software_versions"])
    return product


def enter_option(*, code: str, name: str, product_ids: Iterable[int]) -> Option:
    """IX-GEN-06: a genuine option, and the models it may be built into."""
    if Option.objects.filter(code=code.strip()).exists():
        raise Refused(f"品名コード {code.strip()} はすでに使われています。")
    option = Option.objects.create(code=code.strip(), name=name.strip())
    option.products.set(product_ids)
    return option


def enter_shipment(*, product_id: int, serial: str, shipped_on: date) -> Shipment:
    """IX-COV-03: which unit left the factory when. Raises Refused where the unit is already recorded."""
    number = serials.normalise(serial)
    if not number:
        raise Refused("製造番号を入力してください。")
    if Shipment.objects.filter(product_id=product_id, serial=number).exists():
        raise Refused(f"製造番号 {number} の出荷はすでに記録されています。")
    return Shipment.objects.create(product_id=product_id, serial=number, shipped_on=shipped_on)


def enter_shipments(shipments: Sequence[Mapping[str, Any]]) -> None:
    """Many units at once: `product_id`, `serial` normalised, `shipped_on`. One that is there already stays as it is."""
    ordered = sorted(shipments, key=itemgetter("serial", "product_id"))
    Shipment.objects.bulk_create([Shipment(**shipment) for shipment in ordered], ignore_conflicts=True)
