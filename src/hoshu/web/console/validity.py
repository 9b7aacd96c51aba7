"""Whether something with a first and a last day (both included) counts today, in one word."""

from datetime import date


def state(valid_from: date, valid_until: date | None, *, today: date) -> tuple[str, str]:
    """The word and the tone of its badge."""
    if valid_from > today:
        return "開始前", "info"
    if valid_until is not None and valid_until < today:
        return "終了", "out"
    return "有効", "ok"
