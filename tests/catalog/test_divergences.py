"""docs/divergences.md and the edition say the same about every place that can be read two ways."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hoshu.catalog import edition

ROOT = Path(__file__).parents[2]
IX = edition("ix", "2022-10")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/divergences.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| OR-")
]
PARAMETERS: dict[str, Any] = tomllib.loads(
    (ROOT / "src/hoshu/catalog/ix/2022-10.toml").read_text(encoding="utf-8").partition("\n[[example]]\n")[0]
)


def test_every_open_reading_has_its_row_once_and_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"OR-{number:02}" for number in range(1, 72)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_what_was_chosen_and_where_it_lives(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    for table, key in re.findall(r"`\[+([\w.]+)\]+ ?(\w*)`", row[4]):
        assert_holds(table, key)
    for module in re.findall(r"`hoshu\.([\w.]+)`", row[4]):
        assert is_code(module), module


@pytest.mark.parametrize("reading", IX.reading, ids=lambda reading: reading.id)
def test_a_reading_of_the_edition_stands_in_the_list_and_names_a_key_that_exists(reading: Any) -> None:
    assert reading.id in {row[0] for row in ROWS}
    if reading.setting is not None and not reading.setting.endswith("move_off_day_off"):  # left at its default
        table, _, key = reading.setting.rpartition(".")
        assert_holds(table, key)


def assert_holds(table: str, key: str) -> None:
    found: Any = PARAMETERS
    for name in (*table.split("."), *([key] if key else [])):
        if isinstance(found, list):
            found = next((each for each in found if name in each), {})
        assert name in found, f"[{table}] {key}"
        found = found[name]


def is_code(module: str) -> bool:
    """`terms.window` is a module, `dates.elapsed` a name of a package."""
    source = ROOT / "src/hoshu"
    path = source.joinpath(*module.split("."))
    if path.with_suffix(".py").exists() or path.is_dir():
        return True
    package, _, name = module.rpartition(".")
    return re.search(rf"\b{name}\b", (source / package / "__init__.py").read_text(encoding="utf-8")) is not None
