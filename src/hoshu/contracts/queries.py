"""Reading what is sold, applied for and agreed. Row-level security narrows every query to the actor's sight."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.tenancy import as_system, current
from hoshu.contracts import consents, endings, serials
from hoshu.contracts.form import PAYMENT, entry_of, field_of
from hoshu.contracts.models import (
    Agreement,
    Application,
    ApplicationFile,
    ChangeRequest,
    Consent,
    Consignment,
    CustomerNote,
    DeviceSerial,
    EditionConsent,
    Ending,
    ExtensionKit,
    Inquiry,
    Investigation,
    LentUnit,
    Licence,
    Option,
    ParkedEntries,
    Party,
    Product,
    Refusal,
    Revision,
    Shipment,
    Side,
    SupportId,
)
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.decisions.models import Decision
from hoshu.japan.names import folded

_Sold = TypeVar("_Sold", Application, Agreement)

State = Application.State
OPEN_STATES = (State.RECEIVED, State.CHECKING, State.ASKING)
"""What the registration centre decides about."""
WAITING_STATES = (State.SUBMITTED, *OPEN_STATES)
"""What somebody has to act on, the seller or the provider."""
WITH_APPLICANT = (State.DRAFT, State.RETURNED)
OPEN_CHANGES = (ChangeRequest.State.SUBMITTED, ChangeRequest.State.CHECKING)
"""What the desk decides about a change."""
CHANGES_WITH_CUSTOMER = (ChangeRequest.State.DRAFT, ChangeRequest.State.RETURNED)
MANY = 500
"""Units or companies that one search looks through; whoever finds more types another letter."""
ROWS_AT_ONCE = 5_000
"""Agreements that are fetched from the server at a time when all are read."""
DATES_OF_MODEL = ("end_of_sale", "support_limit", "kit_sales_stopped", "production_ended", "parts_until")
"""What the operator fixes of a model later; facts of coverage where the terms take them."""
ENDS_SOON = timedelta(days=92)
"""An ending is pointed out from about the day on which an extension can be bought (第1章 3.)."""
ENDING_SIDES = Side.choices
INVESTIGATION_OUTCOMES = Investigation.Outcome.choices
UNIT_STATES = LentUnit.State.choices
"""Each with its Japanese word, for forms."""
RUNNING = consents.RUNNING
DECLARED, SHIPPED = Agreement.Basis.DECLARED, Agreement.Basis.SHIPPED
WARN_DAYS = (20, 27)
"""IX-REG-05 (ours): days after receipt on which an unanswered application is pointed out again."""


@dataclass(frozen=True)
class Due:
    """One thing the registration centre has to do, for the list of today."""

    about: str
    text: str
    due: date | None
    state: str
    late: bool
    is_agreement: bool = False
    """What `about` numbers: an agreement, else an application."""


def of_the_seller(found: QuerySet[_Sold]) -> QuerySet[_Sold]:
    """Of the customers it sees, a seller reads what came through itself or through nobody (MM-DOC-08, MM-FLW-06).

    What a customer does through another seller is that seller's business.
    """
    actor = current()
    if not actor.is_seller or actor.sees_all:
        return found
    return found.filter(Q(reseller=None) | Q(reseller_id=actor.organisation_id))


def applications() -> QuerySet[Application]:
    """Applications in sight."""
    return of_the_seller(Application.objects.select_related("tenant"))


def open_applications(*, state: str = "", due_by: date | None = None) -> QuerySet[Application]:
    """The clerk's list: what waits for an answer, the most urgent first."""
    found = applications().filter(state__in=[state] if state in WAITING_STATES else WAITING_STATES)
    if due_by:
        found = found.filter(answer_by__lte=due_by)
    return found.select_related("licence").order_by(F("answer_by").asc(nulls_last=True), "id")


def drafts() -> QuerySet[Application]:
    """Forms begun on the web and not sent yet, or sent back to be corrected, the newest first."""
    return applications().filter(state__in=WITH_APPLICANT).order_by("-id")


def all_applications(*, state: str = "", text: str = "") -> QuerySet[Application]:
    """Every application that was sent, the newest first; `text` finds by application or card number."""
    found = applications().exclude(state=State.DRAFT).select_related("licence").order_by("-id")
    if state:
        found = found.filter(state=state)
    if number := serials.normalise(text):
        card = Licence.objects.filter(card_serial=number).values_list("pk", flat=True)
        own = Q(receipt=number) | Q(number=number) | Q(licence_id__in=[*card])
        found = found.filter(own | Q(tenant_id__in=companies_named(text)))
    return found


