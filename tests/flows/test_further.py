"""A second UTM through the desk: asked for, added to the contract, dispatched, and ended with it (MM-SUP-04)."""

from datetime import date

import pytest

from hoshu import catalog
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, consignments, endings, stock
from hoshu.contracts.models import Agreement, ChangeRequest, Consignment
from hoshu.decisions.models import Decision
from hoshu.flows import changes, ending, further, registration, shipping
from hoshu.notifications.models import Message
from tests.contracts.agreed import lent, watched
from tests.contracts.cards import at, open_for_business
from tests.flows.selling import CONFIRMED, MANDATE, mimamori
from tests.people import AOBA, HAYASHI, KATO, MORI, SATO, SHIMIZU

pytestmark = pytest.mark.django_db
PLACE = "東京都港区海辺0-1 2階"


@pytest.fixture
def main(acting, world):
    """Aoba's first machine, in use since 2025-04-06."""
    with acting(HAYASHI, on=date(2025, 7, 1)):
        open_for_business()
        return lent(watched(world.organisations[AOBA].pk))


@pytest.fixture
def desk(acting, main):
    with acting(MORI, on=date(2025, 7, 1)):
        yield


def asked(main, *, now="2025-07-01 10:00", channel="desk", **said):
    said = {"machines": 1, "place": PLACE, "why": "つなぐ機器が100台を超えるため", "asked_by": "佐藤 花子"} | said
    return further.ask(agreement_id=main.pk, channel=channel, now=at(now), **said)


def added(main, *, now="2025-07-02 10:00", **said):
    request = asked(main, **said)
    changes.begin_check(request_id=request.pk, now=at(now))
    return further.add(request_id=request.pk, now=at(now))


def dispatched(agreement, serial):
    product = stock.enter_product(service="mimamori", name=f"UTM装置 {serial}", code=f"UTM-{serial}")
    consignments.enter_unit(product_id=product.pk, serial=serial, manufactured_on=None)
    parcel = agreement.consignments.get(kind="unit")
    return shipping.ship(consignment_id=parcel.pk, unit_serial=serial, carrier="配送", now=at("2025-07-04 10:00"))


@pytest.mark.req("MM-SUP-04")
def test_asked_for_on_1_july_and_dispatched_on_4_july_under_the_same_contract(main, acting):
    with acting(SATO, on=date(2025, 7, 1)):
        request = asked(main, channel="portal")
    assert (request.state, request.lines[0]["clause"]) == ("submitted", "5.2")
    assert [line["after"] for line in request.lines[0]["lines"]] == ["1台", PLACE, "つなぐ機器が100台を超えるため"]
    with acting(MORI, on=date(2025, 7, 1)):
        changes.begin_check(request_id=request.pk, now=at("2025-07-02 10:00"))
        [agreement] = further.add(request_id=request.pk, now=at("2025-07-02 10:00"))
    with acting(HAYASHI, on=date(2025, 7, 4)):
        parcel = dispatched(agreement, "ZA0002")
        agreement = Agreement.objects.get(pk=agreement.pk)
        main.refresh_from_db()
        assert agreement.belongs_to == main
        same = ("tenant_id", "service", "edition", "plan", "reseller_id", "contract_start")
        assert [getattr(agreement, name) for name in same] == [getattr(main, name) for name in same]
        assert (agreement.application, agreement.starts_on, agreement.state) == (None, None, "active")
        assert agreement.number != main.number
        assert (parcel.unit.serial, parcel.unit.agreement, agreement.device.serial) == ("ZA0002", agreement, "ZA0002")
        parties = {one.kind: one for one in agreement.revisions.get().parties.all()}
        assert (parties["contact"].email, parties["site"].address) == ("sato@example.jp", PLACE)
        request = ChangeRequest.objects.get(pk=request.pk)
        assert (request.state, request.revision.agreement) == ("applied", agreement)
        assert request.events.latest("id").note == f"{agreement.number} を追加しました。"
        assert Decision.objects.filter(about=agreement.number, act="機器の追加").count() == 1
        assert Message.objects.filter(about=agreement.number, kind="registration.completed").exists()


