"""`hoshu decide --terms`: terms that nobody has published yet are asked like all others."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COFFEE = Path(__file__).parents[1] / "terms/sixth.toml"
QUESTION = {
    "id": 1,
    "ask": "coverage",
    "service": "coffee",
    "plan": "six-2y",
    "facts": {"shipped": "2024-04-01", "registered": "2024-04-10"},
}
PACKAGED = {
    "id": 2,
    "ask": "coverage",
    "service": "ix",
    "plan": "5d-3y",
    "facts": {"purchased": "2022-04-15", "registered": "2022-05-01"},
}


def hoshu(*arguments: str | Path, given: list[dict[str, Any]]) -> tuple[int, list[Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "hoshu.cli", "decide", *arguments],
        input="".join(json.dumps(question) + "\n" for question in given).encode(),
        capture_output=True,
        timeout=60,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def test_own_terms_are_asked_beside_those_of_the_package() -> None:
    status, answers, errors = hoshu("--terms", COFFEE, given=[QUESTION, PACKAGED])
    assert (status, errors) == (0, "")
    assert [answer["answer"]["end"] for answer in answers] == ["2026-04-01", "2025-04-30"]
    assert answers[0]["edition"] == "2024-01"


def test_without_them_the_service_is_unknown() -> None:
    status, answers, _ = hoshu(given=[QUESTION])
    assert (status, answers[0]["error"]["field"]) == (1, "service")


def test_several_files_are_taken_and_the_day_chooses_between_them(tmp_path: Path) -> None:
    later = tmp_path / "2025-01.toml"
    text = COFFEE.read_text(encoding="utf-8")
    later.write_text(text.replace("2024-01-01", "2025-01-01").replace("2024-01", "2025-01"), encoding="utf-8")
    new = {**QUESTION, "facts": {"shipped": "2025-04-01", "registered": "2025-04-10"}}
    status, answers, errors = hoshu("--terms", COFFEE, "--terms", later, given=[QUESTION, new])
    assert (status, errors) == (0, "")
    assert [answer["edition"] for answer in answers] == ["2024-01", "2025-01"]


def test_a_file_that_is_wrong_is_refused_with_its_line_before_any_question(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(COFFEE.read_text(encoding="utf-8").replace("years = 2", "yaers = 2"), encoding="utf-8")
    status, answers, errors = hoshu("--terms", wrong, given=[QUESTION])
    assert (status, answers) == (2, [])
    assert errors.startswith(f"{wrong}:11: plan[0].yaers: ")
    assert "Traceback" not in errors


def test_a_file_that_is_not_there_is_refused() -> None:
    status, answers, errors = hoshu("--terms", "nowhere.toml", given=[QUESTION])
    assert (status, answers) == (2, [])
    assert "nowhere.toml" in errors


def test_a_file_that_no_question_could_be_asked_of_is_refused_too(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(COFFEE.read_text(encoding="utf-8").replace('["shipped"', '["shiped"'), encoding="utf-8")
    status, answers, errors = hoshu("--terms", wrong, given=[QUESTION])
    assert (status, answers) == (2, [])
    assert "「shiped」という事実は、提供期間の質問にありません。" in errors
    assert "Traceback" not in errors


def test_an_example_that_fails_does_not_keep_its_author_from_asking(tmp_path: Path) -> None:
    text = (
        COFFEE.read_text(encoding="utf-8")
        + """
[[example]]
says = "Two years."
req = ["CM-02"]
ask = "coverage"
plan = "six-2y"
facts = { shipped = 2024-04-01, registered = 2024-04-10 }
answer = { end = 2026-04-02 }
"""
    )
    draft = tmp_path / "draft.toml"
    draft.write_text(text, encoding="utf-8")
    status, answers, errors = hoshu("--terms", draft, given=[QUESTION])
    assert (status, errors) == (0, "")
    assert answers[0]["answer"]["end"] == "2026-04-01"


def test_an_edition_that_stands_already_is_refused(tmp_path: Path) -> None:
    status, _, errors = hoshu("--terms", COFFEE, "--terms", COFFEE, given=[QUESTION])
    assert status == 2
    assert "すでにあります" in errors
