"""The questions about watching under other terms: a service of another vendor, and each reading taken the other way.

Nothing but the text of an edition changes here, so none of the questions knows a service.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hoshu.catalog import Edition, load
from hoshu.terms.facts import Refusal
from hoshu.terms.topics import TOPICS

LIFTS = """
service = "lift-watch"
edition = "1"
name = "昇降機の見守り"
title = "昇降機の見守り 規約"
in_force = 2025-01-01

[[plan]]
id = "one"
name = "標準"
windows = {}
clause = "1"
rule = "L-1"

[[alert_level]]
code = "trapped"
name = "閉じ込め"
stars = "●●"
says = "人が閉じ込められています。"
clause = "1"
rule = "L-1"

[[alert_level]]
code = "slow"
name = "速度の低下"
stars = "●"
says = "速度が落ちています。"
clause = "1"
rule = "L-1"

[rating]
required = ["alerts"]
highest = { clause = "1", rule = "L-1" }
result = { clause = "1", rule = "L-1" }

[alert_mail]
required = ["alerts"]
collect = { minutes = 1, clause = "1", rule = "L-1" }
one_mail_for = "unit"
subject = { clause = "1", rule = "L-1" }
any_time = { clause = "1", rule = "L-1" }

[stop_notice]
required = ["stopped", "until"]
optional = ["recovered", "daily_at"]
first = { clause = "2", rule = "L-2" }
daily = { at = "18:30", clause = "2", rule = "L-2" }
double = { left_out_within_minutes = 60, clause = "2", rule = "L-2" }
recovered = { clause = "2", rule = "L-2" }
any_time = { clause = "1", rule = "L-1" }

[heartbeat]
required = ["at"]
silence = { minutes = 1, clause = "2", rule = "L-2" }
unregistered = { name = "据付け前", clause = "2", rule = "L-2" }
online = { name = "運転中", clause = "2", rule = "L-2" }
stopped = { name = "停止", clause = "2", rule = "L-2" }
centre_down = { counts = false, clause = "2", rule = "L-2" }

[traffic]
required = ["from", "to"]
unit = "監視盤"
paths = { clause = "2", rule = "L-2" }
protocols = { clause = "2", rule = "L-2" }
inspected_protocols = { bacnet = "BACnet" }
through_unit = { clause = "2", rule = "L-2" }
inspected = { car = ["room"] }
port = [
    { code = "car", name = "かご", clause = "2", rule = "L-2" },
    { code = "room", name = "機械室", clause = "2", rule = "L-2" },
]

[retention]
required = ["detected", "on"]
keep = { months = 6, clause = "3", rule = "L-3" }
end_of_use = { clause = "3", rule = "L-3" }
held = { clause = "3", rule = "L-3" }

[[retention.hold]]
code = "accident"
name = "事故の調べ"
lasts = { years = 1, clause = "3", rule = "L-3" }
clause = "3"
rule = "L-3"

[average]
required = ["counts", "own"]
mean = { clause = "3", rule = "L-3" }
counted = { which = "under_contract", clause = "3", rule = "L-3" }
smallest = { companies = 2, clause = "3", rule = "L-3" }
period = { days = 366, clause = "3", rule = "L-3" }

[replacement_age]
required = ["manufactured"]
unit = "巻上機"
life = { months = 18, clause = "3", rule = "L-3" }
warn_days = []
month_only = { counts_from = "last_day", clause = "3", rule = "L-3" }
due = { clause = "3", rule = "L-3" }
due_says = "止めて交換します。"

[erase]
required = ["usable_until", "on", "kind"]
end_of_use = { clause = "3", rule = "L-3" }
backups = { days = 1, clause = "3", rule = "L-3" }
held = { clause = "3", rule = "L-3" }
hold = []

[[erase.kind]]
code = "rides"
name = "運転の記録"
destroyed = true
says = "運転の記録は消します。"
clause = "3"
rule = "L-3"

[[clause]]
id = "1"
text = "知らせ方を定めます。"

[[clause]]
id = "2"
text = "見守り方を定めます。"

