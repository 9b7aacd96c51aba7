"""alert_mail: five minutes from the first unsent alert, one mail for an agreement, never two agreements in one."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import answer, ask, refused_field, unhurried

WINDOW = timedelta(minutes=5)
RANK = {"high": 3, "medium": 2, "low": 1, "investigating": 0}
STARS = {3: "★★★", 2: "★★☆", 1: "★☆☆", 0: ""}

alerts = st.lists(
    st.builds(
        lambda after, level, contract: {
            "at": (datetime(2025, 12, 31, 23, 50, tzinfo=JST) + timedelta(seconds=after)).isoformat(),
            "level": level,
            "contract": contract,
        },
        st.integers(0, 1200),
        st.sampled_from([*RANK]),
        st.sampled_from(["C-1", "C-2", "C-3"]),
    ),
    max_size=12,
)


def mails_by_hand(given_alerts: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One alert after the other, as a mailbox would fill."""
    waiting: dict[str, list[dict[str, str]]] = defaultdict(list)
    sent: list[tuple[datetime, dict[str, Any]]] = []

    def send(contract: str) -> None:
        collected = waiting.pop(contract)
        at = datetime.fromisoformat(collected[0]["at"]) + WINDOW
        stars = STARS[max(RANK[alert["level"]] for alert in collected)]
        mail = {"at": at.isoformat(timespec="minutes"), "contract": contract, "stars": stars, "count": len(collected)}
        sent.append((at, mail))

    for alert in sorted(given_alerts, key=lambda alert: alert["at"]):
        contract, at = alert["contract"], datetime.fromisoformat(alert["at"])
        if contract in waiting and at >= datetime.fromisoformat(waiting[contract][0]["at"]) + WINDOW:
            send(contract)
        waiting[contract].append(alert)
    for contract in [*waiting]:
        send(contract)
    return [mail for _, mail in sorted(sent, key=lambda each: (each[0], each[1]["contract"]))]


@pytest.mark.req("MM-ALM-04", "MM-ALM-09")
@unhurried
@given(given_alerts=alerts)
def test_the_mails_are_those_of_a_mailbox_that_fills_alert_by_alert(given_alerts: list[dict[str, str]]) -> None:
    found = answer("alert_mail", service="mimamori", alerts=given_alerts)
    assert found["mails"] == mails_by_hand(given_alerts)


@pytest.mark.req("MM-ALM-04")
@unhurried
@given(given_alerts=alerts)
def test_each_alert_is_in_one_mail_of_its_own_agreement_the_highest_first(given_alerts: list[dict[str, str]]) -> None:
    found = answer("alert_mail", service="mimamori", alerts=given_alerts)
    assert sorted(number for order in found["order"] for number in order) == [*range(len(given_alerts))]
    for mail, order in zip(found["mails"], found["order"], strict=True):
        items = [given_alerts[number] for number in order]
        assert {item["contract"] for item in items} == {mail["contract"]}
        shown = [(-RANK[item["level"]], item["at"]) for item in items]
        assert shown == sorted(shown)


@pytest.mark.req("MM-ALM-04")
def test_the_window_is_half_open_to_the_second() -> None:
    def counts(*at: str) -> list[int]:
        each = [{"at": f"2025-06-10T{time}+09:00", "level": "low", "contract": "C-1"} for time in at]
        return [mail["count"] for mail in answer("alert_mail", service="mimamori", alerts=each)["mails"]]

    assert counts("10:00:30", "10:05:29") == [2]
    assert counts("10:00:30", "10:05:30") == [1, 1]
    assert counts("10:00:00", "10:04:59.999") == [2]
    assert counts("10:00:00", "10:05:00.000") == [1, 1]
    # The second window starts with the first alert that is unsent, not where the first window ended.
    assert counts("10:00:00", "10:07:00", "10:11:59", "10:12:00") == [1, 2, 1]


@pytest.mark.req("MM-ALM-04")
def test_no_alerts_make_no_mail() -> None:
    result = ask("alert_mail", service="mimamori", alerts=[])
    assert result["answer"] == {"mails": [], "order": []}
    assert len(result["reasons"]) == 1


@pytest.mark.req("MM-ALM-04")
@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "2025-06-10T10:00"},
        {"at": "9999-12-31T23:59+09:00"},
        {"at": "0001-01-01T00:00+10:00"},
        {"at": None},
        {"at": "2025-06-10T10:00:61+09:00"},
        {"level": "severe"},
        {"level": 3},
        {"contract": ""},
        {"contract": 7},
        {"customer": "X"},
    ],
)
def test_an_alert_that_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    alert = {"at": "2025-06-10T10:00+09:00", "level": "low", "contract": "C-1", **wrong}
    assert refused_field("alert_mail", service="mimamori", alerts=[alert]) == "alerts"
