"""The decision interface line by line: for every question its facts with their types, its answer's members with theirs.

The tables below state what callers build on. Each answer of every worked example must have these members and types.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from hoshu.terms import decide
from hoshu.terms.topics import TOPICS
from tests.terms.asking import PLANS, answer, ask, refused_field
from tests.terms.test_examples import ALL, as_json

Type = Callable[[Any], bool]


def whole(value: Any) -> bool:
    return type(value) is int


def flag(value: Any) -> bool:
    return type(value) is bool


def day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def moment(value: Any) -> bool:
    """To the minute, in Japan's time."""
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\+09:00", value) is not None


def codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def one_of(*values: Any) -> Type:
    return lambda value: value in values


def or_null(kind: Type) -> Type:
    return lambda value: value is None or kind(value)


ANSWERS: dict[str, dict[str, Type]] = {
    "coverage": {
        "counted_from": day,
        "start": or_null(day),
        "end": or_null(day),
        "cap": one_of(None, "end_of_sale", "ended_early"),
        "purchase_basis": one_of("proof", "shipped"),
        "days_used": or_null(whole),
    },
    "registration": {
        "outcome": one_of("accept", "accept_late", "refuse", "incomplete"),
        "missing": codes,
        "flags": codes,
        "apply_by": or_null(day),
        "answer_by": or_null(day),
        "refund": flag,
    },
    "window": {"open": flag, "opens_at": moment, "closes_at": or_null(moment), "attend_by": one_of(None)},
    "entitlement": {
        "outcome": one_of("covered", "excluded", "not_covered", "on_hold", "refused"),
        "attend_from": or_null(moment),
        "out_of_hours": or_null(flag),
        "needs": codes,
        "customer_pays": codes,
        "basis": one_of(None),
    },
    "restoration": {"steps": codes, "left_to_customer": codes, "level": one_of(1, 2, 3)},
    "change": {"allowed": flag, "in_time": or_null(flag), "notify_by": or_null(day), "earliest_safe": or_null(day)},
    "extension": {"buyable": flag, "by_approval": flag, "from": day, "new_end": or_null(day)},
    "refund": {"refund": or_null(flag), "by": or_null(day), "payer": one_of("seller", "provider", None)},
    "terms_change": {"effective": day, "binds_existing": flag},
    "reperformance": {"free": flag, "until": day, "recur_by": day, "claim_by": day},
    "confidentiality": {"confidential": flag, "until": or_null(day), "document_by": or_null(day)},
    "damages": {"cap_yen": or_null(whole), "payable_yen": whole, "claim_by": or_null(day), "in_time": or_null(flag)},
    "costs": {"billed": codes, "borne_by_customer": codes, "held": codes, "not_billed": codes, "total_yen": whole},
    "transfer": {"allowed": or_null(flag)},
    "ending": {"allowed": flag, "from": or_null(day), "refund": or_null(flag)},
    "handover": {"treatment": one_of("accept", "hold_unopened", "decline", "stop")},
}

OURS: dict[str, dict[str, Type]] = {
    "registration": {"deadlines": records, "day_off": codes},
    "refund": {"day_off": codes},
    "ending": {"perform_by": or_null(day), "debts_due": or_null(day), "day_off": codes},
    "change": {
        "options": or_null(records),
        "inquiries": codes,
        "refused_lines": codes,
        "day_off": one_of(["notify_by"]),
    },
    "reperformance": {"provisional": flag, "day_off": codes},
    "confidentiality": {"provisional": flag, "day_off": codes},
    "terms_change": {"consented": or_null(flag)},
    "damages": {"remaining_yen": or_null(whole), "held_yen": whole, "day_off": codes},
}
"""Members that we add in the same style; all but `day_off` and those on options are always there."""

_DAY, _NO_DAY = "2025-06-17", "2025-06-31"
_MOMENT, _NO_MOMENT = "2025-06-17T10:00:30+09:00", "2025-06-17T10:00"
_FLAG, _NO_FLAG = True, 1
_COUNT, _NO_COUNT = 2, 2.5

