"""The exchange, the hand-over and the end: nothing closes while something is missing."""

import pytest
from django.db import connection

from hoshu.cases import completion, dispatch, intake, queries, work
from hoshu.cases.models import Case
from hoshu.cases.progress import Blocked
from hoshu.cases.words import State, StepKind
from hoshu.contracts import finding
from hoshu.flows import service_call
from hoshu.notifications.models import Message
from tests.cases.units import exchange, fresh, moment, on_site, register, take, tick
from tests.people import ENDO, ITO, KATO, MORI, SATO

NOW = moment("2025-06-16 10:30")
TO_THE_EXCHANGE = (StepKind.ARRIVAL, StepKind.MOVED_AWAY, StepKind.REMOVAL, StepKind.EXCHANGE)


def finish(case, at="2025-06-16 10:45", collected=True):
    """Everything after the exchange, then the end at `at`."""
    done = moment(at)
    kept = case.exchanges.get()
    completion.declare_erasure(
        case_id=case.pk, exchange_id=kept.pk, erasure="erased", person="田中 一郎", consent=False, now=NOW
    )
    completion.collect(
        case_id=case.pk,
        exchange_id=kept.pk,
        at=moment("2025-06-16 10:20") if collected else None,
        kept_reason="" if collected else "お客様が保管を希望",
        now=NOW,
    )
    for step in case.steps.filter(done_at=None, skipped_reason=""):
        work.skip(case_id=case.pk, kind=step.kind, reason="お客様の作業", now=NOW)
    service_call.complete(number=case.number, report="本体を交換しました。", at=done, now=done)
    return fresh(case)


def served(device, at="2025-06-16 10:45"):
    """A case with its work done and closed."""
    case = on_site(device, done=TO_THE_EXCHANGE)
    exchange(case, removed=finding.unit(device_id=device).serial, substitute=f"S{case.pk}")
    return finish(case, at)


@pytest.mark.req("IX-OWN-01", "IX-DUT-01", "IX-WRK-02", "IX-FLT-05")
def test_the_end_waits_for_everything_that_is_missing_and_names_it(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        with pytest.raises(completion.Incomplete) as incomplete:
            service_call.complete(number=case.number, report=" ", at=NOW, now=NOW)
        told = " ".join(incomplete.value.reasons)
        assert all(word in told for word in ("交換記録がありません", "ソフトウェアの導入", "署名", "作業内容"))
        exchange(case)
        assert any("消去" in reason for reason in completion.lacking(fresh(case)))
        assert finish(case).state == State.COMPLETED
        with pytest.raises(Blocked):
            service_call.complete(number=case.number, report="もう一度", at=NOW, now=NOW)


@pytest.mark.req("IX-OWN-01")
def test_a_moment_typed_to_the_minute_is_not_before_the_call_of_that_minute(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        Case.objects.filter(pk=case.pk).update(received_at=moment("2025-06-16 09:45:30"))
        with pytest.raises(Blocked) as blocked:
            exchange(case, at="2025-06-16 09:44")
        assert blocked.value.field == "received_at"
        exchange(case, at="2025-06-16 09:45")
        kept = case.exchanges.get()
        assert kept.received_at == moment("2025-06-16 09:45")


@pytest.mark.req("IX-OWN-01", "IX-PRE-05", "IX-EXP-01")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"removed": ""}, "removed"),
        ({"substitute": ""}, "substitute"),
        ({"received_by": " "}, "received_by"),
        ({"unit": "基板だけ"}, "unit"),
        ({"at": "2025-06-16 08:00"}, "received_at"),
        ({"at": "2025-06-16 12:00"}, "received_at"),
        ({"removed": "N99999"}, "substitute"),
    ],
)
def test_an_exchange_record_that_is_not_whole_is_refused_at_its_field(router, acting, changed, field):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        with pytest.raises(Blocked) as blocked:
            exchange(case, **changed)
        assert blocked.value.field == field


