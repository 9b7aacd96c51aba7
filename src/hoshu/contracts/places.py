"""第3章 1.(1): is an address one in Japan? Read from how it is written; nothing is looked up outside."""

import re
import unicodedata
from enum import Enum

_WITHOUT_ENDING = (
    "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 "
    "滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄"
)
PREFECTURES = ("北海道", "東京都", "京都府", "大阪府", *(f"{name}県" for name in _WITHOUT_ENDING.split()))

_POSTAL = re.compile(r"^〒?\s*\d{3}-?\d{4}\s*")
_MOVES_OR_EXTRATERRITORIAL = re.compile(r"船内|船上|船舶|フェリー|大使館|領事館|米軍|駐留軍")
_MUNICIPALITY = re.compile(r"^[^\s\d,A-Za-z]{1,8}[市区郡町村]")


class Place(Enum):
    """What an address says about where it is."""

    JAPAN = "japan"
    UNCLEAR = "unclear"
    """In Japan by its form, but without the prefecture."""
    UNDECIDED = "undecided"
    """A ship, an embassy, a base: the guide does not say, so a person decides."""
    ABROAD = "abroad"


def place_of(address: str) -> Place:
    """Where `address` is. Prefectures decide; a ship or an embassy is left to a person."""
    plain = _POSTAL.sub("", unicodedata.normalize("NFKC", address).strip())
    if _MOVES_OR_EXTRATERRITORIAL.search(plain):
        return Place.UNDECIDED
    if plain.startswith(tuple(PREFECTURES)):
        return Place.JAPAN
    return Place.UNCLEAR if _MUNICIPALITY.match(plain) else Place.ABROAD
