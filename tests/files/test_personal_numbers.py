"""Where a 個人番号 is seen and where it must not be. The valid number is the one of public tests."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_

from hoshu.files import personal_numbers

VALID = "123456789018"


def number(rng: random.Random) -> str:
    base = f"{rng.randrange(10**11):011d}"
    return base + str(personal_numbers.check_digit(base))


def test_check_digit_of_the_ordinance():
    assert personal_numbers.check_digit("12345678901") == 8
    assert not personal_numbers.is_valid("123456789012")


@given(st.integers(0, 10**11 - 1))
def test_check_digit_agrees_with_a_kept_library(base):
    digits = f"{base:011d}"
    assert in_.is_valid(digits + str(personal_numbers.check_digit(digits)))


@pytest.mark.req("IX-MYN-01")
@pytest.mark.parametrize(
    "text",
    [
        "担当者の番号は 1234-5678-9018 です",
        "1234 5678 9018",
        "１２３４－５６７８－９０１８",
        "1234　5678　9018",
        "マイナンバー:123456789018",
        "個人番号\n123456789018",
        "123456789018（個人番号）",
        "ﾏｲﾅﾝﾊﾞｰ 1 2 3 4 5 6 7 8 9 0 1 8",
        "My Number: １２３４５６７８９０１８",
        "個人番号 2026/11/20 1234 56789018",
    ],
)
def test_found(text):
    ((start, end),) = personal_numbers.find(text)
    assert text[start].isdigit()
    assert text[end - 1].isdigit()
    assert personal_numbers.warn(text)


@pytest.mark.parametrize(
    "text",
    [
        VALID,  # twelve digits alone are a serial, an order or an article number
        "製造番号 123456789018",
        "1234-5678-9012",  # wrong check digit
        "マイナンバー: 123456789012",
        "4111-1234-5678-9018",  # a chain of four groups is a card number
        "1234-5678-9018-4111",
        "SN1234-5678-9018",
        "個人番号 1234567890189",  # thirteen digits
        "個人番号は記載していません。" + "。" * 80 + VALID,  # too far from the word
        "電話 03-0000-1234 受付 10:00-18:00",
    ],
)
def test_not_found(text):
    assert personal_numbers.find(text) == []
    assert personal_numbers.warn(text) is None
    assert personal_numbers.masked(text) == text


def test_recall_on_planted_numbers_and_silence_on_serials():
    rng = random.Random(7)
    for _ in range(2000):
        digits = number(rng)
        joint = rng.choice(["-", " ", "－", "　"])
        grouped = joint.join((digits[:4], digits[4:8], digits[8:]))
        assert personal_numbers.find(f"お客様 {grouped} 確認済")
        assert personal_numbers.find(f"個人番号は{digits}です")
        assert not personal_numbers.find(f"製造番号 {digits} の本体")


def test_every_number_of_a_text_is_masked_and_nothing_else():
    text = "山田 1234-5678-9018、製造番号 987654321098、マイナンバー１２３４５６７８９０１８。"
    assert personal_numbers.masked(text) == (
        "山田 ＊＊＊＊-＊＊＊＊-＊＊＊＊、製造番号 987654321098、マイナンバー＊＊＊＊＊＊＊＊＊＊＊＊。"
    )


@given(st.text(alphabet="0123456789 -個人番号マイナ\n０１", max_size=120))
def test_masking_leaves_nothing_to_find(text):
    assert personal_numbers.find(personal_numbers.masked(text)) == []
    assert len(personal_numbers.masked(text)) == len(text)
