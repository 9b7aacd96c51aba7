"""No call is turned away; what is missing is asked, what a person must decide waits for that person."""

import pytest

from hoshu.accounts import operators
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import intake, queries
from hoshu.cases.call import Call
from hoshu.cases.models import Case
from hoshu.cases.progress import Blocked, judged
from hoshu.cases.words import State
from hoshu.decisions.models import Decision
from hoshu.files.models import StoredFile
from hoshu.flows import service_call
from hoshu.notifications.models import Message
from tests.cases.units import fresh, moment, register, take
from tests.people import KATO, MORI, SATO, TANAKA

NOW = moment("2025-06-16 09:00")


def clauses(case):
    return [reason["clause"] for reason in case.entitlement.reasons]


@pytest.mark.req("IX-WIN-01", "IX-FLT-01", "IX-WIN-06")
@pytest.mark.parametrize(
    ("called", "attend_from"),
    [
        ("2025-06-15 03:10", "2025-06-16 08:30"),
        ("2026-01-01 00:00", "2026-01-01 08:30"),
        ("2028-02-29 23:59", "2028-03-01 08:30"),
        ("2025-06-16 20:59", "2025-06-16 20:59"),
    ],
)
def test_a_call_is_taken_at_any_time(router, acting, called, attend_from):
    with acting(MORI):
        case = take(router, called)
    assert case.received_at == moment(called)
    assert case.attend_from == moment(attend_from)
    assert case.number.startswith("F")


@pytest.mark.req("IX-FLT-01", "IX-COV-06", "IX-GEN-05", "IX-REG-01")
def test_an_unknown_number_is_kept_and_waits_for_its_unit(router, acting):
    with acting(MORI):
        case = take(None, reported_as="ｚｚ-９９", caller_company="北山商店")
        assert (case.state, case.tenant_id, case.outcome) == (State.UNMATCHED, None, "not_covered")
        assert (case.reported_as, case.reported_serial) == ("ｚｚ-９９", "ZZ99")
        assert clauses(case) == ["第2章 前文"]
        assert case.attend_from is None
    with acting(SATO):
        assert not Case.objects.exists()


@pytest.mark.req("IX-COV-06")
def test_who_is_not_served_is_told_so_and_asked_nothing(router, acting):
    with acting(MORI):
        case = take(router, "2028-06-01 09:00", symptoms=[], site_matches=None)
    assert (case.outcome, case.state, case.due_for) == ("not_covered", State.DECIDING, "お客様へのご説明")


@pytest.mark.req("IX-PRE-02", "IX-SVC-01")
def test_a_fault_without_an_identified_unit_goes_back_to_the_customer(router, acting):
    with acting(MORI):
        case = take(None, identified=False, reported_as="")
        assert case.state == State.ISOLATING
        intake.state_of_customer(
            case_id=case.pk, kind="identified", text="ケーブルを替えて確認", person="田中", agreed=True, now=NOW
        )
        intake.fill(case_id=case.pk, changes={"identified": True}, now=NOW)
        assert fresh(case).state == State.UNMATCHED


@pytest.mark.req("IX-COV-06", "IX-GEN-05", "IX-COV-05")
@pytest.mark.parametrize(
    ("called", "changed", "clause"),
    [
        ("2025-06-02 23:59", {}, "第4章 2."),
        ("2028-06-01 00:00", {}, "第4章 2."),
        ("2025-06-16 10:00", {"in_japan": False}, "第3章 1.(1)"),
    ],
)
def test_a_call_that_is_not_covered_is_kept_with_its_clause(router, acting, called, changed, clause):
    with acting(MORI):
        case = take(router, called, **changed)
        assert (case.outcome, case.state) == ("not_covered", State.DECIDING)
        assert clause in clauses(case)
        assert Decision.objects.filter(about=case.number, topic="entitlement").count() == 1


@pytest.mark.req("IX-COV-06", "IX-WIN-06")
def test_a_fault_reported_on_the_last_evening_is_served_the_next_day(router, acting):
    with acting(MORI):
        case = take(router, "2028-05-31 22:00")
    assert (case.outcome, case.attend_from) == ("covered", moment("2028-06-01 08:30"))


@pytest.mark.req("IX-SVC-02", "IX-COV-06")
def test_a_call_before_the_registration_is_judged_anew_once_it_completes(world, acting):
    with acting(MORI):
        case = take(None, "2025-06-02 10:00")
        other = take(None, "2025-06-02 10:00", reported_as="X1")
    device = register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N10001")
    with act_as(SYSTEM):
        numbers = service_call.registration_completed(device_id=device, now=moment("2025-06-03 11:00"))
        assert numbers == [case.number]
        case = fresh(case)
        assert (case.outcome, case.tenant_id) == ("covered", world.tenant(SATO))
        assert fresh(other).state == State.UNMATCHED
    with acting(SATO):
        assert Case.objects.get().pk == case.pk
        # Later changes keep judging for the moment of the registration, not for that of the call.
    with acting(MORI):
        intake.fill(case_id=case.pk, changes={"told": "急ぎ"}, now=moment("2025-06-04 09:00"))
        assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-CHG-09", "IX-CHG-10")
