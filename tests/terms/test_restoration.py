"""restoration: the table of work, row by row."""

from itertools import product
from typing import Any

import pytest

from hoshu.catalog import edition
from tests.terms.asking import answer, ask, clauses, refused_field

ROWS = [
    ({"software_version_known": True, "config_backup_available": True}, 3, []),
    ({"software_version_known": True, "config_backup_available": False}, 2, ["install_config"]),
    ({"software_version_known": False, "config_backup_available": True}, 1, ["install_software", "install_config"]),
    ({"software_version_known": False, "config_backup_available": False}, 1, ["install_software", "install_config"]),
    ({"software_version_known": True}, 2, ["install_config"]),
    ({}, 1, ["install_software", "install_config"]),
]


@pytest.mark.req("IX-WRK-04", "IX-WRK-03", "IX-SVC-03")
@pytest.mark.parametrize(("facts", "level", "left"), ROWS)
def test_what_is_given_decides_what_is_done(facts: dict[str, bool], level: int, left: list[str]) -> None:
    found = answer("restoration", **facts)
    steps = [step for step in ("exchange", "install_software", "install_config") if step not in left]
    assert found == {"steps": steps, "left_to_customer": left, "level": level}


@pytest.mark.req("IX-WRK-04")
def test_a_backup_that_cannot_be_read_counts_as_none_and_is_said() -> None:
    facts: dict[str, Any] = {"software_version_known": True, "config_backup_available": True}
    result = ask("restoration", **facts, config_backup_readable=False)
    assert result["answer"]["level"] == 2
    assert "読み取れない" in result["reasons"][0]["text"]
    assert ask("restoration", **facts, config_backup_readable=True)["answer"]["level"] == 3


@pytest.mark.req("IX-WRK-04")
def test_the_other_rows_are_the_losing_rules() -> None:
    result = ask("restoration", explain=True, software_version_known=True)
    assert len(result["losing"]) == 3
    changes = {(change["fact"], change["value"]): change["answer"] for change in result["what_would_change"]}
    assert changes["config_backup_available", True]["level"] == 3
    assert changes["software_version_known", False]["level"] == 1


PARTS = ("system_disk", "mainboard", "lan_board", "tape", "ups", "ups_battery", "appliance_option")
ALL_KINDS = ["CI-1", "CI-2", "CI-3", "CI-4", "CI-5"]


def video(**facts: Any) -> dict[str, Any]:
    return answer("restoration", service="video", **facts)


@pytest.mark.req("VA-REC-01", "VA-REC-02")
@pytest.mark.parametrize(
    ("part", "software", "step"),
    [
        ("mainboard", None, "set_address"),
        ("lan_board", None, "set_address"),
        ("tape", "T3-4", "set_backup_software"),
        ("ups", "T3-5", "set_ups"),
        ("ups", "T3-6", "set_ups"),
        ("ups_battery", "T3-5", "set_ups"),
        ("appliance_option", None, "set_address"),
    ],
)
def test_a_unit_of_table_1_is_set_with_its_data_and_only_replaced_without(
    part: str, software: str | None, step: str
) -> None:
    facts = {"part": part, "software": software, "licence_keys": True}
    with_data = video(**facts, settings_collected=True, settings_kinds=ALL_KINDS)
    assert with_data == {
        "steps": ["exchange", step], "left_to_customer": [], "result": "full", "table2": None
    }  # fmt: skip
    without = video(**facts, settings_collected=False)
    assert without == {
        "steps": ["exchange"], "left_to_customer": [step], "result": "replacement_only", "table2": None
    }  # fmt: skip


@pytest.mark.req("VA-REC-01")
@pytest.mark.parametrize("part", PARTS)
def test_without_a_hardware_fault_nothing_is_recovered(part: str) -> None:
    found = video(part=part, hardware_fault=False)
    assert (found["steps"], found["result"]) == ([], None)
    assert clauses("restoration", service="video", part=part, hardware_fault=False) == ["第3章 2.1(4)"]


@pytest.mark.req("VA-REC-03", "VA-REC-06")
@pytest.mark.parametrize(
    ("state", "data", "table2"),
    [
        ({"raid": True, "failed_disks": 1}, False, "T2-AUTO"),
        ({"raid": True, "failed_disks": 1}, True, "T2-AUTO"),
        ({"raid": True, "failed_disks": 2}, True, "T2-DATA"),
        ({"raid": True, "failed_disks": 2}, False, "T2-INTERVIEW"),
        ({"raid": True, "failed_disks": 2, "array_running": True}, False, "T2-AUTO"),
        ({"raid": True, "failed_disks": 2, "array_running": False}, False, "T2-INTERVIEW"),
        ({"raid": False, "failed_disks": 1}, True, "T2-DATA"),
        ({"raid": False, "failed_disks": 1}, False, "T2-INTERVIEW"),
        ({"soft_mirror_lost": True}, True, "T2-DATA"),
        ({"soft_mirror_lost": True}, False, "T2-INTERVIEW"),
        ({"raid": True, "failed_disks": 1, "soft_mirror_lost": True}, False, "T2-INTERVIEW"),
    ],
)
def test_the_state_of_the_disks_and_the_data_decide_by_table_2(state: dict[str, Any], data: bool, table2: str) -> None:
    found = video(part="system_disk", settings_collected=data, **state)
    assert found["table2"] == table2
    assert (
        found["steps"]
        == {
            "T2-AUTO": ["exchange", "automatic_rebuild"],
            "T2-DATA": ["exchange", "restore_factory", "restore_settings"],
            "T2-INTERVIEW": ["exchange", "hearing", "restore_factory"],
        }[table2]
    )
    assert found["result"] == ("partial" if table2 == "T2-INTERVIEW" else "full")
    assert ("restore_settings" in found["left_to_customer"]) == (table2 == "T2-INTERVIEW")


