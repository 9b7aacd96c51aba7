"""変更の内容: what a change request would do to an agreement, line by line, and what the terms say about each kind.

The registered content is the edition's own form, filled; what is typed differently is a change (RC-GEN-08). Reads only:
the screens ask it while somebody types, and each step asks it once more.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hoshu import catalog, terms
from hoshu.catalog import PARTIES, FormField
from hoshu.contracts import consents, queries
from hoshu.contracts import form as forms
from hoshu.contracts.form import Entries, Fault, Printed, Surroundings
from hoshu.contracts.models import Agreement, ChangeRequest, Revision
from hoshu.dates import JST, read_date
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.japan.addresses import Place, place_of

_OF_CONTACT = {
    "company": "company_name",
    "phone": "phone",
    "fax": "phone",
    "postal_code": "address",
    "address": "address",
}
"""MM-CHG-02: the parts of the contact that the terms may tell apart; the others are the contact itself."""
_OF_PARTY = {"site": "site", "delivery": "site", "alarm": "addressees"}
TRANSFER = "transfer"
FURTHER = "further"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field, or one option, that changes: in words what stands there and what it shall be."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is asked of one kind, with the answer of the terms; without one, a person decides."""

    kind: str
    name: str
    lines: Sequence[Line]
    allowed: bool | None
    says: str
    clause: str
    answer: Answer | None = None

    @property
    def late(self) -> bool:
        """Did it arrive after the last day for its notice? Late is never refused (IX-CHG-02)."""
        return self.answer is not None and self.answer.values.get("in_time") is False

    @property
    def notify_by(self) -> date | None:
        return self._day("notify_by")

    @property
    def earliest_safe(self) -> date | None:
        return self._day("earliest_safe")

    def _day(self, name: str) -> date | None:
        text = self.answer.values.get(name) if self.answer else None
        return date.fromisoformat(text) if text else None

    @property
    def consequence(self) -> str:
        """What being late means, as the terms say it."""
        return _last(self.answer)["text"] if self.answer and self.late else ""

    @property
    def late_clause(self) -> str:
        return _last(self.answer)["clause"] if self.answer and self.late else ""


