"""Tables as people send them: every encoding and delimiter of CSV, and what a spreadsheet does to a cell."""

import io
import zipfile
from datetime import date, datetime, time
from unittest.mock import patch

import pytest

from hoshu.files import media, tables
from tests.files.sheets import bomb, changed, xlsx


def read(content):
    """What the table is, its rows, and its marks."""
    with tables.opened(content) as table:
        blocks = list(table.blocks)
    return table.about, [row for block in blocks for row in rows(block)], [m for block in blocks for m in block.marks]


def rows(block):
    """As they stand in the file: of each as many cells as it has there."""
    columns = tables.unpacked(block.cells)
    assert {len(column) for column in columns} == {block.size}
    return [
        [*cells][: block.widths.get(line, len(columns))]
        for line, cells in enumerate(zip(*columns, strict=True), block.first)
    ]


def made(of, text):
    """A cell of which a spreadsheet made something."""
    return of + text


def refused(content):
    with pytest.raises(tables.Unreadable) as error:
        read(content)
    return str(error.value)


# -- CSV

LINES = "シリアル No.,ご購入元\r\nL-1,㈱髙﨑商会\r\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8（BOM付き）"), ("utf-16", "UTF-16"), ("cp932", "Shift_JIS（cp932）")],
)
def test_a_csv_is_read_in_every_encoding_of_a_spreadsheet(encoding, named):
    about, rows, _ = read(LINES.encode(encoding))
    assert (about.format, about.encoding, about.height) == ("CSV", named, 2)
    assert rows == [["シリアル No.", "ご購入元"], ["L-1", "㈱髙﨑商会"]]


def test_the_delimiter_is_a_comma_or_a_tab_and_not_one_within_quotes():
    assert read(b'"a,b"\tc\n1,5\t2\n')[1] == [["a,b", "c"], ["1,5", "2"]]
    assert read(b'"a\tb\t\t",c\n')[1] == [["a\tb\t\t", "c"]]
    assert read(b"only\none\n")[1] == [["only"], ["one"]]


def test_a_cell_may_hold_quotes_and_line_breaks_and_a_row_is_counted_as_a_spreadsheet_counts():
    with tables.opened('名称,備考\n"青葉 ""本社""","1行目\r\n2行目"\n\n若葉,\n'.encode()) as table:
        [block] = table.blocks
    assert block.first == 1
    assert rows(block) == [["名称", "備考"], ['青葉 "本社"', "1行目\r\n2行目"], [], ["若葉", ""]]


def test_a_row_that_is_shorter_or_longer_stays_as_it_is():
    assert read(b"a,b,c\n1\n1,2,3,4\n")[1] == [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]


