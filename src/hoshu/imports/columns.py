"""The columns of a table that is taken in: how a cell is read, and what of it would change or be lost.

Texts stay as they were typed (㈱, 髙, 𠮷); only numbers are brought into one form. What a spreadsheet made of a cell is
never guessed back: a serial that became 1.23E+11 is told, not repaired.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any, NamedTuple
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hoshu import texts
from hoshu.dates import JST, read_date
from hoshu.files import tables
from hoshu.japan import phones
from hoshu.notifications import letters


class Note(NamedTuple):
    """Something that is to be told of a cell. `title` is the same for all cells of which the same is to be told."""

    level: str
    """ERROR, CAUTION or CHANGE."""
    title: str
    text: str


ERROR, CAUTION, CHANGE = "error", "caution", "change"
"""The row is not taken in; it is, but somebody should look at it; a number is kept otherwise than it was written."""


class Noted(NamedTuple):
    """A value with what is to be told of it; an ERROR has no value."""

    value: Any
    notes: tuple[Note, ...]


def wrong(title: str, text: str) -> Noted:
    """A cell that cannot be read: `text` says what is expected instead."""
    return Noted(None, (Note(ERROR, title, text),))


class Form:
    """How the cells of a column are written."""

    choices: tuple[str, ...] = ()
    """What may stand there, for the menu in the template."""
    usual: re.Pattern[str] | None = None
    """Cells for which `as_usual` is all there is to do, so that a column of them is read at once."""

    def as_usual(self, cells: list[str]) -> list[Any]:
        """The values of `usual` cells."""
        return cells

    def read(self, text: str) -> Any:
        """The value of a text that is not empty, or Noted."""
        raise NotImplementedError

    def from_number(self, number: float) -> Any:
        """The value of a cell that a spreadsheet keeps as a number."""
        return self.read(tables.plain(number))

    def from_made(self, cell: tables.Made) -> Any:
        """The value of a cell that a spreadsheet keeps as a date or a time."""
        return wrong(
            "日付や時刻に変わったセル",
            f"「{cell.text}」は、表計算ソフトが日付や時刻に変えたセルです。書式を「文字列」にして、元の文字を入力してください。",
        )


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading, what may stand in it, and how the template explains it."""

    name: str
    label: str
    form: Form
    example: str
    hint: str = ""
    required: bool = False
    asks: str = ""
    """What is said where it is empty and must not be, instead of the usual."""
    also: tuple[str, ...] = ()
    """Other headings by which people know it."""
    alike: Callable[[str], str] | None = None
    """Makes two texts equal that name the same thing, where the column belongs to the key of its kind."""

    def read(self, cell: str) -> Any:
        """The value of a cell: None where it is empty, Noted where there is something to tell."""
        if made := tables.made(cell):
            return self.form.from_number(float(made.text)) if made.of == tables.NUMBER else self.form.from_made(made)
        if text := texts.meant(cell).strip():
            return self.form.read(text)
        asks = self.asks or f"{self.label}を入力してください。例: {self.example}"
        return wrong("空欄", asks) if self.required else None


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BREAK = re.compile(r"\s*[\t\r\n]\s*")
_STAND_INS = re.compile(r"[?？〓□■]")


@dataclass(frozen=True)
class Words(Form):
    """A name, an address, a remark: kept as typed, on one line."""

    longest: int
    printed: bool = False
    """Does it stand in letters? Then a character that their font lacks is told."""

    def read(self, text: str) -> Any:
        if len(text) <= self.longest and self._ordinary.issuperset(text):
            return text
        if texts.LOST in text:
            return wrong(
                "読めない文字", f"「{text}」に、文字化けして読めない文字があります。元の文字を入力してください。"
            )
        if _CONTROL.search(text):
            return wrong(
                "制御文字", f"「{_CONTROL.sub('□', text)}」に、画面に出ない制御文字があります。打ち直してください。"
            )
        notes = []
        value = _BREAK.sub(" ", text)
        if value != text:
            notes.append(Note(CHANGE, "改行を空白に", f"改行を空白に変えて、「{value}」として登録します。"))
        if len(value) > self.longest:
            return wrong("長すぎる文字", f"{self.longest}文字までで入力してください（いま{len(value)}文字）。")
        if unseen := _UNSEEN.search(value):
            notes.append(
                Note(
                    CAUTION,
                    "見えない文字",
                    f"見えない文字（{_named(unseen[0])}）があります。不要なら打ち直してください。",
                )
            )
        if self.printed:
            if lacking := [c for c in dict.fromkeys(value) if c not in letters.characters() and not _UNSEEN.match(c)]:
                listed = "、".join(map(_named, lacking))
                notes.append(
                    Note(CAUTION, "手紙に印刷できない文字", f"お知らせの手紙に印刷できない文字があります: {listed}。")
                )
            if found := _STAND_INS.search(value):
                notes.append(
                    Note(
                        CAUTION,
                        "置き換わった文字",
                        f"「{found[0]}」があります。文字が置き換わっていないか確かめてください。",
                    )
                )
        return Noted(value, tuple(notes)) if notes else value

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        """Characters of which there is nothing to tell."""
        return frozenset(c for c in letters.characters() if not _STAND_INS.match(c) and not _UNSEEN.match(c)) - {
            "\t",
            "\n",
        }


