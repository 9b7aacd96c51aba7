"""What can be said about an application right now: the form, the purchase date, the period, what stands in the way.

Reads only. The screens ask it while somebody types, and the acceptance asks it once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import contact_checks, numbers, queries, serials
from hoshu.contracts import form as forms
from hoshu.contracts.form import Entries, Form, Printed, Referred, Surroundings
from hoshu.contracts.holds import Hold, Matter, Purchase, holds, is_on_record, unread_proofs
from hoshu.contracts.models import (
    Agreement,
    Application,
    ApplicationFile,
    Licence,
    Product,
    Shipment,
    SupportId,
)
from hoshu.dates import JST, within_years
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.japan.addresses import Place
from hoshu.japan.names import folded

_RUNNING = (Agreement.State.ACTIVE, Agreement.State.SUSPENDED, Agreement.State.UNNOTIFIED)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything the desk clerk needs in order to accept, ask, refuse or wait."""

    form: Form
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
    support_id: SupportId | None = None
    """The customer's own number, where the form names one that is valid (VA-REG-06)."""

    @property
    def nothing_left(self) -> bool:
        """Is the term over before it begins? Without a term there is nothing that could be."""
        has_term = self.plan is not None and self.plan.years is not None
        return has_term and self.coverage is not None and self.coverage.values["start"] is None

    @property
    def late(self) -> bool:
        return self.registration is not None and "late" in self.registration.values["flags"]

    @property
    def refused(self) -> bool:
        """Do the terms refuse what is applied for?"""
        return self.registration is not None and self.registration.values["outcome"] == "refuse"

    @property
    def blocking(self) -> list[Hold]:
        """What only a change of the facts removes."""
        return [hold for hold in self.holds if not hold.clearable]

    @property
    def clearable(self) -> list[Hold]:
        """What a person may decide with a reason."""
        return [hold for hold in self.holds if hold.clearable]

    @property
    def open_fields(self) -> list[forms.Fault]:
        """What the applicant has to fill or to put right before the form can be sent."""
        return [fault for fault in self.form.faults if fault.kind in {"missing", "wrong"}]

    @property
    def acceptable(self) -> bool:
        """Do the terms allow it, once a person has decided what is a person's to decide?"""
        if self.registration is None:
            return False
        values = self.registration.values
        if values["outcome"] in {"accept", "accept_late"}:
            return True
        decided = {hold.code for hold in self.clearable}
        return values["outcome"] == "incomplete" and not values["missing"] and decided >= _by_person(self)

    @property
    def proposal(self) -> Literal["accept", "ask", "wait", "refuse", "lapse"]:
        """What the facts suggest; a person decides. Late and nothing left: not served, no refund (IX-REG-09)."""
        if self.refused:
            assert self.registration is not None
            unpaid = self.licence is None or self.registration.values["refund"] or not self.late
            return "refuse" if unpaid else "lapse"
        if self.open_fields:
            return "ask"
        if self.nothing_left:
            return "lapse" if self.late else "refuse"
        if not self.form.complete or self.blocking or self.coverage is None:
            return "wait"
        return "accept"


def _by_person(assessment: Assessment) -> set[str]:
    """The flags of the terms that keep an application incomplete until a person decides."""
    terms, found = assessment.edition.registration, assessment.registration
    if terms is None or found is None:
        return set()
    marked = {check.flag for check in terms.check if check.outcome == "incomplete" and check.flag}
    return marked & set(found.values["flags"])


def assess(application: Application, *, now: datetime, entries: Entries | None = None) -> Assessment:
    """The state of `application` at `now`, with `entries` in place of the stored ones while somebody types."""
    return assess_all([(application, application.entries if entries is None else entries)], now=now)[0]


def assess_each(application: Application, *, now: datetime, entries: Entries | None = None) -> list[Assessment]:
    """The same for each machine of a form that is about several (VA-REG-27)."""
    every = forms.machines(application.entries if entries is None else entries)
    return assess_all([(application, one) for one in every], now=now)


