"""The conditions of support packs: what the nineteen articles state and the file must hold, table by table."""

from datetime import date
from typing import Any

import pytest

from hoshu.catalog import edition
from hoshu.dates import BusinessCalendar, days_before, within_years
from tests.terms.asking import answer, clauses

PACK = edition("supportpack", "1")
CALENDAR = BusinessCalendar()


def section(name: str) -> Any:
    found = getattr(PACK, name)
    assert found is not None
    return found


def texts(kind: str, rule: str) -> list[tuple[str, str]]:
    """The clause and text of every duty, notice or declaration of a requirement."""
    return [(note.clause, note.text) for note in getattr(PACK, kind) if note.rule == rule]


def ask(topic: str, **facts: Any) -> dict[str, Any]:
    return answer(topic, service="supportpack", **facts)


class TestTheDocument:
    def test_has_a_preamble_and_nineteen_articles(self) -> None:
        articles = list(dict.fromkeys(clause.id.split()[0] for clause in PACK.clause))
        assert articles == ["前文", *(f"第{number}条" for number in range(1, 20))]

    @pytest.mark.req("SP-PRE-01")
    def test_rests_on_two_texts_and_bears_no_number(self) -> None:
        assert "実施条件とサービス仕様書" in PACK.clause_text("前文")
        assert PACK.document_number == ""
        assert PACK.in_force == date(2020, 4, 1)
        assert ask("registration", application_received="2015-03-02")["answer_by"] == "2015-04-01"

    @pytest.mark.req("SP-PRE-02")
    def test_its_plans_are_years_and_hold_no_hours(self) -> None:
        assert {plan.id: plan.years for plan in PACK.plan} == {f"{n}y": n for n in (1, 3, 4, 5, 6, 7)}
        assert all(plan.windows == {} for plan in PACK.plan)

    @pytest.mark.req("SP-SUR-01")
    def test_eleven_articles_survive_the_end(self) -> None:
        surviving = {clause.split()[0] for clause in PACK.surviving_clauses}
        assert surviving == {f"第{number}条" for number in (4, 7, 9, 10, 12, 13, 14, 15, 17, 18, 19)}
        assert [clause for clause in PACK.surviving_clauses if clause.startswith("第14条")] == ["第14条 (3)"]

    @pytest.mark.req("SP-SUR-01")
    @pytest.mark.parametrize("number", [7, 9, 10, 13, 15])
    def test_an_article_that_survives_does_so_whole(self, number: int) -> None:
        whole = {clause.id for clause in PACK.clause if clause.id.split()[0] == f"第{number}条"}
        assert whole <= set(PACK.surviving_clauses)

    @pytest.mark.req("SP-LAW-01")
    def test_names_two_courts_and_no_law(self) -> None:
        assert PACK.courts == ("東京簡易裁判所", "東京地方裁判所")
        assert texts("notice", "SP-LAW-01") == [("第19条", "準拠法の定めはありません。")]

    @pytest.mark.req("SP-ASF-01")
    def test_both_sides_represent_six_things(self) -> None:
        declared = texts("declaration", "SP-ASF-01")
        assert {clause for clause, _ in declared} == {"第13条 (1)"}
        words = ("暴力団", "利用", "資金", "非難される関係", "暴力、詐欺、脅迫", "法的な責任を超える")
        assert len(declared) == len(words)
        assert [word for word, (_, text) in zip(words, declared, strict=True) if word not in text] == []
        assert "互いに約束" in PACK.clause_text("第13条 (1)")