def _named(character: str) -> str:
    """A character with the number by which it can be looked up; a private one has no other name."""
    private = "外字" if "\ue000" <= character <= "\uf8ff" else ""
    shown = "" if _UNSEEN.match(character) or private else character
    return f"{private or shown}（U+{ord(character):04X}）" if private or shown else f"U+{ord(character):04X}"


_EXPONENT = re.compile(r"-?\d(\.\d+)?E[+-]\d{2,}", re.IGNORECASE)
_POINT_ZERO = re.compile(r"\d+\.0+")
_NOT_OF_SERIALS = re.compile(r"[^\x21-\x7e]|\?")
_AS_TEXT = "列の書式を「文字列」にしてから、元の番号を入力してください。"


@dataclass(frozen=True)
class Number(Form):
    """A serial or another number on a label, brought into the one form in which it is kept and searched."""

    normalise: Callable[[str], str]
    longest: int = 40

    @cached_property
    def usual(self) -> re.Pattern[str]:  # type: ignore[override]
        return re.compile(rf"[0-9A-Z]{{1,{self.longest}}}")

    def read(self, text: str) -> Any:
        if self.usual.fullmatch(text):
            return text
        if _EXPONENT.fullmatch(normalize("NFKC", text)):
            return wrong(
                "指数になった番号",
                f"「{text}」は、表計算ソフトが指数の表示に変えた番号で、けたが失われています。{_AS_TEXT}",
            )
        if _POINT_ZERO.fullmatch(text):
            return wrong("小数になった番号", f"「{text}」は、表計算ソフトが小数に変えた番号です。{_AS_TEXT}")
        value = self.normalise(text)
        if strange := _NOT_OF_SERIALS.findall(value):
            listed = "、".join(map(_named, dict.fromkeys(strange)))
            return wrong(
                "番号にない文字", f"「{text}」に、番号に使えない文字があります: {listed}。英数字で入力してください。"
            )
        if not value:
            return wrong("番号にない文字", f"「{text}」を番号として読めません。英数字で入力してください。")
        if len(value) > self.longest:
            return wrong("長すぎる番号", f"{self.longest}文字までで入力してください（いま{len(value)}文字）。")
        if value == text:
            return value
        return Noted(value, (Note(CHANGE, "書き方をそろえる番号", f"「{text}」を「{value}」として登録します。"),))

    def from_number(self, number: float) -> Any:
        text = tables.plain(number)
        if not text.isdecimal():
            return wrong(
                "けたが失われた番号", f"{text} は、表計算ソフトが数値に変え、けたが失われた番号です。{_AS_TEXT}"
            )
        return Noted(
            text,
            (
                Note(
                    CAUTION,
                    "数値になった番号",
                    f"{text} は数値のセルです。先頭の0が消えていないか確かめてください。",
                ),
            ),
        )


_MIDNIGHT = re.compile(r"\s+0?0:00(:00)?$")
_DAY_NUMBER = re.compile(r"[1-9]\d{4}")


@dataclass(frozen=True)
class Day(Form):
    """A date, written as people in Japan write it."""

    def read(self, text: str) -> Any:
        if _DAY_NUMBER.fullmatch(text):
            return wrong(
                "数値になった日付",
                f"「{text}」は、表計算ソフトの日付の番号のようです。書式を「日付」にしてください。例: 2025/04/01",
            )
        try:
            return read_date(_MIDNIGHT.sub("", text))
        except ValueError as error:
            return wrong("読めない日付", str(error))

    def from_made(self, cell: tables.Made) -> Any:
        day, _, time = cell.text.partition(" ")
        if cell.of != tables.DATE:
            return wrong("読めない日付", f"「{cell.text}」は時刻です。日付を入力してください。例: 2025/04/01")
        read = self.read(day)
        if not time or isinstance(read, Noted):
            return read
        return Noted(read, (Note(CHANGE, "時刻を除く日付", f"「{cell.text}」を「{day}」として登録します。"),))


