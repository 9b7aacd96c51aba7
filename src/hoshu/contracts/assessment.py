"""What can be said about an application right now: the card, the purchase date, the period, what stands in the way.

Reads only. The screens ask it while somebody types, and the acceptance asks it once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import card as cards
from hoshu.contracts import queries, serials
from hoshu.contracts.card import Card, Printed, Referred, Surroundings
from hoshu.contracts.fields import Entries
from hoshu.contracts.holds import Hold, Matter, Purchase, holds, is_on_record, unread_proofs
from hoshu.contracts.models import Agreement, Application, ApplicationFile, DeviceSerial, Licence, Product, Shipment
from hoshu.dates import JST, within_years
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.japan.addresses import Place

_RUNNING = (Agreement.State.ACTIVE, Agreement.State.SUSPENDED, Agreement.State.UNNOTIFIED)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything the desk clerk needs in order to accept, ask, refuse or wait."""

    card: Card
    edition: catalog.Edition
    licence: Licence | None
    plan: catalog.Plan | None
    product: Product | None
    purchase: Purchase | None
    provisional: bool
    """The period shown counts from a date that is neither proven nor taken from the shipment yet."""
    registration: Answer | None
    coverage: Answer | None
    coverage_fault: str = ""
    holds: Sequence[Hold] = ()
    support_limit: date | None = None
    candidates: Sequence[Product] = ()
    """The models that left the factory with this 製造番号."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The supported options of the model: code → name."""

    @property
    def nothing_left(self) -> bool:
        return self.coverage is not None and self.coverage.values["start"] is None

    @property
    def late(self) -> bool:
        return self.registration is not None and "late" in self.registration.values["flags"]

    @property
    def blocking(self) -> list[Hold]:
        """What only a change of the facts removes."""
        return [hold for hold in self.holds if not hold.clearable]

    @property
    def clearable(self) -> list[Hold]:
        """What a person may decide with a reason."""
        return [hold for hold in self.holds if hold.clearable]

    @property
    def proposal(self) -> Literal["accept", "ask", "wait", "refuse", "lapse"]:
        """What the facts suggest; a person decides. Late and nothing left: not served, no refund (IX-REG-09)."""
        if self.registration is not None and self.registration.values["outcome"] == "refuse":
            return "refuse" if self.registration.values["refund"] else "lapse"
        if any(fault.kind in {"missing", "wrong"} for fault in self.card.faults):
            return "ask"
        if self.nothing_left:
            return "lapse" if self.late else "refuse"
        if not self.card.complete or self.blocking or self.coverage is None:
            return "wait"
        return "accept"


def assess(application: Application, *, now: datetime, entries: Entries | None = None) -> Assessment:
    """The state of `application` at `now`, with `entries` in place of the stored ones while somebody types."""
    return _Assessor(application, application.entries if entries is None else entries, now).result()


def answer_by(*, service: str, edition: str, received_on: date) -> date:
    """第4章 1.(3): the last day on which a refusal may reach the customer."""
    answer = record.ask(
        {
            "ask": "registration",
            "service": service,
            "edition": edition,
            # The day is the same under every plan, and the plan may be unknown when a card arrives.
            "plan": catalog.edition(service, edition).plan[0].id,
            "facts": {"application_received": received_on.isoformat()},
        }
    )
    return date.fromisoformat(answer.values["answer_by"])


