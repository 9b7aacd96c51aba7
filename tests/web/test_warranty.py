"""保証書と権利の留保: free repair is asked for with the card, and serving without a duty gives up no right."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import dispatch, intake, queries
from hoshu.cases.models import Case, Ruling
from hoshu.cases.progress import Blocked
from hoshu.cases.words import RulingAbout, StepKind
from hoshu.flows import service_call
from tests.cases.units import WHOLE, moment
from tests.contracts.agreed import concluded
from tests.contracts.cards import open_for_business
from tests.people import AOBA, HAYASHI, KATO, MORI, SATO, World

pytestmark = pytest.mark.django_db
FAULT = moment("2025-04-20 10:00")
"""A Sunday, on which no plan serves."""
CARD = {
    "warranty_card_shown": "yes",
    "warranty_numbers": "Ｖ-100、OP-77",
    "warranty_until": "2026/4/1",
    "warranty_dealer": "つばさ販売",
}
SAID = {"channel": "phone", "caller_name": "佐藤 花子", "reported_as": "V100", "serial_confirmed": "on", "site": ""}
NO_WAIVER = "今回の対応は、権利を放棄するものではありません。"


@pytest.fixture
def machine(acting, world: World):
    """A machine whose pack was bought on 2025-04-18: its notice of completion did not arrive."""
    with acting(HAYASHI, on=date(2025, 4, 18)):
        open_for_business()
        agreement = concluded("video", world.organisations[AOBA].pk, now="2025-04-18 10:00")
        agreement.state = "unnotified"
        agreement.save()
    return agreement


def text(response):
    return response.content.decode()


def opened(machine, login, acting, **said):
    response = login(MORI).post(reverse("console:call", args=[machine.device_id]), {**SAID, **said})
    assert response.status_code == 302, text(response)
    with acting(MORI, FAULT.date()):
        return Case.objects.select_related("entitlement").latest("pk")


@pytest.mark.req("VA-WAR-03")
def test_the_card_alone_brings_the_repair_without_the_hours_of_the_pack(machine, login, acting, time_machine):
    time_machine.move_to(FAULT, tick=False)
    case = opened(machine, login, acting, **CARD)
    assert (case.outcome, case.entitlement.answer["basis"], case.attend_from) == ("covered", "warranty", None)
    assert case.entitlement.reasons[0]["clause"] == "第1章 2.1"
    assert (case.warranty_numbers, case.warranty_until, case.warranty_dealer) == (
        "Ｖ-100、OP-77",
        date(2026, 4, 1),
        "つばさ販売",
    )
    page = text(login(MORI).get(reverse("console:case", args=[case.number])))
    for words in ("無償保証だけで修理します", "お約束はありません", "提示された Ｖ-100、OP-77", "つばさ販売"):
        assert words in page
    assert "次の対応時間" not in page


@pytest.mark.req("VA-WAR-03")
@pytest.mark.parametrize(
    "card",
    [
        {"warranty_card_shown": "no"},
        {"warranty_card_shown": "no", "warranty_until": "2026/4/1"},
        {**CARD, "warranty_numbers": "9999999"},
        {**CARD, "warranty_until": ""},
    ],
    ids=["no card", "not shown", "another machine", "no limit"],
)
def test_what_no_card_proves_is_held_and_kept(card, machine, login, acting, time_machine):
    time_machine.move_to(FAULT, tick=False)
    case = opened(machine, login, acting, **card)
    assert (case.outcome, case.entitlement.answer["needs"]) == ("on_hold", ["warranty_card"])
    assert case.entitlement.reasons[0]["text"].startswith("保証を確かめられない")
    with acting(MORI, FAULT.date()):
        changes = {"warranty_card_shown": True, "warranty_numbers": "V100", "warranty_until": date(2026, 4, 1)}
        intake.fill(case_id=case.pk, changes=changes, now=FAULT)
        assert queries.get(number=case.number).outcome == "covered"


@pytest.mark.req("VA-WAR-03")
@pytest.mark.parametrize(("at", "outcome"), [("2026-04-01 23:59", "covered"), ("2026-04-02 00:00", "not_covered")])
def test_the_warranty_holds_through_its_last_day(at, outcome, machine, login, acting, time_machine):
    time_machine.move_to(moment(at), tick=False)
    assert opened(machine, login, acting, **CARD).outcome == outcome


@pytest.mark.req("VA-WAR-03")
def test_who_holds_an_accepted_pack_needs_no_card(machine, login, acting, time_machine):
    time_machine.move_to(FAULT, tick=False)
    with acting(HAYASHI, FAULT.date()):
        machine.state = "active"
        machine.save()
    case = opened(machine, login, acting, warranty_card_shown="no")
    assert (case.outcome, case.entitlement.answer["basis"]) == ("covered", None)


@pytest.mark.req("VA-WAR-03")
def test_only_services_with_a_warranty_and_only_the_desk_ask_for_the_card(machine, router, login, time_machine):
    time_machine.move_to(FAULT, tick=False)
    assert "保証書の番号" in text(login(MORI).get(reverse("console:call", args=[machine.device_id])))
    assert "保証書の番号" not in text(login(MORI).get(reverse("console:call", args=[router])))
    assert "保証書の番号" not in text(login(SATO).get(reverse("portal:report_unit", args=[machine.device_id])))
    assert login(KATO).get(reverse("portal:report_unit", args=[machine.device_id])).status_code == 404


# ---- 権利の留保


def moved(machine, acting):
    """A call about a machine that stands elsewhere than registered."""
    with acting(HAYASHI, FAULT.date()):
        machine.state = "active"
        machine.save()
        said = {name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__}
        call = type(WHOLE)(**{**said, "reported_as": "V100", "site_matches": False})
        number = service_call.open_case(call=call, device_id=machine.device_id, now=FAULT)
        return queries.get(number=number)


@pytest.mark.req("VA-MSC-06")
def test_a_skipped_refusal_says_on_case_paper_and_portal_that_no_right_is_given_up(
    machine, login, acting, time_machine
):
    time_machine.move_to(FAULT, tick=False)
    case = moved(machine, acting)
    assert case.outcome == "on_hold"
    page, paper = reverse("console:case", args=[case.number]), reverse("console:case_paper", args=[case.number])
    assert NO_WAIVER not in text(login(MORI).get(page))
    with acting(HAYASHI, FAULT.date()) as clerk:
        intake.rule(
            case_id=case.pk,
            about=RulingAbout.SITE,
            serve=True,
            finding="今回に限り対応する",
            evidence="",
            now=FAULT,
        )
        ruling = Ruling.objects.get()
        assert (ruling.actor, ruling.finding) == (clerk.name, "今回に限り対応する")
        reasons = queries.get(number=case.number).entitlement.reasons
        assert {"clause": "第3章 1.13(6)", "rule": "VA-MSC-06", "text": NO_WAIVER}.items() <= reasons[-1].items()
    for address in (page, paper):
        assert NO_WAIVER in text(login(MORI).get(address))
    portal = reverse("portal:case", args=[case.number])
    assert NO_WAIVER in text(login(SATO).get(portal))
    assert login(KATO).get(portal).status_code == 404


@pytest.mark.req("VA-MSC-06")
def test_who_skips_a_refusal_says_who_and_why(machine, acting, time_machine):
    time_machine.move_to(FAULT, tick=False)
    case = moved(machine, acting)
    said = {"case_id": case.pk, "about": RulingAbout.SITE, "serve": True, "evidence": "", "now": FAULT}
    with acting(HAYASHI, FAULT.date()), pytest.raises(Blocked, match="確認したこと"):
        intake.rule(**said, finding=" ")
    with act_as(SYSTEM), pytest.raises(Blocked, match="判断した人"):
        intake.rule(**said, finding="今回に限り対応する")
    with acting(HAYASHI, FAULT.date()):
        row = {"tenant_id": case.tenant_id, "case": case, "about": RulingAbout.SITE, "serve": True, "at": FAULT}
        with pytest.raises(IntegrityError, match="ruling_with_author"), transaction.atomic():
            Ruling.objects.create(**row, finding="今回に限り対応する", actor="")
        with pytest.raises(IntegrityError, match="ruling_with_finding"), transaction.atomic():
            Ruling.objects.create(**row, finding="", actor="林")


def test_a_worker_is_sent_where_the_terms_know_no_levels_of_restoration(machine, login, acting, time_machine):
    time_machine.move_to(FAULT, tick=False)
    case = opened(machine, login, acting, **CARD)
    with acting(MORI, FAULT.date()):
        intake.fill(
            case_id=case.pk, changes={"site_address": "東京都港区海辺0-0", "site_contact": "佐藤 花子"}, now=FAULT
        )
        intake.rule(
            case_id=case.pk,
            about=RulingAbout.EVIDENCE,
            serve=True,
            finding="電話で症状を確かめた",
            evidence="",
            now=FAULT,
        )
        dispatch.decide(case_id=case.pk, send=True, reason="電源の故障とみられる", now=FAULT)
        steps = [*queries.get(number=case.number).steps.values_list("kind", flat=True)]
    assert steps
    assert StepKind.INSTALL_SOFTWARE not in steps
