"""Opens other people's files, in a process of its own with little memory and time.

    python -m hoshu.files.decoder inspect < file    → JSON on standard output: media_type, pages, personal_number
    python -m hoshu.files.decoder page 1 < file     → that page as PNG

How it ends says `confined.run`.
"""

import io
import json
import sys
import warnings
from functools import partial

import pypdfium2
from PIL import Image

from hoshu import texts
from hoshu.files import confined, media, personal_numbers, table_decoder
from hoshu.files.confined import Broken

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 25
PIXELS = 40_000_000
PAGES = 200
PREVIEW_PIXELS = 1600


def inspect(content: bytes) -> dict[str, object]:
    """What `content` really is, how many pages it has, and whether its text holds a 個人番号."""
    if b"%PDF-" in content[:1024]:
        pages, text = read_pdf(content)
        return {"media_type": "application/pdf", "pages": pages, "personal_number": bool(personal_numbers.find(text))}
    if content.startswith(b"\xff\xd8\xff"):
        decode_image(content, "JPEG")
        return {"media_type": "image/jpeg", "pages": 1, "personal_number": False}
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        decode_image(content, "PNG")
        return {"media_type": "image/png", "pages": 1, "personal_number": False}
    if content.startswith(b"PK\x03\x04") and table_decoder.is_xlsx(content):
        cells = "\n".join(table_decoder.every_cell(content))
        return {"media_type": media.XLSX, "pages": None, "personal_number": bool(personal_numbers.find(cells))}
    if (text := read_text(content)) is not None:
        return {"media_type": "text/plain", "pages": None, "personal_number": bool(personal_numbers.find(text))}
    return {"media_type": "application/octet-stream", "pages": None, "personal_number": False}


def page(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) as PNG. Drawn anew, so nothing that hides in the file reaches a browser."""
    image = render_pdf(content, number) if b"%PDF-" in content[:1024] else decode_image(content, "JPEG", "PNG")
    image.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    out = io.BytesIO()
    image.convert("L" if image.mode in {"1", "L"} else "RGB").save(out, "PNG")
    return out.getvalue()


def open_pdf(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Broken("パスワードの付いたPDFは受け付けられません。パスワードを外してください。") from error
        raise Broken("PDFとして開けません。もう一度PDFに保存し直してください。") from error
    if not 1 <= len(document) <= PAGES:
        raise Broken(f"PDFは1～{PAGES}ページまでです。分けて送ってください。")
    return document


def read_pdf(content: bytes) -> tuple[int, str]:
    document = open_pdf(content)
    try:
        return len(document), "\f".join(page.get_textpage().get_text_bounded() for page in document)
    except pypdfium2.PdfiumError as error:
        raise Broken("PDFのページを読めません。もう一度PDFに保存し直してください。") from error


def render_pdf(content: bytes, number: int) -> Image.Image:
    document = open_pdf(content)
    if not 1 <= number <= len(document):
        raise Broken("そのページはありません。")
    sheet = document[number - 1]
    longest = max(sheet.get_size())
    return sheet.render(scale=min(PREVIEW_PIXELS / longest, 4)).to_pil()


def decode_image(content: bytes, *formats: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
        image.load()
    except Image.DecompressionBombError as error:
        raise Broken("画像が大きすぎます。300dpi程度で保存し直してください。") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Broken("画像として開けません。もう一度保存し直してください。") from error
    return image


def read_text(content: bytes) -> str | None:
    """The text of a configuration or a log, or None where the bytes are no text."""
    text = texts.decode(content).text
    # Stray bytes and control characters in a log of megabytes do not hide the rest of it from the search for numbers.
    return None if "\0" in text else text


def main(arguments: list[str]) -> int:
    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow warns at this figure and refuses at its double
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    match arguments:
        case ["inspect"]:
            work = _inspected
        case ["page", number]:
            work = partial(_drawn, number=int(number))
        case _:
            return 2
    return confined.run(work, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)


def _inspected(content: bytes) -> list[bytes]:
    return [json.dumps(inspect(content)).encode()]


def _drawn(content: bytes, number: int) -> list[bytes]:
    return [page(content, number)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