@pytest.mark.req("VA-REC-04")
@pytest.mark.parametrize(
    ("part", "software"),
    [("tape", "other"), ("tape", "T3-5"), ("ups", "T3-4"), ("ups", "other"), ("ups_battery", "T3-1")],
)
def test_a_device_driven_by_other_software_is_only_replaced(part: str, software: str) -> None:
    found = video(part=part, software=software, settings_collected=True)
    assert (found["steps"], found["result"]) == (["exchange"], "replacement_only")
    cited = clauses("restoration", service="video", part=part, software=software, settings_collected=True)
    assert cited[0] == "第3章 2.1(4) 表3"


@pytest.mark.req("VA-REC-04")
@pytest.mark.parametrize("part", PARTS)
def test_table_3_needs_the_support_of_its_software_but_the_option_has_none(part: str) -> None:
    facts = {"part": part, "raid": False, "settings_collected": True, "software": "T3-4" if part == "tape" else "T3-5"}
    supported, unsupported = video(**facts), video(**facts, pp_supported=False)
    assert supported["result"] == "full"
    assert unsupported["result"] == {"appliance_option": "full", "system_disk": "partial"}.get(part, "replacement_only")


@pytest.mark.req("VA-REC-05", "VA-REC-06")
@pytest.mark.parametrize("missing", ALL_KINDS)
def test_partial_data_set_an_address_only_where_they_hold_the_lan_controller(missing: str) -> None:
    kinds = [kind for kind in ALL_KINDS if kind != missing]
    facts = {"part": "lan_board", "settings_collected": True, "settings_kinds": kinds}
    assert video(**facts)["result"] == ("replacement_only" if missing == "CI-2" else "full")
    assert ("含まれない" in ask("restoration", service="video", **facts)["reasons"][0]["text"]) == (missing == "CI-2")


@pytest.mark.req("VA-REC-09")
def test_a_missing_licence_key_is_partial_and_an_unknown_one_is_said() -> None:
    facts = {"part": "tape", "software": "T3-4", "settings_collected": True}
    assert video(**facts, licence_keys=False)["result"] == "partial"
    assert video(**facts)["result"] == "full"
    texts = [
        "".join(reason["text"] for reason in ask("restoration", service="video", **facts, **keys)["reasons"])
        for keys in ({}, {"licence_keys": True})
    ]
    assert ["ライセンスキー" in text for text in texts] == [True, False]


@pytest.mark.req("VA-REC-02", "VA-REC-03")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "part"),
        ({"part": "keyboard"}, "part"),
        ({"part": "system_disk", "settings_collected": True}, "raid"),
        ({"part": "system_disk", "raid": True, "settings_collected": True}, "failed_disks"),
        ({"part": "system_disk", "raid": True, "failed_disks": 0}, "failed_disks"),
        ({"part": "system_disk", "raid": False}, "settings_collected"),
        ({"part": "lan_board"}, "settings_collected"),
        ({"part": "tape", "settings_collected": True}, "software"),
        ({"part": "tape", "settings_collected": True, "software": "T3-7"}, "software"),
        ({"part": "lan_board", "settings_collected": True, "settings_kinds": ["CI-6"]}, "settings_kinds"),
        ({"part": "lan_board", "settings_collected": "yes"}, "settings_collected"),
    ],
)
def test_what_is_not_known_is_asked_for(facts: dict[str, Any], field: str) -> None:
    assert refused_field("restoration", service="video", **facts) == field


def test_only_rows_of_the_unit_are_losing_rules() -> None:
    result = ask("restoration", service="video", explain=True, part="lan_board", settings_collected=True)
    assert {lost["clause"] for lost in result["losing"]} == {"第3章 2.1(4)", "第3章 2.1(4) 表3", "第3章 2.1(4) 表4"}


def test_every_state_of_every_unit_is_decided() -> None:
    flags = ("raid", "soft_mirror_lost", "array_running", "settings_collected", "pp_supported", "licence_keys")
    for part, software, disks, *values in product(PARTS, ("T3-4", "other"), (1, 2), *[(True, False)] * len(flags)):
        found = video(part=part, software=software, failed_disks=disks, **dict(zip(flags, values, strict=True)))
        assert found["steps"][0] == "exchange"
        assert not set(found["steps"]) & set(found["left_to_customer"])


@pytest.mark.req("VA-REC-02", "VA-REC-04", "VA-REC-05")
def test_the_codes_are_those_of_the_tables_that_people_see() -> None:
    terms = edition("video", "2021-08")
    assert terms.restoration is not None
    shown = {
        listing.name.split()[0]: [row[0] for row in listing.rows]
        for listing in terms.listing
        if listing.name[:1] == "表"
    }
    assert [*terms.restoration.codes["software"][:-1]] == shown["表3"]
    assert [*terms.restoration.codes["settings_kinds"]] == shown["表4"]
