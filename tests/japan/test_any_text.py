"""Whatever is typed is read or refused with a sentence; nothing else may happen."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.japan import addresses, names, numbers, phones

TYPED = st.text() | st.text(alphabet="0123456789０１２３-ー+()〒T 内線#株カ）様御中あアｱ髙𠮷", max_size=24)

READERS: list[Callable[[str], object]] = [
    addresses.postal_code,
    addresses.lookup,
    phones.read,
    numbers.corporate_number,
    lambda text: numbers.invoice_number(text, sole_trader=True),
    names.furigana,
]


@pytest.mark.parametrize("read", READERS)
@given(typed=TYPED)
def test_a_reader_reads_or_says_why_not(read, typed):
    refusal = said(read, typed)
    assert refusal == "" or "してください" in refusal or "見比べてください" in refusal


def said(read, typed):
    """The sentence of the refusal; empty where `typed` was read."""
    try:
        read(typed)
    except ValueError as error:
        return str(error)
    return ""


@given(typed=TYPED)
def test_what_was_read_once_reads_the_same_again(typed):
    for once in (addresses.formatted, phones.formatted):
        assert once(once(typed)) == once(typed)
    assert phones.digits(phones.formatted(typed)) == phones.digits(typed)


@given(company=TYPED, department=TYPED, person=TYPED)
def test_a_letter_has_never_two_titles(company, department, person):
    lines = names.addressed(company=company, department=department, person=person)
    assert not any(line.endswith(("御中 様", "様 様", "御中 御中")) for line in lines)
    assert not any(line.endswith("御中") for line in lines[:-1])
