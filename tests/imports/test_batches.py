"""Rows in columns: which are left out, which have their values in the wrong place, and what outweighs what."""

import pytest

from hoshu.files import tables
from hoshu.imports import Refused
from hoshu.imports.batches import (
    CAREFUL,
    CHANGED,
    DONE,
    READY,
    REFUSED,
    SAME,
    Batch,
    Reader,
    Remark,
    counted,
    remarks_of,
    together,
    written,
)
from hoshu.imports.columns import CAUTION, CHANGE, ERROR, Column, Note, Number, Words, Yen
from hoshu.imports.headings import Forbidden, find
from hoshu.imports.kinds import Kind

COLUMNS = (
    Column(name="number", label="番号", form=Number(str.upper), required=True, example="N1", also=("製造番号",)),
    Column(name="name", label="名称", form=Words(10, printed=True), example="青葉"),
    Column(name="yen", label="価格", form=Yen(), example="100"),
)
KIND = Kind(id="x", label="試験", about="", columns=COLUMNS, key=("number",), check=print, write=print)


def batch(*rows, first=2, places=(0, 1, 2), **more):
    reader = Reader(COLUMNS, dict(zip(("number", "name", "yen"), places, strict=False)), len(rows[0]))
    return reader.batch(first, [[*column] for column in zip(*rows, strict=True)], **more)


def said(found):
    return {
        line: [(level, heading, title) for level, heading, title, _ in r.notes] for line, r in found.remarks.items()
    }


def test_values_stand_in_columns_whatever_the_order_of_the_file():
    found = batch(["100", "n1", "青葉"], ["200", "N2", ""], places=(1, 2, 0))
    assert (found["number"], found["name"], found["yen"]) == (["N1", "N2"], ["青葉", None], [100, 200])
    assert [*found.lines] == [2, 3]
    assert said(found) == {2: [(CHANGE, "番号", "書き方をそろえる番号")]}
    assert found.row(1) == {"number": "N2", "name": None, "yen": 200}


def test_empty_rows_are_left_out_and_the_others_keep_their_numbers():
    found = batch(["N1", "", ""], ["", "", ""], ["", "青葉", ""], ["N4", "", ""])
    assert [*found.lines] == [2, 4, 5]
    assert said(found) == {4: [(ERROR, "番号", "空欄")]}
    assert [*found.open()] == [0, 2]


def test_a_column_that_the_file_lacks_is_empty():
    assert batch(["N1"], places=(0,))["name"] == [None]


def test_a_row_of_another_width_is_refused():
    rows = [["N1", "青葉", "1", ""], ["N2", "青葉", "", ""], ["N3", "青葉", "3", "x"]]
    reader = Reader(COLUMNS, {"number": 0, "name": 1, "yen": 2}, 3)
    found = reader.batch(2, [[*column] for column in zip(*rows, strict=True)], widths={3: 2})
    assert said(found) == {3: [(ERROR, "", "列の数")], 4: [(ERROR, "", "列の数")]}
    assert "見出しは3、この行は2" in found.remarks[3].notes[0][3]


def test_a_narrow_block_after_the_headings_is_refused_row_by_row():
    reader = Reader(COLUMNS, {"number": 0, "name": 1, "yen": 2}, 3)
    assert said(reader.batch(2, [["N1"], ["青葉"]])) == {2: [(ERROR, "", "列の数")]}


def test_what_is_marked_at_a_cell_is_told_instead_of_what_its_value_looks_like():
    marks = [(2, 0, "merged"), (3, 0, "formula"), (3, 2, "fault"), (4, -1, "hidden")]
    marks += [(5, 9, "formula"), (99, 0, "formula")]  # in a column that nobody reads, and below the table
    found = batch(["", "\ue000", ""], ["2", "", ""], ["N4", "", ""], ["N5", "", ""], marks=marks)
    assert said(found) == {
        2: [(CAUTION, "名称", "手紙に印刷できない文字"), (ERROR, "番号", "結合されたセル")],
        3: [(ERROR, "番号", "数式"), (ERROR, "価格", "エラー値")],
        4: [(CAUTION, "", "非表示の行")],
    }
    assert "A3は数式" in found.remarks[3].notes[0][3]
    assert [found.remarks[line].verdict for line in (2, 3, 4)] == [REFUSED, REFUSED, CAREFUL]


def test_a_whole_column_of_plain_numbers_is_read_like_one_cell_after_the_other():
    plain, mixed = batch(*[[f"N{n}", "", f"{n}"] for n in range(1, 99)]), batch(["N1", "", "1"], ["n2", "", "2円"])
    assert plain["number"][:2] == mixed["number"]
    assert plain["yen"][:2] == mixed["yen"]
    assert said(plain) == {}
    assert batch(["N1", "", ""])["yen"] == [None]
    assert [*batch(["", "", ""]).lines] == []


