"""Opens other people's files, in a process of its own with little memory and time.

    python -m hoshu.files.decoder inspect < file    → JSON on standard output: media_type, pages, personal_number
    python -m hoshu.files.decoder page 1 < file     → that page as PNG

A file that is built to crash, to fill the memory or to run for ever ends this process and nothing else. Exit status 1
means that the content is broken; what was wrong stands as one Japanese sentence on standard error.
"""

import io
import json
import re
import resource
import sys
import warnings

import pypdfium2
from PIL import Image

from hoshu import texts
from hoshu.files import personal_numbers

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 15
PIXELS = 40_000_000
PAGES = 200
PREVIEW_PIXELS = 1600
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Broken(Exception):
    """The content is not what it says, or too large to open."""


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
    # A stray byte in a log of megabytes does not hide the rest of it from the search for numbers.
    return None if _NO_TEXT.search(text) else text


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow warns at this figure and refuses at its double
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    content = sys.stdin.buffer.read()
    try:
        match arguments:
            case ["inspect"]:
                answer = json.dumps(inspect(content)).encode()
            case ["page", number]:
                answer = page(content, int(number))
            case _:
                return 2
    except Broken as error:
        sys.stderr.buffer.write(f"{error}\n".encode())
        return 1
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
