"""The door of the engine: what it understands, what it refuses and how, and that nothing makes it fail."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoshu.authoring.examples import question_of
from hoshu.catalog import Edition, editions, every_edition, examples
from hoshu.terms import decide
from hoshu.terms.topics import TOPICS
from tests.terms.asking import ask, unhurried
from tests.terms.asking import changed as changed_table

ASKED = [
    question_of(edition, example)
    for edition in every_edition()
    for example in examples(edition.service, edition.edition)
    if "error" not in example
]
"""A question of every topic of every service that is answered, many times over."""

FACTS = {"purchased": "2022-04-15", "registered": "2022-05-01"}
QUESTION = {"id": 1, "ask": "coverage", "service": "ix", "plan": "5d-3y", "facts": FACTS}
SAMPLES: dict[str, dict[str, Any]] = {
    "entitlement": {
        "at": "2025-06-17T10:00+09:00",
        "coverage": {"start": "2025-06-03", "end": "2028-05-31"},
        "start_weekday": "mon",
    },
    "window": {"at": "2025-06-17T10:00+09:00", "start_weekday": "mon"},
    "reperformance": {"served": "2025-06-17", "failed": "2025-07-02", "coverage_end": "2026-06-30"},
    "refund": {"reason": "stopped_using"},
    "damages": {"price_yen": 100_000, "paid_yen": 0, "noticed": "2025-06-17"},
    "coverage": FACTS,
    "registration": {"purchased": "2025-06-01", "form": {"card_serial": "L0000001"}},
    "restoration": {"software_version_known": True},
    "change": {"kind": "options", "requested": "2025-06-01", "effective": "2025-06-17"},
    "extension": {"on": "2025-06-17", "end": "2025-06-30"},
    "terms_change": {"published": "2025-06-17"},
    "confidentiality": {"received": "2025-06-17", "form": "oral"},
    "costs": {"lines": [{"kind": "ship", "yen": 1000}]},
    "transfer": {"effective": "2025-06-17"},
}


def refusal(**changed: Any) -> dict[str, str]:
    result = decide({**QUESTION, **changed})
    assert set(result) == {"id", "error"}, result
    error: dict[str, str] = result["error"]
    assert set(error) == {"field", "message"}
    assert error["message"].endswith("。")
    return error


def test_an_answer_echoes_its_id_and_names_its_edition_and_reasons() -> None:
    result = decide({**QUESTION, "id": {"any": ["thing", None]}})
    assert set(result) == {"id", "answer", "edition", "reasons"}
    assert result["id"] == {"any": ["thing", None]}
    assert result["edition"] == "2022-10"
    for reason in result["reasons"]:
        assert {"clause", "rule", "text"} <= set(reason) <= {"clause", "rule", "text", "law"}
        assert reason["text"].endswith("。")
    assert decide({key: value for key, value in QUESTION.items() if key != "id"})["id"] is None


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"ask": "coverge"}, "ask", "「coverage」ではありませんか"),
        ({"ask": None}, "ask", "がありません"),
        ({"ask": ["coverage"]}, "ask", "ありません"),
        ({"ask": "weather"}, "ask", "から選んでください"),
        ({"ask": "insurance"}, "ask", "お答えできるのは"),
        ({"service": "xi"}, "service", "ix"),
        ({"service": 3}, "service", "「…」というサービスはありません。ix"),
        ({"plan": "5d-2y"}, "plan", "5d-3y"),
        ({"plan": None}, "plan", "5d-3y"),
        ({"edition": "1999-01"}, "edition", "2022-10"),
        ({"explain": "yes"}, "explain", "true"),
        ({"fact": {}}, "fact", "「facts」ではありませんか"),
        ({"facts": None}, "facts", "事実"),
        ({"facts": [1]}, "facts", "事実"),
        ({"facts": {"purchased": "2022-04-15"}}, "registered", "登録完了のお知らせの送信日がありません"),
        ({"facts": {**FACTS, "purchased": None}}, "purchased", "購入日がありません"),
        ({"facts": {**FACTS, "purchase": "2022-04-15"}}, "purchase", "「purchased」ではありませんか"),
        (
            {"facts": {**FACTS, "parts_until": "2022-04-15"}},
            "parts_until",
            "（parts_until）は、ほかの",
        ),
        ({"facts": {**FACTS, "parts_untl": "2022-04-15"}}, "parts_untl", "という事実はありません"),
        ({"facts": {**FACTS, "ended_part": "all"}}, "ended_part", "ほかのサービスの事実です"),
        ({"facts": {**FACTS, "inspected": None}}, "inspected", "ほかのサービスの事実です"),
        ({"facts": {**FACTS, "purchased": "2025-02-29"}}, "purchased", "暦にない日付です"),
        ({"facts": {**FACTS, "purchased": "2025-13-01"}}, "purchased", "暦にない日付です"),
        ({"facts": {**FACTS, "purchased": "2022/04/15"}}, "purchased", "2025-04-30"),
        ({"facts": {**FACTS, "purchased": "20220415"}}, "purchased", "2025-04-30"),
        ({"facts": {**FACTS, "purchased": "2022-W15-5"}}, "purchased", "2025-04-30"),
        ({"facts": {**FACTS, "purchased": "２０２２-04-15"}}, "purchased", "暦にない日付です"),
        ({"facts": {**FACTS, "purchased": 20220415}}, "purchased", "2025-04-30"),
        ({"facts": {**FACTS, "purchased": ["2022-04-15"]}}, "purchased", "2025-04-30"),
        ({"facts": {**FACTS, "purchase_proof": 1}}, "purchase_proof", "true"),
        ({"facts": {**FACTS, "purchase_proof": "false"}}, "purchase_proof", "true"),
        ({"facts": {**FACTS, "purchase_proof": False}}, "shipped", "出荷日"),
        ({"facts": {**FACTS, "extension_kits": -1}}, "extension_kits", "0以上50以下の整数"),
        ({"facts": {**FACTS, "extension_kits": 1.0}}, "extension_kits", "0以上50以下の整数"),
        ({"facts": {**FACTS, "extension_kits": True}}, "extension_kits", "0以上50以下の整数"),
        (
            {"facts": {**FACTS, "end_of_sale": "2022-09-30", "support_limit": "2022-09-29"}},
            "support_limit",
            "保守対応期限が新規販売終了日より前です",
        ),
        ({"facts": {"purchased": "9999-06-01", "registered": "9999-06-01"}}, "purchased", "9800年まで"),
        ({"facts": {**FACTS, "card_deadline": "9999-12-31"}}, "card_deadline", "9800年まで"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_field(changed: dict[str, Any], field: str, says: str) -> None:
    error = refusal(**changed)
    assert error["field"] == field
    assert says in error["message"]


@pytest.mark.parametrize("question", [None, 3, "coverage", [QUESTION], True])
def test_what_is_no_object_is_refused(question: Any) -> None:
    assert decide(question)["error"]["field"] == "question"


@pytest.mark.parametrize(
    ("topic", "good", "bad"),
    [
        ("entitlement", {"item": "N09"}, 9),
        ("entitlement", {"out_of_hours_consent": True}, "yes"),
        ("entitlement", {"support_id": "blocked"}, "gone"),
        ("entitlement", {"device_number_known": False}, 0),
        ("entitlement", {"label_attached": False}, "no"),
        ("entitlement", {"accepted_at": "2025-06-17T10:00+09:00"}, "2025-06-17T10:00"),
        ("window", {"spec_hours": {"from": "09:00", "to": "17:00"}}, {"from": "9:00", "to": "17:00"}),
        ("window", {"spec_hours": {"from": "22:00", "to": "06:00"}}, {"from": "09:00"}),
        ("window", {"repair_needed": True}, 1),
        ("window", {"closed_days": ["2025-06-17"]}, ["2025-06-31"]),
        ("reperformance", {"claimed": "2025-07-02"}, "2025/07/02"),
        ("refund", {"pack_purchased": "2025-06-01", "returned": "2025-06-20"}, "2025"),
        ("damages", {"known": "2025-06-17"}, 20250617),
    ],
)
def test_a_fact_that_the_service_never_reads_is_checked_and_changes_nothing(
    topic: str, good: dict[str, Any], bad: object
) -> None:
    before = ask(topic, **SAMPLES[topic])
    assert "answer" in before
    assert ask(topic, **SAMPLES[topic], **good) == before
    name = next(reversed(good))
    assert ask(topic, **SAMPLES[topic], **{name: bad})["error"]["field"] == name
    assert ask(topic, **SAMPLES[topic], **{name: None}) == before


@pytest.mark.parametrize("name", ["part", "raid", "failed_disks", "settings_kinds", "software", "licence_keys"])
def test_a_fact_of_another_service_is_refused_as_such(name: str) -> None:
    error = ask("restoration", software_version_known=True, **{name: None})["error"]
    assert error["field"] == name
    assert "ほかのサービスの事実です" in error["message"]


@pytest.mark.req("IX-CAL-01")
@pytest.mark.parametrize(
    ("at", "accepted"),
    [
        ("2025-06-14T20:59+09:00", True),
        ("2025-06-14T20:59:59+09:00", True),
        ("2025-06-14T11:59Z", True),
        ("2025-06-14T13:59:30.5+02:00", True),
        ("2025-06-14T20:59", False),
        ("2025-06-14 20:59+09:00", False),
        ("2025-06-14", False),
        ("2025-06-14T24:00+09:00", False),
        ("2025-06-14T20:60+09:00", False),
        ("2025-06-31T20:59+09:00", False),
        ("20250614T2059+0900", False),
        ("0001-01-01T00:00+14:00", False),
        ("9999-12-31T23:59-14:00", False),
    ],
)
def test_a_moment_carries_its_offset(at: str, accepted: bool) -> None:
    result = ask("window", at=at, start_weekday="tue")
    if accepted:
        assert result["answer"]["opens_at"] == "2025-06-14T20:59+09:00"
    else:
        assert result["error"]["field"] == "at"


@pytest.mark.req("IX-GEN-01")
def test_the_edition_is_that_of_the_acceptance_and_can_be_named() -> None:
    assert decide({**QUESTION, "edition": "2022-10"})["answer"] == decide(QUESTION)["answer"]
    early = {"purchased": "1999-04-15", "registered": "1999-05-01"}
    assert decide({**QUESTION, "facts": early})["edition"] == "2022-10"


def test_topics_that_do_not_depend_on_the_plan_do_without_it_but_know_it() -> None:
    facts = {"software_version_known": True}
    question = {"id": 1, "ask": "restoration", "service": "ix", "facts": facts}
    assert decide(question)["answer"]["level"] == 2
    assert decide({**question, "plan": "7d-5y"})["answer"]["level"] == 2
    assert decide({**question, "plan": "7d-6y"})["error"]["field"] == "plan"


def test_explaining_adds_the_derivation_the_losing_rules_and_what_would_change() -> None:
    facts = {**FACTS, "card_deadline": "2022-06-30", "pack_purchased": "2022-04-20", "end_of_sale": "2023-03-31"}
    result = decide({**QUESTION, "facts": {**facts, "shipped": "2022-03-20"}, "explain": True})
    assert [step["date"] for step in result["derivation"]] == [
        "2022-04-15", "2025-04-15", "2025-04-30", "2022-05-01", "2025-04-30",
    ]  # fmt: skip
    assert {each["rule"] for each in result["losing"]} == {"IX-COV-01", "IX-COV-05", "IX-COV-07"}
    (change,) = result["what_would_change"]
    assert (change["fact"], change["value"]) == ("purchase_proof", False)
    assert change["answer"]["end"] == "2025-03-31"
    plain = decide({**QUESTION, "facts": {**facts, "shipped": "2022-03-20"}, "explain": False})
    assert plain == {key: result[key] for key in ("id", "answer", "edition", "reasons")}


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize("edition", every_edition(), ids=lambda edition: edition.service)
def test_every_clause_that_is_cited_and_every_fact_that_is_named_exists(edition: Edition) -> None:
    clauses = {clause.id for clause in edition.clause}
    for topic in TOPICS.values():
        section = getattr(edition, topic.name)
        if section is not None:
            assert set(section.required) | set(section.optional) <= set(topic.facts)
    assert {cited.clause for _, cited in edition.cited()} <= clauses


def test_a_draft_that_names_an_unknown_fact_is_refused_as_such() -> None:
    (edition,) = editions("ix")
    assert edition.coverage is not None
    draft = changed_table(edition, coverage=changed_table(edition.coverage, optional=("wheather",)))
    error = decide(QUESTION, under=draft)["error"]
    assert error["field"] == "edition"
    assert "「wheather」" in error["message"]


def test_every_topic_is_offered_by_some_service() -> None:
    assert {question["ask"] for question in ASKED} == set(TOPICS)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
_likely = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes") + "+09:00"),
    st.sampled_from(["mon", "sun", "hardware", "serve", "IX-EXC-04", "IX-EXC-20", "options", "oral", "other", "web"]),
    st.booleans(),
    st.none(),
    st.integers(min_value=-1, max_value=400),
    st.fixed_dictionaries({"start": st.dates().map(str), "end": st.dates().map(str)}),
    st.lists(st.fixed_dictionaries({"from": st.dates().map(str), "start_weekday": st.just("thu")}), max_size=2),
    st.lists(st.sampled_from(["ship", "allowance", "ground"]), max_size=3),
    st.dictionaries(st.sampled_from([field.name for field in editions("ix")[0].card_field]), _json | st.just("mon")),
    _json,
)


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    """A value inside very many others; neither JSON's reader nor `repr` would get through it."""
    value: Any = "2025-06-17"
    for _ in range(depth):
        value = wrap(value)
    return value


