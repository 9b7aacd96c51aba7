"""A seller brings its customer, applies for it, checks the payment, follows it; and sees its own customers only."""

from datetime import date

import pytest

from hoshu.accounts import Refused as NotAllowed
from hoshu.accounts import grants, organisations
from hoshu.accounts.models import Grant, HistoryEntry, Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, consignments, progress, queries
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import Agreement, Application, Consent, Product
from hoshu.flows import joining, registration, shipping
from hoshu.notifications.models import Message
from tests.contracts.cards import CONFIRMATIONS, at, licence, open_for_business, router, shipped
from tests.flows.registering import drafted
from tests.flows.selling import CONFIRMED, MANDATE, accepted, applied, forwarded, mimamori, paid
from tests.people import AOBA, HAYASHI, KATO, KONDO, MIDORI, MORI, SATO, SHIMIZU, TSUBASA, WAKABA

pytestmark = pytest.mark.django_db
MARCH_25 = date(2025, 3, 25)
ELSEWHERE = {
    "delivery_name": "山田 花子",
    "delivery_phone": "03-0000-1234",
    "delivery_postal_code": "100-0001",
    "delivery_address": "東京都千代田区千代田0-1",
}


@pytest.fixture(autouse=True)
def operator(acting):
    with acting(HAYASHI, on=MARCH_25):
        open_for_business()


@pytest.fixture
def seller(acting, operator):
    """Kondo, who sells to Aoba, works."""
    with acting(KONDO, on=MARCH_25) as actor:
        yield actor


@pytest.fixture
def also_midori(world, operator):
    """Aoba buys from Midori too."""
    with act_as(SYSTEM):
        grants.grant(
            grantee_id=world.organisations[MIDORI].pk, tenant_id=world.organisations[AOBA].pk, valid_from=MARCH_25
        )


def state(application):
    application.refresh_from_db()
    return application.state


def standing(application):
    application.refresh_from_db()
    found = progress.standings([application])[application.pk]
    return found.state, found.next, found.by


# ---- through whom


@pytest.mark.req("MM-SUP-03")
def test_the_service_is_applied_for_through_a_seller_only(world, acting):
    with acting(SATO, on=MARCH_25), pytest.raises(Refused, match="販売店を通して") as refused:
        mimamori(world, seller=None)
    assert refused.value.clause == "5.2"
    assert not Application.objects.exists()


@pytest.mark.req("MM-SUP-03", "MM-DOC-08")
def test_only_through_a_seller_of_this_customer(world, acting):
    with acting(SATO, on=MARCH_25):
        with pytest.raises(Refused, match="担当する販売店"):
            mimamori(world, seller=MIDORI)
        assert [one.name for one in registration.sellers(tenant_id=world.tenant(SATO), now=at("2025-03-25 10:00"))] == [
            TSUBASA
        ]
        assert mimamori(world).reseller_id == world.organisations[TSUBASA].pk


@pytest.mark.req("MM-SUP-03")
def test_a_seller_whose_time_has_not_come_takes_no_application(world, acting):
    with act_as(SYSTEM):
        midori, aoba = world.organisations[MIDORI].pk, world.organisations[AOBA].pk
        grants.grant(grantee_id=midori, tenant_id=aoba, valid_from=date(2025, 4, 1))
    with acting(SATO, on=MARCH_25):
        with pytest.raises(Refused, match="担当する販売店"):
            mimamori(world, seller=MIDORI, now="2025-03-31 23:59")
        assert mimamori(world, seller=MIDORI, now="2025-04-01 00:00").reseller_id == midori


# ---- the mandate


@pytest.mark.req("SP-REG-06", "MM-FLW-02")
def test_who_applies_for_a_customer_says_by_what_authority(world, seller):
    draft = mimamori(world)
    with pytest.raises(registration.Incomplete) as stopped:
        registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=" ", now=at("2025-03-25 10:00"))
    assert stopped.value.unconfirmed == [registration.MANDATE]
    assert state(draft) == "draft"
    registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-25 10:00"))
    for consent in Consent.objects.filter(application=draft):
        assert (consent.person, consent.mandate) == ("近藤 恵", MANDATE)
        assert consent.application.reseller_id == world.organisations[TSUBASA].pk
        assert consent.tenant_id == world.organisations[AOBA].pk
    assert {*Consent.objects.values_list("item", flat=True)} == {*CONFIRMED}