def part_of(parts: Iterable[Part], kind: str) -> Part | None:
    """What is asked of one kind; None where nothing is."""
    return next((part for part in parts if part.kind == kind), None)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change request as it stands: what it changes, what of it is possible, and what is still to be filled."""

    edition: catalog.Edition
    plan: catalog.Plan
    revision: Revision
    """The revision in force on the day of the change, which it would follow."""
    fields: Sequence[FormField]
    """The fields whose content may be changed."""
    registered: Entries
    entries: Entries
    """The registered content with the changes."""
    parts: Sequence[Part]
    faults: Sequence[Fault]
    requested: date
    effective: date | None
    """The day that was asked for; None while it is not, or unreadable."""
    options: Sequence[Mapping[str, Any]] | None
    """The options after the change; None where they stay as they are."""

    @property
    def possible(self) -> list[Part]:
        """What the terms allow, or leave to a person."""
        return [part for part in self.parts if part.allowed is not False]

    @property
    def refused(self) -> list[Part]:
        return [part for part in self.parts if part.allowed is False]

    @property
    def late(self) -> bool:
        return self.effective is not None and any(part.late for part in self.possible)

    def of(self, name: str) -> list[Fault]:
        """The faults of one field."""
        return [fault for fault in self.faults if fault.field == name]

    @property
    def blocking(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.blocks]

    @property
    def weekday(self) -> str:
        """開始基準曜日 after the change."""
        at = forms.field_of(self.edition, "start_weekday")
        chosen = self.entries.get(at.name) if at else None
        return next(iter(chosen or []), "")

    def changed(self, name: str) -> bool:
        return any(line.field == name for part in self.parts for line in part.lines)

    def stored(self) -> list[dict[str, Any]]:
        """The parts as the request keeps them."""
        return [
            {
                "kind": part.kind,
                "name": part.name,
                "allowed": part.allowed,
                "says": part.says,
                "clause": part.clause,
                "late": part.late,
                "lines": [{"label": line.label, "before": line.before, "after": line.after} for line in part.lines],
            }
            for part in self.parts
        ]


def _last(answer: Answer) -> Mapping[str, str]:
    """The last reason that says something of its own."""
    return next(reason for reason in reversed(answer.reasons) if not reason["text"].endswith(terms.SAYS_THE_SAME))


def kind_of(at: FormField) -> str | None:
    """Which kind of change the terms take a field for; None for what no change is about (the licence, the machine)."""
    party, _, part = at.fills.partition(".")
    if party in PARTIES and part:
        return _OF_PARTY.get(party) or (_OF_CONTACT.get(part) if party == "contact" else None) or "contact"
    if at.fills in ("options", "start_weekday"):
        return at.fills
    if at.fills or at.kind == "secret" or at.required == "printed" or at.by != "applicant":
        return None
    # A mail address of no party: whom the service tells of something.
    return "addressees" if at.kind == "mail" else "other"


def kind_name(kind: str, edition: catalog.Edition) -> str:
    """What people call a kind of change."""
    return terms.code_label("change", "kind", kind, edition) or "登録の内容"


def changeable(edition: catalog.Edition, plan: catalog.Plan) -> list[FormField]:
    """The fields that may be filled anew: those of a kind that the terms allow, or leave to a person."""
    return [
        at
        for at in edition.card_field
        if (kind := kind_of(at)) is not None and _may_be(kind, edition, plan) is not False
    ]


def impossible(edition: catalog.Edition, plan: catalog.Plan) -> list[tuple[str, str]]:
    """The kinds (code, name) that the terms refuse: they can be asked for, and are answered with their clause."""
    kinds = [kind.kind for kind in edition.change.kind] if edition.change else []
    refused = [kind for kind in kinds if _may_be(kind, edition, plan) is False and kind != "other"]
    if edition.transfer is not None and TRANSFER not in refused:
        refused.append(TRANSFER)
    return [(kind, kind_name(kind, edition)) for kind in refused]


def _may_be(kind: str, edition: catalog.Edition, plan: catalog.Plan) -> bool | None:
    """Whether inputs are offered for a kind; the answer itself comes from the terms."""
    known = {each.kind: each for each in edition.change.kind} if edition.change else {}
    if (found := known.get(kind)) is None:
        # Whatever `[change]` does not know may be put right where the terms let people correct what is registered.
        return None if edition.application and edition.application.correction else False
    return found.allowed and (not found.run_of_days_only or edition.has_start_weekday(plan))


def registered(revision: Revision, edition: catalog.Edition) -> dict[str, Any]:
    """The content of a revision as entries of the edition's form."""
    parties = {party.kind: party for party in revision.parties.all()}
    found: dict[str, Any] = {}
    for at in edition.card_field:
        party, _, part = at.fills.partition(".")
        if party in PARTIES and part:
            found[at.name] = getattr(parties.get(party), part, "")
        elif at.fills == "start_weekday":
            found[at.name] = [revision.start_weekday] if revision.start_weekday else []
        elif at.fills == "options":
            found[at.name] = [dict(line) for line in revision.options]
        elif at.name in revision.content:
            found[at.name] = revision.content[at.name]
    return found


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of an agreement before a change, read for many at once (see `shared_changes`)."""

    consents: Sequence[tuple[date, str]]
    """(first day, edition) of each, in order."""
    revisions: Sequence[Revision]
    """With their parties, those of the latest day first."""


def propose(
    request: ChangeRequest,
    *,
    now: datetime,
    entries: Entries | None = None,
    said: Mapping[str, Any] | None = None,
    only: Iterable[str] | None = None,
    standing: Standing | None = None,
) -> Proposal:
    """What `request` comes to at `now`, with `entries` and `said` in place of the stored ones while somebody types.

    `only` keeps the fields of these kinds of change. Without `standing` it is read.
    """
    return _Proposer(
        request,
        request.entries if entries is None else entries,
        request.said if said is None else said,
        now,
        None if only is None else {*only},
        standing,
    ).result()


class _Proposer:
    def __init__(
        self,
        request: ChangeRequest,
        entries: Entries,
        said: Mapping[str, Any],
        now: datetime,
        only: set[str] | None,
        standing: Standing | None,
    ) -> None:
        self.request, self.agreement, self.said, self.only = request, request.agreement, said, only
        self.today = now.astimezone(JST).date()
        self.requested = request.received_on or self.today
        self.faults: list[Fault] = []
        agreed = (
            consents.edition_on(standing.consents, self.today) or self.agreement.edition
            if standing
            else consents.edition_of(self.agreement, on=self.today)
        )
        self.edition = catalog.edition(self.agreement.service, agreed)
        self.plan = self.edition.plan_of(self.agreement.plan)
        self.fields = changeable(self.edition, self.plan)
        self.effective = self._effective()
        self._entered()
        day = max(self.effective or self.today, self.today)
        self.revision = (
            queries.in_force(standing.revisions, day) if standing else queries.revision_on(self.agreement, day)
        )
        self.registered = registered(self.revision, self.edition)
        self.typed = {at.name: entries[at.name] for at in self.fields if at.name in entries and self._wanted(at)}

    def _wanted(self, at: FormField) -> bool:
        return self.only is None or kind_of(at) in self.only

    def result(self) -> Proposal:
        lines: dict[str, list[Line]] = {}
        for at in self.fields:
            if at.name in self.typed and at.fills != "options" and (line := self._line(at)) is not None:
                lines.setdefault(str(kind_of(at)), []).append(line)
        parts, options = [], None
        for kind, found in lines.items():
            parts.append(self._part(kind, found, self._facts_of(kind)))
        if (at := forms.field_of(self.edition, "options")) is not None and self.typed.get(at.name):
            part, options = self._options(at)
            if part is not None:
                parts.append(part)
        parts += [self._wish(kind) for kind in self.said.get("wishes", ())]
        if self.said.get("further_machines"):
            parts.append(self._further())
        merged = self._merged(options)
        self._check(merged, {line.field for part in parts for line in part.lines})
        order = [kind.kind for kind in self.edition.change.kind] if self.edition.change else []
        return Proposal(
            edition=self.edition,
            plan=self.plan,
            revision=self.revision,
            fields=self.fields,
            registered=self.registered,
            entries=merged,
            parts=sorted(parts, key=lambda part: order.index(part.kind) if part.kind in order else len(order)),
            faults=self.faults,
            requested=self.requested,
            effective=self.effective,
            options=options,
        )

    # ---- what is said about the change itself

    def _effective(self) -> date | None:
        written = str(self.said.get("effective", "")).strip()
        needs_day = self.edition.change is not None and self.edition.change.notice is not None
        if not written:
            if needs_day:
                assert self.edition.change is not None
                assert self.edition.change.notice is not None
                clause = self.edition.change.notice.clause
                self._fault("effective", "変更日", "変更日を入力してください。", clause, kind="missing")
            return None if needs_day else self.today
        try:
            return read_date(written)
        except ValueError as error:
            self._fault("effective", "変更日", str(error), "")
            return None

    def _entered(self) -> None:
        """IX-CHGF-01: the day on which a card was written; one without it is taken in and asked about."""
        if self.request.channel not in (ChangeRequest.Channel.EMAIL, ChangeRequest.Channel.POST):
            return
        at = next((at for at in self.edition.change_field if at.name == "entry_date"), None)
        written = str(self.said.get("entered", "")).strip()
        if at is None:
            return
        if not written:
            self._fault("entered", at.label, "記入日がありません。ご記入者に確かめてください。", at.clause, kind="note")
            return
        try:
            day = read_date(written)
        except ValueError as error:
            self._fault("entered", at.label, str(error), at.clause)
            return
        if day > self.requested:
            self._fault("entered", at.label, "記入日が、届いた日より後です。日付を確かめてください。", at.clause)

    def _fault(self, name: str, label: str, message: str, clause: str, *, kind: forms.Kind = "wrong") -> None:
        self.faults.append(
            Fault(field=name, number="", label=label, message=message, clause=clause, example="", kind=kind)
        )

    # ---- fields

    def _line(self, at: FormField) -> Line | None:
        """The change of a field, or None where the same is written in another way."""
        before, after = self.registered.get(at.name), self.typed[at.name]
        if isinstance(after, str):
            after = forms.in_one_form(at, after.strip())
        if (after or "") == (before or "") or (not after and not before):
            return None
        named = [forms.written({at.name: value}, at) for value in (before, after)]
        return Line(field=at.name, label=at.label, before=named[0], after=named[1])

    def _merged(self, options: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
        merged = {**self.registered}
        for at in self.fields:
            if at.name not in self.typed:
                continue
            if at.fills == "options":
                merged[at.name] = list(options if options is not None else self.registered.get(at.name, []))
            else:
                value = self.typed[at.name]
                merged[at.name] = forms.in_one_form(at, value.strip()) if isinstance(value, str) else value
        return merged

    def _check(self, merged: Entries, changed: set[str]) -> None:
        """MM-CHG-02: what changes must be as sound as on the first day; what stays is not judged again."""
        around = Surroundings(
            printed=Printed(
                card_serial="",
                service=self.edition.service,
                plan=self.plan.id,
                deadline=None,
                registers_options=True,
                needs_weekday=self.edition.has_start_weekday(self.plan),
            ),
            options={line["code"]: line["name"] for line in merged.get(self._options_name(), [])},
        )
        entries = {
            name: [{**line, "quantity": str(line["quantity"])} for line in value]
            if name == self._options_name()
            else value
            for name, value in merged.items()
        }
        read = forms.read(entries, edition=self.edition, around=around, today=self.today)
        for fault in read.faults:
            at = next(at for at in self.edition.card_field if at.name == fault.field)
            # A site abroad is answered by the terms of the change, and the rest of it goes on (IX-CHG-03).
            abroad = at.fills == "site.address" and place_of(str(merged.get(at.name, ""))) is Place.ABROAD
            if fault.field in changed and at.fills != "options" and not abroad:
                self.faults.append(fault)

    def _options_name(self) -> str:
        at = forms.field_of(self.edition, "options")
        return at.name if at else ""

    # ---- asking the terms

    def _facts_of(self, kind: str) -> dict[str, Any]:
        if kind == "site":
            at = forms.field_of(self.edition, "site.address")
            address = str(self.typed.get(at.name, "")) if at else ""
            # A ship or an embassy is neither: a person decides (IX-CHG-03).
            known = {Place.ABROAD: False, Place.JAPAN: True, Place.UNCLEAR: True}
            return {"new_site_in_japan": known.get(place_of(address)) if address.strip() else None}
        if kind == "company_name":
            same = {"yes": True, "no": False}
            return {"new_legal_entity": same.get(self.said.get("new_legal_entity", ""))}
        return {}

    def _part(self, kind: str, lines: Sequence[Line], facts: Mapping[str, Any]) -> Part:
        name, known = kind_name(kind, self.edition), self.edition.change
        if known is None or kind not in {each.kind for each in known.kind}:
            application = self.edition.application
            ground = application.correction if application else None
            text = "登録内容の訂正として承ります。担当者が確かめて反映します。"
            return Part(
                kind=kind, name=name, lines=lines, allowed=None, says=text, clause=ground.clause if ground else ""
            )
        day = (self.effective or self.today).isoformat()
        stated = {"kind": kind, "requested": self.requested.isoformat(), "effective": day, **facts}
        taken = {*known.required, *known.optional}
        answer = record.ask(
            {
                **self._asked("change"),
                "facts": {one: value for one, value in stated.items() if one in taken and value is not None},
            }
        )
        reason = self._telling(answer)
        allowed: bool | None = answer.values["allowed"]
        if allowed and kind == "site" and facts.get("new_site_in_japan", True) is None and "new_site_in_japan" in taken:
            allowed = None
        return Part(
            kind=kind,
            name=name,
            lines=lines,
            allowed=allowed,
            says=reason["text"],
            clause=reason["clause"],
            answer=answer,
        )

    def _asked(self, topic: str) -> dict[str, Any]:
        return {
            "ask": topic,
            "service": self.edition.service,
            "edition": self.edition.edition,
            "plan": self.plan.id,
        }

    @staticmethod
    def _telling(answer: Answer) -> Mapping[str, str]:
        """Of a refusal the sentence that says why, which is the last; else the first."""
        return answer.reasons[0] if answer.values["allowed"] else _last(answer)

    def _wish(self, kind: str) -> Part:
        """IX-CHG-04, MM-CND-08: what has no field to fill is asked for by its name."""
        if kind != TRANSFER or self.edition.transfer is None:
            return self._part(kind, (), {})
        stated = {
            "effective": (self.effective or self.today).isoformat(),
            "consent": self._read_day("consent_on"),
            "consent_written": {"yes": True, "no": False}.get(self.said.get("consent_written", "")),
            "by_law": True if self.said.get("by_law") else None,
        }
        answer = record.ask(
            {**self._asked("transfer"), "facts": {one: value for one, value in stated.items() if value is not None}}
        )
        reason = answer.reasons[0]
        to = str(self.said.get("new_customer", "")).strip()
        lines = [Line(field="new_customer", label="契約者", before=self.agreement.tenant.name, after=to)] if to else []
        return Part(
            kind=kind,
            name=kind_name(kind, self.edition),
            lines=lines,
            allowed=answer.values["allowed"],
            says=reason["text"],
            clause=reason["clause"],
            answer=answer,
        )

    def _further(self) -> Part:
        """MM-SUP-04: further machines are asked for at the desk, where a person decides."""
        terms = self.edition.application.further if self.edition.application else None
        said = {
            "further_machines": ("追加する台数", f"{self.said['further_machines']}台"),
            "further_place": ("設置する場所", str(self.said.get("further_place", ""))),
            "further_why": ("追加する理由", str(self.said.get("further_why", ""))),
        }
        return Part(
            kind=FURTHER,
            name="機器の追加",
            lines=[Line(field=name, label=label, before="", after=text) for name, (label, text) in said.items()],
            allowed=None,
            says="2台目からの追加は、窓口で承ります。担当者が確かめて手配します。",
            clause=terms.clause if terms else "",
        )

    def _read_day(self, name: str) -> str | None:
        try:
            return read_date(str(self.said.get(name, ""))).isoformat()
        except ValueError:
            return None

    # ---- options

    def _options(self, at: FormField) -> tuple[Part | None, list[dict[str, Any]] | None]:
        """IX-CHGF-03, IX-CHG-07: each line for itself; those that are in order go on."""
        before = {line["code"]: line for line in self.registered.get(at.name, [])}
        lines, unlisted = self._option_lines(at, before)
        if not lines and not unlisted:
            return None, None
        listed = queries.options_of(self.agreement.device and self.agreement.device.product, self.edition.service)
        names = {**listed, **{code: line["name"] for code, line in before.items()}}
        if self.edition.change and self.edition.change.option_lines:
            asked = [{"code": code, "quantity": line["quantity"]} for code, line in before.items()]
            part = self._part("options", (), {"registered_options": asked, "option_lines": lines})
            assert part.answer is not None
            after = part.answer.values.get("options") or asked
            text = next(
                (
                    one["text"]
                    for one in part.answer.reasons
                    if one["clause"] == self.edition.change.option_lines.clause
                ),
                part.says,
            )
        else:
            part, text = self._part("options", (), {}), ""
            after = _with_lines(before, lines)
        options = [
            {"code": one["code"], "name": names.get(one["code"]) or one["code"], "quantity": one["quantity"]}
            for one in after
        ]
        said = " ".join(filter(None, [text or part.says, *unlisted]))
        shown = list(_differences(at, before, {one["code"]: one for one in options}))
        allowed = part.allowed if lines else False
        found = Part(
            kind="options",
            name=part.name,
            lines=shown,
            allowed=allowed,
            says=said,
            clause=part.clause if lines else at.clause,
            answer=part.answer,
        )
        return found, options if allowed is not False else None

    def _option_lines(self, at: FormField, before: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        """The lines for the terms; and what is said of those for options that are not supported (IX-CHG-05)."""
        lines, unlisted = [], []
        supported = None
        if at.required == "listed_models":
            supported = queries.options_of(
                self.agreement.device and self.agreement.device.product, self.edition.service
            )
        for line in self.typed[at.name]:
            code, written = str(line.get("code", "")).strip(), str(line.get("quantity", "")).strip()
            checked = bool(line.get("checked"))
            if (not code and not written) or (code in before and not checked and not written):
                continue
            if supported is not None and code not in before and code not in supported:
                unlisted.append(f"「{code or '品名なし'}」は対象のオプションでないため、登録しません。")
                continue
            try:
                quantity = int(unicodedata.normalize("NFKC", written)) if written else None
            except ValueError:
                text = f"{code}の数量「{written}」は使えません。0以上の整数を入力してください。"
                self._fault(at.name, at.label, text, at.clause)
                continue
            lines.append({"code": code, "checked": checked or code not in before, "quantity": quantity})
        return lines, unlisted


def _with_lines(before: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where the terms know no lines of a change form: the registered options with what is written over them."""
    after = {code: line["quantity"] for code, line in before.items()}
    after |= {line["code"]: line["quantity"] for line in lines if line["quantity"] is not None}
    return [{"code": code, "quantity": quantity} for code, quantity in after.items() if quantity > 0]


