"""fee: bands over midnight, units by their start, covered work by the machine's hours, consent, several engineers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import CatalogError, load
from hoshu.dates import JST, minute_of
from hoshu.terms.facts import Refusal
from hoshu.terms.fee import compile_fee
from hoshu.terms.topic import Answer
from tests.terms.asking import answer, ask, refused_field, unhurried

BASE = {"day": 10_000, "evening": 12_000, "night": 14_000}
UNIT = {"day": 2_500, "evening": 3_000, "night": 3_500}

departures = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2060, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=JST)
)


def fee(departed: datetime, finished: datetime, *, plan: str = "9x5-5y", **facts: Any) -> dict[str, Any]:
    return answer("fee", service="video", plan=plan, departed=said(departed), finished=said(finished), **facts)


def said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}+09:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def band(moment: datetime) -> str:
    """The fee table by the clock on the wall."""
    time = moment.strftime("%H:%M")
    return "day" if "08:30" <= time < "17:30" else "evening" if "17:30" <= time < "21:00" else "night"


def in_window(moment: datetime) -> bool:
    return moment.weekday() < 5 and band(moment) == "day"


def one_by_one(departed: datetime, minutes: int, *, only_outside: bool) -> dict[str, Any]:
    """別表－１(２) minute by minute, as somebody with a stopwatch would charge it."""
    base = 0 if only_outside and in_window(departed) else BASE[band(departed)]
    units = {"day": 0, "evening": 0, "night": 0}
    start = departed + timedelta(minutes=60)
    while start < departed + timedelta(minutes=minutes):
        if not (only_outside and in_window(start)):
            units[band(start)] += 1
        start += timedelta(minutes=15)
    total = base + sum(UNIT[code] * count for code, count in units.items())
    return {"base_yen": base, "units": units, "per_engineer_yen": total, "tax_yen": 0, "total_yen": total}


@pytest.mark.req("VA-FEE-02", "VA-FEE-03", "VA-FEE-04", "VA-FEE-05", "VA-FEE-06", "VA-FEE-07")
@unhurried
@given(departed=departures, minutes=st.integers(1, 6_000))
def test_equals_a_count_unit_by_unit(departed: datetime, minutes: int) -> None:
    found = fee(departed, departed + timedelta(minutes=minutes))
    assert found == one_by_one(departed, minutes, only_outside=False)


@pytest.mark.req("VA-FEE-10", "VA-WIN-02")
@unhurried
@given(departed=departures, minutes=st.integers(1, 20_000))
def test_covered_work_equals_a_count_of_what_starts_outside(departed: datetime, minutes: int) -> None:
    found = fee(departed, departed + timedelta(minutes=minutes), basis="out_of_hours")
    assert found == one_by_one(departed, minutes, only_outside=True)


@pytest.mark.req("VA-FEE-10", "VA-WIN-04")
@unhurried
@given(departed=departures, minutes=st.integers(1, 20_000))
def test_a_plan_that_never_closes_charges_nothing_for_covered_work(departed: datetime, minutes: int) -> None:
    found = fee(departed, departed + timedelta(minutes=minutes), plan="24x7-1y", basis="out_of_hours")
    assert (found["base_yen"], found["total_yen"], sum(found["units"].values())) == (0, 0, 0)


class TestTheTable:
    @pytest.mark.req("VA-FEE-02")
    @pytest.mark.parametrize(
        ("before", "since"), [("08:29", "08:30"), ("17:29", "17:30"), ("20:59", "21:00"), ("23:59", "00:00")]
    )
    @pytest.mark.parametrize("day", ["2025-10-18", "2024-02-29", "2025-12-31"])
    def test_a_boundary_belongs_to_the_later_band(self, day: str, before: str, since: str) -> None:
        for time in (before, since):
            departed = at(f"{day}T{time}")
            assert fee(departed, departed + timedelta(minutes=1))["base_yen"] == BASE[band(departed)]
        changes = before != "23:59"
        assert (BASE[band(at(f"{day}T{before}"))] != BASE[band(at(f"{day}T{since}"))]) is changes

    @pytest.mark.req("VA-FEE-04", "VA-FEE-05")
    @pytest.mark.parametrize(
        ("minutes", "units"), [(1, 0), (59, 0), (60, 0), (61, 1), (75, 1), (76, 2), (90, 2), (91, 3), (1440, 92)]
    )
    def test_a_unit_counts_once_it_has_started(self, minutes: int, units: int) -> None:
        departed = at("2025-10-18T18:00")
        assert sum(fee(departed, departed + timedelta(minutes=minutes))["units"].values()) == units

    @pytest.mark.req("VA-FEE-03", "VA-FEE-07")
    @pytest.mark.parametrize("start", ["2025-01-31", "2024-02-28", "2023-02-28", "2025-12-31", "2026-05-05"])
    def test_a_day_is_a_day_at_the_end_of_every_month_and_year(self, start: str) -> None:
        departed = at(f"{start}T08:30")
        found = fee(departed, departed + timedelta(days=1, hours=1))
        assert found["units"] == {"day": 36, "evening": 14, "night": 46}

    @pytest.mark.req("VA-FEE-03")
    def test_seconds_are_cut_off(self) -> None:
        found = answer(
            "fee", service="video", departed="2025-10-18T18:00:59+09:00", finished="2025-10-18T19:00:59+09:00"
        )
        assert found["total_yen"] == 12_000

    @pytest.mark.req("VA-FEE-03")
    def test_the_clock_is_that_of_japan(self) -> None:
        found = answer("fee", service="video", departed="2025-10-18T09:00Z", finished="2025-10-18T10:01Z")
        assert found["total_yen"] == 15_000

    @pytest.mark.req("VA-FEE-08")
    def test_two_call_outs_cost_more_than_one_as_long(self) -> None:
        apart = sum(
            fee(at(f"2025-10-18T{start}:00"), at(f"2025-10-18T{start + 1}:00"))["total_yen"] for start in (18, 20)
        )
        assert apart == 24_000
        assert fee(at("2025-10-18T18:00"), at("2025-10-18T20:00"))["base_yen"] == 12_000

    def test_years_cost_as_little_time_as_hours(self) -> None:
        departed = at("2025-01-01T08:30")
        found = fee(departed, departed + timedelta(days=365_000, hours=1))
        assert found["units"] == {"day": 36 * 365_000, "evening": 14 * 365_000, "night": 46 * 365_000}


class TestWhatIsCharged:
    SATURDAY = ("2025-10-18T18:00+09:00", "2025-10-18T20:00+09:00")

    def ask(self, **facts: Any) -> dict[str, Any]:
        return ask("fee", service="video", departed=self.SATURDAY[0], finished=self.SATURDAY[1], **facts)

    @pytest.mark.req("VA-EXC-20", "VA-EXC-00")
    @pytest.mark.parametrize("number", range(1, 20))
    def test_only_three_exclusions_are_priced_by_the_table(self, number: int) -> None:
        result = self.ask(cause=f"EX-{number:02}")
        if number in (1, 4, 7):
            assert result["answer"]["total_yen"] == 24_000
            assert result["reasons"][0]["clause"] == "第3章 2.2"
        else:
            assert result["error"]["field"] == "cause"
            assert "第3章 2.2" in result["error"]["message"]

    @pytest.mark.req("VA-EXC-20")
    @pytest.mark.parametrize("code", ["EX-00", "EX-20", "OX-01", "PX-01", ""])
    def test_a_cause_is_one_of_the_excluded_works(self, code: str) -> None:
        assert self.ask(cause=code)["error"]["field"] == "cause"

    @pytest.mark.req("VA-FEE-10")
    def test_a_cause_makes_everything_chargeable_whatever_the_hours(self) -> None:
        departed, finished = at("2025-10-14T16:00"), at("2025-10-14T18:20")
        assert fee(departed, finished, basis="out_of_hours")["total_yen"] == 12_000
        assert fee(departed, finished, basis="out_of_hours", cause="EX-04")["total_yen"] == 27_000

    @pytest.mark.req("VA-EXC-00", "VA-OOH-02", "VA-OOH-03", "VA-OOH-04")
    @pytest.mark.parametrize(("basis", "clause"), [("excluded", "第3章 2.2"), ("out_of_hours", "第3章 2.3")])
    def test_without_consent_nothing_is_charged(self, basis: str, clause: str) -> None:
        result = self.ask(basis=basis, consent=False)
        assert result["answer"] == {
            "base_yen": 0,
            "units": {"day": 0, "evening": 0, "night": 0},
            "per_engineer_yen": 0,
            "tax_yen": 0,
            "total_yen": 0,
        }
        assert [reason["clause"] for reason in result["reasons"]] == [clause]
        assert "同意" in result["reasons"][0]["text"]

    @pytest.mark.req("VA-FEE-09")
    @pytest.mark.parametrize("approved", [None, False])
    @pytest.mark.parametrize("engineers", [2, 3, 1_000])
    def test_several_engineers_need_an_approved_estimate(self, engineers: int, approved: bool | None) -> None:
        result = self.ask(engineers=engineers, estimate_approved=approved, estimate_yen=48_000)
        assert result["error"]["field"] == "estimate_approved"
        assert "別表－１(４)" in result["error"]["message"]

    @pytest.mark.req("VA-FEE-08", "VA-FEE-09")
    @pytest.mark.parametrize(
        ("engineers", "estimate", "total"), [(2, 45_000, 45_000), (2, None, 48_000), (3, None, 72_000)]
    )
    def test_several_engineers_cost_the_estimate_or_the_table_for_each(
        self, engineers: int, estimate: int | None, total: int
    ) -> None:
        result = self.ask(engineers=engineers, estimate_approved=True, estimate_yen=estimate)
        assert (result["answer"]["per_engineer_yen"], result["answer"]["total_yen"]) == (24_000, total)
        assert result["reasons"][-1]["clause"] == "別表－１(４)"

    @pytest.mark.req("VA-FEE-09")
    def test_one_engineer_costs_the_table_whatever_was_estimated(self) -> None:
        result = self.ask(explain=True, engineers=1, estimate_approved=True, estimate_yen=48_000)
        assert result["answer"]["total_yen"] == 24_000
        assert "VA-FEE-09" in {lost["rule"] for lost in result["losing"]}

    def test_covered_work_inside_the_hours_is_free_for_any_number(self) -> None:
        several: dict[str, Any] = {"engineers": 2, "estimate_approved": True, "estimate_yen": 9}
        found = fee(at("2025-10-14T09:00"), at("2025-10-14T17:30"), basis="out_of_hours", **several)
        assert found["total_yen"] == 0


class TestBadInput:
    @pytest.mark.req("VA-FEE-03")
    @pytest.mark.parametrize(
        ("departed", "finished", "field"),
        [
            ("2025-10-18T18:00+09:00", "2025-10-18T18:00+09:00", "finished"),
            ("2025-10-18T18:00:10+09:00", "2025-10-18T18:00:50+09:00", "finished"),
            ("2025-10-18T18:00+09:00", "2025-10-17T19:00+09:00", "finished"),
            ("2025-10-18T18:00", "2025-10-18T19:00+09:00", "departed"),
            ("2025-10-18T18:00+09:00", "2025-10-18T24:30+09:00", "finished"),
            ("2025-02-29T18:00+09:00", "2025-03-01T19:00+09:00", "departed"),
            ("2025-10-18", "2025-10-18T19:00+09:00", "departed"),
            (None, "2025-10-18T19:00+09:00", "departed"),
            ("2025-10-18T18:00+09:00", None, "finished"),
            (20251018, "2025-10-18T19:00+09:00", "departed"),
        ],
    )
    def test_a_time_that_does_not_exist_or_fit_names_its_field(self, departed: Any, finished: Any, field: str) -> None:
        assert refused_field("fee", service="video", departed=departed, finished=finished) == field

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("engineers", 0),
            ("engineers", -1),
            ("engineers", 1.5),
            ("engineers", True),
            ("basis", "other"),
            ("consent", "yes"),
            ("estimate_yen", -1),
            ("estimate_yen", "48000"),
            ("cause", 4),
            ("surcharge", 500),
        ],
    )
    def test_a_fact_of_another_kind_is_refused(self, name: str, value: Any) -> None:
        facts = {"departed": "2025-10-18T18:00+09:00", "finished": "2025-10-18T19:00+09:00", name: value}
        assert refused_field("fee", service="video", **facts) == name

    @pytest.mark.req("VA-FEE-10")
    def test_the_plan_must_be_known(self) -> None:
        facts = {"departed": "2025-10-18T18:00+09:00", "finished": "2025-10-18T19:00+09:00"}
        assert refused_field("fee", service="video", plan="9x5-2y", **facts) == "plan"

    def test_covered_work_of_more_than_a_year_is_a_slip_of_the_pen(self) -> None:
        departed = at("2025-10-14T16:00")
        facts = {"departed": said(departed), "basis": "out_of_hours"}
        assert fee(departed, departed + timedelta(days=366), basis="out_of_hours")["total_yen"] > 0
        late = said(departed + timedelta(days=366, minutes=1))
        assert refused_field("fee", service="video", finished=late, **facts) == "finished"

    def test_the_end_of_the_calendar_is_no_fault_of_ours(self) -> None:
        found = fee(at("9999-12-31T22:00"), at("9999-12-31T23:59"))
        assert found["total_yen"] == 28_000
        result = ask(
            "fee",
            service="video",
            departed="9999-12-31T22:00+09:00",
            finished="9999-12-31T23:59+09:00",
            basis="out_of_hours",
        )
        assert result["answer"]["total_yen"] == 28_000


class TestExplaining:
    def explain(self, departed: str, finished: str, **facts: Any) -> dict[str, Any]:
        return ask(
            "fee", service="video", explain=True, departed=f"{departed}+09:00", finished=f"{finished}+09:00", **facts
        )

    @pytest.mark.req("VA-FEE-06", "VA-FEE-10")
    def test_every_group_of_units_is_named_with_its_start_and_why(self) -> None:
        result = self.explain("2025-10-14T16:00", "2025-10-14T18:20", basis="out_of_hours")
        assert result["units"] == [
            {"from": "2025-10-14T17:00+09:00", "band": "day", "count": 2, "unit_yen": 2_500, "charged": False},
            {"from": "2025-10-14T17:30+09:00", "band": "evening", "count": 4, "unit_yen": 3_000, "charged": True},
        ]
        (step,) = result["derivation"]
        assert step["date"] == "2025-10-14"
        assert "17:30から4単位" in step["label"]
        assert [lost["rule"] for lost in result["losing"]] == ["VA-FEE-10", "VA-FEE-10"]
        assert "16:00の出発" in result["losing"][0]["text"]
        assert "17:00から2単位" in result["losing"][1]["text"]
        assert all("ハードウェアの対応時間の中に始まるため" in lost["text"] for lost in result["losing"])

    @unhurried
    @given(departed=departures, minutes=st.integers(1, 6_000), basis=st.sampled_from(["excluded", "out_of_hours"]))
    def test_the_groups_add_up_to_the_answer(self, departed: datetime, minutes: int, basis: str) -> None:
        finished = departed + timedelta(minutes=minutes)
        result = ask(
            "fee", service="video", explain=True, departed=said(departed), finished=said(finished), basis=basis
        )
        charged = [group for group in result["units"] if group["charged"]]
        amount = sum(group["count"] * group["unit_yen"] for group in charged)
        assert result["answer"]["base_yen"] + amount == result["answer"]["total_yen"]
        for code, count in result["answer"]["units"].items():
            assert sum(group["count"] for group in charged if group["band"] == code) == count

    def test_work_of_years_is_explained_in_a_few_lines(self) -> None:
        result = self.explain("2025-01-01T08:30", "2035-01-01T08:30")
        assert len(result["derivation"]) < 12
        assert any("回" in step["label"] for step in result["derivation"])

    @pytest.mark.req("VA-EXC-00")
    def test_without_consent_the_groups_say_so(self) -> None:
        result = self.explain("2025-10-18T18:00", "2025-10-18T20:00", consent=False)
        assert all("同意がないため" in lost["text"] for lost in result["losing"])
        assert not any(group["charged"] for group in result["units"])


INVENTED = """
service = "lift"
edition = "1"
name = "昇降機の保守"
title = "昇降機の保守の約款"
in_force = 2024-04-01