@pytest.mark.req("SP-REG-06")
def test_a_seller_who_sends_its_customers_draft_stands_in_it(world, acting):
    with acting(HAYASHI, on=date(2025, 6, 1)):
        licence()
        shipped(router())
    with acting(SATO, on=date(2025, 6, 1)):
        draft = drafted(world)
    with acting(KONDO, on=date(2025, 6, 1)):
        registration.submit(
            application_id=draft.pk, confirmed=CONFIRMATIONS, mandate=MANDATE, now=at("2025-06-01 10:30")
        )
        draft.refresh_from_db()
        assert draft.reseller_id == world.organisations[TSUBASA].pk


def test_a_customer_needs_no_mandate(world, acting):
    with acting(SATO, on=MARCH_25):
        application = applied(world, mandate="")
        assert {*Consent.objects.values_list("person", "mandate")} == {("佐藤 花子", "")}
        assert state(application) == "submitted"


# ---- ② contents and payment


@pytest.mark.req("MM-FLW-03")
@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({}, "入金の確認が済んでいない"),
        ({"payment": "open"}, "入金の確認が済んでいない"),
        ({"payment": "confirmed"}, "入金を確認した日を入力"),
        ({"payment": "confirmed", "payment_confirmed_on": "2025/3/29"}, "未来"),
        ({"payment": "deferred"}, "後払いとする理由を入力"),
    ],
)
def test_without_a_confirmed_payment_nothing_is_forwarded(world, seller, stated, says):
    application = applied(world)
    paid(application, **stated or {"product": "見守りパック"})
    with pytest.raises(Refused, match=says) as refused:
        registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))
    assert refused.value.clause == "8.1 ②"
    assert state(application) == "submitted"


@pytest.mark.req("MM-FLW-03")
@pytest.mark.parametrize(
    "stated",
    [
        {"payment": "confirmed", "payment_confirmed_on": "2025/3/28"},
        {"payment": "deferred", "deferral_reason": "月末締めの請求書払い"},
    ],
)
def test_confirmed_on_the_day_itself_or_to_follow_for_a_reason_is_forwarded(world, seller, stated):
    application = applied(world)
    paid(application, **stated)
    registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))
    assert state(application) == "received"
    assert application.received_at == at("2025-03-28 10:00")


@pytest.mark.req("MM-BIL-02")
def test_the_day_agreed_with_the_customer_is_stated_before_it_is_forwarded(world, seller):
    application = applied(world)
    paid(application, payment="confirmed", payment_confirmed_on="2025/3/27", contract_start="")
    with pytest.raises(Refused, match="契約開始日を入力"):
        registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))


@pytest.mark.req("MM-CND-02", "MM-CND-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer_kind": "sole_proprietor"}, "customer_kind_unclear"),
        ({**ELSEWHERE, "delivery_company": "みどり製作所"}, "delivery_name_differs"),
    ],
)
def test_what_only_the_seller_can_tell_is_forwarded_with_its_finding(world, seller, changes, code):
    application = applied(world, **changes)
    with pytest.raises(Refused, match="確かめた内容を入力") as refused:
        forwarded(application)
    assert refused.value.clause == "7.2"
    assert state(application) == "submitted"
    registration.take_over(
        application_id=application.pk, reasons={code: "屋号で営む団体と確かめた"}, now=at("2025-03-28 10:00")
    )
    assert "屋号で営む団体と確かめた" in application.events.get(state="received").note


def test_a_clerk_who_takes_it_in_decides_such_points_at_the_acceptance(world, seller, acting):
    application = applied(world, customer_kind="sole_proprietor")
    paid(application)
    with acting(HAYASHI, on=date(2025, 3, 28)):
        registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))
        with pytest.raises(Refused, match="個人事業主"):
            accepted(application)
        reasons = {"customer_kind_unclear": "団体と確かめた"}
        registration.accept(
            application_id=application.pk, customer_id=None, reasons=reasons, now=at("2025-04-01 10:00")
        )
    assert state(application) == "completed"


@pytest.mark.req("MM-CND-02")
def test_an_individual_cannot_be_entered(world, seller):
    draft = mimamori(world, customer_kind="individual")
    with pytest.raises(registration.Incomplete) as stopped:
        registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-25 10:00"))
    assert [fault.field for _, fault in stopped.value.faults] == ["customer_kind"]
    assert draft.entries["contact_name"] == "佐藤 花子"


