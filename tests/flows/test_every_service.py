"""Each service from the form to the agreement, as its document tells it."""

from datetime import date

import pytest

from hoshu.contracts import Refused, consignments
from hoshu.contracts.models import Application, Consent, Consignment, Product, SupportId
from hoshu.flows import registration, shipping
from hoshu.notifications.models import Message
from tests.contracts.cards import at, open_for_business
from tests.contracts.forms import confirmations, machine, model, pack, packed, printer, printers
from tests.flows import selling
from tests.people import AOBA, HAYASHI, KATO, SATO, WAKABA

pytestmark = pytest.mark.django_db

NOON = "2026-01-08 11:00"


@pytest.fixture
def shop(acting, world):
    """Packs P001 … P003, the models and the operator."""
    with acting(HAYASHI, on=date(2026, 1, 8)):
        open_for_business()
        for number in ("P001", "P002", "P003"):
            pack(number)
        pack("S001", service="supportpack", plan="5y")
        model()
        model("supportpack", "N8100-2000")
        model("remote-care", "P-9300")
        model("mimamori", "UTM-60")


@pytest.fixture
def customer(shop, acting, world):
    """Sato of Aoba registers."""
    with acting(SATO, on=date(2026, 1, 8)):
        yield world.organisations[AOBA].pk


def drafted(tenant, entries, *, service="video", now=NOON, **how):
    return registration.start_online(
        service=service, tenant_id=tenant, entries=entries, confirmed=confirmations(service), now=at(now), **how
    )


def sent(tenant, entries=None, *, service="video", now=NOON, **how):
    draft = drafted(tenant, packed() if entries is None else entries, service=service, now=now, **how)
    return registration.submit(application_id=draft.pk, confirmed=confirmations(service), now=at(now))


def refused(tenant, entries, **how):
    """What the form is refused for: (machine, field) → message."""
    with pytest.raises(registration.Incomplete) as found:
        sent(tenant, entries, **how)
    return {(nth, fault.field): f"{fault.message}（{fault.clause}）" for nth, fault in found.value.faults}


def accepted(application, now="2026-01-13 10:00", reasons=None):
    registration.begin_check(application_id=application.pk, now=at(now))
    return registration.accept(application_id=application.pk, customer_id=None, reasons=reasons or {}, now=at(now))


@pytest.fixture
def as_clerk(acting):
    """Hayashi's hands, for a moment."""

    def work(step, *args, **how):
        with acting(HAYASHI, on=date(2026, 1, 8)):
            return step(*args, **how)

    return work


# ---- video: packs on the web


@pytest.mark.req("VA-REG-04", "VA-REG-18", "VA-REG-27", "VA-REG-28", "VA-INT-04")
def test_one_form_about_three_machines_gives_three_applications_and_one_receipt(customer, as_clerk):
    entries = packed(machine(), machine("P002", "1234568"), machine("P003", "1234569"))
    first = sent(customer, entries)
    every = as_clerk(list, Application.objects.filter(receipt=first.receipt).select_related("licence").order_by("id"))
    assert [one.licence.card_serial for one in every] == ["P001", "P002", "P003"]
    assert {one.state for one in every} == {"received"}
    (mail,) = Message.objects.all()
    assert mail.to == "hanako@example.jp"
    assert "登録受付のお知らせ" in mail.subject
    for words in (first.receipt, "P001", "P002", "P003"):
        assert words in mail.text
    kept = Consent.objects.filter(application__receipt=first.receipt)
    assert {(one.application_id, one.item) for one in kept} >= {(one.pk, "terms") for one in every}
    with pytest.raises(Refused):
        registration.submit(application_id=first.pk, confirmed=confirmations("video"), now=at(NOON))
    assert Application.objects.count() == 3


@pytest.mark.req("VA-REG-27", "VA-REG-20")
@pytest.mark.parametrize(("quantity", "words"), [("3", "数量は3"), ("1", "数量は1"), ("0", ""), ("二つ", ""), ("", "")])
def test_the_quantity_and_the_machines_agree(customer, quantity, words):
    entries = packed(machine(), machine("P002", "1234568"), quantity=quantity)
    assert words in refused(customer, entries)[0, "quantity"]


@pytest.mark.req("VA-REG-27", "VA-INT-04")
def test_a_machine_or_a_pack_stands_in_a_form_once(customer):
    found = refused(customer, packed(machine(), machine("P001", "１２３４５６７")))
    assert found.keys() == {(2, "pack_serial"), (2, "serial")}
    assert "1台目と同じ" in found[2, "serial"]


