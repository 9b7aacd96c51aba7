"""The product's settings, with what only tests need. The database comes from tests/conftest.py."""

import pytest

with pytest.MonkeyPatch.context() as environment:
    environment.setenv("HOSHU_SECRET_KEY", "only-for-tests")
    environment.setenv("HOSHU_APP_DATABASE_URL", "postgresql://app@/not-chosen-yet")
    from hoshu.config.settings import *  # noqa: F403
    from hoshu.config.settings import DATABASES, STORAGES

# One connection for the whole session: tests/conftest.py points it at the database of the tests.
DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests: static files come from where they lie.
WHITENOISE_AUTOREFRESH = True