@pytest.mark.req("MM-CND-21")
@pytest.mark.parametrize(("planned", "suggested"), [("100", ""), ("101", "2台"), ("250", "3台")])
def test_more_machines_than_one_serves_are_pointed_out_and_stop_nothing(world, seller, planned, suggested):
    application = applied(world, machines_planned=planned)
    notes = [fault.message for fault in assess(application, now=at("2025-03-25 10:00")).form.faults]
    assert [suggested in note for note in notes] == ([True] if suggested else [])
    assert state(application) == "submitted"


@pytest.mark.req("MM-CND-21")
@pytest.mark.parametrize("planned", ["-1", "たくさん"])
def test_no_number_of_machines_is_refused_and_kept(world, seller, planned):
    draft = mimamori(world, machines_planned=planned)
    with pytest.raises(registration.Incomplete):
        registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-25 10:00"))
    assert draft.entries["machines_planned"] == planned


# ---- what is agreed to, and checked, before anything is sent


@pytest.mark.req("MM-OVR-06")
@pytest.mark.parametrize(
    ("checked", "by", "faulty"),
    [
        ("2025/3/20", "佐藤 花子", []),
        ("2025/3/21", "佐藤 花子", ["installable_checked_on"]),
        ("", "", ["installable_checked_on", "installable_checked_by"]),
        ("2025/3/20", "", ["installable_checked_by"]),
    ],
)
def test_the_customer_has_checked_before_that_a_machine_can_be_installed(world, seller, checked, by, faulty):
    draft = mimamori(
        world, now="2025-03-20 10:00", installable_checked_on=checked, installable_checked_by=by, contact_title="部長"
    )
    send = {"application_id": draft.pk, "confirmed": CONFIRMED, "mandate": MANDATE, "now": at("2025-03-20 10:00")}
    if not faulty:
        assert registration.submit(**send).state == "submitted"
        return
    with pytest.raises(registration.Incomplete) as stopped:
        registration.submit(**send)
    assert [(fault.field, fault.clause) for _, fault in stopped.value.faults] == [(one, "第2章 ※2") for one in faulty]
    assert (state(draft), draft.entries["contact_title"]) == ("draft", "部長")
    assert draft.entries["installable_checked_on"] == checked


@pytest.mark.parametrize(
    ("item", "clause", "words"),
    [
        pytest.param("definition_files", "第2章 ※1", "定義ファイル", marks=pytest.mark.req("MM-OVR-05")),
        pytest.param("installability", "第2章 ※2", "設置できるか", marks=pytest.mark.req("MM-OVR-06")),
        pytest.param("sending", "7.12", "通信の内容", marks=pytest.mark.req("MM-CND-11")),
        pytest.param("chapter_7", "第7章", "第7章", marks=pytest.mark.req("MM-CND-01")),
    ],
)
def test_each_consent_is_stored_with_the_application_and_none_is_spared(world, seller, item, clause, words):
    draft = mimamori(world)
    others = [one for one in CONFIRMED if one != item]
    with pytest.raises(registration.Incomplete) as stopped:
        registration.submit(application_id=draft.pk, confirmed=others, mandate=MANDATE, now=at("2025-03-25 10:00"))
    assert stopped.value.unconfirmed == [item]
    assert (state(draft), Consent.objects.count()) == ("draft", 0)
    registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-28 10:01"))
    kept = Consent.objects.get(application=draft, item=item)
    assert words in kept.text
    assert (kept.clauses[0], kept.edition, kept.at) == (clause, "2020-03", at("2025-03-28 10:01"))


# ---- a cancelled payment


@pytest.mark.req("MM-FLW-03")
def test_a_cancelled_payment_brings_the_form_back_to_the_seller(world, seller, acting):
    application = forwarded(applied(world))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        registration.begin_check(application_id=application.pk, now=at("2025-04-01 09:00"))
    registration.cancel_payment(application_id=application.pk, reason="振込の組戻し", now=at("2025-04-01 10:00"))
    assert state(application) == "submitted"
    assert (application.received_at, application.entries["payment"]) == (None, "open")
    assert "payment_confirmed_on" not in application.entries
    assert standing(application) == ("申込済", "内容と入金を確かめる", "販売店")
    assert "振込の組戻し" in application.events.last().note
    with acting(HAYASHI, on=date(2025, 4, 1)), pytest.raises(Refused):
        accepted(application)
    with pytest.raises(Refused, match="入金の確認が済んでいない"):
        registration.take_over(application_id=application.pk, now=at("2025-04-01 11:00"))
    forwarded(application, now="2025-04-02 10:00")
    assert state(application) == "received"


