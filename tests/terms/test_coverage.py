"""coverage: properties over generated dates, beside the worked examples of the edition."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoshu.catalog import editions
from hoshu.dates import elapsed, month_end, within_years
from hoshu.terms import decide
from tests.terms.asking import answer, ask, changed, unhurried

days = st.dates(min_value=date(2005, 1, 1), max_value=date(2060, 12, 31))
years = st.sampled_from([3, 4, 5])


def coverage(years: int = 3, **facts: object) -> dict[str, object]:
    named = {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}
    return answer("coverage", plan=f"5d-{years}y", **named)


@pytest.mark.req("IX-COV-01", "IX-COV-02", "IX-CAL-02", "IX-CAL-08")
@unhurried
@given(days, years, st.none() | days)
def test_the_years_run_from_the_earlier_origin_to_a_month_end(bought: date, n: int, deadline: date | None) -> None:
    found = coverage(n, purchased=bought, registered=bought, **({"card_deadline": deadline} if deadline else {}))
    origin = bought if deadline is None else min(bought, deadline + timedelta(days=1))
    assert found["counted_from"] == str(origin)
    end = month_end(elapsed(origin, n))
    assert found["end"] == (str(end) if bought <= end else None)


@pytest.mark.req("IX-COV-04", "IX-COV-07")
@unhurried
@given(days, years, st.integers(min_value=0, max_value=2500), st.dates(), st.dates())
def test_registering_late_moves_the_start_and_never_the_end(
    bought: date, n: int, later: int, pack: date, received: date
) -> None:
    prompt = coverage(n, purchased=bought, registered=bought)
    registered = bought + timedelta(days=later)
    found = coverage(n, purchased=bought, registered=registered, pack_purchased=pack, application_received=received)
    if str(registered) <= str(prompt["end"]):
        assert (found["start"], found["end"], found["days_used"]) == (str(registered), prompt["end"], later)
    else:
        assert (found["start"], found["end"], found["days_used"]) == (None, None, None)


@pytest.mark.req("IX-COV-05")
@unhurried
@given(days, years, days, st.integers(min_value=0, max_value=3))
def test_nothing_is_served_past_the_support_limit(bought: date, n: int, sales_end: date, kits: int) -> None:
    assume(bought <= sales_end)
    found = coverage(n, purchased=bought, registered=bought, end_of_sale=sales_end, extension_kits=kits)
    limit = within_years(sales_end, 5)
    free = coverage(n, purchased=bought, registered=bought, extension_kits=kits)
    assert str(found["end"]) <= str(limit)
    assert (found["cap"] == "end_of_sale") == (str(free["end"]) > str(limit))
    assert found["cap"] is not None or found["end"] == free["end"]


@pytest.mark.req("IX-EXT-02")
@unhurried
@given(days, years, st.integers(min_value=1, max_value=4))
def test_each_kit_adds_the_year_after_the_end(bought: date, n: int, kits: int) -> None:
    before = coverage(n, purchased=bought, registered=bought, extension_kits=kits - 1)
    after = coverage(n, purchased=bought, registered=bought, extension_kits=kits)
    assert after["end"] == str(within_years(date.fromisoformat(str(before["end"])), 1))


def test_an_early_end_cuts_and_a_late_one_does_not() -> None:
    facts = {"purchased": "2025-05-10", "registered": "2025-06-03"}
    assert answer("coverage", **facts, ended_early="2025-12-31")["end"] == "2025-12-31"
    assert answer("coverage", **facts, ended_early="2025-12-31")["cap"] == "ended_early"
    assert answer("coverage", **facts, ended_early="2028-05-31")["cap"] is None
    assert answer("coverage", **facts, ended_early="2025-06-02")["end"] is None


@pytest.mark.req("IX-COV-04")
@pytest.mark.parametrize(
    ("registered", "said"), [("2025-01-10", "購入日の2025年5月10日には"), ("2026-01-01", "登録が済む2026年1月1日には")]
)
def test_where_no_day_is_left_the_day_it_would_start_is_said(registered: str, said: str) -> None:
    result = ask("coverage", purchased="2025-05-10", registered=registered, support_limit="2025-02-01")
    assert result["answer"]["start"] is None
    assert any(reason["text"].startswith(said) for reason in result["reasons"])


@pytest.mark.req("IX-COV-05")
@pytest.mark.parametrize(
    ("facts", "rule"),
    [({}, "IX-COV-02"), ({"support_limit": "2026-03-31"}, "IX-COV-05"), ({"ended_early": "2026-03-31"}, "IX-STP-01")],
)
def test_explaining_cites_what_set_the_last_day(facts: dict[str, str], rule: str) -> None:
    result = ask("coverage", explain=True, purchased="2025-05-10", registered="2025-06-03", **facts)
    assert [step["rule"] for step in result["derivation"] if step["label"] == "サポート満了日"] == [rule]


@pytest.mark.req("IX-COV-03")
def test_the_shipment_date_is_used_only_without_proof_and_is_said() -> None:
    facts = {"purchased": "2025-05-10", "registered": "2025-06-03", "shipped": "2025-04-22"}
    assert answer("coverage", **facts)["purchase_basis"] == "proof"
    unproven = ask("coverage", **facts, purchase_proof=False)
    assert unproven["answer"]["purchase_basis"] == "shipped"
    assert unproven["answer"]["end"] == "2028-04-30"
    assert {"第2章 1.(4)", "第2章 1.(6)"} <= {reason["clause"] for reason in unproven["reasons"]}
    assert any("2025年4月22日" in reason["text"] for reason in unproven["reasons"])


@pytest.mark.req("IX-COV-02")
def test_the_reason_cites_the_statute_and_the_values() -> None:
    (end,) = (
        reason
        for reason in ask("coverage", purchased="2024-02-29", registered="2024-03-25")["reasons"]
        if reason["rule"] == "IX-COV-02"
    )
    assert end["law"] == "民法 143条2項"
    assert end["text"] == (
        "2024年2月29日から3年が経過した日は2027年3月1日で、その月の末日の2027年3月31日が満了日です。"
    )


@pytest.mark.req("VA-TRM-01")
@pytest.mark.parametrize("service", ["video", "supportpack"])
def test_a_period_that_ends_with_its_years_says_so_in_one_sentence(service: str) -> None:
    result = ask("coverage", service=service, purchased="2024-01-10", registered="2024-01-12")
    texts = [reason["text"] for reason in result["reasons"]]
    assert "2024年1月10日から5年が経過した日の2029年1月10日が満了日です。" in texts


STOPPED = {"contract_start": "2025-04-10", "initial_set": "2025-04-15T10:00+09:00", "ended_early": "2025-09-10"}


@pytest.mark.req("MM-CND-27")
@pytest.mark.parametrize("cancelled", [{}, {"cancelled": "2026-02-03"}])
def test_what_stopped_early_is_not_said_to_go_on(cancelled: dict[str, str]) -> None:
    result = ask("coverage", service="mimamori", explain=True, **STOPPED, **cancelled)
    assert result["answer"]["end"] == "2025-09-10"
    assert [reason["clause"] for reason in result["reasons"]] == ["7.5", "8.1 ⑥", "7.21"]
    assert [rule["rule"] for rule in result["losing"]] == ["MM-TRM-01"]


@pytest.mark.req("MM-CND-27")
@pytest.mark.parametrize(("ended_early", "refused"), [("2025-04-09", True), ("2025-04-10", False)])
def test_nothing_stops_before_the_start_of_the_contract(ended_early: str, refused: bool) -> None:
    result = ask("coverage", service="mimamori", contract_start="2025-04-10", ended_early=ended_early)
    assert (result.get("error", {}).get("field") == "ended_early") is refused


@pytest.mark.req("VA-TRM-01", "VA-CAL-05")
@pytest.mark.parametrize(
    ("rounding", "ends"),
    [
        ("none", {"2025-04-01": "2026-04-01", "2024-02-29": "2025-03-01"}),
        ("day_before", {"2025-04-01": "2026-03-31", "2024-02-29": "2025-02-28"}),
        ("first_day_not_counted", {"2025-04-01": "2026-04-01", "2024-02-29": "2025-02-28"}),
        ("month_end", {"2025-04-01": "2026-04-30", "2024-02-29": "2025-03-31"}),
    ],
)
def test_the_last_day_of_the_years_is_a_setting(rounding: str, ends: dict[str, str]) -> None:
    (video,) = editions("video")
    assert video.coverage is not None
    assert video.coverage.elapsed is not None
    terms = changed(video.coverage, elapsed=changed(video.coverage.elapsed, rounding=rounding))
    for purchased, end in ends.items():
        question = {"id": 1, "ask": "coverage", "service": "video", "plan": "9x5-1y"}
        facts = {"purchased": purchased, "registered": purchased}
        found = decide({**question, "facts": facts}, under=changed(video, coverage=terms))
        assert found["answer"]["end"] == end
        assert end.replace("-0", "-").split("-")[2] + "日が満了日です。" in "".join(
            each["text"] for each in found["reasons"]
        )


@pytest.mark.req("VA-TRM-01", "SP-TRM-02")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@pytest.mark.parametrize(("registered", "refused"), [("2025-03-31", True), ("2025-04-01", False)])
def test_nothing_is_registered_before_it_is_bought(service: str, registered: str, refused: bool) -> None:
    result = ask("coverage", service=service, purchased="2025-04-01", registered=registered)
    assert (result.get("error", {}).get("field") == "registered") is refused


@pytest.mark.req("SP-CAL-07", "VA-TRM-02")
def test_no_day_is_used_up_before_the_acceptance_inspection() -> None:
    found = answer(
        "coverage", service="supportpack", purchased="2025-03-25", inspected="2025-04-05", registered="2025-04-01"
    )
    assert (found["counted_from"], found["start"], found["days_used"]) == ("2025-04-05", "2025-04-01", 0)


PARTLY_ENDED = {"purchased": "2022-06-15", "production_ended": "2020-09-30", "ended_part": "software"}
"""The hardware ends with its parts on 2025-09-30, the software on a day agreed for it; the years last until 2027."""


@pytest.mark.req("VA-TRM-03", "VA-TRM-05")
@pytest.mark.parametrize(("software_end", "end"), [("2026-12-31", "2026-12-31"), ("2024-12-31", "2025-09-30")])
def test_the_whole_ends_with_the_last_of_its_parts(software_end: str, end: str) -> None:
    facts = {**PARTLY_ENDED, "ended_early": software_end}
    result = ask("coverage", service="video", explain=True, registered="2022-07-01", **facts)
    assert result["answer"]["end"] == end
    assert result["answer"]["hardware_end"] == "2025-09-30"
    steps = {step["label"]: step["rule"] for step in result["derivation"]}
    assert (steps["ハードウェアの満了日"], steps["ソフトウェアの満了日"]) == ("VA-TRM-03", "VA-TRM-05")


@pytest.mark.req("VA-TRM-02", "VA-TRM-03")
def test_nothing_is_left_once_every_part_has_ended() -> None:
    found = answer("coverage", service="video", registered="2027-01-01", ended_early="2026-12-31", **PARTLY_ENDED)
    assert (found["start"], found["end"], found["hardware_end"], found["software_end"]) == (None, None, None, None)


@pytest.mark.req("VA-TRM-03")
def test_a_part_that_ended_before_the_start_is_said_to_be_gone() -> None:
    facts = {"purchased": "2022-06-15", "production_ended": "2020-09-30"}
    late = ask("coverage", service="video", registered="2026-01-13", **facts)
    gone = "ハードウェアの提供は2025年9月30日に終わっているため、ご利用いただけません。"
    assert {"clause": "第1章 4.", "rule": "VA-TRM-03", "text": gone} in late["reasons"]
    in_time = ask("coverage", service="video", registered="2025-09-30", **facts)
    assert gone not in [reason["text"] for reason in in_time["reasons"]]


@pytest.mark.req("SP-TRM-03", "IX-COV-05")
@pytest.mark.parametrize(
    ("service", "limit", "text"),
    [
        (
            "supportpack",
            "parts_until",
            "保守部品の保有期限が2026年9月30日と定められているため、提供はその日までです。",
        ),
        ("ix", "support_limit", "保守対応期限が2026年9月30日と定められているため、提供はその日までです。"),
    ],
)
def test_a_recorded_limit_is_counted_by_no_statute(service: str, limit: str, text: str) -> None:
    facts = {"purchased": "2024-04-10", "registered": "2024-05-20", limit: "2026-09-30"}
    [reason] = [each for each in ask("coverage", service=service, **facts)["reasons"] if "定められ" in each["text"]]
    assert (reason["text"], "law" in reason) == (text, False)
