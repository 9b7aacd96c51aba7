"""Organisations: customers (the tenants), resellers, subcontractors; finding them by name, number of a phone, kana."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from hoshu.accounts import Refused
from hoshu.accounts.models import NameEnding, Organisation
from hoshu.japan.names import folded, form_of
from hoshu.japan.phones import digits


def create(*, kind: str, name: str, now: datetime, kana: str = "", phone: str = "") -> Organisation:
    """A new organisation. Raises Refused without a name."""
    if not name.strip():
        raise Refused("name", "名称を入力してください。")
    return Organisation.objects.create(
        kind=kind,
        name=name.strip(),
        kana=kana.strip(),
        phone=phone.strip(),
        search_name=search_name(name, kana),
        created_at=now,
    )


def change(*, organisation_id: int, name: str, kana: str, phone: str) -> Organisation:
    """Correct what is written about an organisation. Raises Refused without a name."""
    if not name.strip():
        raise Refused("name", "名称を入力してください。")
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    organisation.name, organisation.kana, organisation.phone = name.strip(), kana.strip(), phone.strip()
    organisation.search_name = search_name(name, kana)
    organisation.save()
    return organisation


def find_or_create_customer(*, name: str, kana: str, phone: str, now: datetime) -> Organisation:
    """The customer a card speaks of: the one with the same folded name and telephone number, else a new one.

    The name alone is not enough: two firms of one name must never see each other's contracts. Nor are both, where each
    name has a legal form of its own: 医療法人みどり会 and 株式会社みどり会 share an office and a telephone.
    """
    # Two cards of one new customer at the same moment make one customer.
    hold_names([folded(name)])
    alike = customers_called({folded(name)}).get(folded(name), ())
    twin = twin_of(name=name, phone=phone, among=alike)
    return twin or create(kind=Organisation.Kind.CUSTOMER, name=name, kana=kana, phone=phone, now=now)


def find_or_create_customers(wanted: Set[tuple[str, str]], *, now: datetime) -> dict[tuple[str, str], Organisation]:
    """`find_or_create_customer` for many at once, by (name, telephone number), in as many statements as for one."""
    hold_names({folded(name) for name, _ in wanted})
    known = customers_called({folded(name) for name, _ in wanted})
    found, new = {}, []
    for name, phone in sorted(wanted):
        alike = known.setdefault(folded(name), [])
        if (twin := twin_of(name=name, phone=phone, among=alike)) is None:
            twin = _customer({"name": name, "kana": "", "phone": phone}, now)
            alike.append(twin)
            new.append(twin)
        found[name, phone] = twin
    Organisation.objects.bulk_create(new)
    return found


def twin_of(*, name: str, phone: str, among: Iterable[Organisation]) -> Organisation | None:
    """Which of `among`, all of one folded name, is the customer of this name and number (`find_or_create_customer`)?"""
    for organisation in among:
        forms = {form_of(organisation.name), form_of(name)} - {""}
        if digits(organisation.phone) == digits(phone) and len(forms) <= 1:
            return organisation
    return None


def customers_called(names: Set[str]) -> dict[str, list[Organisation]]:
    """The customers whose name, folded, is one of `names`, which are folded too; the oldest first."""
    found: dict[str, list[Organisation]] = {}
    # A whole name is its own longest ending, and of those there is an index.
    ending = NameEnding.objects.filter(ending__among=names).values("organisation_id")
    for organisation in Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER, pk__in=ending).order_by("id"):
        name = organisation.search_name.partition(" ")[0]
        if name in names:
            found.setdefault(name, []).append(organisation)
    return found


def enter_customers(customers: Sequence[Mapping[str, str]], *, now: datetime) -> None:
    """Many customers at once (`name`, `kana`, `phone`), each a new one: ask before who is there (`hold_names`)."""
    Organisation.objects.bulk_create(_customer(customer, now) for customer in customers)


def hold_names(names: Iterable[str]) -> None:
    """Nobody else makes a customer of one of these names, folded, before this transaction ends."""
    with connection.cursor() as cursor:
        # In one order everywhere: two who wait for each other would wait for ever.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(held) FROM (SELECT DISTINCT hashtext('customer ' || name) AS held"
            " FROM unnest(%s::text[]) AS name ORDER BY 1) AS names",
            [list(names)],
        )


def namesakes(organisation: Organisation) -> list[Organisation]:
    """Other customers of the same folded name: perhaps the same firm, which a person has to decide."""
    name = folded(organisation.name)
    return [other for other in customers_called({name}).get(name, ()) if other.pk != organisation.pk]


def search(text: str, *, kind: str = "") -> QuerySet[Organisation]:
    """Organisations in sight whose name or kana holds `text`, whatever its width, case, kana and company form."""
    found = Organisation.objects.order_by(Coalesce(NullIf("kana", Value("")), "name"), "id")
    if kind:
        found = found.filter(kind=kind)
    if needle := folded(text):
        found = found.filter(pk__in=NameEnding.objects.filter(ending__begins=needle).values("organisation_id"))
    return found


def get(organisation_id: int) -> Organisation | None:
    """One organisation, where the actor sees it."""
    return Organisation.objects.filter(pk=organisation_id).first()


def _customer(customer: Mapping[str, str], now: datetime) -> Organisation:
    return Organisation(
        kind=Organisation.Kind.CUSTOMER,
        search_name=search_name(customer["name"], customer["kana"]),
        created_at=now,
        **customer,
    )


def search_name(name: str, kana: str) -> str:
    """What `search` looks in: both folded, with a space between that no folded text holds."""
    return f"{folded(name)} {folded(kana)}"
