"""A service is over for a customer: one run does what follows, once, and goes on where it was interrupted (RC-SUR-02).

The worked example: it ends at 2026-04-01 00:00:00; the run is interrupted and starts again at 00:05. Certificates and
reports of machines are not here.
"""

from datetime import date

import pytest
from django.urls import reverse

from hoshu import catalog
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, closings, queries
from hoshu.contracts.models import Agreement, Closing, Consent, DataCheck, Party
from hoshu.decisions import record
from hoshu.flows import changes, ending, reminders, works
from hoshu.flows import closing as flow
from hoshu.notifications import queries as notifications
from hoshu.notifications.models import Message
from hoshu.privacy import Refused as NotRecorded
from hoshu.privacy import erasing, ledger
from hoshu.privacy import queries as privacy
from hoshu.privacy.models import RetentionRun
from hoshu.publishing.models import WorkReceipt
from tests.contracts.agreed import concluded
from tests.contracts.cards import at, open_for_business
from tests.files.samples import pdf
from tests.people import AOBA, HAYASHI, KATO, KONDO, SATO, WAKABA, YAMADA

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 12)
LAST = date(2026, 3, 31)
BEFORE, END, AGAIN = "2026-03-31 23:59:59", "2026-04-01 00:00:00", "2026-04-01 00:05:00"


@pytest.fixture
def office(acting):
    with acting(HAYASHI, on=DAY) as actor:
        open_for_business()
        yield actor


@pytest.fixture
def care(office, world):
    return concluded("remote-care", world.organisations[AOBA].pk, serial="PR0001")


@pytest.fixture
def ended(care):
    """It stops with the end of March."""
    return stopped(care)


def stopped(agreement, on=LAST):
    ending.stop(agreement_id=agreement.pk, on=on, now=at("2026-03-01 10:00"))
    agreement.refresh_from_db()
    return agreement


def run(moment):
    """The job at a moment: first what ends, then what follows."""
    ending.carry_out_due(now=at(moment))
    return flow.run_due(now=at(moment))


def notices():
    return list(Message.objects.filter(kind="service.ended").order_by("pk"))


# ---- one run


@pytest.mark.req("RC-SUR-02", "RC-PUR-03")
def test_the_run_begins_with_the_moment_of_the_end_and_tells_the_contact_once(ended):
    assert run(BEFORE) == 0
    assert not Closing.objects.exists()
    assert run(END) == 1
    (notice,) = notices()
    assert (notice.to, notice.purpose_code, notice.used_for) == ("sato@example.jp", "P2", "運営上の連絡（第4条 (2)）")
    assert notice.reason == "サービスの終わりの日時が来たため"
    assert "2026/04/01(水) 00:00に終わりました" in notice.text
    for said in ("サービス提供\n資料等の送付\n新商品・新サービスの案内", "運営上の連絡", "品質向上"):
        assert said in notice.text.replace("  ", "")
    assert "新しくお申し込みください" in notice.text
    kept = Closing.objects.get()
    assert (kept.ends_at, kept.agreement, kept.notice) == (at(END), ended, notice)
    assert (kept.finished_at, list(kept.done)) == (at(END), ["held", "notice"])
    ended.refresh_from_db()
    assert ended.state == "stopped"


@pytest.mark.req("RC-SUR-02")
@pytest.mark.parametrize("broken", list(flow.STEPS))
def test_a_run_that_was_interrupted_goes_on_with_what_is_left(ended, monkeypatch, broken):
    """Killed in the middle at 00:00:20, started again at 00:05: no double notice, the rest is done."""
    steps = dict(flow.STEPS)

    def killed(closing, now):
        steps[broken](closing, now)
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "STEPS", {**steps, broken: killed})
    with pytest.raises(KeyboardInterrupt):
        run("2026-04-01 00:00:20")
    kept = Closing.objects.get()
    assert (kept.finished_at, broken in kept.done) == (None, False)
    before = dict(kept.done)
    monkeypatch.setattr(flow, "STEPS", steps)
    assert run(AGAIN) == 1
    kept.refresh_from_db()
    assert kept.finished_at == at(AGAIN)
    assert {step: kept.done[step] for step in before} == before, "what was done is not done again"
    assert len(notices()) == 1


