"""An installation with an embedded PostgreSQL of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoshu.config.embedded import Cluster
from hoshu.config.home import Home


def _reachable_folder() -> Path:
    """An empty folder that any login can reach, as /var/lib is; pytest's own are closed."""
    path = Path(tempfile.mkdtemp(prefix="hoshu-test-"))
    path.chmod(0o755)
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    path = _reachable_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    """One installation for these tests: each starts it, none runs when the next begins."""
    folder = _reachable_folder()
    home = Home(folder / "hoshu")
    home.open()
    yield home
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Home) -> Iterator[Cluster]:
    cluster = Cluster(home, say=lambda text: None)
    yield cluster
    cluster.stop(hurry=True)
