"""Stored answers asked again: what would be different today?"""

import io

import pytest

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.decisions import record, replay
from hoshu.decisions.models import Decision
from tests.contracts.cards import at
from tests.decisions.test_record import QUESTION

pytestmark = pytest.mark.django_db


def decide(**facts):
    with act_as(SYSTEM):
        return record.record(
            answer=record.ask({**QUESTION, "facts": {**QUESTION["facts"], **facts}}),
            act="承諾",
            about="SA0000001",
            tenant_id=None,
            now=at("2025-06-03 14:20"),
        )


def replayed():
    out = io.StringIO()
    return replay.main(out), out.getvalue()


def test_answers_that_still_hold_are_only_counted():
    decide()
    decide(registered="2025-07-01")
    assert replayed() == (0, "2件の判定を聞き直しました。答えが変わるもの: 0件\n")


def test_an_answer_that_says_more_today_still_holds():
    kept = decide()
    with act_as(SYSTEM):
        less = {name: value for name, value in kept.answer.items() if name != "days_used"}
        Decision.objects.create(
            at=kept.at,
            actor="x",
            act="承諾",
            about="SA0000002",
            topic="coverage",
            service="ix",
            edition="2022-10",
            question=kept.question,
            answer=less,
            reasons=kept.reasons,
        )
    assert replayed() == (0, "2件の判定を聞き直しました。答えが変わるもの: 0件\n")


def test_a_changed_answer_is_written_name_by_name():
    kept = decide()
    with act_as(SYSTEM):
        stored = {**kept.answer, "end": "2028-05-10"}
        Decision.objects.create(
            at=kept.at,
            actor="x",
            act="承諾",
            about="SA0000002",
            topic="coverage",
            service="ix",
            edition="2022-10",
            question=kept.question,
            answer=stored,
            reasons=kept.reasons,
        )
    status, text = replayed()
    assert status == 1
    assert "SA0000002 coverage" in text
    assert '  end: "2028-05-10" → "2028-05-31"' in text
    assert "答えが変わるもの: 1件" in text


def test_a_changed_clause_is_a_difference_and_better_words_are_none():
    kept = decide()
    with act_as(SYSTEM):
        for clause, text in [("第9章", kept.reasons[0]["text"]), (kept.reasons[0]["clause"], "言い換え")]:
            Decision.objects.create(
                at=kept.at,
                actor="x",
                act="承諾",
                about=clause,
                topic="coverage",
                service="ix",
                edition="2022-10",
                question=kept.question,
                answer=kept.answer,
                reasons=[{**kept.reasons[0], "clause": clause, "text": text}, *kept.reasons[1:]],
            )
    status, text = replayed()
    assert status == 1
    assert "第9章 coverage" in text
    assert "答えが変わるもの: 1件" in text


def test_a_question_that_is_no_longer_answered_is_a_difference():
    with act_as(SYSTEM):
        Decision.objects.create(
            at=at("2025-06-03 14:20"),
            actor="x",
            act="承諾",
            about="SA1",
            topic="coverage",
            service="ix",
            edition="1999-01",
            question={**QUESTION, "edition": "1999-01", "explain": False},
            answer={"end": "2028-05-31"},
            reasons=[{"clause": "第4章 2.", "rule": "IX-COV-02", "text": ""}],
        )
    status, text = replayed()
    assert status == 1
    assert "error" in text
