"""第3章 2.(3): the work on site, in its order, as far as the customer provides for it."""

import pytest

from hoshu.cases import force_majeure, intake, suspension, work
from hoshu.cases.progress import Blocked
from hoshu.cases.words import State, StepKind
from hoshu.flows import service_call
from tests.cases.units import fresh, moment, on_site, take, tick
from tests.people import MORI

NOW = moment("2025-06-16 09:30")


def kinds(case):
    return [step.kind for step in case.steps.order_by("position")]


@pytest.mark.req("IX-WRK-02", "IX-WRK-04")
def test_the_steps_stand_in_their_order_and_the_level_decides_which_belong(router, acting):
    with acting(MORI):
        assert kinds(on_site(router)) == list(StepKind)
        assert StepKind.INSTALL_CONFIG not in kinds(on_site(router, backup="none"))
        exchange_only = set(kinds(on_site(router, software_version="")))
        assert not exchange_only & {StepKind.INSTALL_SOFTWARE, StepKind.INSTALL_CONFIG}


@pytest.mark.req("IX-WRK-04")
def test_what_is_handed_over_on_site_raises_the_level(router, acting):
    with acting(MORI):
        case = on_site(router, software_version="", backup="")
        intake.fill(case_id=case.pk, changes={"software_version": "10.6.20", "backup": "on_site"}, now=NOW)
        work.replan(case_id=case.pk, now=NOW)
        assert fresh(case).planned_level == 3
        assert kinds(case) == list(StepKind)
        intake.fill(case_id=case.pk, changes={"backup": "unreadable"}, now=NOW)
        work.replan(case_id=case.pk, now=NOW)
        assert fresh(case).planned_level == 2
        assert StepKind.INSTALL_CONFIG not in kinds(case)
        assert case.steps.get(kind=StepKind.ARRIVAL).done_at


@pytest.mark.req("IX-DUT-03", "IX-WRK-02")
def test_work_does_not_start_before_the_customer_moved_operations_away(router, acting):
    with acting(MORI):
        case = on_site(router, done=(StepKind.ARRIVAL,))
        with pytest.raises(Blocked, match="退避"):
            tick(case, StepKind.REMOVAL, "2025-06-16 09:10")
        tick(case, StepKind.MOVED_AWAY, "2025-06-16 09:10")
        tick(case, StepKind.REMOVAL, "2025-06-16 09:20")


@pytest.mark.req("IX-WRK-05", "IX-DUT-12")
def test_a_configuration_is_loaded_only_once_it_was_declared_the_latest(router, acting):
    with acting(MORI):
        case = on_site(router)
        with pytest.raises(Blocked, match="最新"):
            tick(case, StepKind.INSTALL_CONFIG, "2025-06-16 09:20")
        service_call.attach(
            number=case.number,
            name="running.cfg",
            content=b"hostname aoba\n",
            purpose="backup",
            declared_personal_number=False,
            file_date=None,
            latest_declared_by="田中 一郎",
            now=NOW,
        )
        item = case.files.get()
        assert (item.latest_declared_by, item.latest_declared_at, item.file.name) == ("田中 一郎", NOW, "running.cfg")
        work.declare_latest(
            case_id=case.pk, file_id=item.pk, person="田中 一郎", readable=False, finding="文字化け", now=NOW
        )
        with pytest.raises(Blocked, match="最新"):
            tick(case, StepKind.INSTALL_CONFIG, "2025-06-16 09:20")
        work.declare_latest(case_id=case.pk, file_id=item.pk, person="田中 一郎", readable=True, finding="", now=NOW)
        tick(case, StepKind.INSTALL_CONFIG, "2025-06-16 09:20")
        with pytest.raises(Blocked):
            work.declare_latest(case_id=case.pk, file_id=item.pk, person=" ", readable=None, finding="", now=NOW)


@pytest.mark.req("IX-WRK-02")
def test_a_step_is_skipped_for_a_reason_only(router, acting):
    with acting(MORI):
        case = on_site(router)
        with pytest.raises(Blocked):
            work.skip(case_id=case.pk, kind=StepKind.REMOVAL, reason=" ", now=NOW)
        work.skip(case_id=case.pk, kind=StepKind.REMOVAL, reason="お客様が取外し済み", now=NOW)
        assert case.steps.get(kind=StepKind.REMOVAL).skipped_reason == "お客様が取外し済み"


def test_a_step_is_not_done_in_the_future_nor_before_the_decision(router, acting):
    with acting(MORI):
        case = on_site(router)
        with pytest.raises(Blocked, match="未来"):
            work.tick(
                case_id=case.pk,
                kind=StepKind.REMOVAL,
                at=moment("2025-06-16 10:00"),
                result="",
                rules_acknowledged=False,
                now=NOW,
            )
        undecided = take(router)
        with pytest.raises(Blocked):
            tick(undecided, StepKind.ARRIVAL, "2025-06-16 09:00")


