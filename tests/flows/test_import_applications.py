"""Applications from a table: judged as the page judges them, received once, one receipt for what came together."""

import csv
import io
from datetime import date

import pytest

from hoshu import catalog
from hoshu.accounts.history import entries as history
from hoshu.contracts import form as forms
from hoshu.contracts.models import Application, Consent
from hoshu.flows import registration
from hoshu.flows.import_kinds import kinds
from hoshu.imports import blank, dry_run, queries
from hoshu.imports.batches import CAREFUL, READY, REFUSED, SAME
from tests.contracts.cards import at, licence, online, open_for_business, router, shipped
from tests.contracts.forms import machine, model, pack, packed, printer, printers
from tests.files.sheets import xlsx
from tests.flows.selling import APPLIED
from tests.flows.test_imports import hand_over, run_to_its_end, said, started, tried
from tests.people import AOBA, HAYASHI, MIDORI, TSUBASA, WAKABA

RECEIVED = "2025/06/01 10:00"
MANDATE = "2025年5月31日のメールで同意"
BOUGHT = {"purchased": "2025-05-20", "pack_purchased": "2025-05-20"}


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI) as actor:
        open_for_business()
        yield actor


def of(service):
    return kinds()[f"applications-{service}"]


def words(service, entries, **own):
    """What is typed into a form as a row, by the label of each column."""
    edition = catalog.editions(service)[-1]
    fields = {field.name: field for field in forms.inputs(edition, staff=True)}
    row = {"届いた日時": RECEIVED, "同意の根拠": MANDATE, **own}
    for column in of(service).columns:
        if column.name in fields and (text := forms.written(entries, fields[column.name])):
            row[column.label] = text
    return row


def table(*rows):
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *[[row.get(heading, "") for heading in headings] for row in rows]])
    return out.getvalue().encode("utf-8-sig")


def packs(*serials, group="", quantity=None, **changes):
    """Rows about packs, one a machine; `serials` are pairs of pack and machine."""
    quantity = str(quantity or (len(serials) if group else 1))
    return [
        words(
            "video",
            {**packed(), **machine(number, serial, **{**BOUGHT, **changes}), "quantity": quantity},
            受付のまとまり=group,
        )
        for number, serial in serials
    ]


def card_row(number="L001", serial="N1", **changes):
    return words("ix", online(card_serial=number, body_serial=serial, **changes))


def taken(clerk, content, service):
    imported = tried(clerk, content, f"applications-{service}")
    return run_to_its_end(imported, started(imported))


def notes(imported, line):
    """What is said of a row: heading → texts."""
    [found] = [row for row in queries.rows(imported, many=1_000) if row.line == line]
    told = {}
    for _, heading, _, text in found.notes:
        told.setdefault(heading, []).append(text)
    return told


# -- the columns


def test_every_service_that_is_applied_for_has_its_table_made_of_its_form():
    for service in catalog.services():
        edition = catalog.editions(service)[-1]
        assert edition.application is not None
        kind = of(service)
        names = [column.name for column in kind.columns if not column.name.startswith("row.")]
        assert names == [field.name for field in forms.inputs(edition, staff=True)]
        assert len({column.label for column in kind.columns}) == len(kind.columns)
        assert blank.workbook(kind)
        assert blank.headings(kind).decode("utf-8-sig").startswith("届いた日時,同意の根拠")


# -- what becomes of a row


@pytest.mark.req("IX-REG-02", "IX-REG-12", "IX-GEN-04")
def test_a_row_becomes_a_received_application_whose_words_stay(clerk):
    licence()
    shipped(router())
    imported = taken(clerk, table(card_row()), "ix")
    [application] = Application.objects.all()
    assert (application.state, application.channel, application.receipt) == ("received", "web", application.number)
    assert application.received_at == at("2025-06-01 10:00")
    # 第4章 1.(3): the thirty days of the refusal run from the day on which it arrived, not from that of the table.
    assert application.answer_by == date(2025, 7, 1)
    assert application.first_entries == application.entries
    assert application.entries["body_serial"] == "N1"
    assert application.licence.card_serial == "L001"
    assert said(imported)[2][2] == application.number
    given = Consent.objects.filter(application=application)
    assert {one.item for one in given} == {
        one.id for one in catalog.edition("ix", "2022-10").application.confirmation if not one.wanted_with
    }
    assert {one.mandate for one in given} == {MANDATE}
    [event] = application.events.all()
    assert event.actor.startswith("林 直樹")
    assert "2行目" in event.note
    assert history(table="contracts_application", row_id=application.pk)


@pytest.mark.req("IX-REG-03")
def test_a_clerk_accepts_it_as_any_other(clerk):
    licence()
    shipped(router())
    taken(clerk, table(card_row()), "ix")
    application = Application.objects.get()
    registration.begin_check(application_id=application.pk, now=at("2025-06-03 14:10"))
    agreement = registration.accept(
        application_id=application.pk, customer_id=None, reasons={}, now=at("2025-06-03 14:20")
    )
    assert agreement.licence.card_serial == "L001"


