"""`hoshu portfolio`: a whole book of agreements in, the same book with its periods out."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hoshu import clock

if TYPE_CHECKING:
    from hoshu.portfolio import Book

ANSWERED, SOME_REFUSED, UNREADABLE = 0, 1, 2
_DAYS_AHEAD = 90

_HELP = """\
契約の一覧を読み、1行ごとに提供期間・残り日数・延長の可否を付けて書き出します。
ファイルを省くか - にすると、標準入力から読みます。CSV（UTF-8 か Shift_JIS）と Parquet を読めます。

列の見出し（1行目）:
  service サービス    plan プラン    edition 版（省略できます）    serial 製造番号（省略できます）
  このほかは hoshu decide の coverage と同じ事実です（purchased、registered、end_of_sale など）。
  画面と同じ日本語の見出しも読めます。判断に使わない列は、そのまま書き出します。

書き出す列:
  counted_from 起点  start 提供開始日  end 満了日  cap 満了を早めたもの  active 基準日に有効
  days_left 残り日数  expiring まもなく満了  extension_buyable 延長キットの購入可
  gap_days・overlap_days 同じ機器の前の契約からの空白・重複の日数  error_field・error 答えられない理由

答えられない行には、どの項目をどう直すかを書き、ほかの行に進みます。
終了コード: 0 すべて答えた、1 答えられない行があった、2 入力を読めない、または書き出せない
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = _HELP
    parser.add_argument(
        "file", nargs="?", default="-", metavar="ファイル", help="CSV か Parquet（省略または - で標準入力）"
    )
    parser.add_argument("--database", action="store_true", help="ファイルのかわりに、登録済みの契約をすべて読む")
    parser.add_argument("--as-of", type=_day, metavar="日付", help="基準日（例 2025-04-30。省略すると今日）")
    parser.add_argument(
        "--expiring",
        type=_days_ahead,
        default=_DAYS_AHEAD,
        metavar="日数",
        help=f"「まもなく満了」とする、基準日からの日数（既定 {_DAYS_AHEAD}）",
    )
    parser.add_argument(
        "--out", type=Path, metavar="ファイル", help="書き出す .csv、.parquet、.xlsx（省略すると標準出力に CSV）"
    )
    parser.add_argument("--excel", action="store_true", help="CSV を Excel 向けに書く（BOM 付き、日本語の見出し）")


def run(args: argparse.Namespace) -> int:
    """0 where every row was answered, 1 where some were refused, 2 where the files cannot be read or written."""
    from hoshu import portfolio

    if args.out is not None and args.out.suffix.lower() not in portfolio.SUFFIXES:
        return _failed(
            f"「{args.out}」には書き出せません。名前の終わりを {'、'.join(portfolio.SUFFIXES)} にしてください。"
        )
    if args.database and args.file != "-":
        return _failed("--database とファイルは、どちらか一方を指定してください。")
    as_of = args.as_of or clock.today()
    try:
        book = registered_book(as_of) if args.database else portfolio.read_book(_bytes(args.file))
    except OSError as error:
        return _failed(f"「{args.file}」を読めません。ファイルの名前と権限を確かめてください。（{error.strerror}）")
    except portfolio.Unreadable as unreadable:
        return _failed(str(unreadable))
    outcome = portfolio.answer(book, as_of=as_of, expiring=args.expiring)
    try:
        if args.out is None:
            portfolio.write_csv(outcome.table, sys.stdout.buffer, for_people=args.excel)
            sys.stdout.buffer.flush()
        else:
            portfolio.write(outcome.table, args.out, for_people=args.excel)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _failed(f"「{args.out}」に書き出せません。場所と空き容量を確かめてください。（{error.strerror}）")
    if ignored := book.ignored():
        print(f"判断に使わず、そのまま書き出した列: {'、'.join(ignored)}", file=sys.stderr)
    print(
        f"{book.count}件のうち、有効 {outcome.active}件、{args.expiring}日以内に満了 {outcome.expiring}件、"
        f"答えられない行 {outcome.refused}件",
        file=sys.stderr,
    )
    return SOME_REFUSED if outcome.refused else ANSWERED


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def registered_book(on: date) -> "Book":
    """The agreements of this installation, with the facts each was accepted on and the edition it is under on a day."""
    from hoshu.config.installation import django
    from hoshu.portfolio import Book

    with django():
        from hoshu.accounts.tenancy import SYSTEM, act_as
        from hoshu.contracts import queries
        from hoshu.publishing import current

        current.refresh()
        with act_as(SYSTEM):
            return Book.of_rows(list(queries.book(on=on)))


def _day(text: str) -> date:
    from hoshu.dates import read_date

    try:
        return read_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _days_ahead(text: str) -> int:
    if not text.isdecimal() or len(text) > 5:
        raise argparse.ArgumentTypeError("0以上の日数を指定してください")
    return int(text)


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return UNREADABLE
