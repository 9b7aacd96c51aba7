"""The pages of a decision over a model: looked at before it is proposed, agreed to by another, told case by case."""

import pytest
from django.urls import reverse

from hoshu.contracts import stock
from hoshu.contracts.models import Device, Discontinuation, Ending
from hoshu.flows import discontinuing, service_call
from tests.contracts.agreed import concluded
from tests.contracts.cards import at, open_for_business
from tests.flows.test_service_call import WHOLE
from tests.people import AOBA, HAYASHI, KATO, KONDO, MORI, NISHI, SATO, WAKABA, YAMADA

pytestmark = pytest.mark.django_db
NOW = at("2026-02-11 12:00")
SAID = {
    "ground": "infringement",
    "scope": "software",
    "at": "2026/2/11 15:00",
    "evidence": "権利者の警告書が届いた",
}


@pytest.fixture
def product(acting, world, time_machine):
    """A model that Aoba has twice and Wakaba once, on the day of the decision."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        model = stock.enter_product(service="video", name="映像装置A", code="VA-A")
        for serial, who in (("V1", AOBA), ("V2", AOBA), ("V3", WAKABA)):
            concluded("video", world.organisations[who].pk, serial=serial, product=model)
        return model


def url(name, *args):
    return reverse(f"console:{name}", args=args)


def text(response):
    return response.content.decode()


def kept_one(acting):
    with acting(HAYASHI, on=NOW.date()):
        return Discontinuation.objects.get()


@pytest.mark.req("VA-TRM-06")
def test_a_decision_is_looked_at_proposed_agreed_to_and_told(product, login, acting):
    first, place = login(HAYASHI), url("discontinue", product.code)
    assert place in text(first.get(url("product", product.code)))
    with acting(HAYASHI, on=NOW.date()):
        device = Device.objects.get(serial="V3")
        case = service_call.open_case(call=WHOLE, device_id=device.pk, now=NOW)
    shown = text(first.post(place, SAID | {"look": "1"}))
    for said in (
        url("case", case),
        "SAV1",
        "SAV2",
        "SAV3",
        "3件",
        "2社",
        AOBA,
        WAKABA,
        "ソフトウェアだけ",
        "2026/02/11(水) 15:00",
    ):
        assert said in shown
    with acting(HAYASHI, on=NOW.date()):
        assert not Discontinuation.objects.exists()
    first.post(place, SAID | {"propose": "1"})
    first.post(place, SAID | {"propose": "1"})
    kept = kept_one(acting)
    one = url("discontinuation", kept.pk)
    shown = text(first.get(one))
    assert "別の人が行います" in shown
    assert url("case", case) in shown
    refused = first.post(url("discontinuation_approve", kept.pk))
    assert refused.status_code == 422
    assert "別の人の承認が必要" in text(refused)
    second = login(YAMADA)
    assert one in text(second.get(url("today")))
    assert "3件の終了をまとめて承認する" in text(second.get(one))
    assert second.post(url("discontinuation_approve", kept.pk)).status_code == 302
    assert one not in text(second.get(url("today")))
    discontinuing.carry_on_all(now=NOW)
    shown = text(first.get(one))
    assert "終了を記録した契約" in shown
    assert shown.count("決定済") >= 3
    # What is open for these units is still listed there, to be handled.
    assert url("case", case) in shown
    assert one in text(first.get(url("ending", "SAV3")))
    history = text(login(NISHI).get(url("history")))
    assert "ソフトウェアに他者の権利を侵すおそれがある" in history
    assert "infringement" not in history


@pytest.mark.req("VA-TRM-06")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ground": ""}, "終える理由を選んでください"),
        ({"scope": ""}, "終える範囲を選んでください"),
        ({"ground": "stopped_using"}, "この理由では、まとめて終えられません"),
        ({"scope": "desk"}, "この範囲は選べません"),
        ({"at": "2026/2/11"}, "日付と時刻を、間を空けて書いてください"),
        ({"at": "2026/2/11 11:59"}, "これからの日時で起票してください"),
        ({"evidence": ""}, "証拠と事実"),
    ],
)
@pytest.mark.parametrize("button", ["look", "propose"])
def test_what_is_missing_or_wrong_is_told_and_what_was_typed_stays(product, login, acting, changes, told, button):
    response = login(HAYASHI).post(url("discontinue", product.code), SAID | changes | {button: "1"})
    assert response.status_code == 422
    assert told in text(response)
    assert changes.get("evidence", SAID["evidence"]) in text(response)
    with acting(HAYASHI, on=NOW.date()):
        assert not Discontinuation.objects.exists()


@pytest.mark.req("VA-TRM-06")
def test_a_product_that_nobody_has_is_told(product, login, acting):
    with acting(HAYASHI, on=NOW.date()):
        stock.enter_product(service="video", name="映像装置B", code="VA-B")
    browser, place = login(HAYASHI), url("discontinue", "VA-B")
    assert "終えられる契約はありません" in text(browser.post(place, SAID | {"look": "1"}))
    refused = browser.post(place, SAID | {"propose": "1"})
    assert refused.status_code == 422
    assert "機種と範囲を確かめてください。（第1章 4.(ii)）" in text(refused)
    assert browser.get(url("discontinue", "VA-NONE")).status_code == 404


def test_terms_without_such_a_ground_offer_nothing(product, login, acting):
    with acting(HAYASHI, on=NOW.date()):
        stock.enter_product(service="supportpack", name="装置", code="SP-A")
    assert url("discontinue", "SP-A") not in text(login(HAYASHI).get(url("product", "SP-A")))
    assert "まとめて終える定めはありません" in text(login(HAYASHI).get(url("discontinue", "SP-A")))


@pytest.mark.req("VA-TRM-06")
def test_who_may_not_end_agreements_may_not_decide_over_a_product(product, login, acting):
    login(HAYASHI).post(url("discontinue", product.code), SAID | {"propose": "1"})
    kept = kept_one(acting)
    for person in (SATO, KATO, KONDO):
        assert login(person).get(url("discontinuation", kept.pk)).status_code == 403
    for person in (SATO, KATO, KONDO, MORI, NISHI):
        assert login(person).post(url("discontinue", product.code), SAID | {"propose": "1"}).status_code == 403
        assert login(person).post(url("discontinuation_approve", kept.pk)).status_code == 403
        assert login(person).post(url("discontinuation_withdraw", kept.pk), {"reason": "誤り"}).status_code == 403
    assert "まとめて承認する" not in text(login(NISHI).get(url("discontinuation", kept.pk)))
    with acting(HAYASHI, on=NOW.date()):
        assert not Ending.objects.exists()
    with acting(SATO, on=NOW.date()):
        assert not Discontinuation.objects.exists()


def test_it_is_withdrawn_with_a_reason(product, login, acting):
    browser = login(HAYASHI)
    browser.post(url("discontinue", product.code), SAID | {"propose": "1"})
    kept = kept_one(acting)
    assert browser.post(url("discontinuation_withdraw", kept.pk), {"reason": ""}).status_code == 422
    browser.post(url("discontinuation_withdraw", kept.pk), {"reason": "警告が取り下げられた"})
    assert "警告が取り下げられた" in text(browser.get(url("discontinuation", kept.pk)))
    again = browser.post(url("discontinuation_withdraw", kept.pk), {"reason": "もう一度"})
    assert "この決定は「取り下げ」です" in text(again)


@pytest.mark.req("VA-TRM-06")
def test_every_agreement_can_be_looked_at_before_it_is_proposed(product, login, acting, world):
    with acting(HAYASHI, on=NOW.date()):
        for nth in range(50):
            concluded("video", world.organisations[AOBA].pk, serial=f"W{nth:02}", product=product)
    browser, place = login(HAYASHI), url("discontinue", product.code)
    shown = text(browser.post(place, SAID | {"look": "1"}))
    assert "53件中 1〜50件" in shown
    assert "SAW49" not in shown
    second = text(browser.post(place, SAID | {"page": "2"}))
    assert "53件中 51〜53件" in second
    assert "SAW49" in second
