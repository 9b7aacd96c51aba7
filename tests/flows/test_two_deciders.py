"""Two people decide about one application at the same moment: one decision holds, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.contracts import Refused
from hoshu.contracts.models import Agreement, Application, Refusal
from hoshu.decisions.models import Decision
from hoshu.notifications.models import Letter, Message
from tests.contracts.cards import licence, open_for_business, router, shipped
from tests.flows.registering import JUNE_1, accepted, checked, known_scans, refused  # noqa: F401  (fixture)
from tests.people import HAYASHI, YAMADA, settle

DAY = date(2025, 6, 3)


@pytest.fixture
def clerks(transactional_db, known_scans):  # noqa: F811
    """Hayashi and Yamada, and a card that is being checked."""
    with act_as(SYSTEM):
        users = settle().users
        people = [actor_of(users[who], today=DAY) for who in (HAYASHI, YAMADA)]
    with act_as(people[0]):
        open_for_business()
        licence()
        shipped(router())
        return people, checked().pk


def at_once(people, *steps):
    """What became of each step: its result, or the sentence by which it was refused."""
    together = threading.Barrier(len(steps))

    def work(who, step):
        try:
            together.wait()
            with act_as(who):
                return step()
        except Refused as refused_:
            return refused_.message
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        return [one.result() for one in [threads.submit(work, *pair) for pair in zip(people, steps, strict=True)]]


def accept(pk):
    return lambda: accepted(Application.objects.get(pk=pk))


@pytest.mark.req("IX-REG-02", "IX-REG-03")
def test_two_people_accepting_the_same_application_make_one_agreement(clerks):
    people, pk = clerks
    results = at_once(people, accept(pk), accept(pk))
    (agreement,) = [one for one in results if isinstance(one, Agreement)]
    (told,) = [one for one in results if isinstance(one, str)]
    assert "登録完了" in told
    with act_as(SYSTEM):
        assert [one.number for one in Agreement.objects.all()] == [agreement.number]
        assert agreement.revisions.count() == 1
        assert Message.objects.filter(kind="registration.completed").count() == 1
        assert Letter.objects.count() == 1
        assert Decision.objects.filter(topic="registration").count() == 1
        assert Application.objects.get(pk=pk).events.filter(state="completed").count() == 1


@pytest.mark.req("IX-REG-02", "IX-REG-06")
def test_of_an_acceptance_and_a_refusal_one_holds(clerks):
    people, pk = clerks
    results = at_once(people, accept(pk), lambda: refused(Application.objects.get(pk=pk), "2025-06-03 14:20"))
    assert len([one for one in results if isinstance(one, str)]) == 1
    with act_as(SYSTEM):
        state = Application.objects.get(pk=pk).state
        assert state in {"completed", "refused"}
        assert Agreement.objects.count() == (state == "completed")
        assert Refusal.objects.count() == (state == "refused")
        assert Message.objects.filter(kind__startswith="registration.").count() == 1
