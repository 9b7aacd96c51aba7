"""Publishing: the checks before it, and the edition that stands for good after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.accounts.tenancy import Actor
from hoshu.authoring import Checked, Finding, check
from hoshu.catalog import Edition, Source
from hoshu.catalog.locating import line_of
from hoshu.dates import JST
from hoshu.publishing import current
from hoshu.publishing.models import PublishedEdition, digest
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


def examine(source: Source, *, now: datetime) -> Examined:
    """Everything that is wrong with a text, and what publishing it at `now` would mean. Nothing is stored."""
    today = now.astimezone(JST).date()
    checked = inspected(source, today=today)
    edition = checked.edition
    if edition is None:
        return Examined(source, None, checked.examples, checked.findings, None, None)
    running = running_on(edition.service, today)
    says = notice(running, published=today) if running else None
    findings = [*checked.findings, *_otherwise_published(source, edition, today)]
    # The check knows the notice too, but by the day that the text itself may name.
    if not any(finding.key == "in_force" and finding.severity == "error" for finding in findings):
        findings += _too_early(source, edition, running, says, today)
    findings += _lost_plans(source, edition, running, says)
    findings.sort(key=lambda finding: (finding.severity != "error", finding.line))
    return Examined(source, edition, checked.examples, findings, running, says)


def inspected(source: Source, *, today: date, standing: Edition | None = None) -> Checked:
    """The check of a text beside the editions of its service that stand already, were it published today.

    `standing` is the edition itself, where it stands already: it is not compared with its own text.
    """
    try:
        service = catalog.read(source).service
    except catalog.CatalogError:
        service = ""
    others = [each for each in catalog.editions(service) if each is not standing]
    beside = [catalog.source_of(service, each.edition) for each in others]
    return check(source, beside=beside, published=_published_on(standing) if standing else today)


def publish(*, source: Source, actor: Actor, now: datetime) -> PublishedEdition:
    """Store an edition for good. Raises Refused with what stands in the way, NotAllowed for who may not publish."""
    if actor.user_id is None or not may(actor, PERMISSION):
        raise NotAllowed(actor.name)
    current.refresh(at_once=True)
    examined = examine(source, now=now)
    if examined.errors:
        raise Refused(examined.errors)
    edition = examined.edition
    assert edition is not None
    try:
        with transaction.atomic():
            return PublishedEdition.objects.create(
                service=edition.service,
                edition=edition.edition,
                in_force=edition.in_force,
                text=source.text,
                sha256=digest(source.text),
                published_at=now,
                published_by_id=actor.user_id,
            )
    except IntegrityError:
        says = "たった今、ほかの人が、同じ名前か同じ適用開始日の版を公表しました。"
        raise Refused([_finding(source, "edition", "版", says, "版の一覧を確かめてください。")]) from None


def published() -> QuerySet[PublishedEdition]:
    """Every published edition, the latest first; without the text, which is long."""
    return PublishedEdition.objects.select_related("published_by").defer("text").order_by("-published_at", "-id")


def _published_on(standing: Edition) -> date | None:
    """When an edition was published here; None for one of the package."""
    kept = PublishedEdition.objects.filter(service=standing.service, edition=standing.edition)
    moment = kept.values_list("published_at", flat=True).first()
    return moment and moment.astimezone(JST).date()


def _otherwise_published(source: Source, edition: Edition, today: date) -> list[Finding]:
    """The text may name the day of its publication, for an edition that comes as a file; here it is today."""
    if edition.published in (None, today):
        return []
    says = f"本文の公表日は {edition.published} ですが、公表するのは今日です。"
    do = "published の行を消してください。公表した日は、公表のときに記録します。"
    return [_finding(source, "published", "公表日", says, do)]


def _lost_plans(source: Source, edition: Edition, running: Edition | None, says: Notice | None) -> list[Finding]:
    """Agreements that come under the new edition go on under their plan."""
    if running is None or says is None or not says.binds_existing:
        return []
    kept = {plan.id for plan in edition.plan}
    return [
        _finding(
            source,
            "plan",
            "プラン",
            f"続いている契約もこの版に移りますが、プラン「{plan.name}」（{plan.id}）がありません。",
            "このプランを残してください。",
        )
        for plan in running.plan
        if plan.id not in kept
    ]


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