class TestWhatIsToldOrAsked:
    @pytest.mark.req("SP-COP-02")
    def test_three_requests_for_cooperation(self) -> None:
        assert [clause for clause, _ in texts("duty", "SP-COP-02")] == [f"第5条 (2){item}" for item in "①②③"]
        (documents, _), (network, _), (stop, _) = ((text, clause) for clause, text in texts("duty", "SP-COP-02"))
        assert "お客様の費用と責任" in documents
        assert "お客様の費用と責任" in network
        assert "停止" in stop

    @pytest.mark.req("SP-COP-04", "SP-COP-05", "SP-SID-01", "SP-MYN-02", "SP-COP-01")
    @pytest.mark.parametrize(
        ("rule", "clause", "words"),
        [
            ("SP-COP-01", "第5条 (1)", ["サービス仕様書", "誠実"]),
            ("SP-COP-04", "第5条 (4)", ["日常の保守", "マニュアル"]),
            ("SP-COP-05", "第5条 (5)", ["プログラムとデータ", "費用と責任"]),
            ("SP-MYN-02", "第10条 (2)", ["ログイン認証", "暗号化"]),
            ("SP-SID-01", "第11条", ["知らせず", "貸さず", "共有せず"]),
        ],
    )
    def test_duties_of_the_customer(self, rule: str, clause: str, words: list[str]) -> None:
        ((found, text),) = texts("duty", rule)
        assert found == clause
        assert [word for word in words if word not in text] == []

    @pytest.mark.req("SP-EXP-01", "SP-FMJ-01", "SP-SUB-01", "SP-DMG-03", "SP-CST-01")
    @pytest.mark.parametrize(
        ("rule", "clause", "words"),
        [
            ("SP-CST-01", "第6条 (1)", ["記録媒体", "光熱費", "通信費"]),
            ("SP-SUB-01", "第8条", ["委託先", "提供者の費用と責任"]),
            ("SP-DMG-03", "第15条 (3)", ["できるだけ小さく"]),
            ("SP-FMJ-01", "第16条", ["天災", "戦争", "感染症", "労働争議", "金銭のお支払いは除きます"]),
            ("SP-EXP-01", "第17条", ["外国為替及び外国貿易法", "米国"]),
        ],
    )
    def test_notices(self, rule: str, clause: str, words: list[str]) -> None:
        ((found, text),) = texts("notice", rule)
        assert found == clause
        assert [word for word in words if word not in text] == []

    @pytest.mark.req("SP-CST-01", "SP-CST-02")
    def test_three_costs_are_borne_directly_and_three_are_billed(self) -> None:
        found = {item.code: (item.clause, item.kinds, item.invoiced) for item in PACK.cost_item}
        assert found == {
            "CC-1": ("第6条 (1)", ("media",), False),
            "CC-2": ("第6条 (1)", ("utilities",), False),
            "CC-3": ("第6条 (1)", ("communication",), False),
            "CC-4": ("第6条 (2)", ("ship", "air"), True),
            "CC-5": ("第6条 (2)", ("lodging",), True),
            "CC-6": ("第6条 (2)", ("allowance",), True),
        }

    @pytest.mark.req("SP-REG-03")
    def test_the_form_asks_for_the_customer_and_for_the_product(self) -> None:
        needed = {field.name for field in PACK.card_field if field.required == "always"}
        assert {"administrator_name", "administrator_email", "machine_type", "serial", "site_address"} <= needed
        assert {"purchased", "pack_purchased"} <= needed
        assert {field.clause for field in PACK.card_field} == {"第1条 (1)"}


class TestSettings:
    """Each open reading that is a key of the file: the key exists, and holds what the reading says was taken."""

    def test_every_reading_names_a_key(self) -> None:
        assert all(reading.setting for reading in PACK.reading)
        assert len({reading.id for reading in PACK.reading}) == len(PACK.reading)

    @pytest.mark.req("SP-CAL-06")
    def test_no_last_day_is_moved(self) -> None:
        periods = [*section("registration").deadline, section("registration").answer_within]
        periods += [ground.within for ground in section("refund").ground if ground.within is not None]
        periods += [section("reperformance").recur, section("confidentiality").keep, section("damages").claim]
        assert not any(period.move_off_day_off for period in periods)

    @pytest.mark.req("SP-CAL-07")
    def test_the_inspection_stands_in_for_the_purchase_wherever_a_period_counts_from_it(self) -> None:
        pack, machine = section("registration").deadline
        (returned,) = [ground.within for ground in section("refund").ground if ground.within is not None]
        assert (pack.fact, pack.instead) == (returned.fact, returned.instead) == ("pack_purchased", "pack_inspected")
        assert (machine.fact, machine.instead) == ("purchased", "inspected")
        (origin,) = section("coverage").origin
        assert (origin.fact, origin.instead) == ("purchased", "inspected")

    def test_the_readings_taken(self) -> None:
        assert section("registration").late.outcome == "accept_late"
        grounds = {ground.reason: ground for ground in section("refund").ground}
        assert grounds["disagree_with_terms"].if_registered == "person_decides"
        assert grounds["disagree_with_terms"].payer == "provider"
        assert {ground.refund_to_customer for ground in section("ending").ground if ground.code != "stopped_using"} == {
            "person_decides"
        }
        assert section("ending").shortest_period_days == 1
        assert section("handover").noticed.treatment == "decline"


