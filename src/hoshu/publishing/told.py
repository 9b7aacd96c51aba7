"""What stands beside the editions: who was supplied with one, who opened it, small changes, where a desk is reached."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts.tenancy import Actor
from hoshu.catalog import Edition
from hoshu.dates import JST
from hoshu.publishing.models import DetailChange, EditionOpening, EditionSupply, PublishedEdition, ServiceDesk, digest


class Refused(Exception):
    """Not recorded: says in Japanese what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def supply(*, edition: Edition, seller_id: int, supplied_at: datetime, actor: Actor, now: datetime) -> None:
    """MM-DOC-01 (1.1): when an edition was supplied to a seller; only once. Raises Refused for a moment to come."""
    if supplied_at > now:
        raise Refused("お渡しした日時が、今より後です。お渡ししてから記録してください。")
    if published := published_at(edition):
        day = published.astimezone(JST)
        if supplied_at < published:
            raise Refused(f"この版を公表したのは {day:%Y/%m/%d %H:%M} です。それより後の日時にしてください。")
    _, new = EditionSupply.objects.get_or_create(
        service=edition.service,
        edition=edition.edition,
        seller_id=seller_id,
        defaults={"supplied_at": supplied_at, "recorded_by": actor.label},
    )
    if not new:
        raise Refused("この販売店には、もうお渡しした記録があります。")


def supplies(edition: Edition) -> QuerySet[EditionSupply]:
    """To which sellers an edition was supplied, the first one first; for staff."""
    found = EditionSupply.objects.filter(service=edition.service, edition=edition.edition)
    return found.select_related("seller").order_by("supplied_at", "id")


def published_at(edition: Edition) -> datetime | None:
    """When an edition was published here; None for one of the package, whose text may name the day."""
    kept = PublishedEdition.objects.filter(service=edition.service, edition=edition.edition)
    return kept.values_list("published_at", flat=True).first()


def sha256(edition: Edition) -> str:
    """SHA-256 of the text of an edition, published here or of the package."""
    return digest(catalog.source_of(edition.service, edition.edition).text)


def opened(*, edition: Edition, user_id: int, now: datetime) -> None:
    """A person reads an edition; only the first time counts (MM-DOC-05)."""
    EditionOpening.objects.get_or_create(
        user_id=user_id, service=edition.service, edition=edition.edition, defaults={"opened_at": now}
    )


def unread(*, user_id: int, services: Collection[str]) -> set[tuple[str, str]]:
    """(service, edition) of the newest edition of each service that changed an earlier one and was not opened yet.

    MM-DOC-05 (1.2). The first edition of a service changes nothing, so it is never new.
    """
    changed = {(service, known[-1].edition) for service in services if len(known := catalog.editions(service)) > 1}
    if not changed:
        return set()
    read = EditionOpening.objects.filter(user_id=user_id, service__in=[service for service, _ in changed])
    return changed - set(read.values_list("service", "edition"))


def unreadable() -> list[PublishedEdition]:
    """Published editions that this process could not take in: customers go on reading those before (MM-DOC-05)."""
    known = {(each.service, each.edition) for each in catalog.every_edition()}
    kept = PublishedEdition.objects.defer("text").order_by("id")
    return [each for each in kept if (each.service, each.edition) not in known]


def note_change(*, service: str, changed_on: date, what: str, actor: Actor, now: datetime) -> None:
    """A change of a detail, which the terms allow without notice (MM-OVR-11). Raises Refused."""
    if not what.strip():
        raise Refused("変えたことを書いてください。")
    if changed_on > now.astimezone(JST).date():
        raise Refused("まだ来ていない日です。変えた日を確かめてください。")
    DetailChange.objects.create(
        service=service, changed_on=changed_on, what=what.strip(), recorded_at=now, recorded_by=actor.label
    )


def changes(service: str) -> QuerySet[DetailChange]:
    """The small changes of a service, the newest first; for staff."""
    return DetailChange.objects.filter(service=service).order_by("-changed_on", "-id")


def desk(service: str) -> dict[str, str]:
    """`phone` and `email` of the desk of a service; empty where nobody has said them yet."""
    kept: Any = ServiceDesk.objects.filter(service=service).values("phone", "email").first()
    return kept or {"phone": "", "email": ""}


def save_desk(*, service: str, phone: str, email: str) -> None:
    """Where the desk of a service is reached from now on."""
    ServiceDesk.objects.update_or_create(service=service, defaults={"phone": phone, "email": email})


def desks_to_tell(services: Collection[str]) -> list[Edition]:
    """MM-SUP-02: of these services, those with a desk of their own whose phone or mail nobody has said yet."""
    with_desk = [known[-1] for one in services if (known := catalog.editions(one)) and known[-1].desk_scope is not None]
    if not with_desk:
        return []
    told = set(ServiceDesk.objects.exclude(phone="").exclude(email="").values_list("service", flat=True))
    return [each for each in with_desk if each.service not in told]