@pytest.mark.req("MM-FLW-03")
def test_or_it_is_withdrawn_with_a_reason_that_the_customer_reads(world, seller, acting):
    application = forwarded(applied(world))
    registration.cancel_payment(application_id=application.pk, reason="振込の組戻し", now=at("2025-04-01 10:00"))
    with pytest.raises(Refused, match="取り下げる理由"):
        registration.withdraw(application_id=application.pk, reason=" ", now=at("2025-04-01 10:05"))
    registration.withdraw(application_id=application.pk, reason="ご入金がなかったため", now=at("2025-04-01 10:05"))
    with acting(SATO, on=date(2025, 4, 1)):
        assert queries.applications().get().reason == "ご入金がなかったため"


@pytest.mark.req("MM-FLW-03")
def test_after_the_acceptance_nothing_is_shipped_on_a_cancelled_payment(world, seller, acting):
    application = forwarded(applied(world))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        agreement = accepted(application)
        machine("ZA0001")
    registration.cancel_payment(application_id=application.pk, reason="引落し不能", now=at("2025-04-02 10:00"))
    parcel = agreement.consignments.get()
    with acting(HAYASHI, on=date(2025, 4, 3)):
        with pytest.raises(Refused, match="入金の確認が取り消されている") as refused:
            shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0001", now=at("2025-04-03 10:00"))
        assert refused.value.clause == "8.1 ②"
        assert state(application) == "completed"


@pytest.mark.req("MM-FLW-03")
def test_what_has_left_is_not_called_back_by_the_payment(world, seller, acting):
    application = forwarded(applied(world))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        agreement = accepted(application)
        machine("ZA0001")
        shipping.ship(consignment_id=agreement.consignments.get().pk, unit_serial="ZA0001", now=at("2025-04-03 10:00"))
    with pytest.raises(Refused, match="すでに発送"):
        registration.cancel_payment(application_id=application.pk, reason="組戻し", now=at("2025-04-04 10:00"))


@pytest.mark.req("MM-FLW-03")
def test_only_a_confirmed_payment_is_cancelled_with_a_reason_and_not_by_the_customer(world, seller, acting):
    application = applied(world)
    how = {"application_id": application.pk, "now": at("2025-03-28 10:00")}
    with pytest.raises(Refused, match="まだ確認されていません"):
        registration.cancel_payment(reason="組戻し", **how)
    paid(application)
    with pytest.raises(Refused, match="理由を入力"):
        registration.cancel_payment(reason="", **how)
    with acting(SATO, on=MARCH_25), pytest.raises(Refused, match="販売店が行います"):
        registration.cancel_payment(reason="組戻し", **how)
    registration.cancel_payment(reason="組戻し", **how)
    assert (state(application), application.entries["payment"]) == ("submitted", "open")


def test_the_payment_of_another_service_is_nobodys_matter(world, seller):
    with pytest.raises(Refused, match="入金を確かめる手続きがありません"):
        registration.cancel_payment(application_id=drafted(world).pk, reason="組戻し", now=at("2025-06-01 10:00"))


def machine(serial):
    product = Product.objects.create(service="mimamori", name="ZA-SA3500G/N", code="ZA-SA3500G")
    consignments.enter_unit(product_id=product.pk, serial=serial, manufactured_on=None)


# ---- where it stands