_TIME = re.compile(r"(.+?)[\sT]+([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


@dataclass(frozen=True)
class Moment(Form):
    """A day with a time in Japan; a day alone is its first moment."""

    day: Day = Day()

    def read(self, text: str) -> Any:
        found = _TIME.fullmatch(normalize("NFKC", text))
        day = self.day.read(found[1] if found else text)
        if isinstance(day, Noted):
            return day
        return datetime.combine(day, time(*(int(part or 0) for part in found.groups()[1:])) if found else time(), JST)

    def from_made(self, cell: tables.Made) -> Any:
        return self.read(cell.text) if cell.of == tables.DATE else self.day.from_made(cell)


@dataclass(frozen=True)
class Mail(Form):
    """An address for mail."""

    longest: int = 254

    def read(self, text: str) -> Any:
        value = normalize("NFKC", text).replace(" ", "")
        try:
            validate_email(value)
        except ValidationError:
            value = ""
        if not value or len(value) > self.longest:
            return wrong("読めないメールアドレス", f"「{text}」をメールアドレスとして読めません。例: hanako@example.jp")
        return value


_YEN = re.compile(r"[¥\\]?(\d{1,3}(?:,\d{3})+|\d+)円?")
_MOST_YEN = 2_147_483_647


@dataclass(frozen=True)
class Yen(Form):
    """An amount in whole yen."""

    usual = re.compile(r"[0-9]{1,9}")

    def as_usual(self, cells: list[str]) -> list[Any]:
        return [*map(int, cells)]

    def read(self, text: str) -> Any:
        found = _YEN.fullmatch("".join(normalize("NFKC", text).split()))
        if not found:
            return wrong("読めない金額", f"「{text}」を金額として読めません。円の整数で入力してください。例: 120000")
        amount = int(found[1].replace(",", ""))
        return amount if amount <= _MOST_YEN else wrong("大きすぎる金額", f"「{text}」は大きすぎます。")


@dataclass(frozen=True)
class Phone(Form):
    """A telephone number, shown with hyphens."""

    longest: int = 40

    def read(self, text: str) -> Any:
        try:
            shown = str(phones.read(text))
        except ValueError as error:
            return wrong("読めない電話番号", str(error))
        if shown == text:
            return text
        return Noted(shown, (Note(CHANGE, "書き方をそろえる番号", f"「{text}」を「{shown}」として登録します。"),))

    def from_number(self, number: float) -> Any:
        return wrong(
            "先頭の0が消えた電話番号", f"{tables.plain(number)} は数値のセルで、先頭の0が消えています。{_AS_TEXT}"
        )


@dataclass(frozen=True)
class Choice(Form):
    """One of a few words, each with the value that is kept."""

    options: Mapping[str, Any]
    what: str

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(self.options)

    def read(self, text: str) -> Any:
        known = self._by_folded
        if (folded := fold(text)) in known:
            return known[folded]
        listed = "、".join(list(self.options)[:8])
        return wrong(f"ない{self.what}", f"「{text}」という{self.what}はありません。次の中から選んでください: {listed}")

    @cached_property
    def _by_folded(self) -> dict[str, Any]:
        return {fold(value): value for value in self.options.values() if isinstance(value, str)} | {
            fold(word): value for word, value in self.options.items()
        }


_LISTED = re.compile(r"[、,，;；/／\n]")


class Choices(Choice):
    """Some of a few words, with commas between them: the values that are kept, as a tuple."""

    def read(self, text: str) -> Any:
        one = super().read
        whole = one(text)  # a word may have a comma of its own
        found = [whole] if not isinstance(whole, Noted) else [*map(one, filter(str.strip, _LISTED.split(text)))]
        return next((each for each in found if isinstance(each, Noted)), tuple(found))


_QUANTITY = re.compile(r"(.+?)(?:\s+|\s*[x×✕*]\s*)(\d+)\s*個?", re.IGNORECASE)


@dataclass(frozen=True)
class Counted(Form):
    """Codes with how many of each, with commas between them: pairs of texts. A code alone counts once."""

    longest: int = 200

    def read(self, text: str) -> Any:
        if len(text) > self.longest:
            return wrong("長すぎる文字", f"{self.longest}文字までで入力してください（いま{len(text)}文字）。")
        parts = [part.strip() for part in _LISTED.split(normalize("NFKC", text)) if part.strip()]
        found = [(part, _QUANTITY.fullmatch(part)) for part in parts]
        return tuple((match[1].strip(), match[2]) if match else (part, "1") for part, match in found)


_YES, _NO = ("はい", "あり", "有", "○", "〇", "1", "true", "yes"), ("いいえ", "なし", "無", "×", "0", "false", "no")


@dataclass(frozen=True)
class Flag(Form):
    """Yes or no."""

    choices = ("はい", "いいえ")

    def read(self, text: str) -> Any:
        folded = fold(text)
        if folded in _YES or folded in _NO:
            return folded in _YES
        return wrong("はい・いいえでない値", f"「{text}」ではなく、「はい」か「いいえ」を入力してください。")


_DECORATION = re.compile(r"[\s*＊※:：]+|[(（\[【]?(?:必須|任意)[)）\]】]?")


def fold(text: str) -> str:
    """A heading or a choice without what people vary: width, case, spaces, a mark for 必須."""
    return _DECORATION.sub("", normalize("NFKC", text)).casefold()


def headings_of(columns: Iterable[Column]) -> dict[str, str]:
    """Every heading by which one of `columns` is known, folded → its name."""
    return {fold(heading): column.name for column in columns for heading in (column.name, *column.also, column.label)}