def test_the_same_table_again_makes_nothing_twice(clerk):
    licence()
    shipped(router())
    content = table(card_row())
    taken(clerk, content, "ix")
    again = tried(clerk, content, "applications-ix")
    assert again.counts == {SAME: 1}
    assert said(again)[2] == (SAME, [], Application.objects.get().number)
    other = tried(clerk, table(card_row(contact_name="山田 太郎")), "applications-ix")
    [(verdict, [title], _)] = said(other).values()
    assert (verdict, title) == (REFUSED, "受け付けと違う申請")
    assert "ご連絡先のお名前" in notes(other, 2)["シリアル No."][0]
    assert Application.objects.count() == 1


# -- what is wrong with it


@pytest.mark.req("VA-REG-22", "VA-REG-23")
def test_all_that_is_wrong_with_a_row_is_told_at_once_with_its_clauses(clerk):
    pack()
    model()
    [row] = packs(("P001", "1234567"), site_address="カリフォルニア州 0-0")
    row |= {"ご購入年月日": "2026/2/30", "設置場所のお名前": ""}
    imported = tried(clerk, table(row), "applications-video")
    told = notes(imported, 2)
    assert imported.counts == {REFUSED: 1}
    assert "2026/2/30" in told["ご購入年月日"][0]
    assert len(told["ご購入年月日"]) == 1
    assert "（第2章 1.1）" in told["設置場所のお名前"][0]
    assert "設置場所" in told["設置場所のご住所"][0]


@pytest.mark.req("VA-INT-04")
def test_what_the_terms_refuse_is_refused_in_the_table_too(clerk):
    pack()
    model()
    registration_ = taken(clerk, table(*packs(("P001", "1234567"))), "video")
    assert registration_.counts == {"done": 1}
    pack("P002")
    number = Application.objects.get().number
    registration.begin_check(application_id=Application.objects.get().pk, now=at("2025-06-03 14:10"))
    [row] = packs(("P001", "7654321"))
    imported = tried(clerk, table(row, *packs(("P002", "1234567"))), "applications-video")
    assert said(imported)[2][0] == REFUSED
    assert number in notes(imported, 2)["製品シリアル番号"][0]


def test_what_a_spreadsheet_spoilt_is_told_and_names_stay_as_typed(clerk):
    licence("100001")
    row = card_row("100001", contact_company="㈱髙﨑𠮷商会")
    content = xlsx([list(row), [100001.0 if key == "シリアル No." else value for key, value in row.items()]])
    imported = tried(clerk, content, "applications-ix", name="a.xlsx")
    found = said(imported)[2]
    assert found[0] == CAREFUL
    assert "数値になった番号" in found[1]
    run_to_its_end(imported, started(imported))
    assert Application.objects.get().entries["contact_company"] == "㈱髙﨑𠮷商会"
    spoilt = tried(clerk, table({**row, "本体の製造番号": "1.23E+11", "記入日": "45000"}), "applications-ix")
    assert {"指数になった番号", "数値になった日付"} <= {*said(spoilt)[2][1]}


@pytest.mark.req("IX-GEN-06")
def test_a_machine_that_runs_under_an_agreement_is_told(clerk):
    licence()
    shipped(router())
    taken(clerk, table(card_row()), "ix")
    application = Application.objects.get()
    registration.begin_check(application_id=application.pk, now=at("2025-06-03 13:10"))
    registration.accept(application_id=application.pk, customer_id=None, reasons={}, now=at("2025-06-03 13:20"))
    licence("L002")
    imported = tried(clerk, table(card_row("L002")), "applications-ix")
    assert said(imported)[2][0] == CAREFUL
    assert "別の有効な契約に登録されています" in " ".join(notes(imported, 2)["本体の製造番号"])


def test_the_same_machine_twice_in_one_table_is_refused(clerk):
    model("remote-care", "P-9300")
    rows = [words("remote-care", {**printers(), **printer(connected=on)}) for on in ("yes", "no")]
    imported = tried(clerk, table(*rows), "applications-remote-care")
    assert said(imported)[3][1][0] == "ほかの行と食い違う行"


def test_two_licences_for_one_machine_are_told(clerk):
    licence("L001"), licence("L002")
    shipped(router())
    imported = tried(clerk, table(card_row("L001"), card_row("L002")), "applications-ix")
    assert said(imported)[2][0] == READY
    assert said(imported)[3][:2] == (CAREFUL, ["ほかの行と同じ番号"])


# -- what came together


