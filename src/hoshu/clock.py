"""The only place that reads the time of day. Everything below the edges takes `now` as an argument."""

from datetime import date, datetime

from hoshu.dates import JST


def now() -> datetime:
    """The present moment, aware, in JST."""
    return datetime.now(JST)


def today() -> date:
    """The present date in Japan."""
    return now().date()