@pytest.mark.req("IX-OWN-01", "IX-OWN-02", "IX-EXP-01")
def test_the_record_holds_both_numbers_the_instant_the_receiver_and_the_notice(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        exchange(case)
        kept = case.exchanges.get()
        received = case.steps.get(kind=StepKind.RECEIPT).done_at
    assert (kept.removed_serial, kept.substitute_serial) == ("N10001", "S900")
    assert (kept.received_at, kept.received_by) == (moment("2025-06-16 09:45"), "田中 一郎")
    assert kept.export_notice_at
    assert kept.collection == "planned"
    assert received == kept.received_at


@pytest.mark.req("IX-OWN-03")
def test_a_substitute_registered_elsewhere_is_blocked_and_nothing_is_kept(router, world, acting):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="S900")
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        with pytest.raises(Blocked, match="別の機器"):
            exchange(case)
        assert not case.exchanges.exists()
        assert finding.unit(device_id=router).serial == "N10001"


@pytest.mark.req("IX-OWN-03")
def test_the_exchange_of_an_option_leaves_the_body_alone(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        exchange(case, part="option", unit="電源", removed="OP1", substitute="OP2")
        assert finding.unit(device_id=router).serial == "N10001"
        assert not Message.objects.filter(kind="device.exchanged").exists()


@pytest.mark.req("IX-OWN-03")
def test_the_contact_is_told_the_new_number(router, acting):
    with acting(MORI):
        exchange(on_site(router, done=TO_THE_EXCHANGE))
        mail = Message.objects.get(kind="device.exchanged")
    assert mail.to == "it@aoba.example.jp"
    assert "S900" in mail.text


@pytest.mark.req("IX-DUT-01")
def test_a_unit_that_can_not_be_erased_changes_hands_with_consent(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        exchange(case)
        declared = {"case_id": case.pk, "exchange_id": case.exchanges.get().pk, "erasure": "impossible", "now": NOW}
        with pytest.raises(Blocked, match="同意"):
            completion.declare_erasure(**declared, person="田中", consent=False)
        with pytest.raises(Blocked, match="お名前"):
            completion.declare_erasure(**declared, person="", consent=True)
        completion.declare_erasure(**declared, person="田中", consent=True)
        kept = case.exchanges.get()
        assert (kept.erasure, kept.handover_consent, kept.erasure_at) == ("impossible", True, NOW)


@pytest.mark.req("IX-OWN-02")
def test_a_unit_that_the_customer_keeps_stays_on_the_list_after_the_end(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        exchange(case)
        with pytest.raises(Blocked):
            completion.collect(case_id=case.pk, exchange_id=case.exchanges.get().pk, at=None, kept_reason="", now=NOW)
        finish(case, collected=False)
        (kept,) = queries.uncollected(limit=5)
        assert (kept.kept_reason, kept.collection) == ("お客様が保管を希望", "kept")
        completion.collect(
            case_id=case.pk,
            exchange_id=kept.pk,
            at=moment("2025-06-18 10:00"),
            kept_reason="",
            now=moment("2025-06-18 11:00"),
        )
        assert queries.uncollected(limit=5) == []


@pytest.mark.req("IX-WRK-04")
def test_the_level_carried_out_is_what_was_done_not_what_was_planned(router, acting):
    with acting(MORI):
        case = on_site(router, done=TO_THE_EXCHANGE)
        assert case.planned_level == 3
        exchange(case)
        tick(case, StepKind.INSTALL_SOFTWARE, "2025-06-16 10:05")
        case = finish(case)
        assert case.level_done == 2
        assert case.restoration.answer["left_to_customer"]
        mail = Message.objects.get(kind="case.completed").text
        assert "コンフィグの読み込みをお願いします" in mail
        assert case.restoration.reasons[0]["clause"] in case.events.filter(kind="completed").get().text


@pytest.mark.req("IX-GUA-01", "IX-GUA-02")
@pytest.mark.parametrize(
    ("completed", "until"),
    [("2025-06-16 10:45", "2025-09-16"), ("2025-11-30 10:00", "2026-02-28"), ("2028-02-29 10:00", "2028-05-31")],
)
def test_the_guarantee_runs_for_three_months_from_the_end_of_the_work(router, acting, completed, until):
    with acting(MORI):
        assert served(router, completed).reperform_until.isoformat() == until


@pytest.mark.req("IX-GUA-01")
@pytest.mark.parametrize(
    ("called", "same_fault", "same_cause", "free"),
    [
        ("2025-09-16 10:00", True, True, True),
        ("2025-09-17 10:00", True, True, False),
        ("2025-08-01 10:00", True, False, False),
        ("2025-08-01 10:00", False, True, False),
    ],
)
def test_a_recurrence_is_put_right_again_where_fault_and_cause_are_the_same(
    router, acting, called, same_fault, same_cause, free
):
    with acting(MORI):
        earlier = served(router)
        case = take(router, called, reported_as=finding.unit(device_id=router).serial)
        completion.link_recurrence(
            case_id=case.pk, earlier_id=earlier.pk, same_fault=same_fault, same_cause=same_cause, now=moment(called)
        )
        case = fresh(case)
        assert case.reperformance.answer["free"] is free
        assert case.earlier == earlier


@pytest.mark.req("IX-GUA-01", "IX-GUA-02")
def test_an_undecided_cause_is_provisional_and_the_day_of_the_fault_counts(router, acting):
    with acting(MORI):
        earlier = served(router)
        called = moment("2025-09-20 10:00")
        case = take(router, "2025-09-20 10:00", reported_as=finding.unit(device_id=router).serial)
        link = {"case_id": case.pk, "earlier_id": earlier.pk, "same_fault": True, "now": called}
        completion.link_recurrence(**link, same_cause=None)
        assert fresh(case).reperformance is None
        intake.fill(case_id=case.pk, changes={"occurred_on": moment("2025-09-16 08:00").date()}, now=called)
        completion.link_recurrence(**link, same_cause=True)
        assert fresh(case).reperformance.answer["free"] is True
        with pytest.raises(Blocked):
            completion.link_recurrence(**{**link, "earlier_id": case.pk}, same_cause=True)


@pytest.mark.req("IX-GUA-02")
def test_a_re_performance_after_the_end_of_cover_is_dispatched_all_the_same(world, acting, router):
    device = register(
        tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N10009", starts="2025-06-03", ends="2025-06-30"
    )
    with acting(MORI):
        earlier = on_site(device, done=TO_THE_EXCHANGE, reported_as="N10009")
        exchange(earlier, removed="N10009", substitute="S901")
        finish(earlier)
        case = take(device, "2025-08-01 10:00", reported_as="S901")
        assert case.outcome == "not_covered"
        assert [kept.pk for kept in queries.completed_of(device_id=device, failed=case.received_at.date())] == [
            earlier.pk
        ]
        completion.link_recurrence(
            case_id=case.pk, earlier_id=earlier.pk, same_fault=True, same_cause=True, now=moment("2025-08-01 10:05")
        )
        dispatch.decide(case_id=case.pk, send=True, reason="やり直し", now=moment("2025-08-01 10:10"))
        assert fresh(case).state == State.ARRANGING


@pytest.mark.req("IX-PRE-06")
def test_the_cause_is_kept_for_staff_and_no_customer_or_subcontractor_can_read_it(router, acting):
    with acting(ITO):
        case = take(router)
        completion.find_cause(case_id=case.pk, code="power_unit", remark="電源の劣化", now=NOW)
        completion.find_cause(case_id=case.pk, code="board", remark="基板", now=NOW)
        assert queries.cause(case_id=case.pk).code == "board"
    for outsider in (SATO, ENDO):
        with acting(outsider):
            assert queries.get(number=case.number).pk == case.pk
            assert queries.cause(case_id=case.pk) is None
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM cases_cause")
                assert cursor.fetchone() == (0,)
