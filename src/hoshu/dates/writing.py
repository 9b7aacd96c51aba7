"""Writes a date as a sentence says it, whoever reads the sentence."""

from datetime import date, datetime

from .periods import JST


def said(when: date | datetime) -> str:
    """「2025年6月10日」; a moment with its time in Japan: 「2025年6月10日 09:58」 (みまもり 7.22, MM-CND-28)."""
    if isinstance(when, datetime):
        local = when.astimezone(JST)
        return f"{said(local.date())} {local:%H:%M}"
    return f"{when.year}年{when.month}月{when.day}日"