def under_way() -> QuerySet[Application]:
    """Applications for which somebody has to do something yet, also after the acceptance until the machine is set up.

    The newest first (MM-FLW-06: "what is to be done next, for which customer?").
    """
    with_milestones = [edition.service for edition in catalog.every_edition() if _is_set_up(edition)]
    on_the_way = Q(
        state=State.COMPLETED,
        service__in=with_milestones,
        agreement__initial_set_at=None,
        agreement__state__in=consents.RUNNING,
    )
    found = applications().filter(Q(state__in=(*WITH_APPLICANT, *WAITING_STATES)) | on_the_way)
    return found.select_related("created_by").order_by("-id")


def _is_set_up(edition: catalog.Edition) -> bool:
    return edition.application is not None and any(one.at == "set_up" for one in edition.application.milestone)


def found_applications(*, text: str = "", states: Collection[str] = ()) -> QuerySet[Application]:
    """Applications in sight, drafts too, the newest first; by number, by card, by the customer's name, by state."""
    found = applications().select_related("created_by").order_by("-id")
    if states:
        found = found.filter(state__in=states)
    if number := serials.normalise(text):
        own = Q(receipt=number) | Q(number=number) | Q(licence__card_serial=number)
        found = found.filter(own | Q(tenant_id__in=companies_named(text)))
    return found


def customers(*, on: date, text: str = "", stage: str = "") -> QuerySet[Any]:
    """Customers in sight with what a seller asks of each: how many agreements run, what ends next, what is under way.

    `text` is a name, or a number of an application, an agreement or a machine; `stage` is `applying`, `running`,
    `ending` or `none`. By kana.
    """
    running = of_the_seller(Agreement.objects.filter(runs_on(on), state__in=consents.RUNNING))
    open_ones = of_the_seller(Application.objects.filter(state__in=(*WITH_APPLICANT, *WAITING_STATES)))
    found = organisations.search("", kind="customer").annotate(
        running=_count(running), applying=_count(open_ones), ends_next=_first_end(running)
    )
    if text:
        named = agreements(text=text).values("tenant_id"), found_applications(text=text).values("tenant_id")
        found = found.filter(
            Q(pk__in=companies_named(text)) | Q(pk__in=named[0].order_by()) | Q(pk__in=named[1].order_by())
        )
    match stage:
        case "applying":
            return found.filter(applying__gt=0)
        case "running":
            return found.filter(running__gt=0)
        case "ending":
            return found.filter(ends_next__lte=on + ENDS_SOON)
        case "none":
            return found.filter(running=0, applying=0)
        case _:
            return found


def _count(rows: QuerySet[Any]) -> Any:
    """How many of `rows` each organisation has."""
    counted = rows.filter(tenant=OuterRef("pk")).order_by().values("tenant").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def _first_end(rows: QuerySet[Any]) -> Any:
    return Subquery(rows.filter(tenant=OuterRef("pk"), ends_on__isnull=False).order_by("ends_on").values("ends_on")[:1])


def sent_together(application: Application) -> list[Application]:
    """The applications of one form, one for each machine, in their order."""
    return list(applications().filter(receipt=application.receipt).order_by("id"))


def history_of(application: Application) -> Mapping[str, QuerySet]:
    """What happened to an application and what belongs to it, in order."""
    return {
        "events": application.events.order_by("id"),
        "inquiries": application.inquiries.select_related("message").order_by("id"),
        "files": application.files.select_related("file").order_by("id"),
        "consents": application.consents.order_by("id"),
        "refusals": application.refusals.select_related("proposed_by", "approved_by", "notice").order_by("id"),
    }


def payment_stands(application: Application) -> bool:
    """Is there a payment, confirmed or to follow, that a seller might have to cancel before the machine leaves?"""
    terms = catalog.edition(application.service, application.edition)
    if entry_of(application.entries, terms, PAYMENT) not in ("confirmed", "deferred"):
        return False
    shipped = Consignment.objects.filter(agreement__application=application, shipped_at__isnull=False)
    return application.state in (*WAITING_STATES, State.COMPLETED) and not shipped.exists()


def came_with_application(file_id: int) -> bool:
    """Is this a document of an application in sight, not a backup, log or photo handed over for a fault?"""
    return ApplicationFile.objects.filter(file_id=file_id, application__in=applications()).exists()