[[clause]]
id = "3"
text = "記録の扱いを定めます。"
"""


def asked(edition: Edition, topic: str, **facts: Any) -> dict[str, Any]:
    """The answer of an edition that stands in no catalogue."""
    kinds = TOPICS[topic].facts
    read = {name: kinds[name].kind.read(value) for name, value in facts.items()}
    found, why = TOPICS[topic].compile(edition, edition.plan[0])(read, None)
    assert why
    return found


def edition_of(folder: Path, service: str, name: str, text: str) -> Edition:
    path = folder / service / f"{name}.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return load(path)


class TestAServiceOfAnotherVendor:
    @pytest.fixture
    def lifts(self, tmp_path: Path) -> Edition:
        return edition_of(tmp_path, "lift-watch", "1", LIFTS)

    def test_has_levels_of_its_own(self, lifts: Edition) -> None:
        found = asked(lifts, "rating", alerts=["slow", "trapped"])
        assert found == {"mail": "trapped", "stars": "●●", "follow_up": False}
        with pytest.raises(Refusal):
            asked(lifts, "rating", alerts=["high"])

    def test_has_a_mail_for_each_unit_and_never_one_for_two_agreements(self, lifts: Edition) -> None:
        def alert(contract: str, unit: str | None, at: str) -> dict[str, Any]:
            return {"at": f"2025-06-10T{at}+09:00", "level": "slow", "contract": contract, "unit": unit}

        alerts = [
            alert("C-1", "A", "10:00:00"),
            alert("C-1", "B", "10:00:01"),
            alert("C-2", "A", "10:00:02"),
            alert("C-1", "A", "10:00:59"),
            alert("C-1", "A", "10:01:00"),
        ]
        assert asked(lifts, "alert_mail", alerts=alerts)["order"] == [[0, 3], [1], [2], [4]]
        with pytest.raises(Refusal) as refused:
            asked(lifts, "alert_mail", alerts=[alert("C-1", None, "10:00")])
        assert refused.value.field == "alerts"

    def test_leaves_out_a_daily_mail_close_to_the_first(self, lifts: Edition) -> None:
        def mails(stopped: str) -> list[str]:
            facts = {"stopped": f"2025-06-10T{stopped}+09:00", "until": "2025-06-11T20:00+09:00"}
            return [mail[8:16] for mail in asked(lifts, "stop_notice", **facts)["mails"]]

        assert mails("17:29:59") == ["10T17:29", "10T18:30", "11T18:30"]
        assert mails("17:30:00") == ["10T17:30", "11T18:30"]
        assert mails("18:30:00") == ["10T18:30", "11T18:30"]

    def test_judges_after_its_own_silence_and_tells_no_causes_apart(self, lifts: Edition) -> None:
        facts = {"last_contact": "2025-06-10T10:00+09:00", "at": "2025-06-10T10:01:01+09:00"}
        found = asked(lifts, "heartbeat", **facts)
        assert found == {"state": "stopped", "judged_at": "2025-06-10T10:01+09:00", "causes": []}

    def test_has_ports_and_protocols_of_its_own(self, lifts: Edition) -> None:
        def inspected(**facts: str) -> bool:
            return bool(asked(lifts, "traffic", **facts)["inspected"])

        assert inspected(**{"from": "car", "to": "room", "protocol": "bacnet"})
        assert not inspected(**{"from": "room", "to": "car", "protocol": "bacnet"})
        assert not inspected(**{"from": "car", "to": "room"})  # no protocol named: IPv4

    def test_keeps_and_holds_by_the_calendar(self, lifts: Edition) -> None:
        facts = {"detected": "2024-08-30T10:00+09:00", "on": "2025-03-01"}
        assert asked(lifts, "retention", **facts)["keep_until"] == "2025-02-28"
        assert asked(lifts, "retention", **facts)["may_delete"] is True
        held = [{"code": "accident", "since": "2024-03-01"}]
        assert asked(lifts, "retention", **facts, holds=held)["may_delete"] is False
        assert asked(lifts, "retention", **{**facts, "on": "2025-03-02"}, holds=held)["may_delete"] is True

    def test_counts_every_company_under_contract(self, lifts: Edition) -> None:
        found = asked(lifts, "average", counts=[10], own=10, without_unit=2)
        assert found == {"shown": True, "average": 3.3, "difference": 6.7}

    def test_counts_the_age_from_the_end_of_a_month(self, lifts: Edition) -> None:
        found = asked(lifts, "replacement_age", manufactured="2024-02")
        assert (found["replace_by"], found["warn_on"]) == ("2025-08-31", [])

    def test_destroys_what_it_has(self, lifts: Edition) -> None:
        found = asked(lifts, "erase", usable_until="2025-06-30", on="2025-07-01", kind="rides")
        assert (found["destroy"], found["backups_by"]) == (True, "2025-07-01")
        with pytest.raises(Refusal):
            asked(lifts, "erase", usable_until="2025-06-30", on="2025-07-01", kind="detection")

    @pytest.mark.parametrize(
        ("right", "wrong", "says"),
        [
            ('at = "18:30"', 'at = "25:00"', "25:00"),
            ('inspected = { car = ["room"] }', 'inspected = { car = ["roof"] }', "roof"),
            ('inspected = { car = ["room"] }', 'inspected = { shaft = ["room"] }', "shaft"),
            ('one_mail_for = "unit"', 'one_mail_for = "customer"', "customer"),
            ("minutes = 1, clause", 'minutes = "1", clause', "minutes"),
        ],
    )
    def test_is_refused_where_its_file_is_wrong(self, tmp_path: Path, right: str, wrong: str, says: str) -> None:
        assert right in LIFTS
        with pytest.raises(ValueError, match=says):
            edition_of(tmp_path, "lift-watch", "1", LIFTS.replace(right, wrong))


class TestAReadingTakenTheOtherWay:
    @pytest.fixture
    def other(self, tmp_path: Path) -> Callable[[str, str], Edition]:
        """The watching service with one line of its file changed."""
        source = Path(__file__).parents[2] / "src/hoshu/catalog/mimamori/2020-03.toml"
        text = source.read_text(encoding="utf-8").partition("\n[[example]]\n")[0]

        def changed(line: str, by: str) -> Edition:
            assert text.count(line) == 1
            return edition_of(tmp_path, "mimamori", "2020-03", text.replace(line, by))

        return changed

    @pytest.mark.req("MM-ENV-23")
    def test_only_the_paths_of_the_text_are_inspected(self, other: Callable[[str, str], Edition]) -> None:
        found = other('lan = ["wan", "primary_ssid", "secondary_ssid"]', 'lan = ["wan"]')
        assert asked(found, "traffic", **{"from": "lan", "to": "primary_ssid"})["inspected"] is False
        assert asked(found, "traffic", **{"from": "lan", "to": "wan"})["inspected"] is True

    @pytest.mark.req("MM-POR-08")
    def test_every_company_under_contract_is_counted(self, other: Callable[[str, str], Edition]) -> None:
        found = other('which = "in_use"', 'which = "under_contract"')
        assert asked(found, "average", counts=[10, 20, 0, 30, 40], own=30, without_unit=1)["average"] == 16.7

    @pytest.mark.req("MM-STP-04")
    def test_a_daily_mail_close_to_the_first_is_left_out(self, other: Callable[[str, str], Edition]) -> None:
        found = other("left_out_within_minutes = 0", "left_out_within_minutes = 10")
        facts = {"stopped": "2025-06-10T08:50:01+09:00", "until": "2025-06-10T12:00+09:00"}
        assert asked(found, "stop_notice", **facts)["mails"] == ["2025-06-10T08:50+09:00"]

    @pytest.mark.req("MM-ENV-14")
    def test_of_a_month_alone_its_last_day_counts(self, other: Callable[[str, str], Edition]) -> None:
        found = other('counts_from = "first_day"', 'counts_from = "last_day"')
        assert asked(found, "replacement_age", manufactured="2019-04")["replace_by"] == "2026-04-30"

    @pytest.mark.req("MM-ALM-04")
    def test_each_unit_has_its_own_mail(self, other: Callable[[str, str], Edition]) -> None:
        found = other('one_mail_for = "contract"', 'one_mail_for = "unit"')
        alerts = [
            {"at": "2025-06-10T10:00+09:00", "level": "low", "contract": "C-1", "unit": unit} for unit in ("A", "B")
        ]
        assert len(asked(found, "alert_mail", alerts=alerts)["mails"]) == 2
