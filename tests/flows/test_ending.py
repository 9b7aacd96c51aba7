"""An agreement ends: the customer stops, one side ends it for a reason, and what follows on the day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu import catalog
from hoshu.cases.judgement import judge
from hoshu.contracts import Refused, breaches, endings, finding, queries
from hoshu.flows import ending as flow
from hoshu.flows import registration
from hoshu.flows.registration_notices import refusal_of
from hoshu.notifications.models import Message
from tests.contracts.agreed import applied, concluded, lent, watched
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
    with pytest.raises(Refused, match="2028年4月30日までです"):
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


# ---- the other services


@pytest.mark.req("VA-TRN-02", "VA-TRN-03", "VA-TRN-05", "VA-ASF-02")
def test_a_pack_ends_on_the_grounds_of_its_own_terms(office, world, acting):
    agreement = concluded("video", world.organisations[AOBA].pk)
    with pytest.raises(Refused, match="提供者だけ"):
        proposed(agreement, at_="2026-02-28 10:00", now="2026-02-28 10:00", by="customer", ground="closing_business")
    ending = proposed(
        agreement,
        at_="2026-02-28 10:00",
        now="2026-02-28 10:00",
        ground="closing_business",
        ground_on=date(2026, 2, 28),
    )
    owed = {"ending_id": ending.pk, "what": "訪問の料金", "amount_yen": 27_000, "now": at("2026-02-28 10:00")}
    assert flow.add_debt(**owed, due_on=date(2026, 3, 31)).falls_due_on == date(2026, 2, 28)
    with acting(YAMADA, on=date(2026, 2, 28)):
        flow.approve(ending_id=ending.pk, now=at("2026-02-28 11:00"))
    agreement.refresh_from_db()
    ending.refresh_from_db()
    assert (agreement.ends_on, agreement.state, ending.refund, ending.clause) == (
        date(2026, 2, 28),
        "terminated",
        False,
        "第3章 1.2(2)④",
    )


@pytest.mark.req("VA-TRM-06", "VA-TRM-07", "VA-TRN-04")
@pytest.mark.parametrize(("ground", "clause"), [("infringement", "第1章 4.(ii)"), ("cannot_continue", "第1章 4.(iii)")])
def test_only_the_part_that_cannot_go_on_ends(office, world, acting, ground, clause):
    agreement = concluded("video", world.organisations[AOBA].pk)
    whole = agreement.ends_on
    ending = proposed(agreement, at_="2026-02-11 15:00", now="2026-02-11 14:00", ground=ground, part="software")
    with acting(YAMADA, on=date(2026, 2, 11)):
        flow.approve(ending_id=ending.pk, now=at("2026-02-11 15:00"))
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ends_on, ending.clause) == ("active", whole, clause)
    assert agreement.part_ends == {"hardware": whole.isoformat(), "software": "2026-02-11"}


@pytest.mark.req("VA-TRM-06")
def test_the_part_is_over_from_the_minute_of_the_decision_and_hardware_stays(office, world, acting):
    """The decision of 2026-02-11 15:00."""
    agreement = concluded("video", world.organisations[AOBA].pk)
    ending = proposed(agreement, at_="2026-02-11 15:00", now="2026-02-11 14:00", ground="infringement", part="software")
    whole = agreement.ends_on.isoformat()
    assert served(agreement, "2026-02-11 15:00") == (whole, whole)  # nothing ends before a second person agreed
    with acting(YAMADA, on=date(2026, 2, 11)):
        flow.approve(ending_id=ending.pk, now=at("2026-02-11 14:30"))
    assert served(agreement, "2026-02-11 14:59") == (whole, "2026-02-11")
    assert served(agreement, "2026-02-11 15:00") == (whole, "2026-02-10")
    told = Message.objects.get(kind="agreement.cancelled").text
    assert "ソフトウェアだけを終了します" in told
    assert "2026/02/11" in told
    assert f"{agreement.ends_on:%Y}" not in told


def served(agreement, moment):
    """Until when hardware and software are served, as the terms are told at a moment."""
    (cover,) = finding.unit(device_id=agreement.device_id).covers
    fact = cover.as_fact(at(moment))
    return fact["hardware_end"], fact["software_end"]


@pytest.mark.req("VA-INT-05", "SP-STP-01", "VA-TRN-05", "SP-REF-02")
@pytest.mark.parametrize(("service", "clause"), [("video", "第3章 1.3"), ("supportpack", "第4条")])
def test_who_stops_a_pack_gets_nothing_back(office, world, service, clause):
    agreement = concluded(service, world.organisations[AOBA].pk)
    ending = flow.stop(agreement_id=agreement.pk, on=date(2026, 7, 15), now=at("2026-07-15 10:00"))
    agreement.refresh_from_db()
    assert (agreement.ends_on, ending.refund, ending.clause) == (date(2026, 7, 15), False, clause)
    flow.carry_out_due(now=at("2026-07-16 00:00"))
    agreement.refresh_from_db()
    assert agreement.state == "stopped"


@pytest.mark.req("SP-TRN-02", "SP-ASF-02")
def test_the_customer_may_end_a_support_pack_too_and_a_person_decides_about_the_price(office, world, acting):
    agreement = concluded("supportpack", world.organisations[AOBA].pk)
    ending = proposed(
        agreement, by="customer", at_="2026-02-20 09:00", now="2026-02-20 09:00", evidence="役員についての記事"
    )
    with acting(YAMADA, on=date(2026, 2, 20)):
        flow.approve(ending_id=ending.pk, now=at("2026-02-20 10:00"))
    agreement.refresh_from_db()
    ending.refresh_from_db()
    assert (agreement.state, ending.refund) == ("terminated", None)


@pytest.mark.req("RC-GEN-07")
def test_remote_care_ends_with_the_day_after_the_last_day_of_service(office, world, acting):
    agreement = concluded("remote-care", world.organisations[AOBA].pk)
    ending = proposed(
        agreement, at_="2028-02-29 10:00", now="2028-02-01 10:00", ground="cannot_continue", evidence="提供を終える"
    )
    assert (ending.effective_at, ending.last_day, ending.clause) == (
        at("2028-03-01 00:00"),
        date(2028, 2, 29),
        "第3条",
    )
    with acting(YAMADA, on=date(2028, 2, 1)):
        flow.approve(ending_id=ending.pk, now=at("2028-02-01 11:00"))
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.ended_at) == (date(2028, 2, 29), at("2028-03-01 00:00"))
    with pytest.raises(Refused, match="事実"):
        proposed(agreement, at_="2027-02-28 10:00", now="2027-02-01 10:00", ground="other", evidence=" ")
    with pytest.raises(Refused):
        proposed(agreement, at_="2025-01-01 10:00", now="2028-02-01 10:00", ground="other", evidence="前の日")


@pytest.mark.req("IX-SUR-01", "VA-SUR-01", "SP-SUR-01", "RC-SUR-01")
@pytest.mark.parametrize(
    ("service", "edition", "there", "not_there"),
    [
        ("ix", "2022-10", "第4章 12.(3)", "第4章 12.(1)"),
        ("video", "2021-08", "第3章 1.12", "第3章 1.9(2)"),
        ("supportpack", "1", "第14条 (3)", "第14条 (1)"),
        ("remote-care", "1", "第11条", "第3条"),
    ],
)
def test_what_survives_the_end_is_listed_with_our_words(service, edition, there, not_there):
    listed = dict(endings.survivals(catalog.edition(service, edition)))
    assert listed[there]
    assert not_there not in listed


@pytest.mark.req("VA-REG-11", "VA-REG-12", "SP-REG-09", "SP-REG-10")
@pytest.mark.parametrize(("service", "refund_by"), [("video", "2026/02/13"), ("supportpack", None)])
def test_a_pack_is_refused_with_a_reason_in_thirty_days_and_paid_back_by_the_seller(
    office, world, acting, service, refund_by
):
    application = applied(service, world.organisations[AOBA].pk)
    assert application.answer_by == date(2026, 1, 14)
    how = {"application_id": application.pk, "clause": "", "by_post": False}
    with pytest.raises(Refused):
        registration.refuse(**how, reason=" ", now=at("2026-01-14 10:00"))
    registration.refuse(**how, reason="対象の装置ではない", now=at("2026-01-14 10:00"))
    application.refresh_from_db()
    assert (application.state, application.licence.state) == ("refused", "refused")
    letter = refusal_of(application.refusals.get(), at("2026-01-14 10:00"))
    assert application.refusals.get().notice.kind == "registration.refused"
    assert letter["refund_by"] == (date(2026, 2, 13) if refund_by else None)
    assert letter["seller"] == "つばさ販売"


@pytest.mark.req("VA-REG-11", "SP-REG-09")
@pytest.mark.parametrize("service", ["video", "supportpack"])
def test_a_late_refusal_of_a_pack_waits_for_a_second_person(office, world, acting, service):
    application = applied(service, world.organisations[AOBA].pk)
    refusal = registration.refuse(
        application_id=application.pk, clause="", by_post=False, reason="対象でない", now=at("2026-01-15 10:00")
    )
    assert (refusal.late, refusal.sent_at) == (True, None)
    with acting(YAMADA, on=date(2026, 1, 15)):
        registration.approve_refusal(refusal_id=refusal.pk, now=at("2026-01-15 11:00"))
    application.refresh_from_db()
    assert application.state == "refused"
