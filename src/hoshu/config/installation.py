"""Connects a command to its installation: which database, which keys, and Django on top of them."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from hoshu.config import env
from hoshu.config.database import connect, make_url, prepare_runtime_login, runtime_url
from hoshu.config.home import Home
from hoshu.config.trouble import Trouble


@dataclass(frozen=True)
class Addresses:
    """The two logins of one database. A process that only serves knows no owner."""

    app: str
    owner: str = ""

    def environment(self, *, secret_key: str) -> dict[str, str]:
        """What a child that serves gets: the runtime login and the key, never the owner's login."""
        return {
            "HOSHU_APP_DATABASE_URL": self.app,
            "DATABASE_URL": "",
            "DATABASE_URL_FILE": "",
            "HOSHU_SECRET_KEY": secret_key,
        }


def given_addresses(home: Home) -> Addresses | None:
    """The database that DATABASE_URL names; None: the embedded one."""
    app, owner = env.text("HOSHU_APP_DATABASE_URL"), env.text("DATABASE_URL")
    if owner and not app:
        connect(owner).close()
        home.open()
        app = runtime_url(owner, home.secrets()["app"])
    return Addresses(app=app, owner=owner) if app else None


def embedded_addresses(home: Home, socket_folder: str) -> Addresses:
    """The logins of the embedded server that listens in `socket_folder`."""
    from hoshu.config.embedded import APP, DATABASE, OWNER

    passwords = home.secrets()

    def url(login: str, secret: str) -> str:
        return make_url(user=login, password=passwords[secret], host=socket_folder, name=DATABASE)

    return Addresses(app=url(APP, "app"), owner=url(OWNER, "owner"))


@contextmanager
def addresses(*, start: bool, say: Callable[[str], None]) -> Iterator[Addresses]:
    """The database of this installation. The embedded one is started for as long as the command runs, if `start`."""
    home = Home(env.home())
    if given := given_addresses(home):
        yield given
        return
    home.open()
    if (running := home.running()) and "socket" in running:
        yield embedded_addresses(home, running["socket"])
        return
    if not start:
        raise Trouble(
            "データベースが動いていません。"
            "`hoshu up` で全体を起動するか、DATABASE_URL でデータベースを指定してください。"
        )
    from hoshu.config.embedded import Cluster

    home.claim()
    cluster = Cluster(home, say=say)
    try:
        cluster.start()
        home.announce(socket=str(cluster.socket_folder))
        yield embedded_addresses(home, str(cluster.socket_folder))
    finally:
        cluster.stop()
        home.release()


def secret_key(home: Home) -> str:
    """The key of HOSHU_SECRET_KEY, else the generated one of this installation."""
    if key := env.text("HOSHU_SECRET_KEY"):
        return key
    home.open()
    return home.secrets()["secret_key"]


@contextmanager
def django(
    *, as_owner: bool = False, start: bool = True, say: Callable[[str], None] = lambda text: None
) -> Iterator[Addresses]:
    """Django, connected to this installation as the runtime login, or as the owner for migrations."""
    with addresses(start=start, say=say) as found:
        if as_owner:
            if not found.owner:
                raise Trouble("データベースの更新には、所有者のログインが必要です。DATABASE_URL に指定してください。")
            prepare_runtime_login(found.owner, found.app)
        _set_up_django(
            {
                "HOSHU_APP_DATABASE_URL": found.owner if as_owner else found.app,
                "HOSHU_SECRET_KEY": secret_key(Home(env.home())),
            }
        )
        yield found


def django_without_database() -> None:
    """Django for commands that only look at the code."""
    _set_up_django({"HOSHU_APP_DATABASE_URL": "", "DATABASE_URL": "", "HOSHU_SECRET_KEY": "not used to sign anything"})


def _set_up_django(environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        os.environ.pop(f"{name}_FILE", None)
        os.environ[name] = value
    os.environ["DJANGO_SETTINGS_MODULE"] = "hoshu.config.settings"

    import django as framework

    framework.setup()