_DEEP = [nested(depth, wrap) for depth in (20, 100_000) for wrap in (lambda value: [value], lambda value: {"a": value})]
_nasty = st.sampled_from(
    [
        *_DEEP,
        10**5000,
        -(10**5000),
        10**16,
        9999,
        float("nan"),
        float("-inf"),
        -0.0,
        1.0,
        True,
        False,
        "\ud800",
        "2025-06-1\ud800",
        "2025-06-17T10:0\udfff+09:00",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59+09:00",
        "2025-06-17T10:00+99:99",
        "2025-06-17T10:00:00." + "0" * 10_000 + "+09:00",
        "x" * 100_000,
        "\0",
        "",
        [],
        {},
        [[]],
        [None],
        [{}],
        ["2025-06-17", None],
        {"start": {}, "end": []},
        {"start": "2025-06-17", "end": "0001-01-01"},
        {"from": "09:00", "to": True},
        {"": ""},
        # What no JSON holds but a caller in Python may pass.
        (),
        {1},
        b"2025-06-17",
        b"2025-06-17T10:00+09:00",
        date(2025, 6, 17),
        datetime(2025, 6, 17, tzinfo=UTC),
        object(),
    ]
)


def _inside(facts: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A fact of the question with one of its members, or the member of a member, made nasty."""

    def spoiled(value: Any) -> st.SearchStrategy[Any]:
        if isinstance(value, list) and value:
            return spoiled(value[0]).map(lambda nasty: [nasty, *value[1:]])
        if isinstance(value, dict) and value:
            return st.sampled_from(sorted(value)).flatmap(
                lambda name: spoiled(value[name]).map(lambda nasty: {**value, name: nasty})
            )
        return _nasty

    return st.one_of([_nasty, *(spoiled(value) for value in facts.values())])


@pytest.mark.req("IX-GEN-05")
@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from(ASKED),
    st.booleans(),
    st.dictionaries(st.text(max_size=3) | st.sampled_from(sorted(SAMPLES)) | st.none(), _nasty, max_size=1),
    st.data(),
)
def test_nothing_nasty_makes_it_fail(
    question: dict[str, Any], explain: bool, unknown: dict[Any, Any], data: st.DataObject
) -> None:
    """Deep, huge, ill-typed and misplaced values, alone and beside facts that are right."""
    topic = TOPICS[question["ask"]]
    known = st.sampled_from([*topic.facts])
    facts = (
        question["facts"] | data.draw(st.dictionaries(known, _nasty | _inside(question["facts"]), max_size=3)) | unknown
    )
    result = decide({**question, "facts": facts, "explain": explain})
    assert len(json.dumps(result, allow_nan=False)) < 1_000_000
    if "error" in result:
        assert set(result["error"]) == {"field", "message"}
        assert result["error"]["message"].endswith("。")
        assert isinstance(result["error"]["field"], str)


@unhurried
@given(st.dictionaries(st.sampled_from([*QUESTION, "edition", "explain", "x", None, 1, ("ask",)]), _nasty, max_size=3))
def test_no_nasty_question_makes_it_fail(changed: dict[Any, Any]) -> None:
    for question in ({**QUESTION, **changed}, changed):
        result = decide(question)
        assert "answer" in result or result["error"]["message"].endswith("。")


@pytest.mark.parametrize("deep", _DEEP[2:])
def test_values_too_deep_to_compare_are_refused(deep: Any) -> None:
    form = {"card_serial": deep, "shared_card_serial": nested(100_000, lambda value: [value])}
    if isinstance(deep, dict):
        form["shared_card_serial"] = nested(100_000, lambda value: {"a": value})
    assert ask("registration", form=form)["error"]["field"] == "question"


def test_what_is_quoted_is_cut() -> None:
    for changed in ({"ask": "x" * 10_000}, {"facts": {"x" * 10_000: 1}}, {"facts": {**FACTS, "x" * 10_000: None}}):
        assert len(refusal(**changed)["message"]) < 500


def _a_fact(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *question["facts"].values()])


@pytest.mark.req("IX-GEN-05")
@settings(deadline=None, max_examples=400)
@given(st.data(), st.sampled_from(ASKED), st.booleans())
def test_no_facts_make_it_fail_and_every_answer_is_json_with_a_reason(
    data: st.DataObject, question: dict[str, Any], explain: bool
) -> None:
    topic = TOPICS[question["ask"]]
    names = st.sampled_from(sorted(topic.facts))
    changed = data.draw(st.dictionaries(names, _likely | st.sampled_from(ASKED).flatmap(_a_fact), max_size=8))
    kept = question["facts"] if data.draw(st.booleans()) else {}
    result = decide({**question, "facts": kept | changed, "explain": explain})
    json.dumps(result, allow_nan=False)
    if "error" in result:
        assert result["error"]["message"].endswith("。")
        assert result["error"]["field"]
    else:
        assert result["reasons"]
        assert all(reason["text"].endswith("。") for reason in result["reasons"])


@unhurried
@given(st.dictionaries(st.sampled_from(["id", "ask", "service", "plan", "facts", "edition", "x"]), _json))
def test_no_question_makes_it_fail(question: dict[str, Any]) -> None:
    assert "error" in decide(question)


def test_an_answer_that_is_changed_by_its_reader_changes_no_other() -> None:
    question = {**QUESTION, "ask": "window", "facts": {"at": "2025-06-14T20:59+09:00", "start_weekday": "tue"}}
    before = json.dumps(decide(question))
    spoiled = decide(question)
    for reason in spoiled["reasons"]:
        reason.clear()
    spoiled["answer"].clear()
    assert json.dumps(decide(question)) == before
