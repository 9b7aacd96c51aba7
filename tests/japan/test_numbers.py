"""法人番号 and 登録番号: the digits check each other."""

import pytest

from hoshu.japan.numbers import corporate_number, invoice_number, is_corporate_number

# The example of the National Tax Agency's own explanation of the check digit.
EXAMPLE = "8700110005901"


@pytest.mark.parametrize(
    "typed",
    [
        EXAMPLE,
        "8-7001-1000-5901",
        "８ー７００１ー１０００ー５９０１",
        " 8700 1100 05901 ",
    ],
)
def test_a_corporate_number_is_read_however_it_is_typed(typed):
    assert corporate_number(typed) == EXAMPLE


@pytest.mark.parametrize(
    "typed", [f"T{EXAMPLE}", f"t{EXAMPLE}", "Ｔ８７００１１０００５９０１", "T8-7001-1000-5901", EXAMPLE]
)
def test_an_invoice_number_is_read_however_it_is_typed(typed):
    assert invoice_number(typed, sole_trader=False) == f"T{EXAMPLE}"


@pytest.mark.parametrize("place", range(13))
def test_a_slip_in_any_digit_is_seen(place):
    slipped = EXAMPLE[:place] + str((int(EXAMPLE[place]) + 1) % 10) + EXAMPLE[place + 1 :]
    if {EXAMPLE[place], slipped[place]} != {"0", "9"}:  # the formula counts by nines
        assert not is_corporate_number(slipped)
        with pytest.raises(ValueError, match="検査数字（先頭の1けた）が合いません"):
            corporate_number(slipped)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "空です"),
        ("　", "空です"),
        ("87001100059", "11けたです.*13けた.*例: "),
        ("870011000590", "12けたです.*13けた.*例: .*個人番号（マイナンバー）は入力しないでください"),
        ("87001100059011", "14けたです.*13けた.*例: "),
        ("X700110005901", "「X」は.*使えません.*例: "),
        ("8７00l10005901", "「[lL]」は.*使えません"),
        ("😀", "「😀」は.*使えません"),
        ("𠮷田商店", "「𠮷」は.*使えません"),
        ("٨٧٠٠١١٠٠٠٥٩٠١", "「٨」は.*使えません"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_expected(typed, told):
    with pytest.raises(ValueError, match=told):
        corporate_number(typed)
    for sole_trader in (True, False):
        with pytest.raises(ValueError, match=told):
            invoice_number(typed, sole_trader=sole_trader)


def test_a_corporate_number_has_no_letter_in_front():
    with pytest.raises(ValueError, match="「T」は法人番号に使えません"):
        corporate_number(f"T{EXAMPLE}")


def test_the_digits_of_a_sole_trader_are_no_corporate_number():
    assert invoice_number("T1234567890123", sole_trader=True) == "T1234567890123"
    assert not is_corporate_number("T1234567890123")
    assert is_corporate_number(f"T{EXAMPLE}")
    with pytest.raises(ValueError, match=r"検査数字が合いません.*「個人事業主」に印"):
        invoice_number("T1234567890123", sole_trader=False)