def test_a_column_with_more_words_than_are_kept_in_mind_is_read_all_the_same(monkeypatch):
    monkeypatch.setattr("hoshu.imports.batches.MOST_KNOWN", 3)
    found = batch(*[["N1", f"青葉{n}", ""] for n in range(10)])
    assert found["name"] == [f"青葉{n}" for n in range(10)]


def test_an_error_outweighs_everything_and_nothing_is_said_twice():
    remark = Remark()
    for level, verdict in ((CHANGE, READY), (CAUTION, CAREFUL), (ERROR, REFUSED), (CAUTION, REFUSED)):
        remark.add("欄", Note(level, "題", "文"))
        assert remark.verdict == verdict
    assert len(remark.notes) == 3


def test_what_is_there_already_does_not_become_right_by_it():
    found = Batch([2, 3], {"number": ["N1", "N2"]}, {"number": "番号"})
    found.refuse(0, "number", "題", "文")
    found.already(0, "N1")
    found.already(1, "N2")
    assert [found.remarks[line].verdict for line in (2, 3)] == [REFUSED, SAME]
    assert [*found.open()] == []


def test_remarks_are_read_as_they_were_written():
    found = batch(["n1", "\ue000", "x"])
    found.already(0, "N1")
    assert remarks_of(written(found.remarks)) == found.remarks


def test_rows_are_counted_by_verdict():
    remarks = [Remark(REFUSED), Remark(SAME), Remark(CAREFUL, [(CHANGE, "", "", "")])]
    assert counted(5, remarks) == {REFUSED: 1, SAME: 1, CAREFUL: 1, CHANGED: 1, READY: 2}
    assert counted(5, remarks[:2], otherwise=DONE) == {REFUSED: 1, SAME: 1, DONE: 3}
    assert together([{READY: 2, SAME: 1}, {READY: -2, DONE: 2}]) == {SAME: 1, DONE: 2}


# -- headings


def headings(*rows):
    width = max(map(len, rows))
    return find([*zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True)], KIND)


def test_headings_are_found_under_a_title_in_any_order():
    found = headings(["出荷の一覧"], [], ["価格", "備考", "製造番号（必須）", ""], ["100", "", "N1", ""])
    assert (found.line, found.places, found.unknown) == (3, {"yen": 0, "number": 2}, ["備考"])
    assert found.texts == ["価格", "備考", "製造番号（必須）"]


def test_a_result_file_of_ours_can_be_handed_over_again():
    assert headings(["番号", "元の行", "結果", "内容", "登録した番号"]).unknown == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["a", "b"], "見出しの行がありません。次の見出しの行を書いてください:「番号」「名称」「価格」"),
        (["名称", "価格"], "必須の見出し「番号」がありません。1行目"),
        (["番号", "製造番号"], "見出し「番号」の列が2つあります"),
    ],
)
def test_a_file_without_its_headings_is_refused(row, says):
    with pytest.raises(Refused, match=says):
        headings(row, ["N1", "x"])


@pytest.mark.req("IX-MYN-04")
def test_a_column_of_personal_numbers_is_not_read():
    with pytest.raises(Forbidden, match="マイナンバー"):
        headings(["番号", "マイナンバー"], ["N1", ""])


def test_a_heading_that_a_spreadsheet_made_a_number_is_read_as_it_is_shown():
    assert headings(["番号", f"{tables.NUMBER}2025.0"]).unknown == ["2025"]


def test_rows_move_from_one_block_to_the_next_with_all_that_is_known_of_them():
    def block(first, columns, **known):
        size = len(columns[0])
        return tables.Block(
            first=first,
            size=size,
            cells=tables.packed(columns),
            **{"widths": {}, "marks": [], "beyond": {}, **known},
        )

    before = block(2, [["1", "2", "3"]], widths={4: 3}, marks=[(2, 0, "formula"), (4, 0, "merged")])
    after = block(5, [["4"], ["x"]], marks=[(5, 1, "fault")])
    left, right = tables.moved(before, after, 1)
    assert (left.first, left.size, right.first, right.size) == (2, 2, 4, 2)
    assert [column[:2] for column in tables.unpacked(left.cells)] == [["1", "2"], ["", ""]]
    assert tables.unpacked(right.cells) == [["3", "4"], ["", "x"]]
    assert (left.widths, right.widths) == ({}, {4: 3})
    assert (left.marks, right.marks) == ([(2, 0, "formula")], [(4, 0, "merged"), (5, 1, "fault")])