@pytest.mark.req("MM-SUP-04", "MM-FLW-05")
def test_its_own_initial_setting_starts_it(main, desk, acting):
    [agreement] = added(main)
    with acting(HAYASHI, on=date(2025, 7, 4)):
        parcel = dispatched(agreement, "ZA0002")
        shipping.arrived(consignment_id=parcel.pk, now=at("2025-07-05 10:00"))
        shipping.installed(agreement_id=agreement.pk, at=at("2025-07-06 10:00"), now=at("2025-07-06 10:00"))
        shipping.set_up(agreement_id=agreement.pk, at=at("2025-07-06 11:00"), now=at("2025-07-06 11:00"))
        agreement.refresh_from_db()
        assert (agreement.starts_on, agreement.ends_on) == (date(2025, 7, 6), None)


@pytest.mark.req("MM-SUP-04")
def test_several_machines_have_a_number_and_a_parcel_each(main, desk):
    made = added(main, machines=3)
    assert len({one.number for one in made}) == 3
    assert Consignment.objects.filter(agreement__in=made, kind="unit").count() == 3


@pytest.mark.req("MM-SUP-04")
@pytest.mark.parametrize(
    "said", [{"machines": 0}, {"machines": 21}, {"machines": -1}, {"place": " "}, {"why": ""}], ids=str
)
def test_what_cannot_be_is_refused_with_the_clause(main, desk, said):
    with pytest.raises(Refused) as refused:
        asked(main, **said)
    assert refused.value.clause == "5.2"
    assert not ChangeRequest.objects.exists()


@pytest.mark.req("MM-SUP-04")
def test_nothing_is_added_to_what_is_not_running_or_is_to_end(main, desk, acting):
    request = asked(main)
    changes.begin_check(request_id=request.pk, now=at("2025-07-02 10:00"))
    with acting(HAYASHI, on=date(2025, 7, 2)):
        ending.stop(agreement_id=main.pk, on=date(2025, 7, 10), now=at("2025-07-02 11:00"))
    with pytest.raises(Refused, match="終わることになっている") as refused:
        further.add(request_id=request.pk, now=at("2025-07-03 10:00"))
    assert refused.value.clause == "5.2"
    Agreement.objects.filter(pk=main.pk).update(state="suspended")
    with pytest.raises(Refused, match="「中断」") as refused:
        further.add(request_id=request.pk, now=at("2025-07-03 10:00"))
    assert refused.value.clause == "5.2"
    assert not Agreement.objects.filter(belongs_to=main).exists()


@pytest.mark.req("MM-SUP-04")
def test_a_further_one_has_no_further_ones(main, desk):
    [agreement] = added(main)
    with pytest.raises(Refused, match=f"主たる契約 {main.number}"):
        asked(agreement)


@pytest.mark.req("MM-SUP-04")
def test_a_person_looks_first_and_adds_once(main, desk):
    request = asked(main)
    with pytest.raises(Refused, match="確認を始める"):
        further.add(request_id=request.pk, now=at("2025-07-02 10:00"))
    changes.begin_check(request_id=request.pk, now=at("2025-07-02 10:00"))
    with pytest.raises(Refused, match="追加する"):
        changes.apply(request_id=request.pk, note="はい", now=at("2025-07-02 10:00"))
    with pytest.raises(Refused, match="差し戻せません"):
        changes.send_back(request_id=request.pk, reason="台数", now=at("2025-07-02 10:00"))
    further.add(request_id=request.pk, now=at("2025-07-02 10:00"))
    with pytest.raises(Refused):
        further.add(request_id=request.pk, now=at("2025-07-02 11:00"))
    assert Agreement.objects.filter(belongs_to=main).count() == 1


@pytest.mark.req("MM-SUP-04")
def test_a_change_that_was_begun_stays_as_it_is(main, acting):
    with acting(SATO, on=date(2025, 7, 1)):
        begun = changes.start(agreement_id=main.pk, channel="portal", asked_by="佐藤", now=at("2025-07-01 09:00"))
        changes.save(request_id=begun.pk, based_on=1, entries={}, said={"note": "途中"}, now=at("2025-07-01 09:00"))
        request = asked(main, channel="portal")
        begun.refresh_from_db()
        assert (request.pk == begun.pk, begun.state, begun.said) == (False, "draft", {"note": "途中"})


@pytest.mark.req("MM-SUP-04")
def test_a_second_application_is_led_to_the_desk(main, desk, acting, world):
    with pytest.raises(registration.HasOne) as hint:
        mimamori(world, now="2025-07-01 10:00")
    assert (hint.value.number, hint.value.clause) == (main.number, "5.2")
    assert "窓口" in hint.value.message


