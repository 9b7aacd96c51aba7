"""Reading what is sold, applied for and agreed. Row-level security narrows every query to the actor's sight."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import consents, serials
from hoshu.contracts.models import (
    Agreement,
    Application,
    ApplicationFile,
    Consent,
    CustomerNote,
    DeviceSerial,
    EditionConsent,
    Inquiry,
    LentUnit,
    Licence,
    Option,
    ParkedEntries,
    Party,
    Product,
    Refusal,
    Revision,
    Shipment,
    SupportId,
)
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.decisions.models import Decision
from hoshu.japan.names import folded

State = Application.State
OPEN_STATES = (State.RECEIVED, State.CHECKING, State.ASKING)
"""What the registration centre decides about."""
WAITING_STATES = (State.SUBMITTED, *OPEN_STATES)
"""What somebody has to act on, the seller or the provider."""
WITH_APPLICANT = (State.DRAFT, State.RETURNED)
MANY = 500
"""Units or companies that one search looks through; whoever finds more types another letter."""
ROWS_AT_ONCE = 5_000
"""Agreements that are fetched from the server at a time when all are read."""
DATES_OF_MODEL = ("end_of_sale", "support_limit", "kit_sales_stopped", "production_ended", "parts_until")
"""What the operator fixes of a model later; facts of coverage where the terms take them."""
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


def applications() -> QuerySet[Application]:
    """Applications in sight."""
    return Application.objects.select_related("tenant")


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
        own = Q(receipt=number) | Q(number=number) | Q(licence__card_serial=number)
        found = found.filter(own | Q(tenant_id__in=companies_named(text)))
    return found


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


def parked(*, application_id: int, user_id: int | None) -> ParkedEntries | None:
    """What this person typed while somebody else saved."""
    return ParkedEntries.objects.filter(application_id=application_id, user_id=user_id).first()


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


def licences(*, state: str = "", text: str = "") -> QuerySet[Licence]:
    """The stock, the newest first."""
    found = Licence.objects.order_by("-id")
    if state:
        found = found.filter(state=state)
    if number := serials.normalise(text):
        found = found.filter(Q(card_serial__begins=number) | Q(seller__contains=text.strip()))
    return found


def licences_of_cards(numbers: Set[str]) -> dict[str, Licence]:
    """The licences with these シリアル No., normalised."""
    return {kept.card_serial: kept for kept in Licence.objects.filter(card_serial__among=numbers)}


def products_of_codes(codes: Set[str]) -> dict[str, Product]:
    """The models with these 品名コード."""
    return {kept.code: kept for kept in Product.objects.filter(code__among=codes)}


def models_called(written: Set[tuple[str, str]]) -> dict[tuple[str, str], Product]:
    """`product_called` for many at once, by (service, what is written); a 品名コード before a 型番 before a name."""
    kept = list(Product.objects.filter(service__among={service for service, _ in written}).order_by("id"))
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


def product_called(written: str, *, service: str) -> Product | None:
    """The model of a service that somebody calls so: by its 型番, its code or its name, however it is typed."""
    wanted = serials.normalise(written)
    if not wanted:
        return None
    for product in Product.objects.filter(service=service).order_by("id"):
        called = (product.model_code, product.code, product.name)
        if wanted in {serials.normalise(name) for name in called if name}:
            return product
    return None


def number_name(agreement: Agreement) -> str:
    """What the service calls the number of its agreements: サービス手配番号, 契約番号 …"""
    terms = catalog.edition(agreement.service, agreement.edition).application
    return terms.number_name if terms else "契約番号"


def runs_on(day: date) -> Q:
    """The agreements whose period has not ended before a day; one without a term runs on."""
    return Q(ends_on__gte=day) | Q(ends_on=None)


def options_of(product: Product | None, service: str) -> dict[str, str]:
    """IX-GEN-06: the supported options of a model, or of the service while the model is unknown: code → name."""
    found = Option.objects.filter(products=product) if product else Option.objects.filter(products__service=service)
    return dict(found.order_by("code").values_list("code", "name").distinct())


def shipments_of(serial: str) -> list[Shipment]:
    """Every unit with this number that left the factory; two models may share a number."""
    with as_system("when a unit left the factory"):
        return list(Shipment.objects.select_related("product").filter(serial=serial).order_by("id"))


def agreements(*, text: str = "", ends_by: date | None = None) -> QuerySet[Agreement]:
    """Agreements in sight with their device and customer, the newest first."""
    found = Agreement.objects.select_related("tenant", "device", "device__product").order_by("-id")
    if number := serials.normalise(text):
        meant = Q(number=number) | Q(device_id__in=bearers_of(number)) | Q(tenant_id__in=companies_named(text))
        found = found.filter(meant)
    return found.filter(ends_on__lte=ends_by).order_by("ends_on", "id") if ends_by else found


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


def decisions_about(*references: str) -> QuerySet[Decision]:
    """The answers acted on for an application or an agreement, the latest first."""
    return Decision.objects.filter(about__in=references).order_by("-id")


def undelivered_notices() -> list[Agreement]:
    """OR-28: agreements that count as accepted although their completion notice did not arrive."""
    lost = Revision.objects.filter(number=1, notice__state__in=["bounced", "failed"]).values("agreement_id")
    return list(Agreement.objects.filter(pk__in=lost, state=Agreement.State.ACTIVE))


def bases() -> dict[str, str]:
    """What the day of a purchase may rest on: code → 領収書, 納品書 …"""
    return dict(Agreement.Basis.choices)


def basis_label(basis: str) -> str:
    """領収書, 納品書, その他の書類 or 出荷日."""
    return Agreement.Basis(basis).label


def earliest_safe_change(agreement: Agreement, today: date) -> date | None:
    """第4章 1.(4): the first day on which a change requested today is sure to be in force (IX-GEN-09), if any."""
    facts = {"kind": "options", "requested": today.isoformat(), "effective": today.isoformat()}
    edition = consents.edition_of(agreement, on=today)
    question = {"ask": "change", "service": agreement.service, "edition": edition, "plan": agreement.plan}
    terms = catalog.edition(agreement.service, edition).change
    if terms is None or terms.notice is None:
        return None
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
