"""第3章 2.(3): who decides that somebody goes, on what ground, and when."""

import pytest

from hoshu.cases import dispatch, intake, queries
from hoshu.cases.progress import Blocked
from hoshu.cases.words import State
from hoshu.flows import service_call
from tests.cases.units import CALLED, WHOLE, fresh, moment, register, take
from tests.people import ENDO, HOKUTO, MORI, SATO

NOW = moment("2025-06-16 09:00")


def decide(case, send=True, reason="本体の交換が必要"):
    dispatch.decide(case_id=case.pk, send=send, reason=reason, now=NOW)


def plan(case, start, reason=""):
    dispatch.plan_visit(case_id=case.pk, start=moment(start), override_reason=reason, now=NOW)


@pytest.mark.req("IX-FLT-05", "IX-WRK-02")
def test_the_decision_names_person_and_reason_and_lays_out_the_work(router, acting):
    with acting(MORI):
        case = take(router)
        decide(case)
        case = fresh(case)
        assert (case.state, case.dispatched_by) == (State.ARRANGING, "森 由美")
        assert case.dispatch_reason == "本体の交換が必要"
        assert case.steps.count() == 10


@pytest.mark.req("IX-FLT-05")
@pytest.mark.parametrize("send", [True, False])
def test_a_decision_without_a_reason_is_blocked(router, acting, send):
    with acting(MORI):
        case = take(router)
        with pytest.raises(Blocked):
            decide(case, send=send, reason=" ")


@pytest.mark.req("IX-FLT-05", "IX-GEN-05")
def test_not_sending_ends_the_case_and_it_can_be_taken_up_again(router, acting):
    with acting(MORI):
        case = take(router)
        decide(case, send=False, reason="再起動で復旧したため")
        case = fresh(case)
        assert (case.state, case.due_at) == (State.CLOSED, None)
        with pytest.raises(Blocked):
            decide(case)
        with pytest.raises(Blocked):
            dispatch.reopen(case_id=case.pk, reason="", now=NOW)
        dispatch.reopen(case_id=case.pk, reason="また止まったため", now=NOW)
        assert fresh(case).state == State.DECIDING


@pytest.mark.req("IX-FLT-03", "IX-FLT-05")
def test_missing_symptom_or_evidence_may_be_waived_by_a_person_the_site_never(router, acting):
    with acting(MORI):
        case = take(router, symptoms=[], evidence={})
        with pytest.raises(Blocked, match="③"):
            decide(case)
        intake.rule(case_id=case.pk, about="evidence", serve=True, finding="前回と同じ症状", evidence="", now=NOW)
        decide(case)
        assert fresh(case).state == State.ARRANGING

        case = take(router, site_contact="")
        intake.rule(case_id=case.pk, about="evidence", serve=True, finding="急ぎ", evidence="", now=NOW)
        with pytest.raises(Blocked, match="②"):
            decide(case)


@pytest.mark.req("IX-COV-06", "IX-FLT-05")
@pytest.mark.parametrize(
    ("called", "changed"), [("2028-06-01 09:00", {}), ("2025-06-16 08:00", {"site_matches": False})]
)
def test_nobody_is_sent_where_the_answer_does_not_allow_it(router, acting, called, changed):
    with acting(MORI):
        case = take(router, called, **changed)
        with pytest.raises(Blocked, match="派遣できません"):
            decide(case)


def test_an_unmatched_case_can_not_be_dispatched(router, acting):
    with acting(MORI):
        case = take(None)
        with pytest.raises(Blocked, match="照合"):
            decide(case)


@pytest.mark.req("IX-WIN-06", "IX-WIN-03", "IX-WIN-04")
@pytest.mark.parametrize(
    ("start", "opens"),
    [
        ("2025-06-16 08:29", "2025/06/16 08:30"),
        ("2025-06-16 21:00", "2025/06/17 08:30"),
        ("2025-06-21 10:00", "2025/06/23 08:30"),
    ],
)
def test_a_visit_outside_the_window_needs_a_reason(router, acting, start, opens):
    with acting(MORI):
        case = take(router)
        decide(case)
        with pytest.raises(Blocked, match=opens):
            plan(case, start)
        plan(case, start, reason="お客様の強いご希望")
        case = fresh(case)
        assert (case.state, case.planned_start, case.override_reason) == (
            State.PLANNED,
            moment(start),
            "お客様の強いご希望",
        )


@pytest.mark.req("IX-WIN-06")
@pytest.mark.parametrize("start", ["2025-06-16 08:30", "2025-06-16 20:59", "2025-06-20 12:00"])
def test_a_visit_inside_the_window_is_planned(router, acting, start):
    with acting(MORI):
        case = take(router)
        decide(case)
        plan(case, start)
        assert fresh(case).due_at == moment(start)


@pytest.mark.req("IX-COV-05", "IX-COV-06")
def test_no_visit_after_the_support_limit_of_the_model(world, acting):
    device = register(
        tenant_id=world.tenant(SATO),
        by=world.users[MORI],
        serial="N10001",
        ends="2025-06-16",
        support_limit="2025-06-16",
    )
    with acting(MORI):
        case = take(device, "2025-06-16 08:40")
        decide(case)
        with pytest.raises(Blocked, match="保守対応期限"):
            plan(case, "2025-06-17 09:00", reason="どうしても")


@pytest.mark.req("IX-FLT-05")
def test_a_visit_without_a_decision_is_blocked(router, acting):
    with acting(MORI):
        case = take(router)
        with pytest.raises(Blocked, match="派遣するか"):
            plan(case, "2025-06-16 09:00")


@pytest.mark.req("VA-SUB-01")
def test_a_contractor_takes_a_case_under_contract_only_and_its_chain_is_noted(router, acting):
    with acting(MORI):
        number = service_call.open_case(call=WHOLE, device_id=router, now=moment(CALLED))
    with acting(ENDO):
        service_call.take(number=number, now=moment(CALLED))
        case = queries.get(number=number)
        assert case.assignee.name == ENDO.name
        with pytest.raises(Blocked, match="有効な情報保護の契約がない"):
            service_call.take(number=number, now=moment("2099-01-01 10:00"))
    with acting(MORI):
        noted = queries.details(number=number).events[0]
        assert (noted.text, noted.internal) == (f"担当: {ENDO.name}（{HOKUTO}）", True)
        service_call.take(number=number, now=moment(CALLED))
        assert queries.details(number=number).events[0].text == f"担当: {MORI.name}"
