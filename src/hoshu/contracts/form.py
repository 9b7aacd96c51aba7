"""申請の書式: from what somebody wrote to values, with all that is missing or wrong at once.

Which fields a form has, what each asks and what it fills stands in the edition (`[[card_field]]`); how people in Japan
write into it is read here, for every service alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from math import ceil
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hoshu import catalog
from hoshu.catalog import PARTIES, PARTS, Edition, FormField
from hoshu.contracts import serials
from hoshu.dates import WEEKDAYS, read_date, said
from hoshu.files import personal_numbers
from hoshu.japan import addresses, phones
from hoshu.japan.addresses import Place, place_of

Kind = Literal["missing", "wrong", "held", "note"]
Entries = Mapping[str, Any]
"""Field name → what was written: text, a list of ticks, lines of options; MACHINES → entries of each machine."""
MACHINES = "machines"
PAYMENT, PAID_ON, DEFERRED_FOR = "fact.payment", "payment.confirmed_on", "payment.deferred_for"
"""What the fields fill in which a seller states the payment (MM-FLW-03)."""
WEEKDAY_NAMES = dict(zip(WEEKDAYS, "月火水木金土日", strict=True))
EARLIEST = date(1990, 1, 1)
"""No machine of a service was sold before: an earlier date is a slip of the pen."""
MOST_MACHINES = 200
"""Machines in one application; more come as a file."""
_STATUTE = "番号法 20条"
_MASKED = re.compile(r"(?:＊[^＊]{0,3}){11}＊")


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What stands pre-printed on a card: taken from the licence stock, never from what was written (IX-PLAN-02)."""

    card_serial: str
    service: str
    plan: str
    deadline: date | None
    registers_options: bool
    needs_weekday: bool


@dataclass(frozen=True, kw_only=True)
class Referred:
    """What is known about a card to which ⑦ of another card points."""

    known: bool
    """Does a licence with this number exist?"""
    entries: Entries | None = None
    """What stands on it; None while it has not arrived."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What reading a form needs to know from outside of it."""

    printed: Printed | None = None
    referred: Referred | None = None
    """The card to which ⑦ points."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Supported options of the model: code → name."""
    taken_for: Mapping[str, str] = field(default_factory=dict)
    """Field → the kind of number that its content is known as, where that is another kind (IX-GEN-03)."""
    received_on: date | None = None
    online: bool = True
    """On paper, what the form does not ask is asked later."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing about one field. `missing` and `wrong` are for the writer, `held` waits, `note` only informs."""

    field: str
    number: str
    label: str
    message: str
    clause: str
    example: str
    kind: Kind

    @property
    def blocks(self) -> bool:
        return self.kind != "note"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A party as written: ご連絡先, 設置場所, ご記入者, 利用管理者 …"""

    company: str = ""
    department: str = ""
    title: str = ""
    name: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    source_card: str = ""


@dataclass(frozen=True, kw_only=True)
class OptionLine:
    code: str
    name: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form read: each value only where it is sound, and every fault."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """By what a field fills (`licence.purchased`, `fact.connected`), and by its name where it fills nothing."""
    serial: str = ""
    bodies: int = 0
    start_weekday: str = ""
    options: Sequence[OptionLine] = ()
    parties: Mapping[str, Block] = field(default_factory=dict)
    place: Place | None = None
    owner: str = ""
    """Empty where the customer owns the device."""
    may_hold_personal_numbers: bool | None = None
    access_controls: Sequence[str] = ()
    faults: Sequence[Fault] = ()

    @property
    def licence_serial(self) -> str:
        return self.values.get("licence.serial", "")

    @property
    def entered_on(self) -> date | None:
        return self.values.get("entered_on")

    @property
    def purchased_on(self) -> date | None:
        return self.values.get("device.purchased")

    @property
    def licence_purchased_on(self) -> date | None:
        return self.values.get("licence.purchased")

    @property
    def contact(self) -> Block | None:
        return self.parties.get("contact")

    @property
    def site(self) -> Block | None:
        return self.parties.get("site")

    @property
    def writer(self) -> Block | None:
        """Who is asked about the form: its writer, where it names one besides the contact."""
        return self.parties.get("writer")

    def of(self, name: str) -> list[Fault]:
        """The faults of one field."""
        return [fault for fault in self.faults if fault.field == name]

    @property
    def complete(self) -> bool:
        """Nothing is missing, wrong or waited for (第2章 1.(2))."""
        return not any(fault.blocks for fault in self.faults)


def read(entries: Entries, *, edition: Edition, around: Surroundings, today: date) -> Form:
    """Every field of the form, read as people in Japan write, with all faults together, in the form's order."""
    return _Reader(entries, edition, around, today).form()


