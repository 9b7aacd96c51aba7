"""Writes docs/authoring/reference.md: every question with its table, its facts and its answer.

    .venv/bin/python scripts/authoring_reference.py

All of it is read from what the program itself uses: the tables' keys, types, defaults and docstrings, the facts and
answers of the engine, and the worked service of docs/authoring/every-question.toml. The docstrings are English; what
they say to the authors of terms stands in docs/authoring/docstrings-ja.toml, each under the English sentence itself, so
that a docstring that changes has no Japanese until somebody has said it anew. A test compares the page with the code.
"""

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from hoshu.authoring.wording import CITING, choices, key_label, table_of
from hoshu.authoring.words import CODES
from hoshu.catalog import Edition, Rule, Section, Shown, Table
from hoshu.catalog.parts import Period
from hoshu.terms import BOOL, DATE, MOMENT, TOPIC_LABELS, Kind, code_label, known_facts
from hoshu.terms.answers import ANSWERS

FOLDER = Path(__file__).parents[1] / "docs/authoring"
SAMPLES = FOLDER / "every-question.toml"
JAPANESE = FOLDER / "docstrings-ja.toml"
PAGE = FOLDER / "reference.md"

_HEADER = re.compile(r"\[\[?([a-z_]+)")


class Untold(Exception):
    """A docstring without its Japanese sentence."""


class Sample(NamedTuple):
    """What the worked service holds about a question or a list."""

    intro: str
    text: str
    example: str


# The docstrings.


