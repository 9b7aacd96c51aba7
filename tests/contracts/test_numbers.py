"""Wrong, double and counterfeit numbers: what is known of them, and that a suspected one is held wherever used."""

import pytest

from hoshu.accounts import history
from hoshu.contracts import Refused, numbers, stock
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import Licence, Suspicion
from hoshu.flows import registration
from tests.contracts.cards import CONFIRMATIONS, at, card, licence, online, router, shipped
from tests.flows.registering import (  # noqa: F401  (fixtures)
    JUNE_1,
    accepted,
    arrived,
    checked,
    codes,
    desk,
    drafted,
    known_scans,
    shop,
    typed,
)
from tests.people import HAYASHI, SATO

pytestmark = [pytest.mark.django_db]

NOW = at("2025-06-03 14:20")


def suspected(number="L001"):
    return numbers.suspect(number=number, reason="同じ番号のカードが2社から届いた", now=NOW)


def hold_of(application, code="suspected"):
    return next(hold for hold in assess(application, now=NOW).holds if hold.code == code)


@pytest.mark.req("IX-CARD-00", "VA-REG-21")
def test_a_free_number_has_no_story(desk):  # noqa: F811
    found = numbers.known("ｌ-001", service="ix")
    assert found.is_free
    assert (found.number, found.licence.card_serial, found.unlike_any) == ("L001", "L001", False)


@pytest.mark.parametrize(
    ("written", "unlike"),
    [("L002", False), ("Z 999", False), ("L0001", True), ("LL01", True), ("L00あ", True), ("*", True), ("", False)],
)
def test_a_number_of_another_shape_than_any_that_was_issued_stands_out(desk, written, unlike):  # noqa: F811
    found = numbers.known(written, service="ix")
    assert (found.licence, found.unlike_any, found.is_free) == (None, unlike, False)


def test_where_nothing_was_issued_no_shape_is_strange(desk):  # noqa: F811
    assert not numbers.known("L0001", service="video").unlike_any


@pytest.mark.req("VA-INT-04", "IX-GEN-06")
def test_a_used_number_says_who_used_it_and_with_what(desk):  # noqa: F811
    agreement = accepted(checked())
    shipped(router("R-3"), "N2")
    second = arrived(card(body_serial="N2"))
    found = numbers.known("L001", service="ix", besides=second)
    assert not found.is_free
    assert found.agreement == agreement
    assert [one.number for one in found.applications] == [agreement.application.number]
    assert hold_of(second, "licence_used").agreement == agreement.number


def test_a_number_that_was_never_issued_is_found_again_however_it_is_written(desk):  # noqa: F811
    first, second = arrived(card(card_serial="Q-999")), arrived(card(card_serial="ｑ９９９"))
    draft_of_nobody = numbers.known("Q998", service="ix")
    assert draft_of_nobody.applications == []
    assert [one.pk for one in numbers.known("q 999", service="ix", besides=second).applications] == [first.pk]


def test_drafts_tell_nothing(desk, world):  # noqa: F811
    drafted(world)
    assert numbers.known("L001", service="ix").applications == []


@pytest.mark.parametrize("number", ["L001", "Q999"])
def test_a_suspected_number_is_held_issued_or_not_until_the_suspicion_is_lifted(desk, number):  # noqa: F811
    application = checked(card(card_serial=number))
    kept = suspected(number)
    assert hold_of(application).clause == "第2章 1.(2)"
    assert not hold_of(application).clearable
    with pytest.raises(Refused):
        accepted(application, reasons={"suspected": "構わない"})
    numbers.lift(suspicion_id=kept.pk, reason="製造元に照会し、正規の番号と確かめた", now=NOW)
    assert "suspected" not in codes(application)


def test_every_later_use_is_held_too(desk):  # noqa: F811
    suspected()
    assert "suspected" in codes(arrived())


