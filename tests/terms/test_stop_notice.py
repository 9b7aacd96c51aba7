"""stop_notice: a mail at once, and one at each daily check after it while the unit has not recovered."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import answer, ask, clauses, refused_field, unhurried

START = datetime(2023, 12, 28, tzinfo=JST)
FACTS = {"stopped": "2025-06-10T14:00+09:00", "until": "2025-06-20T00:00+09:00"}


def second(after: int) -> str:
    return (START + timedelta(seconds=after)).isoformat()


@pytest.mark.req("MM-STP-02", "MM-STP-03", "MM-STP-04")
@unhurried
@given(
    stopped=st.integers(0, 3 * 86_400),
    silent=st.none() | st.integers(0, 8 * 86_400),
    watched=st.integers(0, 9 * 86_400),
    hour=st.integers(0, 23),
)
def test_every_check_after_the_stop_and_before_the_recovery_sends_one(
    stopped: int, silent: int | None, watched: int, hour: int
) -> None:
    recovered = None if silent is None else stopped + silent
    found = answer(
        "stop_notice",
        service="mimamori",
        stopped=second(stopped),
        recovered=None if recovered is None else second(recovered),
        until=second(stopped + watched),
        daily_at=f"{hour:02}:00",
    )["mails"]
    checks = [day * 86_400 + hour * 3600 for day in range(20)]
    sent = [at for at in checks if stopped < at <= stopped + watched and (recovered is None or at < recovered)]
    minutes = [second(at)[:16] + "+09:00" for at in (stopped, *sent)]
    assert found == minutes


@pytest.mark.req("MM-STP-03")
def test_the_last_mail_is_that_of_the_last_moment_asked_for() -> None:
    assert answer("stop_notice", service="mimamori", **{**FACTS, "until": "2025-06-11T09:00+09:00"})["mails"] == [
        "2025-06-10T14:00+09:00",
        "2025-06-11T09:00+09:00",
    ]
    assert (
        len(answer("stop_notice", service="mimamori", **{**FACTS, "until": "2025-06-11T08:59:59+09:00"})["mails"]) == 1
    )
    assert len(answer("stop_notice", service="mimamori", **{**FACTS, "until": FACTS["stopped"]})["mails"]) == 1


@pytest.mark.req("MM-STP-03")
def test_nine_is_the_usual_time_and_every_day_counts() -> None:
    found = answer("stop_notice", service="mimamori", **FACTS)["mails"]
    assert [mail[11:16] for mail in found[1:]] == ["09:00"] * 9
    assert answer("stop_notice", service="mimamori", **FACTS, daily_at="00:00")["mails"][-1] == "2025-06-20T00:00+09:00"


@pytest.mark.req("MM-STP-04")
def test_that_nothing_is_left_out_is_said_where_both_come_on_one_day() -> None:
    rules = [
        r["rule"]
        for r in ask("stop_notice", service="mimamori", **{**FACTS, "stopped": "2025-06-10T08:50+09:00"})["reasons"]
    ]
    assert "MM-STP-04" in rules
    assert "MM-STP-04" not in [r["rule"] for r in ask("stop_notice", service="mimamori", **FACTS)["reasons"]]


@pytest.mark.req("MM-ALM-09")
def test_mails_at_any_hour_are_said_with_their_clause() -> None:
    assert "4.3.3" in clauses("stop_notice", service="mimamori", **FACTS)


@pytest.mark.req("MM-STP-03")
def test_a_year_of_mails_is_answered_and_more_is_refused() -> None:
    year = answer("stop_notice", service="mimamori", **{**FACTS, "until": "2026-06-10T14:00+09:00"})["mails"]
    assert len(year) == 366
    # 400 mails at most: the first and 399 daily ones, the last of them on 2026-07-14.
    assert (
        len(answer("stop_notice", service="mimamori", **{**FACTS, "until": "2026-07-15T08:59+09:00"})["mails"]) == 400
    )
    assert refused_field("stop_notice", service="mimamori", **{**FACTS, "until": "2026-07-15T09:00+09:00"}) == "until"
    assert refused_field("stop_notice", service="mimamori", **{**FACTS, "until": "9800-12-31T00:00+09:00"}) == "until"
    # Recovered soon, it does not matter how far one looks.
    recovered = {"recovered": "2025-06-11T10:00+09:00", "until": "9800-12-31T00:00+09:00"}
    assert len(answer("stop_notice", service="mimamori", **FACTS | recovered)["mails"]) == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"recovered": "2025-06-10T13:59:59+09:00"}, "recovered"),
        ({"until": "2025-06-10T13:59:59+09:00"}, "until"),
        ({"until": None}, "until"),
        ({"stopped": None}, "stopped"),
        ({"stopped": "2025-06-10T14:00"}, "stopped"),
        ({"stopped": "9999-12-31T23:59+09:00"}, "stopped"),
        ({"daily_at": "24:00"}, "daily_at"),
        ({"daily_at": "9:00"}, "daily_at"),
        ({"daily_at": "09:60"}, "daily_at"),
        ({"daily_at": 9}, "daily_at"),
        ({"daily_at": ["09:00"]}, "daily_at"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, object], field: str) -> None:
    assert refused_field("stop_notice", service="mimamori", **FACTS | facts) == field