def parked(*, application_id: int, user_id: int | None) -> ParkedEntries | None:
    """What this person typed while somebody else saved."""
    return ParkedEntries.objects.filter(application_id=application_id, user_id=user_id).first()


def parked_among(*, application_ids: Iterable[int], user_id: int | None) -> set[int]:
    """For which of these applications this person has such a text."""
    found = ParkedEntries.objects.filter(application__in=list(application_ids), user_id=user_id)
    return set(found.values_list("application_id", flat=True))


def file_of(*, number: str, attached_id: int) -> ApplicationFile:
    """A file of one application. Raises ApplicationFile.DoesNotExist."""
    return ApplicationFile.objects.select_related("file").get(pk=attached_id, application__number=number)


def inquiry_of(*, number: str, inquiry_id: int) -> Inquiry:
    """An inquiry of one application. Raises Inquiry.DoesNotExist."""
    return Inquiry.objects.get(pk=inquiry_id, application__number=number)


def refusal_of(*, number: str) -> Refusal:
    """The refusal of one application that is not withdrawn. Raises Refusal.DoesNotExist."""
    return Refusal.objects.get(application__number=number, withdrawn_at=None)


def consents_of(application: Application) -> QuerySet[Consent]:
    """What was confirmed with an application."""
    return application.consents.order_by("id")


def licence_of_card(written: str) -> Licence | None:
    """The licence whose シリアル No. this is. Customers do not see the stock, but the card in their hand."""
    number = serials.normalise(written)
    if not number:
        return None
    with as_system("the licence of a card"):
        return Licence.objects.filter(card_serial=number).first()


def licences_of_cards(numbers: Set[str]) -> dict[str, Licence]:
    """The licences with these シリアル No., normalised."""
    return {kept.card_serial: kept for kept in Licence.objects.filter(card_serial__among=numbers)}


class Card(NamedTuple):
    """A licence in stock as its card is printed, for many at once."""

    id: int
    service: str
    plan: str
    card_deadline: date | None
    registers_options: bool
    state: str

    @property
    def printed(self) -> tuple[str, date | None, bool]:
        return self.plan, self.card_deadline, self.registers_options


def stock_of_cards(numbers: Set[str]) -> dict[str, Card]:
    """The same, without what nobody asks of thousands."""
    kept = Licence.objects.filter(card_serial__among=numbers).values_list("card_serial", *Card._fields)
    return {card_serial: Card(*printed) for card_serial, *printed in kept}


def products_of_codes(codes: Set[str]) -> dict[str, Product]:
    """The models with these 品名コード."""
    return {kept.code: kept for kept in Product.objects.filter(code__among=codes)} if codes else {}


def models_called(written: Set[tuple[str, str]]) -> dict[tuple[str, str], Product]:
    """The models of services that people call so, by (service, what is written), however it is typed.

    A 品名コード comes before a 型番, and that before a name.
    """
    services = {service for service, _ in written}
    kept = list(Product.objects.filter(service__among=services).order_by("id")) if written else []
    named: dict[tuple[str, str], Product] = {}
    for field in ("code", "model_code", "name"):
        for product in kept:
            if called := serials.normalise(getattr(product, field)):
                named.setdefault((product.service, called), product)
    wanted = {(service, text): (service, serials.normalise(text)) for service, text in written}
    return {asked: named[called] for asked, called in wanted.items() if called in named}


def bodies_with(numbers: Set[str]) -> dict[str, list[DeviceSerial]]:
    """Which machines bear or bore these 製造番号, whoever has them; the present bearer first."""
    found: dict[str, list[DeviceSerial]] = {}
    with as_system("who has these bodies"):
        kept = DeviceSerial.objects.select_related("device").filter(serial__among=numbers)
        for body in kept.order_by(F("valid_until").desc(nulls_first=True), "id"):
            found.setdefault(body.serial, []).append(body)
    return found


def agreements_of_devices(device_ids: Set[int]) -> dict[int, list[Agreement]]:
    """The agreements in sight about these machines, the oldest first."""
    found: dict[int, list[Agreement]] = {}
    for kept in Agreement.objects.select_related("licence").filter(device_id__in=device_ids).order_by("id"):
        assert kept.device_id is not None
        found.setdefault(kept.device_id, []).append(kept)
    return found


