"""File names from other machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.files import names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("登録カード.pdf", "登録カード.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\佐藤\納品書.PDF", "納品書.PDF"),
        ("card\x00.pdf", "card.pdf"),
        ("抜粋\u202efdp.exe", "抜粋fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ('"><script>.png', "script.png"),
        ("", "名称なし"),
        ("...", "名称なし"),
        ("か\u3099.txt", "が.txt"),
    ],
)
def test_cleaned(given_name, kept):
    assert names.cleaned(given_name) == kept


def test_a_long_name_keeps_its_ending():
    assert names.cleaned("長" * 400 + ".pdf") == "長" * (names.LONGEST - 4) + ".pdf"


@given(st.text(max_size=300))
def test_whatever_comes_a_safe_name_results(name):
    cleaned = names.cleaned(name)
    assert 0 < len(cleaned) <= names.LONGEST
    assert not set(cleaned) & set('/\\\x00\r\n"\u202e')
    assert cleaned not in {".", ".."}