@pytest.mark.req("VA-REG-19", "VA-REG-20", "VA-REG-21", "VA-REG-22", "VA-REG-23", "VA-REG-24", "SP-REG-03")
@pytest.mark.parametrize(
    ("nth", "field", "value"),
    [
        (0, "administrator_organisation", ""),
        (0, "administrator_address", ""),
        (0, "administrator_name", ""),
        (0, "administrator_phone", "12"),
        (0, "administrator_email", "kein-at"),
        (1, "pack_serial", ""),
        (1, "pack_serial", "P999"),
        (1, "machine_type", ""),
        (1, "serial", ""),
        (1, "purchased", ""),
        (1, "purchased", "2026-01-09"),
        (1, "purchased", "2026-02-30"),
        (1, "pack_purchased", ""),
        (1, "pack_purchased", "2026-01-09"),
        (1, "site_organisation", ""),
        (1, "site_address", ""),
        (1, "site_name", ""),
        (1, "site_phone", ""),
    ],
)
def test_what_a_pack_needs_is_named_at_its_field_and_everything_stays(customer, nth, field, value):
    entries = packed(machine(**{field: value})) if nth else packed(**{field: value})
    found = refused(customer, entries)
    assert (nth, field) in found
    (kept,) = Application.objects.all()
    assert kept.state == "draft"
    assert kept.entries["registrant_name"] == "山田 花子"


@pytest.mark.req("VA-REG-20", "VA-REG-22", "VA-REG-24")
def test_what_may_stay_empty_may_stay_empty(customer):
    sent(customer, packed(machine(option_type="", option_quantity="", model_name="")))


@pytest.mark.req("VA-REG-26", "VA-ALM-06")
def test_alarm_reporting_asks_its_own_questions_only_when_it_is_applied_for(customer):
    found = refused(customer, packed(machine(alarm_applied=True)))
    assert {field for _, field in found} == {"os_name", "report_method", "seller"}
    found = refused(
        customer,
        packed(
            machine(
                alarm_applied=True,
                os_name="Windows Server IoT 2019",
                report_method="e-mail",
                seller="つばさ販売",
                alarm_contact_differs=True,
            )
        ),
    )
    assert {field for _, field in found} == {"alarm_name", "alarm_phone"}


@pytest.mark.req("VA-REG-01")
def test_a_card_on_paper_registers_no_pack(shop, as_clerk):
    with pytest.raises(Refused) as found:
        as_clerk(
            registration.take_in,
            service="video",
            channel="post",
            received_at=at("2026-01-05 10:00"),
            files=[],
            declared_personal_number=None,
            now=at("2026-01-05 10:00"),
        )
    assert "ウェブからだけ" in found.value.message
    assert found.value.clause == "第2章 前文"


@pytest.mark.req("VA-REG-02", "VA-REG-03", "SP-REG-02")
@pytest.mark.parametrize(("submitted", "late"), [("2026-01-14 23:59", False), ("2026-01-15 00:00", True)])
def test_thirty_days_from_the_pack_and_never_dropped(customer, as_clerk, submitted, late):
    application = sent(customer, packed(machine(purchased="2025-12-15", pack_purchased="2025-12-15")), now=submitted)
    if late:
        with pytest.raises(Refused) as found:
            as_clerk(accepted, application, now="2026-01-15 10:00")
        assert "理由を残して" in found.value.message
    reasons = {"late": "年末の配送の遅れのため"} if late else {}
    assert as_clerk(accepted, application, now="2026-01-15 11:00", reasons=reasons).state == "active"


@pytest.mark.req("VA-REG-05", "VA-REG-06", "VA-REG-08", "VA-REG-09", "VA-REG-10", "VA-GEN-01")
def test_an_acceptance_gives_a_support_id_a_device_number_a_guide_and_a_letter(customer, as_clerk):
    agreement = as_clerk(accepted, sent(customer))
    assert agreement.device_number.startswith("DK")
    assert len(agreement.device_number) == 8
    assert agreement.support.code
    assert agreement.accepted_at == at("2026-01-13 10:00")
    with_guide = set(Consignment.objects.filter(agreement=agreement).values_list("kind", flat=True))
    assert with_guide == {"guide", "letter"}
    told = Message.objects.get(kind="agreement.support_id")
    assert told.to == "hanako@example.jp"
    for words in (agreement.support.code, "第2章 前文②", agreement.number):
        assert words in told.text
    assert agreement.device_number in agreement.revisions.get().notice.text
    entries = packed(machine("P002", "1234568"), support_id=agreement.support.code)
    entries["administrator_email"] = "kanri@example.jp"
    second = as_clerk(accepted, sent(customer, entries))
    told = Message.objects.filter(kind="agreement.support_id").latest("id")
    assert told.to == "kanri@example.jp"
    assert second.number in told.text
    assert agreement.number in told.text
    assert second.support == agreement.support
    assert second.device_number != agreement.device_number
    assert set(Consignment.objects.filter(agreement=second).values_list("kind", flat=True)) == {"letter"}
    assert SupportId.objects.count() == 1