@pytest.mark.req("MM-SUP-04")
def test_a_form_that_was_begun_before_is_kept_and_led_to_the_desk(acting, world):
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        draft = mimamori(world, now="2025-03-25 10:00")
        main = lent(watched(world.organisations[AOBA].pk))
        with pytest.raises(registration.HasOne) as hint:
            registration.submit(
                application_id=draft.pk, confirmed=CONFIRMED, mandate=MANDATE, now=at("2025-07-01 10:00")
            )
        before = draft.entries
        draft.refresh_from_db()
        assert (hint.value.number, draft.state, draft.entries) == (main.number, "draft", before)


@pytest.mark.req("MM-SUP-04", "MM-TRM-01")
def test_the_main_one_takes_its_further_ones_with_it(main, desk, acting):
    in_use, waiting = added(main, machines=2)
    with acting(HAYASHI, on=date(2025, 7, 4)):
        parcel = dispatched(in_use, "ZA0002")
        shipping.arrived(consignment_id=parcel.pk, now=at("2025-07-05 10:00"))
        shipping.installed(agreement_id=in_use.pk, at=at("2025-07-06 10:00"), now=at("2025-07-06 10:00"))
        shipping.set_up(agreement_id=in_use.pk, at=at("2025-07-06 11:00"), now=at("2025-07-06 11:00"))
        ending.stop(agreement_id=main.pk, on=date(2025, 8, 10), now=at("2025-08-01 10:00"))
    with act_as(SYSTEM):
        ending.carry_out_due(now=at("2025-09-01 00:00"))
        for one in (main, in_use, waiting):
            one.refresh_from_db()
        assert {one.state for one in (main, in_use, waiting)} == {"stopped"}
        assert in_use.ends_on == main.ends_on == date(2025, 8, 31)
        assert waiting.ends_on is None
        assert in_use.lent_units.get().state == "collecting"


@pytest.mark.req("MM-SUP-04", "MM-TRM-01")
def test_a_further_one_ends_alone(main, desk, acting):
    one, other = added(main, machines=2)
    with acting(HAYASHI, on=date(2025, 7, 10)):
        ending.stop(agreement_id=one.pk, on=date(2025, 7, 10), now=at("2025-07-10 10:00"))
    with act_as(SYSTEM):
        ending.carry_out_due(now=at("2025-08-01 00:00"))
        for each in (main, one, other):
            each.refresh_from_db()
        assert [each.state for each in (main, one, other)] == ["active", "stopped", "active"]


@pytest.mark.req("MM-SUP-04", "MM-TRM-01")
def test_one_that_was_to_end_later_ends_with_the_main_one(main, desk, acting):
    [one] = added(main)
    with acting(HAYASHI, on=date(2025, 7, 10)):
        ending.stop(agreement_id=one.pk, on=date(2025, 9, 10), now=at("2025-07-10 10:00"))
        ending.stop(agreement_id=main.pk, on=date(2025, 8, 10), now=at("2025-07-11 10:00"))
        kept = list(one.endings.order_by("id"))
        assert [each.state[0] for each in kept] == ["取り下げ", "決定済"]
        assert kept[1].last_day == date(2025, 8, 31)
        one.refresh_from_db()
        assert one.ended_at == at("2025-09-01 00:00")


@pytest.mark.req("MM-SUP-04", "MM-CND-27")
def test_what_two_persons_ended_ends_the_further_ones_once_both_agreed(main, desk, acting):
    [one] = added(main)
    grounds = endings.grounds(catalog.edition(main.service, main.edition))
    ground = next(each for each in grounds if "provider" in each.open_to and each.needs == "evidence")
    with acting(HAYASHI, on=date(2025, 8, 1)):
        kept = ending.propose(
            agreement_id=main.pk,
            by="provider",
            ground=ground.code,
            at=at("2025-08-01 12:00"),
            evidence="事実の記録",
            now=at("2025-08-01 10:00"),
        )
        assert not one.endings.exists()
    with acting(MORI, on=date(2025, 8, 1)):
        ending.approve(ending_id=kept.pk, now=at("2025-08-01 11:00"))
    with act_as(SYSTEM):
        ending.carry_out_due(now=at("2025-09-01 12:00"))
        kept.refresh_from_db()
        follows = one.endings.get()
        one.refresh_from_db()
        assert (follows.effective_at, follows.approved_by) == (kept.effective_at, kept.approved_by)
        assert one.state == "terminated"