def assess_all(every: Sequence[tuple[Application, Entries]], *, now: datetime) -> list[Assessment]:
    """The same for many applications, saved or not, in their order: the look-ups do not grow with their number."""
    known = _Known(every, now)
    return [_Assessor(application, entries, now, known).result() for application, entries in every]


def answer_by(*, service: str, edition: str, received_on: date) -> date | None:
    """The last day on which a refusal may reach the customer (第4章 1.(3)); None where the terms set none."""
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
    last = answer.values["answer_by"]
    return date.fromisoformat(last) if last else None


class _Known:
    """What the records say around some applications, looked up for all of them at once."""

    def __init__(self, every: Sequence[tuple[Application, Entries]], now: datetime) -> None:
        self.today = now.astimezone(JST).date()
        terms = [(catalog.edition(one.service, one.edition), entries) for one, entries in every]

        def written(fills: str) -> set[str]:
            return {text for edition, entries in terms if (text := forms.entry_of(entries, edition, fills))}

        cards = {serials.normalise(text) for text in written("licence.serial")} - {""}
        bodies = {one for text in written("device.serial") for one in serials.split(text)}
        referred = {forms.card_referred_to(entries, edition) for edition, entries in terms} - {""}
        with as_system("what is known of the cards and the bodies, whoever has them"):
            # A number may be written where another one belongs (IX-GEN-03).
            self.licences = queries.licences_of_cards(cards | bodies | referred)
            self.shipments = queries.shipped_units(cards | bodies)
            self.held = queries.bodies_with(bodies)
            self.running = self._running()
            unknown = bodies - self.shipments.keys() - self.held.keys() - self.licences.keys()
            numbers_ = unknown | (cards - self.licences.keys() - self.shipments.keys())
            self.agreed = queries.agreements_numbered(numbers_)
            self.suspicions = numbers.suspicions_about(cards)
        own = {self.licences[card] for card in cards if card in self.licences}
        self.applied = queries.open_with({licence.pk for licence in own})
        self.used = queries.agreements_with({one.pk for one in own if one.state != Licence.State.ISSUED})
        self.arrived = queries.arrived_with(referred)
        self.models = queries.products_of_codes(written("device.product"))
        services = {edition.service for edition, _ in terms} | {licence.service for licence in own}
        models = written("device.model")
        self.called = queries.models_called({(service, text) for service in services for text in models})
        codes = {text.strip().upper() for text in written("support_id")}
        self.support_ids = queries.support_ids(codes) if codes else {}
        self._options: dict[tuple[int | None, str], dict[str, str]] = {}
        self._has_list: dict[str, bool] = {}

    def _running(self) -> dict[tuple[str, str], Agreement]:
        """(service, 製造番号) → the agreement under which the machine that bears it now runs."""
        present = {
            body.device_id: number
            for number, bodies in self.held.items()
            for body in bodies
            if body.valid_until is None
        }
        found: dict[tuple[str, str], Agreement] = {}
        if present:
            running = Agreement.objects.filter(queries.runs_on(self.today), state__in=_RUNNING)
            for kept in running.filter(device_id__in=present).order_by("id"):
                assert kept.device_id is not None
                found.setdefault((kept.service, present[kept.device_id]), kept)
        return found

    def options(self, product: Product | None, service: str) -> dict[str, str]:
        """The supported options of a model: code → name."""
        key = (product.pk if product else None, service)
        if key not in self._options:
            self._options[key] = queries.options_of(product, service)
        return self._options[key]

    def has_list(self, service: str) -> bool:
        """Has the operator a list of models of this service?"""
        if service not in self._has_list:
            self._has_list[service] = queries.products(service=service).exists()
        return self._has_list[service]


