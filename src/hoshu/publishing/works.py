"""お知らせと資料: what is published to the customers of a service, and who of them read it or took it (VA-PRO-02)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from hoshu import catalog
from hoshu.accounts.tenancy import Actor
from hoshu.catalog.telling import Works
from hoshu.dates import JST
from hoshu.publishing.models import Work, WorkReceipt

READ, DOWNLOADED = WorkReceipt.Kind.READ, WorkReceipt.Kind.DOWNLOADED


class Refused(Exception):
    """Not published: the field, and in Japanese what is wrong and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class NotFound(Exception):
    """No such work."""


@dataclass(frozen=True, order=True)
class Use:
    """What a customer uses: a service, the product under it, and the services under its roof."""

    tenant_id: int
    service: str
    product_code: str = ""
    individual: tuple[str, ...] = ()


def terms_of(service: str, at: datetime) -> Works | None:
    """What the terms in force say about works; None for a service whose terms know none."""
    return catalog.edition_on(service, at.astimezone(JST).date()).works


def publish(
    *,
    service: str,
    title: str,
    version: str,
    right_holder: str,
    text: str,
    file_id: int | None,
    file_name: str = "",
    product_code: str = "",
    individual_service: str = "",
    actor: Actor,
    now: datetime,
) -> Work:
    """Publish a work to the customers of a service. Raises Refused; without a right holder too (RC-IPR-01, 第9条)."""
    terms = terms_of(service, now)
    if terms is None:
        raise Refused("service", "このサービスの約款には、資料の定めがありません。約款に足してから公開してください。")
    for field, given, label in (("title", title, "題名"), ("version", version, "版")):
        if not given.strip():
            raise Refused(field, f"{label}を入力してください。")
    if not right_holder.strip():
        raise Refused(
            "right_holder",
            f"権利者を入力してください。権利者のわからない資料は、お客様に公開できません（約款 {terms.clause}）。",
        )
    if not text.strip() and file_id is None:
        raise Refused("text", "本文を書くか、ファイルを選んでください。")
    return Work.objects.create(
        service=service,
        product_code=product_code,
        individual_service=individual_service,
        title=title.strip(),
        version=version.strip(),
        right_holder=right_holder.strip(),
        notice=terms.notice,
        text=text.strip(),
        file_id=file_id,
        file_name=file_name,
        published_at=now,
        published_by=actor.label,
    )


def withdraw(*, work_id: int, now: datetime) -> None:
    """No customer sees the work any more; its receipts stay."""
    Work.objects.filter(pk=work_id, withdrawn_at=None).update(withdrawn_at=now)


def every() -> QuerySet[Work]:
    """Every work, the newest first; for staff."""
    return Work.objects.order_by("-published_at", "-id")


def get(work_id: int) -> Work:
    """One work, or NotFound."""
    try:
        return Work.objects.get(pk=work_id)
    except Work.DoesNotExist:
        raise NotFound(work_id) from None


def receipts(work: Work) -> QuerySet[WorkReceipt]:
    """Who of the customers in sight read a work or took its file, the latest first."""
    return work.receipts.select_related("tenant").order_by("-at", "-id")


def may_have(work: Work, use: Use) -> bool:
    """Does a work belong to what a customer uses?"""
    return (
        work.withdrawn_at is None
        and work.service == use.service
        and work.product_code in {"", use.product_code}
        and work.individual_service in {"", *use.individual}
    )


def for_uses(uses: Collection[Use]) -> QuerySet[Work]:
    """The works that belong to what is used, the newest first, `is_read` where anybody of those customers read it."""
    wanted = Q(pk__in=[])
    for service in {use.service for use in uses}:
        ours = [use for use in uses if use.service == service]
        wanted |= (
            Q(service=service)
            & Q(product_code__in={"", *(use.product_code for use in ours)})
            & Q(individual_service__in={"", *(code for use in ours for code in use.individual)})
        )
    read = WorkReceipt.objects.filter(work=OuterRef("pk"), tenant_id__in={use.tenant_id for use in uses}, kind=READ)
    found = Work.objects.filter(wanted, withdrawn_at=None).annotate(is_read=Exists(read))
    return found.order_by("-published_at", "-id")


def received(*, work: Work, tenant_ids: Iterable[int], kind: str, actor: Actor, now: datetime) -> None:
    """Somebody read a work or took its file for these customers; one row for each."""
    WorkReceipt.objects.bulk_create(
        WorkReceipt(tenant_id=tenant, work=work, kind=kind, person=actor.label, at=now) for tenant in tenant_ids
    )
