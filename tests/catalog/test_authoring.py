"""docs/authoring.md and its folder hold what the program does: whoever follows the page never meets a surprise."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hoshu.authoring import check
from hoshu.catalog import Edition, Source, Table, read
from hoshu.cli import COMMANDS
from hoshu.terms import TOPIC_LABELS, decide, known_facts
from scripts import authoring_reference

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/authoring"
PAGE = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
REFERENCE = (FOLDER / "reference.md").read_text(encoding="utf-8")
FIRST = (FOLDER / "first-service.toml").read_text(encoding="utf-8")
EVERY = (FOLDER / "every-question.toml").read_text(encoding="utf-8")

STEPS, _, LATER = PAGE.partition("\n## 2. ")
_EXAMPLES = "\n[[example]]\n"


def blocks(text: str, language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return found


ADDED = blocks(LATER, "toml")


def told(text: str) -> list[str]:
    """What the check says about a text, without the notes."""
    return [f"{each.says}{each.do}" for each in check(Source("aircon.toml", text)).findings if each.severity == "error"]


def together(text: str, added: str) -> str:
    """A service with further tables: examples stay last, and a table that stands twice is replaced."""
    rules, _, examples = text.partition(_EXAMPLES)
    new_rules, _, new_examples = f"\n{added}".partition(_EXAMPLES)
    replaced = {*re.findall(r"^\[(\w+)\]$", new_rules, re.MULTILINE)}
    kept = [
        part
        for part in re.split(r"\n\n(?=\[)", rules)
        if not ((header := re.match(r"\[\[?(\w+)", part)) and header[1] in replaced)
    ]
    examples = "" if any(f'ask = "{topic}"' in examples for topic in replaced) else examples
    return "\n\n".join([*kept, new_rules]) + "".join(
        f"\n{_EXAMPLES}{each}" for each in (examples, new_examples) if each
    )


# The first service.


def test_the_steps_are_the_first_service() -> None:
    assert tomllib.loads("\n".join(blocks(STEPS, "toml"))) == tomllib.loads(FIRST)


def test_the_first_service_has_nothing_to_put_right_and_nothing_to_look_at() -> None:
    checked = check(Source("first-service.toml", FIRST))
    assert checked.findings == ()
    assert checked.examples == FIRST.count("[[example]]")


@pytest.mark.parametrize("added", ADDED, ids=lambda added: added.splitlines()[0])
def test_every_snippet_can_be_added_to_it(added: str) -> None:
    checked = check(Source("aircon.toml", together(FIRST, added)))
    # Facts that the text around a snippet asks to add, and years that it asks to take away, are all that may lack.
    lacking = [each for each in checked.findings if each.severity == "error" and "optional に書き足して" not in each.do]
    assert lacking == []
    if "[[example]]" in added:
        assert checked.examples >= 1


def test_the_snippets_with_examples_stand_together() -> None:
    text = FIRST
    for added in ADDED:
        if "[[example]]" in added and "[coverage]" not in added:
            text = together(text, added)
    checked = check(Source("aircon.toml", text))
    assert checked.findings == ()
    assert checked.examples == FIRST.count("[[example]]") + 3


def test_without_years_the_service_runs_until_it_is_cancelled() -> None:
    open_end = next(added for added in ADDED if "[coverage.open_end]" in added)
    text = together(FIRST, open_end).replace("years = 3\n", "").replace("years = 5\n", "")
    assert told(text.replace("after_expiry_served = true", "after_expiry_served = true\nopen_period = true")) == []


# What the page says.


def test_the_page_names_every_question_once_and_leads_to_it() -> None:
    named = re.findall(r"^\| \[`(\w+)`\]\(authoring/reference\.md#(\S+)\) \|", PAGE, re.MULTILINE)
    assert sorted(name for name, _ in named) == sorted(TOPIC_LABELS)
    assert all(anchor == f"{TOPIC_LABELS[name]}-{name}" for name, anchor in named)
    assert f"対応の可否など{len(TOPIC_LABELS)}あります" in PAGE


MISTAKES = [
    tuple(cell.strip() for cell in row.strip("| \n").split(" | "))
    for row in re.findall(r"^\| `.*", LATER.partition("## 6. ")[2].partition("## 7. ")[0], re.MULTILINE)
]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES, ids=lambda cell: cell[:40])
def test_a_mistake_is_told_as_the_page_says(right: str, wrong: str, message: str) -> None:
    instead = "" if wrong == "（書かない）" else wrong.strip("`")
    assert right.strip("`") in FIRST
    assert message in told(FIRST.replace(right.strip("`"), instead, 1))


def test_there_are_mistakes_to_learn_from() -> None:
    assert len(MISTAKES) > 15


COMMAND_LINES = [
    line.strip()
    for block in blocks(PAGE, "sh")
    for line in block.replace("\\\n", "").splitlines()
    if not line.startswith("PATH=")
]


def hoshu(*words: str | Path, given: str = "", folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hoshu.cli", *words], input=given, capture_output=True, text=True, timeout=60, cwd=folder
    )


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_does_what_the_page_wants(line: str, tmp_path: Path) -> None:
    (tmp_path / "aircon.toml").write_text(FIRST, encoding="utf-8")
    later = FIRST.replace("2026-04-01", "2027-04-01").replace('edition = "2026-04"', 'edition = "2027-04"')
    (tmp_path / "aircon-2027.toml").write_text(later, encoding="utf-8")
    words = shlex.split(line)
    given = words[1] if words[0] == "echo" else ""
    words = words[words.index("hoshu") + 1 :]
    if words[:2] == ["terms", "publish"]:  # needs a database: tests/publishing
        words = [*words[:2], "--help"]
    done = hoshu(*words, given=given, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for block in blocks(PAGE.partition(line.rpartition("|")[2].strip())[2].partition("```sh")[0], "text"):
        assert block in done.stdout


def test_an_error_looks_as_the_page_shows_it(tmp_path: Path) -> None:
    (shown,) = blocks(PAGE, "console")
    (tmp_path / "aircon.toml").write_text(FIRST.replace("years", "yaers", 1), encoding="utf-8")
    done = hoshu("terms", "check", "aircon.toml", folder=tmp_path)
    assert done.returncode == 1
    assert re.sub(r":\d+:", ":", shown) in re.sub(r":\d+:", ":", done.stdout)


def test_publishing_takes_what_the_page_gives() -> None:
    options = {word for line in COMMAND_LINES if "publish" in line for word in shlex.split(line) if word[:2] == "--"}
    assert options
    assert all(option in hoshu("terms", "publish", "--help").stdout for option in options)


def test_commands_and_options_in_the_text_exist_too() -> None:
    for name in re.findall(r"`hoshu (\w+)", PAGE):
        assert name in COMMANDS
    for name in re.findall(r"`hoshu terms (\w+)", PAGE):
        assert hoshu("terms", name, "--help").returncode == 0, name
    assert "--book" in PAGE
    assert "--database" in PAGE
    help_text = hoshu("terms", "diff", "--help").stdout
    assert "--book" in help_text
    assert "--database" in help_text


def test_the_question_on_the_command_line_is_answered_as_the_page_says() -> None:
    line = next(line for line in COMMAND_LINES if line.startswith("echo") and "decide" in line)
    done = hoshu("decide", "--terms", FOLDER / "first-service.toml", given=shlex.split(line)[1])
    assert json.loads(done.stdout)["answer"]["end"] == "2029-04-09"


@pytest.mark.parametrize(("rounding", "end"), [("day_before", 9), ("none", 10), ("month_end", 30)])
def test_the_three_ends_of_the_years_are_as_the_page_says(rounding: str, end: int) -> None:
    assert re.search(rf"`{rounding}` は(2029年)?4月{end}日", STEPS)
    edition = read(Source("aircon.toml", FIRST.replace('rounding = "day_before"', f'rounding = "{rounding}"')))
    facts = {"purchased": "2026-04-10", "registered": "2026-04-20"}
    result = decide({"ask": "coverage", "service": "aircon", "plan": "3y", "facts": facts}, under=edition)
    assert result["answer"]["end"] == f"2029-04-{end:02}"


# The reference, and the worked service it is made of.


def test_the_worked_service_is_valid_and_asks_every_question() -> None:
    checked = check(Source("every-question.toml", EVERY))
    assert [each for each in checked.findings if each.severity == "error"] == []
    asked = {example["ask"] for example in tomllib.loads(EVERY)["example"]}
    assert asked == {*TOPIC_LABELS}


def test_the_reference_is_what_the_program_reads() -> None:
    written = authoring_reference.page()
    assert written == REFERENCE, "Run scripts/authoring_reference.py"


def test_every_docstring_that_is_said_in_japanese_still_stands() -> None:
    said = tomllib.loads(authoring_reference.JAPANESE.read_text(encoding="utf-8"))
    assert {*said} <= {*authoring_reference.docstrings()}


@pytest.mark.parametrize("topic", TOPIC_LABELS)
def test_a_question_stands_in_the_reference_with_its_keys_and_facts(topic: str) -> None:
    part = REFERENCE.partition(f"\n## {TOPIC_LABELS[topic]} `[{topic}]`\n")[2].partition("\n## ")[0]
    section: Any = authoring_reference.table_of(Edition.members[topic])
    for name in (*_keys(section), *known_facts(topic)):
        assert f"| `{name}` |" in part or name in {"clause", "rule", "also", "required", "optional"}, name


def _keys(kind: type[Table]) -> set[str]:
    """The keys of a table and of those in it; periods are explained once for all."""
    found = {*kind.members}
    for hint in kind.members.values():
        below = authoring_reference.table_of(hint)
        if below is not None and below is not authoring_reference.Period:
            found |= _keys(below)
    return found