def stopped(agreement, acting, *, now, at_=None):
    """Two persons stop the use of an agreement."""
    day = at(now).date()
    with acting(HAYASHI, on=day):
        kept = ending.propose(
            agreement_id=agreement.pk,
            by="provider",
            ground="antisocial",
            at=at(at_ or now),
            measure="suspend",
            evidence="事実の記録",
            now=at(now),
        )
    with acting(MORI, on=day):
        return ending.approve(ending_id=kept.pk, now=at(now))


def states(*agreements):
    with act_as(SYSTEM):
        return [Agreement.objects.get(pk=one.pk).state for one in agreements]


@pytest.mark.req("MM-SUP-04", "MM-CND-27")
def test_the_further_ones_stop_and_go_on_with_the_main_one(main, desk, acting):
    one, other = added(main, machines=2)
    kept = stopped(main, acting, now="2025-09-10 14:00")
    assert states(main, one, other) == ["suspended"] * 3
    with acting(HAYASHI, on=date(2025, 9, 11)):
        follows = one.endings.get()
        assert (follows.follows, follows.effective_at, follows.measure) == (kept, at("2025-09-10 14:00"), "suspend")
        assert (follows.proposed_by, follows.approved_by) == (kept.proposed_by, kept.approved_by)
        assert Message.objects.filter(kind="agreement.cancelled", about=one.number).exists()
        with pytest.raises(Refused, match=f"主たる契約 {main.number} の利用が止まって"):
            ending.resume(ending_id=follows.pk, reason="この機器は別", now=at("2025-09-11 10:00"))
        ending.resume(ending_id=kept.pk, reason="疑いが晴れた", now=at("2025-09-12 10:00"))
    assert states(main, one, other) == ["active"] * 3


@pytest.mark.req("MM-SUP-04", "MM-CND-27")
def test_one_that_was_stopped_alone_stays_so(main, desk, acting):
    one, other = added(main, machines=2)
    own = stopped(one, acting, now="2025-09-09 14:00")
    assert states(main, one, other) == ["active", "suspended", "active"]
    kept = stopped(main, acting, now="2025-09-10 14:00")
    with acting(HAYASHI, on=date(2025, 9, 12)):
        ending.resume(ending_id=kept.pk, reason="疑いが晴れた", now=at("2025-09-12 10:00"))
    assert states(main, one, other) == ["active", "suspended", "active"]
    with acting(HAYASHI, on=date(2025, 9, 12)):
        ending.resume(ending_id=own.pk, reason="疑いが晴れた", now=at("2025-09-12 11:00"))
    assert states(main, one, other) == ["active"] * 3


@pytest.mark.req("MM-SUP-04", "MM-CND-27")
def test_nothing_is_added_to_what_is_to_stop_and_what_ended_meanwhile_does_not_come_back(main, desk, acting):
    one, other = added(main, machines=2)
    kept = stopped(main, acting, now="2025-09-10 10:00", at_="2025-09-10 14:00")
    assert states(main, one, other) == ["active"] * 3
    with acting(MORI, on=date(2025, 9, 10)), pytest.raises(Refused, match="止まることになっている"):
        asked(main, now="2025-09-10 11:00")
    with act_as(SYSTEM):
        ending.carry_out_due(now=at("2025-09-10 14:00"))
    assert states(main, one, other) == ["suspended"] * 3
    with acting(HAYASHI, on=date(2025, 9, 20)):
        ending.stop(agreement_id=one.pk, on=date(2025, 9, 20), now=at("2025-09-20 10:00"))
    with act_as(SYSTEM):
        ending.carry_out_due(now=at("2025-10-01 00:00"))
    with acting(HAYASHI, on=date(2025, 10, 2)):
        ending.resume(ending_id=kept.pk, reason="疑いが晴れた", now=at("2025-10-02 10:00"))
    assert states(main, one, other) == ["active", "stopped", "active"]


@pytest.mark.req("MM-SUP-04", "MM-ACC-03")
@pytest.mark.parametrize("stranger", [KATO, SHIMIZU], ids=["another customer", "another seller"])
def test_nobody_asks_for_or_sees_what_is_others(main, desk, acting, stranger):
    added(main)
    request = asked(main)
    with acting(stranger, on=date(2025, 7, 3)):
        assert not Agreement.objects.exists()
        assert not ChangeRequest.objects.exists()
        with pytest.raises(Agreement.DoesNotExist):
            asked(main, channel="portal")
        with pytest.raises(ChangeRequest.DoesNotExist):
            further.add(request_id=request.pk, now=at("2025-07-03 10:00"))
