"""Two people decide about one thing at the same moment: one decision holds, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.contracts import Refused
from hoshu.contracts.form import Block
from hoshu.contracts.models import Agreement, Application, ChangeRequest, Consignment, Device, Refusal, Revision
from hoshu.decisions.models import Decision
from hoshu.files.models import StoredFile
from hoshu.flows import changes, registration, shipping, transfer
from hoshu.notifications.models import Letter, Message
from tests.contracts.cards import at, licence, open_for_business, router, shipped
from tests.flows import selling
from tests.flows.registering import SCAN, accepted, another, checked, known_scans, refused  # noqa: F401  (fixture)
from tests.flows.test_selling import machine
from tests.people import AOBA, HAYASHI, KONDO, WAKABA, YAMADA, settle

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


# ---- changes of what is registered

OCTOBER_1 = at("2025-10-01 10:00")
MOVED, CALLED = {"site_address": "北海道札幌市中央区0-0"}, {"contact_phone": "03-0000-0099"}


@pytest.fixture
def running(transactional_db, known_scans):  # noqa: F811
    """Hayashi and Yamada, and two running routers of Aoba."""
    with act_as(SYSTEM):
        world = settle()
        people = [actor_of(world.users[who], today=DAY) for who in (HAYASHI, YAMADA)]
    aoba = world.organisations[AOBA].pk
    with act_as(people[0]):
        open_for_business()
        licence()
        shipped(router())
        return people, [accepted(checked(), customer=aoba), another(2, aoba)]


def typed(agreement, entries, **said):
    request = changes.start(agreement_id=agreement.pk, channel="desk", asked_by="佐藤 花子", now=OCTOBER_1)
    said = {"effective": "2025/10/1", **said}
    return changes.save(request_id=request.pk, based_on=1, entries=entries, said=said, now=OCTOBER_1).request


def taken(agreement, entries, **said):
    """A request that somebody at the desk has taken."""
    request = changes.submit(request_id=typed(agreement, entries, **said).pk, partly=False, now=OCTOBER_1)
    return changes.begin_check(request_id=request.pk, now=OCTOBER_1)


def apply(request):
    return lambda: changes.apply(request_id=request.pk, note="", now=OCTOBER_1)


@pytest.mark.req("IX-CHG-08", "MM-CHG-01")
def test_two_people_applying_the_same_change_make_one_revision(running):
    people, [agreement, _] = running
    with act_as(people[0]):
        request = taken(agreement, MOVED)
    [told] = [one for one in at_once(people, apply(request), apply(request)) if isinstance(one, str)]
    assert "反映済" in told
    with act_as(SYSTEM):
        assert [one.number for one in agreement.revisions.order_by("number")] == [1, 2]
        assert Message.objects.filter(kind="registration.changed").count() == 1
        assert request.events.filter(state="applied").count() == 1


@pytest.mark.req("IX-CHG-08")
def test_of_two_changes_of_one_agreement_neither_is_lost(running):
    people, [agreement, _] = running
    with act_as(people[0]):
        each = [taken(agreement, MOVED), taken(agreement, CALLED)]
    assert not [one for one in at_once(people, *map(apply, each)) if isinstance(one, str)]
    with act_as(SYSTEM):
        last = agreement.revisions.get(number=3)
        parties = {party.kind: party for party in last.parties.all()}
        assert (parties["site"].address, parties["contact"].phone) == ("北海道札幌市中央区0-0", "03-0000-0099")


@pytest.mark.req("IX-CHGF-04")
def test_two_people_sending_the_same_form_make_its_requests_once(running):
    people, [first, second] = running
    with act_as(people[0]):
        request = typed(first, MOVED, also=[second.number])

    def send():
        return changes.submit(request_id=request.pk, partly=False, now=OCTOBER_1)

    assert len([one for one in at_once(people, send, send) if isinstance(one, str)]) == 1
    with act_as(SYSTEM):
        made = ChangeRequest.objects.order_by("id")
        assert [(one.agreement_id, one.state) for one in made] == [(first.pk, "submitted"), (second.pk, "submitted")]


@pytest.mark.req("IX-CHGF-04", "IX-CHG-08")
def test_two_people_applying_the_same_form_make_one_revision_of_each(running):
    people, [first, second] = running
    with act_as(people[0]):
        request = changes.submit(request_id=typed(first, MOVED, also=[second.number]).pk, partly=False, now=OCTOBER_1)

    def both():
        return changes.apply_together(request_id=request.pk, note="", now=OCTOBER_1)

    results = at_once(people, both, both)
    assert sorted(len(one.applied) for one in results) == [0, 2]
    with act_as(SYSTEM):
        assert Revision.objects.filter(number=2).count() == Revision.objects.exclude(number=1).count() == 2
        assert Message.objects.filter(kind="registration.changed").count() == 2


@pytest.mark.req("IX-ASG-01")
def test_two_people_passing_the_same_agreement_on_make_one_successor(running):
    people, [agreement, _] = running
    consent = {"wishes": ["transfer"], "consent_on": "2025/9/20", "consent_written": "yes", "new_customer": WAKABA}
    with act_as(people[0]):
        request = taken(agreement, {}, **consent)

    def pass_on():
        return transfer.carry_out(
            request_id=request.pk,
            contact=Block(company=WAKABA, name="加藤 次郎", email="kato@wakaba.example.jp", phone="03-0000-0001"),
            accepted_by="加藤 次郎",
            consent=("承諾書.pdf", SCAN),
            declared_personal_number=False,
            note="",
            now=OCTOBER_1,
        )

    results = at_once(people, pass_on, pass_on)
    [new] = [one for one in results if isinstance(one, Agreement)]
    [told] = [one for one in results if isinstance(one, str)]
    assert "反映済" in told
    with act_as(SYSTEM):
        assert [one.pk for one in Agreement.objects.filter(transferred_on__isnull=False)] == [new.pk]
        assert Device.objects.filter(serial=new.device.serial).count() == 2
        assert StoredFile.objects.filter(purpose="transfer_consent").count() == 1


# ---- a payment that is cancelled meanwhile

APRIL_1 = at("2025-04-01 10:00")


@pytest.fixture
def forwarded(transactional_db):
    """Kondo and Hayashi, and what Kondo applied for on a payment; its contact has confirmed it and a clerk took it."""
    with act_as(SYSTEM):
        world = settle()
        seller, clerk = people = [actor_of(world.users[who], today=date(2025, 4, 1)) for who in (KONDO, HAYASHI)]
    with act_as(clerk):
        open_for_business()
    with act_as(seller):
        application = selling.forwarded(selling.applied(world))
    selling.confirmed(application)
    with act_as(clerk):
        return people, registration.begin_check(application_id=application.pk, now=APRIL_1)


def cancel(application):
    return lambda: registration.cancel_payment(application_id=application.pk, reason="組戻し", now=APRIL_1)


def ship(agreement):
    parcel = agreement.consignments.get()
    return lambda: shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0001", now=APRIL_1)


@pytest.mark.req("MM-FLW-03")
def test_a_payment_cancelled_while_it_is_accepted_ships_nothing(forwarded):
    people, application = forwarded
    cancelled, _ = at_once(
        people,
        cancel(application),
        lambda: registration.accept(application_id=application.pk, customer_id=None, reasons={}, now=APRIL_1),
    )
    assert isinstance(cancelled, Application)
    with act_as(people[1]):
        application.refresh_from_db()
        assert application.entries["payment"] == "open"
        made = Agreement.objects.first()
        assert application.state == ("completed" if made else "submitted")
        if made:
            machine("ZA0001")
            with pytest.raises(Refused, match="入金の確認が取り消されている"):
                ship(made)()


@pytest.mark.req("MM-FLW-03")
def test_of_a_cancelled_payment_and_a_parcel_that_leaves_one_holds(forwarded):
    people, application = forwarded
    with act_as(people[1]):
        made = registration.accept(application_id=application.pk, customer_id=None, reasons={}, now=APRIL_1)
        machine("ZA0001")
        leaving = ship(made)
    results = at_once(people, cancel(application), leaving)
    assert len([one for one in results if isinstance(one, str)]) == 1
    with act_as(SYSTEM):
        application.refresh_from_db()
        left = Consignment.objects.get().shipped_at is not None
        assert (application.entries["payment"] == "open") != left