def is_sound(text: str, at: FormField, edition: Edition) -> bool:
    """Is there nothing to say of a text by itself, whatever stands in the other fields of the form?"""
    return not _Reader({at.name: text}, edition, Surroundings(), date.max).faults_of_text(at)


def services_on(way: Literal["web", "paper"]) -> tuple[str, ...]:
    """The services for which one may apply in this way, by their newest edition."""
    newest = ((service, catalog.editions(service)[-1].application) for service in catalog.services())
    return tuple(service for service, terms in newest if terms is not None and way in terms.on)


def services_with_licence() -> tuple[str, ...]:
    """The services that are bought as a licence or a pack, whose number the form asks for."""
    newest = ((service, catalog.editions(service)[-1]) for service in catalog.services())
    return tuple(service for service, edition in newest if field_of(edition, "licence.serial"))


def every_field() -> dict[str, FormField]:
    """The fields of all forms there are, by name, as the records hold them."""
    return {at.name: at for edition in catalog.every_edition() for at in edition.card_field}


def field_of(edition: Edition, fills: str) -> FormField | None:
    """The field of a form that fills something."""
    return _layout(edition).filling.get(fills)


def printed_deadline(edition: Edition) -> FormField | None:
    """The deadline that is printed on the card (IX-REG-10); None where a deadline is only ever counted."""
    return next((each for each in edition.card_field if each.name == "card_deadline"), None)


def printed_options(edition: Edition) -> FormField | None:
    """The field for options that only the cards of some models have (IX-CARD-05); None where none depends on that."""
    return next((each for each in edition.card_field if each.required == "listed_models"), None)


def entry_of(entries: Entries, edition: Edition, fills: str) -> str:
    """The text in the field that fills something; empty where the form has none."""
    found = field_of(edition, fills)
    return _text(entries, found.name) if found else ""


def card_referred_to(entries: Entries, edition: Edition) -> str:
    """The normalised number of the representing card to which ⑦ points; empty without a tick (IX-CARD-07)."""
    ticks = [found for block in ("contact", "site") if (found := field_of(edition, f"copy.{block}"))]
    if not any(entries.get(tick.name) for tick in ticks):
        return ""
    return serials.normalise(entry_of(entries, edition, "copy.from"))


def inputs(edition: Edition, *, staff: bool) -> list[FormField]:
    """The fields that somebody fills: without what is printed; those of the provider for its staff only."""
    return [
        each
        for each in edition.card_field
        if (each.required != "printed" or each.fills) and each.kind != "secret" and (staff or each.by != "provider")
    ]


def machine_fields(edition: Edition) -> frozenset[str]:
    """The names of the fields that are filled once for each machine; empty where a form is about one machine."""
    repeated = {step.id for step in edition.form_step if step.each_machine}
    return frozenset(each.name for each in edition.card_field if each.screen in repeated)


def common_fields(edition: Edition) -> dict[str, FormField]:
    """What the machines of one form may have in common, by name: what is filled once for all, and where they stand."""
    own = machine_fields(edition)
    return {
        at.name: at
        for at in inputs(edition, staff=True)
        if own and (at.name not in own or at.fills.startswith("site.")) and at.fills != "quantity"
    }


def machines(entries: Entries) -> list[Entries]:
    """The entries of each machine, joined with those that all share; of a form about one machine, just its own."""
    shared = {name: value for name, value in entries.items() if name != MACHINES}
    return [{**shared, **machine} for machine in entries.get(MACHINES) or [{}]]


