"""Customers from a table, ahead of their first card."""

from datetime import datetime
from typing import Any

from hoshu.accounts import organisations
from hoshu.imports.batches import Batch
from hoshu.imports.columns import Column, Phone, Words
from hoshu.imports.kinds import Kind
from hoshu.japan.names import folded
from hoshu.japan.phones import digits


def customers() -> Kind:
    """お客様, ahead of their first card."""
    return Kind(
        id="customers",
        label="お客様",
        about="1行が、お客様（会社）1つになります。名称と電話番号の両方が同じお客様は、1つと見なします。",
        columns=(
            Column(
                name="name",
                label="名称",
                form=Words(120, printed=True),
                required=True,
                example="株式会社あおば商会",
                hint="お知らせの手紙に印刷します。㈱、髙、𠮷などは、書いたとおりに登録します。",
                also=("会社名", "お客様名"),
                alike=folded,
            ),
            Column(name="kana", label="フリガナ", form=Words(160), example="アオバショウカイ"),
            Column(name="phone", label="電話番号", form=Phone(), example="03-0000-0001", alike=digits),
        ),
        key=("name", "phone"),
        check=_check,
        write=_write,
    )


def _check(batch: Batch, now: datetime) -> None:
    known = organisations.customers_called({folded(batch["name"][place]) for place in batch.open()})
    for place in batch.open():
        alike = known.get(folded(batch["name"][place]), ())
        twin = organisations.twin_of(name=batch["name"][place], phone=batch["phone"][place] or "", among=alike)
        if twin is not None:
            batch.already(place, twin.name)
        elif alike:
            tell_namesake(batch, place, "name", alike[0])


def tell_namesake(batch: Batch, place: int, column: str, other: Any) -> None:
    """Somebody should see that a customer of this name, with another number, is there already."""
    text = f"同じ名称のお客様が、電話番号 {other.phone or '（なし）'} で登録されています。別の会社か確かめてください。"
    batch.caution(place, column, "同じ名称のお客様", text)


def _write(batch: Batch, now: datetime) -> None:
    # Whoever accepts a card of such a customer waits until these are there, and then finds them.
    organisations.hold_names({folded(batch["name"][place]) for place in batch.open()})
    _check(batch, now)
    entered = [{name: value or "" for name, value in batch.row(place).items()} for place in batch.open()]
    organisations.enter_customers(entered, now=now)
    for place in batch.open():
        batch.became(place, batch["name"][place])
