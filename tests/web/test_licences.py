"""Packs as products on the console: articles, stock, sale, return, numbers, models, with real requests."""

from datetime import date

import pytest
from django.urls import reverse

from hoshu.contracts import numbers, shelf, stock
from hoshu.contracts.models import Article, Licence, LicenceReturn, Product, Suspicion
from tests.contracts.cards import FAMILY, at, card, licence, open_for_business, router, shipped
from tests.flows.registering import accepted, arrived, checked, known_scans  # noqa: F401  (fixture)
from tests.people import HAYASHI, ITO, MORI, NISHI, TSUBASA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2026-01-20 10:00")


@pytest.fixture
def clerk(acting, login, time_machine):
    """Hayashi's browser on 20 January 2026, at a firm that provides every service."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
    return login(HAYASHI)


@pytest.fixture
def hayashi(clerk, acting):
    with acting(HAYASHI, on=NOW.date()) as actor:
        yield actor


def url(name, *args, **query):
    return reverse(f"console:{name}", args=args, query=query)


def text(response):
    return response.content.decode()


def pack(card_serial="P2600001", **facts):
    return stock.enter_licence(card_serial=card_serial, **{"service": "video", "plan": "9x5-5y"} | facts)


ARTICLE = {"sku": "NH-VA-5", "name": "映像 5年", "plan": "9x5-5y", "price_yen": "180000", "supported_os": "Server 0"}


# -- articles


@pytest.mark.req("VA-REG-21")
def test_an_article_is_entered_offered_and_withdrawn(clerk, hayashi):
    made = clerk.post(url("article_new", service="video"), ARTICLE)
    (kept,) = Article.objects.all()
    assert made.headers["Location"] == url("article", kept.pk)
    page = text(clerk.get(url("article", kept.pk)))
    for shown in ("NH-VA-5", "月～金 9時間対応 ５年", "5年", "180,000円", "Server 0", "販売中"):
        assert shown in page
    assert "NH-VA-5" in text(clerk.get(url("licence_new", service="video")))
    assert "NH-VA-5" not in text(clerk.get(url("licence_new", service="supportpack")))
    changed = {"name": "映像 5年", "price_yen": "190000", "supported_os": "", "sold_until": "2026/1/19"}
    clerk.post(url("article", kept.pk), changed)
    assert "販売終了" in text(clerk.get(url("articles")))
    assert "190,000円" in text(clerk.get(url("articles", service="video")))
    assert "NH-VA-5" not in text(clerk.get(url("licence_new", service="video")))


def test_a_second_article_of_a_number_is_refused_and_nothing_typed_is_lost(clerk, hayashi):
    clerk.post(url("article_new", service="video"), ARTICLE)
    again = clerk.post(url("article_new", service="video"), ARTICLE | {"sku": "nh-va-5", "name": "別の商品"})
    assert again.status_code == 422
    assert "すでに使われています" in text(again)
    assert "別の商品" in text(again)
    assert Article.objects.count() == 1


@pytest.mark.parametrize("price", ["-1", "1.5", "千円", "99999999999"])
def test_a_price_is_a_whole_number_of_yen(clerk, hayashi, price):
    assert clerk.post(url("article_new", service="video"), ARTICLE | {"price_yen": price}).status_code == 422
    assert not Article.objects.exists()


# -- stock


@pytest.mark.parametrize(
    ("service", "asked", "spared"),
    [
        ("ix", ("シリアル No.", "製品区分", "お手続期限", "オプション欄"), ()),
        ("video", ("製品シリアル番号",), ("製品区分", "お手続期限", "オプション欄")),
        ("supportpack", ("製品シリアル番号",), ("製品区分", "お手続期限", "オプション欄")),
    ],
)
@pytest.mark.req("IX-REG-10", "IX-GEN-08")
def test_the_form_asks_what_the_card_of_the_service_holds(clerk, service, asked, spared):
    page = text(clerk.get(url("licence_new", service=service)))
    assert all(label in page for label in asked)
    assert not any(label in page for label in spared)


@pytest.mark.req("VA-REG-21")
def test_a_pack_is_entered_by_its_article_and_linked_to_its_reseller(clerk, hayashi, world):
    clerk.post(url("article_new", service="video"), ARTICLE)
    tsubasa = world.organisations[TSUBASA].pk
    sent = {
        "card_serial": "ｐ-2600001",
        "article": Article.objects.get().pk,
        "reseller": tsubasa,
        "sold_on": "2025/12/15",
    }
    made = clerk.post(url("licence_new", service="video"), sent)
    kept = Licence.objects.get()
    assert made.headers["Location"] == url("licence", "P2600001")
    assert (kept.service, kept.plan, kept.price_yen, kept.reseller_id) == ("video", "9x5-5y", 180_000, tsubasa)
    page = text(clerk.get(url("licence", "P2600001")))
    assert "2026/01/14" in page, "thirty days from the sale"
    assert "サポートパックの購入日から30日" in page
    assert "第2章 1." in page


def test_without_an_article_a_plan_is_needed(clerk, hayashi):
    clerk.post(url("article_new", service="video"), ARTICLE)
    assert "プランか商品を選んで" in text(clerk.post(url("licence_new", service="video"), {"card_serial": "P1"}))
    clerk.post(url("licence_new", service="video"), {"card_serial": "P1", "plan": "24x7-7y"})
    assert Licence.objects.get().plan == "24x7-7y"


def test_the_list_is_narrowed_and_counted(clerk, hayashi, world):
    licence("L1", card_deadline=date(2026, 12, 31))
    pack("P1", seller="はやぶさ電機", sold_on=date(2025, 12, 15))
    pack("P2", reseller_id=world.organisations[TSUBASA].pk, sold_on=date(2026, 1, 15))

    def rows(**query):
        return [one["licence"].card_serial for one in clerk.get(url("licences", **query)).context["rows"]]

    assert rows() == ["P2", "P1", "L1"]
    assert rows(service="video", seller=TSUBASA) == ["P2"]
    assert rows(service="ix") == ["L1"]
    assert rows(service="video", plan="24x7-7y") == []
    assert rows(state=shelf.OVERDUE) == ["P1"]
    assert rows(q="はやぶさ") == ["P1"]
    assert rows(service="nothing", article="x") == ["P2", "P1", "L1"]
    page = text(clerk.get(url("licences", service="video", seller="はやぶさ電機")))
    for said in ("未登録 1", "期限超過 1", "登録済 0", "返品済 0"):
        assert said in page
    assert 'href="?service=video&amp;seller=' in page


def test_the_sale_is_recorded_later(clerk, hayashi, world):
    pack()
    tsubasa = world.organisations[TSUBASA].pk
    clerk.post(url("licence_sale", "P2600001"), {"reseller": tsubasa, "seller": "", "sold_on": "令和7年12月15日"})
    kept = Licence.objects.get()
    assert (kept.reseller_id, kept.seller, kept.sold_on) == (tsubasa, TSUBASA, date(2025, 12, 15))
    wrong = clerk.post(url("licence_sale", "P2600001"), {"reseller": "", "seller": "はやぶさ", "sold_on": "2025/13/1"})
    assert wrong.status_code == 422
    assert "はやぶさ" in text(wrong)


def test_a_number_that_an_address_cannot_hold_breaks_no_page(clerk, hayashi):
    assert clerk.post(url("licence_new", service="video"), {"card_serial": "P/1", "plan": "9x5-5y"}).status_code == 422
    assert clerk.get(url("licences")).status_code == 200


# -- returns


@pytest.mark.req("VA-INT-02")
def test_a_pack_comes_back_and_its_refund_is_reported(clerk, hayashi):
    pack(sold_on=date(2026, 1, 10))
    sent = {
        "bought_on": "2026/1/10",
        "returned_on": "2026/1/19",
        "reason": "disagree_with_terms",
        "proof_shown": "on",
        "note": "条件が合わない",
    }
    clerk.post(url("licence_return", "P2600001"), sent)
    (kept,) = LicenceReturn.objects.all()
    page = text(clerk.get(url("licence", "P2600001")))
    for shown in ("返品済", "返品を受け付けました", "条件が合わない", "2026年1月24日", "返金の報告を記録する"):
        assert shown in page
    clerk.post(url("licence_paid", "P2600001", kept.pk), {"paid_on": "2026/1/20"})
    kept.refresh_from_db()
    assert kept.paid_on == date(2026, 1, 20)


def test_what_the_terms_leave_open_is_settled_by_a_person(clerk, hayashi):
    licence("L9")
    sent = {"bought_on": "2026/1/10", "returned_on": "2026/1/19", "reason": "other"}
    clerk.post(url("licence_return", "L9"), sent)
    (kept,) = LicenceReturn.objects.all()
    clerk.post(url("licence_settle", "L9", kept.pk), {"act": "take", "reason": ""})
    assert "判断待ち" in text(clerk.get(url("licence", "L9")))
    clerk.post(url("licence_settle", "L9", kept.pk), {"act": "take", "reason": "開封されていない"})
    assert Licence.objects.get().state == "returned"
    assert "開封されていない" in text(clerk.get(url("licence", "L9")))
    pack()
    assert clerk.post(url("licence_settle", "P2600001", kept.pk), {"act": "take"}).status_code == 404


def test_a_return_before_the_purchase_is_refused_at_the_form(clerk, hayashi):
    pack()
    sent = {"bought_on": "2026/1/10", "returned_on": "2026/1/9", "reason": "disagree_with_terms", "note": "そのまま"}
    refused = clerk.post(url("licence_return", "P2600001"), sent)
    assert refused.status_code == 422
    assert "そのまま" in text(refused)
    assert not LicenceReturn.objects.exists()


# -- numbers


@pytest.mark.req("IX-CARD-00", "VA-REG-21")
def test_the_clerk_sees_on_the_application_what_is_known_of_its_number(clerk, hayashi):
    licence()
    shipped(router())
    agreement = accepted(checked())
    shipped(router("R-3"), "N2")
    second = arrived(card(body_serial="N2"))
    page = text(clerk.get(url("application", second.number)))
    assert "この番号の記録" in page
    assert "みどり製作所株式会社" in page
    for number in (agreement.number, agreement.application.number):
        assert number in page
    lines = page[page.index("この番号の記録") :][: page[page.index("この番号の記録") :].index("</section>")]
    assert "山田" not in lines, "firms only, no persons"


def test_a_number_of_another_service_is_told(clerk, hayashi):
    pack("P1")
    page = text(clerk.get(url("application", arrived(card(card_serial="P1")).number)))
    assert "別のサービスの番号です" in page
    assert "映像アプライアンス サポートパックの番号" in page


def test_a_free_number_has_no_story(clerk, hayashi):
    licence()
    assert "この番号の記録" not in text(clerk.get(url("application", arrived().number)))


def test_a_suspicion_is_raised_seen_and_lifted(clerk, hayashi):
    licence()
    application = arrived(card(card_serial="Q/999 <b>"))
    page = text(clerk.get(url("application", application.number)))
    assert "発行の記録にない番号です" in page
    assert "文字や桁の並びが違います" in page
    empty = clerk.post(url("number_suspect"), {"number": "Q/999 <b>", "reason": ""})
    assert empty.status_code == 422
    clerk.post(url("number_suspect"), {"number": "Q/999 <b>", "reason": "偽造の疑い"})
    (kept,) = Suspicion.objects.all()
    assert (kept.number, kept.raised_by.startswith("林")) == ("Q/999<B>", True)
    for shown in (clerk.get(url("numbers")), clerk.get(url("numbers", q="ｑ/999<b>"))):
        assert "Q/999&lt;B&gt;" in text(shown)
        assert "偽造の疑い" in text(shown)
    page = text(clerk.get(url("application", application.number)))
    assert "疑いが解けるまで登録できません" in page
    assert clerk.post(url("number_lift", kept.pk), {"reason": ""}).status_code == 422
    clerk.post(url("number_lift", kept.pk), {"reason": "正規の番号と確かめた"})
    assert numbers.suspicion_about("Q/999<B>") is None
    assert "正規の番号と確かめた" in text(clerk.get(url("numbers", q="Q/999<B>")))
    assert clerk.post(url("number_lift", 987_654), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("person", [MORI, NISHI, ITO])
def test_only_clerks_and_administrators_put_a_number_under_suspicion(clerk, login, person):
    assert login(person).post(url("number_suspect"), {"number": "Q1", "reason": "x"}).status_code == 403


# -- models


@pytest.mark.req("VA-TRM-03", "SP-TRM-03", "IX-COV-05")
@pytest.mark.parametrize(
    ("service", "labels"),
    [
        ("ix", ["新規販売終了日", "保守対応期限（明示）", "延長キット販売終了日"]),
        ("video", ["生産終了日"]),
        ("supportpack", ["保守部品の保有期限"]),
        ("remote-care", []),
        ("mimamori", []),
    ],
)
def test_a_model_of_each_service_has_the_days_its_terms_read(clerk, hayashi, service, labels):
    clerk.post(url("products", service=service), {"name": "装置", "code": "N1", "model_code": "N8100-1"})
    assert Product.objects.get().service == service
    page, every = text(clerk.get(url("product", "N1"))), stock.queries.DATES_OF_MODEL
    names = [stock.queries.name_of_date(name) for name in every]
    assert [name for name in names if name in page] == labels
    listed = text(clerk.get(url("products", service=service)))
    assert all(label in listed for label in [*labels, "N8100-1"])


def test_the_days_of_a_model_are_kept_and_others_stay(clerk, hayashi):
    clerk.post(url("products", service="supportpack"), {"name": "サーバ", "code": "N1"})
    stock.end_product(product_id=Product.objects.get().pk, production_ended=date(2025, 9, 30))
    wrong = clerk.post(url("product_end", "N1"), {"parts_until": "2025/9/29"})
    assert wrong.status_code == 422
    assert "第3条 (3)" in text(wrong)
    clerk.post(url("product_end", "N1"), {"parts_until": "2030/9/30"})
    kept = Product.objects.get()
    assert (kept.production_ended, kept.parts_until) == (date(2025, 9, 30), date(2030, 9, 30))


def test_only_a_service_whose_cards_differ_asks_for_options(clerk):
    assert "オプションを登録する機種" in text(clerk.get(url("products", service="ix")))
    assert "オプションを登録する機種" not in text(clerk.get(url("products", service="video")))
    assert FAMILY in text(clerk.get(url("licence_new", service="ix")))
