"""Which customers a reseller or a subcontractor sees, and under which contract a subcontractor works."""

from collections.abc import Set
from datetime import date

from django.db.models import Q

from hoshu.accounts import Refused
from hoshu.accounts.models import DataContract, Grant, Organisation


def grant(*, grantee_id: int, tenant_id: int, valid_from: date, valid_until: date | None = None) -> Grant:
    """Let a reseller or subcontractor see one customer from a day until a day (included). Raises Refused.

    A subcontractor needs a data contract on the first day (IX-PII-02, IX-CONF-05).
    """
    grantee = Organisation.objects.get(pk=grantee_id)
    if grantee.kind == Organisation.Kind.CUSTOMER:
        raise Refused("grantee", "お客様に、ほかのお客様を見せることはできません。")
    if grantee.kind == Organisation.Kind.SUBCONTRACTOR and not contracted(grantee_id, on=valid_from):
        raise Refused(
            "grantee", "この再委託先には、その日に有効な情報保護の契約がありません。先に契約を記録してください。"
        )
    if Organisation.objects.get(pk=tenant_id).kind != Organisation.Kind.CUSTOMER:
        raise Refused("tenant", "お客様を選んでください。")
    if valid_until and valid_until < valid_from:
        raise Refused("valid_until", "終了日は、開始日以後の日付にしてください。")
    overlapping = Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from),
        valid_from__lte=valid_until or date.max,
        grantee_id=grantee_id,
        tenant_id=tenant_id,
    )
    if overlapping.exists():
        raise Refused("tenant", "このお客様は、その期間にすでに公開されています。")
    return Grant.objects.create(
        grantee_id=grantee_id, tenant_id=tenant_id, valid_from=valid_from, valid_until=valid_until
    )


def end_grant(*, grant_id: int, last_day: date) -> None:
    """The grant ends with `last_day`; one that has not begun by then never comes into force."""
    row = Grant.objects.select_for_update().get(pk=grant_id)
    if row.valid_from > last_day:
        row.delete()
    else:
        row.valid_until = last_day
        row.save(update_fields=["valid_until"])


def hand_over(*, from_id: int, to_id: int, on: date) -> None:
    """Who sees one entry of a customer sees the other from today; the first becomes empty (see `flows.joining`)."""
    for row in Grant.objects.select_for_update().filter(tenant_id=from_id):
        runs = row.valid_until is None or row.valid_until >= on
        seen = Grant.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=on), grantee_id=row.grantee_id, tenant_id=to_id
        )
        if runs and not seen.exists():
            grant(grantee_id=row.grantee_id, tenant_id=to_id, valid_from=on, valid_until=row.valid_until)
        row.delete()


def record_contract(
    *,
    organisation_id: int,
    reference: str,
    scope: str,
    valid_from: date,
    valid_until: date,
    tier: int = 1,
    parent_id: int | None = None,
) -> DataContract:
    """第4章 7. / 8.(3): record the contract that binds a subcontractor to protect data. Raises Refused.

    From the second tier on, the company one tier above is named (IX-SUB-01), itself under contract on the first day.
    """
    if Organisation.objects.get(pk=organisation_id).kind != Organisation.Kind.SUBCONTRACTOR:
        raise Refused("organisation", "再委託先を選んでください。")
    if valid_until < valid_from:
        raise Refused("valid_until", "終了日は、開始日以後の日付にしてください。")
    overlapping = DataContract.objects.filter(
        organisation_id=organisation_id,
        tier=tier,
        scope=scope.strip(),
        valid_from__lte=valid_until,
        valid_until__gte=valid_from,
    )
    if overlapping.exists():
        # RC-GEN-02: the row that is there stays.
        raise Refused("valid_from", "この会社には、同じ範囲で期間の重なる契約があります。期間を確かめてください。")
    if tier == 1 and parent_id is not None:
        raise Refused("parent", "一次の再委託先には、上位の再委託先がありません。次数を確認してください。")
    if tier > 1:
        if parent_id is None:
            raise Refused("parent", "二次以降の再委託先には、上位の再委託先を選んでください。")
        above = DataContract.objects.filter(
            organisation_id=parent_id, tier=tier - 1, valid_from__lte=valid_from, valid_until__gte=valid_from
        )
        if parent_id == organisation_id or not above.exists():
            raise Refused("parent", f"上位の再委託先に、その日に有効な{tier - 1}次の契約がありません。")
    return DataContract.objects.create(
        organisation_id=organisation_id,
        reference=reference.strip(),
        scope=scope.strip(),
        tier=tier,
        parent_id=parent_id,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def contracted(organisation_id: int, *, on: date) -> bool:
    """Is this subcontractor bound by a data contract on this day (IX-PII-02)? No case goes to it otherwise."""
    return DataContract.objects.filter(
        organisation_id=organisation_id, valid_from__lte=on, valid_until__gte=on
    ).exists()


def grants_to(grantee_id: int) -> list[Grant]:
    """What an organisation was allowed to see, newest first."""
    return list(Grant.objects.select_related("tenant").filter(grantee_id=grantee_id).order_by("-valid_from", "-id"))


def sellers_of(tenant_id: int, *, on: date) -> list[Organisation]:
    """The sellers who see a customer on a day, by name: through whom it may apply (MM-SUP-03)."""
    found = Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        tenant_id=tenant_id,
        valid_from__lte=on,
        grantee__kind=Organisation.Kind.RESELLER,
    )
    return list(Organisation.objects.filter(pk__in=found.values("grantee_id")).order_by("name", "id"))


def sold_by(grantee_ids: Set[int], *, on: date) -> set[tuple[int, int]]:
    """Whom these sellers see on a day: (seller, customer)."""
    found = Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), grantee_id__in=grantee_ids, valid_from__lte=on
    )
    return set(found.values_list("grantee_id", "tenant_id"))


def grants_on(tenant_id: int) -> list[Grant]:
    """Who was allowed to see a customer, newest first."""
    return list(Grant.objects.select_related("grantee").filter(tenant_id=tenant_id).order_by("-valid_from", "-id"))


def contracts_of(organisation_id: int) -> list[DataContract]:
    """A subcontractor's data contracts, newest first."""
    contracts = DataContract.objects.select_related("parent").filter(organisation_id=organisation_id)
    return list(contracts.order_by("-valid_from", "-id"))