FACTS: dict[str, dict[str, tuple[Any, Any]]] = {
    "coverage": {
        "purchased": (_DAY, _NO_DAY),
        "registered": (_DAY, _NO_DAY),
        "purchase_proof": (_FLAG, _NO_FLAG),
        "shipped": (_DAY, _NO_DAY),
        "card_deadline": (_DAY, _NO_DAY),
        "card_received": (_DAY, _NO_DAY),
        "pack_purchased": (_DAY, _NO_DAY),
        "application_received": (_DAY, _NO_DAY),
        "end_of_sale": (_DAY, _NO_DAY),
        "support_limit": ("2030-06-17", _NO_DAY),
        "extension_kits": (_COUNT, _NO_COUNT),
        "ended_early": ("2026-06-17", _NO_DAY),
    },
    "registration": {
        "purchased": (_DAY, _NO_DAY),
        "pack_purchased": (_DAY, _NO_DAY),
        "application_received": (_DAY, _NO_DAY),
        "card_deadline": (_DAY, _NO_DAY),
        "installed_in_japan": (_FLAG, _NO_FLAG),
        "serial_known": (_FLAG, _NO_FLAG),
        "already_registered": (_FLAG, _NO_FLAG),
        "bodies": (_COUNT, _NO_COUNT),
        "options": ([{"code": "B1", "quantity": 1, "genuine": True, "supported": None}], [{"quantity": 1}]),
        "applied": (_FLAG, _NO_FLAG),
        "approved": (_FLAG, _NO_FLAG),
        "refused_on": (_DAY, _NO_DAY),
        "ground": ("第三者製", 1),
        "coverage_end": (_DAY, _NO_DAY),
        "channel": ("card", "fax"),
        "pack_returned": (_FLAG, _NO_FLAG),
        "form": ({"card_serial": "L0000001"}, []),
    },
    "window": {
        "at": (_MOMENT, _NO_MOMENT),
        "part": ("reception", "kitchen"),
        "start_weekday": ("tue", "Tuesday"),
        "weekday_changes": ([{"from": _DAY, "start_weekday": "wed"}], [{"from": _DAY}]),
        "closed_days": ([_DAY], _DAY),
        "spec_hours": ({"from": "09:00", "to": "17:00"}, {"from": 9, "to": 17}),
        "repair_needed": (_FLAG, _NO_FLAG),
    },
    "entitlement": {
        "at": (_MOMENT, _NO_MOMENT),
        "coverage": (
            {"start": _DAY, "end": _DAY, "hardware_end": _DAY, "software_end": _DAY},
            {"start": _DAY, "end": _DAY, "hardware_end": _NO_DAY},
        ),
        "support_limit": (_DAY, _NO_DAY),
        "start_weekday": ("tue", "Tuesday"),
        "weekday_changes": ([{"from": _DAY, "start_weekday": "wed"}], {}),
        "part": ("reception", "kitchen"),
        "serial_registered": (_FLAG, _NO_FLAG),
        "in_japan": (_FLAG, _NO_FLAG),
        "site_matches": (_FLAG, _NO_FLAG),
        "register_matches": (_FLAG, _NO_FLAG),
        "conditions_breached": (_FLAG, _NO_FLAG),
        "cooperation_open": (_FLAG, _NO_FLAG),
        "cause": ("IX-EXC-05", 5),
        "work": ("IX-EXC-05", 5),
        "item": ("N09", 9),
        "height_cm": (320, 320.0),
        "out_of_hours_consent": (_FLAG, _NO_FLAG),
        "personal_number_unprotected": (_FLAG, _NO_FLAG),
        "suspended": (_FLAG, _NO_FLAG),
        "support_id": ("unknown", "none"),
        "device_number_known": (_FLAG, _NO_FLAG),
        "label_attached": (_FLAG, _NO_FLAG),
        "accepted_at": (_MOMENT, _NO_MOMENT),
        "expenses": (["ship", "allowance"], ["taxi"]),
        "decision": ("not_serve", "maybe"),
    },
    "restoration": {
        "software_version_known": (_FLAG, _NO_FLAG),
        "config_backup_available": (_FLAG, _NO_FLAG),
        "config_backup_readable": (_FLAG, _NO_FLAG),
    },
    "change": {
        "kind": ("phone", "colour"),
        "requested": (_DAY, _NO_DAY),
        "effective": (_DAY, _NO_DAY),
        "new_site_in_japan": (_FLAG, _NO_FLAG),
        "option_lines": ([{"code": "B1", "checked": True, "quantity": 1}], [{"checked": True}]),
    },
    "extension": {
        "on": (_DAY, _NO_DAY),
        "end": (_DAY, _NO_DAY),
        "end_of_sale": (_DAY, _NO_DAY),
        "support_limit": (_DAY, _NO_DAY),
        "kit_sales_stopped": (_DAY, _NO_DAY),
    },
    "refund": {
        "reason": ("outage", "weather"),
        "pack_purchased": (_DAY, _NO_DAY),
        "returned": (_DAY, _NO_DAY),
        "refused_on": (_DAY, _NO_DAY),
    },
    "terms_change": {"published": (_DAY, _NO_DAY)},
    "reperformance": {
        "served": (_DAY, _NO_DAY),
        "failed": (_DAY, _NO_DAY),
        "claimed": ("2025-07-17", _NO_DAY),
        "same_cause": (_FLAG, _NO_FLAG),
        "same_failure": (_FLAG, _NO_FLAG),
        "coverage_end": (_DAY, _NO_DAY),
    },
    "confidentiality": {
        "received": (_DAY, _NO_DAY),
        "form": ("unmarked", "whispered"),
        "documented": (_DAY, _NO_DAY),
        "agreed_years": (_COUNT, 0),
        "agreed_until": (_DAY, _NO_DAY),
    },
    "damages": {
        "price_yen": (100_000, 100_000.0),
        "paid_yen": (0, -1),
        "noticed": (_DAY, _NO_DAY),
        "known": (_DAY, _NO_DAY),
        "lines": ([{"head": "repair", "yen": 1}], [{"head": "repair", "yen": "1"}]),
        "claimed": ("2025-07-17", _NO_DAY),
    },
    "costs": {"lines": ([{"kind": "air", "yen": 40_000, "evidence": True}], [{"kind": "taxi", "yen": 1}])},
    "transfer": {
        "effective": (_DAY, _NO_DAY),
        "consent": (_DAY, _NO_DAY),
        "consent_written": (_FLAG, _NO_FLAG),
        "by_law": (_FLAG, _NO_FLAG),
    },
    "ending": {
        "by": ("customer", "seller"),
        "ground": ("breach", "weather"),
        "on": (_DAY, _NO_DAY),
        "evidence": (_FLAG, _NO_FLAG),
        "demand_arrived": (_DAY, _NO_DAY),
        "period_days": (_COUNT, 0),
        "performed": (_DAY, _NO_DAY),
        "minor": (_FLAG, _NO_FLAG),
    },
    "handover": {
        "kind": ("dump", "call"),
        "declared": ("no", _NO_FLAG),
        "prior_notice": (_MOMENT, _NO_MOMENT),
        "received": (_MOMENT, _NO_MOMENT),
        "found": (_MOMENT, _NO_MOMENT),
    },
}
"""By question and fact: a value of its type, and one of another."""

