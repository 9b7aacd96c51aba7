"""What is sold and in stock, for every service: articles, licences and packs, models, deadlines from the right day."""

from datetime import date

import pytest

from hoshu import catalog
from hoshu.contracts import Refused, queries, shelf, stock
from hoshu.contracts.form import services_with_licence
from hoshu.contracts.models import Licence
from tests.contracts.cards import FAMILY, licence, open_for_business, router
from tests.flows.registering import JUNE_1, arrived, known_scans, shop  # noqa: F401  (fixtures)
from tests.people import HAYASHI, SATO, TSUBASA, WAKABA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI, on=JUNE_1) as actor:
        yield actor


def pack(card_serial="P2600001", **facts):
    facts = {"service": "video", "plan": "9x5-5y", "seller": "つばさ販売", **facts}
    return stock.enter_licence(card_serial=card_serial, **facts)


def article(sku="NH-VA-5", **facts):
    return stock.enter_article(**{"service": "video", "sku": sku, "name": "映像 5年", "plan": "9x5-5y"} | facts)


# -- articles


@pytest.mark.req("VA-REG-21", "SP-PRE-02")
@pytest.mark.parametrize(
    ("service", "plan", "years"), [("ix", "5d-3y", 3), ("video", "24x7-7y", 7), ("supportpack", "6y", 6)]
)
def test_an_article_gives_a_right_to_a_plan_of_its_service(clerk, service, plan, years):
    family = FAMILY if service == "ix" else ""
    kept = article(service=service, plan=plan, family=family, price_yen=48_000)
    sold = stock.enter_licence(article_id=kept.pk, card_serial="Z1")
    assert (sold.service, sold.plan, sold.family, sold.price_yen) == (service, plan, family, 48_000)
    assert catalog.editions(service)[-1].plan_of(sold.plan).years == years


@pytest.mark.parametrize("again", ["nh-va-5", " ＮＨ－ＶＡ－５ "])
def test_the_number_of_an_article_is_unique_however_it_is_typed(clerk, again):
    article()
    with pytest.raises(Refused, match="すでに使われています"):
        article(again)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"plan": "2y"}, "プラン"),
        ({"service": "mimamori"}, "サービス"),
        ({"service": "ix", "plan": "5d-3y"}, "製品区分"),
        ({"sku": " "}, "商品番号"),
        ({"name": ""}, "商品名"),
    ],
)
def test_an_article_that_says_too_little_is_refused(clerk, wrong, said):
    with pytest.raises(Refused, match=said):
        article(**wrong)


def test_a_new_price_is_for_what_is_sold_from_now_on(clerk):
    kept = article(price_yen=48_000)
    before = pack("P1", article_id=kept.pk)
    stock.change_article(article_id=kept.pk, name="映像 5年", price_yen=52_000)
    assert pack("P2", article_id=kept.pk).price_yen == 52_000
    assert pack("P3", article_id=kept.pk, price_yen=1).price_yen == 1
    before.refresh_from_db()
    assert before.price_yen == 48_000


def test_a_withdrawn_article_is_no_longer_offered_nor_sold(clerk):
    kept = article(sold_until=date(2025, 5, 31))
    assert list(shelf.articles(offered_on=date(2025, 5, 31))) == [kept]
    assert list(shelf.articles(offered_on=date(2025, 6, 1))) == []
    assert pack("P1", article_id=kept.pk, sold_on=date(2025, 5, 31))
    with pytest.raises(Refused, match="販売は終わっています"):
        pack("P2", article_id=kept.pk, sold_on=date(2025, 6, 1))
    with pytest.raises(Refused, match="販売は終わっています"):
        stock.record_sale(
            licence_id=Licence.objects.get(card_serial="P1").pk, seller="", reseller_id=None, sold_on=date(2025, 6, 1)
        )


def test_articles_tell_how_many_of_them_are_left(clerk):
    kept = article()
    pack("P1", article_id=kept.pk)
    used = pack("P2", article_id=kept.pk)
    Licence.objects.filter(pk=used.pk).update(state=Licence.State.USED)
    (shown,) = shelf.articles(service="video")
    assert (shown.unused, shown.in_all) == (1, 2)


# -- licences and packs


@pytest.mark.req("IX-REG-10", "IX-GEN-08")
def test_only_a_card_with_a_printed_deadline_has_one_and_only_ix_knows_families(clerk):
    assert licence("L9", card_deadline=date(2025, 6, 30)).card_deadline == date(2025, 6, 30)
    kept = pack(family=FAMILY)
    assert (kept.family, kept.card_deadline) == ("", None)
    with pytest.raises(Refused, match="期限の印字はありません"):
        pack("P2", card_deadline=date(2025, 6, 30))
    with pytest.raises(Refused, match="期限の印字はありません"):
        stock.complete_licence(licence_id=kept.pk, card_deadline=date(2025, 6, 30))


@pytest.mark.req("VA-REG-21", "IX-CARD-00")
@pytest.mark.parametrize("written", ["", "P 1/2", "番号1", "P" * 41])
def test_a_number_that_nobody_can_type_again_is_refused(clerk, written):
    with pytest.raises(Refused, match="英字と数字"):
        pack(written)


def test_one_number_is_issued_once_among_all_services(clerk):
    pack("P2600001")
    for service, plan in (("video", "9x5-5y"), ("supportpack", "5y")):
        with pytest.raises(Refused, match="すでに登録されています"):
            pack("ｐ-2600001", service=service, plan=plan)


