"""admission: one order of checks decides whether a report is taken; the receipt counts, and the second."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import unhurried
from tests.terms.reporting import answer, answer_of, ask, clauses, invented, refused_field

NOON = datetime(2025, 6, 10, 12, tzinfo=JST)
GOOD: dict[str, Any] = {
    "accepted": "2025-04-01T10:05+09:00",
    "ends": "2026-04-01T00:00+09:00",
    "received": NOON.isoformat(),
    "measured": NOON.isoformat(),
    "sent": NOON.isoformat(),
    "tls": "1.2",
    "certificate": "valid",
    "serial_matches": True,
    "sequence": "new",
}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"tls": "1.1"}, "RC-E-TLS", "RC-SEC-04"),
    ({"certificate": "expired"}, "RC-E-CERT", "RC-SEC-01"),
    ({"serial_matches": False}, "RC-E-DEVICE", "RC-SEC-02"),
    ({"accepted": "2025-06-10T12:00:01+09:00"}, "RC-E-TERMS", "RC-GEN-09"),
    ({"sequence": "missing"}, "RC-E-SEQUENCE", "RC-SEC-05"),
    ({"measured": "2025-03-31T10:00+09:00"}, "RC-E-TERMS", "RC-GEN-09"),
    ({"measured": "2025-06-10T12:05:01+09:00"}, "RC-E-CLOCK", "RC-COL-08"),
    ({"measured": "2025-06-03T11:59:59+09:00"}, "RC-E-OLD", "RC-COL-16"),
]
"""What fails each check, in the order of the checks."""

seconds = st.integers(-400 * 3600, 400 * 3600)


def after_noon(second: int) -> str:
    return (NOON + timedelta(seconds=second)).isoformat()


@pytest.mark.req("RC-SEC-06", "RC-GEN-09")
@pytest.mark.parametrize("first", range(len(BAD)))
@pytest.mark.parametrize("second", range(len(BAD)))
def test_of_two_failing_checks_the_earlier_decides(first: int, second: int) -> None:
    if first < second and not BAD[first][0].keys() & BAD[second][0].keys():
        result = ask("admission", **GOOD | BAD[second][0] | BAD[first][0])
        assert (result["answer"]["code"], result["reasons"][0]["rule"]) == BAD[first][1:]


@pytest.mark.parametrize(("facts", "code", "rule"), BAD)
def test_a_report_that_fails_a_check_is_not_taken_in_any_way(facts: dict[str, Any], code: str, rule: str) -> None:
    result = ask("admission", **GOOD | facts)
    assert result["answer"] == {"admit": False, "late": False, "store": False, "code": code}
    assert result["reasons"][0]["rule"] == rule


@pytest.mark.req("RC-GEN-09", "RC-COL-08", "RC-COL-16")
@unhurried
@given(accepted=seconds, length=seconds, measured=seconds, sent=seconds)
def test_the_times_decide_as_the_numbers_say(accepted: int, length: int, measured: int, sent: int) -> None:
    times = {"accepted": accepted, "ends": accepted + abs(length), "measured": measured, "sent": sent}
    found = answer("admission", **GOOD | {name: after_noon(second) for name, second in times.items()})
    in_force = accepted <= 0 < accepted + abs(length)
    age = sent - measured
    assert found["admit"] is (in_force and accepted <= measured <= 300 and age <= 168 * 3600)
    assert found["store"] is found["admit"]
    assert found["late"] is (found["admit"] and age > 3600)


@pytest.mark.req("RC-GEN-09")
@given(measured=seconds, sent=seconds)
@unhurried
def test_no_time_that_a_unit_states_moves_a_report_into_the_terms(measured: int, sent: int) -> None:
    times = {"measured": after_noon(measured), "sent": after_noon(sent)}
    for outside in ({"accepted": after_noon(1)}, {"ends": after_noon(0)}):
        assert answer("admission", **GOOD | times | outside)["code"] == "RC-E-TERMS"


@pytest.mark.req("RC-GEN-06")
def test_without_an_acceptance_nothing_is_taken() -> None:
    assert answer("admission", **GOOD | {"accepted": None, "ends": None})["code"] == "RC-E-TERMS"


@pytest.mark.req("RC-GEN-07")
def test_without_an_end_the_terms_go_on() -> None:
    assert answer("admission", **GOOD | {"ends": None})["admit"] is True
    assert refused_field("admission", **GOOD | {"ends": "2025-04-01T10:04+09:00"}) == "ends"


@pytest.mark.req("RC-SEC-04")
@pytest.mark.parametrize(
    "tls", ["none", "SSLv2", "SSLv3", "1.0", "TLSv1", "TLSv1.1", "1.2", "TLSv1.2", "1.3", "TLSv1.3"]
)
def test_tls_1_2_and_newer_is_enough(tls: str) -> None:
    taken = tls[-3:] in ("1.2", "1.3")
    assert answer("admission", **GOOD | {"tls": tls})["admit"] is taken
    assert answer("admission", **GOOD | {"tls": tls, "forward_secrecy": False})["code"] == "RC-E-TLS"
    assert answer("admission", **GOOD | {"tls": tls, "forward_secrecy": True})["admit"] is taken


@pytest.mark.req("RC-SEC-05")
def test_the_same_report_again_is_acknowledged_and_not_written() -> None:
    again = GOOD | {"sequence": "repeat_same"}
    assert answer("admission", **again) == {"admit": True, "late": False, "store": False, "code": None}
    # However long ago it was measured: nothing is written any more.
    assert answer("admission", **again | {"measured": "2025-04-02T00:00+09:00"})["admit"] is True
    # When the terms have ended, nothing is acknowledged either.
    assert answer("admission", **again | {"ends": GOOD["received"]})["code"] == "RC-E-TERMS"
    assert answer("admission", **GOOD | {"sequence": "repeat_different"})["code"] == "RC-E-REPLAY"


@pytest.mark.req("RC-COL-16")
def test_a_value_older_than_an_interval_is_late() -> None:
    assert answer("admission", **GOOD | {"measured": after_noon(-3600)})["late"] is False
    assert answer("admission", **GOOD | {"measured": after_noon(-3601)})["late"] is True
    # How long the report was on its way does not count: the age is that at the sending.
    on_its_way = {"measured": after_noon(-7200), "sent": after_noon(-3600)}
    assert answer("admission", **GOOD | on_its_way)["late"] is False
    assert clauses("admission", **GOOD | {"measured": after_noon(-3601)}) == ["第3条", "第5条 (3)"]


NUMBERS = """
[admission]
required = ["received"]
encryption = { version = "1.3", code = "A", clause = "1", rule = "W-01" }
certificate = { code = "B", clause = "1", rule = "W-01" }
identity = { code = "C", clause = "1", rule = "W-01" }
in_force = { code = "D", clause = "1", rule = "W-01" }
sequence = { code = "E", clause = "1", rule = "W-01" }
replay = { code = "F", clause = "1", rule = "W-01" }
repeated = { clause = "1", rule = "W-01" }
before_acceptance = { code = "G", clause = "1", rule = "W-01" }
values_before_acceptance = "taken"
clock = { minutes = 0, code = "H", clause = "1", rule = "W-01" }
backlog = { hours = 1, code = "I", clause = "1", rule = "W-01" }
admitted = { clause = "1", rule = "W-01" }
late = { minutes = 0, clause = "1", rule = "W-01" }
"""


@pytest.mark.parametrize(
    ("facts", "code", "late"),
    [
        ({}, "A", False),
        ({"tls": "1.3"}, None, False),
        ({"tls": "1.3", "measured": after_noon(1)}, "H", False),
        ({"tls": "1.3", "measured": after_noon(-1)}, None, True),
        ({"tls": "1.3", "measured": after_noon(-3600)}, None, True),
        ({"tls": "1.3", "measured": after_noon(-3601)}, "I", False),
        ({"tls": "1.3", "accepted": after_noon(0), "measured": after_noon(-60)}, None, True),
    ],
)
def test_the_numbers_and_codes_are_those_of_the_edition(
    tmp_path: Path, facts: dict[str, Any], code: str | None, late: bool
) -> None:
    found = answer_of(invented(tmp_path, NUMBERS), "admission", **GOOD | facts)
    assert (found["code"], found["late"], found["store"]) == (code, late, code is None)


def test_explaining_names_every_check_that_was_passed() -> None:
    result = ask("admission", explain=True, **GOOD)
    codes = ["RC-SEC-04", "RC-SEC-01", "RC-SEC-02", "RC-GEN-09", "RC-SEC-05", "RC-SEC-05"]
    assert [lost["rule"] for lost in result["losing"]] == [*codes, "RC-GEN-09", "RC-COL-08", "RC-COL-16", "RC-COL-16"]
    assert [step["date"] for step in result["derivation"]] == ["2025-04-01", "2026-04-01", "2025-06-10"]
    stopped = ask("admission", explain=True, **GOOD | {"serial_matches": False})
    assert [lost["rule"] for lost in stopped["losing"]] == ["RC-SEC-04", "RC-SEC-01"]


@pytest.mark.parametrize("name", ["received", "tls", "certificate", "serial_matches", "sequence", "measured", "sent"])
def test_what_is_not_known_is_asked_for_and_never_assumed(name: str) -> None:
    assert refused_field("admission", **GOOD | {name: None}) == name


def test_what_an_earlier_check_decides_needs_no_later_fact() -> None:
    assert answer("admission", received=GOOD["received"], tls="1.2", certificate="none")["code"] == "RC-E-CERT"


@pytest.mark.req("RC-SEC-01")
@pytest.mark.parametrize(("state", "text"), [("expired", "期限切れです"), ("none", "示されていません")])
def test_what_is_wrong_with_a_certificate_reads_as_a_sentence(state: str, text: str) -> None:
    result = ask("admission", **{**GOOD, "certificate": state})
    assert result["reasons"][0]["text"].startswith(f"クライアント証明書は{text}。")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"received": "2025-06-10T12:00"}, "received"),
        ({"received": "2025-06-31T12:00+09:00"}, "received"),
        ({"measured": 5}, "measured"),
        ({"sent": "9999-12-31T23:59-10:00"}, "sent"),
        ({"tls": "1.4"}, "tls"),
        ({"tls": 1.2}, "tls"),
        ({"tls": True}, "tls"),
        ({"certificate": "lost"}, "certificate"),
        ({"serial_matches": "yes"}, "serial_matches"),
        ({"sequence": "old"}, "sequence"),
        ({"forward_secrecy": 1}, "forward_secrecy"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("admission", **GOOD | facts) == field
