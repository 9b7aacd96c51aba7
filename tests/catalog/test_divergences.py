"""docs/divergences.md and the editions say the same about every place that can be read two ways."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoshu.catalog import Edition, Reading, Table, edition, every_edition

ROOT = Path(__file__).parents[2]

SECTIONS: dict[str, list[list[str]]] = {}
"""The rows of the page, by the service and the edition that the heading above them names."""

for line in (ROOT / "docs/divergences.md").read_text(encoding="utf-8").splitlines():
    if heading := re.fullmatch(r"## .*\(`(\S+)`\)", line):
        SECTIONS[heading[1]] = []
    elif re.match(r"\| [A-Z]{2}-", line):
        SECTIONS[list(SECTIONS)[-1]].append([cell.strip() for cell in line.strip("|").split("|")])

EDITIONS = [pytest.param(each, id=each.service) for each in every_edition()]
ROWS = [
    pytest.param(edition(*place.split("/")), row, id=f"{place}-{row[0]}")
    for place, rows in SECTIONS.items()
    for row in rows
]
READINGS = [
    pytest.param(each, reading, id=f"{each.service}-{reading.id}")
    for each in every_edition()
    for reading in each.reading
]


def section(of: Edition) -> list[list[str]]:
    return SECTIONS[f"{of.service}/{of.edition}"]


def test_every_edition_has_its_section() -> None:
    assert sorted(SECTIONS) == sorted(f"{each.service}/{each.edition}" for each in every_edition())


@pytest.mark.parametrize("of", EDITIONS)
def test_every_open_reading_has_its_row_once_and_in_order(of: Edition) -> None:
    """The first guide has a register of 71, of which those in its edition decide an answer."""
    numbers = [reading.id for reading in of.reading]
    if of.service == "ix":
        assert len({*numbers}) == len(numbers)
        numbers = [f"OR-{number:02}" for number in range(1, 72)]
    assert [row[0] for row in section(of)] == numbers


@pytest.mark.parametrize(("of", "row"), ROWS)
def test_a_row_says_what_was_chosen_and_where_it_lives(of: Edition, row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    for place in places(row):
        assert any(value is not None for value in values(of, place)), place
    for module in re.findall(r"`hoshu\.([\w.]+)`", row[4]):
        assert is_code(module), module


@pytest.mark.parametrize(("of", "row"), ROWS)
def test_a_row_of_a_clause_names_one_of_the_document(of: Edition, row: list[str]) -> None:
    """Further places of the same chapter are written short: 第1章 1.(1), 1.(4)."""
    if row[1] != "all deadlines":
        first = row[1].partition(",")[0]
        assert any(clause.id.startswith(first) or first.startswith(clause.id) for clause in of.clause), first


@pytest.mark.parametrize(("of", "reading"), READINGS)
def test_a_reading_of_an_edition_stands_in_the_list_with_the_key_that_holds_it(of: Edition, reading: Reading) -> None:
    [row] = [row for row in section(of) if row[0] == reading.id]
    if reading.setting is not None:
        assert any(value is not None for value in values(of, reading.setting)), reading.setting
        assert reading.setting in places(row) or f"`{reading.setting}`" in row[4]


def places(row: list[str]) -> list[str]:
    """The keys of the edition that a row names: `[coverage.elapsed] rounding` is coverage.elapsed.rounding."""
    return [".".join(filter(None, names)) for names in re.findall(r"`\[+([\w.]+)\]+ ?(\w*)`", row[4])]


def values(found: Any, path: str) -> Iterator[Any]:
    """What stands under a key, in every row of the tables on the way; nothing where there is no such key."""
    name, _, rest = path.partition(".")
    if isinstance(found, tuple):
        for each in found:
            yield from values(each, path)
    elif isinstance(found, Table) and name in found.members:
        value = getattr(found, name)
        if rest:
            yield from values(value, rest)
        elif value not in ((), {}):
            yield value


def is_code(module: str) -> bool:
    """`terms.window` is a module, `dates.elapsed` a name of a package."""
    source = ROOT / "src/hoshu"
    path = source.joinpath(*module.split("."))
    if path.with_suffix(".py").exists() or path.is_dir():
        return True
    package, _, name = module.rpartition(".")
    return re.search(rf"\b{name}\b", (source / package / "__init__.py").read_text(encoding="utf-8")) is not None
