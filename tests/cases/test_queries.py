"""Lists of cases: what is due, for whom, in which order; and nothing of anybody else."""

from datetime import timedelta

import pytest

from hoshu.cases import dispatch, intake, queries
from hoshu.cases.queries import Filter
from tests.cases.units import moment, register, take
from tests.people import ENDO, KATO, MORI, SATO, SHIMIZU

NOW = moment("2025-06-16 12:00")


@pytest.fixture
def three(router, world, acting):
    """Three open cases and one that ended: (late, today, of Wakaba, ended)."""
    foreign = register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="W20001", plan="7d-3y")
    with acting(MORI):
        late = take(router, "2025-06-16 09:00")
        today = take(router, "2025-06-16 11:30", symptoms=["reboots"])
        other = take(foreign, "2025-06-16 11:45", reported_as="W20001", symptoms=[])
        ended = take(router, "2025-06-16 10:00")
        dispatch.decide(case_id=ended.pk, send=False, reason="復旧したため", now=NOW)
    return late, today, other, ended


def numbers(**chosen):
    return [case.number for case in queries.cases(chosen=Filter(**chosen), now=NOW)]


def test_open_cases_come_by_their_next_moment(three, acting):
    late, today, other, ended = three
    with acting(MORI):
        assert numbers() == [late.number, today.number, other.number]
        assert numbers(state="all") == [late.number, today.number, other.number, ended.number]
        assert numbers(state="closed") == [ended.number]
        assert numbers(due="late") == [late.number]
        assert numbers(due="today") == [today.number, other.number]
        assert numbers(state="all", sort="-received")[0] == other.number
        assert numbers(sort="nonsense") == numbers()


def test_words_find_by_number_serial_and_company(three, world, acting):
    late, today, other, _ = three
    with acting(MORI):
        assert numbers(text=late.number.lower()) == [late.number]
        assert numbers(text="n1-00") == [late.number, today.number]
        assert numbers(text="若葉") == [other.number]
        assert numbers(text="該当なし") == []
        intake.assign(case_id=other.pk, user_id=world.users[MORI].pk, now=NOW)
        assert numbers(assignee_id=world.users[MORI].pk) == [other.number]


def test_today_shows_what_is_late_due_and_waiting_for_others(three, acting):
    late, today, other, _ = three
    with acting(MORI):
        assert [row["number"] for row in queries.late(now=NOW, limit=9)] == [late.number]
        assert [row["number"] for row in queries.due_today(now=NOW, limit=9)] == [today.number]
        assert [row["number"] for row in queries.waiting(now=NOW, limit=9)] == [other.number]
        assert queries.late(now=NOW - timedelta(days=1), limit=9) == []


@pytest.mark.req("IX-PII-02")
def test_everybody_sees_only_the_cases_in_sight(three, acting):
    late, today, other, ended = three
    for person, seen in (
        (SATO, {late, today, ended}),
        (KATO, {other}),
        (ENDO, {late, today, ended}),
        (SHIMIZU, set()),
    ):
        with acting(person):
            assert set(numbers(state="all")) == {case.number for case in seen}
    with acting(KATO), pytest.raises(queries.NotFound):
        queries.details(number=late.number)
