"""登録の申請 from a table: a row is the form of a service as its edition asks it, and becomes a received application.

The columns are the fields of the form, and the form itself judges each row (`contracts.assessment`), so that a table
allows what the page allows and refuses what it refuses, with the same words and clauses. Look-ups and writing are for
all rows of a batch at once.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from hoshu import catalog
from hoshu.accounts import grants, organisations
from hoshu.catalog import Edition, FormField
from hoshu.contracts import applications, likeness, queries, serials
from hoshu.contracts import form as forms
from hoshu.contracts.applications import Row
from hoshu.contracts.assessment import Assessment, answer_by, assess_all
from hoshu.contracts.form import MOST_MACHINES, WEEKDAY_NAMES, Entries, Fault
from hoshu.dates import JST
from hoshu.flows.import_customers import tell_namesake
from hoshu.flows.registration import confirmations, open_points, several, stated_by_seller, wake_waiting
from hoshu.imports.batches import SAME, Batch, Remark
from hoshu.imports.columns import (
    CAUTION,
    ERROR,
    Choice,
    Choices,
    Column,
    Counted,
    Day,
    Flag,
    Form,
    Mail,
    Moment,
    Note,
    Number,
    Phone,
    Words,
)
from hoshu.imports.kinds import Kind
from hoshu.japan.names import folded

RECEIVED_AT, MANDATE, GROUP = "row.received_at", "row.mandate", "row.group"
SELLER, REFERENCE = "row.seller", "row.reference"
"""Our own columns; all others have the names of the fields that they fill."""
_NUMBERS = ("licence.serial", "device.serial")
_OF_LICENCE = ("suspected", "licence_used", "card_deadline", "sent_twice", "plan_altered")
"""What stands in the way of a licence, whatever machine it is for."""


def applications_of_every_service() -> list[Kind]:
    """A kind for each service for which one may apply, by the edition that is its newest."""
    newest = (catalog.editions(service)[-1] for service in catalog.services())
    return [_kind(edition) for edition in newest if edition.application is not None]


def _kind(edition: Edition) -> Kind:
    body = forms.field_of(edition, "device.serial")
    about = "1行が、受領した申請1件になります。承諾はしません。受付のお知らせは送りません。"
    return Kind(
        id=f"applications-{edition.service}",
        label=f"登録の申請（{edition.name}）",
        about=about,
        columns=(*_own_columns(edition), *_columns(edition)),
        key=(_key_of(edition),),
        check=partial(_check, edition),
        write=partial(_write, edition),
        single=body.name if body and body.name != _key_of(edition) else "",
        together=GROUP if forms.machine_fields(edition) else "",
    )


def _key_of(edition: Edition) -> str:
    """The column that says what a row is about: the number of its licence, else of its machine, else of the sender."""
    found = [at.name for fills in _NUMBERS if (at := forms.field_of(edition, fills))]
    return found[0] if found else REFERENCE


def _own_columns(edition: Edition) -> Iterator[Column]:
    yield Column(
        name=RECEIVED_AT,
        label="届いた日時",
        form=Moment(),
        required=True,
        example="2026/11/20 10:00",
        hint="申請が届いた日時。回答の期限は、この日から数えます。",
        also=("到着日時", "受付日時"),
    )
    yield Column(
        name=MANDATE,
        label="同意の根拠",
        form=Words(200),
        required=True,
        example="2026年11月20日のメールで同意",
        hint="申し込む方が約款などに同意したことを、何で確かめたか。",
    )
    if edition.application is not None and edition.application.through is not None:
        yield Column(
            name=SELLER,
            label="販売店",
            form=Words(120),
            required=True,
            example="株式会社みなと町販売",
            hint="申し込みを受けた販売店。会社名が同じ、担当のお客様の申請にします。",
            asks=f"販売店を入力してください（{edition.application.through.clause}）。",
        )
    if _key_of(edition) == REFERENCE:
        yield Column(
            name=REFERENCE,
            label="お手元の申込番号",
            form=Words(60),
            required=True,
            example="M-2026-0012",
            hint="申し込みごとに違う番号。同じ番号の行は、2回登録しません。",
        )
    if forms.machine_fields(edition):
        yield Column(
            name=GROUP,
            label="受付のまとまり",
            form=Words(40),
            example="A-1",
            hint="1つの申請に機器が何台もあるとき、続けて並べた行に同じ文字を書きます。空欄は、1行で1つの申請です。",
        )


def _columns(edition: Edition) -> Iterator[Column]:
    """The fields of the form, each as a column."""
    steps = {step.id: step.title for step in edition.form_step}
    labels = {at.name: at.label for at in edition.card_field}
    used: set[str] = set()
    for at in forms.inputs(edition, staff=True):
        label = f"{steps.get(at.screen, '')}の{at.label}" if at.label in used else at.label
        used.add(at.label)
        must = at.required in ("always", "beside", "online", "printed") and not at.spared_by
        must = must or (bool(edition.application and edition.application.through) and _by_seller(edition, at))
        asked = at.asks or f"{at.label}を{'選んで' if at.choice else '入力して'}ください。"
        example = at.example or next(iter(at.codes.values()), "はい" if at.kind == "tick" else "")
        yield Column(
            name=at.name,
            label=label,
            form=_form(at),
            required=must,
            asks=f"{asked}（{at.clause}）",
            example=example,
            hint=" ".join(filter(None, (at.hint, _when(at, labels)))),
            also=(at.short,) if at.short and at.short not in labels.values() and _is_alone(edition, at) else (),
        )


def _by_seller(edition: Edition, at: FormField) -> bool:
    """MM-FLW-03, MM-BIL-02: must the seller state it before the form counts as received?"""
    return at.fills == forms.PAYMENT or bool(
        edition.coverage and at.by == "seller" and at.fills in edition.coverage.required
    )


def _is_alone(edition: Edition, at: FormField) -> bool:
    return sum(each.short == at.short for each in edition.card_field) == 1


def _when(at: FormField, labels: Mapping[str, str]) -> str:
    """When the field must be filled, where that depends on another."""
    if at.spared_by:
        return f"「{labels[at.spared_by]}」のときのほかは、必ず入力します。"
    if at.required == "run_of_days":
        return "週5日のプランのとき、必ず入力します。"
    named = "」か「".join(labels[name] for name in at.wanted_with if name in labels)
    return f"「{named}」を入力したときは、必ず入力します。" if named else ""


def _form(at: FormField) -> Form:
    """How the cells of a field are read."""
    words = {name: code for code, name in at.codes.items()}
    match at.kind:
        case "date":
            return Day()
        case "serial":
            return Number(serials.normalise, longest=min(at.longest, 40))
        case "mail":
            return Mail(at.longest)
        case "phone":
            return Phone(at.longest)
        case "choice":
            return Choice(words, "選択肢")
        case "choices":
            return Choices(words, "選択肢")
        case "weekday":
            return Choice({name: code for code, name in WEEKDAY_NAMES.items()}, "曜日")
        case "tick":
            return Flag()
        case "options":
            return Counted()
        case _:
            return Words(at.longest, printed=at.kind in ("text", "address"))


def _entry(at: FormField, value: Any) -> Any:
    """What a form holds of a field whose cell was read."""
    match at.kind:
        case "date":
            return f"{value:%Y/%m/%d}"
        case "choices":
            return list(value)
        case "weekday":
            return [value]
        case "options":
            return [{"code": code, "quantity": quantity} for code, quantity in value]
        case _:
            return value


@dataclass(frozen=True, eq=False)
class _Owner:
    """Whose an application is, or why that cannot be said: column, title and text of a refusal."""

    tenant_id: int | None = None
    reseller_id: int | None = None
    namesake: Any = None
    refusal: tuple[str, str, str] | None = None


@dataclass(frozen=True, eq=False)
class _Arrived:
    """An application as it arrived: when, under which terms, and whose it is."""

    at: datetime
    on: date
    edition: Edition
    owner: _Owner


@dataclass(frozen=True, eq=False)
class _Judged:
    """One application, judged for all of its sort: what is said of each, and of one whose form is about no other."""

    assessment: Assessment
    said: Remark
    miscounted: Sequence[Fault]


def _check(edition: Edition, batch: Batch, now: datetime) -> None:
    _Judge(edition, batch, now).judge()


def _write(edition: Edition, batch: Batch, now: datetime) -> None:
    judge = _Judge(edition, batch, now)
    judged = judge.judge()
    rows = judge.rows(judged)
    made = applications.receive(rows, now=now)
    for place, application in zip(judged, made, strict=True):
        batch.became(place, application.number)
    wake_waiting({card for place in judged if (card := judge.cards[place])}, now=now)


@lru_cache(maxsize=1_000)
def _answer_by(service: str, edition: str, received_on: date) -> date | None:
    return answer_by(service=service, edition=edition, received_on=received_on)


class _Judge:
    """Judges the rows of one batch: what each would become, or all that is missing or wrong in it."""

    def __init__(self, edition: Edition, batch: Batch, now: datetime) -> None:
        self.edition, self.batch, self.now = edition, batch, now
        self.today = now.astimezone(JST).date()
        self.fields = {at.name: at for at in forms.inputs(edition, staff=True)}
        self.key = _key_of(edition)
        self.machines = forms.machine_fields(edition)
        card = forms.field_of(edition, "licence.serial")
        self.cards = self._column(card.name if card else "")
        self.arrived: dict[int, _Arrived] = {}

    def judge(self) -> dict[int, _Judged]:
        """The rows that can be received, by their place; of all others it is said why not."""
        places = [place for place in range(len(self.batch.lines)) if self._is_readable(place)]
        self.arrived = self._arrivals(places)
        known = self._known(places)
        judged = self._judged([place for place in self.arrived if place not in known])
        for place, one in judged.items():
            if (before := self.batch.remarks.get(self.batch.lines[place])) is None:
                self.batch.say(place, one.said)
            else:
                self._tell(before, one.assessment)
        self._tell_of_groups(judged)
        return {place: judged[place] for place in self.batch.open() if place in judged}

    def rows(self, judged: Mapping[int, _Judged]) -> list[Row]:
        """Those that can be received, as applications."""
        stock = queries.stock_of_cards({card for place in judged if (card := self.cards[place])})
        return [self._row(place, one.assessment, stock) for place, one in judged.items()]

    def _row(self, place: int, found: Assessment, stock: Mapping[str, queries.Card]) -> Row:
        one, entries, card = self.arrived[place], self._entries(place), stock.get(self.cards[place])
        key, fingerprint = self._identity(place, entries)
        assert found.edition.application is not None
        optional = {item.id for item in found.edition.application.confirmation if item.optional}
        return Row(
            service=found.edition.service,
            edition=found.edition.edition,
            entries=entries,
            received_at=one.at,
            answer_by=_answer_by(found.edition.service, found.edition.edition, one.on),
            tenant_id=one.owner.tenant_id,
            reseller_id=one.owner.reseller_id,
            licence_id=card.id if card else None,
            group=(self.batch[GROUP][place] if forms.machine_fields(found.edition) else None) or "",
            confirmed=[item for item in confirmations([found]) if item not in optional],
            mandate=self.batch[MANDATE][place],
            table_key=key,
            table_print=fingerprint,
            note=f"表の取り込みで受け付けました（{self.batch.lines[place]}行目）。",
        )

    def _column(self, name: str) -> Sequence[Any]:
        return self.batch[name] if name else [None] * len(self.batch.lines)

    def _is_readable(self, place: int) -> bool:
        """Is it worth telling everything about the row? Not where it is there already, or shifted by a column."""
        remark = self.batch.remarks.get(self.batch.lines[place])
        if remark is None:
            return True
        return remark.verdict != SAME and not any(level == ERROR and not heading for level, heading, *_ in remark.notes)

    def _entries(self, place: int) -> dict[str, Any]:
        read = ((name, at, self.batch[name][place]) for name, at in self.fields.items())
        return {name: _entry(at, value) for name, at, value in read if value not in (None, "", False)}

    def _identity(self, place: int, entries: Entries) -> tuple[str, str]:
        """What the row is about, and the fingerprint of what it says."""
        own = [self.batch[RECEIVED_AT][place], self.batch[SELLER][place] if self.key == REFERENCE else ""]
        said = json.dumps([*map(str, own), entries], ensure_ascii=False, sort_keys=True)
        return self._about(place), hashlib.sha256(said.encode()).hexdigest()

    def _about(self, place: int) -> str:
        return f"{self.edition.service} {self.batch[self.key][place]}"

    # When it arrived, and whose it is

    def _arrivals(self, places: Sequence[int]) -> dict[int, _Arrived]:
        """The rows for whose day terms are known."""
        moments, owners = self.batch[RECEIVED_AT], self._owners(places)
        known: dict[tuple[datetime, _Owner], _Arrived] = {}
        arrivals: dict[int, _Arrived] = {}
        for place, owner in zip(places, owners, strict=True):
            moment = moments[place] or self.now
            if moment > self.now:
                text = "届いた日時が未来になっています。届いた日時を入力してください。"
                self.batch.refuse(place, RECEIVED_AT, "未来の日時", text)
                moment = self.now
            if (arrived := known.get((moment, owner))) is None:
                on = moment.astimezone(JST).date()
                edition = catalog.edition_on(self.edition.service, on)
                arrived = known[moment, owner] = _Arrived(moment, on, edition, owner)
            if arrived.edition.application is None:
                text = "この日に効力のある約款がありません。届いた日時を確かめてください。"
                self.batch.refuse(place, RECEIVED_AT, "約款のない日時", text)
                continue
            arrivals[place] = arrived
            if owner.namesake is not None:
                tell_namesake(self.batch, place, self._contact("company"), owner.namesake)
            if owner.refusal and (owner.refusal[0] == SELLER or not self._has_error(place, owner.refusal[0])):
                self.batch.refuse(place, *owner.refusal)
        return arrivals

    def _owners(self, places: Sequence[int]) -> list[_Owner]:
        """Whose each row is, found once for each name, number and seller that stand in the rows."""
        names, phones = self._column(self._contact("company")), self._column(self._contact("phone"))
        known = organisations.customers_called({folded(name) for name in {*names} if name})
        if self.edition.application and self.edition.application.through:
            sellers, find = self.batch[SELLER], self._through(known)
        else:
            sellers, find = self._column(""), partial(self._directly, known)
        owners = {written: find(*written) for written in {*zip(names, phones, sellers, strict=True)}}
        return [owners[names[place], phones[place], sellers[place]] for place in places]

    def _directly(self, known: Mapping[str, Sequence[Any]], name: str | None, phone: str | None, _: None) -> _Owner:
        """The customer, where name and telephone number fit exactly one."""
        alike = known.get(folded(name), ()) if name else ()
        fitting = [one for one in alike if organisations.twin_of(name=name or "", phone=phone or "", among=[one])]
        return _Owner(
            tenant_id=fitting[0].pk if len(fitting) == 1 else None,
            namesake=alike[0] if alike and not fitting else None,
        )

    def _contact(self, part: str) -> str:
        """The column of the customer's name or number."""
        for party in ("contact", "administrator"):
            if (company := forms.field_of(self.edition, f"{party}.company")) and company.required == "always":
                at = forms.field_of(self.edition, f"{party}.{part}")
                return at.name if at else company.name
        at = forms.field_of(self.edition, f"contact.{part}")
        return at.name if at else ""

    def _through(self, known: Mapping[str, Sequence[Any]]) -> Callable[[str | None, str | None, str | None], _Owner]:
        """MM-SUP-03: one applies through a seller who looks after the customer."""
        assert self.edition.application is not None
        assert self.edition.application.through is not None
        clause = self.edition.application.through.clause
        resellers = {folded(one.name): one for one in organisations.search("", kind="reseller")}
        sold = grants.sold_by({one.pk for one in resellers.values()}, on=self.today)

        def find(name: str | None, phone: str | None, written: str | None) -> _Owner:
            if not written:
                return _Owner()
            if (seller := resellers.get(folded(written))) is None:
                text = f"販売店「{written}」は登録されていません。名称を確かめてください（{clause}）。"
                return _Owner(refusal=(SELLER, "ない販売店", text))
            alike = known.get(folded(name), ()) if name else ()
            own = [one for one in alike if (seller.pk, one.pk) in sold]
            if len(own) == 1:
                return _Owner(tenant_id=own[0].pk, reseller_id=seller.pk)
            text = f"{seller.name}が担当するお客様の中に、この名称のお客様がいません。"
            if own:
                text = f"{seller.name}が担当するお客様の中に、この名称のお客様が何社もあります。"
            text += f"先に、お客様と担当の販売店を登録してください（{clause}）。"
            return _Owner(reseller_id=seller.pk, refusal=(self._contact("company"), "担当の決まっていないお客様", text))

        return find

    # What is there already

    def _known(self, places: Iterable[int]) -> set[int]:
        """The places of rows about what came in before; one that says something else of an open one is refused."""
        keys = self.batch[self.key]
        about = {place: self._about(place) for place in places if keys[place]}
        kept = queries.from_tables({*about.values()})
        found: set[int] = set()
        for place in [place for place, one in about.items() if one in kept] if kept else ():
            before, entries = kept[about[place]], self._entries(place)
            _, fingerprint = self._identity(place, entries)
            twin = next((one for one in before if one.table_print == fingerprint), None)
            waiting = next((one for one in before if one.state in queries.WAITING_STATES), None)
            if twin is not None:
                self.batch.already(place, twin.number)
                found.add(place)
            elif waiting is not None:
                names = [name for name in self.fields if entries.get(name) != waiting.first_entries.get(name)]
                differs = "、".join(map(self.batch.label, names)) or self.batch.label(RECEIVED_AT)
                text = f"申請 {waiting.number} として受け付けていて、次の内容が違います: {differs}。"
                text += "直すときは、その申請の画面で直してください。"
                self.batch.refuse(place, self.key, "受け付けと違う申請", text)
                found.add(place)
        return found

    # What is missing or wrong

    def _judged(self, places: Sequence[int]) -> dict[int, _Judged]:
        """Each row, judged once for all of its sort."""
        alike: dict[Hashable, list[int]] = {}
        for edition in {self.arrived[place].edition for place in places}:
            under = [place for place in places if self.arrived[place].edition is edition]
            sorts = likeness.sorts(
                edition,
                {name: [*map(self.batch[name].__getitem__, under)] for name in self.fields},
                [self.arrived[place].on for place in under],
                [self.arrived[place].owner.tenant_id for place in under],
            )
            for place, sort in zip(under, sorts, strict=True):
                alike.setdefault((edition, sort), []).append(place)
        first = {each[0]: self._entries(each[0]) for each in alike.values()}
        found = assess_all([(self._application(place), entries) for place, entries in first.items()], now=self.now)
        judged: dict[int, _Judged] = {}
        for each, assessment in zip(alike.values(), found, strict=True):
            self._tell(said := Remark(), assessment)
            entries = first[each[0]]
            miscounted = [fault for _, fault in several(self.edition, entries, [entries])]
            judged |= dict.fromkeys(each, _Judged(assessment, said, miscounted))
        return {place: judged[place] for place in places}

    def _application(self, place: int) -> Any:
        """The row as an application that is not there yet."""
        one = self.arrived[place]
        application = applications.not_yet(service=one.edition.service, edition=one.edition.edition, received_at=one.at)
        application.tenant_id, application.reseller_id = one.owner.tenant_id, one.owner.reseller_id
        return application

    def _tell(self, remark: Remark, assessment: Assessment) -> None:
        faults = open_points(assessment)
        for fault in faults:
            self._refuse(remark, fault)
        for fault in assessment.form.faults:
            if fault not in faults:
                text = _said(fault.message, fault.clause)
                self._note(remark, self._shown_at(fault.field), Note(CAUTION, "確かめる記入", text))
        terms = assessment.edition.application
        if terms is not None and terms.taken_in_by == "seller":
            for message, clause in stated_by_seller(assessment):
                if not any(text.startswith(message) for *_, text in remark.notes):
                    self._note(remark, "", Note(ERROR, "販売店の確認", _said(message, clause)))
        told = {fault.message for fault in faults}
        for hold in assessment.holds:
            if hold.message not in told:
                number = hold.application or hold.agreement
                about = f"（{number}）" if number else ""
                text = _said(f"{hold.message}{about}", hold.clause)
                at = forms.field_of(self.edition, _NUMBERS[0] if hold.code in _OF_LICENCE else _NUMBERS[1])
                self._note(remark, at.name if at else "", Note(CAUTION, "承諾の前に決めること", text))

    def _refuse(self, remark: Remark, fault: Fault) -> None:
        """Say it, unless the cell itself has been told to be unreadable."""
        column = self._shown_at(fault.field)
        if not self._tells_error(remark, column):
            title = "足りない記入" if fault.kind == "missing" else "直す記入"
            self._note(remark, column, Note(ERROR, title, _said(fault.message, fault.clause)))

    def _note(self, remark: Remark, column: str, note: Note) -> None:
        remark.add(self.batch.label(column) if column else "", note)

    def _shown_at(self, field: str) -> str:
        return field if field in self.fields else ""

    def _has_error(self, place: int, column: str) -> bool:
        remark = self.batch.remarks.get(self.batch.lines[place])
        return remark is not None and self._tells_error(remark, column)

    def _tells_error(self, remark: Remark, column: str) -> bool:
        label = self.batch.label(column) if column else ""
        return any(
            level == ERROR and heading == label and title not in ("足りない記入", "直す記入")
            for level, heading, title, _ in remark.notes
        )

    # What belongs together

    def _tell_of_groups(self, judged: Mapping[int, _Judged]) -> None:
        """ADR 15: a form about several machines is right as a whole, or nothing of it is sent."""
        groups: dict[str, list[int]] = {}
        for place, words in enumerate(self.batch[GROUP] if self.machines else ()):
            if words:
                groups.setdefault(words, []).append(place)
        for places in groups.values():
            if len(places) > 1:
                self._tell_what_differs(places)
                self._tell_of_machines(places, judged)
                self._all_or_none(places)
        together = {place for places in groups.values() if len(places) > 1 for place in places}
        for place, one in judged.items():
            if one.miscounted and place not in together:
                for fault in one.miscounted:
                    self._refuse(self.batch.remark(place), fault)

    def _tell_what_differs(self, places: Sequence[int]) -> None:
        """What all machines of a form share stands in each of their rows alike."""
        shared = [RECEIVED_AT, MANDATE, *(name for name in self.fields if name not in self.machines)]
        differing = [name for name in shared if len({self.batch[name][place] for place in places}) > 1]
        first = self.batch.lines[places[0]]
        for place in places if differing else ():
            listed = "、".join(map(self.batch.label, differing))
            text = f"同じまとまり（{first}行目から）の中で、次の内容が違います: {listed}。同じにしてください。"
            self.batch.refuse(place, GROUP, "まとまりの中の違い", text)

    def _tell_of_machines(self, places: Sequence[int], judged: Mapping[int, _Judged]) -> None:
        if len(places) > MOST_MACHINES:
            text = f"1つのまとまりは{MOST_MACHINES}行までです（いま{len(places)}行）。分けてください。"
            for place in places:
                self.batch.refuse(place, GROUP, "多すぎる機器", text)
            return
        machines = [(place, self._entries(place)) for place in places if place in judged]
        if not machines:
            return
        for nth, fault in several(self.edition, machines[0][1], [entries for _, entries in machines]):
            for place in [machines[nth - 1][0]] if nth else [place for place, _ in machines]:
                self._refuse(self.batch.remark(place), fault)

    def _all_or_none(self, places: Sequence[int]) -> None:
        """One faulty machine keeps the whole form back, as on the page."""
        remarks = {place: self.batch.remarks.get(self.batch.lines[place]) for place in places}
        faulty = [place for place, remark in remarks.items() if remark and remark.is_closed and remark.verdict != SAME]
        if faulty:
            text = f"同じまとまりの{self.batch.lines[faulty[0]]}行目に誤りがあります。直すと、まとめて登録できます。"
            for place, remark in remarks.items():
                if remark is None or not remark.is_closed:
                    self.batch.refuse(place, GROUP, "まとまりの中の誤り", text)


def _said(message: str, clause: str) -> str:
    return f"{message}（{clause}）" if clause else message