class _Assessor:
    def __init__(self, application: Application, entries: Entries, now: datetime, known: _Known) -> None:
        self.application, self.entries, self.now, self.known = application, entries, now, known
        self.today = known.today
        self.edition = catalog.edition(application.service, application.edition)
        self.received_on = application.received_at.astimezone(JST).date() if application.received_at else None
        self.card_serial = serials.normalise(self._entry("licence.serial"))
        self.licence = known.licences.get(self.card_serial)
        self.edition = self._edition_of_licence()
        bodies = serials.split(self._entry("device.serial"))
        self.serial = bodies[0] if len(bodies) == 1 else ""
        self.shipments = known.shipments.get(self.serial, [])
        self.running_under = known.running.get((self.edition.service, self.serial))
        self.taken_for = self._taken_for()
        self.suspicion = known.suspicions.get(self.card_serial)
        terms = self.edition.application
        assert terms is not None
        self.terms = terms
        self.files = list(application.files.select_related("file").order_by("id")) if application.pk else []

    def result(self) -> Assessment:
        plan = self._plan()
        product, shipment = self._product()
        options = self.known.options(product, self.edition.service)
        form = self._form(plan, options)
        purchase = self._purchase(form, shipment)
        provisional = self.terms.purchase == "proven" and purchase is None and form.purchased_on is not None
        counted = purchase or (
            Purchase(day=form.purchased_on, basis=Agreement.Basis.OTHER_PROOF) if form.purchased_on else None
        )
        coverage, fault = self._coverage(plan, product, counted, form)
        support_id, standing = self._support_id(form)
        registration = self._registration(plan, form, product, purchase, coverage, standing)
        matter = Matter(
            application=self.application,
            edition=self.edition,
            form=form,
            licence=self.licence,
            used_by=self.known.used.get(self.licence.pk) if self.licence else None,
            sent_too=self._sent_too(),
            suspicion=self.suspicion,
            plan_altered=bool(self._entry("plan.altered")) or self._ticked("plan.altered"),
            product=product,
            shipped_models=len(self.shipments),
            files=self.files,
            purchase=purchase,
            running_under=self.running_under,
            registration=registration,
            contact=self._contact(),
            nothing_left=plan is not None and plan.years is not None and _has_no_start(coverage),
        )
        return Assessment(
            form=form,
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
            support_id=support_id,
        )

    def _entry(self, fills: str) -> str:
        return forms.entry_of(self.entries, self.edition, fills)

    def _ticked(self, fills: str) -> bool:
        at = forms.field_of(self.edition, fills)
        return at is not None and bool(self.entries.get(at.name))

    def _edition_of_licence(self) -> catalog.Edition:
        """VA-REG-17: one registration page serves several lines; the pack's number says which one's terms apply."""
        here, licence = self.edition, self.licence
        if licence is None or licence.service == here.service or here.application is None:
            return here
        there = catalog.edition_on(licence.service, self.today)
        shared = here.application.signs_up and there.application is not None and there.application.signs_up
        return there if shared else here

    def _plan(self) -> catalog.Plan | None:
        """The plan that the licence gives a right to; without licences, the only one there is."""
        if self.licence is not None:
            known = [plan for plan in self.edition.plan if plan.id == self.licence.plan]
            return known[0] if known else None
        if forms.field_of(self.edition, "licence.serial") is None and len(self.edition.plan) == 1:
            return self.edition.plan[0]
        return None

    def _product(self) -> tuple[Product | None, Shipment | None]:
        """The model: as shipped, or as written; among several models with this number, or none, as the clerk chose."""
        chosen = self._entry("device.product")
        fitting = [shipped for shipped in self.shipments if chosen in ("", shipped.product.code)]
        if len(fitting) == 1:
            return fitting[0].product, fitting[0]
        if chosen:
            return self.known.models.get(chosen), None
        return self.known.called.get((self.edition.service, self._entry("device.model"))), None

    def _form(self, plan: catalog.Plan | None, options: Mapping[str, str]) -> Form:
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
            referred=self._referred(forms.card_referred_to(self.entries, self.edition)),
            options=options,
            taken_for=self.taken_for,
            received_on=self.received_on,
            online=self.application.channel == Application.Channel.WEB,
        )
        return forms.read(self.entries, edition=self.edition, around=around, today=self.today)

    def _referred(self, number: str) -> Referred | None:
        """IX-CARD-10: the representing card, of the same customer where it is known whose cards these are."""
        if not number:
            return None
        known = number in self.known.licences
        arrived: Iterable[Application] = self.known.arrived.get(number, ())
        if self.application.tenant_id:
            own = queries.applications().filter(tenant_id=self.application.tenant_id)
            arrived = own.exclude(state="draft").order_by("-id")
        for other in arrived:
            written = forms.entry_of(other.entries, self.edition, "licence.serial")
            if serials.normalise(written) == number and other != self.application:
                return Referred(known=known, entries=other.entries)
        return Referred(known=known)

    def _sent_too(self) -> str:
        """The number of another application about the same licence; empty where there is none."""
        others = self.known.applied.get(self.licence.pk, ()) if self.licence else ()
        return next((other.number for other in others if other.pk != self.application.pk), "")

    def _taken_for(self) -> Mapping[str, str]:
        """IX-GEN-03: numbers that are known, but as another kind of number."""
        found = {}
        body, card = (forms.field_of(self.edition, fills) for fills in ("device.serial", "licence.serial"))
        if body and self.serial and not self.shipments and self.serial not in self.known.held:
            if self.serial in self.known.licences:
                found[body.name] = card.label if card else "ライセンスの番号"
            elif agreed := self.known.agreed.get(self.serial):
                found[body.name] = queries.number_name(agreed)
        if card and self.card_serial and self.licence is None:
            if self.card_serial in self.known.shipments:
                found[card.name] = "製造番号"
            elif agreed := self.known.agreed.get(self.card_serial):
                found[card.name] = queries.number_name(agreed)
        elif card and self.licence is not None and self.licence.service != self.edition.service:
            found[card.name] = f"「{catalog.editions(self.licence.service)[-1].name}」の番号"  # VA-REG-21
        return found

    def _purchase(self, form: Form, shipment: Shipment | None) -> Purchase | None:
        """A document's date before the shipment's (第2章 1.(4), 1.(6)), or the day that was declared (VA-REG-25)."""
        if self.terms.purchase == "none":
            return None
        read = [attached for attached in self.files if attached.kind in ApplicationFile.PROOFS and attached.date_read]
        if read:
            return Purchase(day=read[-1].date_read, basis=read[-1].kind)
        if self.terms.purchase == "declared":
            return Purchase(day=form.purchased_on, basis=Agreement.Basis.DECLARED) if form.purchased_on else None
        if shipment and not unread_proofs(self.files):
            return Purchase(day=shipment.shipped_on, basis=Agreement.Basis.SHIPPED, shipped_on=shipment.shipped_on)
        return None

    def _coverage(
        self, plan: catalog.Plan | None, product: Product | None, purchase: Purchase | None, form: Form
    ) -> tuple[Answer | None, str]:
        if plan is None:
            return None, ""
        question = coverage_question(
            edition=self.edition,
            plan=plan.id,
            purchase=purchase,
            registered=self.now,
            card_deadline=self.licence.card_deadline if self.licence else None,
            received_on=self.received_on,
            licence_purchased_on=form.licence_purchased_on,
            product=product,
            contract_start=form.values.get("contract_start"),
        )
        assert self.edition.coverage is not None
        if not question["facts"].keys() >= {*self.edition.coverage.required}:
            return None, ""
        try:
            return record.ask(question), ""
        except record.Refused as refused:
            return None, refused.message

    def _registration(
        self,
        plan: catalog.Plan | None,
        form: Form,
        product: Product | None,
        purchase: Purchase | None,
        coverage: Answer | None,
        support_id: str | None,
    ) -> Answer | None:
        terms = self.edition.registration
        if plan is None or terms is None:
            return None
        facts: dict[str, Any] = {
            "purchased": purchase.day if purchase else form.purchased_on,
            "purchase_proof": None if purchase is None else purchase.basis != Agreement.Basis.DECLARED,
            "pack_purchased": form.licence_purchased_on,
            "application_received": self.received_on,
            "card_deadline": self.licence.card_deadline if self.licence else None,
            "coverage_end": _last_day(coverage) if plan.years is not None else None,
            "installed_in_japan": None if form.place is None else form.place is not Place.ABROAD,
            "serial_known": True if self.licence else None,
            "already_registered": self.running_under is not None,
            "bodies": max(form.bodies, 1),
            "options": [{"code": line.code, "quantity": line.quantity} for line in form.options],
            "applied": self._applied(),
            "channel": "web" if self.application.channel == Application.Channel.WEB else "card",
            "pack_returned": self.licence is not None and self.licence.state in _PAID_BACK,
            "listed_model": self._listed(product),
            "support_id": support_id,
            "delivery_name_matches": self._delivered_to_itself(form),
            "form": self._as_facts(form),
            **self._granted(),
            **_stated(form),
        }
        taken = {*terms.required, *terms.optional}
        facts = _known({name: value for name, value in facts.items() if name in taken})
        question = {
            "ask": "registration",
            "service": self.edition.service,
            "edition": self.edition.edition,
            "plan": plan.id,
            "facts": facts,
        }
        try:
            return record.ask(question)
        except record.Refused:
            return None

    def _as_facts(self, form: Form) -> dict[str, Any]:
        """The form for the terms, field by field: dates and choices as read, other fields only as filled or not.

        What is stored with a decision must not repeat names and addresses.
        """
        stated: dict[str, Any] = {}
        for at in self.edition.card_field:
            value = form.values.get(at.fills or at.name)
            # Whoever applies on the web is logged in.
            from_login = at.kind == "secret" or (at.fills.startswith("contact.") and at.screen == "login")
            filled: Any = from_login or bool(self.entries.get(at.name)) or None
            if at.kind == "weekday":
                filled = form.start_weekday
            elif at.fills == "options" or at.fills == "options.quantity":
                filled = bool(form.options) or None
            elif at.fills == "copy.from":
                filled = forms.card_referred_to(self.entries, self.edition)
            elif at.fills == "licence.serial":
                filled = form.licence_serial
            elif isinstance(value, date):
                filled = value.isoformat()
            elif at.kind == "date":
                filled = None
            elif at.kind == "mail":
                filled = filled and "＊@＊"
            elif at.kind == "count":
                filled = value
            elif at.fills == "quantity":
                filled = 1
            stated[at.name] = filled
        return stated

    def _contact(self) -> contact_checks.Answer | None:
        """MM-FLW-02: only the acceptance waits for the contact; the seller checks and forwards meanwhile."""
        if self.application.state not in queries.OPEN_STATES:
            return None
        return contact_checks.answers([self.application]).get(self.application.pk)

    def _applied(self) -> bool:
        """第3章 前文 (IX-SPEC-01): an application stands in the records; for paper its scan."""
        return is_on_record(self.application, self.files)

    def _listed(self, product: Product | None) -> bool | None:
        """Is the model on the operator's list? Unknown where there is no list, or no model yet."""
        if product is not None:
            return product.service == self.edition.service
        if not self._entry("device.model") or not self.known.has_list(self.edition.service):
            return None
        return False

    def _support_id(self, form: Form) -> tuple[SupportId | None, str | None]:
        """VA-REG-06: the number that the customer says to have, and what it is worth."""
        code = str(form.values.get("support_id", "")).strip().upper()
        if not code:
            return None, None
        own = self.known.support_ids.get(code)
        if own is None or own.tenant_id != self.application.tenant_id:
            return None, "unknown"
        return (own, "valid") if own.blocked_at is None else (None, "blocked")

    def _delivered_to_itself(self, form: Form) -> bool | None:
        """MM-CND-04: does the machine go to the organisation that applies?"""
        to, contact = form.parties.get("delivery"), form.contact
        if to is None or contact is None or not to.company:
            return None
        return folded(to.company) == folded(contact.company)

    def _granted(self) -> dict[str, bool]:
        """What was confirmed with the application; unknown while it is a draft."""
        if self.application.state in queries.WITH_APPLICANT:
            return {}
        given = {*queries.consents_of(self.application).values_list("item", flat=True)}
        granted: dict[str, bool] = {}
        for one in self.terms.confirmation:
            if one.grants:
                confirmed = not given.isdisjoint({one.id, "card"})
                granted[one.grants] = granted.get(one.grants, True) and confirmed
        return granted if given else {}

    def _limit(self, product: Product | None) -> date | None:
        return support_limit(self.edition, product) if product else None


