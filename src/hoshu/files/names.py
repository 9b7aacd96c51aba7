"""File names as they come from other people's machines, made safe to show, store and send back."""

import re
import unicodedata

LONGEST = 120
_NO_NAME = "名称なし"
# Direction marks can make `抜粋‮fdp.exe` read as `抜粋exe.pdf`; controls and quotes would break a header.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*:<>?|\\/\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


def cleaned(name: str) -> str:
    """`name` without folders, controls, direction marks and signs that file systems refuse; at most LONGEST long.

    The ending survives the cut, so that the file still opens with the right program.
    """
    last = re.split(r"[/\\]", name)[-1]
    last = _FORBIDDEN.sub("", unicodedata.normalize("NFC", last)).strip(" .")
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = last, ""
    else:
        ending = f".{ending}"
    return (stem[: LONGEST - len(ending)].strip() or _NO_NAME) + ending
