"""The day from which a period of the terms counts, where one recorded day stands in for another."""

from datetime import date

from hoshu.catalog import PeriodAfter

from .facts import Facts, Refusal


def counted_from(period: PeriodAfter, facts: Facts) -> tuple[date | None, str]:
    """SP-CAL-07: the day, None where it is unknown, and its name. What stands in goes before what it stands in for."""
    day: date | None = facts.get(period.fact)
    if period.instead is None or (instead := facts.get(period.instead)) is None:
        return day, period.label
    if day is not None and instead < day:
        text = f"{period.instead_label}が{period.label}より前です。どちらかの日付を直してください。"
        raise Refusal(period.instead, text)
    return instead, period.instead_label
