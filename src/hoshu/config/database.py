"""Database addresses: from a URL to Django's settings."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def parse_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/folder`.

    Raises ValueError with what to write where the URL is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        # Inside the transaction of the tenancy middleware: a view that fails leaves nothing behind.
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **options},
    }