@pytest.mark.req("VA-REG-06")
@pytest.mark.parametrize("given", ["SID-UNKNOWN", "other"])
def test_a_support_id_of_somebody_else_is_refused_and_the_rest_stays(customer, as_clerk, acting, world, given):
    if given == "other":
        with acting(KATO, on=date(2026, 1, 8)):
            theirs = sent(world.organisations[WAKABA].pk, packed(machine("P002", "1234568")))
        given = as_clerk(accepted, theirs).support.code
    assert (0, "support_id") in refused(customer, packed(support_id=given))


@pytest.mark.req("VA-INT-04", "VA-REG-21", "VA-REG-22")
def test_a_used_pack_and_a_covered_machine_are_not_registered_again(customer, as_clerk):
    as_clerk(accepted, sent(customer))
    found = refused(customer, packed(machine("P001", "1234570")))
    assert (1, "pack_serial") in found
    found = refused(customer, packed(machine("P002", "1234567")))
    assert "重ねて登録することはできません" in found[1, "serial"]


@pytest.mark.req("VA-REG-17")
def test_the_packs_number_says_which_terms_apply(customer, as_clerk):
    draft = drafted(customer, packed(machine("S001", machine_type="N8100-2000")))
    with pytest.raises(registration.Incomplete) as found:
        registration.submit(application_id=draft.pk, confirmed=confirmations("video"), now=at(NOON))
    assert found.value.unconfirmed == ["export"]
    both = {*confirmations("video"), *confirmations("supportpack")}
    application = registration.submit(application_id=draft.pk, confirmed=[*both], now=at(NOON))
    assert (application.service, application.edition) == ("supportpack", "1")
    agreement = as_clerk(accepted, application)
    assert (agreement.service, agreement.plan) == ("supportpack", "5y")


@pytest.mark.req("VA-GEN-02")
def test_who_does_not_own_the_machine_has_the_owners_approval(customer, as_clerk):
    leased = {"owner": "other", "owner_name": "あおばリース株式会社"}
    assert (1, "owner") in refused(customer, packed(machine(owner="")))
    assert (1, "owner_confirmed") in refused(customer, packed(machine(**leased)))
    draft = drafted(customer, packed(machine(**leased, owner_confirmed=True)))
    application = registration.submit(
        application_id=draft.pk, confirmed=[*confirmations("video"), "owner"], now=at(NOON)
    )
    assert Consent.objects.get(application=application, item="owner").person == "佐藤 花子"


# ---- supportpack


@pytest.mark.req("SP-REG-01", "SP-REG-07", "SP-REG-08", "SP-REG-09")
def test_a_support_pack_is_accepted_by_the_notice(customer, as_clerk):
    entries = packed(machine("S001", machine_type="N8100-2000"))
    draft = registration.start_online(
        service="supportpack", tenant_id=customer, entries=entries, confirmed=["personal_information"], now=at(NOON)
    )
    with pytest.raises(registration.Incomplete) as found:
        registration.submit(application_id=draft.pk, confirmed=[], now=at(NOON))
    assert set(found.value.unconfirmed) == {"terms", "antisocial", "export"}
    application = registration.submit(application_id=draft.pk, confirmed=confirmations("supportpack"), now=at(NOON))
    assert application.answer_by == date(2026, 2, 7)
    agreement = as_clerk(accepted, application)
    notice = agreement.revisions.get().notice
    assert "登録完了" in notice.subject
    assert notice.to == "hanako@example.jp"


# ---- remote-care: a form that is received and accepted


@pytest.mark.req("RC-GEN-06", "RC-GEN-08")
def test_a_form_is_received_sent_back_and_accepted(customer, as_clerk):
    application = sent(customer, printers(), service="remote-care")
    assert application.state == "submitted"
    with pytest.raises(Refused):
        registration.take_over(application_id=application.pk, now=at(NOON))
    returned = as_clerk(
        registration.send_back, application_id=application.pk, reason="製造番号を確かめてください。", now=at(NOON)
    )
    assert returned.state == "returned"
    assert "製造番号を確かめてください" in Message.objects.latest("id").text
    assert returned.entries["serial"] == "PR0001"
    again = registration.submit(application_id=application.pk, confirmed=confirmations("remote-care"), now=at(NOON))
    as_clerk(registration.take_over, application_id=again.pk, now=at("2026-01-09 10:00"))
    agreement = as_clerk(accepted, again)
    assert (agreement.state, agreement.starts_on) == ("active", date(2026, 1, 13))
    assert agreement.ends_on is None


