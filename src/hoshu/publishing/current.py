"""Every process answers by the published editions: they are read when the database has one more than it had."""

import logging
import threading
import time

from django.db.models import Count, Max

from hoshu import terms
from hoshu.catalog import CatalogError, Source
from hoshu.publishing.models import PublishedEdition, digest

log = logging.getLogger(__name__)

SECONDS = 3
"""How long an edition may have stood in the database before another process knows it. It is in force later anyway."""

Stamp = tuple[int, int | None]
_NOTHING: Stamp = (0, None)

_lock = threading.Lock()
_adopted: Stamp = _NOTHING
_looked = float("-inf")


def refresh(*, at_once: bool = False) -> None:
    """Take in what was published since the last look; looks at most every few seconds unless `at_once`.

    For the beginning of a request, job or command. An edition that this version cannot read stops no request: those
    known before go on answering, and the start-up check names it.
    """
    global _adopted, _looked
    if not at_once and time.monotonic() - _looked < SECONDS:
        return
    with _lock:
        stamp = _stamp()
        if stamp != _adopted:
            try:
                terms.adopt(sources())
            except CatalogError:
                log.exception("A published edition cannot be read: see `hoshu check`")
            _adopted = stamp
        _looked = time.monotonic()


def forget() -> None:
    """As a process that has not looked yet."""
    global _adopted, _looked
    with _lock:
        terms.adopt([])
        _adopted, _looked = _NOTHING, float("-inf")


def faults() -> list[str]:
    """What keeps the published editions from being taken in: one that was altered, or that this version cannot read."""
    rows = PublishedEdition.objects.values_list("service", "edition", "text", "sha256")
    altered = [f"{service}/{edition}: sha256" for service, edition, text, sha256 in rows if digest(text) != sha256]
    if altered:
        return altered
    try:
        terms.adopt(sources())
    except CatalogError as error:
        return [str(error)]
    return []


def sources() -> list[Source]:
    """The published texts, each named by its service and edition."""
    rows = PublishedEdition.objects.order_by("id").values_list("service", "edition", "text")
    return [Source(f"{service}/{edition}", text) for service, edition, text in rows]


def _stamp() -> Stamp:
    """Changes whenever an edition is added; both numbers, because transactions may commit in another order."""
    found = PublishedEdition.objects.aggregate(count=Count("id"), last=Max("id"))
    return found["count"], found["last"]
