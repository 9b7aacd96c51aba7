"""What a clause says, what is computed from it, and which examples prove it."""

import pytest

from hoshu.authoring import ClauseShown, NoSuchClause, explain
from hoshu.catalog import CatalogError, Source
from tests.authoring.kettles import TEXT, kettle, line_of


@pytest.fixture
def fourth() -> ClauseShown:
    return explain(kettle(), "第4条")


def test_a_clause_is_shown_with_its_sentence_and_line(fourth: ClauseShown) -> None:
    assert (fourth.id, fourth.text) == ("第4条", "パックの購入から30日以内にお申し込みください。")
    assert fourth.line == line_of(TEXT, 'id = "第4条"') - 1
    assert fourth.not_computed == ""


def test_every_rule_that_cites_it_is_shown_with_what_it_holds(fourth: ClauseShown) -> None:
    deadline = next(rule for rule in fourth.rules if rule.key == "registration.deadline[0]")
    assert deadline.where == "登録の承諾 › 申し込みの期限「パックの購入日」"
    assert deadline.line == line_of(TEXT, "[[registration.deadline]]")
    assert deadline.requirement == "KE-04"
    assert deadline.computed
    assert ("日数", "30日") in deadline.values
    assert [rule.key for rule in fourth.rules if rule.key.startswith("card_field")] == [
        "card_field[0]",
        "card_field[1]",
    ]


def test_the_examples_that_prove_it_are_shown_in_words(fourth: ClauseShown) -> None:
    (example,) = fourth.examples
    assert example.number == 2
    assert example.line == line_of(TEXT, "The application has thirty days") - 1
    assert example.question == "登録の承諾（3年）"
    assert ("申し込みの受領日", "2024年5月10日") in example.facts
    assert example.expected == (("結果", "承諾"), ("申し込みの期限", "2024年5月10日"))


def test_the_readings_that_touch_it_are_shown() -> None:
    (reading,) = explain(kettle(), "第2条").readings
    assert (reading.id, reading.taken) == ("KE-R-1", "前日まで")
    assert reading.setting == "提供期間 › 年数の終わり › 端数の扱い"


def test_a_reading_left_at_its_default_touches_every_table_that_could_set_it() -> None:
    source = kettle(
        ('setting = "coverage.elapsed.rounding"', 'setting = "registration.deadline.move_off_day_off"'),
        ('id = "KE-R-1"\nrule = "KE-02"', 'id = "KE-R-1"\nrule = "KE-99"'),
    )
    assert [reading.id for reading in explain(source, "第4条").readings] == ["KE-R-1"]
    assert explain(source, "第2条").readings == ()


def test_a_clause_that_says_the_same_is_shown_as_such() -> None:
    source = kettle(
        ('required = false\nclause = "第4条"', 'required = false\nalso = ["第1条"]\nclause = "第4条"'),
        ('not_computed = "プランの表です。判断には使いません。"\n', ""),
    )
    rules = {rule.key: rule for rule in explain(source, "第1条").rules}
    assert rules["registration.deadline[0]"].also
    assert not rules["plan[0]"].also
    assert not rules["plan[0]"].computed


def test_a_clause_that_nothing_is_computed_from_says_why() -> None:
    assert explain(kettle(), "第1条").not_computed == "プランの表です。判断には使いません。"


@pytest.mark.parametrize(("typed", "near"), [("4条", "第4条"), ("第 ４ 条", "第4条"), ("第40条", "第4条")])
def test_a_near_miss_suggests_clauses(typed: str, near: str) -> None:
    with pytest.raises(NoSuchClause) as missing:
        explain(kettle(), typed)
    assert near in missing.value.near
    assert len(missing.value.near) <= 5


def test_a_text_that_is_no_edition_is_not_explained() -> None:
    with pytest.raises(CatalogError):
        explain(Source("x", "a = 1\n"), "第1条")
