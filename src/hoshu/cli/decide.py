"""`hoshu decide`: ask the terms. JSON Lines in, JSON Lines out, one answer a question, in order."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from hoshu.catalog import CatalogError, Source
from hoshu.terms import adopt, decide, quoted

ANSWERED, SOME_REFUSED, UNREADABLE = 0, 1, 2

_LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one question. A longer line is refused and skipped without being kept."""

_HELP = """\
質問を1行に1つずつ読み、答えを同じ順に1行ずつ書きます。
ファイルを省くか - にすると、標準入力から読みます。

質問の例:
  {"id": 1, "ask": "coverage", "service": "ix", "plan": "5d-3y",
   "facts": {"purchased": "2022-04-15", "registered": "2022-05-01"}}
（実際には1行で書きます）

  ask      質問の種類（coverage、window、entitlement など）
  service  サービス     plan  プラン     edition  版（省略できます）
  facts    わかっている事実。日付は 2025-04-30、日時は 2025-04-30T09:00+09:00
  explain  true にすると、計算の順序や採らなかった規定も答えます（省略できます）

公表していない約款のファイルにも聞けます: hoshu decide --terms ファイル.toml 質問.jsonl

答えられない行には、どの項目をどう直すかを答え、次の行に進みます。
終了コード: 0 すべて答えた、1 答えられない質問があった、2 入力を読めない
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = _HELP
    parser.add_argument(
        "file", nargs="?", default="-", metavar="ファイル", help="JSON Lines のファイル（省略または - で標準入力）"
    )
    parser.add_argument(
        "--terms",
        action="append",
        default=[],
        type=Path,
        metavar="ファイル",
        help="自分で書いた約款のファイル（何度でも指定できます）",
    )


def run(args: argparse.Namespace) -> int:
    """0 where every question was answered, 1 where some were refused, 2 where the input cannot be read."""
    if args.terms and (wrong := _take_in(args.terms)):
        print(wrong, file=sys.stderr)
        return UNREADABLE
    try:
        if args.file == "-":
            return answer_all(sys.stdin.buffer, sys.stdout.buffer)
        with open(args.file, "rb") as questions:
            return answer_all(questions, sys.stdout.buffer)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(
            f"「{args.file}」を読めません。ファイルの名前と権限を確かめてください。（{error.strerror}）",
            file=sys.stderr,
        )
        return UNREADABLE


def _take_in(files: list[Path]) -> str:
    """Lets own terms be asked; else what has to be put right first. An example may fail: it is why somebody asks."""
    # Imported only here: the usual command would wait for it.
    from hoshu.authoring import check

    try:
        sources = [Source.of(file) for file in files]
        found = [finding for source in sources for finding in check(source).findings]
        wrong = [each for each in found if each.severity == "error" and not each.key.startswith("example")]
        if not wrong:
            adopt(sources)
        return "\n".join(f"{each.place}: {each.says}{each.do}" for each in wrong)
    except CatalogError as error:
        return str(error)


def answer_all(questions: BinaryIO, answers: BinaryIO) -> int:
    """Answers each line as soon as it is read, so that a program may wait for an answer before it asks on."""
    status = ANSWERED
    for line in _lines(questions):
        answer = _answer(line)
        if "error" in answer:
            status = SOME_REFUSED
        answers.write(_written(answer))
        answers.flush()
    return status


def _lines(questions: BinaryIO) -> Iterator[bytes | None]:
    """The lines that are not blank, without their ends; None for one that is too long."""
    first = True
    while line := questions.readline(_LONGEST_LINE + 1):
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
        if len(line) > _LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = questions.readline(_LONGEST_LINE)
            yield None
        elif line := line.strip():
            yield line


def _answer(line: bytes | None) -> dict[str, Any]:
    if line is None:
        return _refused(f"1行が長すぎます。{_LONGEST_LINE // 1024 // 1024}MB までにしてください。")
    try:
        question = json.loads(line.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_number)
    except UnicodeDecodeError:
        return _refused("文字コードが UTF-8 ではありません。UTF-8 で書いてください。")
    except _Doubled as doubled:
        return _refused(f"{doubled}が1つの質問に2度あります。1つにしてください。")
    except (ValueError, RecursionError):
        return _refused("JSON として読めません。1行に1つのオブジェクトを書いてください。")
    return decide(question)


def _written(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate that came in escaped can only go out escaped.
        return json.dumps(answer).encode() + b"\n"


class _Doubled(Exception):
    """The name of a member that stands twice in one object, to be shown."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        for name, _ in pairs:
            if name not in members:
                raise _Doubled(quoted(name))
            del members[name]
    return members


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


def _refused(message: str) -> dict[str, Any]:
    return {"id": None, "error": {"field": "line", "message": message}}
