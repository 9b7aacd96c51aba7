"""restoration: the table of work, row by row."""

from typing import Any

import pytest

from tests.terms.asking import answer, ask

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
