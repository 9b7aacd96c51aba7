"""telemetry: a closed list of fields with versions, by individual service; everything else is dropped."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import CatalogError, edition, load
from tests.terms.asking import unhurried
from tests.terms.reporting import answer, answer_of, ask, clauses, invented, refused_field

ON = "2025-06-10"
BOTH = ["consumables", "fault"]
TERMS = edition("remote-care", "1").telemetry
assert TERMS is not None
PATHS = [each.path for each in TERMS.field]

STATION = """
[telemetry]
required = ["fields", "on"]
unlisted = { clause = "1", rule = "W-02" }
version = [
    { number = 1, starts = 2025-01-01, approved_by = "係", approved_on = 2024-12-20, clause = "1", rule = "W-03" },
    { number = 2, starts = 2025-07-01, approved_by = "係", approved_on = 2025-06-20, clause = "1", rule = "W-03" },
    { number = 3, starts = 2025-10-01, approved_by = "係", approved_on = 2025-09-20, clause = "1", rule = "W-03" },
]
category = [{ code = "AIR", name = "空気", text = "空気の様子です。", clause = "1", rule = "W-04" }]
field = [
    { path = "warmth", name = "気温", category = "AIR", type = "decimal", reason = "知らせます。" },
    { path = "place", name = "場所", category = "AIR", type = "text", reason = "見分けます。", until = 1 },
    { path = "gusts[].speed[].peak", name = "突風", category = "AIR", type = "decimal", reason = "知る。", since = 2 },
    { path = "haze", name = "もや", category = "AIR", type = "decimal", reason = "知らせます。", since = 2, until = 2 },
]
"""


@pytest.mark.req("RC-COL-08")
@unhurried
@given(st.lists(st.one_of(st.sampled_from(PATHS), st.text(max_size=20))))
def test_every_field_is_either_taken_or_dropped_and_only_listed_ones_are_taken(fields: list[str]) -> None:
    found = answer("telemetry", fields=fields, on=ON, services=BOTH)
    assert found["allowed"] == [field for field in fields if field in PATHS]
    assert found["dropped"] == [field for field in fields if field not in PATHS]
    assert found["category"].keys() == set(found["allowed"])


@pytest.mark.req("RC-COL-08")
@pytest.mark.parametrize(
    ("field", "taken"),
    [
        ("errors[0].code", True),
        ("errors[31415].code", True),
        ("errors[].code", True),
        ("errors.code", False),
        ("errors[-1].code", False),
        ("errors[1", False),
        ("errors[１].code", False),
        ("errors[x].code", False),
        ("errors[0][1].code", False),
        ("errors[0]", False),
        ("errors", False),
        ("Errors[0].code", False),
        ("errors[0].code ", False),
        ("errors[0].code.text", False),
        ("serial[0]", False),
        ("", False),
    ],
)
def test_any_position_of_a_list_is_the_same_field_and_nothing_else_is(field: str, taken: bool) -> None:
    found = answer("telemetry", fields=[field], on=ON, services=BOTH)
    assert (found["allowed"], found["dropped"]) == (([field], []) if taken else ([], [field]))


@pytest.mark.req("RC-COL-11")
@pytest.mark.parametrize("services", [["consumables"], ["fault"], BOTH, [], ["other"], ["other", "fault"]])
def test_a_service_receives_what_it_said_it_needs(services: list[str]) -> None:
    assert TERMS is not None
    needed = {path for each in TERMS.service if each.id in services for path in each.fields}
    assert set(answer("telemetry", fields=PATHS, on=ON, services=services)["allowed"]) == needed


@pytest.mark.req("RC-COL-02", "RC-COL-06")
@pytest.mark.parametrize(
    ("on", "version", "allowed"),
    [
        ("2024-12-31", None, []),
        ("2025-01-01", 1, ["warmth", "place"]),
        ("2025-06-30", 1, ["warmth", "place"]),
        ("2025-07-01", 2, ["warmth", "gusts[2].speed[0].peak", "haze"]),
        ("2025-09-30", 2, ["warmth", "gusts[2].speed[0].peak", "haze"]),
        ("2025-10-01", 3, ["warmth", "gusts[2].speed[0].peak"]),
        ("2099-01-01", 3, ["warmth", "gusts[2].speed[0].peak"]),
    ],
)
def test_the_list_of_the_day_decides(tmp_path: Path, on: str, version: int | None, allowed: list[str]) -> None:
    fields = ["warmth", "place", "gusts[2].speed[0].peak", "haze"]
    found = answer_of(invented(tmp_path, STATION), "telemetry", fields=fields, on=on)
    assert (found["version"], found["allowed"]) == (version, allowed)
    assert set(found["category"].values()) <= {"AIR"}


def test_where_nobody_applies_for_single_services_none_are_asked_for(tmp_path: Path) -> None:
    path = invented(tmp_path, STATION)
    assert answer_of(path, "telemetry", fields=["warmth"], on=ON, services=[])["allowed"] == ["warmth"]


@pytest.mark.req("RC-COL-02")
@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (
            'category = "AIR", type = "decimal", reason = "知らせます。" }',
            'type = "decimal", reason = "知。" }',
            "がありません",
        ),
        (
            '"warmth", name = "気温", category = "AIR"',
            '"warmth", name = "気温", category = "SEA"',
            "種類「SEA」がありません",
        ),
        ('reason = "見分けます。"', 'reason = ""', "必要な理由がありません"),
        ('reason = "見分けます。", ', "", "「reason」がありません"),
        ('path = "haze"', 'path = "warmth"', "2度あります"),
        ("until = 1", "until = 4", "載る版がありません"),
        ("since = 2, until = 2", "since = 3, until = 2", "載る版がありません"),
        ("starts = 2025-10-01", "starts = 2025-07-01", "前の版より後"),
        ("number = 3", "number = 4", "抜けのない"),
        ("until = 1", 'only_on = "storm"', "場面「storm」がありません"),
        ("[telemetry]", '[telemetry]\nservice = [{ id = "a", name = "甲", fields = ["rain"] }]', "一覧にありません"),
        ("[telemetry]", '[telemetry]\nservice = [{ id = "a", name = "甲", fields = ["haze"] }]', "not_needed"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    assert right in STATION
    load(invented(tmp_path, STATION))
    with pytest.raises(CatalogError, match=says):
        load(invented(tmp_path, STATION.replace(right, wrong, 1)))


@pytest.mark.req("RC-COL-05")
def test_a_hardware_log_needs_a_failure_and_the_rest_does_not() -> None:
    log, plain = "hardwareLog.content", "pageCountTotal"
    with_failure = answer("telemetry", fields=[log, plain], on=ON, services=BOTH, occasions=["failure"])
    assert (with_failure["allowed"], "only_on" in with_failure) == ([log, plain], False)
    without = answer("telemetry", fields=[log, plain], on=ON, services=BOTH, occasions=["other"])
    assert (without["allowed"], without["dropped"]) == ([plain], [log])
    not_said = answer("telemetry", fields=[log, plain], on=ON, services=BOTH)
    assert (not_said["allowed"], not_said["only_on"]) == ([log, plain], {log: "failure"})
    unneeded = answer("telemetry", fields=[log], on=ON, services=["consumables"], occasions=["failure"])
    assert unneeded["dropped"] == [log]


@pytest.mark.req("RC-COL-02", "RC-COL-11")
def test_each_reason_counts_its_own_fields() -> None:
    facts: dict[str, Any] = {"fields": ["errors[0].code", "state", "documentTitle", "consumables[0].level"], "on": ON}
    result = ask("telemetry", services=["fault"], **facts)
    assert [(each["clause"], each["text"]) for each in result["reasons"]] == [
        ("第5条 (1)②", "印刷枚数・エラー履歴の1項目を受け取ります。"),
        ("第5条 (1)③", "機械情報の1項目を受け取ります。"),
        ("第5条 (2)", "ご利用の個別サービスに要らない1項目は、保存せずに捨てます。"),
        ("第5条 (1)", "版1の一覧にない1項目は、保存せずに捨てます。"),
        ("第6条 (4)", "「第6条 (4)」にも同じ定めがあります。"),
    ]


def test_a_report_without_fields_is_no_fault() -> None:
    assert answer("telemetry", fields=[], on=ON, services=BOTH)["allowed"] == []
    assert "第5条 (1)" in clauses("telemetry", fields=[], on=ON, services=BOTH)


def test_no_sentence_repeats_what_a_report_holds() -> None:
    result = ask("telemetry", fields=["ZZ-SECRET-0001", "state"], on=ON, services=BOTH)
    assert not any("SECRET" in each["text"] for each in result["reasons"])


def test_explaining_names_the_version_and_what_did_not_apply() -> None:
    result = ask("telemetry", explain=True, fields=["state"], on=ON, services=BOTH)
    assert [(step["date"], step["rule"]) for step in result["derivation"]] == [("2020-02-29", "RC-COL-08")]
    assert [lost["rule"] for lost in result["losing"]] == ["RC-COL-08", "RC-COL-11"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"fields": "serial"}, "fields"),
        ({"fields": None}, "fields"),
        ({"fields": ["serial", None]}, "fields"),
        ({"on": "2025-02-29"}, "on"),
        ({"on": "2025-06-10T10:00+09:00"}, "on"),
        ({"on": None}, "on"),
        ({"services": None}, "services"),
        ({"services": "fault"}, "services"),
        ({"occasions": [1]}, "occasions"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("telemetry", **({"fields": ["serial"], "on": ON, "services": BOTH} | facts)) == field


@pytest.mark.req("MM-OVR-02", "MM-OVR-03")
def test_a_detection_report_holds_its_grounds_and_its_envelope_and_nothing_of_the_customers() -> None:
    terms = edition("mimamori", "2020-03").telemetry
    assert terms is not None
    found = {code: {each.path for each in terms.field if each.category == code} for code in ("ground", "envelope")}
    assert found["ground"] == {"src", "dst", "mac", "url", "fileName"}
    assert {"utm", "contract", "detectedAt", "kind", "definitionVersion", "action", "sequence"} < found["envelope"]
    assert [(each.path, each.only_on) for each in terms.field if each.only_on] == [("fileName", "malware")]
    assert {each.path: each.most for each in terms.field}["url"] == 2048
    # Grounds arrive whatever the customer uses: nobody applies for parts of this service one by one.
    report = answer("telemetry", service="mimamori", fields=["src", "url", "body"], on=ON)
    assert (report["allowed"], report["dropped"]) == (["src", "url"], ["body"])
