"""`hoshu terms`: for those who write terms. Checks, explains, compares, draws and publishes editions."""

import argparse
import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoshu import catalog
from hoshu.catalog import CatalogError, Edition, Source

if TYPE_CHECKING:
    from hoshu.authoring import BookEffect, Checked, ClauseShown, Finding
    from hoshu.portfolio import Book

FINE, FOUND, UNREADABLE = 0, 1, 2

COMMANDS = {
    "check": "約款のファイルを調べ、誤りと注意を行ごとに出す",
    "explain": "条項ごとに、何を定め、何を計算し、どの例が確かめているかを出す",
    "diff": "2つの版の違いを文で出す",
    "timeline": "契約の期間を図（SVG）にする",
    "publish": "約款のファイルを公表する",
}

_TARGET = """\
約款は、ファイル（.toml）か、サービス（ix など。いちばん新しい版）か、サービス/版（ix/2022-10）で指定します。
"""

_CHECK = f"""\
約款のファイルを調べます。省くと、組み込みの版をすべて調べます。

{_TARGET}
調べること: 書き方、条項の根拠、名前の重なりと綴り、効かない定めと食い違う定め、時間帯と料金の重なりと空き、
たがいに頼り合う項目、版どうしの適用開始日、例の答え。
誤りは公表の前に直すところ、注意は見直すところです。

終了コード: 0 誤りがない（注意だけを含む）、1 誤りがある、2 ファイルを読めない
"""

_EXPLAIN = f"""\
条項が何を定め、どの規定の根拠になり、どの例が確かめているかを出します。

{_TARGET}
終了コード: 0 出した、1 その条項がない、2 約款を読めない
"""

_DIFF = f"""\
2つの版の違いを、質問ごとに文で出します。

{_TARGET}
--book を付けると、契約の一覧（CSV か Parquet。列は hoshu portfolio と同じ）のうち何件の、どの日付が変わるかも出します。
--book --database とすると、登録済みの契約で調べます。

終了コード: 0 出した、2 約款や一覧を読めない
"""

