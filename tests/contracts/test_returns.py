"""A licence or pack is brought back: by the terms where they decide, by a person where they do not."""

from datetime import date, timedelta

import pytest

from hoshu.contracts import Refused, returns, stock
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import Licence
from hoshu.flows import registration
from tests.contracts.cards import FAMILY, at
from tests.flows.registering import (  # noqa: F401  (fixtures)
    accepted,
    checked,
    desk,
    known_scans,
    shop,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]

PLANS = {"video": "9x5-5y", "supportpack": "5y", "ix": "5d-3y"}


def sold(service="video", number="P1"):
    family = FAMILY if service == "ix" else ""
    return stock.enter_licence(service=service, family=family, plan=PLANS[service], card_serial=number)


def back(licence, bought, returned, *, reason="disagree_with_terms", proof_shown=True):
    return returns.bring_back(
        licence_id=licence.pk,
        bought_on=bought,
        returned_on=returned,
        reason=reason,
        proof_shown=proof_shown,
        now=at("2026-02-01 10:00"),
    )


def state_of(licence):
    licence.refresh_from_db()
    return licence.state


@pytest.mark.req("VA-INT-02", "SP-REF-01")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@pytest.mark.parametrize(
    ("bought", "last"),
    [
        (date(2025, 12, 24), date(2026, 1, 7)),
        (date(2024, 2, 15), date(2024, 2, 29)),
        (date(2025, 2, 14), date(2025, 2, 28)),
    ],
)
def test_a_pack_is_taken_back_within_fourteen_days(service, bought, last):
    kept = sold(service)
    late = back(kept, bought, last + timedelta(days=1))
    assert (late.outcome, state_of(kept)) == ("declined", "issued")
    taken = back(kept, bought, last)
    assert (taken.outcome, state_of(kept)) == ("taken", "returned")
    assert taken.decision.answer["by"] == last.isoformat()
    assert taken.decision.answer["payer"] == ("seller" if service == "video" else "provider")
    assert kept.returns.count() == 2


@pytest.mark.req("VA-INT-02")
def test_without_proof_a_pack_is_declined_and_the_request_stays_on_file():
    kept = sold()
    declined = back(kept, date(2026, 1, 20), date(2026, 1, 21), proof_shown=False)
    assert (declined.outcome, declined.decision.reasons[0]["clause"]) == ("declined", "はじめに")
    assert state_of(kept) == "issued"


@pytest.mark.req("SP-REF-01", "SP-REF-02")
def test_another_reason_is_declined_where_the_terms_say_so_and_left_to_a_person_where_not():
    assert back(sold("supportpack"), date(2026, 1, 20), date(2026, 1, 21), reason="other").outcome == "declined"
    assert back(sold("ix", "L9"), date(2026, 1, 20), date(2026, 1, 21)).outcome == "undecided"


@pytest.mark.req("VA-INT-02")
def test_a_returned_pack_cannot_be_registered():
    kept = sold()
    back(kept, date(2026, 1, 20), date(2026, 1, 21))
    draft = registration.start_online(
        service="video", tenant_id=None, entries={}, confirmed=["personal_information"], now=at("2026-02-01 10:00")
    )
    found = assess(draft, entries={"pack_serial": "P1"}, now=at("2026-02-01 10:00"))
    assert "pack_returned" in found.registration.values["flags"]
    assert found.refused
    with pytest.raises(Refused, match="返品済"):
        back(kept, date(2026, 1, 20), date(2026, 1, 21))


@pytest.mark.req("VA-INT-02", "SP-REF-01")
def test_what_is_registered_needs_a_decision_and_an_agreement_is_ended_first():
    accepted(checked())
    kept = Licence.objects.get(card_serial="L001")
    waiting = back(kept, date(2025, 6, 1), date(2025, 6, 3))
    assert (waiting.outcome, state_of(kept)) == ("undecided", "used")
    with pytest.raises(Refused, match="判断待ち"):
        back(kept, date(2025, 6, 1), date(2025, 6, 3))
    with pytest.raises(Refused, match="契約が有効"):
        returns.settle(return_id=waiting.pk, take=True, reason="誤って登録した")
    with pytest.raises(Refused, match="理由"):
        returns.settle(return_id=waiting.pk, take=False, reason="")
    settled = returns.settle(return_id=waiting.pk, take=False, reason="すでにお使いになっている")
    assert (settled.outcome, state_of(kept)) == ("declined", "used")
    assert settled.settled_by.startswith("林")
    with pytest.raises(Refused, match="すでに決まって"):
        returns.settle(return_id=waiting.pk, take=True, reason="x")


def test_an_application_that_is_looked_at_is_decided_first():
    checked()
    kept = Licence.objects.get(card_serial="L001")
    waiting = back(kept, date(2025, 6, 1), date(2025, 6, 3))
    with pytest.raises(Refused, match="申請を先に"):
        returns.settle(return_id=waiting.pk, take=True, reason="誤って登録した")


def test_a_person_takes_back_what_the_terms_leave_open():
    kept = sold("ix", "L9")
    waiting = back(kept, date(2026, 1, 20), date(2026, 1, 21))
    assert returns.settle(return_id=waiting.pk, take=True, reason="開封されていない").outcome == "taken"
    assert state_of(kept) == "returned"


@pytest.mark.req("VA-INT-02")
def test_the_seller_reports_the_refund():
    kept = sold()
    declined = back(kept, date(2026, 1, 1), date(2026, 1, 21))
    taken = back(kept, date(2026, 1, 20), date(2026, 1, 21))
    now = at("2026-02-01 10:00")
    for one, day in ((declined, date(2026, 1, 22)), (taken, date(2026, 1, 20)), (taken, date(2026, 2, 2))):
        with pytest.raises(Refused):
            returns.report_paid(return_id=one.pk, paid_on=day, now=now)
    assert returns.report_paid(return_id=taken.pk, paid_on=date(2026, 1, 21), now=now).paid_on == date(2026, 1, 21)


def test_days_that_cannot_be_are_refused():
    kept = sold()
    with pytest.raises(Refused, match="今日まで"):
        back(kept, date(2026, 1, 20), date(2026, 2, 2))
    with pytest.raises(Refused, match="より前"):
        back(kept, date(2026, 1, 20), date(2026, 1, 19))