def test_another_site_waits_for_a_person(router, acting):
    with acting(MORI):
        case = take(router, site_matches=False)
        assert (case.outcome, clauses(case)[0]) == ("on_hold", "第3章 7.")
        with pytest.raises(Blocked):
            intake.rule(case_id=case.pk, about="site", serve=True, finding=" ", evidence="", now=NOW)
        intake.rule(case_id=case.pk, about="site", serve=True, finding="届出が届いている", evidence="", now=NOW)
        assert fresh(case).outcome == "covered"
        intake.rule(case_id=case.pk, about="site", serve=False, finding="届出は別の機器", evidence="", now=NOW)
        assert fresh(case).outcome == "refused"
        assert case.rulings.count() == 2


@pytest.mark.req("IX-PRE-03", "IX-EXC-06")
def test_breached_conditions_wait_for_a_person_of_their_own(router, acting):
    with acting(MORI):
        case = take(router, site_matches=False, conditions_breached=True)
        assert case.outcome == "on_hold"
        intake.rule(case_id=case.pk, about="site", serve=True, finding="届出済み", evidence="", now=NOW)
        assert fresh(case).outcome == "on_hold"
        intake.rule(case_id=case.pk, about="conditions", serve=True, finding="障害と無関係", evidence="写真", now=NOW)
        assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-PRE-03")
def test_breached_conditions_may_end_the_service_of_the_case(router, acting):
    with acting(MORI):
        case = take(router, conditions_breached=True)
        intake.rule(case_id=case.pk, about="conditions", serve=False, finding="密閉箱の中", evidence="写真", now=NOW)
        case = fresh(case)
        assert case.outcome in {"excluded", "refused"}
        assert "第3章 1.(3)" in clauses(case)


@pytest.mark.req("IX-FLT-03", "IX-FLT-03-1", "IX-FLT-03-2", "IX-FLT-03-3", "IX-FLT-03-4", "IX-FLT-03-5", "IX-FLT-03-6")
@pytest.mark.parametrize(
    ("changed", "number", "blocks"),
    [
        ({"reported_as": ""}, "①", True),
        ({"serial_confirmed": False}, "①", True),
        ({"site_phone": ""}, "②", True),
        ({"symptoms": []}, "③", True),
        ({"evidence": {}}, "④", True),
        ({"software_version": ""}, "⑤", False),
        ({"backup": ""}, "⑥", False),
        ({"backup": "none"}, "⑥", False),
    ],
)
def test_each_lack_is_named_and_only_some_block_a_visit(router, acting, changed, number, blocks):
    with acting(MORI):
        case = take(router, **changed)
        (lack,) = [piece for piece in judged(case, now=NOW).pieces if not piece.complete]
    assert (lack.number, lack.blocks) == (number, blocks)
    assert lack.clause == f"第3章 6.(6){number}"
    assert case.state == (State.ASKING if blocks else State.DECIDING)


@pytest.mark.req("IX-SVC-03", "IX-WRK-03", "IX-WRK-04")
@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({}, 3),
        ({"backup": "none"}, 2),
        ({"backup": ""}, 2),
        ({"backup": "unreadable"}, 2),
        ({"software_version": ""}, 1),
        ({"software_version": "9.9.9"}, 1),
        ({"software_version": "", "backup": "none"}, 1),
    ],
)
def test_the_planned_level_follows_from_what_the_customer_provides(router, acting, changed, level):
    with acting(MORI):
        assert take(router, **changed).planned_level == level


@pytest.mark.req("IX-FLT-03", "IX-GEN-05")
def test_what_is_filled_in_later_changes_the_answer_and_loses_nothing(router, acting):
    with acting(MORI):
        case = take(router, symptoms=[], told="赤いランプ", software_version="")
        intake.fill(case_id=case.pk, changes={"symptoms": ["reboots"], "software_version": "10.8.21"}, now=NOW)
        case = fresh(case)
        assert (case.state, case.planned_level, case.told) == (State.DECIDING, 3, "赤いランプ")
        assert "障害状況" in case.events.order_by("-id")[0].text
        with pytest.raises(KeyError):
            intake.fill(case_id=case.pk, changes={"outcome": "covered"}, now=NOW)


@pytest.mark.req("IX-WIN-07", "IX-WIN-09", "IX-WIN-02")
def test_a_changed_base_weekday_moves_the_window_from_its_day_on(world, acting):
    device = register(
        tenant_id=world.tenant(SATO),
        by=world.users[MORI],
        serial="N7",
        start_weekday="mon",
        weekday_changes=(("2025-06-11", "thu"),),
    )
    with acting(MORI):
        operators.save({"name": "みなと"})
        assert take(device, "2025-06-10 20:58", reported_as="N7").attend_from == moment("2025-06-10 20:58")
        assert take(device, "2025-06-11 10:00", reported_as="N7").attend_from == moment("2025-06-12 08:30")


