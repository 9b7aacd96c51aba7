"""What ends when, as both doors list it."""

from datetime import date, timedelta

from django.http import HttpRequest

TONES = {
    "mismatch": "hold",
    "waiting": "info",
    "held": "hold",
    "ordered": "info",
    "sold": "info",
    "applied": "ok",
    "refused": "refused",
    "withdrawn": "out",
}
"""The tone of an order of an extension kit."""
AHEAD = timedelta(days=92)
"""What is listed where no month is chosen: about as far as a kit is sold ahead."""


def months_ahead(request: HttpRequest, today: date) -> tuple[date, date, str]:
    """(first day, last day, `2027-03` or nothing) of the list: the chosen month, else the coming three months."""
    chosen = request.GET.get("month", "")
    try:
        first = date.fromisoformat(f"{chosen}-01")
    except ValueError:
        return today, today + AHEAD, ""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, following - timedelta(days=1), chosen