def test_a_character_that_cannot_be_read_is_left_to_be_told_at_its_cell():
    _, rows, _ = read("名称\n青葉商事株式会社\n若葉".encode() + b"\xff\n")
    assert rows[1:] == [["青葉商事株式会社"], ["若葉\ufffd"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n3,\x004\n", "NUL"),
        ("a,b\n1,2\n3,\x004\n".encode("utf-16"), "3行目にNUL文字があり"),
        (b'a,b\n1,"2\n3,4\n', "引用符"),
        (b'a,b\n1,"2"x\n', "2行目の引用符"),
        (b"a\n" + b"x" * 200_000 + b"\n", "2行目に長すぎるセル"),
        (b"<html><table><tr><td>a</td></tr></table>", "HTML"),
        (b"\n<?xml version='1.0'?><Workbook/>", "HTMLかXML"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_place(content, says):
    assert says in refused(content)


# -- XLSX: what stands in the cells


def test_a_sheet_is_read_with_what_a_spreadsheet_made_of_its_cells():
    content = xlsx(
        [
            ["シリアル No.", "日付", "数"],
            ["0012", date(2025, 4, 1), 123456789012],
            ["㈱髙﨑𠮷", datetime(2025, 4, 1, 10, 30), 0.5],  # noqa: DTZ001  as Excel keeps it
            ["", time(10, 30), True],
        ]
    )
    about, rows, marks = read(content)
    assert (about.format, about.sheet, about.height, marks) == ("XLSX", "一覧", 4, [])
    assert rows[1:] == [
        ["0012", made(tables.DATE, "2025/04/01"), made(tables.NUMBER, "123456789012.0")],
        ["㈱髙﨑𠮷", made(tables.DATE, "2025/04/01 10:30"), made(tables.NUMBER, "0.5")],
        ["", made(tables.TIME, "10:30:00"), "TRUE"],
    ]


@pytest.mark.parametrize("from_1904", [False, True])
def test_days_are_counted_from_1900_or_1904_as_the_workbook_says(from_1904):
    days = [date(1904, 1, 2), date(2000, 2, 29), date(2025, 4, 1)]
    _, rows, _ = read(xlsx([[day] for day in days], date_1904=from_1904))
    assert rows == [[made(tables.DATE, f"{day:%Y/%m/%d}")] for day in days]


def test_the_readings_of_names_do_not_get_into_them():
    """Japanese Excel keeps the kana one typed beside the characters."""
    with_kana = "<r><t>高</t></r><r><t>橋</t></r><rPh sb='0' eb='2'><t>タカハシ</t></rPh>".encode()
    content = changed(xlsx([["X"]]), sharedStrings=lambda part: part.replace(b"<t>X</t>", with_kana))
    assert read(content)[1] == [["高橋"]]


def test_rows_and_columns_keep_their_places_where_the_table_begins_further_in():
    _, rows, _ = read(xlsx([(), (), (None, "a", "b"), (None, "c", None)]))
    assert rows[2:] == [["", "a", "b"], ["", "c", ""]]


def test_a_large_table_comes_in_blocks_with_the_marks_of_their_rows():
    def draw(book, sheet):
        sheet.set_row(19, None, None, {"hidden": True})
        sheet.write_formula(20, 0, "=1+1", None, 2)

    with tables.opened(xlsx([[f"L{n}"] for n in range(30)], draw=draw), at_once=20) as table:
        first, second = table.blocks
    assert (first.first, first.size, first.marks) == (1, 20, [(20, -1, "hidden")])
    assert (second.first, second.size, second.marks) == (21, 10, [(21, 0, "formula")])
    assert rows(second)[1] == ["L21"]


def test_what_cp932_does_not_have_is_told_with_its_rows():
    lines = ["名称", "㈱髙﨑商会", "𠮷田と𠮷野", "波〜", "𠮷田"]
    with tables.opened("\n".join(lines).encode(), at_once=2) as table:
        first, second, third = table.blocks
    assert first.beyond == {}
    assert second.beyond == {"𠮷": (1, 3), "〜": (1, 4)}
    assert third.beyond == {"𠮷": (1, 5)}


# -- XLSX: what a reader would not notice


def test_a_formula_and_a_fault_are_marked_at_their_cells():
    content = xlsx([["a", "b"], ["=1+1", "x"], ["y", "=NA()"]])
    _, _, marks = read(content)
    assert marks == [(2, 0, "formula"), (3, 1, "formula")]
    faulty = changed(
        xlsx([["a"], [1]]), sheet1=lambda part: part.replace(b'<c r="A2"><v>1</v>', b'<c r="A2" t="e"><v>#N/A</v>')
    )
    assert read(faulty)[2] == [(2, 0, "fault")]


def test_a_formula_is_found_where_every_tag_has_a_prefix():
    def prefixed(part):
        text = part.decode().replace("</", "</x:").replace("<", "<x:")
        text = text.replace("<x:?", "<?").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
        return text.encode()

    content = changed(xlsx([["a"], ["=1+1"]]), sheet1=prefixed)
    assert (2, 0, "formula") in read(content)[2]


def test_a_formula_is_found_across_the_pieces_in_which_a_sheet_is_looked_through():
    """Wherever the edge of a piece falls, no tag is cut in two unseen."""
    from hoshu.files import table_decoder

    content = xlsx([["a"], ["=1+1"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = archive.read("xl/worksheets/sheet1.xml")
        place = whole.index(b"<f>")
        for size in range(place - 2, place + 4):
            with patch.object(table_decoder, "HEAD_BYTES", size):
                assert table_decoder._look_through(archive, "xl/worksheets/sheet1.xml").found == [(2, 0, "formula")]


def test_the_cells_that_a_merge_leaves_empty_are_marked():
    def draw(book, sheet):
        sheet.merge_range(1, 0, 3, 0, "三台分")
        sheet.merge_range(5, 0, 9, 1, "")

    rows = [["a", "b"], [None, "1"], [None, "2"], [None, "3"]]
    _, _, marks = read(xlsx(rows, draw=draw))
    assert marks == [(3, 0, "merged"), (4, 0, "merged")]


def test_what_is_hidden_is_told():
    def draw(book, sheet):
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 3, None, None, {"hidden": True})
        book.add_worksheet("控え").hide()
        book.add_worksheet("昔の控え").very_hidden()
        book.add_worksheet("説明")
        book.add_chartsheet("図")

    about, rows, marks = read(xlsx([["a"], ["1"]], draw=draw))
    assert rows == [["a"], ["1"]]
    assert marks == [(2, -1, "hidden")]
    assert (about.other_sheets, about.hidden_sheets) == (("説明",), ("控え", "昔の控え"))
    assert about.hidden_columns == ("C〜D",)


def test_no_sign_of_ours_comes_from_a_file():
    """Or a cell could pass for two, or a text for a number."""
    _, from_csv, _ = read(b"a,b\nx\x1fy,\x1dn5\nz\x1e,w\n")
    assert from_csv[1:] == [["x\ufffdy", "\ufffdn5"], ["z\ufffd", "w"]]
    for escaped in (b"_x001F_", b"_x001E_", b"_x0000_"):
        hostile = changed(xlsx([["X"]]), sharedStrings=lambda part: part.replace(b"<t>X", b"<t>a" + escaped))  # noqa: B023
        assert read(hostile)[1] == [["a\ufffd"]]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("L-1", "L-1"),
        (made(tables.NUMBER, "123456789012.0"), "123456789012"),
        (made(tables.NUMBER, "0.5"), "0.5"),
        (made(tables.NUMBER, "1.234567890123457e+18"), "1.234567890123457e+18"),
        (made(tables.DATE, "2025/04/01"), "2025/04/01"),
    ],
)
def test_a_cell_is_shown_as_a_spreadsheet_shows_it(cell, shown):
    assert tables.shown(cell) == shown


def test_the_first_sheet_that_is_shown_is_read():
    def draw(book, sheet):
        sheet.hide()
        second = book.add_worksheet("二枚目")
        second.write(0, 0, "=1+1")
        second.activate()
        second.set_first_sheet()

    about, _, marks = read(xlsx([["hidden"]], draw=draw))
    assert (about.sheet, about.hidden_sheets, marks) == ("二枚目", ("一覧",), [(1, 0, "formula")])


# -- XLSX: what is refused as a whole


def test_a_bomb_is_refused_before_it_is_unpacked():
    small = bomb(60)
    assert len(small) < 100_000
    assert "展開すると大きすぎます（60MB）" in refused(small)


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(bomb(60))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    for place in range(len(content) - 4):
        if content[place : place + 4] == real.to_bytes(4, "little"):
            content[place : place + 4] = (2_000).to_bytes(4, "little")
    assert "部品の大きさが合いません" in refused(bytes(content))


def test_many_parts_are_refused():
    out = io.BytesIO(xlsx([["a"]]))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(1_000):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert "部品が多すぎます" in refused(out.getvalue())


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(xlsx([["a"]]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    assert "同じ名前の部品が2つ" in refused(out.getvalue())


def test_a_value_at_the_end_of_the_world_is_refused_with_its_place():
    content = xlsx([["a"]], draw=lambda book, sheet: sheet.write(1_048_575, 16_383, " "))
    assert "XFD1048576まで" in refused(content)


def test_entities_are_refused():
    billion = b'<!DOCTYPE s [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
    for part in ("sheet1", "workbook"):
        content = changed(xlsx([["a"]]), **{part: lambda given: given.replace(b"?>\n", b"?>\n" + billion, 1)})
        assert "XLSXとして開けません" in refused(content)


def test_a_sheet_in_utf_16_is_refused_since_it_would_be_read_as_empty():
    def as_utf_16(part):
        return part.decode().replace("UTF-8", "UTF-16").encode("utf-16")

    assert "XLSXとして開けません" in refused(changed(xlsx([["a"]]), sheet1=as_utf_16))


@pytest.mark.parametrize("content", [xlsx([["a"]])[:-40], xlsx([["a"]])[:300], b"PK\x03\x04" + b"\x00" * 100])
def test_a_broken_workbook_is_refused(content):
    assert "XLSXとして開けません" in refused(content)


def test_an_old_workbook_and_a_locked_one_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
    assert "古い形式（.xls）" in refused(ole + "Workbook".encode("utf-16-le"))
    assert "パスワードを外して" in refused(ole + "EncryptedPackage".encode("utf-16-le"))


def test_a_workbook_without_a_sheet_to_see_is_refused():
    content = changed(xlsx([["a"]]), workbook=lambda part: part.replace(b'sheetId="1"', b'sheetId="1" state="hidden"'))
    assert "表示されているシートがありません" in refused(content)


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(tables, "WALL_SECONDS", 0.01)
    assert "時間がかかりすぎ" in refused(b"a,b\n")


def test_a_reader_that_crashes_takes_nothing_with_it(monkeypatch, tmp_path):
    crashing = tmp_path / "python"
    crashing.write_text('#!/bin/sh\necho \'{"format": "CSV", "height": 1}\'\nkill -SEGV $$\n')
    crashing.chmod(0o755)
    monkeypatch.setattr(tables.sys, "executable", str(crashing))
    assert "安全に開けません" in refused(b"a,b\n")


# -- as a file that somebody hands over


@pytest.mark.req("IX-MYN-04")
def test_a_personal_number_is_found_in_every_sheet_also_where_excel_made_a_number_of_it():
    def draw(book, sheet):
        hidden = book.add_worksheet("控え")
        hidden.write(0, 0, "マイナンバー")
        hidden.write_number(0, 1, 123456789018)
        hidden.hide()

    assert media.inspect(xlsx([["名称"]])) == media.Inspection(media.XLSX, None, personal_number=False)
    assert media.inspect(xlsx([["名称"]], draw=draw)).personal_number


def test_a_bomb_is_refused_when_it_is_handed_over():
    with pytest.raises(media.Unreadable, match="展開すると大きすぎます"):
        media.inspect(bomb(60))