@pytest.mark.req("RC-SUR-02")
def test_killed_after_the_notice_and_before_the_end_of_the_run_nobody_is_told_twice(ended, monkeypatch):
    def killed(closing_id, *, now):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(closings, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            run("2026-04-01 00:00:20")
    assert len(notices()) == 1
    assert [run(moment) for moment in (AGAIN, "2026-04-01 00:10", "2026-04-02 09:00")] == [1, 0, 0]
    assert len(notices()) == 1


@pytest.mark.req("RC-SUR-02", "RC-GEN-07")
def test_of_several_machines_the_last_one_ends_the_service_with_one_notice(care, world):
    other = concluded("remote-care", world.organisations[AOBA].pk, serial="PR0002")
    third = concluded("remote-care", world.organisations[AOBA].pk, serial="PR0003")
    stopped(care, on=date(2026, 3, 15))
    stopped(other)
    stopped(third)
    assert run("2026-03-16 00:00") == 0
    assert run(END) == 1
    assert [notice.about for notice in notices()] == [third.number]


@pytest.mark.req("RC-SUR-02")
def test_the_interruption_of_one_customer_leaves_the_others_for_the_next_run(ended, world, monkeypatch):
    stopped(concluded("remote-care", world.organisations[WAKABA].pk, serial="PR0009"))
    steps, told = dict(flow.STEPS), []

    def once(closing, now):
        if told:
            raise KeyboardInterrupt
        told.append(closing.pk)
        return steps["notice"](closing, now)

    monkeypatch.setattr(flow, "STEPS", {**steps, "notice": once})
    with pytest.raises(KeyboardInterrupt):
        run("2026-04-01 00:00:20")
    assert len(notices()) == 1
    monkeypatch.setattr(flow, "STEPS", steps)
    assert run(AGAIN) == 1
    assert len({notice.tenant_id for notice in notices()}) == len(notices()) == 2


@pytest.mark.req("RC-SUR-02")
def test_a_run_that_fails_holds_up_no_other_and_is_tried_again(ended, world, monkeypatch):
    stopped(concluded("remote-care", world.organisations[WAKABA].pk, serial="PR0009"))
    steps = dict(flow.STEPS)

    def failing(closing, now):
        if closing.tenant_id == ended.tenant_id:
            raise ZeroDivisionError
        return steps["held"](closing, now)

    monkeypatch.setattr(flow, "STEPS", {**steps, "held": failing})
    with pytest.raises(ExceptionGroup):
        run(END)
    assert [notice.tenant_id for notice in notices()] == [world.organisations[WAKABA].pk]
    monkeypatch.setattr(flow, "STEPS", steps)
    assert run(AGAIN) == 1
    assert len(notices()) == 2


@pytest.mark.req("RC-SUR-02")
def test_an_end_that_just_comes_is_run_too_and_an_old_one_tells_nobody(care):
    Agreement.objects.filter(pk=care.pk).update(ends_on=LAST)
    assert run("2026-05-15 00:00") == 0
    assert run(BEFORE) == 0
    assert run(END) == 1
    assert len(notices()) == 1


@pytest.mark.req("RC-SUR-02")
def test_an_end_decided_late_is_run_when_it_is_carried_out(care, acting):
    kept = ending.propose(
        agreement_id=care.pk, by="provider", ground="other", at=at("2026-02-01 00:00"), evidence="届け出の遅れ",
        now=at("2026-05-01 10:00"),
    )  # fmt: skip
    with acting(YAMADA, on=date(2026, 5, 1)):
        ending.approve(ending_id=kept.pk, now=at("2026-05-01 11:00"))
        assert run("2026-05-01 11:05") == 1


@pytest.mark.req("RC-SUR-02")
def test_a_service_whose_terms_know_no_such_run_ends_without_one(office, world):
    pack = stopped(concluded("video", world.organisations[AOBA].pk))
    assert catalog.edition("video", pack.edition).after_end is None
    assert run(END) == 0
    assert not notices()


@pytest.mark.req("RC-SUR-02", "RC-PUR-03")
def test_the_end_notice_to_a_contact_without_an_address_is_somebodys_task(ended):
    Party.objects.filter(revision__agreement=ended).update(email="")
    run(END)
    (notice,) = notices()
    assert notice.pk in {task.pk for task in notifications.unhandled()}


# ---- what stops, and what goes on


def consented(agreement, item):
    return Consent.objects.create(
        tenant_id=agreement.tenant_id, service="remote-care", edition="1", person="佐藤 花子",
        at=at("2026-01-12 10:00"), channel="web", item=item, text="希望します", clauses=[],
    )  # fmt: skip


def asked_for_material(agreement, moment):
    return ledger.record_entry(
        tenant_id=agreement.tenant_id, kind="material", service="remote-care", edition="1", person="佐藤 花子",
        text="カタログを希望します", clauses_=["第4条 (3)"], at=at(moment), channel="phone", now=at(moment), item="P3",
    )  # fmt: skip


def allowed(agreement, purpose, moment):
    answer = ledger.may_use(
        tenant_id=agreement.tenant_id, service="remote-care", purpose=purpose, personal=True, at=at(moment)
    )
    return answer.values["allowed"], answer.reasons[0]["clause"]


@pytest.mark.req("RC-SUR-02", "RC-PUR-02")
@pytest.mark.parametrize(
    ("purpose", "goes_on"),
    [("P1", False), ("P2", True), ("P3", False), ("P4", True), ("P6", False)],
)
def test_from_the_moment_of_the_end_nothing_is_used_for_the_purposes_that_stop(ended, purpose, goes_on):
    """Nothing waits for the run: the promotional mail too stops to the second."""
    with act_as(SYSTEM):
        consented(ended, "news")
        asked_for_material(ended, "2026-02-01 10:00")
        assert allowed(ended, purpose, BEFORE)[0] is True
        after = allowed(ended, purpose, END)
    assert after[0] is goes_on
    if not goes_on:
        assert after[1] == "第3条"


@pytest.mark.req("RC-SUR-02")
@pytest.mark.parametrize("kind", ["material", "purpose"])
def test_no_wish_is_taken_any_more_for_what_stopped(ended, kind):
    given = {
        "tenant_id": ended.tenant_id, "kind": kind, "service": "remote-care", "edition": "1", "person": "佐藤 花子",
        "text": "希望します", "clauses_": [], "channel": "phone",
    }  # fmt: skip
    with act_as(SYSTEM):
        ledger.record_entry(**given, at=at(BEFORE), now=at(BEFORE))
        with pytest.raises(NotRecorded, match="規約が終わったため") as refused:
            ledger.record_entry(**given, at=at(END), now=at(END))
    assert refused.value.clause == "第3条"


@pytest.mark.req("RC-SUR-02")
def test_nothing_is_delivered_and_nobody_is_reminded_after_the_end(ended):
    def outcome(moment):
        question = {"ask": "entitlement", "service": "remote-care", "edition": "1", "plan": "basic"}
        cover = {"start": "2026-01-10", "end": ended.ends_on.isoformat()}
        return record.ask({**question, "facts": {"at": at(moment).isoformat(), "coverage": cover}}).values["outcome"]

    assert (outcome(BEFORE), outcome(END)) == ("covered", "not_covered")
    run(END)
    sent = Message.objects.count()
    assert reminders.remind(now=at("2026-04-01 09:00")) == 0
    assert reminders.ask_for_data(now=at("2027-01-12 09:00")) == 0
    assert Message.objects.count() == sent


@pytest.mark.req("RC-SUR-02", "RC-IPR-02")
def test_downloads_stop_with_the_end(ended, login, time_machine):
    said = {"service": "remote-care", "title": "手引き", "version": "1", "right_holder": "提供元", "text": ""}
    work = works.publish(**said, filename="手引き.pdf", content=pdf("手引き"), now=at("2026-01-12 10:00"))
    for moment, status in ((BEFORE, 200), (END, 423)):
        time_machine.move_to(at(moment), tick=False)
        found = login(SATO).get(reverse("portal:work_download", args=[work.pk]))
        assert found.status_code == status
    assert WorkReceipt.objects.count() == 1
    assert "約款 第9条" in found.content.decode()


@pytest.mark.req("RC-SUR-02")
def test_the_customers_own_history_is_read_and_not_written(ended, login, time_machine):
    with act_as(SYSTEM):
        DataCheck.objects.create(tenant_id=ended.tenant_id, agreement=ended, due_on=LAST, asked_at=at(BEFORE))
    page, memo = (reverse(f"portal:agreement{name}", args=[ended.number]) for name in ("", "_memo"))
    time_machine.move_to(at(BEFORE), tick=False)
    customer = login(SATO)
    assert "保存しました" in customer.post(memo, {"text": "3階の北側"}, follow=True).content.decode()
    time_machine.move_to(at(END), tick=False)
    customer = login(SATO)
    for address, sent in (
        (memo, {"text": "書き換え"}),
        (reverse("portal:change_start", args=[ended.number]), {}),
        (reverse("portal:data_check", args=[ended.number]), {"answer": "same"}),
    ):
        assert "書き込みはできません" in customer.post(address, sent, follow=True).content.decode()
    shown = customer.get(page).content.decode()
    assert "3階の北側" in shown
    assert f'action="{memo}"' not in shown
    assert "変わりはありません" not in shown
    assert ended.device.serial in shown


@pytest.mark.req("RC-SUR-02")
def test_a_change_begun_before_the_end_is_not_written_after_it(ended, acting):
    with acting(SATO, on=LAST):
        begun = changes.start(agreement_id=ended.pk, channel="portal", asked_by="佐藤", now=at(BEFORE))
        typed = {"request_id": begun.pk, "based_on": begun.version, "entries": {}, "said": {"note": "移設"}}
        with pytest.raises(Refused, match="書き込みはできません") as refused:
            changes.save(**typed, now=at(END))
        assert refused.value.clause == "第11条"
        assert changes.save(**typed, now=at(BEFORE)).request.said
        with pytest.raises(Refused, match="書き込みはできません"):
            changes.submit(request_id=begun.pk, partly=False, now=at(END))


# ---- what is still held


@pytest.mark.req("RC-SUR-02")
def test_what_is_still_held_is_listed_for_staff_and_for_the_customer(ended, world, login, time_machine):
    concluded("remote-care", world.organisations[WAKABA].pk, serial="PR0009")
    with act_as(SYSTEM):
        consented(ended, "news")
    run(END)
    held = Closing.objects.get().held
    assert (held["連絡先、設置場所、管理者"], held["機器の番号と所有者"], held["同意した方"]) == (3, 1, 1)
    assert "同意した方 1件" in notices()[0].text
    time_machine.move_to(at(AGAIN), tick=False)
    shown = {}
    for person, address, day in (
        (HAYASHI, "console:ending", "2026/04/01(水)"),
        (SATO, "portal:agreement", '<span class="day">2026年4月1日(水)</span>'),
    ):
        shown[person] = login(person).get(reverse(address, args=[ended.number])).content.decode()
        for said in ("同意した方 1件", "機器の番号と所有者 1件", f"{day} 00:00 に終わりました"):
            assert said in shown[person]
        for purpose in ("サービス提供", "資料等の送付", "新商品・新サービスの案内"):
            assert f"{purpose} <span" in shown[person]
        assert "新しくお申し込みください" in shown[person]
    assert "お客様へのお知らせ" in shown[HAYASHI]
    assert "お客様へのお知らせ" not in shown[SATO]


def test_a_seller_reads_that_it_is_over_and_not_what_is_held(ended, login, time_machine):
    run(END)
    time_machine.move_to(at(AGAIN), tick=False)
    shown = login(KONDO).get(reverse("portal:agreement", args=[ended.number])).content.decode()
    assert "サービスの終わりは取り消せません" in shown
    assert "今お預かりしている情報" not in shown
    assert notices()[0].subject not in shown


@pytest.mark.req("RC-SUR-02")
def test_what_was_erased_is_not_held_any_more(ended):
    with act_as(SYSTEM):
        before = privacy.held_of(ended.tenant_id)
        retention = RetentionRun.objects.create(
            as_of=LAST, dry=False, started_at=at(AGAIN), started_by="担当", found={}, kept={}
        )
        parties = list(Party.objects.filter(revision__agreement=ended).values_list("pk", flat=True))
        erasing.erase_rows(model="contracts.Party", ids=parties, cause=retention, now=at(AGAIN))
        assert sum(before.values()) - sum(privacy.held_of(ended.tenant_id).values()) == len(parties) == 1


# ---- no way back but a new application


@pytest.mark.req("RC-SUR-02")
def test_the_end_is_not_undone(ended, login, time_machine):
    run(END)
    kept = queries.endings_of(ended).get()
    with pytest.raises(Refused, match="新しくお申し込みください") as refused:
        ending.withdraw(ending_id=kept.pk, reason="続けたい", now=at(AGAIN))
    assert refused.value.clause == "第3条"
    time_machine.move_to(at(AGAIN), tick=False)
    answer = login(HAYASHI).post(
        reverse("console:ending_withdraw", args=[ended.number]), {"row": kept.pk, "reason": "続けたい"}
    )
    assert answer.status_code == 422
    assert "新しくお申し込みください。（第3条）" in answer.content.decode()
    ended.refresh_from_db()
    assert (ended.state, ended.ended_at) == ("stopped", at(END))


@pytest.mark.req("RC-SUR-02")
def test_a_new_application_begins_anew_and_may_end_anew(ended, world):
    run(END)
    with act_as(SYSTEM):
        consented(ended, "news")
    again = concluded("remote-care", world.organisations[AOBA].pk, serial="PR0002", now="2026-05-01 10:00")
    assert allowed(again, "P1", "2026-05-01 10:00")[0] is True
    assert closings.read_only(again, at("2026-05-01 10:00")) is None
    assert closings.read_only(ended, at("2026-05-01 10:00")) is not None
    ending.stop(agreement_id=again.pk, on=date(2026, 5, 31), now=at("2026-05-10 10:00"))
    assert run("2026-06-01 00:00") == 1
    assert len(notices()) == 2


# ---- who sees it


@pytest.mark.req("RC-SUR-02")
def test_the_record_of_a_run_is_seen_by_its_own_customer_only(ended, acting, login, time_machine):
    run(END)
    with acting(SATO, on=LAST):
        assert Closing.objects.count() == 1
    with acting(KATO, on=LAST):
        assert Closing.objects.count() == 0
    time_machine.move_to(at(AGAIN), tick=False)
    assert login(KATO).get(reverse("portal:agreement", args=[ended.number])).status_code == 404