def applied_for_with(numbers: Set[str]) -> dict[str, str]:
    """Which licences somebody is being asked to register: シリアル No. → the number of the application."""
    waiting = Application.objects.filter(state__in=WAITING_STATES, licence__card_serial__among=numbers)
    return dict(waiting.values_list("licence__card_serial", "number"))


def open_with(licence_ids: Set[int]) -> dict[int, list[Application]]:
    """The applications in sight about these licences that somebody has to act on, the most urgent first."""
    found: dict[int, list[Application]] = {}
    for kept in open_applications().filter(licence_id__in=licence_ids) if licence_ids else ():
        assert kept.licence_id is not None
        found.setdefault(kept.licence_id, []).append(kept)
    return found


def arrived_with(numbers: Set[str]) -> dict[str, list[Application]]:
    """The applications in sight, but for drafts, with these シリアル No., normalised; the newest first."""
    found: dict[str, list[Application]] = {}
    sent = applications().exclude(state=State.DRAFT).select_related("licence").order_by("-id")
    for kept in sent.filter(licence__card_serial__among=numbers) if numbers else ():
        assert kept.licence is not None
        found.setdefault(kept.licence.card_serial, []).append(kept)
    return found


def from_tables(keys: Set[str]) -> dict[str, list[Application]]:
    """The applications that came in by rows of tables with these keys (`Application.table_key`), the newest first."""
    found: dict[str, list[Application]] = {}
    for kept in Application.objects.filter(table_key__among=keys).order_by("-id"):
        found.setdefault(kept.table_key, []).append(kept)
    return found


def agreements_numbered(numbers: Set[str]) -> dict[str, Agreement]:
    """The agreements in sight with these numbers."""
    return {kept.number: kept for kept in Agreement.objects.filter(number__among=numbers)} if numbers else {}


def agreements_with(licence_ids: Set[int]) -> dict[int, Agreement]:
    """The agreements in sight that used these licences."""
    kept = agreements().filter(licence_id__in=licence_ids).order_by("id") if licence_ids else ()
    return {agreement.licence_id: agreement for agreement in kept}


def device_numbers_given(numbers: Set[str]) -> dict[str, str]:
    """機器管理番号 → the number of the agreement that has it."""
    return dict(Agreement.objects.filter(device_number__among=numbers).values_list("device_number", "number"))


def support_ids(codes: Set[str]) -> dict[str, SupportId]:
    """The サポートID that are called so."""
    return {kept.code: kept for kept in SupportId.objects.filter(code__among=codes)}


def support_ids_of(tenant_ids: Set[int]) -> dict[int, SupportId]:
    """With which number each of these customers asks for support, where it has one that is not blocked."""
    kept = SupportId.objects.filter(tenant_id__in=tenant_ids, blocked_at=None).order_by("-id")
    return {held.tenant_id: held for held in kept}


def lent_units(numbers: Set[str]) -> dict[str, LentUnit]:
    """The machines of the provider with these 製造番号."""
    return {kept.serial: kept for kept in LentUnit.objects.filter(serial__among=numbers)}


def shipments_of_serials(numbers: Set[str]) -> dict[tuple[int, str], date]:
    """When which unit with one of these 製造番号, normalised, left the factory: (model, serial) → day."""
    kept = Shipment.objects.filter(serial__among=numbers).values_list("product_id", "serial", "shipped_on")
    return {(product_id, serial): day for product_id, serial, day in kept}


def products(*, service: str = "") -> QuerySet[Product]:
    """Models, by name."""
    found = Product.objects.order_by("name")
    return found.filter(service=service) if service else found


def number_name(agreement: Agreement) -> str:
    """What the service calls the number of its agreements: サービス手配番号, 契約番号 …"""
    terms = catalog.edition(agreement.service, agreement.edition).application
    return terms.number_name if terms else "契約番号"


def dates_read(edition: catalog.Edition) -> tuple[str, ...]:
    """The days of a model that an edition takes into account: for each, somebody has to be able to enter it."""
    taken = {
        name for topic in (edition.coverage, edition.extension) if topic for name in (*topic.required, *topic.optional)
    }
    return tuple(name for name in DATES_OF_MODEL if name in taken)


def name_of_date(name: str) -> str:
    """What one of DATES_OF_MODEL is called."""
    return str(Product._meta.get_field(name).verbose_name).replace("(", "（").replace(")", "）")


