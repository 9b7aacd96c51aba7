"""The same form on the web, and what may not be stored at all."""

import pytest

from hoshu.contracts import Refused
from hoshu.contracts.models import (
    Application,
    ApplicationFile,
    Consent,
)
from hoshu.files import store
from hoshu.flows import registration
from hoshu.notifications.models import Letter, Message
from tests.contracts.cards import CONFIRMATIONS, at, card, online
from tests.files.samples import pdf
from tests.flows.registering import JUNE_1, arrived, checked, codes, drafted, typed
from tests.people import HAYASHI, KATO, SATO

pytestmark = pytest.mark.django_db


# ---- personal numbers


@pytest.mark.req("IX-MYN-01")
def test_a_personal_number_never_reaches_the_database(desk):
    application = arrived()
    saved = registration.save(
        application_id=application.pk,
        based_on=application.version,
        entries=card(site_person="佐藤 1234-5678-9018"),
        now=at("2025-06-02 10:00"),
    )
    assert saved.masked == ["設置場所のご担当者"]
    application.refresh_from_db()
    assert "1234" not in str(application.entries["site_person"])


def test_a_proof_said_to_hold_a_personal_number_is_held_and_stops_the_acceptance(desk):
    application = checked()
    attached = registration.attach(
        application_id=application.pk,
        kind="receipt",
        name="receipt.pdf",
        content=pdf("receipt"),
        declared_personal_number=True,
        now=at("2025-06-02 09:00"),
    )
    assert attached.file.state == "held"
    assert codes(application) == ["unread_proof"]


def test_the_consent_of_the_owner_is_kept_as_what_it_is(desk):
    attached = registration.attach(
        application_id=checked().pk,
        kind="owner_consent",
        name="consent.pdf",
        content=pdf("consent"),
        declared_personal_number=False,
        now=at("2025-06-02 09:00"),
    )
    assert attached.file.purpose == "owner_consent"


@pytest.mark.parametrize("content", [b"no pdf at all", b"%PDF-1.4 broken"])
def test_a_file_that_is_no_document_is_refused_and_the_card_stays(desk, content):
    application = checked()
    with pytest.raises(store.Refused):
        registration.attach(
            application_id=application.pk,
            kind="receipt",
            name="receipt.pdf",
            content=content,
            declared_personal_number=False,
            now=at("2025-06-02 09:00"),
        )
    assert ApplicationFile.objects.count() == 1


# ---- on the web


@pytest.mark.req("IX-REG-11", "IX-REG-12", "IX-GEN-04", "IX-PII-01", "IX-PRE-07", "IX-ASF-01")
def test_a_customer_sends_the_form_confirms_each_point_and_gets_a_copy(shop, world, acting):
    with acting(SATO, on=JUNE_1):
        draft = drafted(world)
        application = registration.submit(application_id=draft.pk, confirmed=CONFIRMATIONS, now=at("2025-06-01 10:30"))
        assert (application.state, application.received_at) == ("received", at("2025-06-01 10:30"))
        receipt = Message.objects.get(about=application.number)
        assert (receipt.kind, receipt.to) == ("registration.received", "hanako@example.jp")
        assert "出荷日を購入日" in receipt.text
        rows = dict(Letter.objects.get(pk=receipt.letter_id).data["sections"][1]["rows"])
        assert rows["本体の製造番号"] == "N1"
        consents = {consent.item: consent for consent in Consent.objects.all()}
        assert set(consents) == set(CONFIRMATIONS)
        assert (consents["read_terms"].person, consents["read_terms"].edition) == ("佐藤 花子", "2022-10")
        assert consents["personal_information"].clauses == ["第2章 個人情報"]


@pytest.mark.req("IX-GEN-04", "IX-GEN-05", "IX-CARD-12", "IX-REG-11", "IX-GEN-01")
def test_an_unconfirmed_or_incomplete_form_stays_a_draft_with_every_point_named(shop, world, acting):
    with acting(SATO, on=JUNE_1):
        draft = drafted(world, online(site_address="", start_weekday=[]))
        with pytest.raises(registration.Incomplete) as stopped:
            registration.submit(application_id=draft.pk, confirmed=["read_terms"], now=at("2025-06-01 10:30"))
        assert {fault.field for _, fault in stopped.value.faults} == {"site_address", "start_weekday"}
        assert "conditions" in stopped.value.unconfirmed
        draft.refresh_from_db()
        assert (draft.state, draft.entries["body_serial"]) == ("draft", "N1")


@pytest.mark.req("IX-GEN-04")
def test_for_paper_the_card_itself_is_the_confirmation(desk):
    consent = Consent.objects.get(application=checked())
    assert (consent.item, consent.channel, consent.person) == ("card", "post", "山田 花子")


@pytest.mark.req("IX-GEN-02")
def test_a_sent_form_is_the_registration_centres_and_a_draft_the_customers(shop, world, acting):
    with acting(SATO, on=JUNE_1):
        draft = drafted(world)
    with acting(HAYASHI, on=JUNE_1), pytest.raises(Refused):
        typed(draft, online(body_serial="N9"), "2025-06-01 10:10")
    with acting(SATO, on=JUNE_1):
        registration.submit(application_id=draft.pk, confirmed=CONFIRMATIONS, now=at("2025-06-01 10:30"))
        draft.refresh_from_db()
        with pytest.raises(Refused):
            typed(draft, online(body_serial="N9"), "2025-06-01 10:40")


def test_a_stranger_cannot_reach_a_draft(shop, world, acting):
    with acting(SATO, on=JUNE_1):
        draft = drafted(world)
    with acting(KATO, on=JUNE_1):
        for step in (
            lambda: typed(draft, online(), "2025-06-01 10:10"),
            lambda: registration.submit(application_id=draft.pk, confirmed=[], now=at("2025-06-01 10:30")),
        ):
            with pytest.raises(Application.DoesNotExist):
                step()
