"""One correction for all machines of a receipt: written at once, decided ones named, nobody's work overwritten."""

from datetime import date

import pytest

from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused
from hoshu.contracts.models import Application, ApplicationEvent, ParkedEntries
from hoshu.flows import registration
from tests.contracts.cards import at, open_for_business
from tests.contracts.forms import confirmations, machine, model, pack, packed
from tests.people import AOBA, HAYASHI, SATO, YAMADA

pytestmark = pytest.mark.django_db

NOON = "2026-01-08 11:00"
DAY = date(2026, 1, 8)
PHONE = "03-0000-9999"


@pytest.fixture
def three(acting, world):
    """Three machines under one receipt, as Hayashi sees them."""
    with acting(HAYASHI, on=DAY):
        open_for_business()
        model()
        for number in ("P001", "P002", "P003"):
            pack(number)
    with acting(SATO, on=DAY):
        draft = registration.start_online(
            service="video",
            tenant_id=world.organisations[AOBA].pk,
            entries=packed(machine(), machine("P002", "1234568"), machine("P003", "1234569")),
            confirmed=confirmations("video"),
            now=at(NOON),
        )
        registration.submit(application_id=draft.pk, confirmed=confirmations("video"), now=at(NOON))
    with acting(HAYASHI, on=DAY):
        yield list(Application.objects.order_by("id"))


def corrected(application, **changes):
    application.refresh_from_db()
    entries = {**application.entries, **changes}
    saved = registration.save(
        application_id=application.pk, based_on=application.version, entries=entries, now=at("2026-01-09 10:00")
    )
    application.refresh_from_db()
    return saved


def shared(three, *names, **how):
    how = {"application_id": three[0].pk, "based_on": versions(three), "now": at("2026-01-09 10:05"), **how}
    return registration.share(names=names or ["administrator_phone"], **how)


def versions(three):
    return {one.pk: one.version for one in three}


def phones():
    return [one.entries.get("administrator_phone") for one in Application.objects.order_by("id")]


def test_one_correction_reaches_every_machine_with_a_row_of_history_each(three):
    corrected(three[0], administrator_phone=PHONE)
    done = shared(three)
    assert (done.changed, done.overtaken, done.closed) == (three[1:], [], [])
    assert phones() == [PHONE] * 3
    assert [one.version for one in Application.objects.order_by("id")] == [2, 2, 2]
    with act_as(SYSTEM):
        for one in three[1:]:
            entry = HistoryEntry.objects.filter(table="contracts_application", row_id=one.pk).latest("id")
            assert entry.before["entries"]["administrator_phone"] == "03-0000-1234"
            assert entry.after["entries"]["administrator_phone"] == PHONE
            assert HAYASHI.name in entry.actor
    told = ApplicationEvent.objects.filter(application__in=three[1:], note__contains=f"{three[0].number} に合わせて")
    assert [event.note.split(": ")[1] for event in told] == ["利用管理者の電話番号"] * 2
    assert {one.first_entries["administrator_phone"] for one in three} == {"03-0000-1234"}, "the first words stay"


def test_what_belongs_to_a_machine_is_never_copied_but_where_it_stands_may_be(three):
    corrected(three[0], serial="7654321", purchased="2026-01-03", site_phone="022-000-9999")
    with pytest.raises(Refused, match="欄を選んで"):
        shared(three, "serial", "purchased", "pack_serial", "quantity")
    shared(three, "serial", "site_phone")
    found = [(one.entries["serial"], one.entries["site_phone"]) for one in Application.objects.order_by("id")]
    assert found == [(serial, "022-000-9999") for serial in ("7654321", "1234568", "1234569")]


def test_a_field_that_was_emptied_is_emptied_everywhere_and_what_is_alike_is_left(three):
    corrected(three[1], administrator_phone=PHONE)
    corrected(three[0], administrator_phone=PHONE)
    three[2].refresh_from_db()
    assert shared(three).changed == [three[2]], "an application that says it already gets no new version"
    entries = dict(three[0].entries)
    del entries["administrator_phone"]
    registration.save(application_id=three[0].pk, based_on=2, entries=entries, now=at("2026-01-09 11:00"))
    for one in three:
        one.refresh_from_db()
    assert len(shared(three).changed) == 2
    assert phones() == [None] * 3


def test_decided_ones_are_named_and_stay(three):
    registration.begin_check(application_id=three[2].pk, now=at("2026-01-09 09:00"))
    agreement = registration.accept(
        application_id=three[2].pk, customer_id=None, reasons={}, now=at("2026-01-09 09:30")
    )
    three[2].refresh_from_db()
    before = three[2].entries
    corrected(three[0], administrator_phone=PHONE)
    done = shared(three)
    assert (done.changed, done.closed) == ([three[1]], [three[2]])
    three[2].refresh_from_db()
    assert three[2].entries == before
    assert agreement.revisions.count() == 1


def test_what_another_clerk_saved_meanwhile_stays_and_the_new_value_is_parked_beside_it(three, acting):
    corrected(three[0], administrator_phone=PHONE)
    seen = versions(three)
    with acting(YAMADA, on=DAY):
        corrected(three[1], administrator_phone="03-0000-7777", administrator_name="山田 次郎")
    done = shared(three, based_on=seen)
    assert (done.changed, done.overtaken) == ([three[2]], [three[1]])
    assert phones() == [PHONE, "03-0000-7777", PHONE]
    (parked,) = ParkedEntries.objects.all()
    assert (parked.application_id, parked.based_on) == (three[1].pk, 1)
    assert parked.entries["administrator_phone"] == PHONE
    assert parked.entries["administrator_name"] == "山田 次郎", "only the chosen field differs from what was saved"


def test_the_model_itself_must_be_what_was_seen(three, acting):
    seen = versions(three)
    with acting(YAMADA, on=DAY):
        corrected(three[0], administrator_phone=PHONE)
    with pytest.raises(Refused, match="新しくなりました"):
        shared(three, based_on=seen)
    assert phones() == [PHONE, "03-0000-1234", "03-0000-1234"]


def test_another_receipt_is_never_touched(three, acting, world):
    with acting(HAYASHI, on=DAY):
        pack("P004")
    with acting(SATO, on=DAY):
        draft = registration.start_online(
            service="video",
            tenant_id=world.organisations[AOBA].pk,
            entries=packed(machine("P004", "1234599")),
            confirmed=confirmations("video"),
            now=at(NOON),
        )
    corrected(three[0], administrator_phone=PHONE)
    shared(three, based_on={**versions(three), draft.pk: draft.version})
    draft.refresh_from_db()
    assert draft.entries["administrator_phone"] == "03-0000-1234"


def test_many_machines_cost_no_more_than_two(three, django_assert_max_num_queries):
    corrected(three[0], administrator_phone=PHONE)
    with django_assert_max_num_queries(8):
        shared(three)
