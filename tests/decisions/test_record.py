"""Asking is free; acting on an answer is stored, append-only, seen by whom it concerns."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from hoshu.decisions import record
from hoshu.decisions.models import Decision
from tests.contracts.cards import at
from tests.people import AOBA, HAYASHI, KATO, SATO

pytestmark = pytest.mark.django_db

QUESTION = {
    "ask": "coverage",
    "service": "ix",
    "plan": "5d-3y",
    "explain": True,
    "facts": {"purchased": "2025-05-10", "registered": "2025-06-03"},
}
JUNE_3 = date(2025, 6, 3)


@pytest.fixture
def decided(world, acting):
    """Hayashi acted on an answer for Aoba."""
    with acting(HAYASHI, on=JUNE_3):
        return record.record(
            answer=record.ask(QUESTION),
            act="承諾",
            about="SA0000001",
            tenant_id=world.organisations[AOBA].pk,
            now=at("2025-06-03 14:20"),
        )


def test_asking_stores_nothing(world, acting):
    with acting(HAYASHI, on=JUNE_3):
        answer = record.ask(QUESTION)
        assert answer.values["end"] == "2028-05-31"
        assert answer.derivation[-1]["date"] == "2028-05-31"
        assert not Decision.objects.exists()


def test_what_the_terms_refuse_names_its_field(db):
    with pytest.raises(record.Refused) as refused:
        record.ask({**QUESTION, "facts": {"purchased": "2025-02-29", "registered": "2025-06-03"}})
    assert refused.value.field == "purchased"
    assert "暦にない" in refused.value.message


def test_a_decision_keeps_question_answer_reasons_and_the_edition_that_answered(decided, acting):
    with acting(HAYASHI, on=JUNE_3) as actor:
        kept = Decision.objects.get()
        assert (kept.actor, kept.act, kept.about, kept.topic) == (actor.label, "承諾", "SA0000001", "coverage")
        assert kept.edition == "2022-10"
        assert kept.question["edition"] == "2022-10"
        assert "explain" not in kept.question
        assert kept.answer["end"] == "2028-05-31"
        assert {reason["clause"] for reason in kept.reasons} >= {"第4章 2."}


def test_a_decision_is_never_changed_or_deleted(decided, acting):
    with acting(HAYASHI, on=JUNE_3):
        for statement in ("UPDATE decisions_decision SET act = 'x'", "DELETE FROM decisions_decision"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_it_is_seen_by_its_customer_and_by_no_other(decided, acting):
    with acting(SATO, on=JUNE_3):
        assert Decision.objects.count() == 1
    with acting(KATO, on=JUNE_3):
        assert Decision.objects.count() == 0
