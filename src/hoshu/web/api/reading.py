"""Reading a JSON body strictly: what two programs could understand differently is refused (RFC 8259, I-JSON)."""

import json
import math
from typing import Any, NoReturn

DEEPEST = 20


class Unreadable(ValueError):
    """`ja` and `en` say what is wrong with the body."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


def read(body: bytes) -> Any:
    """The value in `body`. Raises Unreadable for anything but plain, unambiguous JSON in UTF-8."""
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite
        )
        _check(value, DEEPEST)
    except UnicodeDecodeError as error:
        raise Unreadable("本文が UTF-8 ではありません。", "The body is not UTF-8.") from error
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"本文が JSON ではありません（{error.lineno}行目 {error.colno}文字目）。",
            f"The body is not JSON (line {error.lineno}, column {error.colno}).",
        ) from error
    except Unreadable:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise Unreadable("けた数の多すぎる数があります。", "A number has too many digits.") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(f"同じ名前「{name}」が2度あります。", f"The name {name!r} stands twice in one object.")
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise Unreadable(f"{text} は JSON の数ではありません。", f"{text} is not a JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable(f"{text} は大きすぎます。", f"{text} is too large.")
    return number


def _check(value: Any, levels: int) -> None:
    if levels < 0:
        raise _too_deep()
    if isinstance(value, str):
        # NUL and lone surrogates are valid escapes, but no text: no database and no other program takes them.
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unreadable(
                "文字として読めないもの（NUL など）があります。", "A string holds NUL or a lone surrogate."
            )
    elif isinstance(value, dict):
        for name, item in value.items():
            _check(name, levels)
            _check(item, levels - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, levels - 1)


def _too_deep() -> Unreadable:
    return Unreadable(f"入れ子が深すぎます（{DEEPEST}段まで）。", f"Nested too deeply (at most {DEEPEST} levels).")
