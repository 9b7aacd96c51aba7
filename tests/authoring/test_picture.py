"""An agreement as a picture that stands alone: what it shows, and that it says the same to those who do not see it."""

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from hoshu.authoring import NotDrawn, draw
from hoshu.catalog import Edition, read
from tests.authoring.kettles import kettle

SVG = "{http://www.w3.org/2000/svg}"
IX = {
    "ask": "coverage",
    "service": "ix",
    "plan": "5d-5y",
    "facts": {
        "purchased": "2022-04-15",
        "registered": "2022-05-01",
        "pack_purchased": "2022-04-15",
        "extension_kits": 1,
        "end_of_sale": "2022-12-01",
    },
}
VIDEO = {
    "service": "video",
    "plan": "9x5-5y",
    "facts": {
        "purchased": "2021-01-20",
        "registered": "2021-02-01",
        "production_ended": "2020-06-30",
        "warranty_years": 3,
    },
}


def drawn(*questions: dict[str, Any], **more: Any) -> ElementTree.Element:
    return ElementTree.fromstring(draw(questions, **more))


def bars(picture: ElementTree.Element) -> list[str]:
    kinds = ("waiting", "covered", "extension", "lost", "part", "warranty", "gap", "overlap")
    found = [each.get("class") for each in picture.iter(f"{SVG}rect")]
    return [kind for kind in found if kind in kinds]


