"""Content decides what a file is; hostile content ends the decoder, never us."""

import io

import pytest
from PIL import Image

from hoshu.files import decoder, media
from tests.files import samples


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (samples.pdf("card", "back"), "application/pdf", 2),
        (samples.picture("JPEG"), "image/jpeg", 1),
        (samples.picture("PNG"), "image/png", 1),
        ("hostname 本社ルーター\n".encode(), "text/plain", None),
        ("hostname 本社ルーター\r\n".encode("cp932"), "text/plain", None),
        ("hostname 本社ルーター\r\n".encode("utf-16"), "text/plain", None),
        ("\x1b[1mhostname 本社ルーター\x1b[0m\n".encode(), "text/plain", None),
        ("hostname 本社ルーター\n".encode() + b"\xff\n", "text/plain", None),
        (b"\x00\x01\x02\xff" * 100, "application/octet-stream", None),
        (samples.picture("GIF"), "application/octet-stream", None),
        (b"PK\x03\x04" + b"\x00" * 100, "application/octet-stream", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "text/plain", None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_told_by_content(content, media_type, pages):
    assert media.inspect(content) == media.Inspection(media_type, pages, personal_number=False)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 but nothing that follows is one", "PDFとして開けません"),
        (samples.pdf("x")[:400], "PDFとして開けません"),
        (samples.picture("JPEG")[:200], "画像として開けません"),
        (samples.picture("PNG")[:60], "画像として開けません"),
        (samples.locked_pdf(), "パスワードを外して"),
        (samples.pdf(*["x"] * 201), r"^PDFは1～200ページまでです。分けて送ってください。$"),
        (samples.flood(), "画像が大きすぎます"),
    ],
)
def test_what_does_not_open_is_refused_with_what_to_do(content, says):
    with pytest.raises(media.Unreadable, match=says):
        media.inspect(content)


@pytest.mark.req("IX-MYN-04")
def test_numbers_in_the_text_of_a_file_are_found():
    assert media.inspect(samples.pdf("front", "1234-5678-9018")).personal_number
    assert media.inspect("個人番号,123456789018\n".encode("cp932")).personal_number


def test_a_page_is_drawn_anew():
    image = Image.open(io.BytesIO(media.page(samples.pdf("one", "two"), 2)))
    assert image.format == "PNG"
    assert max(image.size) == decoder.PREVIEW_PIXELS
    with_comment = samples.picture("JPEG") + b"<script>alert(1)</script>"
    assert b"script" not in media.page(with_comment, 1)
    with pytest.raises(media.Unreadable, match="ページはありません"):
        media.page(samples.pdf("one"), 2)


def test_a_decoder_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(media, "WALL_SECONDS", 0.01)
    with pytest.raises(media.Unreadable, match="時間がかかりすぎ"):
        media.inspect(b"text")


def test_a_decoder_that_crashes_takes_nothing_with_it(monkeypatch, tmp_path):
    crashing = tmp_path / "python"
    crashing.write_text("#!/bin/sh\ncat > /dev/null\nkill -SEGV $$\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(media.sys, "executable", str(crashing))
    with pytest.raises(media.Unreadable, match="安全に開けません"):
        media.inspect(b"text")
