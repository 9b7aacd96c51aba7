"""Letters: what goes in comes out, in our font, the same bytes again; nothing is ever printed as an empty box."""

import hashlib
import json
import re
import subprocess
import sys
import time
from datetime import date

import pypdfium2
import pytest
import typst
import zxingcpp

from hoshu.notifications import letters
from tests.notifications.samples import COMPLETED_PACK, LETTERS, SENDER, SHEET

ISSUED = date(2026, 11, 20)
NAMES = pytest.mark.parametrize("name", sorted(letters.LETTERS))


def render(name: str, data=None, **changed) -> bytes:
    return letters.render(name, (data or LETTERS[name]) | changed, sender=SENDER, issued_on=ISSUED)


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_samples_cover_the_letters():
    assert set(LETTERS) == set(letters.LETTERS)


@NAMES
def test_every_text_that_goes_in_can_be_read_out(name):
    prepared = letters.prepare(name, LETTERS[name], sender=SENDER, issued_on=ISSUED)
    read = squeezed("".join(pages(letters.typeset(name, prepared))))
    for text in letters._texts(prepared.get("labels", prepared)):
        assert squeezed(text) in read


@NAMES
def test_only_our_font_is_in_it(name):
    fonts = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([\w-]+)", render(name)))
    assert fonts
    assert {font.removesuffix(b"-Identity-H") for font in fonts} <= {b"HoshuLetter-Regular", b"HoshuLetter-Bold"}


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    """The hash of every letter as another process prints it: another working folder, another time of day."""
    print_all = (
        "import os, json, hashlib, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        "from tests.notifications.test_letters import LETTERS, render;"
        "print(json.dumps({name: hashlib.sha256(render(name)).hexdigest() for name in LETTERS}))"
    )
    other = subprocess.run(
        [sys.executable, "-c", print_all], capture_output=True, check=True, env={"TZ": "America/Lima"}
    )
    return json.loads(other.stdout)


@NAMES
def test_printed_again_it_is_the_same_bytes(name, elsewhere):
    assert elsewhere[name] == hashlib.sha256(render(name)).hexdigest()


@pytest.mark.req("IX-REG-11")
def test_the_applicants_copy_shows_what_was_entered_with_the_time_of_receipt():
    (text,) = pages(render("card_copy"))
    assert "受付日時 2026/11/20(金) 10:00" in text
    assert "製造番号 A1234567" in text


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1 + 1")',
        '#import "x.typ"',
        '"); #panic()',
        r"back\slash \n \u{41}",
        "*bold* _it_ `raw` $x^2$ <label> @ref = heading",
        "{{ data }} {% if %} %(a)s",
        "\"quotes\" 'single' “curly”",
        "//comment /* block */",
    ],
)
def test_text_stays_text(text):
    assert squeezed(text) in squeezed("".join(pages(render("completion", product=text))))


def test_control_characters_are_left_out():
    assert "品名 R310" in pages(render("completion", product="R3\x001\x1b0"))[0]


@pytest.mark.parametrize("character", ["𫞎", "㋿", "😀", "Ą", "\U000e0100", "\ue000"])
def test_a_character_the_font_lacks_is_named_and_nothing_is_printed(character):
    with pytest.raises(letters.MissingGlyphs) as missing:
        render("completion", product=f"田中{character}太郎{character}")
    assert missing.value.characters == character


def test_names_beyond_the_common_sets_can_be_printed():
    """JIS X 0213, code page 932, and the kanji of names that stand in neither (𠮷)."""
    assert (
        letters.missing_glyphs(
            {"names": "𠮷野 髙橋 山﨑 濵田 渡邉 渡邊 德永 𡈽屋 𣘺本 神﨟 ①②⑳ Ⅰ Ⅻ ㈱ ㈲ ㍻ ℡ ￥ ｶﾀｶﾅ ゔ ヷ か゚"}
        )
        == ""
    )
    kanji = [bytes([0x8F, row, cell]) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF)]
    kanji += [bytes([row, cell]) for row in range(0xAE, 0xFF) for cell in range(0xA1, 0xFF)]
    every = "".join(pair.decode("euc_jis_2004", "ignore") for pair in kanji)
    ideographs = "".join(c for c in every if "\u3400" <= c <= "\u9fff" or c > "\U00020000")
    assert len(set(ideographs)) > 10_000
    assert letters.missing_glyphs({"kanji": ideographs}) == ""


