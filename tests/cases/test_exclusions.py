"""第3章 5.: what is left out, on whose finding, and what goes on."""

import pytest

from hoshu import catalog
from hoshu.cases import dispatch, exclusions, intake
from hoshu.cases.progress import Blocked
from hoshu.flows import service_call
from tests.cases.units import EDITION, WHOLE, fresh, moment, take
from tests.people import MORI

NOW = moment("2025-06-16 09:00")


def tag(case, code, **changed):
    values = {"as_cause": True, "finding": "確認した", "evidence": "写真", "failed_part": "", **changed}
    return exclusions.tag(case_id=case.pk, code=code, **values, now=NOW)


@pytest.mark.req("IX-EXC-00", "IX-EXC-05")
def test_a_cause_that_is_excluded_changes_the_answer_and_keeps_the_case(router, acting):
    with acting(MORI):
        case = take(router)
        tag(case, "IX-EXC-05", finding="落雷の跡")
        case = fresh(case)
        assert case.outcome == "excluded"
        assert case.entitlement.reasons[0]["clause"] == "第3章 5.(5)"
        with pytest.raises(Blocked, match="派遣できません"):
            dispatch.decide(case_id=case.pk, send=True, reason="急ぎ", now=NOW)


@pytest.mark.req("IX-EXC-00", "IX-EXC-19", "IX-WRK-03")
def test_work_that_is_excluded_is_left_out_and_the_rest_goes_on(router, acting):
    with acting(MORI):
        case = take(router)
        item = tag(case, "IX-EXC-19", as_cause=False, finding="新しい版への更新を希望")
        assert fresh(case).outcome == "covered"
        assert item.decision.answer["outcome"] == "excluded"
        assert item.decision.reasons[0]["clause"] == "第3章 5.(19)"


@pytest.mark.req("IX-EXC-00")
def test_every_code_of_the_edition_is_told_with_its_clause(router, acting):
    with acting(MORI):
        case = take(router)
        for item in catalog.edition("ix", EDITION).exclusion:
            tag(case, item.code, as_cause=False)
        told = " ".join(case.events.values_list("text", flat=True))
        assert all(f"第3章 5.({number})" in told for number in range(1, 25))
        assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-EXC-00")
@pytest.mark.parametrize("changed", [{"finding": "  "}, {"code": "IX-EXC-99"}])
def test_without_a_finding_or_with_an_unknown_code_nothing_is_kept(router, acting, changed):
    with acting(MORI):
        case = take(router)
        with pytest.raises(Blocked):
            tag(case, **{"code": "IX-EXC-05", **changed})
        assert not case.exclusions.exists()


@pytest.mark.req("IX-EXC-00")
def test_a_tag_is_withdrawn_with_a_reason_and_stays_in_the_history(router, acting):
    with acting(MORI):
        case = take(router)
        item = tag(case, "IX-EXC-05")
        with pytest.raises(Blocked):
            tag(case, "IX-EXC-05")
        with pytest.raises(Blocked):
            exclusions.withdraw(case_id=case.pk, tag_id=item.pk, reason="", now=NOW)
        exclusions.withdraw(case_id=case.pk, tag_id=item.pk, reason="別の機器の写真だった", now=NOW)
        assert fresh(case).outcome == "covered"
        assert case.exclusions.get().withdrawal_reason == "別の機器の写真だった"


@pytest.mark.req("IX-EXC-04", "IX-EXC-25")
def test_a_unit_down_after_its_fan_waits_for_a_person(router, acting):
    with acting(MORI):
        case = take(router)
        tag(case, "IX-EXC-04", failed_part="ファン", finding="ファンの停止で過熱")
        assert fresh(case).outcome == "on_hold"
        intake.rule(case_id=case.pk, about="exclusion", serve=True, finding="本体が故障", evidence="", now=NOW)
        assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-EXC-20", "IX-EXC-25")
@pytest.mark.parametrize(
    ("height", "outcome"), [(319, "covered"), (320, "excluded"), (350, "excluded"), (None, "covered")]
)
def test_a_unit_mounted_high_is_not_taken_down(router, acting, height, outcome):
    with acting(MORI):
        case = take(router, mounted_cm=height)
        assert case.outcome == outcome
        if outcome == "excluded":
            intake.rule(
                case_id=case.pk, about="exclusion", serve=True, finding="お客様が取り外す", evidence="", now=NOW
            )
            assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-EXC-00")
def test_an_exclusion_that_shows_in_the_call_is_part_of_the_preview_and_of_the_case(router, acting):
    named = service_call.Exclusion(code="IX-EXC-05", finding="コーヒーをこぼした")
    with acting(MORI):
        shown = service_call.preview(call=WHOLE, device_id=router, now=NOW, exclusion=named)
        assert shown.judgement.outcome == "excluded"
        number = service_call.open_case(call=WHOLE, device_id=router, now=NOW, exclusion=named)
        case = fresh(type("Named", (), {"number": number}))
        assert (case.outcome, case.exclusions.get().finding) == ("excluded", "コーヒーをこぼした")