@pytest.mark.req("RC-GEN-08")
def test_what_nobody_has_received_can_be_taken_back(customer, as_clerk):
    application = sent(customer, printers(), service="remote-care")
    assert registration.withdraw(application_id=application.pk, reason="", now=at(NOON)).state == "withdrawn"
    other = sent(customer, printers(), service="remote-care")
    as_clerk(registration.take_over, application_id=other.pk, now=at(NOON))
    with pytest.raises(Refused):
        registration.withdraw(application_id=other.pk, reason="", now=at(NOON))


@pytest.mark.req("RC-GEN-03")
def test_only_connected_printers_of_the_list_are_watched(customer, as_clerk):
    application = sent(customer, printers(printer(connected="no")), service="remote-care")
    as_clerk(registration.take_over, application_id=application.pk, now=at(NOON))
    with pytest.raises(Refused):
        as_clerk(accepted, application)


@pytest.mark.req("RC-GEN-03")
def test_a_printer_is_registered_once(customer, as_clerk):
    first = sent(customer, printers(), service="remote-care")
    as_clerk(registration.take_over, application_id=first.pk, now=at(NOON))
    as_clerk(accepted, first)
    second = sent(customer, printers(), service="remote-care")
    as_clerk(registration.take_over, application_id=second.pk, now=at(NOON))
    with pytest.raises(Refused):
        as_clerk(accepted, second)


# ---- mimamori: through a seller, to a lent machine


@pytest.mark.req("MM-FLW-01", "MM-FLW-03", "MM-FLW-04", "MM-FLW-05")
def test_the_six_steps_of_watching(customer, world, as_clerk):
    application = selling.applied(world)
    assert application.state == "submitted"
    as_clerk(selling.forwarded, application)
    agreement = as_clerk(selling.accepted, application, now="2025-04-01 10:00")
    assert agreement.contract_start == date(2025, 4, 10)
    (parcel,) = Consignment.objects.filter(agreement=agreement)
    as_clerk(
        consignments.enter_unit,
        product_id=Product.objects.get(code="UTM-60").pk,
        serial="UTM0001",
        manufactured_on=date(2025, 1, 10),
    )
    with pytest.raises(Refused) as found:
        as_clerk(shipping.set_up, agreement_id=agreement.pk, at=at("2025-04-02 10:00"), now=at("2025-04-02 10:00"))
    assert "8.1" in found.value.clause
    as_clerk(shipping.ship, consignment_id=parcel.pk, unit_serial="UTM0001", carrier="赤帽", now=at("2025-04-03 10:00"))
    told = Message.objects.get(kind="agreement.parcel")
    for words in ("UTM0001", "赤帽", "東京都千代田区千代田0-0"):
        assert words in told.text
    as_clerk(
        shipping.arrived,
        consignment_id=parcel.pk,
        missing=[{"part": "LANケーブル", "state": "不足"}],
        now=at("2025-04-05 10:00"),
    )
    more = Consignment.objects.get(agreement=agreement, kind="parts")
    assert "LANケーブル" in more.what
    as_clerk(shipping.installed, agreement_id=agreement.pk, at=at("2025-04-06 10:30"), now=at("2025-04-06 10:30"))
    as_clerk(shipping.set_up, agreement_id=agreement.pk, at=at("2025-04-06 11:03"), now=at("2025-04-06 12:00"))
    agreement.refresh_from_db()
    assert agreement.initial_set_at == at("2025-04-06 11:03")
    assert agreement.device.serials.get().serial == "UTM0001"


@pytest.mark.req("MM-CND-02")
@pytest.mark.parametrize(
    ("kind", "acceptable"), [("company", True), ("organisation", True), ("sole_proprietor", False)]
)
def test_only_companies_and_organisations(customer, world, as_clerk, kind, acceptable):
    application = selling.applied(world, customer_kind=kind)
    as_clerk(selling.forwarded, application)
    if acceptable:
        assert as_clerk(selling.accepted, application, now="2025-04-01 10:00").state == "active"
    else:
        with pytest.raises(Refused):
            as_clerk(selling.accepted, application, now="2025-04-01 10:00")


@pytest.mark.req("MM-FLW-02")
@pytest.mark.parametrize("field", selling.APPLIED)
def test_an_application_without_a_mandatory_field_is_not_sent(customer, world, field):
    with pytest.raises(registration.Incomplete) as found:
        selling.applied(world, **{field: ""})
    assert field in {fault.field for _, fault in found.value.faults}
