"""Books as people send them: two encodings, broken rows, awkward cells; and what they get back."""

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet
import pytest

from hoshu.portfolio import Book, Unreadable, answer, read_book, write, write_csv

AS_OF = date(2025, 3, 1)
HEADINGS = "id,service,plan,serial,purchased,registered,備考"
GOOD = "1,ix,5d-3y,A1,2022-04-15,2022-05-01,髙﨑①㈱"


def book(*lines: str, encoding: str = "utf-8", headings: str = HEADINGS) -> Book:
    return read_book("\r\n".join([headings, *lines, ""]).encode(encoding))


def answered(given: Book) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer(given, as_of=AS_OF).table.to_pylist()
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encoding_is_found_out(encoding: str):
    [row] = answered(book(GOOD, encoding=encoding))
    assert (row["id"], row["備考"], row["end"]) == ("1", "髙﨑①㈱", date(2025, 4, 30))


def test_dates_and_headings_may_be_written_as_people_write_them():
    headings = "サービス,プラン,対象機器の購入日,登録完了のお知らせの送信日,購入日の証明の有無,延長キットの数"
    [row] = answered(book(" ix ,5d-3y,令和4年4月15日,2022/5/1,はい,１", headings=headings))
    assert (row["error"], row["start"], row["end"]) == (None, date(2022, 5, 1), date(2026, 4, 30))


def test_a_bad_row_stops_nothing_and_stays_in_its_place():
    rows = answered(
        book(
            GOOD,
            "2,ix,5d-3y",
            "",
            '3,ix,5d-3y,A2,2025-02-30,2025-03-01,"two\nlines"',
            "4,ix,5d-3y,A3,2025-02-28,2025-03-01,a,b",
            "5,zz,5d-3y,A4,2025-02-28,2025-03-01,",
            "6,ix,9d-9y,A4,2025-02-28,2025-03-01,",
            "7,ix,5d-3y,A5,,2025-03-01,",
            "8,ix,5d-3y,A6,9999-12-31,2025-03-01,",
            GOOD,
        )
    )
    assert [row["error_field"] for row in rows] == [
        None,
        "line",
        "purchased",
        "line",
        "service",
        "plan",
        "purchased",
        "purchased",
        None,
    ]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7", "8", "1"]
    assert rows[1]["error"] == "列の数が見出しと違います（見出しは7、この行は3）。直してください。"
    assert rows[2]["備考"] == "two\nlines"
    assert rows[3]["備考"] == "a,b"
    assert all(row["error"].endswith("。") and row["end"] is None for row in rows[1:8])


def test_a_row_in_neither_encoding_is_refused_alone():
    data = book_bytes(GOOD, GOOD).replace("髙﨑①㈱".encode(), b"\xff\xfe\xff", 1)
    rows = answered(read_book(data))
    assert [row["error_field"] for row in rows] == ["line", None]
    assert "cp932" in rows[0]["error"]


