"""An unused pack comes back within the days of its terms."""

from datetime import date

import pytest

from hoshu import catalog
from hoshu.contracts import Refused
from hoshu.contracts.models import Licence, PackReturn
from hoshu.flows import pack_returns
from tests.contracts.cards import at
from tests.people import HAYASHI

pytestmark = pytest.mark.django_db
PLANS = {"video": "9x5-5y", "supportpack": "5y"}


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI, on=date(2025, 4, 1)) as actor:
        yield actor


def pack(service="supportpack", serial="P1"):
    family = (catalog.editions(service)[-1].families or ("",))[0]
    return Licence.objects.create(service=service, family=family, plan=PLANS[service], card_serial=serial)


def back(bought, returned, *, reason="disagree_with_terms", proof=True, serial="P1"):
    return pack_returns.take_back(
        card_serial=serial,
        purchased_on=bought,
        returned_on=returned,
        reason=reason,
        proof_shown=proof,
        now=at(f"{returned} 10:00"),
    )


@pytest.mark.req("SP-REF-01", "VA-INT-02")
@pytest.mark.parametrize(("service", "payer"), [("supportpack", "provider"), ("video", "seller")])
@pytest.mark.parametrize(
    ("bought", "last", "late"),
    [
        (date(2025, 12, 24), date(2026, 1, 7), date(2026, 1, 8)),
        (date(2024, 2, 15), date(2024, 2, 29), date(2024, 3, 1)),
        (date(2025, 2, 14), date(2025, 2, 28), date(2025, 3, 1)),
    ],
)
def test_the_fourteenth_day_still_counts(clerk, service, payer, bought, last, late):
    pack(service, "P1")
    pack(service, "P2")
    kept = back(bought, last)
    assert (kept.refund, kept.payer, kept.by) == (True, payer, last)
    assert Licence.objects.get(card_serial="P1").state == "returned"
    kept = back(bought, late, serial="P2")
    assert (kept.refund, kept.payer) == (False, "")
    assert Licence.objects.get(card_serial="P2").state == "issued"


@pytest.mark.req("SP-REF-01", "SP-REF-02", "VA-INT-02")
def test_another_reason_or_no_proof_is_refused_and_stays_on_file(clerk):
    pack("supportpack", "P1")
    pack("video", "P2")
    assert back(date(2025, 4, 1), date(2025, 4, 15), reason="other").refund is False
    assert back(date(2025, 4, 1), date(2025, 4, 15), proof=False, serial="P2").refund is False
    assert [kept.clause for kept in PackReturn.objects.order_by("id")] == ["第2条", "はじめに"]
    with pytest.raises(Refused, match="理由"):
        back(date(2025, 4, 1), date(2025, 4, 15), reason="too_dear")


@pytest.mark.req("SP-REF-01", "VA-INT-02")
def test_after_a_registration_a_person_decides(clerk):
    licence = pack()
    Licence.objects.filter(pk=licence.pk).update(state="used")
    kept = back(date(2025, 4, 1), date(2025, 4, 15))
    assert (kept.refund, kept.registered) == (None, True)
    with pytest.raises(Refused, match="判断を待って"):
        back(date(2025, 4, 1), date(2025, 4, 15))
    with pytest.raises(Refused, match="理由"):
        pack_returns.decide(return_id=kept.pk, refund=True, reason="", payer="provider", now=at("2025-04-16 10:00"))
    pack_returns.decide(
        return_id=kept.pk, refund=True, reason="登録の直後", payer="provider", now=at("2025-04-16 10:00")
    )
    with pytest.raises(Refused, match="判断されて"):
        pack_returns.decide(return_id=kept.pk, refund=False, reason="x", payer="", now=at("2025-04-16 10:00"))
    pack_returns.paid(return_id=kept.pk, day=date(2025, 4, 20), now=at("2025-04-21 10:00"))
    assert PackReturn.objects.get().paid_on == date(2025, 4, 20)


@pytest.mark.req("VA-INT-02")
def test_what_was_returned_is_taken_back_once_and_is_not_sold_again(clerk):
    pack()
    back(date(2025, 4, 1), date(2025, 4, 10))
    with pytest.raises(Refused, match="返品済"):
        back(date(2025, 4, 1), date(2025, 4, 11))
    assert Licence.objects.get(card_serial="P1").state == "returned"
