"""How a cell is read: what people write, what a spreadsheet made of it, and which characters change or are lost."""

from datetime import date, datetime

import pytest

from hoshu.contracts import serials
from hoshu.dates import JST
from hoshu.files import tables
from hoshu.imports.columns import (
    CAUTION,
    CHANGE,
    ERROR,
    Choice,
    Choices,
    Column,
    Counted,
    Day,
    Flag,
    Form,
    Mail,
    Moment,
    Noted,
    Number,
    Phone,
    Words,
    Yen,
    fold,
)

NAME = Words(20, printed=True)
SERIAL = Number(serials.normalise)
CHOICE = Choice({"週5日 半日": "5d", "週7日 終日": "7d"}, "プラン")


def read(form: Form, cell: str, *, required: bool = False):
    """The value, and (level, title) of everything that is told."""
    column = Column(name="x", label="欄", form=form, example="例", required=required)
    found = column.read(cell)
    if isinstance(found, Noted):
        return found.value, [(note.level, note.title) for note in found.notes]
    return found, []


def number(value: float) -> str:
    return f"{tables.NUMBER}{value!r}"


def made_date(text: str) -> str:
    return f"{tables.DATE}{text}"


@pytest.mark.parametrize("name", ["㈱髙﨑商会", "株式会社髙﨑", "𠮷田", "高崎 ①号店", "ｱｵﾊﾞ", "Ａｏｂａ"])
def test_a_name_stays_as_it_was_typed(name):
    """株 is not made of ㈱, nor 高 of 髙: whose name it is decides that."""
    assert read(NAME, name) == (name, [])
    assert read(NAME, f"　{name} ") == (name, [])


@pytest.mark.parametrize(
    ("name", "kept", "told"),
    [
        ("青葉\r\n商事", "青葉 商事", (CHANGE, "改行を空白に")),
        ("青\u200b葉", "青\u200b葉", (CAUTION, "見えない文字")),
        ("\ue000田", "\ue000田", (CAUTION, "手紙に印刷できない文字")),
        ("か\u3099一", "か\u3099一", (CAUTION, "手紙に印刷できない文字")),
        ("?田商事", "?田商事", (CAUTION, "置き換わった文字")),
        ("〓田商事", "〓田商事", (CAUTION, "置き換わった文字")),
        ("\ufffd田", None, (ERROR, "読めない文字")),
        ("青\x0b葉", None, (ERROR, "制御文字")),
        ("あ" * 21, None, (ERROR, "長すぎる文字")),
    ],
)
def test_characters_that_would_change_or_be_lost_are_told(name, kept, told):
    assert read(NAME, name) == (kept, [told])


def test_a_private_character_is_named_by_its_number():
    found = NAME.read("\ue000田")
    assert "外字（U+E000）" in found.notes[0].text
    assert "𠮷" not in found.notes[0].text


def test_only_what_is_printed_must_be_printable():
    assert read(Words(20), "\ue000田") == ("\ue000田", [])


@pytest.mark.req("IX-CARD-00")
@pytest.mark.parametrize(
    ("cell", "kept"),
    [("L100001", "L100001"), ("ｌ－１０ ０００１", "L100001"), ("l-10-0001", "L100001"), ("007", "007")],
)
def test_a_number_is_brought_into_one_form_and_the_change_is_told(cell, kept):
    value, told = read(SERIAL, cell)
    assert value == kept
    assert told == ([] if cell == kept else [(CHANGE, "書き方をそろえる番号")])


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("1.23E+11", "指数になった番号"),
        ("１．２３Ｅ＋１１", "指数になった番号"),
        ("1E+15", "指数になった番号"),
        ("12345.0", "小数になった番号"),
        (number(1.2345678901234568e18), "けたが失われた番号"),
        (number(0.5), "けたが失われた番号"),
        (number(-5.0), "けたが失われた番号"),
        (made_date("2025/04/01"), "日付や時刻に変わったセル"),
        (f"{tables.TIME}10:30:00", "日付や時刻に変わったセル"),
        ("L?0001", "番号にない文字"),
        ("L１0001旧", "番号にない文字"),
        ("ー", "番号にない文字"),
        ("L\u200b1", "番号にない文字"),
        ("L" * 41, "長すぎる番号"),
    ],
)
def test_a_number_that_a_spreadsheet_spoilt_is_refused(cell, title):
    assert read(SERIAL, cell) == (None, [(ERROR, title)])


def test_a_number_that_is_a_numeric_cell_may_have_lost_its_zeros():
    assert read(SERIAL, number(123456789012.0)) == ("123456789012", [(CAUTION, "数値になった番号")])


def test_a_serial_that_looks_like_an_exponent_stays():
    assert read(SERIAL, "1E10") == ("1E10", [])


