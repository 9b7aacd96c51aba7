"""お客様登録カード〈新規登録用〉: from what somebody wrote to values, with all that is missing or wrong at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hoshu import catalog
from hoshu.catalog import Edition, FormField
from hoshu.contracts import serials
from hoshu.contracts.fields import CHOICES, FIELDS, Entries
from hoshu.dates import WEEKDAYS, read_date
from hoshu.japan import addresses, phones
from hoshu.japan.addresses import Place, place_of

Kind = Literal["missing", "wrong", "held", "note"]
WEEKDAY_NAMES = dict(zip(WEEKDAYS, "月火水木金土日", strict=True))
EARLIEST = date(1990, 1, 1)
"""No router of the series was sold before: an earlier date is a slip of the pen."""


_IN_JAPAN = "第3章 1.(1)"
_CLAUSES = {"IX-REG-08": "第2章 1.(1)", "IX-SPEC-02": "第3章 前文", "IX-MYN-02": "第4章 9.(2)"}
_MASKED = re.compile(r"(?:＊[^＊]{0,3}){11}＊")


def services_with_card() -> tuple[str, ...]:
    """The services that are registered by a card: their newest edition names what is printed on it."""
    return tuple(
        service
        for service in catalog.services()
        if any(row.required == "printed" for row in catalog.editions(service)[-1].card_field)
    )


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
    """What reading a card needs to know from outside of it."""

    printed: Printed | None = None
    referred: Referred | None = None
    """The card to which ⑦ points."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Supported options of the model: code → name."""
    taken_for: Mapping[str, str] = field(default_factory=dict)
    """Field → the kind of number that its content is known as, where that is another kind (IX-GEN-03)."""
    received_on: date | None = None
    online: bool = True
    """On paper an empty ⑤ means none, and the owner is taken to be the customer."""


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
    """ご連絡先, 設置場所 or ご記入者."""

    company: str = ""
    department: str = ""
    name: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    source_card: str = ""


@dataclass(frozen=True, kw_only=True)
class OptionLine:
    code: str
    name: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """The card read: each value only where it is sound, and every fault."""

    card_serial: str = ""
    entry_date: date | None = None
    start_weekday: str = ""
    serial: str = ""
    bodies: int = 0
    purchased_on: date | None = None
    licence_purchased_on: date | None = None
    options: Sequence[OptionLine] = ()
    contact: Block | None = None
    site: Block | None = None
    writer: Block | None = None
    place: Place | None = None
    owner: str = ""
    """Empty where the customer owns the device."""
    may_hold_personal_numbers: bool | None = None
    access_controls: Sequence[str] = ()
    faults: Sequence[Fault] = ()

    def of(self, name: str) -> list[Fault]:
        """The faults of one field."""
        return [fault for fault in self.faults if fault.field == name]

    @property
    def complete(self) -> bool:
        """第2章 1.(2): nothing is missing, wrong or waited for."""
        return not any(fault.blocks for fault in self.faults)


def read(entries: Entries, *, edition: Edition, around: Surroundings, today: date) -> Card:
    """第2章 1.(2): every field of the card, read as people in Japan write, with all faults together."""
    reader = _Reader(entries, edition, around, today)
    return reader.card()


def card_referred_to(entries: Entries) -> str:
    """The normalised シリアル No. of the representing card to which ⑦ points; empty without a tick."""
    ticked = entries.get("share_contact") or entries.get("share_site")
    return serials.normalise(_text(entries, "shared_card_serial")) if ticked else ""