[[plan]]
id = "office"
name = "平日の二部制"
windows = { visit = "two_shifts" }
clause = "2"
rule = "LF-1"

[[window_hours]]
id = "two_shifts"
label = "訪問の時間"
weekdays = ["mon", "tue", "wed", "thu", "fri"]
hours = [["09:00", "12:00"], ["13:00", "18:00"]]
clause = "2"
rule = "LF-1"

[window]
required = ["at"]
default_part = "visit"

[fee]
required = ["departed", "finished"]
base = { minutes = 30, clause = "3", rule = "LF-2" }
unit = { minutes = 50, counted = "COUNTED", clause = "3", rule = "LF-2" }
counted = { says = "待つ時間も数えます。", clause = "3", rule = "LF-2" }
excluded = { clause = "3", rule = "LF-2" }
OUT_OF_HOURS
engineers = { without_estimate = 2, clause = "3", rule = "LF-2" }
tax = { percent = 10, clause = "3", rule = "LF-2" }

[[fee.band]]
code = "light"
label = "明るい時間"
opens = "06:00"
closes = "18:00"
base_yen = 1_005
unit_yen = 100
clause = "3"
rule = "LF-2"

[[fee.band]]
code = "dark"
label = "暗い時間"
opens = "18:00"
closes = "06:00"
base_yen = 2_000
unit_yen = 300
clause = "3"
rule = "LF-2"

