"""What documents and tests say about themselves must be true."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.layers import ROOT

PAGES = sorted(page for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if ".venv" not in page.parts)
REQUIREMENT = re.compile(r"(IX|VA|SP|RC|MM)-[A-Z]{2,5}-[0-9]{2}(-[0-9])?R?")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), target
        if heading and goal.suffix == ".md":
            assert heading in _anchors(goal), target


def test_tests_name_requirements_as_they_are_written():
    """A misspelt id would prove nothing and nobody would notice."""
    wrong = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "req"):
                continue
            names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            wrong += [(file.name, name) for name in names if not REQUIREMENT.fullmatch(str(name))]
    assert wrong == []


def _anchors(page: Path) -> set[str]:
    """GitHub's names of the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}