LEAST: dict[str, dict[str, Any]] = {
    "coverage": {"purchased": _DAY, "registered": _DAY},
    "registration": {},
    "window": {"at": _MOMENT, "start_weekday": "mon"},
    "entitlement": {"at": _MOMENT, "start_weekday": "mon", "coverage": {"start": _DAY, "end": "2028-06-30"}},
    "restoration": {},
    "change": {"kind": "phone", "requested": _DAY, "effective": _DAY},
    "extension": {"on": _DAY, "end": "2025-06-30"},
    "refund": {"reason": "other"},
    "terms_change": {"published": _DAY},
    "reperformance": {"served": _DAY, "failed": _DAY, "coverage_end": _DAY},
    "confidentiality": {"received": _DAY, "form": "marked"},
    "damages": {"price_yen": 100_000, "paid_yen": 0},
    "costs": {"lines": []},
    "transfer": {"effective": _DAY},
    "ending": {"by": "provider", "ground": "insolvency", "on": _DAY},
    "handover": {"kind": "upload"},
}
"""The facts without which a question is refused, and no other."""


def assert_shaped(topic: str, found: dict[str, Any]) -> None:
    stated, ours = ANSWERS[topic], OURS.get(topic, {})
    assert found.keys() >= stated.keys()
    assert found.keys() <= stated.keys() | ours.keys()
    assert {name: value for name, value in found.items() if not (stated | ours)[name](value)} == {}