def runs_on(day: date) -> Q:
    """The agreements whose period has not ended before a day; one without a term runs on until somebody ends it."""
    return Q(ends_on__gte=day) | (Q(ends_on=None) & ~Q(state__in=endings.ENDED))


def runs_at(moment: datetime) -> Q:
    """The agreements whose period has not ended by a moment: one that ends within a day is over from then on."""
    return runs_on(moment.astimezone(JST).date()) & (Q(ended_at=None) | Q(ended_at__gt=moment))


def services_held(among: Collection[str]) -> set[str]:
    """Of these services, those under which the customers in sight have an agreement, running or over."""
    held = of_the_seller(Agreement.objects.filter(service__in=among)).order_by()
    return set(held.values_list("service", flat=True).distinct())


def in_use(*, at: datetime) -> set[tuple[int, str, str, tuple[str, ...]]]:
    """What the customers in sight use at a moment: (customer, service, product code, services under its roof).

    One entry however many machines there are.
    """
    today = at.astimezone(JST).date()
    roofed = {
        service: field.name
        for service in catalog.services()
        if catalog.editions(service)[-1].individual_service
        and (field := field_of(catalog.editions(service)[-1], "services"))
    }
    used = of_the_seller(Agreement.objects.filter(runs_at(at), starts_on__lte=today))
    plain = used.exclude(service__in=roofed).order_by()
    found = {
        (tenant, service, code or "", ())
        for tenant, service, code in plain.values_list("tenant_id", "service", "device__product__code").distinct()
    }
    latest = Revision.objects.filter(agreement=OuterRef("pk"), effective_on__lte=today)
    content = latest.order_by("-effective_on", "-number").values("content")[:1]
    rows = used.filter(service__in=roofed).annotate(content=Subquery(content))
    for tenant, service, code, entries in rows.values_list(
        "tenant_id", "service", "device__product__code", "content"
    ).order_by():
        found.add((tenant, service, code or "", tuple(sorted((entries or {}).get(roofed[service], ())))))
    return found


def options_of(product: Product | None, service: str) -> dict[str, str]:
    """IX-GEN-06: the supported options of a model, or of the service while the model is unknown: code → name."""
    found = Option.objects.filter(products=product) if product else Option.objects.filter(products__service=service)
    return dict(found.order_by("code").values_list("code", "name").distinct())


def units_shipped(numbers: Set[str]) -> dict[str, tuple[tuple[int, date], ...]]:
    """When, and as which model, every unit with one of these numbers left the factory: number → (model, day), …"""
    found: dict[str, tuple[tuple[int, date], ...]] = {}
    for (product_id, serial), day in sorted(shipments_of_serials(numbers).items()):
        found[serial] = (*found.get(serial, ()), (product_id, day))
    return found


def shipped_units(numbers: Set[str]) -> dict[str, list[Shipment]]:
    """Every unit with one of these numbers that left the factory; two models may share a number."""
    found: dict[str, list[Shipment]] = {}
    with as_system("when a unit left the factory"):
        for kept in Shipment.objects.select_related("product").filter(serial__among=numbers).order_by("id"):
            found.setdefault(kept.serial, []).append(kept)
    return found


def agreements(*, text: str = "", ends_by: date | None = None) -> QuerySet[Agreement]:
    """Agreements in sight with their device and customer, the newest first."""
    with_them = Agreement.objects.select_related("tenant", "device", "device__product", "belongs_to")
    found = of_the_seller(with_them.order_by("-id"))
    if number := serials.normalise(text):
        meant = Q(number=number) | Q(device_id__in=bearers_of(number)) | Q(tenant_id__in=companies_named(text))
        found = found.filter(meant)
    return found.filter(ends_on__lte=ends_by).order_by("ends_on", "id") if ends_by else found


def with_cover() -> QuerySet[Agreement]:
    """Agreements in sight with all that is asked anew of their period: answer, model, editions."""
    return agreements().select_related("coverage").prefetch_related("edition_consents")


