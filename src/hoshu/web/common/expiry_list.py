"""What ends when, as both doors list it."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse

from hoshu import catalog
from hoshu.contracts import expiry
from hoshu.web.common import csv_file

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


def export(request: HttpRequest, *, text: str = "", with_sellers: bool = False) -> HttpResponse:
    """The list as it is chosen, as far as whoever asks sees it, without names of persons.

    `with_sellers` says of each who sold it, which is not for customers and other sellers to read.
    """
    first, last, _ = months_ahead(request, request.now.date())
    found = list(expiry.expiring(first=first, last=last, text=text)[: csv_file.MOST_ROWS])
    sellers = expiry.sellers(found) if with_sellers else {}
    lines = (
        (
            agreement.number,
            catalog.editions(agreement.service)[-1].name,
            agreement.tenant.name,
            *([sellers[agreement.pk]] if with_sellers else []),
            agreement.device.product.name if agreement.device else "",
            agreement.device.serial if agreement.device else "",
            agreement.ends_on,
        )
        for agreement in found
    )
    seller = ("ご購入元",) if with_sellers else ()
    header = ("契約番号", "サービス", "お客様", *seller, "品名", "製造番号", "サポート満了日")
    return csv_file.response(name="満了する契約.csv", header=header, rows=lines)
