"""Every key and code of an edition's file has a Japanese name."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hoshu.authoring.wording import Wording, choices, key_label, setting_in_words, table_of
from hoshu.authoring.words import CODES, KEYS
from hoshu.catalog import Edition, Table, every_edition, read
from tests.authoring.kettles import kettle


def tables(kind: type[Table], seen: dict[type[Table], None]) -> dict[type[Table], None]:
    """A table and all that it may hold."""
    if kind not in seen:
        seen[kind] = None
        for hint in kind.members.values():
            if (held := table_of(hint)) is not None:
                tables(held, seen)
    return seen


ALL = [*tables(Edition, {})]
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def keys() -> Iterator[tuple[type[Table], str, Any]]:
    for kind in ALL:
        for key, hint in kind.members.items():
            yield kind, key, hint


def test_every_key_has_a_name() -> None:
    assert [(kind.__name__, key) for kind, key, _ in keys() if not JAPANESE.search(key_label(kind, key))] == []


def test_every_code_has_a_name() -> None:
    unnamed = [
        (kind.__name__, key, code)
        for kind, key, hint in keys()
        for code in choices(hint)
        if code not in CODES and f"{kind.__name__}.{key}.{code}" not in CODES
    ]
    assert unnamed == []


def test_no_name_is_kept_for_what_no_table_has() -> None:
    known = {name for kind, key, _ in keys() for name in (key, f"{kind.__name__}.{key}")}
    assert set(KEYS) - known == set()
    codes = {
        name for kind, key, hint in keys() for code in choices(hint) for name in (code, f"{kind.__name__}.{key}.{code}")
    }
    assert set(CODES) - codes == set()


@pytest.mark.parametrize("edition", every_edition(), ids=lambda each: each.service)
def test_every_place_of_an_edition_can_be_said(edition: Edition) -> None:
    wording = Wording(edition)
    for place, cited in edition.cited():
        assert JAPANESE.search(wording.where(place)), place
        for label, value in wording.values(cited, str(place[0])):
            assert JAPANESE.search(label), (place, label)
            assert "None" not in value, (place, label, value)
            assert "Table" not in value, (place, label, value)


def test_values_are_said_with_their_units_and_names() -> None:
    edition = read(kettle())
    wording = Wording(edition)
    assert edition.coverage is not None
    assert wording.values(edition.coverage.cap[0], "coverage") == [
        ("名前", "end_of_sale"),
        ("数える事実", "新規販売終了日"),
        ("呼び名", "販売終了日"),
        ("年数", "5年"),
        ("上限の呼び名", "部品の期限"),
        ("窓口", "ハードウェア"),
        ("上限のかからない年数", "6年"),
        ("守るべき登録の期限", "ライセンス（パック）の購入日"),
        ("上限をかけない根拠", "あり"),
    ]
    assert edition.fee is not None
    assert ("基本料金", "8,000円") in wording.values(edition.fee.band[0], "fee")
    assert dict(wording.values(edition.plan[0]))["窓口ごとの時間帯"] == (
        "ハードウェア: 訪問の時間、相談窓口: 相談の時間、受付: 受付"
    )
    assert dict(wording.values(edition.window_hours[1]))["曜日"] == "月、火、水、木、金"
    assert dict(wording.values(edition.window_hours[1]))["時間"] == "20:00から02:00まで"


def test_a_place_can_be_said_without_its_edition() -> None:
    assert setting_in_words("registration.late.outcome") == "登録の承諾 › 期限を過ぎたとき › 結果"
    assert Wording().where(("plan", 11, "years")) == "プラン（12番目） › 年数"
    assert Wording().where(()) == ""