def test_the_tables_state_every_question() -> None:
    assert set(ANSWERS) == set(FACTS) == set(LEAST) == set(TOPICS)


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize(("service", "edition", "example"), ALL)
def test_an_answer_has_the_stated_members_of_the_stated_types(
    service: str, edition: str, example: dict[str, Any]
) -> None:
    facts = as_json(example["facts"]) | dict.fromkeys(example.get("unknown", ()))
    question = {"ask": example["ask"], "service": service, "plan": example["plan"], "edition": edition, "facts": facts}
    result = decide({"id": [7], **question})
    assert result["id"] == [7]
    if "error" in example:
        assert set(result) == {"id", "error"}
        assert set(result["error"]) == {"field", "message"}
        return
    assert set(result) == {"id", "answer", "edition", "reasons"}
    assert result["reasons"]
    for reason in result["reasons"]:
        assert {"clause", "rule", "text"} <= reason.keys() <= {"clause", "rule", "text", "law"}
        assert re.fullmatch(r"(IX|VA|SP|RC|MM)-[A-Z]+-\d\dR?", reason["rule"])
        assert all(isinstance(value, str) and value for value in reason.values())
    assert_shaped(example["ask"], result["answer"])


@pytest.mark.parametrize("topic", LEAST)
def test_the_least_facts_suffice_and_none_of_them_can_be_left_out(topic: str) -> None:
    assert_shaped(topic, answer(topic, **LEAST[topic]))
    for left_out in LEAST[topic]:
        others = {name: value for name, value in LEAST[topic].items() if name != left_out}
        assert refused_field(topic, **others) == left_out


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize(("topic", "name"), [(topic, name) for topic, facts in FACTS.items() for name in facts])
def test_every_stated_fact_is_taken_and_checked(topic: str, name: str) -> None:
    right, wrong = FACTS[topic][name]
    assert_shaped(topic, answer(topic, **{**LEAST[topic], name: right}))
    assert refused_field(topic, **{**LEAST[topic], name: wrong}) == name
    assert ask(topic, **{**LEAST[topic], f"{name}_": right})["error"]["field"] == f"{name}_"


@pytest.mark.parametrize("topic", TOPICS)
def test_the_tables_state_every_fact(topic: str) -> None:
    added = {
        "registration": {
            *("inspected", "pack_inspected", "purchase_proof", "terms_agreed", "privacy_agreed", "antisocial_declared"),
            *("customer_named", "warranty_card_complete", "listed_model", "connected", "support_id", "customer_kind"),
            *("same_organisation", "delivery_name_matches", "payment"),
        },
        "refund": {"pack_inspected", "already_registered", "proof"},
        "ending": {"notified", "ground_on", "due", "paid"},
        "handover": {"needed_now"},
        "change": {"registered_options", "new_legal_entity"},
        "extension": {"production_ended", "parts_until"},
        "terms_change": {"supplied", "set_effective", "used"},
        "reperformance": {"redone"},
        "confidentiality": {"document_marked", "exception", "exception_proved"},
        "damages": {"talked"},
        "costs": {"reperformance"},
    }
    taken = {*TOPICS[topic].facts} | ({*TOPICS[topic].elsewhere} if not TOPICS[topic].by_service else set())
    assert taken - added.get(topic, set()) - {"weekday_changes"} == {*FACTS[topic]} - {"weekday_changes"}


@pytest.mark.parametrize(
    ("topic", "facts", "default"),
    [
        ("coverage", {"shipped": "2025-04-22"}, {"purchase_proof": True}),
        ("coverage", {}, {"extension_kits": 0}),
        ("registration", {}, {"bodies": 1}),
        ("window", {}, {"part": "hardware"}),
        ("entitlement", {}, {"part": "hardware"}),
        ("restoration", {"config_backup_available": True}, {"config_backup_readable": True}),
    ],
)
def test_a_stated_default_stands_for_a_fact_left_out(
    topic: str, facts: dict[str, Any], default: dict[str, Any]
) -> None:
    least = LEAST[topic] | facts
    assert ask(topic, **least) == ask(topic, **least, **default) == ask(topic, **least, **dict.fromkeys(default))