def screened(entries: Entries, edition: Edition) -> tuple[dict[str, Any], list[str]]:
    """The entries as they may be stored, and the labels of the fields in which a personal number was masked.

    第4章 9.(1), 番号法 20条. What is no field of the form is not kept.
    """
    known = {each.name: each for each in inputs(edition, staff=True)}
    kept = {name: value for name, value in entries.items() if name in known}
    found = [name for name in kept if known[name].is_prose and personal_numbers.find(_text(kept, name))]
    kept |= {name: personal_numbers.masked(kept[name]) for name in found}
    labels = [known[name].label for name in found]
    if entries.get(MACHINES):
        each = [screened(machine, edition) for machine in entries[MACHINES][:MOST_MACHINES]]
        kept[MACHINES] = [machine for machine, _ in each]
        labels += [label for _, masked in each for label in masked]
    return kept, list(dict.fromkeys(labels))


class _Layout:
    """The fields of a form in the ways in which they are looked for, found once for each edition."""

    def __init__(self, edition: Edition) -> None:
        self.fields = {each.name: each for each in edition.card_field}
        self.filling = {each.fills: each for each in reversed(edition.card_field) if each.fills}
        self.order = {name: place for place, name in enumerate(self.fields)}
        self.prose = [each for each in edition.card_field if each.is_prose]
        self.parts = {
            party: {part: at for part in PARTS if (at := self.filling.get(f"{party}.{part}"))} for party in PARTIES
        }


@lru_cache(maxsize=200)
def _layout(edition: Edition) -> _Layout:
    return _Layout(edition)