def book(*, on: date, service: str = "") -> Iterator[dict[str, Any]]:
    """Agreements in sight, all or of a service, as rows of a portfolio, read as they are asked for; the oldest first.

    The edition is the one each is under on a day. The facts are those it was accepted on, but for the dates of its
    model, which the operator fixes later (IX-COV-05).
    """
    found = Agreement.objects.filter(service=service) if service else Agreement.objects.all()
    consented = EditionConsent.objects.filter(agreement=OuterRef("pk"), accepted_on__lte=on)
    latest = consented.order_by("-accepted_on", "-id").values("edition")[:1]
    rows = (
        found.annotate(under=Coalesce(Subquery(latest), F("edition")))
        .order_by("id")
        .values(
            "number",
            "tenant__name",
            "state",
            "service",
            "under",
            "plan",
            "device__serial",
            *(f"device__product__{name}" for name in DATES_OF_MODEL),
            "coverage__question__facts",
        )
    )
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        terms = catalog.edition(row["service"], row["under"]).coverage
        assert terms is not None
        asked = (*terms.required, *terms.optional, "kit_sales_stopped")
        of_model = {name: row[f"device__product__{name}"] for name in DATES_OF_MODEL if name in asked}
        yield {
            "サービス手配番号": row["number"],
            "お客様": row["tenant__name"],
            "状態": Agreement.State(row["state"]).label,
            "service": row["service"],
            "plan": row["plan"],
            "edition": row["under"],
            "serial": row["device__serial"],
            **row["coverage__question__facts"],
            **{name: day and day.isoformat() for name, day in of_model.items()},
        }


def bearers_of(number: str) -> list[int]:
    """Devices that bear or bore a 製造番号 that begins with `number`, as it is kept.

    Looked up before the rows that belong to them: conditions on joined tables, joined by OR, would read every row.
    """
    return list(DeviceSerial.objects.filter(serial__begins=number).values_list("device_id", flat=True)[:MANY])


def companies_named(text: str) -> list[int]:
    """Organisations whose name or kana holds `text`, however it is typed; a bare 株式会社 names nobody."""
    if not folded(text):
        return []
    return list(organisations.search(text).order_by().values_list("id", flat=True)[:MANY])


def revisions_of(agreement: Agreement) -> QuerySet[Revision]:
    """The revisions with their parties, the latest first."""
    parties = Prefetch("parties", Party.objects.order_by("id"))
    return agreement.revisions.select_related("notice").prefetch_related(parties).order_by("-number")


def revision_on(agreement: Agreement, day: date) -> Revision:
    """The revision in force on a day: of those that have begun the last; before the first day, the first.

    A change that lies ahead shows nowhere before its day.
    """
    return in_force(list(revisions_of(agreement).order_by("-effective_on", "-number")), day)


def in_force(revisions: Sequence[Revision], day: date) -> Revision:
    """Of the revisions of one agreement, those of the latest day first, the one in force on a day."""
    return next((one for one in revisions if one.effective_on <= day), revisions[-1])


def revisions_of_each(agreement_ids: Iterable[int]) -> dict[int, list[Revision]]:
    """The revisions of several agreements with their parties, those of the latest day first, by agreement."""
    found: dict[int, list[Revision]] = {}
    rows = Revision.objects.filter(agreement__in=list(agreement_ids)).order_by("-effective_on", "-number")
    for one in rows.prefetch_related(Prefetch("parties", Party.objects.order_by("id"))):
        found.setdefault(one.agreement_id, []).append(one)
    return found


def contact_of(agreement: Agreement, day: date) -> Party:
    """Whom to write to on a day: the contact of the revision in force."""
    return next(one for one in revision_on(agreement, day).parties.all() if one.kind == Party.Kind.CONTACT)


def runs_it(agreement: Agreement) -> Party | None:
    """Whom a mail about the running of a service goes to: its administrator, else the contact; perhaps no address."""
    return run_by([agreement.pk]).get(agreement.pk)


def run_by(agreement_ids: Iterable[int]) -> dict[int, Party]:
    """`runs_it` of several, by agreement; those that name nobody are left out."""
    found = {}
    for agreement_id, revisions in revisions_of_each(agreement_ids).items():
        latest = max(revisions, key=lambda one: one.number)
        parties = {party.kind: party for party in latest.parties.all()}
        kinds = (Party.Kind.ADMINISTRATOR, Party.Kind.CONTACT)
        party = next((parties[kind] for kind in kinds if kind in parties), None)
        if party is not None:
            found[agreement_id] = party
    return found


def over_for(*, tenant_id: int, on: date) -> Agreement | None:
    """The agreement of a customer that ended last before a day, where none is left that runs or is applied for."""
    own = Agreement.objects.filter(tenant_id=tenant_id)
    pending = Application.objects.filter(tenant_id=tenant_id, state__in=(*WITH_APPLICANT, *WAITING_STATES))
    if own.filter(runs_on(on)).exists() or pending.exists():
        return None
    return own.order_by(F("ends_on").desc(nulls_last=True), "-id").first()