@pytest.mark.req("IX-MYN-01")
def test_a_personal_number_in_free_text_is_never_stored(router, acting):
    with acting(MORI):
        case = take(router, told="担当のマイナンバーは 1234-5678-9018 です", reported_as="N1-0001")
        intake.contact(case_id=case.pk, text="個人番号 123456789018", internal=False, now=NOW)
        assert "5678" not in fresh(case).told
        assert not any("5678" in event.text for event in case.events.all())


@pytest.mark.req("IX-FLT-02")
def test_the_unit_of_an_unmatched_case_is_found_later_and_its_files_follow(router, world, acting):
    with acting(MORI):
        case = take(None, reported_as="N1")
        service_call.attach(
            number=case.number,
            name="running.cfg",
            content=b"hostname aoba\n",
            purpose="backup",
            declared_personal_number=False,
            file_date=None,
            latest_declared_by="",
            now=NOW,
        )
        service_call.match(number=case.number, device_id=router, now=NOW)
        case = fresh(case)
        assert (case.tenant_id, case.outcome) == (world.tenant(SATO), "covered")
        assert set(StoredFile.objects.values_list("tenant_id", flat=True)) == {case.tenant_id}
        with pytest.raises(Blocked):
            service_call.match(number=case.number, device_id=router, now=NOW)
    with acting(TANAKA):
        assert queries.details(number=case.number).files.count() == 1


def test_a_call_of_one_customer_is_never_matched_with_the_unit_of_another(router, world, acting):
    with acting(KATO):
        number = service_call.open_case(
            call=Call(reported_as="N1"), device_id=None, tenant_id=world.tenant(KATO), now=NOW
        )
    with acting(MORI), pytest.raises(Blocked, match="別のお客様"):
        service_call.match(number=number, device_id=router, now=NOW)


@pytest.mark.req("IX-FLT-06", "IX-DUT-10", "IX-DUT-07", "IX-PRE-07", "IX-DUT-09")
def test_the_case_waits_for_what_was_asked(router, acting):
    with acting(MORI):
        case = take(router)
        wished = moment("2025-06-16 12:00")
        intake.ask_customer(case_id=case.pk, kind="information", content="LEDの写真", wished_by=wished, now=NOW)
        case = fresh(case)
        assert (case.state, case.due_at) == (State.ASKING, wished)
        request = case.requests.get()
        intake.answer_request(case_id=case.pk, request_id=request.pk, answer="断る", complied=False, now=NOW)
        case = fresh(case)
        assert case.outcome == "on_hold"
        intake.answer_request(case_id=case.pk, request_id=request.pk, answer="受領", complied=True, now=NOW)
        assert (fresh(case).outcome, fresh(case).state) == ("covered", State.DECIDING)


@pytest.mark.req("IX-PRE-02", "IX-DUT-02", "IX-DUT-03", "IX-DUT-04", "IX-DUT-05", "IX-DUT-06", "IX-DUT-09", "IX-GUA-03")
@pytest.mark.parametrize(
    "kind", ["identified", "temporary", "equipment", "entry", "expense_claim", "duty", "money_claim"]
)
def test_what_the_customer_declared_or_left_undone_is_kept_with_its_facts(router, acting, kind):
    with acting(MORI):
        case = take(router)
        with pytest.raises(Blocked):
            intake.state_of_customer(case_id=case.pk, kind=kind, text="", person="", agreed=None, now=NOW)
        intake.state_of_customer(case_id=case.pk, kind=kind, text="内容", person="田中", agreed=False, now=NOW)
        kept = case.statements.get()
    assert (kept.kind, kept.agreed, kept.person, kept.recorded_by) == (kind, False, "田中", "森 由美")


@pytest.mark.req("IX-WIN-08", "IX-FLT-03", "IX-SVC-03")
def test_the_receipt_tells_the_window_and_what_is_missing_and_promises_nothing(router, acting):
    with acting(MORI):
        case = take(router, "2025-06-15 03:10", software_version="")
        mail = Message.objects.get(about=case.number)
    assert mail.to == "tanaka@aoba.example.jp"
    assert "次の対応時間" in mail.text
    assert "2025/06/16(月) 08:30" in mail.text
    assert "約束" in mail.text
    assert "⑤" in mail.text
    assert mail.tenant_id == case.tenant_id


def test_a_mail_that_can_not_be_written_never_stops_the_call(router, acting):
    with acting(MORI):
        case = take(router, caller_email="not an address")
        assert "メールを送れませんでした" in case.events.filter(internal=True).get().text


def test_somebody_takes_the_case(router, world, acting):
    with acting(MORI):
        case = take(router)
        intake.assign(case_id=case.pk, user_id=world.users[MORI].pk, now=NOW)
        assert fresh(case).assignee.name == "森 由美"


@pytest.mark.req("IX-WIN-08")
def test_the_receipt_of_a_call_that_is_not_covered_tells_no_window(router, acting):
    with acting(MORI):
        case = take(router, "2028-06-01 10:00")
        mail = Message.objects.get(about=case.number)
    assert "対応時間" not in mail.text
    assert "満了日" in mail.text
