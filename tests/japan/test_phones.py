"""Telephone numbers, however they are typed."""

import pytest

from hoshu.japan.phones import Kind, digits, formatted, read


@pytest.mark.parametrize(
    "typed",
    [
        "03-0000-1234",
        "0300001234",
        "０３－００００－１２３４",
        "０３ー００００ー１２３４",
        "03−0000−1234",
        "03 0000 1234",
        "(03)0000-1234",
        "03(0000)1234",
        "03.0000.1234",
        "+81-3-0000-1234",
        "+81300001234",
        "+81(0)3-0000-1234",
        "81-3-0000-1234",
        "TEL:03-0000-1234",
        "電話　03-0000-1234",
        "03-0000-1234（代表）",
        "\t03-0000-1234\n",
    ],
)
def test_one_number_in_many_forms(typed):
    assert str(read(typed)) == formatted(typed) == "03-0000-1234"
    assert read(typed).kind is Kind.FIXED
    assert digits(typed) == "0300001234"


@pytest.mark.parametrize(
    ("typed", "shown", "kind"),
    [
        ("0120000000", "0120-000-000", Kind.TOLL_FREE),
        ("0120-00-0000", "0120-000-000", Kind.TOLL_FREE),
        ("08000000000", "0800-000-0000", Kind.TOLL_FREE),
        ("0570000000", "0570-000-000", Kind.SHARED_COST),
        ("09000000000", "090-0000-0000", Kind.MOBILE),
        ("+81 90 0000 0000", "090-0000-0000", Kind.MOBILE),
        ("08010000000", "080-1000-0000", Kind.MOBILE),
        ("06000000000", "060-0000-0000", Kind.MOBILE),
        ("05000000000", "050-0000-0000", Kind.IP),
        ("02000000000", "020-0000-0000", Kind.DATA),
        ("06-0000-0000", "06-0000-0000", Kind.FIXED),
        ("0110000000", "011-000-0000", Kind.FIXED),
        ("0980-00-0000", "0980-00-0000", Kind.FIXED),
        ("05769-0-0000", "05769-0-0000", Kind.FIXED),
        ("+1-212-555-0100", "+1 212-555-0100", Kind.ABROAD),
        ("010-1-212-555-0100", "+1 212-555-0100", Kind.ABROAD),
    ],
)
def test_every_kind_is_shown_as_it_is_written_in_japan(typed, shown, kind):
    found = read(typed)
    assert (str(found), found.kind) == (shown, kind)


@pytest.mark.parametrize("number", ["03-0000-0000", "022-000-1234", "048-000-7002", "04-0000-0000", "090-0000-0000"])
def test_a_number_that_nobody_has_yet_is_a_number_and_keeps_its_area_code(number):
    assert formatted(number) == number
    assert formatted(f"＋８１ー{number.removeprefix('0')}") == number


@pytest.mark.parametrize(
    "typed",
    [
        "03-0000-1234 内線567",
        "０３－００００－１２３４（内線：５６７）",
        "03-0000-1234 内567",
        "03-0000-1234 ext.567",
        "03-0000-1234#567",
        "03-0000-1234（代）内線567",
    ],
)
def test_an_extension_is_kept_and_does_not_count_in_a_search(typed):
    found = read(typed)
    assert (found.number, found.extension, str(found)) == ("03-0000-1234", "567", "03-0000-1234 内線567")
    assert digits(typed) == "0300001234"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "空です"),
        ("　", "空です"),
        ("0000-1234", "けた数が足りません"),
        ("03-000-1234", "けた数が足りません"),
        ("+81-3-00", "けた数が足りません"),
        ("1234", "0 か"),
        ("119", "0 か"),
        ("1234-5678-9018", "0 か"),
        ("03-00000-1234", "03で始まる番号は10けたです（11けた入力されています）"),
        ("090-0000-123", "090で始まる番号は11けたです（10けた入力されています）"),
        ("090-0000-12345", "090で始まる番号は11けたです（12けた入力されています）"),
        ("0120-0000-0000", "01で始まる番号は10けたです（12けた入力されています）"),
        ("000-0000-0000", "00で始まる番号は使えません"),
        ("0120-ABC-DEF", "「A」は電話番号に使えません"),
        ("なし", "「な」は電話番号に使えません"),
        ("😀", "「😀」は電話番号に使えません"),
        ("𠮷田", "「𠮷」は電話番号に使えません"),
        ("٠٣٠٠٠٠١٢٣٤", "「٠」は電話番号に使えません"),
        ("03-0000-1234、5678", "「、」は電話番号に使えません"),
        ("03-0000-1234 / 090-0000-5678", "一つだけ"),
        ("+1-212", "海外の電話番号として読めません"),
        ("+", "けた数が足りません"),
    ],
)
def test_what_is_no_number_is_told_and_stays_as_it_was_typed(typed, told):
    with pytest.raises(ValueError, match=told):
        read(typed)
    assert formatted(typed) == typed.strip()


@pytest.mark.parametrize(("typed", "searched"), [("+81-3-00", "0300"), ("０３－００", "0300"), ("0001234", "0001234")])
def test_a_part_of_a_number_is_enough_for_a_search(typed, searched):
    assert digits(typed) == searched
