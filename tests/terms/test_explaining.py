"""What `explain` adds to an answer, for every worked example of every service."""

from itertools import pairwise
from typing import Any

import pytest

from hoshu.authoring.examples import question_of
from hoshu.catalog import Edition, every_edition, examples
from hoshu.terms import decide
from tests.terms.asking import answer, ask


@pytest.mark.parametrize("edition", every_edition(), ids=lambda edition: edition.service)
def test_an_explanation_agrees_with_its_answer(edition: Edition) -> None:
    for example in examples(edition.service, edition.edition):
        if "error" not in example:
            _agrees(question_of(edition, example))


def _agrees(question: dict[str, Any]) -> None:
    explained = decide({**question, "explain": True})
    plain = decide(question)
    assert {name: explained[name] for name in plain} == plain
    for step in [*explained["derivation"], *explained["losing"]]:
        assert step["clause"], question
    for deadline in explained.get("deadlines", ()):
        rows = deadline["rows"]
        assert deadline["text"].endswith("。"), question
        assert all(row["why"] for row in rows), question
        assert all(earlier["to"] <= later["from"] for earlier, later in pairwise(rows)), question
        due = explained["answer"].get(deadline["field"])
        assert due is None or due[:10] in {row["to"][:10] for row in rows} | {rows[0]["from"]}, (question, deadline)
    cited = {each["rule"] for each in [*explained["reasons"], *explained["derivation"]]}
    for reading in explained["readings"]:
        assert reading["rule"] in cited, question
        assert reading["taken"] != reading["other"], question


def test_a_deadline_names_each_stretch_that_was_skipped() -> None:
    (due,) = ask("inquiry", service="mimamori", explain=True, received="2025-12-26T17:00+09:00")["deadlines"]
    assert due["field"] == "answer_due"
    assert [(row["from"], row["to"], row["counted"], row["why"]) for row in due["rows"]] == [
        ("2025-12-27", "2025-12-27", 0, "土曜日"),
        ("2025-12-28", "2025-12-28", 0, "日曜日"),
        ("2025-12-29", "2026-01-03", 0, "年末年始"),
        ("2026-01-04", "2026-01-04", 0, "日曜日"),
        ("2026-01-05", "2026-01-08", 4, "営業日"),
    ]
    assert "年末年始は数えません。" in due["text"]


@pytest.mark.req("VA-DSP-01")
def test_the_two_hours_pause_while_the_window_is_closed() -> None:
    (due,) = ask("window", service="video", explain=True, at="2025-10-10T17:00+09:00")["deadlines"]
    assert due["field"] == "attend_by"
    assert [(row["counted"], row["why"]) for row in due["rows"]] == [
        (30, "対応時間"),
        (0, "夜間"),
        (0, "土曜日"),
        (0, "日曜日"),
        (0, "夜間"),
        (90, "対応時間"),
    ]


def test_the_reading_that_was_taken_is_shown_where_it_bears_on_the_answer() -> None:
    explained = ask("inquiry", service="mimamori", explain=True, received="2025-12-26T17:00+09:00")
    (until,) = (each for each in explained["readings"] if each["setting"] == "inquiry.answer.until")
    assert until["taken"] != until["other"]
    assert "readings" not in ask("inquiry", service="mimamori", received="2025-12-26T17:00+09:00")


def test_elements_are_told_apart_and_explained_with_their_clauses() -> None:
    facts = {
        "at": "2025-10-14T10:00+09:00",
        "coverage": {"start": "2025-01-01", "end": "2028-01-01", "hardware_end": "2028-01-01"},
    }
    elements = answer("entitlement", service="video", **facts)["elements"]
    assert (elements["work"], elements["parts"], elements["consumables"], elements["media"]) == (
        "covered",
        "covered",
        "excluded",
        "customer_pays",
    )
    explained = ask("entitlement", service="video", explain=True, **facts)["elements"]
    assert {each["element"]: each["outcome"] for each in explained} == elements
    assert all(each["clause"] and each["text"].endswith("。") for each in explained)
    paid = answer("entitlement", service="video", **facts, cause="EX-01")["elements"]
    assert set(paid.values()) == {"customer_pays"}
    assert answer("entitlement", service="video", **facts, cause="EX-05")["elements"] == {}


def test_what_would_change_names_the_fact_the_answer_and_the_clause() -> None:
    explained = ask("restoration", explain=True, software_version_known=False, config_backup_available=False)
    (change,) = (each for each in explained["what_would_change"] if each["fact"] == "software_version_known")
    assert "install_software" in change["answer"]["steps"]
    assert "第3章 2.(3)" in {reason["clause"] for reason in change["reasons"]}