def book_bytes(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines]).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "見出しの行がありません"),
        (b"\xef\xbb\xbf", "見出しの行がありません"),
        (b"service,plan,service\n", "見出し「service」が2度あります"),
        (b"PAR1 and then nothing", "Parquet のファイルが壊れています"),
    ],
)
def test_what_is_no_table_is_unreadable(data: bytes, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        read_book(data)


def test_a_very_long_line_is_read_and_a_lone_quote_harms_one_row():
    long = GOOD.replace("髙﨑①㈱", "x" * (10 * 1024 * 1024))
    rows = answered(book(long, '2,ix,5d-3y,"A1,2022-04-15,2022-05-01,'))
    assert [row["error_field"] for row in rows] == [None, "line"]


def test_a_book_without_rows_has_all_its_columns():
    table = answer(book(), as_of=AS_OF).table
    assert table.num_rows == 0
    assert {"end", "active", "error"} <= {*table.column_names}
    assert answer(Book.of_rows([]), as_of=AS_OF).table.num_rows == 0


def test_parquet_keeps_its_types_and_reads_back_what_was_written(tmp_path):
    given = pa.table(
        {
            "service": ["ix", "ix", "remote-care"],
            "plan": ["5d-3y", "7d-5y", "basic"],
            "purchased": [date(2022, 4, 15), date(2024, 2, 29), None],
            "registered": pa.array([datetime(2022, 5, 1), datetime(2024, 3, 1), None], pa.timestamp("ns")),  # noqa: DTZ001
            "extension_kits": pa.array([1.0, None, None]),
            "accepted": pa.array([None, None, datetime(2024, 3, 31, 15, 30)], pa.timestamp("us", "UTC")),  # noqa: DTZ001
            "customer": ["a", "b", "c"],
        }
    )
    path = tmp_path / "book.parquet"
    write(given, path)
    found = answer(read_book(path.read_bytes()), as_of=AS_OF)
    write(found.table, path)
    again = pa.parquet.read_table(path)
    assert found.refused == 0
    assert again.column("end").to_pylist() == [date(2026, 4, 30), date(2029, 3, 31), None]
    # 15:30 in UTC is half past midnight of the next day in Japan.
    assert again.column("start").to_pylist() == [date(2022, 5, 1), date(2024, 3, 1), date(2024, 4, 1)]
    assert again.schema.field("registered").type == pa.timestamp("ns")
    assert pa.types.is_date32(again.schema.field("end").type)


def test_a_book_that_was_answered_before_can_be_answered_again():
    once = answer(book(GOOD), as_of=AS_OF).table
    out = io.BytesIO()
    write_csv(once, out, for_people=True)
    for again in (Book(once), read_book(out.getvalue())):
        assert answer(again, as_of=AS_OF).table.num_columns == once.num_columns
        assert [*again.ignored()] == ["id", "備考"]


FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@x", "\t=1", "＝1", "=HYPERLINK(1)"]


def test_no_cell_of_a_csv_is_a_formula():
    out = io.BytesIO()
    write_csv(pa.table({"=x": FORMULAS, "number": ["-5", "+81", "1e5", "007", "0.5", "plain", ""]}), out)
    lines = out.getvalue().decode().splitlines()
    assert lines[0] == '"\'=x","number"'
    assert [line.split('","')[0] for line in lines[1:]] == [f"\"'{cell}" for cell in FORMULAS]
    assert '"-5"' in lines[1]
    assert '"007"' in lines[4]


def test_excel_gets_a_mark_and_words():
    out = io.BytesIO()
    write_csv(answer(book(GOOD, "2,zz"), as_of=AS_OF).table, out, for_people=True)
    text = out.getvalue().decode("utf-8-sig")
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    assert "サポート満了日" in text
    assert "はい" in text
    assert '"行"' in text
    assert "extension_" not in text


def test_a_sheet_holds_texts_and_whole_numbers_and_nothing_that_runs(tmp_path):
    path = tmp_path / "book.xlsx"
    rows = ["1,ix,5d-3y,007,2022-04-15,2022-05-01,=1+1", "2,ix,5d-3y,A1,2022-04-15,2022-05-01,https://example.jp/"]
    write(answer(book(*rows), as_of=AS_OF).table, path)
    with zipfile.ZipFile(path) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not sheet.findall(f".//{space}f")
    lines = [
        ["".join(cell.itertext()) for cell in line.findall(f"{space}c")] for line in sheet.findall(f".//{space}row")
    ]
    assert lines[0][:3] == ["id", "サービス", "プラン"]
    assert lines[1][3] == "007"
    assert lines[1][6] == "=1+1"
    assert "2025-04-30" in lines[1]
    numbers = [cell for cell in sheet.findall(f".//{space}c") if cell.get("t") is None and "".join(cell.itertext())]
    assert {"".join(cell.itertext()) for cell in numbers} <= {"60", "16", "0"}


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "book.csv"
    path.write_text("before")
    monkeypatch.setattr("hoshu.portfolio.writing.write_csv", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(pa.table({"a": [1]}), path)
    assert path.read_text() == "before"
    assert [*tmp_path.iterdir()] == [path]
