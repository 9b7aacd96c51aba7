"""Letters as PDF: set by typst in this package's own font, the same bytes for the same facts and release.

What a letter says goes in as JSON, never as source of typst, so no name or remark can become markup or code. A
character that the font does not hold would be printed as an empty box without any error: `missing_glyphs` finds it
first, and such a letter is not printed.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from hoshu.notifications.letters import codes
from hoshu.notifications.letters.labels import Labels
from hoshu.notifications.messages import REGISTRY, compose
from hoshu.notifications.notice import Notice, Rows, Sender, clean, day

_HERE = Path(__file__).resolve().parent
_FONTS = _HERE / "fonts"


class MissingGlyphs(Exception):
    """The letter can not be printed: `characters` are not in the font."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form that is kept or signed: `sections` are headings with rows of label and value, in order."""

    reference: str
    sections: tuple[tuple[str, Rows], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A sort of letter: how its file is called, which template sets it, and what turns facts into its content."""

    title: str
    template: str
    content: Callable[[Mapping[str, Any], Sender], dict[str, Any]]


def render(name: str, data: Mapping[str, Any], *, sender: Sender, issued_on: date) -> bytes:
    """Letter `name` of LETTERS as PDF. Raises MissingGlyphs; KeyError, TypeError for wrong facts."""
    return typeset(name, prepare(name, data, sender=sender, issued_on=issued_on))


def prepare(name: str, data: Mapping[str, Any], *, sender: Sender, issued_on: date) -> dict[str, Any]:
    """All that letter `name` prints, as plain JSON without control characters.

    `data` holds the facts of the message that the letter says; the fields of `Sheet` for a form, those of
    `labels.Labels` for labels.
    """
    kind = LETTERS[name]
    content = {"title": kind.title, **kind.content(data, sender)}
    frame = {
        "issued": {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day},
        "issued_text": day(issued_on),
        "sender": list(sender.lines),
    }
    return _cleaned(content | frame)


def missing_glyphs(prepared: Mapping[str, Any]) -> str:
    """The characters of a prepared letter that the font does not hold, each once, in order."""
    held = characters()
    wanted = dict.fromkeys(character for text in _texts(prepared) for character in text if character != "\n")
    return "".join(character for character in wanted if character not in held)


def typeset(name: str, prepared: Mapping[str, Any]) -> bytes:
    """The PDF of a prepared letter. Raises MissingGlyphs rather than printing an empty box."""
    if missing := missing_glyphs(prepared):
        raise MissingGlyphs(missing)
    issued = prepared["issued"]
    # With a fixed date instead of the hour of printing, printing again gives the same bytes.
    printed = datetime(issued["year"], issued["month"], issued["day"], tzinfo=UTC)
    return typst.compile(timestamp=printed, pdf_standards="a-2u", **_source(name, prepared))


def too_long(name: str, prepared: Mapping[str, Any]) -> list[tuple[int, str]]:
    """What a prepared sheet of labels has no room for: number of the label (from 0) and caption of the line.

    The template itself measures: nobody else knows how wide a line becomes.
    """
    found = json.loads(typst.query(selector="<too-long>", field="value", **_source(name, prepared)))
    return [(index, caption) for index, caption in found]


def _source(name: str, prepared: Mapping[str, Any]) -> dict[str, Any]:
    """Template, font and data, for every call of typst."""
    return {
        "input": str(_HERE / LETTERS[name].template),
        "root": str(_HERE),
        "font_paths": _fonts(),
        "sys_inputs": {"data": json.dumps(prepared, ensure_ascii=False)},
    }


def _letter(message: str) -> Kind:
    """A letter that says what `message` of the registry says."""

    def content(data: Mapping[str, Any], sender: Sender) -> dict[str, Any]:
        notice = compose(message, data, sender)
        return {
            "title": notice.title,
            "reference": notice.reference,
            "postal_code": notice.addressee.postal_code,
            "address": notice.addressee.address,
            "addressee": list(notice.addressee.lines),
            "point": notice.point,
            "facts": notice.facts,
            "steps": notice.steps,
            "notes": notice.notes,
            "contact": notice.contact,
            "clauses": notice.clauses,
        } | _link(notice)

    return Kind(title=REGISTRY[message].title, template="notice.typ", content=content)


def _link(notice: Notice) -> dict[str, Any]:
    """A button of the mail is a code on paper."""
    if notice.link is None:
        return {}
    label, address = notice.link
    return {"link": {"label": label, "address": address, "qr": codes.qr(address)}}


def _labels(data: Mapping[str, Any], sender: Sender) -> dict[str, Any]:
    return Labels(**data).content()


def _sheet(*signatures: str) -> Callable[[Mapping[str, Any], Sender], dict[str, Any]]:
    """The content of a form with a box for each of `signatures`."""

    def content(data: Mapping[str, Any], sender: Sender) -> dict[str, Any]:
        sheet = Sheet(**data)
        sections = [{"heading": heading, "rows": rows} for heading, rows in sheet.sections]
        return {
            "reference": sheet.reference,
            "sections": sections,
            "notes": sheet.notes,
            "signatures": signatures,
        }

    return content


LETTERS = {
    "receipt": _letter("registration.received"),
    "returned": _letter("registration.returned"),
    "completion": _letter("registration.completed"),
    "change": _letter("registration.changed"),
    "refusal": _letter("registration.refused"),
    "declined": _letter("registration.declined"),
    "certificate": _letter("agreement.certificate"),
    "support_id": _letter("agreement.support_id"),
    "shipment": _letter("agreement.parcel"),
    "expiry_reminder": _letter("agreement.expiring"),
    "expired": _letter("agreement.expired"),
    "destruction_certificate": _letter("personal.erased"),
    "leak_notice": _letter("personal.leaked"),
    "label": Kind(title="機器管理ラベル", template="label.typ", content=_labels),
    "label_sheet": Kind(title="機器管理ラベル（シート）", template="label.typ", content=_labels),
    "card_copy": Kind(title="お客様登録カード〈新規登録用〉 お客様控え", template="sheet.typ", content=_sheet()),
    "change_form": Kind(title="お客様登録カード〈変更申請用〉", template="sheet.typ", content=_sheet()),
    "case_sheet": Kind(title="障害受付票", template="sheet.typ", content=_sheet()),
    "work_report": Kind(
        title="作業報告書",
        template="sheet.typ",
        content=_sheet("作業担当者", "お客様ご署名（作業の確認と代替品の受領）"),
    ),
}


def _cleaned(value: Any) -> Any:
    """`value` as JSON would give it back, its strings without control characters."""
    if isinstance(value, Mapping):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


@cache
def _fonts() -> typst.Fonts:
    """Our font and no other: what is printed does not depend on what a machine has installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


@cache
def characters() -> frozenset[str]:
    """The characters that a letter can print: those of its font.

    Read from the table `cmap` (format 12: groups of first, last, glyph).
    """
    font = (_FONTS / "HoshuLetter-Regular.otf").read_bytes()
    tables = {tag: offset for tag, _, offset, _ in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * font[5]])}
    start = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", font, start + 2)
    for _, _, offset in struct.iter_unpack(">HHI", font[start + 4 : start + 4 + 8 * count]):
        place = start + offset
        if struct.unpack_from(">H", font, place) == (12,):
            (groups,) = struct.unpack_from(">I", font, place + 12)
            ranges = struct.iter_unpack(">III", font[place + 16 : place + 16 + 12 * groups])
            return frozenset(chr(code) for first, last, _ in ranges for code in range(first, last + 1))
    raise ValueError("the letter font has no table of characters")
