"""Publishing: the checks before it, and the edition that stands for good after it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.accounts.tenancy import Actor
from hoshu.authoring import Finding, check
from hoshu.catalog import Edition, Source
from hoshu.catalog.locating import line_of
from hoshu.dates import JST
from hoshu.publishing.models import PublishedEdition
from hoshu.publishing.notice import Notice, notice, running_on

PERMISSION = "terms.design"


class Refused(Exception):
    """An edition that is not published: what has to be put right first, each with its field and its next step."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("".join(finding.says for finding in findings))
        self.findings = findings


class NotAllowed(Exception):
    """Somebody who may not publish."""


@dataclass(frozen=True)
class Examined:
    """What can be said about a text before it is published."""

    source: Source
    edition: Edition | None
    """None where the text cannot be read as an edition."""
    examples: int
    findings: Sequence[Finding]
    """Errors first stand in the way of publishing; notes do not."""
    running: Edition | None
    """The edition of the service that is in force today; None for a new service."""
    notice: Notice | None
    """What the running edition says about changed terms; None where it says nothing."""

    @property
    def errors(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]


def beside(service: str) -> list[Source]:
    """The texts of the editions of a service that stand already: those of the package and the published ones."""
    return [catalog.source_of(service, each.edition) for each in catalog.editions(service)]


def examine(source: Source, *, now: datetime) -> Examined:
    """Everything that is wrong with a text, and what publishing it at `now` would mean. Nothing is stored."""
    today = now.astimezone(JST).date()
    try:
        service = catalog.read(source).service
    except catalog.CatalogError:
        service = ""
    checked = check(source, beside=beside(service))
    edition = checked.edition
    if edition is None:
        return Examined(source, None, checked.examples, checked.findings, None, None)
    running = running_on(edition.service, today)
    says = notice(running, published=today) if running else None
    findings = [*checked.findings, *_collisions(source, edition), *_too_early(source, edition, running, says, today)]
    return Examined(source, edition, checked.examples, _once(findings), running, says)


def publish(*, source: Source, actor: Actor, now: datetime) -> PublishedEdition:
    """Store an edition for good. Raises Refused with what stands in the way, NotAllowed for who may not publish."""
    if actor.user_id is None or not may(actor, PERMISSION):
        raise NotAllowed(actor.name)
    examined = examine(source, now=now)
    if examined.errors:
        raise Refused(examined.errors)
    edition = examined.edition
    assert edition is not None
    return PublishedEdition.objects.create(
        service=edition.service,
        edition=edition.edition,
        in_force=edition.in_force,
        text=source.text,
        sha256=digest(source.text),
        published_at=now,
        published_by_id=actor.user_id,
    )


def published() -> QuerySet[PublishedEdition]:
    """Every published edition, the latest first; without the text, which is long."""
    return PublishedEdition.objects.select_related("published_by").defer("text").order_by("-published_at", "-id")


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _collisions(source: Source, edition: Edition) -> list[Finding]:
    """Two editions of one name, or for one day, would leave open which of them answers."""
    found = []
    for other in catalog.editions(edition.service):
        whose = f"「{other.name}」の{other.edition}版"
        if other.edition == edition.edition:
            says = f"{whose}は、すでにあります（{other.in_force} から適用）。公表した版は書き換えられません。"
            found.append(_finding(source, "edition", "版", says, "まだ使っていない版の名前を付けてください。"))
        elif other.in_force == edition.in_force:
            says = f"{edition.in_force} は、{whose}の適用開始日です。"
            found.append(_finding(source, "in_force", "適用開始日", says, "別の日を適用開始日にしてください。"))
    return found


def _too_early(
    source: Source, edition: Edition, running: Edition | None, says: Notice | None, today: date
) -> list[Finding]:
    """Running terms are not changed from a day that has passed, nor before the notice that they promise is over."""
    if running is None:
        return []
    earliest = says.earliest if says else today
    if edition.in_force >= earliest:
        return []
    why = f"{says.text}（約款 {says.clause}）" if says else "すでに過ぎた日の答えは変えられません。"
    return [
        _finding(
            source,
            "in_force",
            "適用開始日",
            f"{edition.in_force} からは適用できません。{why}",
            f"適用開始日を {earliest} 以降にしてください。",
        )
    ]


def _finding(source: Source, key: str, where: str, says: str, do: str) -> Finding:
    return Finding("error", source.name, line_of(source.text, (key,)), key, where, says, do)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """One error for each of the three keys that name an edition: the check knows of collisions too."""
    seen: set[str] = set()
    kept = []
    for finding in findings:
        if finding.severity == "error" and finding.key in {"edition", "in_force"}:
            if finding.key in seen:
                continue
            seen.add(finding.key)
        kept.append(finding)
    return sorted(kept, key=lambda each: (each.severity != "error", each.line))
