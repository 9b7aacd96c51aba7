"""Small files of each kind, made here: nothing binary stands in the repository."""

import io

import typst
from PIL import Image


def pdf(*pages: str) -> bytes:
    """A PDF with one page for each text."""
    return typst.compile("#pagebreak()".join(pages).encode())


def picture(kind: str, size: tuple[int, int] = (80, 60)) -> bytes:
    """A picture of `kind` (JPEG, PNG, GIF)."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def flood() -> bytes:
    """A PNG of a few kilobytes that unpacks to 10,000 by 10,000 dots."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF that asks for a password nobody knows."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<33><33>]>>"
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF" % (table, trailer, len(out))