def _differences(at: FormField, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Line]:
    for code in dict.fromkeys([*before, *after]):
        was, becomes = (found[code]["quantity"] if code in found else 0 for found in (before, after))
        if was != becomes:
            name = (after.get(code) or before[code])["name"]
            yield Line(field=at.name, label=f"オプション {name}", before=_many(was), after=_many(becomes))


def _many(quantity: int) -> str:
    return f"{quantity}個" if quantity else "なし"


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The opening hours of one day, before a change and after it, in words."""

    day: date
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Week:
    """The first week after a change, where it moves the hours (IX-WIN-07)."""

    days: Sequence[Hours] = field(default_factory=tuple)

    @property
    def differs(self) -> bool:
        return any(hours.before != hours.after for hours in self.days)


def week(agreement: Agreement, proposal: Proposal) -> Week:
    """The seven days from the change on, as they are served now and as they would be; empty where nothing moves."""
    start = proposal.effective or proposal.requested
    was, becomes = proposal.revision.start_weekday, proposal.weekday
    if not was or was == becomes or not proposal.changed(_weekday_field(proposal.edition)):
        return Week()
    days = [date.fromordinal(start.toordinal() + nth) for nth in range(7)]
    changes = [{"from": start.isoformat(), "start_weekday": becomes}]
    return Week(
        days=[
            Hours(
                day=day,
                before=_hours(agreement, proposal, day, {"start_weekday": was}),
                after=_hours(agreement, proposal, day, {"start_weekday": was, "weekday_changes": changes}),
            )
            for day in days
        ]
    )


def _weekday_field(edition: catalog.Edition) -> str:
    at = forms.field_of(edition, "start_weekday")
    return at.name if at else ""


def _hours(agreement: Agreement, proposal: Proposal, day: date, weekdays: Mapping[str, Any]) -> str:
    """「08:30〜17:30」 of one day, as the terms answer; 「休み」 where nobody attends."""
    question = {
        "ask": "window",
        "service": proposal.edition.service,
        "edition": proposal.edition.edition,
        "plan": agreement.plan,
    }

    def at(moment: str) -> Mapping[str, Any]:
        return record.ask({**question, "facts": {"at": moment, **weekdays}}).values

    found = at(f"{day.isoformat()}T00:00+09:00")
    opens = "00:00"
    if not found["open"]:
        if not (found["opens_at"] or "").startswith(day.isoformat()):
            return "休み"
        opens, found = found["opens_at"][11:16], at(found["opens_at"])
    closes = found["closes_at"] or ""
    return f"{opens}〜{closes[11:16] if closes.startswith(day.isoformat()) else '24:00'}"


def party_parts(entries: Entries, edition: catalog.Edition) -> dict[str, dict[str, str]]:
    """Party → part → text, of the entries of an edition's form."""
    found: dict[str, dict[str, str]] = {}
    for at in edition.card_field:
        party, _, part = at.fills.partition(".")
        if party in PARTIES and part and at.name in entries:
            found.setdefault(party, {})[part] = str(entries[at.name] or "")
    return found
