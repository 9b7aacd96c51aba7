"""An agreement ends: the customer stops, one side ends it for a reason, and what follows on the day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu.cases.judgement import judge
from hoshu.contracts import Refused, breaches, endings, finding, queries
from hoshu.flows import ending as flow
from hoshu.notifications.models import Message
from tests.contracts.agreed import lent, watched
from tests.contracts.cards import at, open_for_business
from tests.flows.registering import JUNE_1, accepted, checked
from tests.flows.test_service_call import WHOLE
from tests.people import AOBA, HAYASHI, SATO, YAMADA

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(acting):
    """Hayashi, the clerk, in a house that sends mails."""
    with acting(HAYASHI, on=date(2025, 4, 1)) as actor:
        open_for_business()
        yield actor


def proposed(agreement, *, at_, now, by="provider", ground="antisocial", evidence="新聞の記事", **more):
    return flow.propose(
        agreement_id=agreement.pk, by=by, ground=ground, at=at(at_), evidence=evidence, now=at(now), **more
    )


# ---- the customer stops


@pytest.mark.req("IX-STP-01", "IX-GEN-07", "IX-TRM-04")
def test_a_customer_stops_and_is_served_to_the_end_of_the_named_day(desk):
    agreement = accepted(checked())
    ending = flow.stop(agreement_id=agreement.pk, on=date(2025, 12, 31), now=at("2025-12-10 10:00"))
    agreement.refresh_from_db()
    assert (ending.last_day, ending.effective_at, ending.refund) == (
        date(2025, 12, 31),
        at("2026-01-01 00:00"),
        False,
    )
    assert (agreement.ends_on, agreement.cancelled_on, agreement.state) == (
        date(2025, 12, 31),
        date(2025, 12, 31),
        "active",
    )
    assert flow.carry_out_due(now=at("2025-12-31 23:59")) == 0
    assert flow.carry_out_due(now=at("2026-01-01 00:00")) == 1
    assert flow.carry_out_due(now=at("2026-01-01 00:05")) == 0
    agreement.refresh_from_db()
    assert agreement.state == "stopped"
    assert [kept.topic for kept in queries.decisions_about(agreement.number)][:2] == ["ending", "coverage"]
    mail = Message.objects.get(kind="agreement.cancelled")
    assert "2025/12/31(水) 24:00" in mail.text
    assert "ありません" in mail.text


@pytest.mark.req("IX-STP-01")
def test_nothing_is_dated_back_and_nothing_ends_later_than_it_would_anyway(desk):
    agreement = accepted(checked())
    with pytest.raises(Refused, match="さかのぼって") as refused:
        flow.stop(agreement_id=agreement.pk, on=date(2025, 12, 9), now=at("2025-12-10 10:00"))
    assert refused.value.clause == "第4章 3."
    with pytest.raises(Refused, match="2028/04/30までです"):
        flow.stop(agreement_id=agreement.pk, on=date(2029, 1, 1), now=at("2025-12-10 10:00"))


@pytest.mark.req("IX-STP-01", "VA-TRM-06")
def test_a_call_after_the_end_is_not_covered_any_more(desk):
    agreement = accepted(checked())
    flow.stop(agreement_id=agreement.pk, on=date(2025, 12, 31), now=at("2025-12-10 10:00"))
    assert outcome(agreement, "2025-12-31 23:59") == "covered"
    assert outcome(agreement, "2026-01-01 00:00") == "not_covered"


@pytest.mark.req("IX-ASF-02")
def test_what_ends_within_a_day_is_over_from_that_minute_on(desk, acting):
    agreement = accepted(checked())
    ending = proposed(agreement, at_="2026-01-15 17:00", now="2026-01-15 16:00", breach_id=threats(agreement).pk)
    with acting(YAMADA, on=date(2026, 1, 15)):
        flow.approve(ending_id=ending.pk, now=at("2026-01-15 16:30"))
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.ended_at) == (date(2026, 1, 15), at("2026-01-15 17:00"))
    assert outcome(agreement, "2026-01-15 16:59") == "covered"
    assert outcome(agreement, "2026-01-15 17:00") == "not_covered"


def outcome(agreement, moment):
    unit = finding.unit(device_id=agreement.device_id)
    found = judge(call=WHOLE, unit=unit, service="ix", received_at=at(moment), now=at(moment))
    return found.outcome


def threats(agreement):
    """Item ⑤ of the promise is broken."""
    return breaches.report(
        agreement_id=agreement.pk,
        code="5",
        found_on=date(2026, 1, 15),
        finding="電話で脅された",
        now=at("2026-01-15 10:00"),
    )


@pytest.mark.req("MM-TRM-01", "MM-CND-23")
@pytest.mark.parametrize(
    ("named", "now", "last"),
    [
        (date(2025, 6, 1), "2025-06-01 10:00", date(2025, 6, 30)),
        (date(2025, 6, 30), "2025-06-30 23:50", date(2025, 6, 30)),
        (date(2025, 12, 29), "2025-12-29 10:00", date(2025, 12, 31)),
    ],
)
def test_a_lent_machine_is_used_to_the_end_of_the_month(office, world, named, now, last):
    agreement = lent(watched(world.organisations[AOBA].pk))
    ending = flow.stop(agreement_id=agreement.pk, on=named, now=at(now))
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.cancelled_on, ending.refund) == (last, named, False)
    again = flow.stop(agreement_id=agreement.pk, on=date(2026, 3, 1), now=at(now))
    assert again.pk == ending.pk
    assert Message.objects.filter(kind="agreement.cancelled").count() == 1


@pytest.mark.req("MM-TRM-01")
def test_a_contract_that_was_never_set_up_ends_without_a_day_of_service(office, world):
    agreement = watched(world.organisations[AOBA].pk)
    flow.stop(agreement_id=agreement.pk, on=date(2025, 4, 20), now=at("2025-04-20 10:00"))
    flow.carry_out_due(now=at("2025-05-01 00:00"))
    agreement.refresh_from_db()
    assert (agreement.starts_on, agreement.ends_on, agreement.state) == (None, None, "stopped")
    assert not queries.agreements().filter(queries.runs_on(date(2025, 5, 1)), pk=agreement.pk).exists()


@pytest.mark.req("MM-TRM-03")
def test_the_customer_is_told_at_once_and_reminded_twice_to_save_its_data(office, world):
    agreement = lent(watched(world.organisations[AOBA].pk))
    flow.stop(agreement_id=agreement.pk, on=date(2025, 6, 10), now=at("2025-06-10 10:00"))
    assert "保存してください" in Message.objects.get(kind="agreement.cancelled").text
    days = ["2025-06-23", "2025-06-24", "2025-06-25", "2025-06-29", "2025-06-30"]
    assert [flow.remind(now=at(f"{day} 09:00")) for day in days] == [0, 1, 0, 1, 0]
    assert Message.objects.filter(kind="agreement.ending_soon").count() == 2


# ---- after a demand


@pytest.mark.req("IX-TRM-01", "SP-TRN-01", "VA-TRN-01")
def test_a_breach_ends_the_agreement_only_after_a_demand_in_vain(desk, acting):
    agreement = accepted(checked())
    how = {"ground": "breach", "evidence": ""}
    with pytest.raises(Refused, match="催告") as refused:
        proposed(agreement, at_="2025-06-17 00:00", now="2025-06-17 09:00", **how)
    assert refused.value.clause == "第4章 12.(1)"
    demand = breaches.demand(
        agreement_id=agreement.pk,
        by="provider",
        duty="料金の支払い",
        clause="第4章 5.(1)",
        facts="6月の請求が未払い",
        sent_on=date(2025, 6, 2),
        period_days=14,
        period_reason="請求書の期日と同じ長さ",
        now=at("2025-06-03 15:00"),
    )
    breaches.follow_up(demand_id=demand.pk, **told(minor=None), now=at("2025-06-17 08:00"))
    with pytest.raises(Refused, match="軽微"):
        proposed(agreement, at_="2025-06-17 00:00", now="2025-06-17 09:00", demand_id=demand.pk, **how)
    breaches.follow_up(demand_id=demand.pk, **told(minor=False), now=at("2025-06-17 08:00"))
    with pytest.raises(Refused, match="まだ終えられません"):
        proposed(agreement, at_="2025-06-16 23:00", now="2025-06-17 09:00", demand_id=demand.pk, **how)
    ending = proposed(agreement, at_="2025-06-17 00:00", now="2025-06-17 09:00", demand_id=demand.pk, **how)
    with acting(YAMADA, on=JUNE_1):
        flow.approve(ending_id=ending.pk, now=at("2025-06-17 09:30"))
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.state) == (date(2025, 6, 16), "terminated")


def told(*, minor, performed=None):
    reason = "" if minor is None else "半年分の未払い"
    return {"arrived_on": date(2025, 6, 2), "performed_on": performed, "minor": minor, "minor_reason": reason}


@pytest.mark.req("IX-TRM-01", "VA-TRN-01")
def test_who_performs_on_the_last_day_is_not_ended(desk):
    agreement = accepted(checked())
    demand = breaches.demand(
        agreement_id=agreement.pk, by="provider", duty="支払い", clause="", facts="未払い", sent_on=date(2025, 6, 2),
        period_days=14, period_reason="通常の期間", now=at("2025-06-03 15:00"),
    )  # fmt: skip
    breaches.follow_up(
        demand_id=demand.pk, **told(minor=False, performed=date(2025, 6, 16)), now=at("2025-06-17 08:00")
    )
    with pytest.raises(Refused, match="果たされたため"):
        proposed(agreement, at_="2025-06-17 00:00", now="2025-06-17 09:00", ground="breach", demand_id=demand.pk)


@pytest.mark.req("IX-TRM-01")
def test_a_demand_says_why_its_period_is_reasonable(desk):
    agreement = accepted(checked())
    whole = {
        "agreement_id": agreement.pk, "by": "provider", "duty": "支払い", "clause": "", "facts": "未払い",
        "sent_on": date(2025, 6, 2), "period_days": 14, "period_reason": "通常の期間", "now": at("2025-06-03 15:00"),
    }  # fmt: skip
    for wrong in ({"period_reason": " "}, {"duty": ""}, {"facts": ""}, {"period_days": 0}):
        with pytest.raises(Refused):
            breaches.demand(**whole | wrong)
    with pytest.raises(Refused, match="未来"):
        breaches.demand(**whole | {"sent_on": date(2025, 6, 4)})


# ---- without demand


@pytest.mark.req("IX-ASF-02", "IX-TRM-02", "VA-ASF-02", "SP-ASF-02")
def test_without_evidence_or_a_second_person_nothing_ends(desk, acting):
    agreement = accepted(checked())
    for ground in ("antisocial", "insolvency", "payments_stopped", "assets_worse"):
        with pytest.raises(Refused, match="証拠"):
            proposed(agreement, at_="2026-03-06 09:00", now="2026-03-06 09:00", ground=ground, evidence=" ")
    ending = proposed(
        agreement, at_="2026-03-06 09:00", now="2026-03-06 09:00", ground="insolvency", ground_on=date(2026, 3, 5)
    )
    with pytest.raises(Refused, match="別の人の承認"):
        flow.approve(ending_id=ending.pk, now=at("2026-03-06 10:00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        type(ending).objects.filter(pk=ending.pk).update(settled_at=at("2026-03-06 10:00"))
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_at) == ("active", None)
    with acting(YAMADA, on=date(2026, 3, 6)):
        flow.withdraw(ending_id=ending.pk, reason="申立てが取り下げられた", now=at("2026-03-06 11:00"))
        with pytest.raises(Refused, match="取り下げ"):
            flow.approve(ending_id=ending.pk, now=at("2026-03-06 12:00"))


@pytest.mark.req("IX-TRM-04", "VA-TRN-04", "SP-TRN-04")
def test_there_is_no_other_way_to_end(desk):
    agreement = accepted(checked())
    with pytest.raises(Refused, match="定めがない") as refused:
        proposed(agreement, at_="2026-03-06 09:00", now="2026-03-06 09:00", ground="strategic")
    assert refused.value.clause == "第4章 12.(1)"


@pytest.mark.req("IX-TRM-03", "VA-TRN-03", "SP-TRN-03")
def test_debts_fall_due_on_the_day_of_the_ground(desk):
    agreement = accepted(checked())
    ending = proposed(
        agreement, at_="2026-03-06 09:00", now="2026-03-06 09:00", ground="insolvency", ground_on=date(2026, 3, 5)
    )
    owed = {"ending_id": ending.pk, "what": "派遣の料金", "amount_yen": 23_400, "now": at("2026-03-06 10:00")}
    assert flow.add_debt(**owed, due_on=date(2026, 3, 31)).falls_due_on == date(2026, 3, 5)
    assert flow.add_debt(**owed, due_on=date(2026, 3, 5)).falls_due_on == date(2026, 3, 5)
    assert flow.add_debt(**owed, due_on=date(2026, 1, 31)).falls_due_on == date(2026, 1, 31)
    with pytest.raises(Refused, match="早まりません"):
        flow.add_debt(**owed, due_on=date(2026, 3, 31), paid=True)


@pytest.mark.req("IX-GEN-07", "IX-ASF-02")
def test_where_the_terms_are_silent_about_the_price_a_person_decides(desk):
    agreement = accepted(checked())
    ending = proposed(agreement, at_="2026-03-06 09:00", now="2026-03-06 09:00")
    assert ending.refund is None
    with pytest.raises(Refused, match="理由"):
        endings.decide_refund(ending_id=ending.pk, refund=False, reason="")
    assert endings.decide_refund(ending_id=ending.pk, refund=False, reason="損害の額を超えない").refund is False
    with pytest.raises(Refused, match="決まって"):
        endings.decide_refund(ending_id=ending.pk, refund=True, reason="考え直した")


# ---- investigations, prohibited acts


@pytest.mark.req("IX-ASF-03", "VA-ASF-03", "SP-ASF-03")
def test_an_investigation_has_a_ground_an_answer_and_an_outcome(desk):
    agreement = accepted(checked())
    opened = {"agreement_id": agreement.pk, "by": "provider", "questions": "役員の経歴", "now": at("2026-01-10 10:00")}
    with pytest.raises(Refused, match="根拠") as refused:
        breaches.investigate(**opened, suspicion=" ")
    assert refused.value.clause == "第4章 11.(2)"
    kept = breaches.investigate(**opened, suspicion="匿名の通報")
    with pytest.raises(Refused, match="すでに"):
        breaches.investigate(**opened, suspicion="別の通報")
    agreement.refresh_from_db()
    assert agreement.state == "active"
    breaches.answer(investigation_id=kept.pk, text="該当しない", on=date(2026, 1, 12), now=at("2026-01-12 10:00"))
    with pytest.raises(Refused, match="結果"):
        breaches.close(investigation_id=kept.pk, outcome="", finding="", now=at("2026-01-14 10:00"))
    breaches.close(investigation_id=kept.pk, outcome="cleared", finding="事実なし", now=at("2026-01-14 10:00"))
    with pytest.raises(Refused, match="終わって"):
        breaches.answer(investigation_id=kept.pk, text="追記", on=date(2026, 1, 14), now=at("2026-01-14 11:00"))


@pytest.mark.req("MM-CND-16", "MM-CND-17", "MM-CND-24", "MM-CND-09")
def test_a_prohibited_act_is_recorded_by_its_number_and_decided_by_people(office, world):
    agreement = lent(watched(world.organisations[AOBA].pk))
    whole = {"agreement_id": agreement.pk, "found_on": date(2025, 9, 1), "finding": "オークションに出品",
             "now": at("2025-09-01 10:00")}  # fmt: skip
    with pytest.raises(Refused, match="一覧"):
        breaches.report(**whole, code="")
    with pytest.raises(Refused, match="この契約の貸出機ではありません"):
        breaches.report(**whole, code="F3", unit_serial="ZA9999")
    kept = breaches.report(**whole, code="F3", unit_serial="ZA0001", damaged_party="提供者", damage="装置の代金")
    assert (kept.clause, kept.state, kept.unit.serial) == ("7.15", "suspected", "ZA0001")
    breaches.check(breach_id=kept.pk)
    with pytest.raises(Refused, match="判断"):
        breaches.decide(breach_id=kept.pk, confirmed=True, reason="", now=at("2025-09-02 10:00"))
    with pytest.raises(Refused, match="確認中"):
        breaches.measure(breach_id=kept.pk, text="請求")
    breaches.decide(
        breach_id=kept.pk, confirmed=True, reason="出品を確認", amount_yen=120_000, now=at("2025-09-02 10:00")
    )
    assert breaches.measure(breach_id=kept.pk, text="損害を請求").state == "measured"


@pytest.mark.req("MM-CND-27", "MM-TRM-05")
def test_two_persons_end_a_breach_of_the_promise_at_once_and_lock_the_accounts(office, world, acting):
    agreement = lent(watched(world.organisations[AOBA].pk))
    ending = proposed(agreement, at_="2025-09-10 14:00", now="2025-09-10 13:00", lock_accounts=True)
    with acting(YAMADA, on=date(2025, 9, 10)):
        flow.approve(ending_id=ending.pk, now=at("2025-09-10 14:00"))
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_at, agreement.ends_on) == (
        "terminated",
        at("2025-09-10 14:00"),
        date(2025, 9, 10),
    )
    world.users[SATO].refresh_from_db()
    assert not world.users[SATO].is_active
    assert agreement.collections.get().due_on == date(2025, 9, 24)


@pytest.mark.req("MM-CND-27")
def test_the_use_may_be_stopped_instead_and_goes_on_later(office, world, acting):
    agreement = lent(watched(world.organisations[AOBA].pk))
    ending = proposed(agreement, at_="2025-09-10 14:00", now="2025-09-10 14:00", measure="suspend", lock_accounts=True)
    with acting(YAMADA, on=date(2025, 9, 10)):
        flow.approve(ending_id=ending.pk, now=at("2025-09-10 14:00"))
        agreement.refresh_from_db()
        assert (agreement.state, agreement.ends_on) == ("suspended", None)
        flow.resume(ending_id=ending.pk, reason="疑いが晴れた", now=at("2025-09-12 10:00"))
    agreement.refresh_from_db()
    world.users[SATO].refresh_from_db()
    assert (agreement.state, world.users[SATO].is_active) == ("active", True)


@pytest.mark.req("MM-CND-27")
def test_only_terms_that_say_so_stop_the_use(desk):
    with pytest.raises(Refused, match="利用だけを止める"):
        proposed(accepted(checked()), at_="2025-09-10 14:00", now="2025-09-10 14:00", measure="suspend")