_PAID_BACK = (Licence.State.REFUNDED, Licence.State.RETURNED)


def _stated(form: Form) -> dict[str, Any]:
    """The facts that fields of the form state themselves."""
    yes_or_no = {"yes": True, "no": False}
    return {
        fills.removeprefix("fact."): yes_or_no.get(value, value) if isinstance(value, str) else value
        for fills, value in form.values.items()
        if fills.startswith("fact.")
    }


def _has_no_start(coverage: Answer | None) -> bool:
    return coverage is not None and coverage.values["start"] is None


def support_limit(edition: catalog.Edition, product: Product) -> date | None:
    """IX-COV-05: the recorded limit, else the computed one, for showing it; the answer itself comes from the terms."""
    if product.support_limit or product.end_of_sale is None or edition.coverage is None:
        return product.support_limit
    caps = [cap.years for cap in edition.coverage.cap if cap.fact == "end_of_sale" and cap.years]
    return min((within_years(product.end_of_sale, years) for years in caps), default=None)


def coverage_question(
    *,
    edition: catalog.Edition,
    plan: str,
    purchase: Purchase | None,
    registered: datetime,
    card_deadline: date | None = None,
    received_on: date | None = None,
    licence_purchased_on: date | None = None,
    product: Product | None = None,
    contract_start: date | None = None,
    initial_set: datetime | None = None,
    cancelled: date | None = None,
    ended_early: date | None = None,
    extension_kits: int | None = None,
) -> dict[str, Any]:
    """The question `coverage` of the decision interface, with every fact that the edition takes and that is known.

    Dates that move nothing are told as well (IX-COV-07).
    """
    day = registered.astimezone(JST).date()
    facts = {
        "purchased": purchase.day if purchase else None,
        "purchase_proof": purchase.proven if purchase else None,
        "shipped": purchase.shipped_on if purchase else None,
        "registered": day,
        "accepted": registered.astimezone(JST).replace(microsecond=0).isoformat(),
        "card_deadline": card_deadline,
        "card_received": received_on,
        "application_received": received_on,
        "pack_purchased": licence_purchased_on,
        "contract_start": contract_start,
        "initial_set": initial_set.astimezone(JST).replace(microsecond=0).isoformat() if initial_set else None,
        "cancelled": cancelled,
        "ended_early": ended_early,
        "extension_kits": extension_kits,
    }
    if product is not None:
        facts |= {name: getattr(product, name) for name in queries.DATES_OF_MODEL}
    terms = edition.coverage
    assert terms is not None
    taken = {*terms.required, *terms.optional}
    return {
        "ask": "coverage",
        "service": edition.service,
        "edition": edition.edition,
        "plan": plan,
        "explain": True,
        "facts": _known({name: value for name, value in facts.items() if name in taken}),
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
