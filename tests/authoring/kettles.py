"""The invented service of `kettle.toml`, whole or with something in it replaced."""

from pathlib import Path

from hoshu.catalog import Source

PATH = Path(__file__).with_name("kettle.toml")
TEXT = PATH.read_text(encoding="utf-8")


def kettle(*replaced: tuple[str, str], name: str = "kettle.toml") -> Source:
    """Its text with every pair replaced once."""
    text = TEXT
    for old, new in replaced:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return Source(name, text)


def line_of(text: str, wanted: str) -> int:
    """The first line that holds something."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if wanted in line)