_TIMELINE = """\
契約の期間（保証、提供期間、延長、上限、空白、重複、期限）を、年の並びの図（SVG）にします。
ファイルを省くか - にすると、標準入力から読みます。

ファイルは、hoshu decide の coverage と同じ質問の JSON です。同じ機器に契約がいくつもあるときは、質問を [ ] で並べます。
例:
  {"service": "ix", "plan": "5d-3y", "facts": {"purchased": "2022-04-15", "registered": "2022-05-01"}}

終了コード: 0 描いた、1 描けない質問がある、2 ファイルを読めない、または書き出せない
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="コマンド", metavar="コマンド", dest="tool", required=True)
    made = {name: commands.add_parser(name, help=line, description=f"{line}。") for name, line in COMMANDS.items()}
    for name, text in (("check", _CHECK), ("explain", _EXPLAIN), ("diff", _DIFF), ("timeline", _TIMELINE)):
        made[name].formatter_class = argparse.RawDescriptionHelpFormatter
        made[name].description = text
        made[name].allow_abbrev = False
    made["check"].add_argument("targets", nargs="*", metavar="約款", help="調べる約款（いくつでも）")
    made["explain"].add_argument("target", metavar="約款")
    made["explain"].add_argument("clause", metavar="条項", help="条項の番号（例 '第4章 1.(1)'）")
    made["explain"].add_argument("--edition", metavar="版", help="サービスの版（省略するといちばん新しい版）")
    made["diff"].add_argument("before", metavar="前の約款")
    made["diff"].add_argument("after", metavar="後の約款")
    made["diff"].add_argument(
        "--book", nargs="?", const="", metavar="ファイル", help="契約の一覧（.csv か .parquet）への影響も出す"
    )
    made["diff"].add_argument("--database", action="store_true", help="一覧のかわりに、登録済みの契約で調べる")
    made["timeline"].add_argument("file", nargs="?", default="-", metavar="ファイル", help="質問の JSON")
    made["timeline"].add_argument("--terms", metavar="約款", help="公表前の約款で描く（.toml）")
    made["timeline"].add_argument(
        "--today", type=_day, metavar="日付", help="「今日」の印を付ける日（省略すると付けない）"
    )
    made["timeline"].add_argument("--out", type=Path, metavar="ファイル", help="書き出す .svg（省略すると標準出力）")
    importlib.import_module("hoshu.cli.terms_publish").add_arguments(made["publish"])


def run(args: argparse.Namespace) -> int:
    """0 where all is fine, 1 where something was found that has to be put right, 2 where an input cannot be read."""
    if args.tool == "publish":
        status: int = importlib.import_module("hoshu.cli.terms_publish").run(args)
        return status
    try:
        return {"check": _check, "explain": _explain, "diff": _diff, "timeline": _timeline}[args.tool](args)
    except _Unreadable as unreadable:
        print(unreadable, file=sys.stderr)
        return UNREADABLE


class _Unreadable(Exception):
    """An input that cannot be read: says in Japanese what to do."""


# Which edition is meant.


def _source(target: str, edition: str | None = None) -> Source:
    """The text that a file, a service, or a service with its edition names. Raises _Unreadable."""
    if target.endswith(".toml") or Path(target).is_file():
        try:
            return Source.of(Path(target))
        except CatalogError as error:
            raise _Unreadable(str(error)) from None
    service, _, named = target.partition("/")
    known = [each.edition for each in catalog.editions(service)]
    if not known:
        services = "、".join(catalog.services())
        raise _Unreadable(f"「{target}」というファイルもサービスもありません。サービスは {services} です。")
    wanted = edition or named or known[-1]
    if wanted not in known:
        raise _Unreadable(f"{service} に「{wanted}」という版はありません。{'、'.join(known)} から選んでください。")
    return catalog.source_of(service, wanted)


def _edition(source: Source) -> Edition:
    try:
        return catalog.read(source)
    except CatalogError as error:
        raise _Unreadable(_to_check(source, error)) from None


def _to_check(source: Source, error: CatalogError) -> str:
    return f"{error}\n「hoshu terms check {source.name}」で、直すところを確かめてください。"


# check


def _check(args: argparse.Namespace) -> int:
    from hoshu.authoring import check

    sources = [_source(each) for each in args.targets] or [*_packaged()]
    packaged = [*_packaged()]
    errors = 0
    for source in sources:
        # The same file, given by whatever path, is no edition beside itself.
        own = Path(source.name).resolve()
        beside = {other.name: other for other in (*packaged, *sources) if Path(other.name).resolve() != own}
        checked = check(source, beside=[*beside.values()])
        for finding in checked.findings:
            print("\n".join(_finding(finding)))
        print(_summary(checked))
        errors += checked.errors
    return FOUND if errors else FINE


def _packaged() -> Iterator[Source]:
    for edition in catalog.every_edition():
        yield catalog.source_of(edition.service, edition.edition)


def _finding(finding: "Finding") -> Iterator[str]:
    where = " ".join(filter(None, (finding.where, f"[{finding.key}]" if finding.key else "")))
    yield f"{finding.file}:{finding.line}: {finding.label}: {where}"
    yield f"  {finding.says}"
    if finding.do:
        yield f"  → {finding.do}"


def _summary(checked: "Checked") -> str:
    if checked.edition is None:
        return (
            f"{checked.source.name}: 約款として読めません。誤り {checked.errors}件。これを直すと、続きを調べられます。"
        )
    name = f"{checked.edition.name}（{checked.edition.service}/{checked.edition.edition}）"
    notes = len(checked.findings) - checked.errors
    return f"{name}: 例 {checked.examples}件、誤り {checked.errors}件、注意 {notes}件"


# explain


def _explain(args: argparse.Namespace) -> int:
    from hoshu.authoring import NoSuchClause, explain

    source = _source(args.target, args.edition)
    edition = _edition(source)
    try:
        shown = explain(source, args.clause)
    except NoSuchClause as missing:
        near = (
            f"「{'」「'.join(missing.near)}」ではありませんか。" if missing.near else "条項の番号を確かめてください。"
        )
        print(f"{edition.name} に「{args.clause}」という条項はありません。{near}", file=sys.stderr)
        return FOUND
    except CatalogError as error:
        raise _Unreadable(_to_check(source, error)) from None
    print("\n".join(_explained(shown, source, edition)))
    return FINE


def _explained(shown: "ClauseShown", source: Source, edition: Edition) -> Iterator[str]:
    yield f"{shown.id}（{edition.name} {edition.edition}版、{source.name}:{shown.line}）"
    yield f"  {shown.text}"
    if shown.not_computed:
        yield f"  判断に使わない理由: {shown.not_computed}"
    if shown.rules:
        yield f"\nこの条項を根拠にする定め（{len(shown.rules)}件）"
    for rule in shown.rules:
        used = "" if rule.computed else "、表示だけ"
        also = "、同じことを定める条項として" if rule.also else ""
        yield f"  {rule.where}（{rule.line}行 {rule.key}、{rule.requirement}{used}{also}）"
        for label, value in rule.values:
            yield f"    {label}: {value}"
    if shown.examples:
        yield f"\nこの条項を確かめている例（{len(shown.examples)}件）"
    for example in shown.examples:
        yield f"  {example.line}行 {example.question}: {example.says}"
        yield f"    事実: {_pairs(example.facts)}"
        yield f"    答え: {_pairs(example.expected)}"
    if shown.readings:
        yield f"\n読み方の選択（{len(shown.readings)}件）"
    for reading in shown.readings:
        yield f"  {reading.id}（{reading.line}行） {reading.question}"
        yield f"    採った読み方: {reading.taken}／ほかの読み方: {reading.other}"
        if reading.setting:
            yield f"    決めている項目: {reading.setting}"


def _pairs(values: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{label} {value}" for label, value in values) or "なし"


# diff


def _diff(args: argparse.Namespace) -> int:
    from hoshu.authoring import differences, effect_on

    book = _book(args)
    before, after = (_edition(_source(each)) for each in (args.before, args.after))
    if before.service != after.service:
        print(f"注意: 別のサービス（{before.service} と {after.service}）を比べています。", file=sys.stderr)
    groups = differences(before, after)
    for group in groups:
        print(group.title)
        for item in group.items:
            print(f"  {item.text}")
    if not groups:
        print("違いはありません。")
    if book is not None:
        print("\n".join(_effect(effect_on(book, before, after))))
    return FINE


def _book(args: argparse.Namespace) -> "Book | None":
    """The book of `--book FILE` or of the database. Raises _Unreadable."""
    if args.book is None and not args.database:
        return None
    from hoshu import clock
    from hoshu.cli.portfolio import registered_book

    if args.database:
        if args.book:
            raise _Unreadable("--database とファイルは、どちらか一方を指定してください。")
        return registered_book(clock.today())
    if not args.book:
        raise _Unreadable("--book の後に、契約の一覧のファイルか --database を指定してください。")
    from hoshu.portfolio import Unreadable, read_book

    try:
        return read_book(Path(args.book).read_bytes())
    except OSError as error:
        raise _Unreadable(_not_read(args.book, error)) from None
    except Unreadable as unreadable:
        raise _Unreadable(str(unreadable)) from None


def _effect(effect: "BookEffect") -> Iterator[str]:
    yield f"\n契約への影響: {effect.asked}件のうち {effect.changed}件の日付が変わります。"
    for label, count in effect.by_member:
        yield f"  {label}: {count}件"
    for row in effect.rows:
        changes = "、".join(f"{label} {before} → {after}" for label, before, after in row.changes)
        yield f"  {row.row}行{f'（{row.unit}）' if row.unit else ''}: {changes}"
    if effect.changed > len(effect.rows):
        yield f"  ほか {effect.changed - len(effect.rows)}件"


# timeline


def _timeline(args: argparse.Namespace) -> int:
    from hoshu.authoring import NotDrawn, draw

    questions = _questions(args.file)
    under = _edition(_source(args.terms)) if args.terms else None
    try:
        svg = draw(questions, today=args.today, under=under)
    except NotDrawn as not_drawn:
        print(not_drawn, file=sys.stderr)
        return FOUND
    if args.out is None:
        sys.stdout.write(svg)
        return FINE
    try:
        args.out.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise _Unreadable(
            f"「{args.out}」に書き出せません。場所と権限を確かめてください。（{error.strerror}）"
        ) from None
    return FINE


def _questions(name: str) -> list[dict[str, Any]]:
    """The questions of a JSON file: one object, or a list of them. Raises _Unreadable."""
    try:
        text = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        found = json.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise _Unreadable(_not_read(name, error)) from None
    except UnicodeDecodeError:
        raise _Unreadable("文字コードが UTF-8 ではありません。UTF-8 で書いてください。") from None
    except json.JSONDecodeError as error:
        raise _Unreadable(
            f"JSON として読めません（{error.lineno}行 {error.colno}文字目）。書き方を確かめてください。"
        ) from None
    except (ValueError, RecursionError):
        raise _Unreadable("JSON として読めません。1つの質問か、質問の一覧を書いてください。") from None
    questions = found if isinstance(found, list) else [found]
    if not all(isinstance(each, dict) for each in questions):
        raise _Unreadable("質問になっていません。項目と値の組（オブジェクト）か、その一覧を書いてください。")
    return questions


def _not_read(name: str, error: OSError) -> str:
    return f"「{name}」を読めません。ファイルの名前と権限を確かめてください。（{error.strerror}）"


def _day(text: str) -> date:
    from hoshu.dates import read_date

    try:
        return read_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
