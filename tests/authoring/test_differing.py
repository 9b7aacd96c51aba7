"""What changes between two editions, in sentences by question, whatever the table."""

import pytest

from hoshu.authoring import Difference, differences
from hoshu.catalog import every_edition, read
from tests.authoring.kettles import kettle


def changes(*replaced: tuple[str, str]) -> dict[str, list[Difference]]:
    found = differences(read(kettle()), read(kettle(*replaced)))
    return {each.title: list(each.items) for each in found}


def texts(*replaced: tuple[str, str]) -> list[str]:
    return [f"{title}: {item.text}" for title, items in changes(*replaced).items() for item in items]


def test_the_same_terms_do_not_differ() -> None:
    assert differences(read(kettle()), read(kettle())) == ()
    renamed = read(kettle(('edition = "1"', 'edition = "2"'), ('rule = "KE-01"', 'rule = "KE-91"')))
    assert differences(read(kettle()), renamed) == ()


@pytest.mark.parametrize("edition", every_edition(), ids=lambda each: each.service)
def test_an_edition_does_not_differ_from_itself(edition: object) -> None:
    assert differences(edition, edition) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("days = 30\n", "days = 45\n", "登録の承諾: 申し込みの期限「パックの購入日」の日数: 30日 → 45日（第4条）"),
        (
            'rounding = "day_before"',
            'rounding = "month_end"',
            "提供期間: 年数の終わりの端数の扱い: 年数の経過した日の前日まで → 年数の経過した月の末日まで（第2条）",
        ),
        ("base_yen = 8000", "base_yen = 9500", "作業の料金: 料金の時間帯「昼」の基本料金: 8,000円 → 9,500円（第8条）"),
        (
            '[["09:00", "18:00"]]',
            '[["09:00", "12:00"], ["13:00", "17:00"]]',
            "時間帯: 時間帯「訪問の時間」の時間: 09:00から18:00まで → 09:00から12:00まで、13:00から17:00まで（第3条）",
        ),
        (
            'windows = { hardware = "visit",',
            'windows = { hardware = "desk",',
            "プラン: プラン「3年」の窓口ごとの時間帯の「ハードウェア」: 訪問の時間 → 相談の時間（第1条）",
        ),
        (
            "after_expiry_served = false",
            "after_expiry_served = true",
            "対応の可否: 満了の後も対応するか: いいえ → はい",
        ),
        (
            'says = "年数は変えられません。"',
            'says = "年数は減らせません。"',
            ("登録内容の変更: 種類「年数」のお伝えする文: "
            "「年数は変えられません。」 → 「年数は減らせません。」（第6条）"),
        ),
        (
            "in_force = 2024-01-01",
            "in_force = 2025-04-01",
            "版の全体: 適用開始日: 2024年1月1日 → 2025年4月1日",
        ),
        (
            'part = "hardware"\nexempt_years',
            'part = "desk"\nexempt_years',
            "提供期間: 期間の上限「部品の期限」の窓口: ハードウェア → 相談窓口（第2条）",
        ),
        (
            'optional = ["part", "service_days", "repair_needed"]',
            'optional = ["part", "service_days", "closed_days"]',
            "対応時間: 聞くことのある事実: 修理が必要か がなくなります、休業日 が加わります",
        ),
        (
            'mounting_height_cm = 200\n',
            "",
            "対応の可否: 高所とする高さがなくなります（200cm）",
        ),
        (
            'text = "場所は変えられますが、年数は変えられません。"',
            'text = "場所は変えられます。"',
            "条項: 条項「第6条」の本文: 「場所は変えられますが、年数は変えられません。」 → 「場所は変えられます。」",
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_in_one_sentence_with_its_clause(old: str, new: str, told: str) -> None:
    assert texts((old, new)) == [told]


def test_rows_that_join_and_leave_are_told_by_their_names() -> None:
    row = 'code = "KE-EX-02"\nshort = "水あか"\ntext = "水あかの掃除は含みません。"\n'
    other = 'code = "KE-EX-03"\nshort = "落下"\ntext = "落としたケトルは含みません。"\n'
    found = changes((row, other))["対象外"]
    assert [(item.kind, item.text) for item in found] == [
        ("added", "対象外「落下」が加わります（コード KE-EX-03、本文 「落としたケトルは含みません。」）（第5条）"),
        ("removed", "対象外「水あか」がなくなります（コード KE-EX-02、本文 「水あかの掃除は含みません。」）（第5条）"),
    ]
    added, removed = found
    assert added.before == ""
    assert removed.after == ""
    assert (added.what, removed.what) == ("対象外「落下」", "対象外「水あか」")


def test_a_table_that_joins_is_told_under_its_question() -> None:
    found = changes(
        (
            "[terms_change]",
            """[transfer]
required = ["consent_written"]
consent = { clause = "第6条", rule = "KE-06" }

[terms_change]""",
        )
    )
    assert [item.kind for item in found["権利の譲渡"]] == ["added"]
    assert found["権利の譲渡"][0].text.startswith("権利の譲渡が加わります")


def test_rows_without_a_name_are_told_apart_by_what_they_are_about() -> None:
    """A check put before another one changes the order and not the content of those that stood."""
    first = '[[entitlement.check]]\nfact = "serial_registered"'
    more = [
        "[[entitlement.check]]",
        'fact = "decision"',
        'value = "not_serve"',
        'outcome = "refused"',
        'says = "伺わない"',
        'until = "伺いません。"',
        'clause = "第5条"',
        'rule = "KE-05"',
        "",
        first,
    ]
    found = changes((first, "\n".join(more)))["対応の可否"]
    assert [item.kind for item in found] == ["added"]


def test_another_order_of_the_same_rows_is_told() -> None:
    lid = 'when = { part = "lid" }\nsteps = ["exchange"]\nsays = "ふたを交換します。"\n'
    base = 'when = { part = "base", raid = false }\nsteps = ["exchange"]\nsays = "台座を交換します。"\n'
    found = changes((lid, "LID"), (base, lid), ("LID", base))["復旧の範囲"]
    assert [item.what for item in found] == ["作業の段階の順番"]


def test_a_changed_condition_is_a_row_that_leaves_and_one_that_joins() -> None:
    found = changes(("more_than = 1\n", "more_than = 2\n"))["登録の承諾"]
    assert sorted(item.kind for item in found) == ["added", "removed"]


def test_the_clause_of_a_rule_may_change_alone() -> None:
    found = texts(('minutes = 120\nclause = "第3条"', 'minutes = 120\nclause = "第5条"'))
    assert found == ["対応時間: 着手の目標「ハードウェア」の条項: 第3条 → 第5条"]


def test_editions_of_different_services_can_be_compared() -> None:
    by_service = {each.service: each for each in every_edition()}
    found = differences(by_service["supportpack"], by_service["video"])
    assert {"プラン", "提供期間", "対応時間", "条項"} <= {each.title for each in found}
    for group in found:
        for item in group.items:
            assert item.text
            assert item.what in item.text
