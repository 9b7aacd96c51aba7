"""handover: data and prints that may contain personal numbers, which nobody handles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import moment_of
from tests.terms.asking import answer, ask, refused_field, unhurried

SERVICES = {"ix": "hold_unopened", "supportpack": "decline"}
"""What each does with data about which the customer has spoken before."""

minutes = st.none() | st.integers(min_value=1_060_000_000, max_value=1_070_000_000)


def moment(minute: int) -> str:
    return moment_of(minute).isoformat(timespec="minutes")


@pytest.mark.req("SP-MYN-01", "SP-MYN-03", "SP-MYN-04", "IX-MYN-04")
@unhurried
@given(
    service=st.sampled_from(sorted(SERVICES)),
    kind=st.sampled_from(["upload", "print", "dump"]),
    declared=st.sampled_from(["yes", "no", None]),
    notice=minutes,
    received=minutes,
    found=minutes,
)
def test_nothing_with_personal_numbers_is_taken_and_nothing_unasked_is_opened(
    service: str, kind: str, declared: str | None, notice: int | None, received: int | None, found: int | None
) -> None:
    moments = {"prior_notice": notice, "received": received, "found": found}
    facts = {name: moment(value) for name, value in moments.items() if value is not None}
    result = ask("handover", service=service, kind=kind, declared=declared, **facts)
    if found is not None and received is not None and found < received:
        assert result["error"]["field"] == "found"
        return
    treatment = result["answer"]["treatment"]
    was_told = declared == "yes" or (notice is not None and (received is None or notice < received))
    if found is not None:
        assert treatment == "stop"
    elif was_told:
        assert treatment == SERVICES[service]
    else:
        assert treatment in ("accept", "hold_unopened")
        assert treatment == "accept" or declared is None


@pytest.mark.req("SP-MYN-03", "IX-MYN-04")
@pytest.mark.parametrize("service", SERVICES)
def test_a_notice_is_prior_only_before_the_receipt(service: str) -> None:
    received = "2025-10-14T10:00+09:00"
    for notice, treatment in (("09:59", SERVICES[service]), ("10:00", "accept"), ("10:05", "accept")):
        facts = {"declared": "no", "prior_notice": f"2025-10-14T{notice}+09:00", "received": received}
        assert answer("handover", service=service, kind="upload", **facts)["treatment"] == treatment


@pytest.mark.req("SP-MYN-01", "IX-MYN-01")
@pytest.mark.parametrize("service", SERVICES)
def test_a_dump_is_read_without_rebuilding_any_number(service: str) -> None:
    dump = ask("handover", service=service, kind="dump", declared="no")
    assert "復元" in dump["reasons"][-1]["text"]
    upload = ask("handover", service=service, kind="upload", declared="no")
    assert not any("復元" in reason["text"] for reason in upload["reasons"])


@pytest.mark.req("SP-MYN-01", "IX-FLT-04")
@pytest.mark.parametrize("service", SERVICES)
def test_an_unanswered_question_holds_an_upload_until_it_is_needed(service: str) -> None:
    facts: dict[str, Any] = {"service": service, "kind": "upload", "received": "2025-10-14T10:00+09:00"}
    assert answer("handover", **facts)["treatment"] == "hold_unopened"
    assert answer("handover", **facts, needed_now=False)["treatment"] == "hold_unopened"
    assert answer("handover", **facts, needed_now=True)["treatment"] == "accept"
    assert answer("handover", **facts, needed_now=True, declared="yes")["treatment"] == SERVICES[service]


@pytest.mark.req("SP-MYN-04")
def test_what_is_found_later_goes_before_every_statement() -> None:
    found = "2025-10-15T13:20+09:00"
    for declared in ("yes", "no", None):
        result = ask("handover", service="supportpack", kind="upload", declared=declared, found=found)
        assert result["answer"]["treatment"] == "stop"
        assert "返却か廃棄" in result["reasons"][0]["text"]


def test_what_cannot_be_is_refused() -> None:
    bad: list[tuple[dict[str, Any], str]] = [
        ({"kind": "fax"}, "kind"),
        ({"kind": "upload", "declared": True}, "declared"),
        ({"kind": "upload", "received": "2025-10-14T10:00"}, "received"),
        ({"declared": "no"}, "kind"),
    ]
    for facts, field in bad:
        assert refused_field("handover", service="supportpack", **facts) == field
    assert refused_field("handover", service="video", kind="upload") == "ask"


@pytest.mark.req("SP-MYN-03")
def test_the_explanation_says_why_a_notice_did_not_count() -> None:
    late = ask(
        "handover",
        service="supportpack",
        explain=True,
        kind="upload",
        prior_notice="2025-10-14T10:05+09:00",
        received="2025-10-14T10:00+09:00",
    )
    assert "10:05" in late["losing"][0]["text"]
    assert [lost["rule"] for lost in late["losing"]] == ["SP-MYN-01"]


@pytest.mark.req("SP-MYN-03")
@pytest.mark.parametrize("kind", ["upload", "print", "dump"])
def test_a_word_that_came_too_late_counts_as_none_also_where_nothing_was_declared(kind: str) -> None:
    late = {"prior_notice": "2025-10-14T10:05+09:00", "received": "2025-10-14T10:00+09:00"}
    result = ask("handover", service="supportpack", kind=kind, **late)
    assert result["answer"]["treatment"] == "accept"
    assert "受け取りの後" in result["reasons"][0]["text"]