@pytest.mark.parametrize(
    ("topic", "facts", "field"),
    [
        ("coverage", {"purchase_proof": False}, "shipped"),
        ("coverage", {"end_of_sale": "2025-06-17", "support_limit": "2025-06-16"}, "support_limit"),
        ("window", {"start_weekday": None}, "start_weekday"),
        ("window", {"part": "desk"}, "part"),
        ("entitlement", {"coverage": {"start": "2025-06-17", "end": "2025-06-16"}}, "coverage"),
        ("entitlement", {"cause": "EX-01"}, "cause"),
        ("entitlement", {"work": "OX-03"}, "work"),
        ("extension", {"end_of_sale": "2025-06-17", "support_limit": "2025-06-16"}, "support_limit"),
        ("reperformance", {"failed": "2025-06-16"}, "failed"),
        ("reperformance", {"claimed": "2025-06-16"}, "claimed"),
        ("confidentiality", {"form": "oral", "documented": "2025-06-16"}, "documented"),
        ("confidentiality", {"agreed_until": "2025-06-16"}, "agreed_until"),
        ("damages", {"noticed": "2025-06-17", "claimed": "2025-06-16"}, "claimed"),
    ],
)
def test_what_contradicts_itself_or_lacks_something_is_refused_by_its_field(
    topic: str, facts: dict[str, Any], field: str
) -> None:
    assert refused_field(topic, **LEAST[topic] | facts) == field


def test_without_proof_the_shipment_stands_in_for_the_purchase() -> None:
    found = answer("coverage", registered="2025-06-03", purchase_proof=False, shipped="2025-04-22")
    assert (found["counted_from"], found["end"], found["purchase_basis"]) == ("2025-04-22", "2028-04-30", "shipped")


@pytest.mark.parametrize("plan", PLANS)
def test_the_moments_of_a_window(plan: str) -> None:
    """Open: it opens at `at`. Round the clock: it never closes. The two-hour target is not of this service."""
    at = {"at": "2025-06-17T01:30:59Z", "start_weekday": "tue"}
    found = answer("window", plan=plan, **at)
    assert (found["open"], found["opens_at"], found["attend_by"]) == (True, "2025-06-17T10:30+09:00", None)
    assert found["closes_at"] == ("2025-06-17T21:00+09:00" if plan.startswith("5d") else None)
    assert answer("window", plan=plan, part="reception", **at)["closes_at"] is None
    evening = answer("window", plan=plan, at="2025-06-17T21:00+09:00", start_weekday="tue")
    assert (evening["open"], evening["opens_at"], evening["closes_at"]) == (
        (False, "2025-06-18T08:30+09:00", "2025-06-18T21:00+09:00")
        if plan.startswith("5d")
        else (True, "2025-06-17T21:00+09:00", None)
    )


@pytest.mark.parametrize(
    ("facts", "claim_by", "in_time"),
    [
        ({}, None, None),
        ({"noticed": "2025-06-17"}, "2026-06-17", None),
        ({"noticed": "2025-06-17", "claimed": "2026-06-17"}, "2026-06-17", True),
        ({"noticed": "2025-06-17", "claimed": "2026-06-18"}, "2026-06-17", False),
        ({"claimed": "2025-06-17"}, "2026-06-17", None),
        ({"known": "2025-06-17"}, None, None),
    ],
)
def test_a_claim_is_in_time_or_not_only_where_the_facts_say(
    facts: dict[str, str], claim_by: str | None, in_time: bool | None
) -> None:
    found = answer("damages", **LEAST["damages"], **facts)
    assert (found["claim_by"], found["in_time"]) == (claim_by, in_time)


def test_a_last_day_on_a_day_off_is_named_and_not_moved() -> None:
    """2025-12-05 and 30 days end on Sunday 2026-01-04."""
    found = answer("registration", pack_purchased="2025-12-05", application_received="2025-12-05")
    assert (found["apply_by"], found["answer_by"]) == ("2026-01-04", "2026-01-04")
    assert found["day_off"] == ["apply_by", "answer_by"]
    assert "day_off" not in answer("registration", pack_purchased="2025-06-02")