def rows(table: str) -> list[tuple[date, date]]:
    """「2025-04-01 2025-05-01」 a line: a day and the last day of its period."""
    pairs = (line.split() for line in table.split("\n") if line.strip())
    return [(date.fromisoformat(day), date.fromisoformat(last)) for day, last in pairs]


THIRTY_DAYS = rows("""
    2025-04-01 2025-05-01
    2025-12-15 2026-01-14
    2025-01-31 2025-03-02
    2024-01-31 2024-03-01
    2025-02-28 2025-03-30
    2024-02-28 2024-03-29
    2026-01-30 2026-03-01
""")
FOURTEEN_DAYS = rows("""
    2025-04-01 2025-04-15
    2025-12-24 2026-01-07
    2024-02-15 2024-02-29
    2024-02-16 2024-03-01
    2025-02-14 2025-02-28
    2025-10-20 2025-11-03
""")
THIRTY_DAYS_BEFORE = rows("""
    2026-03-31 2026-03-01
    2026-03-30 2026-02-28
    2024-03-30 2024-02-29
    2026-05-01 2026-04-01
""")
THREE_MONTHS = rows("""
    2025-08-10 2025-11-10
    2025-08-31 2025-11-30
    2025-11-29 2026-02-28
    2025-11-30 2026-02-28
    2025-12-01 2026-03-01
    2025-04-30 2025-07-31
    2026-02-28 2026-05-31
""")
HALF_A_YEAR = rows("""
    2025-01-15 2025-07-15
    2025-04-10 2025-10-10
    2025-03-31 2025-09-30
    2025-06-30 2025-12-31
    2025-08-28 2026-02-28
    2025-08-29 2026-02-28
    2025-08-30 2026-02-28
    2025-08-31 2026-02-28
    2023-08-31 2024-02-29
    2025-02-28 2025-08-31
    2024-02-29 2024-08-31
    2025-09-30 2026-03-31
    2025-12-31 2026-06-30
""")
ONE_YEAR = rows("""
    2025-03-15 2026-03-15
    2024-02-29 2025-02-28
    2027-02-28 2028-02-29
    2028-02-29 2029-02-28
    2025-06-30 2026-06-30
""")
THREE_YEARS = rows("""
    2025-06-30 2028-06-30
    2024-02-29 2027-02-28
    2025-02-28 2028-02-29
""")
FIVE_YEARS = rows("""
    2020-09-30 2025-09-30
    2020-02-29 2025-02-28
    2023-02-28 2028-02-29
""")
ELAPSED = {
    1: rows("""
    2025-04-01 2026-04-01
    2024-02-29 2025-03-01
    2023-02-28 2024-02-28
    2021-12-31 2022-12-31
    2025-03-31 2026-03-31
    """),
    3: rows("""
    2025-04-01 2028-04-01
    2024-02-29 2027-03-01
    2023-02-28 2026-02-28
    2021-12-31 2024-12-31
    2025-03-31 2028-03-31
    """),
    5: rows("""
    2025-04-01 2030-04-01
    2024-02-29 2029-03-01
    2023-02-28 2028-02-28
    2021-12-31 2026-12-31
    2025-03-31 2030-03-31
    """),
    6: rows("""
    2025-04-01 2031-04-01
    2024-02-29 2030-03-01
    2023-02-28 2029-02-28
    2021-12-31 2027-12-31
    2025-03-31 2031-03-31
    """),
    7: rows("""
    2025-04-01 2032-04-01
    2024-02-29 2031-03-01
    2023-02-28 2030-02-28
    2021-12-31 2028-12-31
    2025-03-31 2032-03-31
    """),
}