class _Reader:
    """Collects faults while the values are read."""

    def __init__(self, entries: Entries, edition: Edition, around: Surroundings, today: date) -> None:
        self.entries, self.edition, self.around, self.today = entries, edition, around, today
        self.layout = _layout(edition)
        self.fields, self.filling = self.layout.fields, self.layout.filling
        self.faults: list[Fault] = []

    def form(self) -> Form:
        values = {each.fills or each.name: value for each in self.fields.values() if (value := self._plain(each))}
        bodies = self._bodies()
        referred = self._referred()
        parties = {party: self._block(party, referred) for party in PARTIES if party != "writer"}
        parties["writer"] = self._writer(parties.get("contact"), parties.get("site"))
        may_hold, controls = self._personal_numbers()
        return Form(
            values=values,
            serial=bodies[0] if len(bodies) == 1 else "",
            bodies=len(bodies),
            start_weekday=self._weekday(),
            options=self._options(),
            parties={party: block for party, block in parties.items() if block and block != Block()},
            place=self._place(parties.get("site")),
            owner=self._owner(),
            may_hold_personal_numbers=may_hold,
            access_controls=controls,
            faults=self._all_faults(),
        )

    def faults_of_text(self, at: FormField) -> list[Fault]:
        """What is said of a field that alone is filled."""
        party, _, part = at.fills.partition(".")
        if party in PARTIES:
            parts = {part: at}
            self._own_block(party, parts, self._as_written(parts, self.entries))
        else:
            self._plain(at)
        self._masked(at)
        return self.faults

    def _all_faults(self) -> list[Fault]:
        if self._filled("plan.altered"):
            text = "プランは印字のとおりに登録します。訂正についてはご記入者に確かめます。"
            self._fault(self.filling["plan.altered"], text, "note")
        for at in self.layout.prose:
            self._masked(at)
        return sorted(self.faults, key=lambda fault: self.layout.order[fault.field])

    # ---- what every field has

    def _fault(self, at: FormField, message: str, kind: Kind = "wrong", *, clause: str = "") -> None:
        self.faults.append(
            Fault(
                field=at.name,
                number=at.number,
                label=at.label,
                message=message,
                clause=clause or at.clause,
                example=at.example if kind in {"missing", "wrong"} else "",
                kind=kind,
            )
        )

    def _missing(self, at: FormField, what: str = "") -> None:
        said = f"{at.label}を{'選んで' if at.choice else '入力して'}ください。"
        self._fault(at, what or at.asks or said, "missing")

    def _filled(self, fills: str) -> bool:
        at = self.filling.get(fills)
        return at is not None and bool(self.entries.get(at.name))

    def _wanted(self, at: FormField) -> bool:
        """Must the field be filled, as things stand in the others?"""
        printed = self.around.printed
        if at.kind == "secret" or (at.spared_by and self.entries.get(at.spared_by)):
            return False  # a secret is asked where somebody logs in, and never stands in a form
        match at.required:
            case "always" | "beside":
                return True
            case "online":
                return self.around.online
            case "run_of_days":
                return printed is not None and printed.needs_weekday
            case "optional":
                return any(self.entries.get(name) for name in at.wanted_with)
            case _:
                return False

    def _plain(self, at: FormField) -> Any:
        """The value of a field that is read alone; None where it is empty, wrong, or belongs to a group of fields."""
        if at.fills == "licence.serial":
            return self._licence_serial(at)
        if at.fills in _GROUPED or at.fills.partition(".")[0] in PARTIES or at.required == "printed":
            return None
        match at.kind:
            case "date":
                return self._date(at)
            case "tick":
                return bool(self.entries.get(at.name)) or self._nothing(at)
            case "choices":
                return [one for one in _list(self.entries, at.name) if one in at.codes] or self._nothing(at)
        written = _text(self.entries, at.name)
        return self._checked(at, written) if written else self._nothing(at)

    def _nothing(self, at: FormField) -> None:
        if self._wanted(at):
            self._missing(at)

    def _checked(self, at: FormField, written: str) -> Any:
        plain = unicodedata.normalize("NFKC", written).strip()
        if len(written) > at.longest:
            self._fault(at, f"{at.longest}文字までにしてください（{len(written)}文字あります）。")
            return None
        match at.kind:
            case "choice":
                if written in at.codes:
                    return written
                self._fault(at, f"{'、'.join(at.codes.values())} のどれかを選んでください。")
            case "count":
                if re.fullmatch(r"[1-9]\d{0,5}", plain):
                    self._many(at, int(plain))
                    return int(plain)
                self._fault(at, f"「{written}」は使えません。1以上の整数を入力してください。")
            case "serial":
                return serials.normalise(written)
            case "mail" | "phone" | "postal_code":
                number = in_one_form(at, written)
                return number if self._number_fits(at, number) else None
            case _:
                return written
        return None

    def _many(self, at: FormField, number: int) -> None:
        """MM-CND-21: more than one machine serves well; a suggestion, never a fault."""
        if at.per_machine and number > at.per_machine:
            suggested = ceil(number / at.per_machine)
            text = f"機器1台につき約{at.per_machine}台までが目安です。機器を{suggested}台にすることをご検討ください。"
            self._fault(at, text, "note")

    def _date(self, at: FormField) -> date | None:
        written = _text(self.entries, at.name)
        if not written:
            self._nothing(at)
            return None
        received = self.around.received_on if at.fills != "licence.purchased" and not at.future else None
        try:
            day = read_date(written)
        except ValueError as error:
            self._fault(at, str(error))
            return None
        if day < EARLIEST:
            self._fault(at, f"{day.year}年は古すぎます。1990年以降の日付を入力してください。")
        elif day > self.today and not at.future:
            self._fault(at, f"{said(day)}は未来の日付です。今日までの日付を入力してください。")
        elif received and day > received:
            paper = "カードの到着日" if not self.around.online else "申請の日"
            self._fault(at, f"{said(day)}は、{paper}{said(received)}より後です。")
        else:
            return day
        return None

    # ---- numbers of the licence and the machine

    def _licence_serial(self, at: FormField) -> str:
        number = serials.normalise(_text(self.entries, at.name))
        if not number:
            self._missing(at)
        elif kind := self.around.taken_for.get(at.name):
            self._fault(at, f"{at.label}に一致するものがありません。これは{kind}とみられます。")
        elif self.around.printed is None:
            text = f"発行の記録にない{at.label}です。{self._paper()}の記載と見比べてください。"
            self._fault(at, text, "wrong" if self._refuses("serial_known") else "held")
        return number

    def _paper(self) -> str:
        return self.edition.application.paper_name if self.edition.application else "カード"

    def _refuses(self, fact: str) -> bool:
        """Do the terms refuse at once where this fact is against the application?"""
        terms = self.edition.registration
        return terms is not None and any(one.fact == fact and one.outcome == "refuse" for one in terms.check)

    def _bodies(self) -> list[str]:
        at = self.filling.get("device.serial")
        if at is None:
            return []
        numbers = serials.split(_text(self.entries, at.name))
        if not numbers:
            self._nothing(at)
        elif len(numbers) > 1:
            message = "本体が2台以上記入されています。ライセンス1件で登録できる本体は1台です。"
            self._fault(at, message, clause=self._clause_of("bodies") or at.clause)
        elif kind := self.around.taken_for.get(at.name):
            self._fault(at, f"一致する製造番号がありません。これは{kind}とみられます。本体のラベルを見てください。")
        return numbers

    def _clause_of(self, fact: str) -> str:
        """The clause by which the terms look at a fact of an application."""
        terms = self.edition.registration
        return next((one.clause for one in terms.check if one.fact == fact), "") if terms else ""

    def _weekday(self) -> str:
        """IX-WIN-02, IX-WIN-05: exactly one for five days a week; none counts for seven."""
        at = self.filling.get("start_weekday")
        if at is None:
            return ""
        chosen = [_weekday_code(text) for text in _list(self.entries, at.name)]
        printed = self.around.printed
        if printed is not None and not printed.needs_weekday:
            if chosen:
                self._fault(at, "週7日のカードでは使わない欄です。記入は登録に使いません。", "note")
            return ""
        if not chosen:
            self._nothing(at)
        elif len(chosen) > 1:
            self._fault(at, "曜日が二つ以上選ばれています。一つだけ選んでください。")
        elif chosen[0] not in WEEKDAYS:
            self._fault(at, "月から日までの曜日を一つ選んでください。")
        else:
            return chosen[0]
        return ""

    def _options(self) -> list[OptionLine]:
        at = self.filling.get("options")
        if at is None:
            return []
        lines = [line for line in _list(self.entries, at.name) if line.get("code") or line.get("quantity")]
        if at.required == "optional":
            # No list of models: whatever is built in is written down, and marked as covered or not later.
            return [read for line in lines if (read := self._option(at, line, str(line.get("code", "")).strip()))]
        if self.around.printed is not None and not self.around.printed.registers_options:
            if lines:
                self._fault(at, "オプションを登録しない機種のカードです。記入は登録に使いません。", "note")
            return []
        if self.around.printed is None:
            return []
        if self._filled("options.none"):
            if lines:
                self._fault(at, "「なし」とオプションの両方が記入されています。どちらかにしてください。")
            return []
        if not lines and self.around.online:
            self._missing(at, "取り付けたオプションと数量を入力するか、「なし」を選んでください。")
        return [read for line in lines if (read := self._listed_option(at, line))]

    def _listed_option(self, at: FormField, line: Mapping[str, str]) -> OptionLine | None:
        code = str(line.get("code", "")).strip()
        if (name := self.around.options.get(code)) is None:
            self._fault(at, f"「{code or '品名なし'}」は対象のオプションでないため、登録しません。", "note")
            return None
        return self._option(at, line, name)

    def _option(self, at: FormField, line: Mapping[str, str], name: str) -> OptionLine | None:
        quantity = unicodedata.normalize("NFKC", str(line.get("quantity", ""))).strip()
        if not name:
            self._missing(at, "数量だけが入力されています。型番も入力してください。")
        elif not quantity:
            self._missing(at, f"{name}の数量を入力してください。")
        elif not re.fullmatch(r"[1-9]\d{0,2}", quantity):
            self._fault(at, f"{name}の数量「{quantity}」は使えません。1以上の整数を入力してください。")
        else:
            return OptionLine(code=str(line.get("code", "")).strip(), name=name, quantity=int(quantity))
        return None

    # ---- parties

    def _referred(self) -> Referred | None:
        """The representing card of ⑦ where it can be copied from (IX-CARD-10); its faults are told once."""
        at, licence = self.filling.get("copy.from"), self.filling.get("licence.serial")
        if at is None or not (self._filled("copy.contact") or self._filled("copy.site")):
            return None
        number, referred = card_referred_to(self.entries, self.edition), self.around.referred
        if not number:
            self._missing(at)
        elif licence and number == serials.normalise(_text(self.entries, licence.name)):
            self._fault(at, "このカード自身の番号です。すべて記入したカードの番号を入力してください。")
        elif referred is None or not referred.known:
            self._fault(at, f"カード {number} は発行の記録にありません。番号を確かめてください。")
        elif referred.entries is None:
            self._fault(at, f"代表カード {number} の到着を待っています。届きしだい写します。", "held")
        elif self._refers_on(referred.entries):
            self._fault(at, f"カード {number} も別のカードを参照しています。すべて記入したカードを指してください。")
        else:
            return referred
        return None

    def _refers_on(self, entries: Entries) -> bool:
        ticks = [tick for block in ("contact", "site") if (tick := self.filling.get(f"copy.{block}"))]
        return any(entries.get(tick.name) for tick in ticks if self.entries.get(tick.name))

    def _block(self, party: str, referred: Referred | None) -> Block | None:
        """A party as written, or by ⑦ a copy of the representing card's (IX-CARD-10)."""
        parts = self.layout.parts[party]
        own = self._as_written(parts, self.entries)
        tick = self.filling.get(f"copy.{party}")
        if tick is None or not self.entries.get(tick.name):
            return self._own_block(party, parts, own)
        if referred is None or referred.entries is None:
            return None
        number = card_referred_to(self.entries, self.edition)
        copied = self._as_written(parts, referred.entries)
        if own not in (Block(), copied):
            self._fault(tick, "代表カードと同じとしたうえで、違う内容も記入されています。")
        elif any(at.spared_by == tick.name and not getattr(copied, part) for part, at in parts.items()):
            self._fault(self.filling["copy.from"], f"代表カード {number} の欄⑧がまだ埋まっていません。", "held")
        else:
            return replace(copied, source_card=number)
        return None

    def _own_block(self, party: str, parts: Mapping[str, FormField], own: Block) -> Block | None:
        before = len(self.faults)
        for part, at in parts.items():
            if not getattr(own, part):
                self._nothing(at)
            elif at.kind in ("mail", "phone", "postal_code"):
                self._number_fits(at, getattr(own, part))
            elif len(getattr(own, part)) > at.longest:
                self._fault(at, f"{at.longest}文字までにしてください。")
        if party == "site" and own.address:
            self._check_place(parts["address"], own.address)
        return own if not any(fault.blocks for fault in self.faults[before:]) else None

    def _number_fits(self, at: FormField, number: str) -> bool:
        if at.kind == "mail":
            try:
                validate_email(number)
            except ValidationError:
                self._fault(at, f"「{number}」はメールアドレスとして読めません。")
                return False
        try:
            if at.kind == "phone":
                phones.read(number)
            elif at.kind == "postal_code":
                addresses.postal_code(number)
        except ValueError as error:
            self._fault(at, str(error))
            return False
        return True

    @staticmethod
    def _as_written(parts: Mapping[str, FormField], entries: Entries) -> Block:
        """The block with its numbers in one form, so that the same data compares equal; what is no number stays."""
        texts = {part: in_one_form(at, _text(entries, at.name)) for part, at in parts.items()}
        return Block(**texts)

    def _place(self, site: Block | None) -> Place | None:
        at = self.filling.get("site.address")
        address = site.address if site else _text(self.entries, at.name) if at else ""
        return place_of(address) if address else None

    def _check_place(self, at: FormField, address: str) -> None:
        clause = self._clause_of("installed_in_japan")
        match place_of(address):
            case Place.ABROAD if clause:
                text = "設置場所は日本国内に限ります。国内の住所を都道府県から入力してください。"
                self._fault(at, text, clause=clause)
            case Place.UNCLEAR:
                self._fault(at, "都道府県から入力してください。")
            case Place.UNDECIDED:
                text = "船舶・大使館・基地などです。登録できるかを担当者が判断します。"
                self._fault(at, text, "note", clause=clause)
            case _ if not any(character.isdigit() for character in address):
                self._fault(at, "番地がありません。保守員が伺うため、番地と建物名まで入力してください。", "note")

    def _writer(self, contact: Block | None, site: Block | None) -> Block | None:
        """⑨, or what ⑧ says where a box above it is ticked; contact wins where both say the same (IX-CARD-11)."""
        parts, tick = self.layout.parts["writer"], self.filling.get("same.writer")
        if not parts:
            return None
        same = _list(self.entries, tick.name) if tick else []
        if not same or tick is None:
            return self._own_block("writer", parts, self._as_written(parts, self.entries))
        if {"contact", "site"} <= set(same):
            if contact and site and (contact.name, contact.phone) != (site.name, site.phone):
                self._fault(tick, "ご連絡先と設置場所の担当者が違います。どちらか一方に印を付けてください。")
                return None
            return contact
        return contact if "contact" in same else site

    def _owner(self) -> str:
        """第3章 前文 (IX-SPEC-02): the owner's approval is the customer's to obtain; on paper the customer owns it."""
        at, name, confirmed = (self.filling.get(f"owner.{part}") for part in ("is", "name", "confirmed"))
        if at is None or name is None or confirmed is None:
            return ""
        owner = _text(self.entries, at.name)
        if not owner:
            self._nothing(at)
        if owner != "other":
            return ""
        if not _text(self.entries, name.name):
            self._missing(name)
        if not self.entries.get(confirmed.name):
            self._missing(confirmed)
        return _text(self.entries, name.name)

    def _personal_numbers(self) -> tuple[bool | None, list[str]]:
        """第4章 9.(2) (IX-MYN-02): a declaration; asked online, and later where the form is paper."""
        at, guarded = self.filling.get("personal_numbers.may"), self.filling.get("personal_numbers.guarded")
        if at is None or guarded is None:
            return None, []
        answer = _text(self.entries, at.name)
        if not answer:
            self._nothing(at)
        controls = [one for one in _list(self.entries, guarded.name) if one in guarded.codes]
        if answer == "yes" and not controls:
            self._fault(guarded, "個人番号が守られていない間は、サービスを停止することがあります。", "note")
        return {"yes": True, "no": False}.get(answer), controls

    def _masked(self, at: FormField) -> None:
        if at.is_prose and _MASKED.search(_text(self.entries, at.name)):
            rule = self.edition.application.personal_numbers if self.edition.application else None
            text = "個人番号とみられる番号を伏せました。個人番号はお預かりできません。"
            self._fault(at, text, "note", clause=rule.clause if rule else _STATUTE)