class _Assessor:
    def __init__(self, application: Application, entries: Entries, now: datetime) -> None:
        self.application, self.entries, self.today = application, entries, now.astimezone(JST).date()
        self.edition = catalog.edition(application.service, application.edition)
        self.received_on = application.received_at.astimezone(JST).date() if application.received_at else None
        self.card_serial = serials.normalise(str(entries.get("card_serial", "")))
        numbers = serials.split(str(entries.get("body_serial", "")))
        self.serial = numbers[0] if len(numbers) == 1 else ""
        with as_system("what is known of the card and the body, whoever has them"):
            self.licence = queries.licence_of_card(self.card_serial)
            self.shipments = queries.shipments_of(self.serial) if self.serial else []
            self.running_under = self._running_under()
            self.taken_for = self._taken_for()
        self.files = list(application.files.select_related("file").order_by("id"))

    def result(self) -> Assessment:
        plan = self._plan()
        product, shipment = self._product()
        options = queries.options_of(product, self.application.service)
        card = self._card(plan, options)
        purchase = self._purchase(shipment)
        provisional = purchase is None and card.purchased_on is not None
        counted = purchase or (
            Purchase(day=card.purchased_on, basis=Agreement.Basis.OTHER_PROOF) if card.purchased_on else None
        )
        coverage, fault = self._coverage(plan, product, counted, card)
        registration = self._registration(plan, card, purchase, coverage)
        matter = Matter(
            application=self.application,
            card=card,
            licence=self.licence,
            plan_altered=bool(self.entries.get("plan_altered")),
            product=product,
            shipped_models=len(self.shipments),
            files=self.files,
            purchase=purchase,
            running_under=self.running_under,
            registration=registration,
            coverage=coverage,
        )
        return Assessment(
            card=card,
            edition=self.edition,
            licence=self.licence,
            plan=plan,
            product=product,
            purchase=purchase,
            provisional=provisional,
            registration=registration,
            coverage=coverage,
            coverage_fault=fault,
            holds=holds(matter),
            support_limit=self._limit(product),
            candidates=[shipped.product for shipped in self.shipments],
            options=options,
        )

    def _plan(self) -> catalog.Plan | None:
        return self.edition.plan_of(self.licence.plan) if self.licence else None

    def _product(self) -> tuple[Product | None, Shipment | None]:
        """The model: as shipped; among several models with this number, or none, as the clerk chose."""
        chosen = str(self.entries.get("product", ""))
        fitting = [shipped for shipped in self.shipments if chosen in ("", shipped.product.code)]
        if len(fitting) == 1:
            return fitting[0].product, fitting[0]
        return queries.products().filter(code=chosen).first() if chosen else None, None

    def _card(self, plan: catalog.Plan | None, options: Mapping[str, str]) -> Card:
        printed = None
        if self.licence and plan:
            printed = Printed(
                card_serial=self.licence.card_serial,
                service=self.licence.service,
                plan=self.licence.plan,
                deadline=self.licence.card_deadline,
                registers_options=self.licence.registers_options,
                needs_weekday=self.edition.has_start_weekday(plan),
            )
        around = Surroundings(
            printed=printed,
            referred=self._referred(cards.card_referred_to(self.entries)),
            options=options,
            taken_for=self.taken_for,
            received_on=self.received_on,
            online=self.application.channel == Application.Channel.WEB,
        )
        return cards.read(self.entries, edition=self.edition, around=around, today=self.today)

    def _referred(self, number: str) -> Referred | None:
        """IX-CARD-10: the representing card, of the same customer where it is known whose cards these are."""
        if not number:
            return None
        known = queries.licence_of_card(number) is not None
        arrived = queries.applications().filter(licence__card_serial=number).exclude(state=Application.State.DRAFT)
        if self.application.tenant_id:
            arrived = queries.applications().filter(tenant_id=self.application.tenant_id).exclude(state="draft")
        for other in arrived.order_by("-id"):
            if serials.normalise(str(other.entries.get("card_serial", ""))) == number and other != self.application:
                return Referred(known=known, entries=other.entries)
        return Referred(known=known)

    def _taken_for(self) -> Mapping[str, str]:
        """IX-GEN-03: numbers that are known, but as another kind of number."""
        found = {}
        if self.serial and not self.shipments and not DeviceSerial.objects.filter(serial=self.serial).exists():
            if Licence.objects.filter(card_serial=self.serial).exists():
                found["body_serial"] = "シリアル No."
            elif Agreement.objects.filter(number=self.serial).exists():
                found["body_serial"] = "サービス手配番号"
        if self.card_serial and self.licence is None:
            if Shipment.objects.filter(serial=self.card_serial).exists():
                found["card_serial"] = "製造番号"
            elif Agreement.objects.filter(number=self.card_serial).exists():
                found["card_serial"] = "サービス手配番号"
        return found

    def _purchase(self, shipment: Shipment | None) -> Purchase | None:
        """第2章 1.(4), 1.(6): a document's date before the shipment's; the handwritten date alone is not enough."""
        read = [attached for attached in self.files if attached.kind in ApplicationFile.PROOFS and attached.date_read]
        if read:
            return Purchase(day=read[-1].date_read, basis=read[-1].kind)
        if shipment and not unread_proofs(self.files):
            return Purchase(day=shipment.shipped_on, basis=Agreement.Basis.SHIPPED, shipped_on=shipment.shipped_on)
        return None

    def _coverage(
        self, plan: catalog.Plan | None, product: Product | None, purchase: Purchase | None, card: Card
    ) -> tuple[Answer | None, str]:
        if plan is None or purchase is None:
            return None, ""
        try:
            return record.ask(
                coverage_question(
                    service=self.application.service,
                    edition=self.application.edition,
                    plan=plan.id,
                    purchase=purchase,
                    registered=self.today,
                    card_deadline=self.licence.card_deadline if self.licence else None,
                    received_on=self.received_on,
                    licence_purchased_on=card.licence_purchased_on,
                    product=product,
                )
            ), ""
        except record.Refused as refused:
            return None, refused.message

    def _registration(
        self, plan: catalog.Plan | None, card: Card, purchase: Purchase | None, coverage: Answer | None
    ) -> Answer | None:
        if plan is None or self.licence is None:
            return None
        facts: dict[str, Any] = {
            "purchased": purchase.day if purchase else card.purchased_on,
            "pack_purchased": card.licence_purchased_on,
            "application_received": self.received_on,
            "card_deadline": self.licence.card_deadline,
            "coverage_end": _last_day(coverage),
            "installed_in_japan": None if card.place is None else card.place is not Place.ABROAD,
            "serial_known": True,
            "already_registered": self.running_under is not None,
            "bodies": max(card.bodies, 1),
            "options": [{"code": line.code, "quantity": line.quantity} for line in card.options],
            "applied": self._applied(),
            "pack_returned": self.licence.state == Licence.State.REFUNDED,
            "form": self._form(card),
        }
        try:
            return record.ask(_question("registration", self.application, plan.id, facts))
        except record.Refused:
            return None

    def _form(self, card: Card) -> dict[str, Any]:
        """The card for the terms, field by field: dates and choices as read, other fields only as filled or not.

        What is stored with a decision must not repeat names and addresses.
        """
        read: dict[str, Any] = {
            "card_serial": card.card_serial,
            "entry_date": card.entry_date.isoformat() if card.entry_date else None,
            "start_weekday": card.start_weekday,
            "purchased": card.purchased_on.isoformat() if card.purchased_on else None,
            "options": bool(card.options) or None,
            "shared_card_serial": cards.card_referred_to(self.entries),
        }
        names = [row.name for row in self.edition.card_field]
        return {name: read.get(name, bool(self.entries.get(name)) or None) for name in names}

    def _applied(self) -> bool:
        """第3章 前文 (IX-SPEC-01): an application stands in the records; for paper its scan."""
        return is_on_record(self.application, self.files)

    def _running_under(self) -> Agreement | None:
        if not self.serial:
            return None
        held = DeviceSerial.objects.filter(serial=self.serial, valid_until=None).values("device_id")
        return Agreement.objects.filter(device_id__in=held, state__in=_RUNNING, ends_on__gte=self.today).first()

    def _limit(self, product: Product | None) -> date | None:
        return support_limit(self.edition, product) if product else None


