"""Rows of a table are judged together where nothing tells them apart: each is told what it would be told alone.

What is told of a row alone is what the page tells of its form: `assess` and the steps of `registration` judge it.
"""

import random
from datetime import date

import pytest

from hoshu import catalog
from hoshu.contracts import form as forms
from hoshu.contracts import numbers
from hoshu.contracts.models import Application, Licence
from hoshu.flows import registration
from hoshu.flows.import_kinds import kinds
from hoshu.imports.batches import Reader
from tests.contracts.cards import at, licence, open_for_business, router, shipped
from tests.contracts.forms import machine, model, pack, packed, printer, printers
from tests.flows.selling import APPLIED
from tests.flows.test_import_applications import MANDATE, RECEIVED, card_row, of, words
from tests.people import HAYASHI, MIDORI, TSUBASA

NOW = at("2025-06-03 14:00")
BOUGHT = {"purchased": "2025-05-20", "pack_purchased": "2025-05-20"}
ROWS = 150

DAYS = ("2025/05/20", "2025/05/10", "2026/01/01", "1980/01/01", "2025/2/30", "45000", "2025/06/02", "2025/3/1")
TEXTS = ("㈱髙﨑商会", "山田 花子", "青葉商事株式会社", "あ" * 201, "＊" * 12, "1234-5678-9018", "株式会社つばさ販売")
MAILS = ("hanako@example.jp", "taro@example.jp", "taro", "ｔａｒｏ＠example.jp", f"{'a' * 250}@example.jp")
PHONES = ("03-0000-1234", "022-000-1234", "0312", "＋８１ 3 0000 1234", "+1 212-555-0100", "電話", "03-0000-0001")
CODES = ("150-0001", "１５０－０００１", "15", "100-0001")
ADDRESSES = (
    *("宮城県仙台市青葉区0-0", "東京都港区芝0-0-0", "カリフォルニア州 0-0", "仙台市青葉区0-0", "宮城県仙台市青葉区"),
    *("東京都港区 船舶みなと丸0", f"宮城県{'あ' * 200}0", f"宮城県仙台市0-0 {'＊' * 12}"),
)
CARDS = (
    "L001",
    "L002",
    "L003",
    "l－００１",
    "USED",
    "SUSPECT",
    "APPLIED",
    "NODAY",
    "OTHER",
    "NONE",
    "N1",
    "A B",
    "P001",
)
BODIES = ("N1", "N2", "N3", "TWICE", "HELD", "L001", "NONE", "N1,N2", "n－1", "1.23E+11", "あ")
OTHERS = {
    "date": DAYS,
    "mail": MAILS,
    "phone": PHONES,
    "postal_code": CODES,
    "address": ADDRESSES,
    "tick": ("はい", "いいえ", "x"),
    "weekday": ("火", "月", "週末"),
    "count": ("1", "2", "0", "０", "a", "40"),
    "options": ("N8100-1 x2", "N8100-1", "N8100-1 x0", "x3"),
    "code": ("N8100-2558", "P-9300", "R-2105", "R-3105", "ない型名", "SID9000001", "あ" * 201),
}


@pytest.fixture
def stocked(acting, world):
    """Licences and machines of every sort, and what others did with them."""
    with acting(HAYASHI) as actor:
        open_for_business()
        for number in ("L001", "L002", "L003", "USED", "SUSPECT", "APPLIED", "HELD1"):
            licence(number)
        licence("NODAY", card_deadline=None)
        licence("OTHER", plan="7d-3y")
        for number in ("P001", "P002"):
            pack(number)
        pack("S001", service="supportpack", plan="5y")
        for service, code in (("video", "N8100-2558"), ("supportpack", "N8100-2000"), ("remote-care", "P-9300")):
            model(service, code)
        known, other = router(), router("R-3105")
        for serial in ("N1", "N3", "HELD", "TWICE"):
            shipped(known, serial)
        shipped(known, "N2", date(2025, 5, 1))
        shipped(other, "TWICE")
        Licence.objects.filter(card_serial="USED").update(state="used")
        numbers.suspect(number="SUSPECT", reason="2社から届いた", now=NOW)
        judged(of("ix"), [card_row("APPLIED", "N9"), card_row("HELD1", "HELD")], write=True)
        held = Application.objects.get(licence__card_serial="HELD1")
        registration.begin_check(application_id=held.pk, now=NOW)
        registration.accept(application_id=held.pk, customer_id=None, reasons={}, now=NOW)
        yield actor


def judged(kind, rows, *, write=False):
    """What is said of each row, in their order, as one batch."""
    headings = [column.label for column in kind.columns]
    places = {column.name: place for place, column in enumerate(kind.columns)}
    cells = [[row.get(heading, "") for row in rows] for heading in headings]
    batch = Reader(kind.columns, places, len(headings)).batch(1, cells)
    kind.check(batch, NOW)
    if write:
        kind.write(batch, NOW)
    return [
        (remark.verdict, remark.notes, remark.reference) if (remark := batch.remarks.get(line)) else None
        for line in range(1, len(rows) + 1)
    ]


def sound(service):
    """Rows to begin with."""
    match service:
        case "ix":
            return card_row()
        case "remote-care":
            return words(service, {**printers(), **printer()})
        case "mimamori":
            paid = {"payment": "confirmed", "payment_confirmed_on": "2025/5/30", "contract_start": "2025/6/10"}
            own = {"販売店": "つばさ販売", "お手元の申込番号": "M-1"}
            return words(service, {**APPLIED, **paid}, **own)
        case _:
            number = "S001" if service == "supportpack" else "P001"
            return words(service, {**packed(), **machine(number, **BOUGHT), "quantity": "1"})


def varied(service, chosen):
    """A row with some cells changed: emptied, or holding what is right, wrong, or right elsewhere only."""
    edition = catalog.editions(service)[-1]
    fields = {field.name: field for field in forms.inputs(edition, staff=True)}
    row = sound(service)
    for column in chosen.sample(of(service).columns, chosen.choice((0, 0, 1, 1, 2, 5))):
        field = fields.get(column.name)
        match column.name:
            case "row.received_at":
                values = (RECEIVED, "2025/06/02", "2025/05/01", "2026/01/01 10:00")
            case "row.mandate":
                values = (MANDATE, "")
            case "row.seller":
                values = (TSUBASA, MIDORI, "ない販売店", "")
            case "row.group":
                values = ("",)
            case _ if field is None:
                values = ("M-2",)
            case _ if field.fills == "device.serial":
                values = BODIES
            case _ if field.kind == "serial":
                values = CARDS
            case _ if field.choice:
                both = "、".join(each.name for each in field.choice[:2])
                values = (*(each.name for each in field.choice), both, "ない")
            case _:
                values = OTHERS.get(field.kind, TEXTS)
        row[column.label] = chosen.choice((*values, ""))
    return row


@pytest.mark.req("IX-CARD-12", "IX-GEN-03", "VA-REG-22", "RC-GEN-08", "MM-SUP-03")
@pytest.mark.parametrize("service", ["ix", "video", "supportpack", "remote-care", "mimamori"])
def test_each_row_is_told_what_it_would_be_told_alone(stocked, service):
    chosen = random.Random(service)
    rows = [varied(service, chosen) for _ in range(ROWS)]
    kind = kinds()[f"applications-{service}"]
    together = judged(kind, rows)
    alone = [judged(kind, [row])[0] for row in rows]
    differing = [(row, a, b) for row, a, b in zip(rows, together, alone, strict=True) if a != b]
    assert not differing, differing[0]
    verdicts = {said and said[0] for said in together}
    assert len(verdicts) > 1