@pytest.mark.req("VA-REG-27")
def test_machines_of_one_form_get_one_receipt(clerk):
    pack("P001"), pack("P002"), pack("P003")
    model()
    rows = [*packs(("P001", "111"), ("P002", "222"), group="A"), *packs(("P003", "333"))]
    imported = taken(clerk, table(*rows), "video")
    assert imported.counts == {"done": 3}
    first, second, third = Application.objects.order_by("id")
    assert first.receipt == second.receipt == first.number
    assert third.receipt == third.number


@pytest.mark.req("VA-REG-27")
def test_what_machines_share_must_agree_and_one_fault_keeps_all_back(clerk):
    for number in ("P001", "P002", "P003", "P004", "P005"):
        pack(number)
    model()
    differing = packs(("P001", "111"), ("P002", "222"), group="A")
    differing[1]["利用管理者のお名前"] = "別の人"
    faulty = packs(("P003", "333"), ("P004", ""), group="B")
    short = packs(("P005", "555"), group="C", quantity=2)
    imported = tried(clerk, table(*differing, *faulty, *short), "applications-video")
    assert imported.counts == {REFUSED: 5}
    for line in (2, 3):
        assert "利用管理者のお名前" in notes(imported, line)["受付のまとまり"][0]
    assert "5行目に誤り" in notes(imported, 4)["受付のまとまり"][0]
    assert "数量は2ですが、入力された機器は1台です" in notes(imported, 6)["数量"][0]


def test_rows_that_belong_together_stay_together_over_the_edge_of_a_chunk(clerk):
    model("remote-care", "P-9300")
    shared = printers()
    rows = [
        words("remote-care", {**shared, **printer(f"PR{n:04}")}, 受付のまとまり="Z" if 495 <= n < 505 else f"G{n}")
        for n in range(600)
    ]
    imported = tried(clerk, table(*rows), "applications-remote-care")
    assert imported.counts.get(REFUSED) is None
    sizes = [sum(chunk.counts.values()) for chunk in imported.chunks.order_by("number")]
    assert sum(sizes) == 600
    run_to_its_end(imported, started(imported))
    together = Application.objects.filter(entries__serial__in=[f"PR{n:04}" for n in range(495, 505)])
    assert len({one.receipt for one in together}) == 1
    assert len({one.receipt for one in Application.objects.all()}) == 591


def test_rows_of_a_form_that_stand_apart_are_refused(clerk):
    model("remote-care", "P-9300")
    groups = ("A", "B", "A")
    rows = [
        words("remote-care", {**printers(), **printer(f"PR{n}")}, 受付のまとまり=group)
        for n, group in enumerate(groups)
    ]
    imported = tried(clerk, table(*rows), "applications-remote-care")
    assert "離れています。2行目の次に" in notes(imported, 4)["受付のまとまり"][0]
    assert said(imported)[2][0] == REFUSED


# -- through a seller


def sold(seller, **changes):
    paid = {"payment": "confirmed", "payment_confirmed_on": "2025/5/30", "contract_start": "2025/6/10"}
    own = {"販売店": seller, "お手元の申込番号": "M-1"}
    return words("mimamori", {**APPLIED, **paid, **changes}, **own)


@pytest.mark.req("MM-SUP-03", "MM-FLW-02")
def test_a_seller_who_looks_after_the_customer_stands_in_the_application(clerk, world):
    taken(clerk, table(sold("（株）つばさ販売"[3:])), "mimamori")
    application = Application.objects.get()
    assert application.reseller_id == world.organisations[TSUBASA].pk
    assert application.tenant_id == world.organisations[AOBA].pk
    assert application.state == "received"


@pytest.mark.req("MM-SUP-03", "MM-FLW-03")
def test_without_its_seller_or_a_payment_it_is_refused(clerk, world):
    rows = [sold(MIDORI), sold("ない販売店"), sold(""), sold(TSUBASA, contact_company=WAKABA), sold(TSUBASA)]
    for nth, row in enumerate(rows):
        row["お手元の申込番号"] = f"M-{nth}"
    rows[4] |= {"お支払いの確認": "まだ確認していない", "入金を確認した日": ""}
    imported = tried(clerk, table(*rows), "applications-mimamori")
    assert imported.counts == {REFUSED: 5}
    assert "担当するお客様の中に" in notes(imported, 2)["会社名・団体名"][0]
    assert "（5.2）" in notes(imported, 3)["販売店"][0]
    assert "（5.2）" in notes(imported, 4)["販売店"][0]
    assert "担当するお客様の中に" in notes(imported, 5)["会社名・団体名"][0]
    assert notes(imported, 6)


# -- its cost


def test_the_number_of_look_ups_does_not_grow_with_the_rows(clerk, django_assert_max_num_queries):
    pack()
    model()
    imported = hand_over(table(*packs(*[(f"Q{n:05}", f"S{n:05}") for n in range(600)])), "applications-video")
    with django_assert_max_num_queries(60):
        dry_run.read(import_id=imported.pk, kind=of("video"), actor=clerk, now=at("2025-06-03 14:00"))
    assert queries.get(import_id=imported.pk).rows == 600
