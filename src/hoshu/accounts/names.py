"""Names as people type them, folded so that a search finds them."""

import re
import unicodedata

_COMPANY_FORMS = re.compile(r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def folded(text: str) -> str:
    """`text` without width, case, kana, spacing and 株式会社/㈱: what names are searched by."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)
    return re.sub(r"[\s・,.\-ー]+", "", _COMPANY_FORMS.sub("", text))


def digits(phone: str) -> str:
    """A telephone number as digits only, full-width ones included."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