def support_limit(edition: catalog.Edition, product: Product) -> date | None:
    """IX-COV-05: the recorded limit, else the computed one, for showing it; the answer itself comes from the terms."""
    if product.support_limit or product.end_of_sale is None or edition.coverage is None:
        return product.support_limit
    return min(within_years(product.end_of_sale, cap.years) for cap in edition.coverage.cap)


def coverage_question(
    *,
    service: str,
    edition: str,
    plan: str,
    purchase: Purchase,
    registered: date,
    card_deadline: date | None,
    received_on: date | None,
    licence_purchased_on: date | None,
    product: Product | None,
) -> dict[str, Any]:
    """The question `coverage` of the decision interface; dates that move nothing are told as well (IX-COV-07)."""
    facts = {
        "purchased": purchase.day,
        "purchase_proof": purchase.proven,
        "shipped": purchase.shipped_on,
        "registered": registered,
        "card_deadline": card_deadline,
        "card_received": received_on,
        "application_received": received_on,
        "pack_purchased": licence_purchased_on,
        "end_of_sale": product.end_of_sale if product else None,
        "support_limit": product.support_limit if product else None,
    }
    return {
        "ask": "coverage",
        "service": service,
        "edition": edition,
        "plan": plan,
        "explain": True,
        "facts": _known(facts),
    }


def _question(topic: str, application: Application, plan: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ask": topic,
        "service": application.service,
        "edition": application.edition,
        "plan": plan,
        "facts": _known(facts),
    }


def _last_day(coverage: Answer | None) -> str | None:
    """サポート満了日, also where no served day is left and the answer therefore names none."""
    if coverage is None:
        return None
    return coverage.values["end"] or coverage.derivation[-1]["date"]


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without the unknown ones; dates as the decision interface writes them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if value is not None
    }
