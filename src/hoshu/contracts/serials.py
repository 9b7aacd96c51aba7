"""製造番号 and シリアル No. as people write them, made comparable. What was written is kept beside it by the caller."""

import re
import unicodedata

_DROPPED = re.compile(r"[\s\-‐‑‒–—―−ー‾_]+")
_BETWEEN = re.compile(r"[,;/、；\n]|\s(?:と|及び|および)\s")


def normalise(written: str) -> str:
    """`written` as it is stored and searched: half width, upper case, without spaces and hyphens.

    Hyphens go because people add and omit them freely when they copy a label or read it out on the phone.
    """
    if written.isascii() and written.isalnum():  # as most are, in tables of thousands
        return written.upper()
    return _DROPPED.sub("", unicodedata.normalize("NFKC", written)).upper()


def split(written: str) -> list[str]:
    """IX-GEN-06: the numbers in one field, normalised; more than one means more than one body on the card."""
    if written.isascii() and written.isalnum():
        return [written.upper()]
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", written))
    return list(dict.fromkeys(filter(None, map(normalise, parts))))