def test_a_customer_may_send_a_suspected_number_and_is_not_told(shop, world, acting):  # noqa: F811
    with acting(HAYASHI, on=JUNE_1):
        suspected()
    with acting(SATO, on=JUNE_1):
        draft = drafted(world, online())
        sent = registration.submit(application_id=draft.pk, confirmed=CONFIRMATIONS, now=at("2025-06-01 10:00"))
        assert numbers.suspicion_about("L001") is None
        assert list(Suspicion.objects.all()) == []
    with acting(HAYASHI, on=JUNE_1):
        assert "suspected" in codes(sent)


def test_packs_are_held_by_their_own_clause(desk):  # noqa: F811
    for service, plan, clause in (("video", "9x5-5y", "第2章 1.1"), ("supportpack", "5y", "第1条 (1)")):
        number = f"P{service}"
        stock.enter_licence(service=service, plan=plan, card_serial=number)
        suspected(number)
        draft = registration.start_online(
            service=service,
            tenant_id=None,
            entries={"machines": [{"pack_serial": number}]},
            confirmed=["personal_information"],
            now=NOW,
        )
        (found,) = [
            hold
            for each in [assess(draft, entries={"pack_serial": number}, now=NOW)]
            for hold in each.holds
            if hold.code == "suspected"
        ]
        assert found.clause == clause


def test_a_suspicion_and_its_end_have_a_reason_and_stay_on_record(desk):  # noqa: F811
    for number, reason in (("", "x"), ("L001", " "), ("L" * 41, "x")):
        with pytest.raises(Refused):
            numbers.suspect(number=number, reason=reason, now=NOW)
    kept = suspected("l-001")
    assert [one.number for one in numbers.suspicions(standing=True)] == ["L001"]
    with pytest.raises(Refused, match="すでに調査中"):
        suspected()
    with pytest.raises(Refused, match="理由"):
        numbers.lift(suspicion_id=kept.pk, reason="", now=NOW)
    numbers.lift(suspicion_id=kept.pk, reason="正規の番号", now=NOW)
    with pytest.raises(Refused, match="すでに解除"):
        numbers.lift(suspicion_id=kept.pk, reason="正規の番号", now=NOW)
    again = suspected()
    assert [one.pk for one in numbers.known("L001").suspicions] == [again.pk, kept.pk]
    assert numbers.known("L001").suspicion == again
    entries = history.entries(table="contracts_suspicion", row_id=kept.pk)
    assert sorted(entry.action for entry in entries) == ["insert", "update"]


def test_the_licence_itself_stays_as_it_is(desk):  # noqa: F811
    licence("L002")
    suspected("L002")
    assert Licence.objects.get(card_serial="L002").state == Licence.State.ISSUED


@pytest.mark.req("VA-REG-21", "IX-GEN-03")
def test_a_number_of_another_service_is_told_at_its_field(desk):  # noqa: F811
    stock.enter_licence(service="video", plan="9x5-5y", card_serial="P1")
    (fault,) = assess(arrived(card(card_serial="P1")), now=NOW).form.of("card_serial")
    assert "これは「映像アプライアンス サポートパック」の番号とみられます" in fault.message
    assert (fault.kind, fault.clause) == ("wrong", "第2章 1.(2)")
    draft = registration.start_online(
        service="video", tenant_id=None, entries={}, confirmed=["personal_information"], now=NOW
    )
    (fault,) = assess(draft, entries={"pack_serial": "L001"}, now=NOW).form.of("pack_serial")
    assert "ネットワーク保守ライセンス" in fault.message
    assert fault.clause == "第2章 1.1"


@pytest.mark.req("VA-REG-17")
def test_packs_of_lines_that_share_a_page_are_no_strangers(desk):  # noqa: F811
    stock.enter_licence(service="supportpack", plan="5y", card_serial="P2")
    draft = registration.start_online(
        service="video", tenant_id=None, entries={}, confirmed=["personal_information"], now=NOW
    )
    found = assess(draft, entries={"pack_serial": "P2"}, now=NOW)
    assert (found.edition.service, found.form.of("pack_serial")) == ("supportpack", [])
