"""What can be taken in by a table, and what becomes of a row. A new kind is a function here and a name in `kinds`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from hoshu import catalog
from hoshu.contracts import Refused, queries, serials, stock
from hoshu.contracts.form import services_with_licence
from hoshu.flows.import_agreements import agreements
from hoshu.flows.import_applications import applications_of_every_service
from hoshu.flows.import_customers import customers
from hoshu.imports.batches import Batch
from hoshu.imports.columns import Choice, Column, Day, Flag, Number, Words, Yen, fold
from hoshu.imports.kinds import Kind


def kinds() -> Mapping[str, Kind]:
    """Everything that can be taken in, by its id. Built anew, since services and plans may be published any day."""
    every = (licences(), shipments(), customers(), agreements(), *applications_of_every_service())
    return {kind.id: kind for kind in every}


# -- licences in stock


def licences() -> Kind:
    """本保守ライセンス as printed on their cards (IX-CARD-00, IX-PLAN-02, IX-REG-10)."""
    services = {catalog.editions(service)[-1].name: service for service in services_with_licence()}
    plans = {plan.name: plan.name for service in services.values() for plan in catalog.editions(service)[-1].plan}
    families = {family: family for service in services.values() for family in catalog.editions(service)[-1].families}
    return Kind(
        id="licences",
        label="ライセンス",
        about="1行が、カードを発行したライセンス1つになります。",
        columns=(
            Column(
                name="service",
                label="サービス",
                form=Choice(services, "サービス"),
                required=True,
                example=next(iter(services), ""),
            ),
            Column(
                name="card_serial",
                label="シリアル No.",
                form=Number(serials.normalise),
                required=True,
                example="NM-2025-000123",
                hint="カードに印字した番号。本体の製造番号ではありません。",
                also=("シリアルNo", "シリアル番号"),
            ),
            Column(
                name="family",
                label="製品区分",
                form=Choice(families, "製品区分"),
                required=True,
                example=next(iter(families), ""),
            ),
            Column(
                name="plan",
                label="プラン",
                form=Choice(plans, "プラン"),
                required=True,
                example=next(iter(plans), ""),
            ),
            Column(
                name="card_deadline",
                label="お手続期限",
                form=Day(),
                example="2026/03/31",
                hint="カードに印字した日付。計算はしません。登録後は変えられません。",
            ),
            Column(
                name="registers_options",
                label="オプション欄",
                form=Flag(),
                example="いいえ",
                hint="オプション欄のあるカード（3000番台の機種）か。空欄は「いいえ」。",
            ),
            Column(name="seller", label="ご購入元", form=Words(120), example="株式会社あおば商会"),
            Column(name="sold_on", label="販売日", form=Day(), example="2025/04/01"),
            Column(name="price_yen", label="価格(円)", form=Yen(), example="120000", also=("価格",)),
        ),
        key=("card_serial",),
        check=_check_licences,
        write=_write_licences,
    )


def _check_licences(batch: Batch, now: datetime) -> None:
    sold: dict[tuple[str, str, str], str] = {}
    for place in batch.open():
        what = batch["service"][place], batch["family"][place], batch["plan"][place]
        if (why_not := sold.get(what)) is None:
            why_not = sold[what] = _not_sold(*what)
        if why_not:
            batch.refuse(place, "plan", "サービスに合わない区分かプラン", why_not)
    known = queries.licences_of_cards({batch["card_serial"][place] for place in batch.open()})
    for place in batch.open() if known else ():
        if (kept := known.get(batch["card_serial"][place])) is not None and not _contradicts(batch, place, kept):
            batch.already(place, kept.card_serial)


def _contradicts(batch: Batch, place: int, kept: Any) -> bool:
    """Is another licence registered under this number? What is printed on a card is never overwritten."""
    differing = [batch.label(name) for name, value in _licence(batch, place).items() if getattr(kept, name) != value]
    if differing:
        text = f"この番号のライセンスは登録されていて、次の内容が違います: {'、'.join(differing)}。"
        batch.refuse(place, "card_serial", "登録と違うライセンス", text)
    return bool(differing)


def _not_sold(service: str, family: str, plan: str) -> str:
    """Why there is no such licence; empty where there is."""
    try:
        stock.check_licence(service=service, family=family, plan=_plan_id(service, plan))
    except Refused as refused:
        return f"{refused.message}（{refused.clause}）"
    return ""


def _plan_id(service: str, written: str) -> str:
    """The plan of a service that is called so."""
    names = {fold(plan.name): plan.id for plan in catalog.editions(service)[-1].plan}
    return names.get(fold(written), written)


def _licence(batch: Batch, place: int) -> dict[str, Any]:
    """A row as the fields of a licence."""
    row = batch.row(place)
    plan = _plan_id(row["service"], row["plan"])
    options, seller = bool(row["registers_options"]), row["seller"] or ""
    return {**row, "plan": plan, "registers_options": options, "seller": seller}


def _write_licences(batch: Batch, now: datetime) -> None:
    places = batch.open()
    stock.enter_licences([_licence(batch, place) for place in places])
    # Somebody may have entered one by hand since it was looked up.
    kept = queries.licences_of_cards({batch["card_serial"][place] for place in places})
    for place in places:
        if not _contradicts(batch, place, kept[batch["card_serial"][place]]):
            batch.became(place, batch["card_serial"][place])


# -- units that left the factory


def shipments() -> Kind:
    """出荷記録 (IX-COV-03)."""
    return Kind(
        id="shipments",
        label="出荷記録",
        about="1行が、出荷した機器1台になります。",
        columns=(
            Column(
                name="code",
                label="品名コード",
                form=Words(40),
                required=True,
                example="R-2105",
                hint="「機種と出荷」に登録してある品名コード。",
            ),
            Column(
                name="serial",
                label="製造番号",
                form=Number(serials.normalise),
                required=True,
                example="MR22-100001",
                hint="本体底面のラベルにある番号。",
            ),
            Column(name="shipped_on", label="出荷日", form=Day(), required=True, example="2025/03/20"),
        ),
        key=("code", "serial"),
        check=_check_shipments,
        write=_write_shipments,
    )


def _check_shipments(batch: Batch, now: datetime) -> None:
    models = queries.products_of_codes({batch["code"][place] for place in batch.open()})
    for place in batch.open():
        if (code := batch["code"][place]) not in models:
            batch.refuse(place, "code", "ない品名コード", f"品名コード「{code}」の機種は登録されていません。")
        elif batch["shipped_on"][place] > now.date():
            batch.caution(place, "shipped_on", "先の出荷日", "出荷日が今日より先です。日付を確かめてください。")
    known = queries.shipments_of_serials({batch["serial"][place] for place in batch.open()})
    for place in batch.open() if known else ():
        day = known.get((models[batch["code"][place]].pk, batch["serial"][place]))
        if day is not None and not _shipped_otherwise(batch, place, day):
            batch.already(place, batch["serial"][place])


def _shipped_otherwise(batch: Batch, place: int, day: date) -> bool:
    """Is another day recorded for this unit?"""
    if differs := day != batch["shipped_on"][place]:
        text = f"この製造番号の出荷は、{day:%Y/%m/%d}として記録されています。"
        batch.refuse(place, "shipped_on", "登録と違う出荷日", text)
    return differs


def _write_shipments(batch: Batch, now: datetime) -> None:
    places = batch.open()
    models = queries.products_of_codes({batch["code"][place] for place in places})
    units = {place: (models[batch["code"][place]].pk, batch["serial"][place]) for place in places}
    stock.enter_shipments(
        [
            {"product_id": product_id, "serial": serial, "shipped_on": batch["shipped_on"][place]}
            for place, (product_id, serial) in units.items()
        ]
    )
    kept = queries.shipments_of_serials({serial for _, serial in units.values()})
    for place, unit in units.items():
        if not _shipped_otherwise(batch, place, kept[unit]):
            batch.became(place, unit[1])