def change_requests(*, state: str = "", text: str = "") -> QuerySet[ChangeRequest]:
    """Change requests in sight that were sent or are being typed, the newest first."""
    found = ChangeRequest.objects.select_related("tenant", "agreement__device__product").order_by("-id")
    if state:
        found = found.filter(state=state)
    if number := serials.normalise(text):
        own = Q(number=number) | Q(receipt=number) | Q(agreement__number=number)
        found = found.filter(own | Q(tenant_id__in=companies_named(text)))
    return found


def passed_on(agreement: Agreement) -> list[ChangeRequest]:
    """The changes of customer by which an agreement came or went, in order (IX-ASG-01).

    `change_became` finds the one by which it came, the requests of an agreement the other.
    """
    found = ChangeRequest.objects.exclude(became="").filter(Q(agreement=agreement) | Q(became=agreement.number))
    return list(found.select_related("agreement").order_by("id"))


def changes_sent_with(request: ChangeRequest) -> QuerySet[ChangeRequest]:
    """The other requests of the same form, in their order (IX-CHGF-04)."""
    if not request.receipt:
        return ChangeRequest.objects.none()
    return change_requests().filter(receipt=request.receipt).exclude(pk=request.pk).order_by("id")


def open_changes_of(agreement_ids: Iterable[int]) -> QuerySet[ChangeRequest]:
    """What is asked for and not decided: until it is applied, the registered content counts (MM-CND-30, IX-CHG-09)."""
    return ChangeRequest.objects.filter(agreement__in=list(agreement_ids), state__in=OPEN_CHANGES).order_by("id")


def changes_to_carry_over(day: date) -> QuerySet[ChangeRequest]:
    """Applied changes that are in force on a day and that the customer's own name has not followed yet."""
    found = ChangeRequest.objects.filter(state=ChangeRequest.State.APPLIED, carried_over_at=None)
    parties = ("based_on__parties", "revision__parties")
    return found.filter(revision__effective_on__lte=day).prefetch_related(*parties).order_by("id")


def kits(*, state: str = "") -> QuerySet[ExtensionKit]:
    """Orders of extension kits in sight, the newest first."""
    found = ExtensionKit.objects.select_related("tenant", "agreement__device__product").order_by("-id")
    return found.filter(state=state) if state else found


def decisions_about(*references: str) -> QuerySet[Decision]:
    """The answers acted on for an application or an agreement, the latest first."""
    return Decision.objects.filter(about__in=references).order_by("-id")


def undelivered_notices() -> list[Agreement]:
    """OR-28: agreements that count as accepted although their completion notice did not arrive."""
    lost = Revision.objects.filter(number=1, notice__state__in=["bounced", "failed"]).values("agreement_id")
    return list(Agreement.objects.filter(pk__in=lost, state=Agreement.State.ACTIVE))


def parcels(*, state: str = "") -> QuerySet[Consignment]:
    """What leaves the house, the oldest first: `open` to be sent, `moving`, `back` undelivered, `arrived`."""
    found = Consignment.objects.select_related("tenant", "agreement", "unit").order_by("ordered_at", "id")
    return found.filter(**_PARCELS[state]) if state else found


def parcel_state(parcel: Consignment) -> str:
    """Where a parcel is, as `parcels` takes it."""
    if parcel.returned_at is not None:
        return "back"
    if parcel.arrived_at is not None:
        return "arrived"
    return "moving" if parcel.shipped_at is not None else "open"


_PARCELS: dict[str, dict[str, Any]] = {
    "open": {"shipped_at": None},
    "moving": {"shipped_at__isnull": False, "arrived_at": None, "returned_at": None},
    "back": {"returned_at__isnull": False},
    "arrived": {"arrived_at__isnull": False},
}


def products_lent() -> QuerySet[Product]:
    """The models of the services that lend a machine."""
    services = {
        edition.service
        for edition in catalog.every_edition()
        if edition.application is not None and edition.application.unit == "lent"
    }
    return Product.objects.filter(service__in=services).order_by("name", "id")


def ending(ending_id: int) -> Ending:
    """One ending with its agreement. Raises Ending.DoesNotExist."""
    return _endings().get(pk=ending_id)


def endings_of(agreement: Agreement) -> QuerySet[Ending]:
    """What was proposed, decided and withdrawn about the end of an agreement, the latest first."""
    return _endings().filter(agreement=agreement).order_by("-id")


