"""Numbers as people write them."""

import pytest

from hoshu.contracts import serials


@pytest.mark.req("IX-GEN-03")
@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("3Y000123", "3Y000123"),
        (" 3y 000 123 ", "3Y000123"),
        ("３Ｙ０００１２３", "3Y000123"),
        ("3Y-000-123", "3Y000123"),
        ("3Yー０００−123", "3Y000123"),
        ("", ""),
    ],
)
def test_one_number_however_it_is_written(written, normal):
    assert serials.normalise(written) == normal


@pytest.mark.req("IX-GEN-06")
@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("N1", ["N1"]),
        ("N 1", ["N1"]),
        ("N1、N2", ["N1", "N2"]),
        ("N1，n2", ["N1", "N2"]),
        ("N1 と N2", ["N1", "N2"]),
        ("N1\nN2", ["N1", "N2"]),
        ("N1、n1", ["N1"]),
        ("", []),
    ],
)
def test_two_bodies_in_one_field_are_seen(written, numbers):
    assert serials.split(written) == numbers
