"""Bytes from other people's machines become text, and cells go out so that no spreadsheet runs them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu import texts

NAMES = "㈱髙﨑商会 ①～－"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（BOM付き）"),
        ("utf-16", "UTF-16"),
        ("cp932", "Shift_JIS（cp932）"),
    ],
)
def test_the_encoding_is_found_out(encoding: str, named: str):
    assert texts.decode(NAMES.encode(encoding)) == texts.Decoded(NAMES, named, 0)


def test_what_windows_adds_to_shift_jis_is_read():
    """Python's own `shift_jis` fails on each of these."""
    for character in "㈱髙﨑①Ⅳ":
        with pytest.raises(UnicodeEncodeError):
            character.encode("shift_jis")
        assert texts.decode(f"{character}商会の名簿".encode("cp932")).text == f"{character}商会の名簿"


def test_a_character_outside_the_basic_plane_is_read():
    assert texts.decode("𠮷田".encode()) == texts.Decoded("𠮷田", "UTF-8", 0)


def test_stray_bytes_do_not_turn_a_text_in_utf_8_into_nonsense():
    broken = "青葉商事,東京都".encode() + b"\x83\x41" + "千代田区".encode()
    found = texts.decode(broken)
    assert found.encoding == "UTF-8"
    assert found.text.startswith("青葉商事,東京都")
    assert found.lost == 1


def test_stray_bytes_do_not_turn_a_text_in_cp932_into_utf_8():
    found = texts.decode("青葉商事,東京都千代田区".encode("cp932") + b"\xff")
    assert (found.text[:7], found.encoding, found.lost) == ("青葉商事,東京", "Shift_JIS（cp932）", 1)


@pytest.mark.parametrize(
    ("text", "kept"), [("㈱髙﨑", "㈱髙﨑"), ("\u301c", "\uff5e"), ("\u2212", "\uff0d"), ("𠮷", None), ("\u2014", None)]
)
def test_what_cp932_changes_and_what_it_loses(text: str, kept: str | None):
    assert texts.in_cp932(text) == kept
    assert texts.held_by_cp932(text) is (text == kept)


@given(st.binary())
def test_no_bytes_fail(data: bytes):
    found = texts.decode(data)
    assert found.lost == found.text.count("\ufffd")


@pytest.mark.parametrize("cell", ["=1+1", "+81-3-0000-0000", "+1", "-2+3", "@x", "\t=1", "＝1", "-"])
def test_a_cell_that_would_run_gets_an_apostrophe_and_is_read_without_it(cell: str):
    assert texts.harmless(cell) == f"'{cell}"
    assert texts.meant(f"'{cell}") == cell


@pytest.mark.parametrize("cell", ["", "-5", "007", "1e5", "青葉", "O'Neill"])
def test_any_other_cell_stays_as_it_is(cell: str):
    assert texts.harmless(cell) == cell == texts.meant(cell)


@given(st.text())
def test_what_went_out_comes_back(cell: str):
    assert texts.meant(texts.harmless(cell)) == cell or cell.startswith("'")
