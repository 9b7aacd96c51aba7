"""`hoshu decide` as a process: JSON Lines in, JSON Lines out, an exit status, and nothing heavy imported."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOOD = {
    "id": "a",
    "ask": "coverage",
    "service": "ix",
    "plan": "5d-3y",
    "facts": {"purchased": "2022-04-15", "registered": "2022-05-01"},
}
BAD = {**GOOD, "id": "b", "plan": "9d-9y"}


def hoshu(*arguments: str, given: bytes = b"") -> tuple[int, list[Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "hoshu.cli", "decide", *arguments], input=given, capture_output=True, timeout=60
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def lines(*questions: Any) -> bytes:
    return b"".join(json.dumps(question).encode() + b"\n" for question in questions)


def test_all_answered_is_status_0() -> None:
    status, answers, errors = hoshu(given=lines(GOOD, {**GOOD, "id": 2}))
    assert (status, errors) == (0, "")
    assert [answer["id"] for answer in answers] == ["a", 2]
    assert answers[0]["answer"]["end"] == "2025-04-30"


def test_a_bad_line_stops_nothing_and_is_status_1() -> None:
    broken = [b"\xff\xfe{}\n", b"{\n", b"[1]\n", b"3\n", b'{"id": NaN}\n', b"[" * 100_000 + b"\n", b"1" * 5000 + b"\n"]
    doubled = b'{"id": 1, "id": 2}\n'
    status, answers, _ = hoshu(given=lines(BAD) + b"".join(broken) + doubled + b"\n \n" + lines(GOOD))
    assert status == 1
    assert [("error" in answer) for answer in answers] == [True] * 9 + [False]
    fields = [answer["error"]["field"] for answer in answers[:-1]]
    assert fields == ["plan", "line", "line", "question", "question", "line", "line", "line", "line"]


def test_a_name_that_stands_twice_is_found_at_once_and_quoted_in_short() -> None:
    many = b",".join(b'"%d": 0' % number for number in range(200_000))
    status, answers, _ = hoshu(given=b'{"%s": 0, %s, "%s": 1}\n' % (b"x" * 1000, many, b"x" * 1000))
    assert status == 1
    assert answers[0]["error"]["field"] == "line"
    assert len(answers[0]["error"]["message"]) < 200


def test_very_long_lines_are_answered_or_refused_one_by_one() -> None:
    long_id = "x" * (10 * 1024 * 1024)
    status, answers, _ = hoshu(given=lines({**GOOD, "id": long_id}) + b" " * (17 * 1024 * 1024) + b"\n" + lines(GOOD))
    assert status == 1
    assert [answer["id"] for answer in answers] == [long_id, None, "a"]
    assert "長すぎます" in answers[1]["error"]["message"]


def test_reads_a_file_with_a_byte_order_mark_and_no_last_newline(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines(GOOD).rstrip(b"\n"))
    assert hoshu(str(path))[0] == 0
    path.write_bytes(b"")
    assert hoshu(str(path)) == (0, [], "")


def test_input_that_cannot_be_read_is_status_2(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.jsonl", tmp_path):
        status, answers, errors = hoshu(str(path))
        assert (status, answers) == (2, [])
        assert "読めません" in errors


def test_a_lone_surrogate_goes_out_as_it_came_in() -> None:
    status, answers, _ = hoshu(given=b'{"id": "\\ud800", "ask": "x"}\n')
    assert status == 1
    assert answers[0]["id"] == "\ud800"


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hoshu.cli", "decide", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(lines({**GOOD, "id": number}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_help_shows_a_question() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hoshu.cli", "decide", "--help"], capture_output=True, timeout=60, text=True
    )
    assert done.returncode == 0
    assert '"ask": "coverage"' in done.stdout
    assert "終了コード" in done.stdout


@pytest.mark.parametrize(
    "absent",
    ["django", "holidays", "psycopg", "logging", "asyncio", "dataclasses", "difflib", "hoshu.terms.entitlement"],
)
def test_answering_imports_nothing_heavy(absent: str) -> None:
    program = (
        "import sys; from hoshu.cli import main; status = main(['decide', '-']); "
        f"sys.exit(9 if {absent!r} in sys.modules else status)"
    )
    done = subprocess.run([sys.executable, "-c", program], input=lines(GOOD), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
