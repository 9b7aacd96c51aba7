"""提供終了の決定: the software of a model ends for everybody who has it, by one decision of two persons."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hoshu.contracts import Refused, discontinuations, finding, stock
from hoshu.contracts.models import Discontinuation, Ending
from hoshu.decisions.models import Decision
from hoshu.flows import discontinuing
from hoshu.flows import ending as flow
from hoshu.notifications.models import Message
from tests.contracts.agreed import concluded
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, WAKABA, YAMADA

pytestmark = pytest.mark.django_db
MOMENT = "2026-02-11 15:00"
NOON, LATER = at("2026-02-11 12:00"), at("2026-02-11 13:00")


@pytest.fixture
def office(acting):
    """Hayashi, the clerk, in a house that sends mails."""
    with acting(HAYASHI, on=date(2026, 2, 11)) as actor:
        open_for_business()
        yield actor


@pytest.fixture
def product_a(office):
    return stock.enter_product(service="video", name="映像装置A", code="VA-A")


@pytest.fixture
def sold(world, product_a):
    """`sold("V1")` is an agreement about a machine of the model A, of Aoba unless another is named."""
    return lambda serial, who=AOBA, **more: concluded(
        "video", world.organisations[who].pk, serial=serial, product=product_a, **more
    )


def proposed(product, **changes):
    said = {"ground": "infringement", "scope": "software", "at": at(MOMENT), "evidence": "権利者の警告書が届いた"}
    return discontinuing.propose(product_id=product.pk, **said | {"now": NOON} | changes)


@pytest.fixture
def agreed(acting):
    """Yamada, the second person, agrees; the worker does its work."""

    def approve(kept, now=LATER):
        with acting(YAMADA, on=now.date()):
            discontinuing.approve(discontinuation_id=kept.pk, now=now)
            made = discontinuing.carry_on(discontinuation_id=kept.pk, now=now)
        kept.refresh_from_db()
        return made

    return approve


def served(agreement, moment):
    """Until when hardware and software are served, as the terms are told at a moment."""
    [cover] = finding.unit(device_id=agreement.device_id).covers
    fact = cover.as_fact(at(moment))
    return fact["hardware_end"], fact["software_end"]


# ---- the worked examples


@pytest.mark.req("VA-TRM-06")
def test_a_decision_ends_the_program_for_all_who_have_it_at_its_minute_and_hardware_stays(
    product_a, sold, world, agreed
):
    """2026-02-11 15:00 on the product A."""
    ours = [sold("V1"), sold("V2"), sold("V3", WAKABA)]
    other = concluded("video", world.organisations[AOBA].pk, serial="B1")
    whole = other.ends_on.isoformat()
    kept = proposed(product_a)
    assert (kept.clause, kept.proposed_by.name, kept.part) == ("第1章 4.(ii)", HAYASHI.name, "software")
    # Before a second person agreed nothing ends and nobody is told.
    assert not Ending.objects.exists()
    assert not Message.objects.filter(kind="agreement.cancelled").exists()
    assert agreed(kept) == 3
    for agreement in ours:
        assert served(agreement, "2026-02-11 14:59") == (whole, "2026-02-11")
        assert served(agreement, MOMENT) == (whole, "2026-02-10")
        agreement.refresh_from_db()
        assert (agreement.state, agreement.ends_on.isoformat(), agreement.ended_at) == ("active", whole, None)
        assert agreement.part_ends == {"hardware": whole, "software": "2026-02-11"}
        ending = agreement.endings.get()
        assert (ending.effective_at, ending.refund, ending.clause) == (at(MOMENT), False, "第1章 4.(ii)")
        assert (ending.proposed_by.name, ending.approved_by.name) == (HAYASHI.name, YAMADA.name)
        assert ending.notice.tenant_id == agreement.tenant_id
        assert agreement.number in ending.notice.text
        assert "ソフトウェアだけを終了します" in ending.notice.text
        assert {kept.topic for kept in Decision.objects.filter(about=agreement.number, at=LATER)} == {
            "ending",
            "coverage",
        }
    assert served(other, MOMENT) == (whole, whole)
    assert not other.endings.exists()
    assert kept.state[0] == "決定済"
    # Its moment comes: carried out like any other ending, and the decision is done.
    assert flow.carry_out_due(now=at("2026-02-11 14:59")) == 0
    assert flow.carry_out_due(now=at(MOMENT)) == 3
    assert discontinuing.carry_on_all(now=at("2026-02-11 15:05")) == 0
    kept.refresh_from_db()
    assert kept.state[0] == "実施済"


@pytest.mark.req("VA-TRM-07")
@pytest.mark.parametrize("ground", ["customer_cannot_use", "cannot_continue"])
def test_a_lost_licence_closes_the_program_from_that_time(product_a, sold, agreed, ground):
    agreement = sold("V1")
    kept = proposed(product_a, ground=ground, at=at("2026-03-31 00:00"), evidence="使用許諾契約が終わった")
    agreed(kept)
    ending = agreement.endings.get()
    assert (ending.ground, ending.clause, ending.part) == (ground, "第1章 4.(iii)", "software")
    assert served(agreement, "2026-03-30 23:59")[1] == "2026-03-30"
    assert served(agreement, "2026-03-31 00:00")[1] == "2026-03-30"
    agreement.refresh_from_db()
    assert (agreement.state, agreement.part_ends["software"]) == ("active", "2026-03-30")


@pytest.mark.req("VA-TRM-06")
def test_the_whole_service_ends_only_where_the_decision_says_so(product_a, sold, agreed):
    agreement = sold("V1")
    kept = proposed(product_a, scope="all")
    agreed(kept)
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.ended_at, agreement.state) == (date(2026, 2, 11), at(MOMENT), "active")
    flow.carry_out_due(now=at(MOMENT))
    agreement.refresh_from_db()
    assert agreement.state == "terminated"


@pytest.mark.req("VA-TRM-06")
def test_one_agreement_alone_and_one_of_many_come_to_the_same(product_a, sold, acting, agreed):
    alone, among = sold("V1"), sold("V2")
    one = flow.propose(
        agreement_id=alone.pk,
        by="provider",
        ground="infringement",
        part="software",
        at=at(MOMENT),
        evidence="権利者の警告書が届いた",
        now=NOON,
    )
    with acting(YAMADA, on=LATER.date()):
        flow.approve(ending_id=one.pk, now=LATER)
    agreed(proposed(product_a))
    of_each = (
        "by",
        "ground",
        "clause",
        "measure",
        "part",
        "evidence",
        "effective_at",
        "last_day",
        "refund",
        "settled_at",
    )
    same = [[getattr(kept.endings.get(), name) for name in of_each] for kept in (alone, among)]
    assert same[0] == same[1]
    for kept in (alone, among):
        kept.refresh_from_db()
    assert (alone.part_ends, alone.ends_on, alone.state) == (among.part_ends, among.ends_on, among.state)
    texts = {kept.number: kept.endings.get().notice.text.replace(kept.number, "") for kept in (alone, among)}
    assert len({*texts.values()}) == 1


# ---- whom it meets


@pytest.mark.req("VA-TRM-06")
def test_what_has_ended_or_will_is_left_out_and_the_reason_is_told(product_a, sold, agreed, acting):
    running, stopped, short, ending, waiting = (sold(f"V{nth}") for nth in range(5))
    stopped.state = "terminated"
    stopped.save()
    short.ends_on = date(2026, 2, 10)
    short.save()
    flow.stop(agreement_id=ending.pk, on=date(2026, 6, 30), now=NOON)
    flow.propose(
        agreement_id=waiting.pk,
        by="provider",
        ground="cannot_continue",
        part="software",
        at=at("2026-02-12 10:00"),
        evidence="提供元の通知",
        now=NOON,
    )
    found = discontinuations.reach(product=product_a, part="software", at=at(MOMENT))
    assert ([kept.number for kept in found.agreements], found.count, found.customers) == ([running.number], 1, 1)
    assert {kept.number: kept.because for kept in found.left_out} == {
        stopped.number: "すでに終わっています",
        short.number: "この日時の前に満了します",
        ending.number: "契約の全体が終わることになっています",
        waiting.number: "同じ範囲の終了が、すでに起票または決定されています",
    }
    assert found.left_out_count == 4
    kept = proposed(product_a)
    assert agreed(kept) == 1
    assert [one.agreement_id for one in kept.endings.all()] == [running.pk]


@pytest.mark.req("VA-TRM-06")
def test_a_part_that_is_over_by_then_does_not_end_again(product_a, sold):
    over = sold("V1")
    over.part_ends = over.part_ends | {"software": "2026-02-10"}
    over.save()
    found = discontinuations.reach(product=product_a, part="software", at=at(MOMENT))
    assert [kept.because for kept in found.left_out] == ["この範囲は、この日時の前に終わります"]
    assert discontinuations.reach(product=product_a, part="", at=at(MOMENT)).count == 1


@pytest.mark.req("VA-TRM-06")
def test_who_registers_up_to_the_moment_comes_along(product_a, sold, agreed):
    sold("V1")
    kept = proposed(product_a)
    between = sold("V2", now="2026-02-11 12:30")
    assert agreed(kept) == 2
    after = sold("V3", now="2026-02-11 14:00")
    assert discontinuing.carry_on_all(now=at("2026-02-11 14:05")) == 1
    assert [served(one, MOMENT)[1] for one in (between, after)] == ["2026-02-10", "2026-02-10"]
    discontinuing.carry_on_all(now=at(MOMENT))
    sold("V4", now="2026-02-11 16:00")
    assert discontinuing.carry_on_all(now=at("2026-02-11 16:05")) == 0


@pytest.mark.req("VA-TRM-06")
def test_whom_their_own_terms_refuse_to_end_stays_and_is_named(product_a, sold, agreed, monkeypatch):
    kept_on, ended = sold("V1"), sold("V2")
    real = flow._coverage

    def refusing(agreement, *args):
        if agreement.pk == kept_on.pk:
            raise Refused("この版では終えられません。", "第9章")
        return real(agreement, *args)

    kept = proposed(product_a)
    with monkeypatch.context() as patch:
        patch.setattr(flow, "_coverage", refusing)
        assert agreed(kept) == 1
    assert kept.left_out == {kept_on.number: "この版では終えられません。（第9章）"}
    assert ended.endings.exists()
    assert not kept_on.endings.exists()
    # Once its terms allow it, the next look takes it in.
    assert discontinuing.carry_on_all(now=LATER) == 1
    kept.refresh_from_db()
    assert kept.left_out == {}


# ---- pressed twice, broken off, many


@pytest.mark.req("VA-TRM-06")
def test_nothing_is_made_twice(product_a, sold, agreed, acting):
    sold("V1")
    kept = proposed(product_a)
    assert proposed(product_a) == kept
    with pytest.raises(Refused, match="「承認待ち」の提供終了の決定があります"):
        proposed(product_a, ground="cannot_continue")
    agreed(kept)
    assert discontinuing.carry_on(discontinuation_id=kept.pk, now=LATER) == 0
    with acting(YAMADA, on=LATER.date()), pytest.raises(Refused, match="この決定は「決定済」です"):
        discontinuing.approve(discontinuation_id=kept.pk, now=LATER)
    assert (Discontinuation.objects.count(), Ending.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="agreement.cancelled").count() == 1


@pytest.mark.req("VA-TRM-06")
def test_a_worker_that_broke_off_goes_on_where_it_stopped(product_a, sold, acting, monkeypatch):
    for nth in range(5):
        sold(f"V{nth}")
    kept = proposed(product_a)
    monkeypatch.setattr(discontinuing, "AT_ONCE", 2)
    with acting(YAMADA, on=LATER.date()):
        discontinuing.approve(discontinuation_id=kept.pk, now=LATER)
        discontinuing._some(kept.pk, 0, LATER)
    assert kept.endings.count() == 2
    assert discontinuing.carry_on_all(now=LATER) == 3
    assert Message.objects.filter(kind="agreement.cancelled").count() == 5


@pytest.mark.req("VA-TRM-06")
def test_many_take_as_many_queries_as_few(product_a, sold, acting):
    counts = []
    for size, moment in ((2, "2026-02-11 15:00"), (8, "2026-02-11 16:00")):
        for nth in range(size):
            sold(f"V{size}{nth}")
        kept = proposed(product_a, at=at(moment))
        with acting(YAMADA, on=LATER.date()):
            discontinuing.approve(discontinuation_id=kept.pk, now=LATER)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert discontinuing.carry_on(discontinuation_id=kept.pk, now=at(moment)) == size
        counts.append(len(seen))
    assert counts[0] == counts[1]


# ---- two persons, bad input


@pytest.mark.req("VA-TRM-06", "VA-TRM-07")
@pytest.mark.parametrize(
    ("changes", "message", "clause"),
    [
        ({"ground": ""}, "終える理由を選んでください", ""),
        ({"scope": ""}, "終える範囲を選んでください", "第1章 4.(ii)"),
        ({"scope": "hardware"}, "終える範囲を選んでください", "第1章 4.(ii)"),
        ({"evidence": "　"}, "証拠と事実を入力してください", "第1章 4.(ii)"),
        ({"at": None}, "終える日付と時刻を入力してください", "第1章 4.(ii)"),
        ({"at": at("2026-02-11 11:59")}, "過ぎています。これからの日時で", "第1章 4.(ii)"),
        ({"ground": "stopped_using"}, "お客様だけです", "第3章 1.3"),
        ({"ground": "insolvency"}, "契約ごとに起票してください", "第3章 1.2(2)②"),
        ({"ground": "bored"}, "定めがないため", "第3章 1.2(4)"),
    ],
)
def test_a_decision_that_leaves_something_open_is_refused(product_a, sold, changes, message, clause):
    sold("V1")
    with pytest.raises(Refused, match=message) as refused:
        proposed(product_a, **changes)
    assert refused.value.clause == clause
    assert not Discontinuation.objects.exists()


@pytest.mark.req("VA-TRM-06")
def test_a_product_that_nobody_has_is_refused(product_a):
    with pytest.raises(Refused, match="映像装置A の契約で、この日時に終えられるものはありません"):
        proposed(product_a)


@pytest.mark.req("VA-TRM-06")
def test_another_person_agrees_and_in_time(product_a, sold, acting):
    sold("V1")
    kept = proposed(product_a)
    with pytest.raises(Refused, match="別の人の承認"):
        discontinuing.approve(discontinuation_id=kept.pk, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Discontinuation.objects.filter(pk=kept.pk).update(approved_by=kept.proposed_by)
    with acting(YAMADA, on=LATER.date()), pytest.raises(Refused, match="過ぎています"):
        discontinuing.approve(discontinuation_id=kept.pk, now=at("2026-02-11 15:01"))
    assert discontinuing.carry_on(discontinuation_id=kept.pk, now=LATER) == 0
    assert not Ending.objects.exists()


@pytest.mark.req("VA-TRM-06")
def test_what_is_withdrawn_ends_nothing_and_makes_room(product_a, sold, acting):
    sold("V1")
    kept = proposed(product_a)
    with pytest.raises(Refused, match="取り下げる理由"):
        discontinuing.withdraw(discontinuation_id=kept.pk, reason=" ", now=LATER)
    discontinuing.withdraw(discontinuation_id=kept.pk, reason="警告が取り下げられた", now=LATER)
    with acting(YAMADA, on=LATER.date()), pytest.raises(Refused, match="「取り下げ」"):
        discontinuing.approve(discontinuation_id=kept.pk, now=LATER)
    assert proposed(product_a).pk != kept.pk
