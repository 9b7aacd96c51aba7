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
from hoshu.contracts.models import Agreement, Application, ApplicationFile, DeviceSerial, Licence, Product, Shipment
from hoshu.contracts.places import Place
from hoshu.dates import JST, within_years
from hoshu.decisions import record
from hoshu.decisions.record import Answer

_RUNNING = (Agreement.State.ACTIVE, Agreement.State.SUSPENDED, Agreement.State.UNNOTIFIED)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Something other than an entry that stands in the way; a `clearable` one is for a person to decide."""

    code: str
    message: str
    clause: str
    clearable: bool = False
    application: str = ""
    agreement: str = ""
    """The number of what it is about."""


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """IX-COV-03: the date that counts as purchase of the device, and on what ground."""

    day: date
    basis: str
    shipped_on: date | None = None

    @property
    def proven(self) -> bool:
        return self.basis != Agreement.Basis.SHIPPED


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
    candidates: Sequence[Product] = field(default_factory=list)

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
        self.licence = queries.licence_of_card(str(entries.get("card_serial", "")))
        self.numbers = serials.split(str(entries.get("body_serial", "")))
        self.serial = self.numbers[0] if len(self.numbers) == 1 else ""
        self.shipments = queries.shipments_of(self.serial) if self.serial else []
        self.files = list(application.files.select_related("file").order_by("id"))

    def result(self) -> Assessment:
        plan = self._plan()
        product, shipment = self._product()
        card = self._card(plan, product)
        purchase = self._purchase(shipment)
        provisional = purchase is None and card.purchased_on is not None
        counted = purchase or (
            Purchase(day=card.purchased_on, basis=Agreement.Basis.OTHER_PROOF) if card.purchased_on else None
        )
        coverage, fault = self._coverage(plan, product, counted, card)
        registration = self._registration(plan, card, purchase, coverage)
        holds = [*self._licence_holds(), *self._unit_holds(product), *self._paper_holds(card, purchase)]
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
            holds=[*holds, *self._late_holds(registration, coverage)],
            support_limit=self._limit(product),
            candidates=[shipped.product for shipped in self.shipments],
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

    def _card(self, plan: catalog.Plan | None, product: Product | None) -> Card:
        printed = None
        if self.licence and plan:
            printed = Printed(
                card_serial=self.licence.card_serial,
                service=self.licence.service,
                plan=self.licence.plan,
                deadline=self.licence.card_deadline,
                registers_options=self.licence.registers_options,
                needs_weekday=needs_weekday(self.edition, plan),
            )
        around = Surroundings(
            printed=printed,
            referred=self._referred(cards.card_referred_to(self.entries)),
            options=queries.options_of(product, self.application.service),
            taken_for=self._taken_for(),
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
        with as_system("which kind of number this is"):
            if self.serial and not self.shipments and not DeviceSerial.objects.filter(serial=self.serial).exists():
                if Licence.objects.filter(card_serial=self.serial).exists():
                    found["body_serial"] = "シリアル No."
                elif Agreement.objects.filter(number=self.serial).exists():
                    found["body_serial"] = "サービス手配番号"
            number = serials.normalise(str(self.entries.get("card_serial", "")))
            if number and self.licence is None:
                if Shipment.objects.filter(serial=number).exists():
                    found["card_serial"] = "製造番号"
                elif Agreement.objects.filter(number=number).exists():
                    found["card_serial"] = "サービス手配番号"
        return found

    def _purchase(self, shipment: Shipment | None) -> Purchase | None:
        """第2章 1.(4), 1.(6): a document's date before the shipment's; the handwritten date alone is not enough."""
        read = [attached for attached in self.files if attached.kind in ApplicationFile.PROOFS and attached.date_read]
        if read:
            return Purchase(day=read[-1].date_read, basis=read[-1].kind)
        if shipment and not self._unread_proofs():
            return Purchase(day=shipment.shipped_on, basis=Agreement.Basis.SHIPPED, shipped_on=shipment.shipped_on)
        return None

    def _unread_proofs(self) -> list[ApplicationFile]:
        return [kept for kept in self.files if kept.kind in ApplicationFile.PROOFS and not kept.date_read]

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
            "coverage_end": coverage.values["end"] if coverage else None,
            "installed_in_japan": None if card.place is None else card.place is not Place.ABROAD,
            "serial_known": True,
            "already_registered": bool(self._running_under()),
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
        web = self.application.channel == Application.Channel.WEB
        return web or any(kept.kind == ApplicationFile.Kind.CARD for kept in self.files)

    def _licence_holds(self) -> list[Hold]:
        if self.licence is None:
            return []
        holds = []
        if self.licence.state != Licence.State.ISSUED:
            holds.append(
                Hold(
                    code="licence_used",
                    message=f"このライセンスは「{self.licence.get_state_display()}」のため、登録できません。",
                    clause="はじめに",
                    agreement=self._agreement_of_licence(),
                )
            )
        if self.licence.card_deadline is None:
            holds.append(
                Hold(
                    code="card_deadline",
                    message="お手続期限が発行の記録にありません。カードの印字を確かめて、記録を補ってください。",
                    clause="第2章 1.(2)⑥",
                )
            )
        twin = queries.open_applications().filter(licence=self.licence).exclude(pk=self.application.pk).first()
        if twin:
            holds.append(
                Hold(
                    code="sent_twice",
                    message="同じカードの申請がもう一件あります。どちらで進めるかを決めてください。",
                    clause="はじめに",
                    application=twin.number,
                )
            )
        if self.entries.get("plan_altered"):
            holds.append(
                Hold(
                    code="plan_altered",
                    message="印字されたプランに手書きの訂正があります。印字のとおり登録することをご記入者に伝えてください。",
                    clause="第2章 1.(2)①",
                    clearable=True,
                )
            )
        return holds

    def _agreement_of_licence(self) -> str:
        found = queries.agreements().filter(licence=self.licence).first()
        return found.number if found else ""

    def _unit_holds(self, product: Product | None) -> list[Hold]:
        holds = []
        if self.serial and product is None and "body_serial" not in self._taken_for():
            message = (
                "同じ製造番号の機種が二つ以上あります。機種を選んでください。"
                if len(self.shipments) > 1
                else "この製造番号の出荷記録がありません。番号を確かめるか、機種を選んでください。"
            )
            holds.append(Hold(code="product", message=message, clause="第2章 1.(2)④"))
        if product and self.licence and product.service != self.licence.service:
            holds.append(
                Hold(
                    code="other_service",
                    message=f"{product.name}は、このライセンスの対象機種ではありません。",
                    clause="第3章 前文",
                )
            )
        if running := self._running_under():
            holds.append(
                Hold(
                    code="already_registered",
                    message="この本体は別の有効なライセンスに登録されています。重ねて登録することはできません。",
                    clause="はじめに",
                    agreement=running.number,
                )
            )
        return holds

    def _running_under(self) -> Agreement | None:
        if not self.serial:
            return None
        with as_system("is this body under a running licence"):
            held = DeviceSerial.objects.filter(serial=self.serial, valid_until=None).values("device_id")
            return Agreement.objects.filter(device_id__in=held, state__in=_RUNNING, ends_on__gte=self.today).first()

    def _paper_holds(self, card: Card, purchase: Purchase | None) -> list[Hold]:
        holds = []
        if not self._applied():
            holds.append(
                Hold(
                    code="no_application",
                    message="届いたカードの写しがありません。スキャンした画像かPDFを付けてください。",
                    clause="第3章 前文",
                )
            )
        for unread in self._unread_proofs():
            message = "購入日の書類がまだ読み取られていません。書類の日付を入力してください。"
            if unread.file.state != "available":
                message = "購入日の書類は個人番号のおそれがあるため開けません。送り直しをお願いしてください。"
            holds.append(Hold(code="unread_proof", message=message, clause="第2章 1.(4)"))
        if purchase is None and self.serial and not self._unread_proofs():
            holds.append(
                Hold(
                    code="purchase_unknown",
                    message="購入日を確認できる書類も出荷日も見つかりません。製造番号と機種をご記入者に確かめてください。",
                    clause="第2章 1.(6)",
                )
            )
        if purchase and purchase.proven and card.purchased_on and purchase.day != card.purchased_on:
            holds.append(
                Hold(
                    code="dates_differ",
                    message=f"書類の日付は{cards.shown(purchase.day)}、カードのご購入日は{cards.shown(card.purchased_on)}です。"
                    "ご記入者に確かめて、欄④を書類の日付に直してください。",
                    clause="第2章 1.(4)",
                )
            )
        if card.place is Place.UNDECIDED:
            holds.append(
                Hold(
                    code="place",
                    message="船舶・大使館・基地などへの設置です。日本国内として扱うかを決めてください。",
                    clause="第3章 1.(1)",
                    clearable=True,
                )
            )
        return holds

    def _late_holds(self, registration: Answer | None, coverage: Answer | None) -> list[Hold]:
        holds = []
        if coverage is not None and coverage.values["start"] is None:
            holds.append(
                Hold(
                    code="nothing_left",
                    message="ご利用いただける日が一日も残っていません。承諾はできません。",
                    clause="第4章 2.",
                )
            )
        if registration is not None and registration.values["outcome"] == "accept_late":
            holds.append(
                Hold(
                    code="late",
                    message="ライセンスの購入日から30日を過ぎた申請です。承諾する場合は理由を残してください。",
                    clause="第2章 1.(1)",
                    clearable=True,
                )
            )
        return holds

    def _limit(self, product: Product | None) -> date | None:
        return support_limit(self.edition, product) if product else None


def needs_weekday(edition: catalog.Edition, plan: catalog.Plan) -> bool:
    """第2章 1.(2)③: does the plan serve a run of days from a start weekday?"""
    hours = {window.id: window for window in edition.window_hours}
    return any(hours[window].run_of_days is not None for window in plan.windows.values())


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


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without the unknown ones; dates as the decision interface writes them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if value is not None
    }
