"""The pages about the end of an agreement, the machines that are lent and the parcels."""

import csv
import io
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from hoshu.contracts import collection, consignments, stock
from hoshu.contracts.models import Agreement, Consent, Consignment, DataExport, Ending, LentUnit
from hoshu.flows import ending
from tests.contracts.agreed import concluded, lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, KATO, MORI, SATO, TANAKA, UENO, YAMADA

pytestmark = pytest.mark.django_db
NOW = at("2025-06-10 10:00")


@pytest.fixture
def agreement(acting, world, time_machine):
    """Aoba's lent machine, on 10 June 2025."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        return lent(watched(world.organisations[AOBA].pk))


@pytest.fixture
def fresh(acting, world, time_machine):
    """The same, accepted and not shipped yet."""
    time_machine.move_to(at("2025-04-01 10:00"), tick=False)
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        return watched(world.organisations[AOBA].pk)


def url(name, *args):
    return reverse(name, args=args)


def text(response):
    return response.content.decode()


@pytest.mark.req("MM-TRM-01", "MM-CND-23", "MM-TRM-03", "VA-INT-05")
def test_the_customer_sees_the_last_day_and_the_clause_before_it_stops(agreement, login, acting):
    browser, place = login(SATO), url("portal:agreement_stop", agreement.number)
    shown = text(browser.post(place, {"on": "2025/6/12"}))
    assert "2025年6月30日(月)" in shown
    assert "お返ししません" in shown
    assert "7.8" in shown
    assert "情報を消します" in shown
    with acting(SATO, on=NOW.date()):
        assert not Ending.objects.exists()
    assert browser.post(place, {"on": "2025/6/12", "sure": "on"}).status_code == 302
    with acting(SATO, on=NOW.date()):
        kept = Ending.objects.get()
        assert (kept.last_day, kept.by, kept.proposed_by.name) == (date(2025, 6, 30), "customer", SATO.name)
    assert "承っています" in text(browser.get(place))


@pytest.mark.req("MM-TRM-01")
def test_a_day_in_the_past_is_refused_at_its_field_with_the_clause(agreement, login):
    response = login(SATO).post(url("portal:agreement_stop", agreement.number), {"on": "2025/6/9"})
    assert response.status_code == 422
    assert "さかのぼって" in text(response)
    assert "7.8" in text(response)
    assert "2025/6/9" in text(response)


def test_only_the_customers_administrator_stops(agreement, login):
    assert login(TANAKA).get(url("portal:agreement_stop", agreement.number)).status_code == 403


@pytest.mark.req("MM-TRM-03")
def test_the_customer_takes_its_data_away_and_that_is_recorded(agreement, login, acting):
    response = login(SATO).post(url("portal:agreement_data", agreement.number))
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    contacts = list(csv.reader(io.StringIO(archive.read("連絡先.csv").decode("utf-8-sig"))))
    assert contacts[1][4] == "佐藤 花子"
    assert next(csv.reader(io.StringIO(archive.read("申請の記入.csv").decode("utf-8-sig")))) == ["項目", "記入"]
    with acting(SATO, on=NOW.date()):
        kept = DataExport.objects.get()
        assert kept.counts["連絡先"] == len(contacts) - 1
        assert SATO.name in kept.by


@pytest.mark.req("IX-ASF-02", "MM-CND-27")
def test_one_person_proposes_and_another_agrees(agreement, login, acting):
    place = url("console:ending", agreement.number)
    first = login(HAYASHI)
    sent = {
        "by": "provider",
        "ground": "antisocial",
        "measure": "end",
        "at": "2025/6/10 10:00",
        "evidence": "",
    }
    refused = first.post(url("console:ending_propose", agreement.number), sent)
    assert refused.status_code == 422
    assert "証拠" in text(refused)
    assert "7.21" in text(refused)
    first.post(url("console:ending_propose", agreement.number), sent | {"evidence": "新聞の記事"})
    with acting(HAYASHI, on=NOW.date()):
        kept = Ending.objects.get()
    assert "別の人が行います" in text(first.get(place))
    assert "別の人" in text(first.post(url("console:ending_approve", agreement.number), {"row": kept.pk}))
    assert agreement.number in text(login(YAMADA).get(url("console:today")))
    login(YAMADA).post(url("console:ending_approve", agreement.number), {"row": kept.pk})
    with acting(HAYASHI, on=NOW.date()):
        assert Agreement.objects.get(pk=agreement.pk).state == "terminated"
        assert LentUnit.objects.get().state == "collecting"


def test_a_row_of_another_agreement_is_not_found(agreement, login, acting, world):
    with acting(HAYASHI, on=NOW.date()):
        other = concluded("supportpack", world.organisations[AOBA].pk, now="2025-06-01 10:00")
        kept = ending.propose(
            agreement_id=other.pk, by="provider", ground="antisocial", at=NOW, evidence="記事", now=NOW
        )
    response = login(YAMADA).post(url("console:ending_approve", agreement.number), {"row": kept.pk})
    assert response.status_code == 404


@pytest.mark.req("IX-SUR-01", "IX-TRM-04")
def test_what_survives_stands_on_the_page_of_an_agreement_that_has_ended(acting, world, login, time_machine):
    time_machine.move_to(at("2026-07-16 10:00"), tick=False)
    with acting(HAYASHI, on=date(2026, 1, 10)):
        open_for_business()
        kept = concluded("supportpack", world.organisations[AOBA].pk)
        ending.stop(agreement_id=kept.pk, on=date(2026, 7, 15), now=at("2026-07-15 10:00"))
        ending.carry_out_due(now=at("2026-07-16 00:00"))
    for browser, place in ((login(SATO), "portal:agreement"), (login(MORI), "console:agreement")):
        shown = text(browser.get(url(place, kept.number)))
        assert "終了後も続く条項" in shown
        assert "第14条 (3)" in shown
        assert "代金はお返ししません" in shown


@pytest.mark.req("MM-TRM-02")
def test_the_dry_run_is_shown_before_anything_is_destroyed(agreement, login, acting, time_machine):
    with acting(HAYASHI, on=NOW.date()):
        ending.stop(agreement_id=agreement.pk, on=NOW.date(), now=NOW)
        ending.carry_out_due(now=at("2025-07-01 00:00"))
    time_machine.move_to(at("2025-07-01 09:00"), tick=False)
    browser, place = login(YAMADA), url("console:ending", agreement.number)
    shown = text(browser.get(place))
    assert "法人税法施行規則 59条" in shown
    assert "2025/08/04" in shown
    assert browser.post(url("console:ending_destroy", agreement.number), {}).status_code == 422
    browser.post(url("console:ending_destroy", agreement.number), {"sure": "on"})
    shown = text(browser.get(place))
    assert "連絡先と設置場所 2件" in shown or "連絡先と設置場所 1件" in shown
    assert "佐藤 花子" not in shown


# ---- machines and parcels


@pytest.mark.req("MM-FLW-01", "MM-ENV-05", "MM-FLW-04", "MM-CND-07")
def test_from_the_parcel_to_the_initial_setting_without_a_skipped_step(fresh, login, acting, time_machine):
    step = {name: url("portal:agreement_step", fresh.number, name) for name in ("received", "installed", "set_up")}
    browser, desk = login(SATO), login(MORI)
    refused = browser.post(step["set_up"], {"at": "2025/4/1 9:00"})
    assert refused.status_code == 422
    assert "8.1 ⑥" in text(refused)
    assert "8.1 ④" in text(browser.post(step["received"], {}))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        product = stock.enter_product(service="mimamori", name="UTM装置", code="UTM-1")
        consignments.enter_unit(product_id=product.pk, serial="ZA0001", manufactured_on=None)
        parcel = fresh.consignments.get(kind="unit").pk
    wrong = desk.post(url("console:consignment_act", parcel, "ship"), {"unit_serial": "ZZ"})
    assert wrong.status_code == 422
    assert "台帳にありません" in text(wrong)
    desk.post(url("console:consignment_act", parcel, "ship"), {"unit_serial": "ZA0001", "carrier": "配送"})
    assert "ZA0001" in text(desk.get(url("console:consignments") + "?state=moving"))
    time_machine.move_to(at("2025-04-05 10:00"), tick=False)
    browser = login(SATO)
    assert "受領した" in text(browser.get(url("portal:agreement", fresh.number)))
    browser.post(step["received"], {"missing": ["LANケーブル"]})
    with acting(HAYASHI, on=date(2025, 4, 5)):
        further = Consignment.objects.get(kind="parts")
        assert "LANケーブル（不足）" in further.what
    time_machine.move_to(at("2025-04-06 12:00"), tick=False)
    browser = login(SATO)
    two = browser.post(step["installed"], {"at": "2025/4/6 10:30", "chapters": ["1", "2"]})
    assert two.status_code == 422
    assert "3.1" in text(two)
    assert "2025/4/6 10:30" in text(two)
    browser.post(step["installed"], {"at": "2025/4/6 10:30", "chapters": ["1", "2", "3"]})
    browser.post(step["set_up"], {"at": "2025/4/6 11:03"})
    with acting(SATO, on=date(2025, 4, 6)):
        kept = Agreement.objects.get(pk=fresh.pk)
        assert (kept.installed_at, kept.initial_set_at) == (at("2025-04-06 10:30"), at("2025-04-06 11:03"))
        assert [one.item for one in Consent.objects.filter(agreement=kept).order_by("id")] == [
            "manual_1",
            "manual_2",
            "manual_3",
        ]


@pytest.mark.req("MM-TRM-04", "MM-TRM-05", "MM-CND-09")
def test_a_machine_comes_back_on_its_page(agreement, login, acting):
    with acting(HAYASHI, on=NOW.date()):
        ending.stop(agreement_id=agreement.pk, on=NOW.date(), now=NOW)
        ending.carry_out_due(now=at("2025-07-01 00:00"))
    desk, page = login(MORI), url("console:unit", "ZA0001")
    assert "回収待ち" in text(desk.get(page))
    assert "持ち主" in text(desk.get(page))
    wrong = desk.post(url("console:unit_act", "ZA0001", "erase"), {"how": "初期化"})
    assert wrong.status_code == 422
    assert "7.8" in text(wrong)
    desk.post(url("console:unit_act", "ZA0001", "receive"), {"found": "ZA0001"})
    desk.post(url("console:unit_act", "ZA0001", "erase"), {"how": "初期化"})
    desk.post(url("console:unit_act", "ZA0001", "stock"))
    assert "在庫" in text(desk.get(url("console:units") + "?state=stock"))
    assert login(UENO).post(url("console:unit_act", "ZA0001", "scrap")).status_code == 403


@pytest.mark.req("MM-OVR-07")
@pytest.mark.parametrize(
    ("person", "view", "lent", "due", "returned"),
    [
        (SATO, "portal:agreement", "2025年4月3日", "2025年6月24日(火)</span> まで", "2025年6月10日"),
        (HAYASHI, "console:agreement", "2025/04/03", "2025/06/24(火) まで", "2025/06/10"),
    ],
)
def test_the_page_says_which_machine_is_lent_since_when_and_how_it_came_back(
    agreement, login, acting, person, view, lent, due, returned
):
    place = url(view, agreement.number)
    page = text(login(person).get(place))
    for words in ("貸出機", "ZA0001", "貸出中", lent, "まだです"):
        assert words in page
    with acting(HAYASHI, on=NOW.date()):
        collection.request(last_days={agreement.pk: NOW.date()}, now=NOW)
    assert due in text(login(person).get(place))
    with acting(HAYASHI, on=NOW.date()):
        missing = [{"part": "LANケーブル", "state": "不足"}]
        collection.receive(serial="ZA0001", found="ZA0001", missing=missing, now=NOW)
    page = text(login(person).get(place))
    for words in ("返却済", returned, "LANケーブル不足"):
        assert words in page


@pytest.mark.req("MM-OVR-07")
def test_nobody_else_reads_it(agreement, login):
    assert login(KATO).get(url("portal:agreement", agreement.number)).status_code == 404