class _Reader:
    """Collects faults in the card's order while the values are read."""

    def __init__(self, entries: Entries, edition: Edition, around: Surroundings, today: date) -> None:
        self.entries, self.around, self.today = entries, around, today
        self.printed_fields: dict[str, FormField] = {row.rule: row for row in edition.card_field}
        self.printed_fields |= {row.name: row for row in edition.card_field}
        self.faults: list[Fault] = []

    def card(self) -> Card:
        card_serial = self._card_serial()
        entry_date = self._date("entry_date", latest=self.around.received_on)
        weekday = self._weekday()
        bodies = self._bodies()
        purchased_on = self._date("purchased", latest=self.around.received_on)
        options = self._options()
        referred = self._referred()
        contact, site = self._block("contact", referred), self._block("site", referred)
        writer = self._writer(contact, site)
        licence_purchased_on = self._date("licence_purchased", latest=None)
        if self.entries.get("plan_altered"):
            self._fault(
                "plan_altered", "プランは印字のとおりに登録します。訂正についてはご記入者に確かめます。", "note"
            )
        owner = self._owner()
        may_hold, controls = self._personal_numbers()
        self._masked_prose()
        order = list(FIELDS)
        return Card(
            card_serial=card_serial,
            entry_date=entry_date,
            start_weekday=weekday,
            serial=bodies[0] if len(bodies) == 1 else "",
            bodies=len(bodies),
            purchased_on=purchased_on,
            licence_purchased_on=licence_purchased_on,
            options=options,
            contact=contact,
            site=site,
            writer=writer,
            place=self._place(site),
            owner=owner,
            may_hold_personal_numbers=may_hold,
            access_controls=controls,
            faults=sorted(self.faults, key=lambda fault: order.index(fault.field)),
        )

    def _fault(self, name: str, message: str, kind: Kind = "wrong", *, clause: str = "") -> None:
        spec = FIELDS[name]
        row = self.printed_fields.get(name) or self.printed_fields.get(spec.row)
        self.faults.append(
            Fault(
                field=name,
                number=row.number if row else "",
                label=spec.label,
                message=message,
                clause=clause or (row.clause if row else _CLAUSES[spec.row]),
                example=spec.example if kind in {"missing", "wrong"} else "",
                kind=kind,
            )
        )

    def _missing(self, name: str, what: str) -> None:
        self._fault(name, what, "missing")

    def _text(self, name: str) -> str:
        return _text(self.entries, name)

    def _card_serial(self) -> str:
        number = serials.normalise(self._text("card_serial"))
        if not number:
            self._missing("card_serial", "カード表面の右上にあるシリアル No. を入力してください。")
        elif kind := self.around.taken_for.get("card_serial"):
            self._fault("card_serial", f"シリアル No. に一致するものがありません。これは{kind}とみられます。")
        elif self.around.printed is None:
            self._fault("card_serial", "発行の記録にないシリアル No. です。カードの表面と見比べてください。", "held")
        return number

    def _date(self, name: str, *, latest: date | None) -> date | None:
        written = self._text(name)
        if not written:
            self._missing(name, f"{FIELDS[name].label}を入力してください。")
            return None
        try:
            day = read_date(written)
        except ValueError as error:
            self._fault(name, str(error))
            return None
        if day < EARLIEST:
            self._fault(name, f"{day.year}年は古すぎます。1990年以降の日付を入力してください。")
        elif day > self.today:
            self._fault(name, f"{shown(day)}は未来の日付です。今日までの日付を入力してください。")
        elif latest and day > latest:
            self._fault(name, f"{shown(day)}は、カードの到着日{shown(latest)}より後です。")
        else:
            return day
        return None

    def _weekday(self) -> str:
        """IX-WIN-02, IX-WIN-05: exactly one for five days a week; none counts for seven."""
        chosen = [_weekday_code(text) for text in _list(self.entries, "start_weekday")]
        if self.around.printed is not None and not self.around.printed.needs_weekday:
            if chosen:
                self._fault("start_weekday", "週7日のカードでは使わない欄です。記入は登録に使いません。", "note")
            return ""
        if self.around.printed is None and not chosen:
            return ""
        if not chosen:
            self._missing("start_weekday", "対応を始める曜日を一つ選んでください。")
        elif len(chosen) > 1:
            self._fault("start_weekday", "曜日が二つ以上選ばれています。一つだけ選んでください。")
        elif chosen[0] not in WEEKDAYS:
            self._fault("start_weekday", "月から日までの曜日を一つ選んでください。")
        else:
            return chosen[0]
        return ""

    def _bodies(self) -> list[str]:
        numbers = serials.split(self._text("body_serial"))
        if not numbers:
            self._missing("body_serial", "本体の製造番号を入力してください。保証書または本体底面のラベルにあります。")
        elif len(numbers) > 1:
            message = "本体が2台以上記入されています。ライセンス1件で登録できる本体は1台です。"
            self._fault("body_serial", message, clause="はじめに")
        elif kind := self.around.taken_for.get("body_serial"):
            self._fault(
                "body_serial",
                f"一致する製造番号がありません。これは{kind}とみられます。本体のラベルを見てください。",
            )
        return numbers

    def _options(self) -> list[OptionLine]:
        lines = [line for line in _list(self.entries, "options") if line.get("code") or line.get("quantity")]
        if self.around.printed is not None and not self.around.printed.registers_options:
            if lines:
                self._fault(
                    "options",
                    "オプションを登録しない機種のカードです。記入は登録に使いません。",
                    "note",
                )
            return []
        if self.around.printed is None:
            return []
        if self.entries.get("no_options"):
            if lines:
                self._fault("options", "「なし」とオプションの両方が記入されています。どちらかにしてください。")
            return []
        if not lines and self.around.online:
            self._missing("options", "取り付けたオプションと数量を入力するか、「なし」を選んでください。")
        return [read for line in lines if (read := self._option(line))]

    def _option(self, line: Mapping[str, str]) -> OptionLine | None:
        code = str(line.get("code", "")).strip()
        name = self.around.options.get(code)
        quantity = unicodedata.normalize("NFKC", str(line.get("quantity", ""))).strip()
        if name is None:
            self._fault("options", f"「{code or '品名なし'}」は対象のオプションでないため、登録しません。", "note")
        elif not quantity:
            self._missing("options", f"{name}の数量を入力してください。")
        elif not re.fullmatch(r"[1-9]\d{0,2}", quantity):
            self._fault("options", f"{name}の数量「{quantity}」は使えません。1以上の整数を入力してください。")
        else:
            return OptionLine(code=code, name=name, quantity=int(quantity))
        return None

    def _referred(self) -> Referred | None:
        """The representing card of ⑦ where it can be copied from (IX-CARD-10); its faults are told once."""
        if not (self.entries.get("share_contact") or self.entries.get("share_site")):
            return None
        number, referred = card_referred_to(self.entries), self.around.referred
        name = "shared_card_serial"
        if not number:
            self._missing(name, "代表カードのシリアル No. を入力してください。")
        elif number == serials.normalise(self._text("card_serial")):
            self._fault(name, "このカード自身の番号です。すべて記入したカードの番号を入力してください。")
        elif referred is None or not referred.known:
            self._fault(name, f"カード {number} は発行の記録にありません。番号を確かめてください。")
        elif referred.entries is None:
            self._fault(name, f"代表カード {number} の到着を待っています。届きしだい写します。", "held")
        elif self._refers_on(referred.entries):
            self._fault(name, f"カード {number} も別のカードを参照しています。すべて記入したカードを指してください。")
        else:
            return referred
        return None

    def _refers_on(self, entries: Entries) -> bool:
        shared = [name for name in ("share_contact", "share_site") if self.entries.get(name)]
        return any(entries.get(name) for name in shared)

    def _block(self, block: Literal["contact", "site"], referred: Referred | None) -> Block | None:
        """⑧, or by ⑦ a copy of the representing card's (IX-CARD-10)."""
        own = _block_as_written(self.entries, block)
        if not self.entries.get(f"share_{block}"):
            return self._own_block(block, own)
        if referred is None or referred.entries is None:
            return None
        number, copied = card_referred_to(self.entries), _block_as_written(referred.entries, block)
        if own not in (Block(), copied):
            self._fault(f"share_{block}", "代表カードと同じとしたうえで、違う内容も記入されています。")
        elif self._gaps(block, copied):
            self._fault("shared_card_serial", f"代表カード {number} の欄⑧がまだ埋まっていません。", "held")
        else:
            return replace(copied, source_card=number)
        return None

    def _gaps(self, block: str, written: Block) -> list[str]:
        """The inputs of the block that the edition wants filled and that are empty."""
        wanted = [row.name for row in self.printed_fields.values() if row.spared_by == f"share_{block}"]
        return [name for name in dict.fromkeys(wanted) if not getattr(written, _part(name))]

    def _own_block(self, block: str, own: Block) -> Block | None:
        before = len(self.faults)
        for name in self._gaps(block, own):
            self._missing(name, f"{FIELDS[name].label}を入力してください。")
        self._check_numbers(block, own)
        if block == "site" and own.address:
            self._check_place(own.address)
        return own if not any(fault.blocks for fault in self.faults[before:]) else None

    def _check_numbers(self, block: str, own: Block) -> None:
        if own.email:
            try:
                validate_email(own.email)
            except ValidationError:
                self._fault(f"{block}_email", f"「{own.email}」はメールアドレスとして読めません。")
        for part, read in (("phone", phones.read), ("postal_code", addresses.postal_code)):
            if text := getattr(own, part):
                try:
                    read(text)
                except ValueError as error:
                    self._fault(f"{block}_{part}", str(error))

    def _place(self, site: Block | None) -> Place | None:
        address = site.address if site else self._text("site_address")
        return place_of(address) if address else None

    def _check_place(self, address: str) -> None:
        match place_of(address):
            case Place.ABROAD:
                self._fault(
                    "site_address",
                    "設置場所は日本国内に限ります。国内の住所を都道府県から入力してください。",
                    clause=_IN_JAPAN,
                )
            case Place.UNCLEAR:
                self._fault("site_address", "都道府県から入力してください。")
            case Place.UNDECIDED:
                self._fault(
                    "site_address",
                    "船舶・大使館・基地などです。登録できるかを担当者が判断します。",
                    "note",
                    clause=_IN_JAPAN,
                )

    def _writer(self, contact: Block | None, site: Block | None) -> Block | None:
        """⑨, or what ⑧ says where a box above it is ticked; contact wins where both say the same (IX-CARD-11)."""
        same = _list(self.entries, "same_writer")
        if not same:
            own = _block_as_written(self.entries, "writer")
            before = len(self.faults)
            if not own.name:
                self._missing(
                    "writer_name", "ご記入者のお名前を入力するか、ご連絡先などと同じ場合は印を付けてください。"
                )
            self._check_numbers("writer", own)
            return own if len(self.faults) == before else None
        if {"contact", "site"} <= set(same):
            if contact and site and (contact.name, contact.phone) != (site.name, site.phone):
                self._fault("same_writer", "ご連絡先と設置場所の担当者が違います。どちらか一方に印を付けてください。")
                return None
            return contact
        return contact if "contact" in same else site

    def _owner(self) -> str:
        """第3章 前文 (IX-SPEC-02): the owner's approval is the customer's to obtain; on paper the customer owns it."""
        owner, name = self._text("owner"), self._text("owner_name")
        if not owner and self.around.online:
            self._missing("owner", "ご購入者が対象機器の所有者かどうかを選んでください。")
        if owner != "other":
            return ""
        if not name:
            self._missing("owner_name", "所有者の名称を入力してください。")
        if not self.entries.get("owner_confirmed"):
            self._missing("owner_confirmed", "所有者の了承を得て、必要な手配が済んだことを確かめてください。")
        return name

    def _personal_numbers(self) -> tuple[bool | None, list[str]]:
        """第4章 9.(2) (IX-MYN-02): a declaration; asked online, and later where the card is paper."""
        answer = self._text("personal_numbers")
        if not answer and self.around.online:
            self._missing("personal_numbers", "個人番号が機器に保存される可能性があるかを選んでください。")
        controls = [one for one in _list(self.entries, "access_controls") if one in {"login", "encryption"}]
        if answer == "yes" and not controls:
            self._fault("access_controls", "個人番号が守られていない間は、サービスを停止することがあります。", "note")
        return {"yes": True, "no": False}.get(answer), controls

    def _masked_prose(self) -> None:
        for name, spec in FIELDS.items():
            if spec.prose and _MASKED.search(self._text(name)):
                self._fault(
                    name,
                    "個人番号とみられる番号を伏せました。個人番号はお預かりできません。",
                    "note",
                    clause="第4章 9.(1)",
                )


def _block_as_written(entries: Entries, block: str) -> Block:
    """The block with its numbers in one form, so that the same data compares equal; what is no number stays."""
    texts = {_part(name): _text(entries, name) for name in FIELDS if name.startswith(f"{block}_")}
    texts["email"] = unicodedata.normalize("NFKC", texts.get("email", "")).replace(" ", "")
    texts["phone"] = phones.formatted(texts["phone"])
    texts["postal_code"] = addresses.formatted(texts.get("postal_code", ""))
    return Block(**texts)


def _part(name: str) -> str:
    """`site_person` → `name`: the part of a block that an input fills."""
    part = name.partition("_")[2]
    return "name" if part == "person" else part


def written(entries: Entries, name: str) -> str:
    """What stands in a field, as people read it: ticks and lists in words."""
    value = entries.get(name)
    if isinstance(value, bool):
        return "はい" if value else ""
    if name == "options":
        names = [f"{line.get('code', '')} {line.get('quantity', '')}".strip() for line in _list(entries, name)]
        return "、".join(filter(None, names))
    return "、".join(CHOICES.get(str(one), str(one)) for one in _list(entries, name) if one)


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


def shown(day: date) -> str:
    """2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"