@cache
def _docstrings() -> dict[str, str]:
    """By class, and by `Class.key`; a class of one name in two modules stands under `module.Class` too."""
    found: dict[str, str] = {}
    for kind in _kinds():
        module = kind.__module__.rpartition(".")[2]
        tree = ast.parse(inspect.getsource(kind)).body[0]
        assert isinstance(tree, ast.ClassDef)
        name = f"{module}.{kind.__name__}"
        if (doc := ast.get_docstring(tree)) is not None:
            found[name] = _joined(doc)
        for entry, after in zip(tree.body, [*tree.body[1:], None], strict=True):
            if (
                isinstance(entry, ast.AnnAssign)
                and isinstance(entry.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
            ):
                found[f"{name}.{entry.target.id}"] = _joined(str(after.value.value))
    return found


def _joined(text: str) -> str:
    return " ".join(text.split())


def _kinds() -> list[type[Table]]:
    """Every table of an edition, those that only others are made from included."""
    found: dict[type[Table], None] = {}

    def add(kind: type[Table]) -> None:
        for each in kind.__mro__:
            if issubclass(each, Table) and each is not Table and each not in found:
                found[each] = None
        for hint in kind.members.values():
            if (below := table_of(hint)) is not None and below not in found:
                add(below)

    add(Edition)
    return list(found)


@cache
def _japanese() -> dict[str, str]:
    return tomllib.loads(JAPANESE.read_text(encoding="utf-8"))


def docstrings() -> list[str]:
    """Every English sentence that needs a Japanese one."""
    return sorted(set(_docstrings().values()))


def _said(kind: type[Table], key: str | None = None) -> str:
    """The docstring of a table, or of one of its keys, in Japanese; empty where there is none."""
    for each in kind.__mro__:
        if not issubclass(each, Table) or (key is not None and key not in inspect.get_annotations(each)):
            continue
        name = f"{each.__module__.rpartition('.')[2]}.{each.__name__}"
        english = _docstrings().get(name if key is None else f"{name}.{key}")
        if english is None:
            return ""
        if english not in _japanese():
            raise Untold(f"{JAPANESE.name} に、この英文の日本語がありません: {english!r}")
        return _japanese()[english]
    return ""


# What a key holds.


def _holds(hint: Any) -> str:
    """What to write for a key."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return "か、".join(dict.fromkeys(_holds(each) for each in arguments if each is not NoneType))
    if origin is tuple:
        inner = arguments[0]
        return f"{_holds(inner)}の一覧" if table_of(inner) is None else "表の一覧"
    if origin is dict:
        inner = arguments[1]
        return f"名前ごとの{_holds(inner)}" if get_origin(inner) is not UnionType else "事実とその値の組"
    if origin is Literal:
        return "コード"
    if issubclass(hint, Table):
        return "期間の表" if hint is Period else "表" if _own_keys(hint) else "根拠だけの表"
    return {str: "文字", int: "整数", bool: "`true` か `false`", date: "日付"}[hint]


def _default(kind: type[Table], key: str) -> str:
    """What a key that is left out means."""
    if key not in kind.defaults:
        return "省けない"
    value = kind.defaults[key]
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple) and value:
        return "、".join(f"`{each}`" for each in value)
    return f"`{value}`" if value not in (None, "", (), {}) else "なし"


def _own_keys(kind: type[Table]) -> list[str]:
    """The keys besides those that every table has."""
    common = {*CITING, *Section.members} if issubclass(kind, Section) else {*CITING}
    return [key for key in kind.members if key not in common]


def _codes(kind: type[Table], key: str) -> str:
    codes = choices(kind.members[key])
    if not codes:
        return ""
    said = ((code, CODES.get(f"{kind.__name__}.{key}.{code}") or CODES.get(str(code), "")) for code in codes)
    return "、".join(f"`{code}`" + (f" {label}" if label and label != code else "") for code, label in said) + "。"


def _rows(kind: type[Table], keys: Iterable[str]) -> str:
    rows = ["| 項目 | 意味 | 書くもの | 省くと |", "| --- | --- | --- | --- |"]
    for key in keys:
        hint = kind.members[key]
        below = table_of(hint)
        about = _said(kind, key) or ("" if below is None or below in (Rule, Shown) else _said(below))
        label = key_label(kind, key)
        told = (about if about.startswith(label) else f"{label}。{about}") + _codes(kind, key)
        rows.append(f"| `{key}` | {told} | {_holds(hint)} | {_default(kind, key)} |")
    return "\n".join(rows)


def _tables(header: str, kind: type[Table], is_list: bool, seen: set[type[Table]]) -> Iterator[str]:
    """A table with its keys, and then the tables in it that have keys of their own."""
    if (own := _own_keys(kind)) and kind not in seen:
        seen.add(kind)
        yield f"`{'[[' if is_list else '['}{header}{']]' if is_list else ']'}`"
        if header.count(".") and (about := _said(kind)):
            yield about
        yield _rows(kind, own)
        for key in own:
            hint = kind.members[key]
            if (below := table_of(hint)) is not None:
                yield from _tables(f"{header}.{key}", below, get_origin(hint) is tuple, seen)


# The facts and the answer.


_SIMPLE = ((DATE, "日付"), (MOMENT, "日時"), (BOOL, "`true` か `false`"))


def _wanted(kind: Kind, topic: str, fact: str) -> str:
    """What to give for a fact."""
    if kind.codes:
        said = ((code, code_label(topic, fact, code)) for code in kind.codes)
        return "、".join(f"`{code}`" + (f" {label}" if label else "") for code, label in said)
    if kind.item is not None:
        return f"一覧（{_wanted(kind.item, topic, fact)}）"
    if (simple := next((said for each, said in _SIMPLE if each is kind), None)) is not None:
        return simple
    text = kind.wanted.removesuffix("。").removesuffix("指定してください").removesuffix("で")
    if kind.members is not None:
        members = "、".join(f"`{name}` {fact.label}" for name, fact in kind.members.items())
        return f"組: {members}"
    return text


def _facts(topic: str) -> str:
    rows = (
        f"| `{name}` | {fact.label} | {_wanted(fact.kind, topic, name)} |" for name, fact in known_facts(topic).items()
    )
    return "\n".join(["| 事実 | 意味 | 値 |", "| --- | --- | --- |", *rows])


def _answer(topic: str) -> str:
    return "、".join(f"`{name}` {label}" for name, label in ANSWERS[topic].items())


# The worked service.


@cache
def samples() -> dict[str, Sample]:
    """The parts of the worked service, by question or list."""
    parameters, _, examples = SAMPLES.read_text(encoding="utf-8").partition("\n[[example]]\n")
    by_topic: dict[str, list[str]] = {}
    for each in examples.split("\n[[example]]\n"):
        text = f"[[example]]\n{each.strip()}"
        by_topic.setdefault(tomllib.loads(text)["example"][0]["ask"], []).append(text)
    found: dict[str, Sample] = {}
    for block in re.split(r"\n\n", parameters):
        lines = block.strip().splitlines()
        comments = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
        text = "\n".join(line for line in lines if not line.startswith("# "))
        if (header := _HEADER.match(text)) is None:
            continue
        before = found.get(header[1])
        found[header[1]] = Sample(
            "".join(comments) if before is None else before.intro,
            text if before is None else f"{before.text}\n\n{text}",
            "\n\n".join(by_topic.get(header[1], ())),
        )
    return found


def _toml(text: str) -> str:
    return f"```toml\n{text}\n```"


_HEAD = """\
# 約款の表のリファレンス

<!-- Written by scripts/authoring_reference.py from the catalogue's tables; do not edit. -->

[新しいサービスの約款の書き方](../authoring.md)を読んでから、必要な質問だけをここで引いてください。
見本は、すべて [every-question.toml](every-question.toml) からの抜き書きで、そのまま動きます。

## どの表にも書くこと

| 項目 | 意味 |
| --- | --- |
| `clause` | 根拠の条項。`[[clause]]` の `id` を書きます。答えは、この条項を示します。 |
| `rule` | 自分の番号。要件や台帳の番号です。例の `req` と合わせておくと、後で探せます。 |
| `also` | 同じことを定める、ほかの条項の一覧。なければ省きます。 |
| `required` | 質問の表だけ。必ず聞く事実の名前の一覧。足りない質問は、お断りになります。 |
| `optional` | 質問の表だけ。わかれば使う事実の名前の一覧。 |

「根拠だけの表」は、`{ clause = "第2条", rule = "S-02" }` のように、これだけを書く表です。
期間の表には、そのほかに `days`・`months`・`years` のどれか1つを書きます。
数え始める日そのものは入れずに数えます（民法 140条から143条）。
最後の日が休みの日でも、動かしません。翌営業日に動かすときだけ、`move_off_day_off = true` と書きます（民法 142条）。

日付は `2026-04-30`、日時は `2026-04-30T09:00:00+09:00` のように、囲まずに書きます。時刻は `"09:00"` のように囲みます。
"""


def page() -> str:
    """The whole page."""
    seen: set[type[Table]] = {Period}
    parts = [_HEAD, "## 質問の一覧"]
    parts.append("\n".join(f"- [{label}](#{label}-{topic}) `[{topic}]`" for topic, label in TOPIC_LABELS.items()))
    for topic, label in TOPIC_LABELS.items():
        kind = table_of(Edition.members[topic])
        assert kind is not None
        sample = samples()[topic]
        parts += [f"\n## {label} `[{topic}]`", sample.intro, _toml(sample.text)]
        parts.append(f"例:\n\n{_toml(sample.example)}")
        parts += _tables(topic, kind, False, set(seen))
        parts += ["聞ける事実（`required` と `optional` に書くもの）", _facts(topic), f"答え: {_answer(topic)}"]
    parts.append("\n## 質問のほかの表")
    parts += _tables_beside()
    return "\n\n".join(parts) + "\n"


def _tables_beside() -> Iterator[str]:
    own = [key for key in Edition.members if key not in TOPIC_LABELS]
    simple = [key for key in own if table_of(Edition.members[key]) is None]
    yield "ファイルの最初に書く項目"
    yield _rows(Edition, simple)
    for key in own:
        if (kind := table_of(Edition.members[key])) is not None:
            yield f"### {key_label(Edition, key)} `[[{key}]]`"
            yield _said(kind)
            if key in samples():
                yield _toml(samples()[key].text)
            yield from _tables(key, kind, True, {Period})


def main() -> int:
    """Write the page. 1 where a docstring has no Japanese yet."""
    try:
        text = page()
    except Untold as untold:
        print(untold, file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
