"""The fault-intake story from the ringing phone to the closed case, on the real database."""

from dataclasses import replace

import pytest

from hoshu.cases import completion, dispatch, intake, queries, work
from hoshu.cases.words import State, StepKind
from hoshu.contracts import finding
from hoshu.decisions.models import Decision
from hoshu.flows import service_call
from hoshu.notifications.models import Message
from tests.cases.units import WHOLE, moment
from tests.flows.registering import accepted, checked
from tests.people import MORI

SUNDAY_NIGHT = moment("2025-06-15 03:10")


@pytest.mark.req("IX-SVC-02", "IX-COV-06")
def test_accepting_a_card_answers_the_calls_that_came_before_it(desk):
    waiting = service_call.open_case(
        call=replace(WHOLE, reported_as="n1"), device_id=None, now=moment("2025-06-02 10:00")
    )
    assert queries.get(number=waiting).state == State.UNMATCHED
    agreement = accepted(checked())
    case = queries.get(number=waiting)
    assert (case.agreement, case.outcome, case.state) == (agreement, "covered", State.DECIDING)


@pytest.mark.req("IX-SVC-01", "IX-FLT-01", "IX-WRK-02", "IX-WRK-04", "IX-OWN-01", "IX-OWN-03", "IX-GUA-01", "IX-PRE-06")
def test_from_the_call_to_the_closed_case(router, acting):
    with acting(MORI, SUNDAY_NIGHT.date()):
        number = service_call.open_case(call=WHOLE, device_id=router, now=SUNDAY_NIGHT)
        case = queries.get(number=number)
        assert (case.outcome, case.state) == ("covered", State.DECIDING)
        assert case.attend_from == moment("2025-06-16 08:30")
        assert case.planned_level == 3

        dispatch.decide(case_id=case.pk, send=True, reason="電源の故障とみられる", now=moment("2025-06-15 04:00"))
        dispatch.plan_visit(
            case_id=case.pk, start=moment("2025-06-16 09:00"), override_reason="", now=moment("2025-06-15 04:05")
        )
        assert queries.get(number=number).state == State.PLANNED

        for kind, at in (
            (StepKind.ARRIVAL, "09:05"),
            (StepKind.MOVED_AWAY, "09:10"),
            (StepKind.REMOVAL, "09:20"),
            (StepKind.EXCHANGE, "09:40"),
        ):
            tick(case.pk, kind, at)
        service_call.record_exchange(
            number=number,
            part="body",
            unit="本体一式",
            removed="N1-0001",
            substitute="S-900",
            received_at=moment("2025-06-16 09:45"),
            received_by="田中 一郎",
            now=moment("2025-06-16 09:46"),
        )
        exchange = queries.details(number=number).exchanges[0]
        tick(case.pk, StepKind.INSTALL_SOFTWARE, "10:05")
        intake.state_of_customer(
            case_id=case.pk,
            kind="latest_backup",
            text="6月1日のファイルが最新",
            person="田中 一郎",
            agreed=True,
            now=moment("2025-06-16 10:06"),
        )
        tick(case.pk, StepKind.INSTALL_CONFIG, "10:20")
        tick(case.pk, StepKind.BROUGHT_BACK, "10:35")
        completion.declare_erasure(
            case_id=case.pk,
            exchange_id=exchange.pk,
            erasure="erased",
            person="田中 一郎",
            consent=False,
            now=moment("2025-06-16 10:38"),
        )
        completion.collect(
            case_id=case.pk,
            exchange_id=exchange.pk,
            at=moment("2025-06-16 10:40"),
            kept_reason="",
            now=moment("2025-06-16 10:41"),
        )
        tick(case.pk, StepKind.REPORT_SIGNED, "10:42")
        service_call.complete(
            number=number,
            report="本体を交換し、復旧を確認しました。",
            at=moment("2025-06-16 10:45"),
            now=moment("2025-06-16 10:46"),
        )
        case = queries.get(number=number)
        assert (case.state, case.level_done) == (State.COMPLETED, 3)
        assert case.reperform_until.isoformat() == "2025-09-16"
        unit = finding.unit(device_id=router)
        assert (unit.serial, unit.former_serials) == ("S900", ["N10001"])
        assert unit.covers[0].ends_on.isoformat() == "2028-05-31"
        assert len(unit.covers[0].revisions) == 1
        sent = dict(Message.objects.filter(about=number).values_list("kind", "text"))
        assert set(sent) == {"case.opened", "device.exchanged", "case.completed"}
        assert "原因" not in sent["case.completed"].replace("障害の原因についてのご報告は行っていません", "")
        assert {"entitlement", "window", "restoration", "reperformance"} <= set(
            Decision.objects.filter(about=number).values_list("topic", flat=True)
        )


def tick(case_id, kind, at):
    moment_done = moment(f"2025-06-16 {at}")
    work.tick(case_id=case_id, kind=kind, at=moment_done, result="", rules_acknowledged=False, now=moment_done)