[[clause]]
id = "2"
text = "平日に二度の時間帯で伺います。"

[[clause]]
id = "3"
text = "そのほかの作業は料金の表によります。"
"""

PARTLY = 'out_of_hours = { part = "visit", partly_inside = "%s", clause = "3", rule = "LF-2" }'


Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ask]:
    """Deciders of the invented service, with the settings that a test names."""

    @cache
    def decider(*, counted: str = "started", out_of_hours: str = PARTLY % "outside_only") -> Ask:
        path = tmp_path_factory.mktemp("editions") / "lift/1.toml"
        path.parent.mkdir()
        text = INVENTED.replace("COUNTED", counted).replace("OUT_OF_HOURS", out_of_hours)
        path.write_text(text, encoding="utf-8")
        edition = load(path)
        decide = compile_fee(edition, edition.plan[0])

        def found(departed: datetime, finished: datetime, **facts: Any) -> Answer:
            return decide({"departed": minute_of(departed), "finished": minute_of(finished), **facts}, None)[0]

        return found

    return decider


class TestAnotherVendor:
    """Other bands, units that do not divide a day, a lunch break, tax, nobody asked: all of it is data."""

    def test_bands_units_and_tax_are_its_own(self, invented: Callable[..., Ask]) -> None:
        found = invented()(at("2025-10-14T16:40"), at("2025-10-14T18:51"))
        assert found["base_yen"] == 1_005
        # 17:10 and 18:00 have started and so has 18:50: its first minute is the last of the work.
        assert found["units"] == {"light": 1, "dark": 2}
        assert (found["per_engineer_yen"], found["tax_yen"], found["total_yen"]) == (1_705, 170, 1_875)

    def test_only_completed_units_where_it_says_so(self, invented: Callable[..., Ask]) -> None:
        found = invented(counted="completed")(at("2025-10-14T16:40"), at("2025-10-14T18:51"))
        assert found["units"] == {"light": 1, "dark": 1}
        assert invented(counted="completed")(at("2025-10-14T16:40"), at("2025-10-14T17:59"))["units"] == {
            "light": 0,
            "dark": 0,
        }

    def test_a_lunch_break_is_outside(self, invented: Callable[..., Ask]) -> None:
        found = invented()(at("2025-10-14T11:00"), at("2025-10-14T14:10"), basis="out_of_hours")
        # Units start at 11:30, 12:20 and 13:10: only the second lies in the break.
        assert (found["base_yen"], found["units"]) == (0, {"light": 1, "dark": 0})

    def test_two_come_without_an_estimate_and_consent_is_not_asked(self, invented: Callable[..., Ask]) -> None:
        found = invented()(at("2025-10-18T10:00"), at("2025-10-18T10:30"), engineers=2, consent=False)
        assert (found["per_engineer_yen"], found["total_yen"]) == (1_005, 2_010 + 201)

    @pytest.mark.req("VA-FEE-10")
    @pytest.mark.parametrize(
        ("departed", "finished", "light", "dark"),
        [
            ("2025-10-14T16:40", "2025-10-14T18:51", 1, 2),
            ("2025-10-14T13:00", "2025-10-14T18:00", 0, 0),
            ("2025-10-14T13:00", "2025-10-14T18:01", 6, 0),
            ("2025-10-14T12:59", "2025-10-14T18:00", 6, 0),
        ],
    )
    def test_the_whole_call_out_where_it_says_so(
        self, invented: Callable[..., Ask], departed: str, finished: str, light: int, dark: int
    ) -> None:
        decide = invented(out_of_hours=PARTLY % "whole")
        found = decide(at(departed), at(finished), basis="out_of_hours")
        assert found["units"] == {"light": light, "dark": dark}
        assert found["base_yen"] == (1_005 if light else 0)

    def test_without_a_price_for_its_hours_it_cannot_be_asked_for_them(self, invented: Callable[..., Ask]) -> None:
        decide = invented(out_of_hours="")
        with pytest.raises(Refusal, match="時間外の料金の定め") as refused:
            decide(at("2025-10-14T16:40"), at("2025-10-14T18:51"), basis="out_of_hours")
        assert refused.value.field == "basis"

    @unhurried
    @given(departed=departures, minutes=st.integers(1, 30_000))
    def test_units_that_do_not_divide_a_day_are_counted_right(
        self, invented: Callable[..., Ask], departed: datetime, minutes: int
    ) -> None:
        expected = {"light": 0, "dark": 0}
        start = departed + timedelta(minutes=30)
        while start < departed + timedelta(minutes=minutes):
            expected["light" if 6 <= start.hour < 18 else "dark"] += 1
            start += timedelta(minutes=50)
        assert invented()(departed, departed + timedelta(minutes=minutes))["units"] == expected


@pytest.mark.req("VA-FEE-02")
@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ('closes = "06:00"', 'closes = "05:59"', "料金がありません"),
        ('opens = "18:00"', 'opens = "17:59"', "重なっています"),
        ("minutes = 50", "minutes = 0", "1分より短く"),
        ('closes = "06:00"', 'closes = "6:00"', "時刻ではありません"),
    ],
)
def test_bands_share_out_the_day_without_gap_or_overlap(
    tmp_path: Path, written: str, instead: str, message: str
) -> None:
    (tmp_path / "lift").mkdir()
    text = INVENTED.replace("COUNTED", "started").replace("OUT_OF_HOURS", PARTLY % "whole")
    assert text.count(written) == 1
    (tmp_path / "lift/1.toml").write_text(text.replace(written, instead), encoding="utf-8")
    with pytest.raises(CatalogError, match=message):
        load(tmp_path / "lift/1.toml")