@pytest.mark.parametrize(
    "cell",
    ["2025/04/01", "2025-4-1", "20250401", "令和7年4月1日", "R7.4.1", "２０２５／４／１", "2025/4/1 0:00",
     "2025/04/01 00:00:00", made_date("2025/04/01")],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it_and_as_excel_keeps_it(cell):
    assert read(Day(), cell) == (date(2025, 4, 1), [])


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("2025/2/29", "読めない日付"),
        ("来月", "読めない日付"),
        ("45748", "数値になった日付"),
        (number(45748.0), "数値になった日付"),
        (f"{tables.TIME}10:30:00", "読めない日付"),
    ],
)
def test_what_is_no_date_is_refused(cell, title):
    assert read(Day(), cell) == (None, [(ERROR, title)])


def test_a_moment_gives_its_day():
    assert read(Day(), made_date("2025/04/01 10:30")) == (date(2025, 4, 1), [(CHANGE, "時刻を除く日付")])


@pytest.mark.parametrize(
    "cell",
    [
        "2025/4/1 9:05",
        "令和7年4月1日 9:05",
        "２０２５／４／１　９：０５",
        "2025-04-01T09:05:00",
        made_date("2025/04/01 09:05"),
    ],
)
def test_a_moment_is_one_in_japan(cell):
    assert read(Moment(), cell) == (datetime(2025, 4, 1, 9, 5, tzinfo=JST), [])


def test_a_day_without_a_time_begins_with_it():
    assert read(Moment(), made_date("2025/04/01")) == (datetime(2025, 4, 1, tzinfo=JST), [])
    for cell in ("2025/4/1 25:00", "9:05", f"{tables.TIME}10:30:00"):
        assert read(Moment(), cell) == (None, [(ERROR, "読めない日付")])


def test_an_address_for_mail_is_read_in_half_width():
    assert read(Mail(), "ｈａｎａｋｏ＠example.jp") == ("hanako@example.jp", [])
    for cell in ("hanako", "a@b@example.jp", f"{'x' * 300}@example.jp"):
        assert read(Mail(), cell) == (None, [(ERROR, "読めないメールアドレス")])


@pytest.mark.parametrize("cell", ["120000", "120,000", "¥120,000", "１２０，０００円", number(120000.0)])
def test_an_amount_is_whole_yen(cell):
    assert read(Yen(), cell) == (120_000, [])


@pytest.mark.parametrize(
    ("cell", "title"),
    [("12万", "読めない金額"), ("-1", "読めない金額"), ("1200.5", "読めない金額"), (number(0.5), "読めない金額"),
     ("12,00", "読めない金額"), ("2147483648", "大きすぎる金額")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(cell, title):
    assert read(Yen(), cell) == (None, [(ERROR, title)])


def test_a_telephone_number_that_lost_its_zero_is_told():
    assert read(Phone(), "03-0000-0001") == ("03-0000-0001", [])
    assert read(Phone(), "'+81-3-0000-0001") == ("03-0000-0001", [(CHANGE, "書き方をそろえる番号")])
    assert read(Phone(), "300000001") == (None, [(ERROR, "読めない電話番号")])
    assert read(Phone(), number(300000001.0)) == (None, [(ERROR, "先頭の0が消えた電話番号")])
    assert read(Phone(), "内線なし") == (None, [(ERROR, "読めない電話番号")])


def test_a_choice_is_known_by_its_words_whatever_their_width_and_by_its_code():
    assert [read(CHOICE, cell) for cell in ("週5日 半日", "週５日半日", "7d")] == [("5d", []), ("5d", []), ("7d", [])]
    assert read(CHOICE, "週9日") == (None, [(ERROR, "ないプラン")])


@pytest.mark.parametrize(
    ("cell", "value"), [("はい", True), ("○", True), ("TRUE", True), (number(1.0), True), ("なし", False)]
)
def test_a_flag_is_yes_or_no(cell, value):
    assert read(Flag(), cell) == (value, [])
    assert read(Flag(), "たぶん")[1] == [(ERROR, "はい・いいえでない値")]


def test_an_empty_cell_is_missing_only_where_it_must_be_filled():
    assert read(NAME, " 　 ") == (None, [])
    assert read(NAME, "", required=True) == (None, [(ERROR, "空欄")])


@pytest.mark.parametrize(
    "heading",
    [
        "シリアル No.",
        "シリアルNo.",
        "シリアル Ｎｏ．",
        "シリアル No.（必須）",
        "シリアル No.＊",
        "【必須】シリアル No.",
    ],
)
def test_a_heading_is_known_however_it_is_decorated(heading):
    assert fold(heading) == fold("シリアル No.")


@pytest.mark.parametrize("text", ["消耗品の監視、障害の監視", "消耗品の監視,障害の監視", "消耗品の監視／障害の監視"])
def test_several_words_stand_in_one_cell(text):
    form = Choices({"消耗品の監視": "consumables", "障害の監視": "fault"}, "サービス")
    assert form.read(text) == ("consumables", "fault")
    assert form.read("障害の監視") == ("fault",)
    assert form.read("障害の監視、ない監視").notes[0].title == "ないサービス"


def test_codes_stand_with_their_quantities():
    assert Counted().read("N0000-001 2、N0000-002×3個、Ｎ００００－００３") == (
        ("N0000-001", "2"),
        ("N0000-002", "3"),
        ("N0000-003", "1"),
    )
    assert Counted(longest=3).read("N0000").notes[0].level == ERROR
