"""An embedded database for measurements, migrated, with Django set up on it; it is thrown away afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Durability of a database that nobody will ever read again is not measured.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The addresses of the database for its owner and for the login that serves. Once a process: Django is set up."""
    from hoshu.config.embedded import APP, OWNER, Cluster
    from hoshu.config.home import Home

    with tempfile.TemporaryDirectory(prefix="hoshu-bench-") as folder:
        os.environ |= {
            "HOSHU_SECRET_KEY": "only-for-the-bench",
            "HOSHU_HOME": folder,
            "HOSHU_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "hoshu.config.settings",
        }
        cluster = Cluster(Home(Path(folder)), say=lambda text: None, settings=_FAST)
        cluster.start()
        try:
            owner, app = cluster.url(login=OWNER), cluster.url(login=APP)
            os.environ["HOSHU_APP_DATABASE_URL"] = app
            _migrate(owner, app)
            yield owner, app
        finally:
            cluster.stop(hurry=True)


def _migrate(owner: str, app: str) -> None:
    import django
    from django.conf import settings
    from django.db import connection

    from hoshu.config.database import parse_url
    from hoshu.config.schema import migrate

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    for url in (owner, app):
        place = parse_url(url)
        connection.close()
        connection.settings_dict.update({key: place[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        if url == owner:
            migrate(owner_url=owner, app=parse_url(app)["USER"])