def endings_due(*, now: datetime) -> list[Ending]:
    """Endings that are decided and whose moment has come."""
    due = _endings().filter(settled_at__isnull=False, withdrawn_at=None, carried_out_at=None, effective_at__lte=now)
    return list(due.order_by("effective_at", "id"))


def endings_on(*, last_day: date) -> list[Ending]:
    """Decided endings of whole agreements whose last day is this one."""
    decided = _endings().filter(settled_at__isnull=False, withdrawn_at=None, carried_out_at=None, part="")
    return list(decided.filter(measure=Ending.Measure.END, last_day=last_day).order_by("id"))


def endings_proposed() -> list[Ending]:
    """What waits for a second person, the oldest first."""
    return list(_endings().filter(settled_at=None, withdrawn_at=None).order_by("proposed_at", "id"))


def _endings() -> QuerySet[Ending]:
    joined = (
        *("agreement", "agreement__tenant", "decision", "demand", "proposed_by", "approved_by", "notice"),
        "follows__agreement",
    )
    return Ending.objects.select_related(*joined)


def bases() -> dict[str, str]:
    """What the day of a purchase may rest on: code → 領収書, 納品書 …"""
    return dict(Agreement.Basis.choices)


def basis_label(basis: str) -> str:
    """領収書, 納品書, その他の書類 or 出荷日."""
    return Agreement.Basis(basis).label


def earliest_safe_change(agreement: Agreement, today: date) -> date | None:
    """第4章 1.(4): the first day on which a change requested today is sure to be in force (IX-GEN-09), if any."""
    edition = consents.edition_of(agreement, on=today)
    question = {"ask": "change", "service": agreement.service, "edition": edition, "plan": agreement.plan}
    terms = catalog.edition(agreement.service, edition).change
    possible = [one.kind for one in terms.kind if one.allowed] if terms else []
    if terms is None or terms.notice is None or not possible:
        return None
    kind = "options" if "options" in possible else possible[0]
    facts = {"kind": kind, "requested": today.isoformat(), "effective": today.isoformat()}
    facts = {name: value for name, value in facts.items() if name in (*terms.required, *terms.optional)}
    safe = record.ask({**question, "facts": facts}).values["earliest_safe"]
    return date.fromisoformat(safe) if safe else None


def memo_of(agreement: Agreement) -> str:
    """お客様メモ (IX-DOC-03): only its own customer gets to read it."""
    note = CustomerNote.objects.filter(agreement=agreement).first()
    return note.text if note else ""


def due(*, now: datetime) -> list[Due]:
    """IX-REG-05, IX-REG-03: what the registration centre must do today, the latest first.

    Open applications near their last day (and late ones, which are pointed out daily: OR-29), and completed ones whose
    notice did not arrive.
    """
    today = now.date()
    warn_from = now - timedelta(days=WARN_DAYS[0])
    urgent = open_applications().filter(Q(received_at__lte=warn_from) | Q(answer_by__lt=today))
    tasks = [_due(application, today) for application in urgent]
    unnotified = agreements().filter(state=Agreement.State.UNNOTIFIED)
    lost = [
        Due(
            kept.number,
            f"{kept.tenant}: 登録完了のお知らせが届いていません",
            None,
            kept.get_state_display(),
            late=True,
            is_agreement=True,
        )
        for kept in unnotified
    ]
    returned = Refusal.objects.select_related("application").filter(
        notice__state__in=["bounced", "failed"], notice__handled_at=None
    )
    lost += [
        Due(
            kept.application.number,
            "承諾拒絶の通知が届いていません",
            kept.application.answer_by,
            "承諾拒絶",
            late=True,
        )
        for kept in returned
    ]
    return lost + tasks


def _due(application: Application, today: date) -> Due:
    assert application.received_at is not None
    last = application.answer_by
    waited = (today - application.received_at.astimezone(JST).date()).days
    late = last is not None and last < today
    if late:
        text = "回答期限を過ぎています。承諾するか、もう一人の承認を得て拒絶してください"
    elif last is not None and waited >= WARN_DAYS[1]:
        text = "回答期限が近づいています。今日中に決めてください"
    else:
        text = f"受領から{WARN_DAYS[0]}日を過ぎました。{'回答期限までに' if last else '早めに'}決めてください"
    return Due(application.number, text, last, application.get_state_display(), late=late)