def names(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def described(picture: ElementTree.Element) -> str:
    found = picture.find(f"{SVG}desc")
    assert found is not None
    return found.text or ""


def test_every_stretch_of_an_agreement_is_a_bar_with_its_name_and_days() -> None:
    picture = drawn(IX)
    assert bars(picture) == ["waiting", "covered", "extension", "lost"]
    assert "開始の前（対象外） 2022/4/15～2022/4/30" in names(picture)
    assert "提供期間 2022/5/1～2027/4/30" in names(picture)
    assert "延長 2027/5/1～2027/12/1" in names(picture)
    assert "上限などのため受けられない期間 2027/12/2～2028/4/30" in names(picture)


def test_days_that_matter_are_marked_with_their_dates() -> None:
    found = names(drawn(IX, today=date(2025, 6, 1)))
    for mark in (
        "起点 2022/4/15",
        "開始日 2022/5/1",
        "満了日 2027/12/1",
        "保守対応期限 2027/12/1",
        "申し込みの期限 2022/5/15",
        "延長の販売開始 2027/9/1",
        "今日 2025/6/1",
    ):
        assert mark in found, mark
    assert not any(mark.startswith("今日") for mark in names(drawn(IX)))


def test_parts_with_an_end_of_their_own_and_the_warranty_have_bars_of_their_own() -> None:
    picture = drawn(VIDEO)
    assert bars(picture) == ["waiting", "covered", "part", "part", "warranty"]
    assert "ハードウェア 2021/2/1～2025/6/30" in names(picture)
    assert "無償保証 2021/1/20～2024/1/20" in names(picture)
    assert "修理用部品の保有期限 2025/6/30" in names(picture)


def agreement(plan: str, purchased: str) -> dict[str, Any]:
    return {"service": "ix", "plan": plan, "facts": {"purchased": purchased, "registered": purchased}}


@pytest.mark.parametrize(
    ("second", "bar", "name"),
    [
        ("2025-05-02", "gap", "空白 1日 2025/5/1～2025/5/1"),
        ("2025-06-01", "gap", "空白 31日 2025/5/1～2025/5/31"),
        ("2025-04-30", "overlap", "重複 1日 2025/4/30～2025/4/30"),
        ("2024-05-01", "overlap", "重複 365日 2024/5/1～2025/4/30"),
    ],
)
def test_gaps_and_overlaps_between_the_agreements_of_a_unit_are_drawn(second: str, bar: str, name: str) -> None:
    for questions in ([agreement("5d-3y", "2022-04-15"), agreement("5d-3y", second)],):
        for order in (questions, questions[::-1]):
            picture = drawn(*order)
            assert bars(picture)[-1] == bar
            assert name in names(picture)
            assert name.rpartition(" ")[0] in described(picture)


def test_agreements_that_follow_each_other_without_a_day_between_have_neither() -> None:
    picture = drawn(agreement("5d-3y", "2022-04-15"), agreement("5d-3y", "2025-05-01"))
    assert "契約のあいだ" not in names(picture)


def test_another_service_does_not_fill_a_gap() -> None:
    other = {"service": "video", "plan": "9x5-5y", "facts": {"purchased": "2025-05-01", "registered": "2025-05-01"}}
    assert "契約のあいだ" not in names(drawn(agreement("5d-3y", "2022-04-15"), other))


def test_an_agreement_that_ends_early_loses_the_rest() -> None:
    picture = drawn({**IX, "facts": {**IX["facts"], "ended_early": "2024-03-31"}})  # type: ignore[dict-item]
    assert "上限などのため受けられない期間 2024/4/1～2028/4/30" in names(picture)
    assert "途中の終了 2024/3/31" in names(picture)


def test_an_agreement_without_an_end_is_drawn_without_one() -> None:
    started = {
        "service": "mimamori",
        "plan": "standard",
        "facts": {"contract_start": "2025-01-01", "initial_set": "2025-02-03T10:00+09:00"},
    }
    picture = drawn(started)
    assert "提供期間（終わりの定めなし） 2025/2/3～" in names(picture)
    assert "2030" not in described(picture)


def test_an_agreement_with_no_day_left_shows_its_origin_alone() -> None:
    late = {**IX, "facts": {"purchased": "2015-04-15", "registered": "2025-05-01"}}
    picture = drawn(late)
    assert bars(picture) == []
    assert "起点 2015/4/15" in names(picture)
    assert "ご利用いただける日はありません" in described(picture)


def test_a_draft_draws_by_its_own_terms() -> None:
    draft: Edition = read(kettle())
    question = {"service": "kettle", "plan": "3y", "facts": {"purchased": "2024-04-10", "registered": "2024-04-20"}}
    with pytest.raises(NotDrawn, match="サービス"):
        draw([question])
    assert "満了日 2027/4/9" in names(drawn(question, under=draft))


def test_the_picture_says_in_sentences_what_it_shows() -> None:
    picture = drawn(IX, VIDEO)
    assert picture.get("role") == "img"
    assert picture.get("lang") == "ja"
    labelled = (picture.get("aria-labelledby") or "").split()
    ids = {each.get("id"): each.tag for each in picture}
    assert [ids[name] for name in labelled] == [f"{SVG}title", f"{SVG}desc"]
    text = described(picture)
    assert "提供期間 2022/5/1から2027/4/30まで" in text
    assert "ハードウェア 2021/2/1から2025/6/30まで" in text
    assert "修理用部品の保有期限 2025/6/30" in text


def test_no_bar_is_told_by_its_colour_alone() -> None:
    picture = drawn(IX, VIDEO, agreement("5d-3y", "2028-06-01"))
    text = " ".join(names(picture))
    for name in ("開始の前", "提供期間", "延長", "受けられない期間", "ハードウェア", "無償保証", "空白"):
        assert name in text


def test_the_same_questions_give_the_same_bytes() -> None:
    assert draw([IX, VIDEO]) == draw([IX, VIDEO])


def test_nothing_in_the_picture_can_run_or_load() -> None:
    svg = draw([IX, VIDEO], today=date(2025, 1, 1))
    assert not re.search(r"<script|<foreignObject|<image|<a\b|href|\son\w+=|@import|url\((?!#)", svg)


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ([], "描く契約がありません"),
        ([{**IX, "ask": "window"}], "1番目は提供期間"),
        ([IX, {**IX, "plan": "9d"}], "2番目の契約を描けません。「9d」というプランはありません"),
        ([{**IX, "facts": {"purchased": "x", "registered": "2022-05-01"}}], "日付"),
        ([{"service": "ix"}], "プラン"),
        ([{**IX, "facts": [1]}], "事実"),
        ([{**IX, "service": "<b>"}], "「<b>」というサービスはありません"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(questions: list[Any], says: str) -> None:
    with pytest.raises(NotDrawn, match=re.escape(says)):
        draw(questions)


def test_labels_never_leave_the_picture() -> None:
    for question in (IX, VIDEO):
        picture = drawn(question, today=date(2031, 1, 1))
        assert float(picture.get("width") or 0) == 1000
        for flag in picture.iter(f"{SVG}svg"):
            if (flag.get("class") or "").startswith("flag"):
                assert 0 <= float((flag.get("x") or "").rstrip("%")) <= 100
