"""What the operator sells and has shipped: articles, licences in stock, models, their options, units that left."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.models import Organisation
from hoshu.contracts import Refused, form, queries, serials
from hoshu.contracts.models import Article, Licence, Option, Product, Shipment
from hoshu.japan.width import half_width

_NUMBER = re.compile(r"[0-9A-Z]{1,40}")
"""A number of a licence as it is kept: what people read off a card, and nothing that an address cannot hold."""


def enter_article(
    *,
    service: str,
    sku: str,
    name: str,
    plan: str,
    family: str = "",
    price_yen: int | None = None,
    supported_os: str = "",
    registers_options: bool = False,
    sold_until: date | None = None,
) -> Article:
    """VA-REG-21: what a seller orders by its number, with the plan that it gives a right to. Raises Refused.

    `sku` is unique however it is typed. `price_yen` is the sum as it is invoiced: no terms say anything about tax.
    """
    edition = check_licence(service=service, family=family, plan=plan)
    number = half_width(sku).upper()
    if not number or not name.strip():
        raise Refused("商品番号と商品名を入力してください。")
    if Article.objects.filter(sku=number).exists():
        raise Refused(f"商品番号 {number} はすでに使われています。別の番号にするか、その商品を変更してください。")
    return Article.objects.create(
        service=service,
        sku=number,
        name=name.strip(),
        family=family if edition.families else "",
        plan=plan,
        price_yen=price_yen,
        supported_os=supported_os.strip(),
        registers_options=registers_options and form.printed_options(edition) is not None,
        sold_until=sold_until,
    )


def change_article(
    *, article_id: int, name: str, price_yen: int | None, supported_os: str = "", sold_until: date | None = None
) -> Article:
    """Another name, price or last day of sale. What it gives a right to stays; licences keep the price they had."""
    if not name.strip():
        raise Refused("商品名を入力してください。")
    article = Article.objects.select_for_update().get(pk=article_id)
    article.name, article.supported_os = name.strip(), supported_os.strip()
    article.price_yen, article.sold_until = price_yen, sold_until
    article.save(update_fields=["name", "supported_os", "price_yen", "sold_until"])
    return article


def enter_licence(
    *,
    card_serial: str,
    service: str = "",
    family: str = "",
    plan: str = "",
    article_id: int | None = None,
    card_deadline: date | None = None,
    registers_options: bool = False,
    seller: str = "",
    reseller_id: int | None = None,
    sold_on: date | None = None,
    price_yen: int | None = None,
) -> Licence:
    """IX-CARD-00, IX-PLAN-01, IX-GEN-08, VA-REG-21: one licence or pack, as its card is printed. Raises Refused.

    With an article, service, family, plan and options are the article's, and so is the price unless one is given.
    """
    if article_id is not None:
        article = Article.objects.get(pk=article_id)
        if article.sold_until and sold_on and sold_on > article.sold_until:
            raise Refused(f"{article.sku} の販売は終わっています。販売日か商品を確かめてください。")
        service, family, plan = article.service, article.family, article.plan
        registers_options = article.registers_options
        price_yen = article.price_yen if price_yen is None else price_yen
    edition = check_licence(service=service, family=family, plan=plan)
    number = _free_number(card_serial, edition)
    if card_deadline and form.printed_deadline(edition) is None:
        raise Refused(f"{edition.name}のカードに期限の印字はありません。期限は、ご購入日から数えます。")
    return Licence.objects.create(
        service=service,
        family=family if edition.families else "",
        plan=plan,
        card_serial=number,
        card_deadline=card_deadline,
        registers_options=registers_options and form.printed_options(edition) is not None,
        article_id=article_id,
        price_yen=price_yen,
        **_sale(seller, reseller_id, sold_on),
    )


def check_licence(*, service: str, family: str, plan: str) -> catalog.Edition:
    """IX-PLAN-01, IX-GEN-08: is such a licence sold? By the newest edition, which is returned. Raises Refused.

    A family counts only where the edition knows any.
    """
    if service not in form.services_with_licence():
        raise Refused("サービスを選んでください。ライセンスやパックで売るサービスだけを登録できます。")
    edition = catalog.editions(service)[-1]
    if edition.families and family not in edition.families:
        clause = edition.application.clause if edition.application else ""
        raise Refused("製品区分を選んでください。区分のないライセンスは登録できません。", clause)
    if plan not in {known.id for known in edition.plan}:
        raise Refused("この種類のプランはありません。", edition.plan[0].clause)
    return edition


def _free_number(written: str, edition: catalog.Edition) -> str:
    at = form.field_of(edition, "licence.serial")
    label = at.label if at else "番号"
    number = serials.normalise(written)
    if not _NUMBER.fullmatch(number):
        raise Refused(f"{label}を英字と数字だけで入力してください。例: {at.example if at else 'P2600001'}")
    if taken := Licence.objects.filter(card_serial=number).first():
        of = "" if taken.service == edition.service else f"「{catalog.editions(taken.service)[-1].name}」の番号として"
        raise Refused(f"{label} {number} は{of}すでに登録されています。")
    return number


def _sale(seller: str, reseller_id: int | None, sold_on: date | None) -> dict[str, object]:
    """By whom a licence was sold, and when. A reseller with a login needs no name beside it."""
    if reseller_id is not None:
        place = organisations.get(reseller_id)
        if place is None or place.kind != Organisation.Kind.RESELLER:
            raise Refused("販売店を一覧から選んでください。")
        seller = seller.strip() or place.name
    return {"seller": seller.strip(), "reseller_id": reseller_id, "sold_on": sold_on}


def record_sale(*, licence_id: int, seller: str, reseller_id: int | None, sold_on: date | None) -> Licence:
    """IX-REG-06, VA-REG-12: by whom a licence was sold and when, as the seller reports it. Raises Refused.

    No day of the customer counts from here: those stand on the application (IX-REG-08, VA-REG-02).
    """
    licence = Licence.objects.select_for_update(of=("self",)).select_related("article").get(pk=licence_id)
    last = licence.article.sold_until if licence.article else None
    if last and sold_on and sold_on > last:
        raise Refused(f"{licence.article.sku} の販売は終わっています。販売日を確かめてください。")
    for name, value in _sale(seller, reseller_id, sold_on).items():
        setattr(licence, name, value)
    licence.save(update_fields=["seller", "reseller_id", "sold_on"])
    return licence


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
    printed = form.printed_deadline(catalog.editions(licence.service)[-1])
    if printed is None:
        raise Refused("このサービスのカードに期限の印字はありません。")
    if licence.card_deadline is not None:
        raise Refused(f"{printed.label}は印字された日付です。登録後は変えられません。", printed.clause)
    licence.card_deadline = card_deadline
    licence.save(update_fields=["card_deadline"])
    return licence


def enter_product(
    *, service: str, name: str, code: str, model_code: str = "", registers_options: bool = False
) -> Product:
    """機種. Raises Refused where the product code is taken."""
    if not name.strip() or not code.strip():
        raise Refused("品名と品名コードを入力してください。")
    if "/" in half_width(code):
        raise Refused("品名コードに「/」は使えません。「-」などに替えてください。")
    if Product.objects.filter(code=code.strip()).exists():
        raise Refused(f"品名コード {code.strip()} はすでに使われています。")
    return Product.objects.create(
        service=service,
        name=name.strip(),
        code=code.strip(),
        model_code=model_code.strip(),
        registers_options=registers_options and form.printed_options(catalog.editions(service)[-1]) is not None,
    )


def end_product(*, product_id: int, **dates: date | None) -> Product:
    """IX-COV-05, VA-TRM-03, SP-TRM-03: the days that end a model, by the names of `queries.DATES_OF_MODEL`.

    What is not named stays; None takes a day back. Raises Refused for days that cannot follow each other.
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    for name, day in dates.items():
        if name not in queries.DATES_OF_MODEL:
            raise TypeError(f"{name} is no day of a model")
        setattr(product, name, day)
    for earlier, later in (("end_of_sale", "support_limit"), ("production_ended", "parts_until")):
        first, last = getattr(product, earlier), getattr(product, later)
        if first and last and last < first:
            labels = [Product._meta.get_field(name).verbose_name.partition("(")[0] for name in (later, earlier)]
            text = f"{labels[0]}は{labels[1]}より前にできません。どちらかの日付を直してください。"
            raise Refused(text, _clause_of_day(product.service, later))
    product.save(update_fields=list(dates))
    return product


def _clause_of_day(service: str, recorded: str) -> str:
    """The clause by which a day that the operator records ends the service."""
    coverage = catalog.editions(service)[-1].coverage
    return next((cap.clause for cap in coverage.cap if cap.recorded == recorded), "") if coverage else ""


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
