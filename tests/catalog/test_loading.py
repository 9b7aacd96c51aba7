"""A service edition that is wrong is refused with its file, line and key, and with the nearest key that is known."""

from datetime import date
from pathlib import Path

import pytest

from hoshu.catalog import CatalogError, Source, edition, edition_on, editions, examples, load, read_examples, services
from hoshu.catalog.locating import Lines

GOOD = """\
service = "lamp"
edition = "2020-01"
name = "ランプ保守"
title = "ランプ保守のご案内"
document_number = "L-1"
contact_details_as_of = "2020年1月現在"
in_force = 2020-01-01
families = ["ランプ"]

[[plan]]
id = "1y"
name = "1年"
years = 1
days_name = "毎日"
hours_name = "終日"
windows = { desk = "always" }
clause = "1."
rule = "LA-01"

[[window_hours]]
id = "always"
label = "受付"
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours = [["00:00", "24:00"]]
clause = "1."
rule = "LA-02"

[terms_change]
required = ["published"]
effective = { clause = "2.", rule = "LA-03" }
effective_after_days = 21
binds_existing = true

[[clause]]
id = "1."
text = "毎日受け付けます。"

[[clause]]
id = "2."
text = "変更は3週間後からです。"

[[clause]]
id = "3."
text = "ご挨拶です。"
not_computed = "A greeting."
"""

