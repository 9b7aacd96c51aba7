"""heartbeat: stopped once the silence is longer than allowed, to the second, and never while the centre was down."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import answer, ask, refused_field, unhurried

START = datetime(2025, 12, 31, 22, 0, tzinfo=JST)
MINUTE = 60


def second(after: int) -> str:
    return (START + timedelta(seconds=after)).isoformat()


def spans(*each: tuple[int, int]) -> list[dict[str, str]]:
    return [{"from": second(start), "to": second(end)} for start, end in each]


# In steps of ten minutes, so that borders meet often.
outages = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=4).map(
    lambda each: [(600 * start, 600 * (start + length)) for start, length in each]
)


def stopped_by_hand(last: int, at: int, down: list[tuple[int, int]], limit: int, counts: bool) -> int | None:
    """Second by second: the first one at which somebody judges that the silence is too long."""
    silence = 0
    for now in range(last, at + 1):
        centre_runs = not any(start <= now < end for start, end in down)
        if centre_runs and silence > limit:
            return now
        silence += counts or centre_runs
    return None


@pytest.mark.req("MM-STP-01", "RC-COL-14")
@pytest.mark.parametrize(("service", "limit", "counts"), [("mimamori", 30, False), ("remote-care", 180, True)])
@unhurried
@given(last=st.integers(0, 4 * 3600), after=st.integers(0, 5 * 3600), down=outages)
def test_judged_at_the_first_second_of_too_long_a_silence(
    service: str, limit: int, counts: bool, last: int, after: int, down: list[tuple[int, int]]
) -> None:
    last -= last % 600  # so that limits meet the borders of the outages
    expected = stopped_by_hand(last, last + after, down, limit * MINUTE, counts)
    found = answer(
        "heartbeat", service=service, last_contact=second(last), at=second(last + after), centre_down=spans(*down)
    )
    assert found["state"] == ("online" if expected is None else "stopped")
    assert found["judged_at"] == (None if expected is None else second(expected)[:16] + "+09:00")


@pytest.mark.req("RC-COL-14")
@unhurried
@given(last=st.integers(0, 4 * 3600), after=st.integers(0, 5 * 3600), down=outages)
def test_the_causes_add_up_to_the_silence(last: int, after: int, down: list[tuple[int, int]]) -> None:
    facts = {"last_contact": second(last), "at": second(last + after), "centre_down": spans(*down)}
    found = answer("heartbeat", service="remote-care", **facts)
    causes = {cause["code"]: cause["seconds"] for cause in found["causes"]}
    if found["state"] == "online":
        assert causes == {}
        return
    ours = sum(any(start <= now < end for start, end in down) for now in range(last, last + after))
    assert causes == {code: length for code, length in (("N3", ours), ("N1/N2", after - ours)) if length}


@pytest.mark.req("RC-COL-14")
def test_the_centre_takes_its_own_part_of_a_silence_on_itself() -> None:
    night = [{"from": "2025-12-31T23:30+09:00", "to": "2026-01-01T02:00+09:00"}]
    facts: dict[str, Any] = {"last_contact": "2025-12-31T22:50+09:00", "centre_down": night}
    assert answer("heartbeat", service="remote-care", at="2026-01-01T01:59:59+09:00", **facts)["state"] == "online"
    result = ask("heartbeat", service="remote-care", at="2026-01-01T02:05+09:00", **facts)
    assert result["answer"] == {
        "state": "stopped",
        "judged_at": "2026-01-01T02:00+09:00",
        "causes": [{"code": "N3", "seconds": 150 * MINUTE}, {"code": "N1/N2", "seconds": 45 * MINUTE}],
    }
    assert any("お客様の責任としません" in reason["text"] for reason in result["reasons"])
    facts["last_contact"] = "2025-12-31T23:10+09:00"
    shorter = answer("heartbeat", service="remote-care", at="2026-01-01T02:05+09:00", **facts)
    assert shorter == {"state": "online", "judged_at": None, "causes": []}


@pytest.mark.req("RC-COL-14")
def test_while_the_centre_is_down_too_long_a_silence_is_not_called_short() -> None:
    night = [{"from": "2025-12-31T23:30+09:00", "to": "2026-01-01T02:00+09:00"}]
    result = ask(
        "heartbeat",
        service="remote-care",
        at="2026-01-01T01:59+09:00",
        last_contact="2025-12-31T22:50+09:00",
        centre_down=night,
    )
    assert "まだ判断しません" in result["reasons"][0]["text"]


@pytest.mark.req("MM-STP-01")
def test_outages_that_overlap_are_not_taken_twice() -> None:
    whole = answer(
        "heartbeat", service="mimamori", last_contact=second(0), at=second(9000), centre_down=spans((600, 7200))
    )
    pieces = spans((3000, 7200), (600, 3000), (600, 4000), (1200, 1800))
    assert answer("heartbeat", service="mimamori", last_contact=second(0), at=second(9000), centre_down=pieces) == whole
    assert whole["judged_at"] == "2026-01-01T00:20+09:00"


@pytest.mark.req("MM-STP-01")
def test_nothing_is_judged_in_the_second_in_which_the_centre_goes_down() -> None:
    """Silent for 30:01 just as the outage begins: the centre cannot judge before it is back."""
    facts = {"last_contact": second(0), "centre_down": spans((1801, 3600))}
    assert answer("heartbeat", service="mimamori", at=second(3599), **facts)["state"] == "online"
    assert answer("heartbeat", service="mimamori", at=second(3600), **facts)["judged_at"] == "2025-12-31T23:00+09:00"


@pytest.mark.req("MM-STP-01")
def test_a_unit_never_seen_is_unregistered_whatever_the_time() -> None:
    result = ask("heartbeat", service="mimamori", at=second(10**6), explain=True)
    assert result["answer"] == {"state": "unregistered", "judged_at": None, "causes": []}
    assert "未登録" in result["reasons"][0]["text"]


@pytest.mark.req("MM-STP-01")
def test_explaining_says_when_an_online_unit_would_be_judged() -> None:
    result = ask("heartbeat", service="mimamori", at=second(60), last_contact=second(0), explain=True)
    assert ["2025年12月31日（水）22:30:01" in lost["text"] for lost in result["losing"]] == [True]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"last_contact": second(61)}, "last_contact"),
        ({"centre_down": spans((10, 9))}, "centre_down"),
        ({"centre_down": [{"from": second(0)}]}, "centre_down"),
        ({"centre_down": [{"from": second(0), "to": "9999-12-31T23:59+09:00"}]}, "centre_down"),
        ({"centre_down": second(0)}, "centre_down"),
        ({"at": "2025-12-31T23:00"}, "at"),
        ({"at": None}, "at"),
        ({"last_contact": "9999-12-31T23:59-09:00"}, "last_contact"),
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, object], field: str) -> None:
    assert (
        refused_field("heartbeat", service="mimamori", **{"at": second(60), "last_contact": second(0)} | facts) == field
    )
