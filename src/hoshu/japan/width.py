"""Numbers as Japanese keyboards give them: wide digits, and whatever looks like a hyphen."""

import unicodedata

_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ─", "-"))


def half_width(text: str) -> str:
    """`text`, which holds a number, in half width and with one kind of hyphen: 「０３ー００００」 → 「03-0000」."""
    return unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip()