EXAMPLE = """
[[example]]
says = "Changed terms bind after three weeks."
req = ["LA-03"]
ask = "terms_change"
facts = { published = 2020-02-01 }
answer = { effective = 2020-02-22 }
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "lamp" / "2020-01.toml"
    path.parent.mkdir()
    path.write_text(GOOD + EXAMPLE, encoding="utf-8")
    return path


def line_holding(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), start=1) if text in line)


def test_a_right_edition_is_loaded(written: Path) -> None:
    loaded = load(written)
    assert loaded.plan_of("1y").years == 1
    assert loaded.clause_text("2.") == "変更は3週間後からです。"
    assert [example["ask"] for example in read_examples(Source.of(written))] == ["terms_change"]
    with pytest.raises(KeyError):
        loaded.plan_of("2y")
    with pytest.raises(KeyError):
        loaded.clause_text("9.")


@pytest.mark.parametrize(
    ("right", "wrong", "at", "says"),
    [
        ("document_number = ", "document_numbr = ", "document_numbr", "「document_number」ではありませんか。"),
        ('years = 1\ndays', 'yeers = 1\ndays', "yeers", "「years」ではありませんか。"),
        ('name = "1年"\n', "", "[[plan]]", "「name」がありません。"),
        ("years = 1", 'years = "1"', "years", "文字の「1」になっています。整数で"),
        ("years = 1", "years = true", "years", "「true」になっています。整数で"),
        ("in_force = 2020-01-01", 'in_force = "2020-01-01"', "in_force", "日付（2025-04-30 のように、囲まない）で"),
        ('families = ["ランプ"]', 'families = "ランプ"', "families", "一覧（[ ] で囲む）で"),
        ('families = ["ランプ"]', "families = [1]", "families", "「1」になっています。文字（"),
        ('desk = "always" }', 'desk = "allways" }', "windows", "「always」ではありませんか。"),
        ('clause = "2.", rule', 'clause = "9.", rule', "effective =", "「9.」という条項はありません。"),
        ('{ clause = "2.", rule = "LA-03" }', '"2."', "effective =", "文字の「2.」になっています。項目の組（表）で"),
        ('rule = "LA-03" }', 'rule = "LA-03", claus = "2." }', "effective =", "「clause」ではありませんか。"),
        ("binds_existing = true", 'binds_existing = "yes"', "binds_existing", "true（はい）か false（いいえ）で"),
        ('not_computed = "A greeting."\n', "", 'id = "3."', "「3.」を根拠にする規定がありません。"),
        ('21\n', "21\ndays = 3\n", "days = 3", "「days」という項目はありません。使える項目は"),
        ('text = "毎日受け付けます。"', 'text = "x"\nnot_computed = "x"', "not_computed", "規定の根拠になっています。"),
        ('id = "2."', 'id = "1."', "2年", "「1.」が2度あります。"),
        ('hours = [["00:00", "24:00"]]', 'hours = [["0:00", "24:00"]]', "[[window_hours]]", "時刻ではありません"),
        ('"sat", "sun"]\n', '"sat", "sun"]\nrun_of_days = 5\n', "[[window_hours]]", "chosen_days のどれか1つ"),
        ('service = "lamp"', 'service = "lump"', "service", "フォルダの名前の「lamp」と違います。"),
        ('edition = "2020-01"', 'edition = "2020-02"', "edition", "ファイルの名前の「2020-01」と違います。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(written: Path, right: str, wrong: str, at: str, says: str) -> None:
    assert right in GOOD
    written.write_text(GOOD.replace(right, wrong, 1) + EXAMPLE, encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        load(written)
    message = str(refused.value)
    place, _, _ = message.partition(": ")
    assert place.startswith(f"{written}:")
    assert says in message
    line = int(place.rpartition(":")[2])
    if at in written.read_text():
        assert abs(line - line_holding(written, at)) <= 1


def test_the_second_of_two_equal_tables_is_the_one_named(written: Path) -> None:
    written.write_text(GOOD.replace('text = "ご挨拶です。"', 'txt = "ご挨拶です。"') + EXAMPLE, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"clause\[2\]\.txt: .*「text」ではありませんか。") as refused:
        load(written)
    assert f":{line_holding(written, 'txt =')}: " in str(refused.value)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(written: Path) -> None:
    wrong = GOOD.replace("years = 1", 'years = "1"').replace('title = "', 'titel = "').replace("21\n", "true\n")
    written.write_text(wrong + EXAMPLE, encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        load(written)
    error = refused.value
    assert error.name == str(written)
    assert [fault.place for fault in error.faults] == [
        ("titel",),
        ("plan", 0, "years"),
        ("terms_change", "effective_after_days"),
    ]
    assert [fault.line for fault in error.faults] == [
        line_holding(written, text) for text in ("titel", "years", "effective_after_days")
    ]
    assert str(error).splitlines()[1].startswith(f"{written}:{error.faults[1].line}: plan[0].years: ")


def test_a_misspelt_key_is_not_told_to_be_missing_too(written: Path) -> None:
    written.write_text(GOOD.replace('title = "', 'titel = "'), encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        load(written)
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        (("plan", 0, "name"), 'name = "1年"'),
        (("plan",), "[[plan]]"),
        (("clause", 1), 'id = "2."'),
        (("window_hours", 0, "hours", 0), "hours ="),
        (("terms_change", "effective", "clause"), "effective ="),
        (("nothing",), "service ="),
        (("listing", 0, "rows", 1), '["c"'),
        (("field", 1, "name"), 'path = "b"'),
    ],
)
def test_a_place_is_found_on_its_own_line(place: tuple[str | int, ...], holds: str) -> None:
    rows = '[[listing]]\nrows = [\n  ["a", "b"],\n  ["c", "d"],\n]\n'
    fields = 'field = [\n  { path = "a", name = "x" },\n  { path = "b", name = "y" },\n]\n'
    text = fields + GOOD.replace("[[clause]]", f"{rows}\n[[clause]]", 1)
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if holds in each)
    wanted = {"nothing": 1}.get(str(place[0]), line - (place == ("clause", 1)))
    assert Lines(text).of(place) == wanted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + EXAMPLE + "\n[late]\nx = 1\n", "例は、ファイルの最後に置いてください。"),
        (GOOD + EXAMPLE + 'anwser = { x = 1 }\n', "「answer」ではありませんか。"),
        (GOOD + EXAMPLE + "x = \n", "値として読めません。"),
        (GOOD + EXAMPLE + "clause = true\n", "「true」になっています。一覧（[ ] で囲む）で"),
        (GOOD + EXAMPLE + "error = { field = 1 }\n", "「1」になっています。文字（"),
    ],
)  # fmt: skip
def test_examples_stand_last_and_are_read_strictly(written: Path, text: str, says: str) -> None:
    written.write_text(text, encoding="utf-8")
    assert load(written).service == "lamp"
    with pytest.raises(CatalogError, match=str(written)) as refused:
        read_examples(Source.of(written))
    assert says in str(refused.value)


def test_an_edition_may_have_no_examples(written: Path) -> None:
    written.write_text(GOOD, encoding="utf-8")
    assert read_examples(Source.of(written)) == []


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"lamp\.toml:1: ファイル: ファイルを読めません"):
        load(tmp_path / "lamp.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"\xe9")
    with pytest.raises(CatalogError, match="文字コードが UTF-8 ではありません。"):
        load(latin)
    broken = tmp_path / "broken.toml"
    broken.write_text("a = ]\n")
    with pytest.raises(CatalogError, match=r"broken\.toml:1: ファイル: TOML の書き方"):
        load(broken)


@pytest.mark.req("IX-GEN-01")
def test_editions_are_found_by_id_and_by_day() -> None:
    assert "ix" in services()
    assert edition("ix", "2022-10") is editions("ix")[0]
    assert edition_on("ix", date(2023, 1, 1)).document_number == "NHL0263-122210"
    assert edition_on("ix", date(1999, 1, 1)) is editions("ix")[0]
    assert editions("nothing") == ()
    assert editions("../ix") == ()
    with pytest.raises(KeyError):
        edition("ix", "1999-01")
    with pytest.raises(KeyError):
        edition_on("nothing", date(2023, 1, 1))
    with pytest.raises(KeyError):
        examples("ix", "1999-01")


@pytest.mark.parametrize("service", services())
def test_every_edition_of_the_catalogue_is_right_and_its_examples_are_read(service: str) -> None:
    for each in editions(service):
        assert examples(service, each.edition)
        assert {cited.clause for _, cited in each.cited()} <= {clause.id for clause in each.clause}