_GROUPED = frozenset(
    {
        *("device.serial", "start_weekday", "options", "options.none", "plan.altered"),
        *("copy.contact", "copy.site", "copy.from", "same.writer"),
        *("owner.is", "owner.name", "owner.confirmed", "personal_numbers.may", "personal_numbers.guarded"),
    }
)
"""Fields whose meaning depends on others: each group is read by a method of its own."""


def in_one_form(at: FormField, text: str) -> str:
    """A number, postal code or mail address as it is stored, however it was typed; other texts stay."""
    match at.kind:
        case "phone":
            return phones.formatted(text)
        case "postal_code":
            return addresses.formatted(text)
        case "mail":
            return unicodedata.normalize("NFKC", text).replace(" ", "")
        case _:
            return text


def written(entries: Entries, at: FormField) -> str:
    """What stands in a field, as people read it: ticks and lists in words."""
    value = entries.get(at.name)
    if isinstance(value, bool):
        return "はい" if value else ""
    if at.kind == "options":
        names = [f"{line.get('code', '')} {line.get('quantity', '')}".strip() for line in _list(entries, at.name)]
        return "、".join(filter(None, names))
    names = WEEKDAY_NAMES if at.kind == "weekday" else at.codes
    return "、".join(names.get(str(one), str(one)) for one in _list(entries, at.name) if one)


def all_written(entries: Entries, edition: Edition) -> Iterable[tuple[FormField, str]]:
    """Every field that holds something, in the form's order."""
    for at in inputs(edition, staff=True):
        if text := written(entries, at):
            yield at, text


def _text(entries: Entries, name: str) -> str:
    value = entries.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _list(entries: Entries, name: str) -> list[Any]:
    value = entries.get(name) or []
    return list(value) if isinstance(value, list) else [value]


def _weekday_code(text: str) -> str:
    """「火」「火曜」「tue」 → `tue`; what is no weekday stays as it is."""
    first = text.strip()[:1]
    return next((code for code, name in WEEKDAY_NAMES.items() if name == first), text.strip().lower())
