"""A support ID is misused: an incident in the register of breaches, the claim beside the ceiling, no payment."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hoshu.accounts.models import HistoryEntry
from hoshu.contracts import Refused, breaches
from hoshu.contracts.models import Breach, Licence, SupportId
from tests.contracts.agreed import concluded
from tests.contracts.cards import at
from tests.people import AOBA, HAYASHI, KATO, SATO, UENO, WAKABA, YAMADA

pytestmark = pytest.mark.django_db
NOW = at("2026-02-02 10:00")
INCIDENT = {
    "code": "SID-3",
    "found_on": date(2026, 2, 2),
    "finding": "知らない会社から依頼が届いた",
    "support_code": "SP0001",
    "used_from": at("2026-01-30 09:00"),
    "used_until": at("2026-02-01 18:00"),
    "effect": "第三者が27,000円の作業を依頼した",
    "damaged_party": "提供者",
    "damage": "取り消せない手配",
    "amount_yen": 5_000,
    "now": NOW,
}


@pytest.fixture
def agreement(acting, world, time_machine):
    """A support pack of Aoba, bought for 180,000 yen, with its support ID; Wakaba has another ID."""
    time_machine.move_to(NOW, tick=False)
    with acting(YAMADA, on=NOW.date()):
        kept = concluded("supportpack", world.organisations[AOBA].pk)
        kept.licence = Licence.objects.create(
            service="supportpack", plan="5y", card_serial="PK1", price_yen=180_000, state=Licence.State.USED
        )
        kept.save()
        for name, code in ((AOBA, "SP0001"), (WAKABA, "SP0002")):
            SupportId.objects.create(
                tenant_id=world.organisations[name].pk, code=code, issued_at=at("2026-01-10 10:00")
            )
    with acting(HAYASHI, on=NOW.date()):
        yield kept


def cap(agreement, kept):
    return breaches.against_cap(agreement, list(agreement.breaches.all()))[kept.pk]


@pytest.mark.req("SP-SID-02")
def test_an_incident_holds_id_period_effect_and_the_claim_of_the_provider(agreement):
    kept = breaches.report(agreement_id=agreement.pk, **INCIDENT)
    assert (kept.clause, kept.support.code, kept.used_from, kept.effect, kept.amount_yen, kept.state) == (
        "第11条",
        "SP0001",
        at("2026-01-30 09:00"),
        "第三者が27,000円の作業を依頼した",
        5_000,
        "suspected",
    )
    told = cap(agreement, kept)
    assert (told.claim_yen, told.cap_yen, told.before_yen, told.over, told.clause) == (
        5_000,
        180_000,
        0,
        False,
        "第15条 (1)",
    )
    with pytest.raises(Refused, match="判断の理由"):
        breaches.decide(breach_id=kept.pk, confirmed=True, reason=" ", now=NOW)
    decided = breaches.decide(breach_id=kept.pk, confirmed=True, reason="履歴で確かめた", now=NOW)
    assert (decided.amount_yen, decided.decided_by) == (5_000, breaches.tenancy.current().label)


@pytest.mark.req("SP-SID-02")
def test_a_claim_above_the_ceiling_is_shown_but_not_cut(agreement):
    first = breaches.report(agreement_id=agreement.pk, **{**INCIDENT, "amount_yen": 150_000})
    breaches.decide(breach_id=first.pk, confirmed=True, reason="履歴で確かめた", now=NOW)
    exact = breaches.report(agreement_id=agreement.pk, **{**INCIDENT, "amount_yen": 30_000})
    assert (cap(agreement, exact).before_yen, cap(agreement, exact).over) == (150_000, False)
    breaches.decide(breach_id=exact.pk, confirmed=True, reason="履歴で確かめた", amount_yen=30_001, now=NOW)
    exact.refresh_from_db()
    assert (exact.amount_yen, cap(agreement, exact).over, cap(agreement, first).over) == (30_001, True, True)
    unfounded = breaches.report(agreement_id=agreement.pk, **INCIDENT)
    breaches.decide(breach_id=unfounded.pk, confirmed=False, reason="社員の使用だった", now=NOW)
    assert unfounded.pk not in breaches.against_cap(agreement, list(agreement.breaches.all()))
    agreement.licence.price_yen = None
    assert (cap(agreement, first).cap_yen, cap(agreement, first).over) == (None, False)


@pytest.mark.req("SP-SID-02")
@pytest.mark.parametrize("party", ["お客様", "第三者", ""])
def test_the_provider_pays_nobody_on_this_ground(party, agreement):
    with pytest.raises(Refused, match="支払うことはできません") as refused:
        breaches.report(agreement_id=agreement.pk, **{**INCIDENT, "damaged_party": party})
    assert refused.value.clause == "第11条"
    kept = breaches.report(agreement_id=agreement.pk, **{**INCIDENT, "damaged_party": party, "amount_yen": None})
    with pytest.raises(Refused, match="支払うことはできません"):
        breaches.decide(breach_id=kept.pk, confirmed=True, reason="履歴で確かめた", amount_yen=1, now=NOW)
    with pytest.raises(IntegrityError, match="misuse_pays_provider_alone"), transaction.atomic():
        Breach.objects.filter(pk=kept.pk).update(amount_yen=1)


@pytest.mark.req("SP-SID-02")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"support_code": ""}, "このお客様のIDから"),
        ({"support_code": "SP0002"}, "このお客様のIDから"),
        ({"used_from": None}, "期間の始まり"),
        ({"effect": " "}, "影響"),
        ({"used_until": at("2026-01-30 08:59")}, "終わりが始まりより前"),
        ({"used_until": at("2026-02-02 10:01")}, "未来"),
    ],
)
def test_an_incident_lacks_nothing(changed, said, agreement):
    with pytest.raises(Refused, match=said):
        breaches.report(agreement_id=agreement.pk, **{**INCIDENT, **changed})
    assert not Breach.objects.exists()


@pytest.mark.req("SP-SID-02")
def test_the_page_takes_the_incident_keeps_what_was_typed_and_leaves_a_row(agreement, login, acting):
    address = reverse("console:ending_breach", args=[agreement.number])
    page = reverse("console:ending", args=[agreement.number])
    typed = {
        **{name: INCIDENT[name] for name in ("code", "finding", "support_code", "effect", "damaged_party", "damage")},
        "found_on": "2026/2/2",
        "used_from": "2026/1/30 9:00",
        "amount_yen": "200000",
    }
    browser = login(HAYASHI)
    wrong = browser.post(address, {**typed, "damaged_party": "第三者"})
    assert wrong.status_code == 422
    for words in ("支払うことはできません", "第11条", "SP0001", INCIDENT["effect"]):
        assert words in wrong.content.decode()
    assert browser.post(address, typed).status_code == 302
    shown = browser.get(page).content.decode()
    for words in ("SID-3", "SP0001", "200,000", "180,000", "上限を超えます", "担当者が判断"):
        assert words in shown
    kept = agreement.breaches.get()
    assert HistoryEntry.objects.filter(table="contracts_breach", row_id=kept.pk).exists()
    for stranger in (SATO, KATO, UENO):
        assert login(stranger).get(page).status_code in (403, 404)
    with acting(KATO, on=NOW.date()):
        assert not Breach.objects.exists()
