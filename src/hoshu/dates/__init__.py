"""Civil-Code periods, business days, half-open windows, Japanese date notation."""

from datetime import timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time, the zone of every date here; Japan has no daylight saving time."""

__all__ = ["JST"]
