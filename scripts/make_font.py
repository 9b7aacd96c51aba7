"""Make the letter font: a subset of Noto Sans CJK JP that prints every Japanese name we expect and fits in the wheel.

    apt-get install fonts-noto-cjk && .venv/bin/python scripts/make_font.py

Holds what Noto Sans CJK JP has of JIS X 0213, of Windows' Japanese code page (髙, 﨑, ①, Ⅰ, ㈱) and EXTRA; it lacks the
rare accented and phonetic letters of JIS X 0213. Made again from the same package (Debian's 20220127), the result is
the same, byte for byte. The name is our own, so that no font of the machine can be taken for it.
"""

import re
import unicodedata
from itertools import product
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
TARGET = Path(__file__).resolve().parent.parent / "src/hoshu/notifications/letters/fonts"
FAMILY = "Hoshu Letter"
JAPANESE = 0  # the first face of the collection
EXTRA = "𠮷𡈽𣘺𠀋𡑮𥱋𠅘𫝆𦚰¥€£₩–—―−〜～‐‑•…‥※○●◎△▲▽▼□■◇◆☆★♪→←↑↓⇔✓"
# No text engine of ours writes vertically or asks for alternates; with their glyphs the file would be twice as large.
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"]


def characters() -> set[int]:
    """Every code point of JIS X 0213 and of code page 932, and EXTRA."""
    sequences = [bytes([a]) for a in range(256)]
    sequences += [bytes(pair) for pair in product(range(0x81, 0x100), range(0x40, 0x100))]
    plane_two = [bytes([0x8F, *pair]) for pair in product(range(0xA1, 0x100), repeat=2)]
    found = set(EXTRA)
    for encoding, candidates in (("cp932", sequences), ("euc_jis_2004", sequences + plane_two)):
        for candidate in candidates:
            try:
                found.update(candidate.decode(encoding))
            except UnicodeDecodeError:
                continue
    return {ord(character) for character in found if unicodedata.category(character)[0] != "C"}


def make(weight: str) -> None:
    font = TTFont(SOURCE / f"NotoSansCJK-{weight}.ttc", fontNumber=JAPANESE, lazy=True, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += UNUSED_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font, weight)
    font.save(TARGET / f"HoshuLetter-{weight}.otf")


def rename(font: TTFont, weight: str) -> None:
    """Give the subset its own name; copyright, trademark and licence entries stay."""
    postscript = f"{FAMILY.replace(' ', '')}-{weight}"
    names = {1: FAMILY, 2: weight, 3: postscript, 4: f"{FAMILY} {weight}", 6: postscript}
    for record in list(font["name"].names):
        if record.nameID in names and record.langID == 0x409:
            record.string = names[record.nameID]
        elif record.nameID in (*names, 16, 17, 21, 22):
            font["name"].removeNames(record.nameID, record.platformID, record.platEncID, record.langID)
    compact = font["CFF "].cff
    compact.fontNames = [postscript]
    top = compact.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, names[4]
    for part in top.FDArray:
        part.FontName = part.FontName.replace("NotoSansCJKjp", "HoshuLetter")


def copy_licence(font: TTFont) -> None:
    text = LICENCE.read_text(encoding="utf-8")
    (licence,) = re.findall(r"\nLicense: SIL-1\.1\n( -+\n.+?)\n\n", text, re.DOTALL)
    plain = "\n".join("" if line == " ." else line.removeprefix(" ") for line in licence.splitlines())
    head = f"{font['name'].getDebugName(0)}\n\n{FAMILY} is a subset of Noto Sans CJK JP (scripts/make_font.py).\n\n"
    (TARGET / "OFL.txt").write_text(head + plain + "\n", encoding="utf-8")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        make(weight)
    copy_licence(TTFont(TARGET / "HoshuLetter-Regular.otf"))