@pytest.mark.req("MM-FLW-01", "MM-FLW-05", "MM-FLW-06")
def test_the_seller_reads_each_step_and_whose_turn_it_is(world, seller, acting):
    draft = mimamori(world)
    assert standing(draft) == ("下書き", "続きを入力して、送信する", "販売店")
    application = registration.submit(
        application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-25 10:00")
    )
    assert standing(application) == ("申込済", "内容と入金を確かめる", "販売店")
    registration.send_back(application_id=application.pk, reason="住所の番地", now=at("2025-03-26 10:00"))
    assert standing(application) == ("差戻し", "差戻しの内容を直して、もう一度送信する", "販売店")
    registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-03-26 11:00"))
    paid(application)
    assert standing(application) == ("申込済", "申請に進める", "販売店")
    registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))
    assert standing(application) == ("ポータル申込済", "内容を確かめて、決める", "提供者")
    with acting(HAYASHI, on=date(2025, 4, 1)):
        agreement = accepted(application)
        machine("ZA0001")
    assert standing(application) == ("受理", "UTM装置の発送", "提供者")
    with acting(HAYASHI, on=date(2025, 4, 3)):
        parcel = agreement.consignments.get()
        shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0001", now=at("2025-04-03 10:00"))
    assert standing(application) == ("UTM装置の発送 済", "UTM装置の受領", "お客様")
    with acting(SATO, on=date(2025, 4, 6)):
        shipping.arrived(consignment_id=parcel.pk, now=at("2025-04-05 10:00"))
        shipping.installed(agreement_id=agreement.pk, at=at("2025-04-06 10:30"), now=at("2025-04-06 10:30"))
    assert standing(application) == ("設置 済", "初期設定（情報提供の開始）", "お客様")
    with acting(HAYASHI, on=date(2025, 4, 6)):
        shipping.set_up(agreement_id=agreement.pk, at=at("2025-04-06 11:03"), now=at("2025-04-06 11:03"))
    assert standing(application) == ("初期設定（情報提供の開始） 済", "", "")


def test_what_a_customer_began_is_the_customers_to_correct(world, acting):
    with acting(SATO, on=MARCH_25):
        assert standing(mimamori(world)) == ("下書き", "続きを入力して、送信する", "お客様")


@pytest.mark.req("MM-FLW-06")
def test_where_many_stand_is_asked_at_once(world, seller, django_assert_max_num_queries):
    for _ in range(5):
        forwarded(applied(world))
    found = list(queries.applications().select_related("created_by"))
    with django_assert_max_num_queries(2):
        assert len(progress.standings(found)) == 5


# ---- whose


@pytest.mark.req("MM-DOC-08", "MM-FLW-06")
def test_what_a_customer_does_through_another_seller_is_not_found(world, acting, also_midori):
    with acting(KONDO, on=MARCH_25):
        ours = forwarded(applied(world))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        accepted(ours)
    with acting(SHIMIZU, on=MARCH_25):
        assert not queries.applications().exists()
        assert not queries.agreements().exists()
        for step in (
            lambda: registration.take_over(application_id=ours.pk, now=at("2025-03-28 10:00")),
            lambda: registration.send_back(application_id=ours.pk, reason="×", now=at("2025-03-28 10:00")),
            lambda: registration.withdraw(application_id=ours.pk, reason="×", now=at("2025-03-28 10:00")),
            lambda: registration.cancel_payment(application_id=ours.pk, reason="×", now=at("2025-03-28 10:00")),
        ):
            with pytest.raises(Application.DoesNotExist):
                step()
    for person in (KONDO, SATO, HAYASHI):
        with acting(person, on=date(2025, 4, 1)):
            assert (queries.applications().count(), queries.agreements().count()) == (1, 1)


@pytest.mark.req("MM-DOC-08")
def test_the_day_after_the_grant_the_seller_sees_nothing_more(world, acting):
    with acting(KONDO, on=MARCH_25):
        application = forwarded(applied(world))
    with act_as(SYSTEM):
        given = Grant.objects.get(grantee=world.organisations[TSUBASA])
        grants.end_grant(grant_id=given.pk, last_day=date(2025, 3, 31))
    with acting(KONDO, on=date(2025, 3, 31)):
        assert queries.applications().get() == application
    with acting(KONDO, on=date(2025, 4, 1)):
        assert not queries.applications().exists()
        assert not Message.objects.exists()
        assert organisations.get(world.organisations[AOBA].pk) is None
        with pytest.raises(Application.DoesNotExist):
            registration.cancel_payment(application_id=application.pk, reason="×", now=at("2025-04-01 10:00"))
        with pytest.raises(Refused, match="担当する販売店"):
            mimamori(world, now="2025-04-01 10:00")


# ---- a new customer


