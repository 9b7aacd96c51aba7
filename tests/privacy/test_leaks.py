"""漏えい等の台帳: the clocks of the law, everybody who is told, and what has to be there before an end."""

from datetime import date

import pytest

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.notifications.models import Message
from hoshu.privacy import Refused, leaks, queries
from hoshu.privacy.models import LeakPerson
from tests.cases.units import moment
from tests.contracts.cards import open_for_business
from tests.people import KATO, SATO

FOUND = moment("2026-02-10 09:10")


@pytest.fixture
def system(world):
    with act_as(SYSTEM) as actor:
        open_for_business()
        yield actor


def leak(world, **changed):
    facts = {
        "found_at": FOUND,
        "how": "お客様からの電話",
        "what": "別のお客様あてのメールに名簿を添付した",
        "cause": "missent",
        "malicious": False,
        "reportable": True,
        "why_reportable": "1,000人を超える",
        "items": ["お名前", "メールアドレス"],
        "tenant_ids": [world.tenant(SATO)],
        "now": moment("2026-02-10 09:30"),
    }
    return leaks.found(**{**facts, **changed})


def days(row, today=date(2026, 2, 10)):
    return [clock.last for clock in leaks.clocks(row, today=today)]


@pytest.mark.req("RC-PII-05", "VA-PRI-07")
@pytest.mark.parametrize(
    ("found_at", "malicious", "expected"),
    [
        # Tuesday, the first day; the fifth is a Saturday before Sunday: Monday. The thirtieth is 2026-03-11.
        ("2026-02-10 09:10", False, [date(2026, 2, 16), date(2026, 3, 11)]),
        ("2026-02-10 23:59", True, [date(2026, 2, 16), date(2026, 4, 10)]),
        # The thirtieth day, 2026-12-30, lies in the closed days of the year end.
        ("2026-12-01 10:00", False, [date(2026, 12, 7), date(2027, 1, 4)]),
    ],
)
def test_the_clocks_of_the_law(system, world, found_at, malicious, expected):
    at = moment(found_at)
    assert days(leak(world, found_at=at, malicious=malicious, now=at)) == expected


def test_an_incident_that_is_not_reported_has_no_clock_and_says_why(system, world):
    row = leak(world, reportable=False, why_reportable="暗号化されていた")
    assert days(row) == []
    with pytest.raises(Refused, match="1人からでも報告の対象"):
        leak(world, reportable=False, malicious=True)


@pytest.mark.req("RC-PII-05", "VA-PRI-07")
def test_nothing_is_closed_before_everything_is_done(system, world):
    row = leak(world)
    leaks.collect_persons(leak_id=row.pk)

    def closing(match):
        with pytest.raises(Refused, match=match):
            leaks.close(leak_id=row.pk, text="", now=moment("2026-03-01 10:00"))

    def noted(kind, when, text="受付番号 1"):
        return leaks.note(leak_id=row.pk, kind=kind, text=text, at=moment(when), now=moment(when))

    closing("対策をまだ")
    noted("measure", "2026-02-10 12:00", "宛先を二人で確かめる")
    closing("まだ連絡していないお客様")
    leaks.told_customer(
        leak_id=row.pk,
        tenant_id=world.tenant(SATO),
        whom="佐藤様",
        text="電話で伝えた",
        at=moment("2026-02-10 10:00"),
        now=moment("2026-02-10 10:05"),
    )
    closing("確報を")
    with pytest.raises(Refused, match="先に速報"):
        noted("final", "2026-02-20 10:00")
    noted("preliminary", "2026-02-13 10:00")
    noted("final", "2026-02-20 10:00")
    closing("通知していないご本人")
    leaks.write_to_persons(leak_id=row.pk, text="お詫び", now=moment("2026-02-21 10:00"))
    for person in LeakPerson.objects.filter(leak=row, told_at=None):
        leaks.told_person(
            leak_id=row.pk,
            person_id=person.pk,
            text="電話",
            at=moment("2026-02-21 11:00"),
            now=moment("2026-02-21 11:00"),
        )
    leaks.close(leak_id=row.pk, text="", now=moment("2026-03-01 10:00"))
    with pytest.raises(Refused, match="終結して"):
        noted("note", "2026-03-02 10:00")
    assert [clock.late for clock in leaks.clocks(leaks.leaks().get(pk=row.pk), today=date(2026, 6, 1))] == [
        False,
        False,
    ]


@pytest.mark.req("RC-PII-05")
def test_the_persons_concerned_are_listed_and_written_to_once(router, world):
    with act_as(SYSTEM):
        row = leak(world)
        listed = leaks.collect_persons(leak_id=row.pk)
        assert leaks.collect_persons(leak_id=row.pk) == listed
        names = set(LeakPerson.objects.filter(leak=row).values_list("name", "email"))
        assert ("田中 一郎", "it@aoba.example.jp") in names
        assert (SATO.name, SATO.email) in names
        assert not any(KATO.name == name for name, _ in names)
        written, left = leaks.write_to_persons(leak_id=row.pk, text="お詫び申し上げます。", now=FOUND)
        mails = Message.objects.filter(kind="personal.leaked")
        assert written == mails.count() > 0
        assert all("お詫び申し上げます。" in mail.text for mail in mails)
        assert leaks.write_to_persons(leak_id=row.pk, text="もう一度", now=FOUND) == (0, left)


@pytest.mark.req("VA-PRI-07")
def test_what_waits_stands_on_the_list_of_today_by_its_clock(system, world):
    row = leak(world)
    told = [(task.text, task.due, task.late) for task in queries.tasks(now=moment("2026-02-11 09:00"))]
    assert (f"漏えい等{row.pk} 速報（おおむね3〜5日以内）", date(2026, 2, 16), False) in told
    late = [task for task in queries.tasks(now=moment("2026-02-17 09:00")) if task.late]
    assert {task.text.split(" ", 1)[1] for task in late} == {
        "速報（おおむね3〜5日以内）",
        "青葉商事株式会社への連絡（速やかに）",
    }


@pytest.mark.req("VA-PRI-07")
def test_a_customer_sees_what_it_was_told_and_nothing_of_others(world, acting):
    with act_as(SYSTEM):
        row = leak(world)
        leaks.told_customer(
            leak_id=row.pk, tenant_id=world.tenant(SATO), whom="佐藤様", text="電話", at=FOUND, now=FOUND
        )
    with acting(SATO):
        assert [one.told_at for one in queries.told_of_leaks(world.tenant(SATO))] == [FOUND]
    with acting(KATO):
        assert not queries.told_of_leaks(world.tenant(SATO))
        assert not leaks.leaks()


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"how": " "}, "どのように見つかったか"),
        ({"what": ""}, "起きたこと"),
        ({"items": [" "]}, "項目"),
        ({"found_at": moment("2026-02-11 00:00")}, "未来"),
    ],
)
def test_what_is_missing_is_said(system, world, changed, match):
    with pytest.raises(Refused, match=match):
        leak(world, **changed)
