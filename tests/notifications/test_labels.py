"""機器管理ラベル: its lines, and codes that a telephone and a hand scanner really read, each at its place."""

from datetime import date

import pypdfium2
import pytest
import zxingcpp

from hoshu.notifications import letters
from hoshu.notifications.letters import codes
from hoshu.notifications.letters.labels import FACTS, GRIDS, LINES, ROLL
from tests.notifications.samples import LABEL, SENDER

ISSUED = date(2026, 1, 13)


def prepared(count=1, grid=ROLL, first=1, **changed):
    labels = [LABEL | {"number": f"DK{123 + number:06}"} | changed for number in range(count)]
    data = {"labels": labels, "grid": grid, "first": first}
    return letters.prepare("label_sheet", data, sender=SENDER, issued_on=ISSUED)


def scanned(pdf, page=0, dots_per_inch=300):
    """What a scanner finds on a page: kind, text, and its middle in millimetres from the upper left corner."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[page].render(scale=dots_per_inch / 72).to_pil()
    millimetre = dots_per_inch / 25.4
    for found in zxingcpp.read_barcodes(picture):
        corners = [getattr(found.position, name) for name in ("top_left", "bottom_right")]
        yield (
            str(found.format),
            found.text,
            sum(corner.x for corner in corners) / 2 / millimetre,
            sum(corner.y for corner in corners) / 2 / millimetre,
        )


@pytest.mark.req("VA-LBL-01")
def test_the_lines_of_the_booklets_example_in_their_order():
    with pypdfium2.PdfDocument(letters.typeset("label", prepared())) as document:
        text = document[0].get_textpage().get_text_bounded()
    places = [text.index(value) for value in ("0120-000-000", "N8100-2558", "1234567", "2030/04/01", "DK000123")]
    assert places == sorted(places)
    assert [FACTS[fact] for fact in LINES] == [caption for caption, _ in LABEL["lines"]]


@pytest.mark.req("VA-LBL-01")
@pytest.mark.parametrize("grid", GRIDS)
def test_both_codes_can_be_read_back_from_every_kind_of_sheet(grid):
    found = {(kind, text) for kind, text, *_ in scanned(letters.typeset("label_sheet", prepared(grid=grid)))}
    assert found == {("Code 128", "DK000123"), ("QR Code", LABEL["link"])}


def test_a_code_is_read_from_a_coarse_print_too():
    """150 dots an inch: a cheap printer of labels."""
    found = {text for _, text, *_ in scanned(letters.typeset("label", prepared()), dots_per_inch=150)}
    assert found == {"DK000123", LABEL["link"]}


@pytest.mark.parametrize("grid", [grid for grid in GRIDS if grid != ROLL])
def test_a_sheet_in_use_goes_on_at_its_first_free_place(grid):
    sheet = GRIDS[grid]
    first = sheet.columns + 2  # second row, second column
    found = {text: (x, y) for kind, text, x, y in scanned(letters.typeset("label_sheet", prepared(2, grid, first)))}
    within = []
    for place, number in ((first, "DK000123"), (first + 1, "DK000124")):
        row, column = divmod(place - 1, sheet.columns)
        x, y = found[number]
        within.append((x - sheet.left - column * (sheet.width + sheet.gap), y - sheet.top - row * sheet.height))
    # Each stands at the same spot of its own label.
    assert within[0] == pytest.approx(within[1], abs=0.3)
    assert 0 < within[0][0] < sheet.width
    assert 0 < within[0][1] < sheet.height


def test_what_finds_no_place_any_more_goes_to_the_next_sheet():
    pdf = letters.typeset("label_sheet", prepared(4, "24", first=22))
    assert {text for kind, text, *_ in scanned(pdf) if kind == "Code 128"} == {"DK000123", "DK000124", "DK000125"}
    ((_, text, x, y),) = [found for found in scanned(pdf, page=1) if found[0] == "Code 128"]
    assert text == "DK000126"
    assert (x, y) < (6 + 66, 12.9 + 33.9)


@pytest.mark.parametrize("grid", GRIDS)
def test_every_sheet_fits_on_its_paper(grid):
    sheet = GRIDS[grid]
    assert 2 * sheet.left + sheet.columns * sheet.width + (sheet.columns - 1) * sheet.gap == pytest.approx(
        sheet.page[0]
    )
    assert 2 * sheet.top + sheet.rows * sheet.height == pytest.approx(sheet.page[1])


@pytest.mark.parametrize("first", [0, 22])
def test_a_place_that_the_sheet_does_not_have_is_refused(first):
    with pytest.raises(ValueError, match="places 1 to 21"):
        prepared(grid="21", first=first)


@pytest.mark.req("VA-LBL-01")
def test_a_field_longer_than_its_space_is_told_before_anything_is_printed():
    def with_type(number):
        return [(caption, number if caption == "型名" else value) for caption, value in LABEL["lines"]]

    assert letters.too_long("label_sheet", prepared(3)) == []
    endless = prepared(2, lines=with_type("N8100-2558-MODEL-OF-MANY-WORDS"))
    assert letters.too_long("label_sheet", endless) == [(0, "型名"), (1, "型名")]
    # What a narrow label has no room for, a wide one may have.
    longer = {"lines": with_type("N8100-2558-1234")}
    assert letters.too_long("label", prepared(**longer)) == [(0, "型名")]
    assert letters.too_long("label_sheet", prepared(grid="10", **longer)) == []


def test_bars_too_fine_for_a_scanner_are_told():
    number = "DK" + "0A" * 12
    assert letters.too_long("label", prepared(number=number)) == [(0, number)]


def test_a_label_names_no_customer():
    assert not {"customer", "holder", "company"} & set(FACTS)


def test_a_code_is_widths_that_sum_up_to_a_square():
    rows = codes.qr(LABEL["link"])
    assert {sum(row) for row in rows} == {len(rows)}
    assert codes.code_128("DK000123") == codes.code_128("DK000123")
    assert sum(codes.code_128("DK000123")[0]) == 101  # as python-barcode counts eight signs, the pairs in set C