@pytest.mark.req("MM-SUP-03", "SP-REG-06")
def test_a_seller_brings_a_new_customer_and_applies_for_it(world, seller, acting):
    brought = bring()
    assert organisations.get(brought.pk) is None  # from the next request on
    with acting(KONDO, on=MARCH_25):
        assert organisations.get(brought.pk).name == "みどり製作所株式会社"
        application = applied(world, tenant=brought.pk)
        assert application.tenant_id == brought.pk
    with acting(SHIMIZU, on=MARCH_25):
        assert organisations.get(brought.pk) is None
    with act_as(SYSTEM):
        kept = Grant.objects.get(tenant=brought)
        assert (kept.grantee.name, kept.valid_from, kept.valid_until) == (TSUBASA, MARCH_25, None)
        assert HistoryEntry.objects.filter(table="accounts_grant", actor__startswith="近藤 恵").exists()


@pytest.mark.req("MM-DOC-08")
def test_naming_a_known_firm_reveals_nothing_of_it(world, seller):
    """The same answer as for a firm that nobody knows, and no sight of the one there is."""
    brought = bring(name=WAKABA, phone="03-0000-0001")
    assert brought.pk != world.organisations[WAKABA].pk
    with act_as(SYSTEM):
        assert not Grant.objects.filter(tenant=world.organisations[WAKABA]).exists()
        assert Organisation.objects.filter(name=WAKABA).count() == 2


def test_one_of_ones_own_customers_is_not_entered_twice(world, seller):
    with pytest.raises(NotAllowed, match="すでに登録されています"):
        bring(name="青葉商事（株）")


@pytest.mark.parametrize("person", [SATO, HAYASHI])
def test_only_a_seller_brings_customers(world, acting, person):
    with acting(person, on=MARCH_25), pytest.raises(NotAllowed):
        bring()


@pytest.mark.req("MM-DOC-08")
def test_a_clerk_joins_two_entries_of_one_customer(world, seller, acting):
    brought = bring(name=WAKABA)
    known = world.organisations[WAKABA]
    with acting(KONDO, on=MARCH_25):
        application = applied(world, tenant=brought.pk)
    with acting(HAYASHI, on=MARCH_25):
        joining.same_customer(entered_id=brought.pk, known_id=known.pk, now=at("2025-03-26 10:00"))
        application.refresh_from_db()
        assert application.tenant_id == known.pk
        assert {*application.consents.values_list("tenant_id", flat=True)} == {known.pk}
        assert {*Message.objects.filter(about=application.number).values_list("tenant_id", flat=True)} == {known.pk}
        assert not Organisation.objects.filter(pk=brought.pk).exists()
    with acting(KONDO, on=date(2025, 3, 26)):
        assert queries.applications().get() == application
    with acting(KATO, on=date(2025, 3, 26)):
        assert queries.applications().get() == application


def test_other_names_and_entries_with_a_life_of_their_own_stay_apart(world, seller, acting):
    brought = bring(name=WAKABA)
    with acting(KONDO, on=MARCH_25):
        application = forwarded(applied(world, tenant=brought.pk))
    with acting(HAYASHI, on=date(2025, 4, 1)):
        for other in (world.organisations[AOBA].pk, brought.pk, world.organisations[TSUBASA].pk):
            with pytest.raises(NotAllowed, match="同じ名称"):
                joining.same_customer(entered_id=brought.pk, known_id=other, now=at("2025-04-01 09:00"))
        accepted(application)
        with pytest.raises(NotAllowed, match="まとめられません"):
            joining.same_customer(
                entered_id=brought.pk, known_id=world.organisations[WAKABA].pk, now=at("2025-04-01 11:00")
            )
        application.refresh_from_db()
        assert application.tenant_id == brought.pk
        assert Agreement.objects.get().tenant_id == brought.pk


def test_whoever_sees_the_known_customer_already_goes_on(world, acting):
    aoba, midori = world.organisations[AOBA].pk, world.organisations[MIDORI].pk
    with acting(SHIMIZU, on=MARCH_25):
        brought = bring(name=AOBA)
    with act_as(SYSTEM):
        grants.grant(grantee_id=midori, tenant_id=aoba, valid_from=MARCH_25)
    with acting(MORI, on=MARCH_25):
        joining.same_customer(entered_id=brought.pk, known_id=aoba, now=at("2025-03-26 10:00"))
        assert Grant.objects.filter(grantee=midori, tenant=aoba).count() == 1


def bring(*, name="みどり製作所株式会社", phone="03-0000-1234"):
    return joining.bring_customer(name=name, kana="ミドリセイサクショ", phone=phone, now=at("2025-03-25 09:00"))