def test_typst_itself_would_print_an_empty_box_without_a_word(monkeypatch):
    """Why we look first; and the second line of defence: PDF/A refuses what has no glyph."""
    monkeypatch.setattr(letters, "missing_glyphs", lambda prepared: "")
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        render("completion", product="😀")


def test_no_font_of_the_machine_is_looked_at():
    assert letters._fonts().families() == ["Hoshu Letter"]


def test_a_long_letter_goes_on_with_numbered_pages():
    rows = [(f"{number}番目の欄", "とても長い記入 " * 20) for number in range(200)]
    begun = time.monotonic()
    read = pages(render("card_copy", SHEET | {"sections": [("記入", rows)]}))
    assert time.monotonic() - begun < 5
    assert len(read) > 20
    assert f"1 / {len(read)}" in read[0]
    assert f"{len(read)} / {len(read)}" in read[-1]
    assert "199番目の欄" in read[-1]


ON_PAPER = pytest.mark.parametrize("name", sorted(set(letters.LETTERS) - {"label", "label_sheet"}))


@ON_PAPER
def test_nothing_is_lost_on_a_fax(name):
    """A4; no colour, no grey, nothing below nine points."""
    with pypdfium2.PdfDocument(render(name)) as document:
        page = document[0]
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
        picture = page.render(scale=1, no_smoothtext=True, no_smoothpath=True).to_pil().convert("RGB")
        assert {colour for _, colour in picture.getcolors()} <= {(0, 0, 0), (255, 255, 255)}
        sizes = {round(text.get_font_size(), 1) for text in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])}
    assert min(sizes) >= 9


def test_the_address_stands_in_the_window():
    """長形3号, folded in three: 20 to 110 mm from the left, 12 to 57 mm from the top."""
    with pypdfium2.PdfDocument(render("completion")) as document:
        page = document[0]
        text, height, mm = page.get_textpage(), page.get_height(), 72 / 25.4
        window = text.get_text_bounded(left=20 * mm, right=110 * mm, top=height - 12 * mm, bottom=height - 57 * mm)
    assert squeezed(window) == squeezed(
        "〒980-0000 宮城県仙台市青葉区一番町1-2-3 青葉ビル3階 青葉商事株式会社 情報システム部 𠮷田 花子 様"
    )


@ON_PAPER
def test_a_letter_of_usual_length_is_one_page(name):
    """A change tells the old and the new, with every remark of ix: two."""
    assert len(pages(render(name))) == (2 if name == "change" else 1)


@pytest.mark.parametrize("name", ["certificate", "returned"])
def test_the_link_of_the_mail_is_a_code_on_paper(name):
    """It is read back from the page as a fax machine would send it: 200 dots an inch, black and white."""
    link = LETTERS[name]["link"]
    with pypdfium2.PdfDocument(render(name)) as document:
        picture = document[0].render(scale=200 / 72).to_pil().convert("1")
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [link]
    assert link in pages(render(name))[0]


@pytest.mark.req("VA-REG-09", "SP-REG-07")
def test_the_completion_notice_of_another_service_goes_by_post_with_its_labels():
    (text,) = pages(render("completion", COMPLETED_PACK))
    for expected in (
        "〒980-0000",
        "登録完了のお知らせ",
        "2026/11/20(金)",  # the day it is sent
        "機器管理番号 DK000123",
        "サービス提供日 2026/01/13(火)",
        "提供終了日 2029/01/09(火)",
        "同封の機器管理ラベル（DK000123、DK000124）",
    ):
        assert squeezed(expected) in squeezed(text)
    assert "サービス手配番号" not in text