class TestTheDateVectors:
    """The annex of the requirements, each through the period of the file that it belongs to."""

    @pytest.mark.req("SP-CAL-02", "SP-REG-02", "SP-REG-09")
    @pytest.mark.parametrize(("day", "last"), THIRTY_DAYS)
    def test_thirty_days_for_an_application_and_for_a_refusal(self, day: date, last: date) -> None:
        assert section("registration").deadline[0].last_day(day, CALENDAR) == last
        assert section("registration").answer_within.last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-02", "SP-REF-01", "SP-CNF-03")
    @pytest.mark.parametrize(("day", "last"), FOURTEEN_DAYS)
    def test_fourteen_days_for_a_return_and_for_writing_down(self, day: date, last: date) -> None:
        (within,) = [ground.within for ground in section("refund").ground if ground.within is not None]
        assert within.last_day(day, CALENDAR) == section("confidentiality").oral.last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-03", "SP-REG-11")
    @pytest.mark.parametrize(("day", "last"), THIRTY_DAYS_BEFORE)
    def test_thirty_days_before_a_change(self, day: date, last: date) -> None:
        assert days_before(day, section("change").notice.days) == last

    @pytest.mark.req("SP-CAL-04", "SP-LIA-01")
    @pytest.mark.parametrize(("day", "last"), THREE_MONTHS)
    def test_three_months_for_a_recurrence(self, day: date, last: date) -> None:
        assert section("reperformance").recur.last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-04", "SP-REG-04")
    @pytest.mark.parametrize(("day", "last"), HALF_A_YEAR)
    def test_half_a_year_from_the_machine(self, day: date, last: date) -> None:
        assert section("registration").deadline[1].last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-04", "SP-LIA-01", "SP-DMG-04")
    @pytest.mark.parametrize(("day", "last"), ONE_YEAR)
    def test_one_year_for_a_claim(self, day: date, last: date) -> None:
        assert section("reperformance").claim.last_day(day, CALENDAR) == last
        assert section("damages").claim.last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-04", "SP-CNF-01")
    @pytest.mark.parametrize(("day", "last"), THREE_YEARS)
    def test_three_years_for_a_secret(self, day: date, last: date) -> None:
        assert section("confidentiality").keep.last_day(day, CALENDAR) == last

    @pytest.mark.req("SP-CAL-04")
    @pytest.mark.parametrize(("day", "last"), FIVE_YEARS)
    def test_five_years_from_the_end_of_production(self, day: date, last: date) -> None:
        assert within_years(day, 5) == last

    @pytest.mark.req("SP-CAL-05", "SP-TRM-02")
    @pytest.mark.parametrize(("years", "day", "last"), [(n, *row) for n, table in ELAPSED.items() for row in table])
    def test_the_day_on_which_the_years_have_elapsed(self, years: int, day: date, last: date) -> None:
        found = ask("coverage", plan=f"{years}y", purchased=str(day), registered=str(day))
        assert found["end"] == str(last)


class TestWhatIsSharedWithNoOtherPack:
    """Where these conditions and those of another pack differ, each keeps its own (section 18 of the requirements)."""

    @pytest.mark.parametrize(
        ("topic", "facts", "member", "here", "there"),
        [
            (
                "registration",
                {"purchased": "2025-01-10", "pack_purchased": "2025-08-01", "application_received": "2025-08-10"},
                "outcome",
                "accept_late",
                "accept",
            ),
            ("refund", {"reason": "refused_by_operator", "refused_on": "2026-01-14"}, "by", None, "2026-02-13"),
            (
                "refund",
                {"reason": "disagree_with_terms", "pack_purchased": "2025-04-01"},
                "payer",
                "provider",
                "seller",
            ),
            (
                "ending",
                {"by": "customer", "ground": "insolvency", "evidence": True, "on": "2026-02-03"},
                "allowed",
                True,
                False,
            ),
        ],
    )
    def test_a_difference(self, topic: str, facts: dict[str, Any], member: str, here: Any, there: Any) -> None:
        assert ask(topic, **facts)[member] == here
        assert answer(topic, service="video", **facts)[member] == there


def test_clauses_are_named_by_article_and_paragraph() -> None:
    facts = {"pack_purchased": "2025-04-01", "purchased": "2025-04-01", "application_received": "2025-05-02"}
    assert {"第1条 (1)", "第1条 (2)", "第1条 (4)", "第3条 (4)"} == set(
        clauses("registration", service="supportpack", **facts)
    )


@pytest.mark.req("SP-CAL-01")
@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2029-04-10T23:59:59+09:00", "covered"),
        ("2029-04-11T00:00:00+09:00", "not_covered"),
        ("2029-04-10T14:59:59Z", "covered"),
        ("2029-04-10T15:30:00Z", "not_covered"),
    ],
)
def test_a_last_day_ends_at_midnight_in_japan(at: str, outcome: str) -> None:
    coverage = {"start": "2024-05-20", "end": "2029-04-10"}
    assert ask("entitlement", at=at, coverage=coverage)["outcome"] == outcome