def test_a_reseller_is_linked_and_named_as_it_is_called_today(clerk, world):
    tsubasa = world.organisations[TSUBASA].pk
    kept = pack("P1", seller="", reseller_id=tsubasa)
    other = pack("P2", seller="はやぶさ電機")
    assert kept.seller == TSUBASA
    assert {*shelf.sellers(service="video")} == {TSUBASA, "はやぶさ電機"}
    assert list(shelf.licences(chosen=shelf.Chosen(seller=TSUBASA))) == [kept]
    stock.record_sale(licence_id=other.pk, seller="", reseller_id=tsubasa, sold_on=date(2025, 6, 1))
    assert {*shelf.licences(chosen=shelf.Chosen(seller=TSUBASA))} == {kept, other}


@pytest.mark.parametrize("who", [WAKABA, None])
def test_only_a_reseller_can_be_the_reseller(clerk, world, who):
    with pytest.raises(Refused, match="販売店"):
        pack(reseller_id=world.organisations[who].pk if who else 987_654)


# -- deadlines


@pytest.mark.req("VA-REG-02", "SP-REG-02", "IX-REG-08")
@pytest.mark.parametrize(
    ("service", "sold_on", "last"),
    [
        ("video", date(2025, 12, 15), "2026-01-14"),
        ("video", date(2025, 1, 31), "2025-03-02"),
        ("video", date(2024, 1, 31), "2024-03-01"),
        ("supportpack", date(2025, 4, 1), "2025-05-01"),
        ("supportpack", date(2025, 2, 28), "2025-03-30"),
        ("ix", date(2025, 8, 20), "2025-09-19"),
    ],
)
def test_the_time_to_register_is_counted_from_the_sale_by_the_terms(clerk, service, sold_on, last):
    plan = catalog.editions(service)[-1].plan[0].id
    kept = stock.enter_licence(
        service=service, family=FAMILY, plan=plan, card_serial="Z1", sold_on=sold_on, card_deadline=None
    )
    found = shelf.time_left(service=service, sold_on=kept.sold_on, today=sold_on)
    assert found.values["apply_by"] == last
    day = date.fromisoformat(last)
    late = shelf.OVERDUE
    assert list(shelf.licences(state=late, today=day)) == []
    assert list(shelf.licences(state=late, today=date.fromordinal(day.toordinal() + 1))) == [kept]


def test_without_a_day_of_sale_nothing_is_counted(clerk):
    pack()
    assert list(shelf.licences(state=shelf.OVERDUE, today=date(2099, 1, 1))) == []


@pytest.mark.req("IX-REG-10")
def test_the_printed_deadline_is_a_second_date(clerk):
    kept = licence("L9", card_deadline=date(2025, 6, 30), sold_on=date(2025, 6, 20))
    assert list(shelf.licences(state=shelf.OVERDUE, today=date(2025, 6, 30))) == []
    assert list(shelf.licences(state=shelf.OVERDUE, today=date(2025, 7, 1))) == [kept]


def test_what_is_applied_for_is_not_overdue(shop, clerk):  # noqa: F811
    arrived()
    assert list(shelf.licences(state=shelf.OVERDUE, today=date(2027, 1, 1))) == []


def test_the_counts_are_those_of_the_lists(clerk):
    licence("L9", card_deadline=date(2025, 5, 31))
    for nth, state in enumerate(Licence.State):
        Licence.objects.filter(pk=pack(f"P{nth}").pk).update(state=state)
    for chosen in (shelf.Chosen(), shelf.Chosen(service="video"), shelf.Chosen(plan="5d-3y"), shelf.Chosen(text="p1")):
        counted = shelf.counts(chosen=chosen, today=JUNE_1)
        assert counted == {state: shelf.licences(chosen=chosen, state=state, today=JUNE_1).count() for state in counted}
    assert shelf.counts(today=JUNE_1)[shelf.OVERDUE] == 1


def test_customers_do_not_see_the_stock(clerk, acting):
    pack()
    with acting(SATO, on=JUNE_1):
        assert shelf.counts(today=JUNE_1)[""] == 0
        assert list(shelf.licences()) == []


# -- models


@pytest.mark.req("IX-COV-05", "VA-TRM-03", "SP-TRM-03")
def test_every_day_of_a_model_that_an_edition_reads_can_be_entered(clerk):
    read = {service: queries.dates_read(catalog.editions(service)[-1]) for service in services_with_licence()}
    assert read == {
        "ix": ("end_of_sale", "support_limit", "kit_sales_stopped"),
        "supportpack": ("parts_until",),
        "video": ("production_ended",),
    }
    kept = stock.enter_product(service="video", name="録画装置", code="N8100-1")
    stock.end_product(product_id=kept.pk, production_ended=date(2025, 9, 30))
    stock.end_product(product_id=kept.pk, parts_until=date(2030, 9, 30))
    kept.refresh_from_db()
    assert (kept.production_ended, kept.parts_until) == (date(2025, 9, 30), date(2030, 9, 30))


def test_days_of_a_model_follow_each_other(clerk):
    kept = stock.enter_product(service="supportpack", name="サーバ", code="N8100-2")
    with pytest.raises(Refused, match="保有期限は生産終了日より前") as refused:
        stock.end_product(product_id=kept.pk, production_ended=date(2025, 9, 30), parts_until=date(2025, 9, 29))
    assert refused.value.clause == "第3条 (3)"
    with pytest.raises(TypeError):
        stock.end_product(product_id=kept.pk, sold=date(2025, 9, 30))


def test_a_code_that_no_address_can_hold_is_refused(clerk):
    open_for_business()
    for code in ("R/1", "R／1"):
        with pytest.raises(Refused, match="「/」"):
            router(code)