@pytest.mark.req("IX-WIN-06", "IX-PRE-04")
@pytest.mark.parametrize(
    ("at", "continues"), [("2025-06-16 21:00", "2025-06-17 08:30"), ("2025-06-20 21:00", "2025-06-23 08:30")]
)
def test_work_unfinished_at_the_end_of_the_window_goes_on_in_the_next(router, acting, at, continues):
    with acting(MORI):
        case = on_site(router)
        assert case.due_at == moment("2025-06-16 21:00")
        with pytest.raises(Blocked):
            work.interrupt(case_id=case.pk, reason=" ", at=moment(at), now=moment(at))
        work.interrupt(case_id=case.pk, reason="対応時間の終わり", at=moment(at), now=moment(at))
        case = fresh(case)
        assert (case.state, case.due_at) == (State.PAUSED, moment(continues))
        with pytest.raises(Blocked):
            work.interrupt(case_id=case.pk, reason="二度目", at=moment(at), now=moment(at))
        again = moment(continues)
        work.resume(case_id=case.pk, at=again, now=again)
        assert fresh(case).state == State.WORKING
        with pytest.raises(Blocked):
            work.resume(case_id=case.pk, at=again, now=again)


@pytest.mark.req("IX-DUT-08")
def test_safety_rules_handed_over_before_the_visit_are_acknowledged(router, acting):
    with acting(MORI):
        first = take(router)
        intake.state_of_customer(
            case_id=first.pk,
            kind="safety_rules",
            text="ヘルメット着用",
            person="田中",
            agreed=True,
            now=moment("2025-06-10 09:00"),
        )
        case = on_site(router, done=())
        with pytest.raises(Blocked, match="安全衛生"):
            tick(case, StepKind.ARRIVAL, "2025-06-16 09:05")
        tick(case, StepKind.ARRIVAL, "2025-06-16 09:05", rules_acknowledged=True)


@pytest.mark.req("IX-MYN-03", "IX-MYN-02")
def test_suspended_work_waits_and_the_call_is_still_taken(router, acting):
    with acting(MORI):
        case = on_site(router, done=())
        for changed in ({"finding": " "}, {"parts": []}):
            values = {"finding": "ログイン認証がない", "parts": ["on_site"], **changed}
            with pytest.raises(Blocked):
                suspension.suspend(case_id=case.pk, **values, at=NOW, notified_at=NOW, now=NOW)
        kept = suspension.suspend(
            case_id=case.pk, finding="ログイン認証がない", parts=["on_site"], at=NOW, notified_at=NOW, now=NOW
        )
        assert kept.notified_at == NOW
        assert fresh(case).outcome == "on_hold"
        with pytest.raises(Blocked, match="中断"):
            tick(case, StepKind.ARRIVAL, "2025-06-16 09:31")
        other = take(router, "2025-06-16 09:40")
        assert (other.outcome, other.entitlement.reasons[0]["clause"]) == ("on_hold", "第4章 9.(2)")
        later = moment("2025-06-16 16:00")
        with pytest.raises(Blocked):
            suspension.end(case_id=case.pk, suspension_id=kept.pk, measure="", at=later, now=later)
        suspension.end(case_id=case.pk, suspension_id=kept.pk, measure="認証を設定", at=later, now=later)
        assert (fresh(case).outcome, fresh(other).outcome) == ("covered", "covered")
        assert case.agreement.ends_on.isoformat() == "2028-05-31"


@pytest.mark.req("IX-FM-01")
def test_an_event_of_force_majeure_flags_cases_and_ends_for_all_of_them(router, acting):
    began, ended = moment("2025-06-16 06:00"), moment("2025-06-16 09:00")
    with acting(MORI):
        one, other = take(router), take(router)
        event = {"cause": "台風による通行止め", "started_at": began}
        wrong = ({"cause": " "}, {"started_at": moment("2025-06-17 00:00")}, {"ended_at": moment("2025-06-15 00:00")})
        for changed in wrong:
            with pytest.raises(Blocked):
                force_majeure.affect(case_id=one.pk, **{**event, "ended_at": None, **changed}, now=NOW)
        force_majeure.affect(case_id=one.pk, **event, ended_at=None, now=NOW)
        force_majeure.affect(case_id=other.pk, **event, ended_at=ended, now=NOW)
        assert fresh(one).force_majeure == fresh(other).force_majeure
        assert fresh(one).force_majeure.ended_at == ended
        assert "第4章 14." in one.events.order_by("-id")[0].text


@pytest.mark.req("IX-MYN-03")
def test_a_suspension_of_data_work_alone_leaves_visits_alone(router, acting):
    with acting(MORI):
        case = take(router)
        suspension.suspend(case_id=case.pk, finding="暗号化がない", parts=["data"], at=NOW, notified_at=None, now=NOW)
        assert fresh(case).outcome == "covered"
