"""`hoshu up`: everything on one machine, supervised by this process."""

import argparse
import errno
import importlib
import os
import socket
import sys
import time
from collections.abc import Mapping

from hoshu.cli import say
from hoshu.cli.supervisor import Child, Stopped, Supervisor
from hoshu.config import env
from hoshu.config.home import Home
from hoshu.config.installation import Addresses, embedded_addresses, given_addresses, secret_key
from hoshu.config.trouble import Trouble, cause


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen and what to start with."""
    parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス（既定 127.0.0.1）")
    parser.add_argument("--port", type=int, default=8000, help="待ち受けるポート番号（既定 8000）")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--demo", action="store_true", help="初回に架空のデモデータを入れ、役割をワンクリックで選べるようにする"
    )
    kind.add_argument("--empty", action="store_true", help="本番として始める。最初の管理者を登録するリンクを表示する")
    parser.epilog = "データの場所は HOSHU_HOME、外部のデータベースは DATABASE_URL で指定します。"


def run(args: argparse.Namespace) -> int:
    """Start all parts in order, keep them running, stop them in the reverse order."""
    home = Home(env.home())
    address = f"http://{_visible(args.host)}:{args.port}"
    say(f"hoshu を起動します。データの場所: {home.path}")
    home.open()
    home.claim(address=address)
    home.require_space()
    _require_port(args.host, args.port)
    supervisor = Supervisor(say)
    try:
        addresses = _database(home, supervisor, address)
        served = os.environ | {
            "HOSHU_HOME": str(home.path),
            "HOSHU_BASE_URL": os.environ.get("HOSHU_BASE_URL") or address,
            "HOSHU_HOSTS": os.environ.get("HOSHU_HOSTS") or ",".join(_names(args.host)),
            "HOSHU_DEMO": "on" if args.demo else "off",
            **addresses.environment(secret_key=secret_key(home)),
        }
        say("表と画面の部品を、この版に合わせています…")
        if addresses.owner:
            supervisor.step([*_HOSHU, "migrate", "--static"], served | {"DATABASE_URL": addresses.owner})
        else:
            supervisor.step([*_HOSHU, "django", "collectstatic", "--no-input", "--verbosity=0"], served)
        if args.demo:
            say("デモのデータを確かめています（初回は作ります）…")
            supervisor.step([*_HOSHU, "demo"], served)
        supervisor.keep(Child("ジョブの処理", [*_HOSHU, "worker"], served))
        supervisor.keep(Child("止まったジョブの見張り", [*_HOSHU, "rescue"], served))
        supervisor.keep(Child("画面", [*_HOSHU, "web", "--host", args.host, "--port", str(args.port)], served))
        supervisor.wait_for(lambda: _answers(args.host, args.port))
        _welcome(args, address, supervisor, served)
        supervisor.watch()
    except Stopped as stopped:
        say("\n終了しています…")
        supervisor.stop()
        say(f"終了しました。データは {home.path} にあります。")
        return stopped.status
    finally:
        supervisor.stop()


_HOSHU = [sys.executable, "-P", "-m", "hoshu.cli"]


def _database(home: Home, supervisor: Supervisor, address: str) -> Addresses:
    if given := given_addresses(home):
        return given
    from hoshu.config.embedded import Cluster

    cluster = Cluster(home, say=say)
    supervisor.keep(cluster)
    home.announce(address=address, socket=str(cluster.socket_folder))
    return embedded_addresses(home, str(cluster.socket_folder))


def _welcome(args: argparse.Namespace, address: str, supervisor: Supervisor, served: Mapping[str, str]) -> None:
    say(f"\n起動しました。ブラウザーで開いてください: {address}")
    if args.demo:
        for role, email, password in importlib.import_module("hoshu.cli.demo").LOGINS:
            say(f"  {role}: {email} / {password}")
    if args.empty:
        supervisor.step([*_HOSHU, "setup"], served)
    say("終了するには Ctrl-C を押してください。\n")


def _require_port(host: str, port: int) -> None:
    """Refuse a port that somebody uses. What a killed predecessor held is free within a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for patience in (0.5, 0.5, 1, 0):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            return
        except OverflowError as error:
            raise Trouble(f"ポート番号 {port} は使えません。1〜65535 の番号を指定してください。") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = "この番号を使うには管理者の権限が必要です" if error.errno == errno.EACCES else cause(error)
                raise Trouble(f"{host} のポート {port} で待ち受けられません（{reason}）。") from error
            time.sleep(patience)
    raise Trouble(
        f"ポート {port} は、ほかのプログラムが使っています。\n"
        f"--port で別の番号を指定してください（make の場合は make run PORT={port + 1}）。"
    )


def _answers(host: str, port: int) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(_visible(host).strip("[]"), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _visible(host: str) -> str:
    """The address under which this machine reaches a server that listens on `host`."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _names(host: str) -> list[str]:
    """The names under which browsers may ask for us."""
    names = ["127.0.0.1", "localhost", "[::1]", _visible(host)]
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        names += [socket.gethostname(), socket.getfqdn()]
    return list(dict.fromkeys(names))
