"""The command `hoshu`. Each sub-command is a module of this package with `add_arguments(parser)` and `run(args)`.

Only the module of the chosen command is imported: `hoshu decide` answers without Django.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "up": "すべてを起動する（データベース・画面・ジョブ）",
    "web": "画面と API だけを起動する",
    "worker": "ジョブ（通知・期限の処理）だけを起動する",
    "rescue": "落ちたワーカーが残したジョブを再開させる",
    "migrate": "データベースをこの版に合わせる",
    "setup": "最初の管理者を登録するための、一度だけ使えるリンクを出す",
    "demo": "デモのデータを入れる",
    "decide": "約款に聞く（JSON Lines を読み、答えを JSON Lines で書く）",
    "portfolio": "契約の一覧に、提供期間と残り日数を付ける（CSV・Parquet・データベース）",
    "terms": "約款の版を調べる・説明する・比べる・図にする・公表する",
    "replay": "記録した判定を今の約款で聞き直し、違いを一覧にする",
    "check": "起動できる状態かを調べる",
    "django": "Django の管理コマンドを実行する",
}

_PORTFOLIO = ("numpy", "pyarrow", "xlsxwriter")
"""The packages of the extra `portfolio`; all others are the server's."""

# argparse looks its own words up by gettext; there is no Japanese catalogue on the machine, so it gets ours.
_WORDS = {
    "usage: ": "使い方: ",
    "positional arguments": "引数",
    "options": "オプション",
    "show this help message and exit": "この説明を表示する",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "unrecognized arguments: %s": "知らない引数です: %s",
    "the following arguments are required: %s": "次の引数が必要です: %s",
    "expected one argument": "値を 1 つ指定してください",
    "not allowed with argument %s": "%s と同時には指定できません",
    "invalid %(type)s value: %(value)r": "値が正しくありません: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r は選べません（選べるもの: %(choices)s）",
    "ignored explicit argument %r": "値 %r は指定できません",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s ではどれか決まりません（%(matches)s）",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. A reason not to go on is shown in plain words, without a traceback."""
    argv = sys.argv[1:] if argv is None else list(argv)
    argparse._ = lambda text: _WORDS.get(text, text)
    parser = argparse.ArgumentParser(
        prog="hoshu",
        description="保守サービスの受付から完了までを支えるシステムです。",
        epilog="各コマンドの説明: hoshu コマンド --help",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="コマンド", metavar="コマンド", dest="command", required=True)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=f"{line}。", allow_abbrev=False)
        if argv[:1] == [name]:
            command.set_defaults(module=name)
            try:
                importlib.import_module(f"hoshu.cli.{name}").add_arguments(command)
            except ModuleNotFoundError as missing:
                return _incomplete(missing)
    args = parser.parse_args(argv)

    from hoshu.config.trouble import Trouble

    try:
        return importlib.import_module(f"hoshu.cli.{args.module}").run(args)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:
        return _incomplete(missing)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141


def _incomplete(missing: ModuleNotFoundError) -> int:
    """The light installation answers `decide`; the other commands need the packages of an extra."""
    if missing.name is None or missing.name.partition(".")[0] == "hoshu":
        raise missing
    extra = "portfolio" if missing.name.partition(".")[0] in _PORTFOLIO else "server"
    print(
        f"この機能に必要な部品（{missing.name}）がありません。pip install 'hoshu[{extra}]' で入れてください。",
        file=sys.stderr,
    )
    return 1


def say(text: str) -> None:
    """Progress, at once."""
    print(text, flush=True)
