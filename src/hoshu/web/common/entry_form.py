"""The form of an application, the same at the console and in the portal, in the edition's order, with its faults live.

Nothing is required by the form itself: whatever is typed is kept, and `contracts.form` says what is missing or wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from hoshu import catalog
from hoshu.authoring.timeline import Drawing, coverage
from hoshu.catalog import FormField, FormStep
from hoshu.contracts import form as contents
from hoshu.contracts.assessment import Assessment
from hoshu.contracts.form import MACHINES, WEEKDAY_NAMES, Entries, Fault

_INPUT_MODES = {"phone": "tel", "mail": "email", "postal_code": "numeric", "count": "numeric"}
_GROUPS = ("choice", "choices", "weekday")
_WIDE = ("address", "options")
LOGIN = "login"
"""The page of an edition's form that is filled by making a login, not in the form itself."""
SELLER = "seller"
"""The page of the fields that the seller fills once the form was sent."""
SPARE_LINES = 2


class EntryForm(forms.Form):
    """The inputs, with the words of the edition. Weekdays stay ticks: on paper two may have been circled."""

    def __init__(self, entries: Entries, *, fields: Sequence[FormField], products: Sequence[Any] = ()) -> None:
        super().__init__(initial=entries, auto_id="card_%s")
        for at in fields:
            if at.kind == "options":
                continue
            made = _input(at, products)
            made.label, made.help_text = at.short or at.label, at.hint
            made.widget.attrs |= {"aria-describedby": f"fault-{at.name}", "autocomplete": "off"}
            self.fields[at.name] = made


@dataclass(frozen=True)
class Row:
    """One field as it is drawn: its input, its number on the card, its faults with the look of each."""

    at: FormField
    bound: forms.BoundField | None
    must: bool
    faults: list[tuple[Fault, str]]
    postal_code: forms.BoundField | None = None
    """Of an address: the input whose choices fill it."""

    @property
    def name(self) -> str:
        return self.at.name

    @property
    def number(self) -> str:
        return self.at.number

    @property
    def drawn_as(self) -> str:
        """Which part of the template draws it."""
        if self.at.kind in _GROUPS:
            return "group"
        return self.at.kind if self.at.kind in ("tick", "options") else "text"

    @property
    def width(self) -> str:
        return "" if self.at.kind in _WIDE else "medium"

    @property
    def warning(self) -> str:
        """The last sentence of several that help to find it."""
        return self.at.help[-1] if len(self.at.help) > 1 else ""

    @property
    def help(self) -> tuple[str, ...]:
        return self.at.help[:-1] if len(self.at.help) > 1 else self.at.help


@dataclass(frozen=True)
class OptionLine:
    """A line of options: a supported one with what was written beside it, or one that was written freely."""

    code: str
    name: str
    ticked: bool
    quantity: str


@dataclass(frozen=True)
class Part:
    """A part of the form under its heading."""

    step: FormStep
    rows: list[Row]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is filled on one page: all parts, those of a page of the edition, or those of one machine (from 1)."""

    key: str
    title: str
    steps: Sequence[FormStep] = field(default_factory=tuple)
    machine: int = 0

    def fields(self, edition: catalog.Edition, *, staff: bool) -> list[FormField]:
        """The inputs on this page, in order."""
        own = {step.id for step in self.steps}
        known = {step.id for step in edition.form_step}
        return [
            at
            for at in contents.inputs(edition, staff=staff)
            if at.fills != "options.quantity"
            and (at.by != "seller" or staff or self.key == SELLER)
            and (at.screen in own or (self.key == "all" and at.screen not in known))
        ]

    def entries(self, entries: Entries) -> Entries:
        """What stands on this page: of one machine joined with what all share."""
        return contents.machines(entries)[self.machine - 1] if self.machine else entries


def whole(edition: catalog.Edition) -> Page:
    """Everything on one page, as a clerk sees it."""
    return Page(key="all", title="", steps=edition.form_step)


def pages(edition: catalog.Edition, entries: Entries) -> list[Page]:
    """The pages of an application on the web, in their order; a form without pages is one (VA-REG-18)."""
    keys = list(dict.fromkeys(step.page for step in edition.form_step if step.page != LOGIN))
    if keys in ([], [""]):
        return [whole(edition)]
    found = []
    for key in keys:
        steps = tuple(step for step in edition.form_step if step.page == key)
        if any(step.each_machine for step in steps):
            count = len(contents.machines(entries))
            found += [
                Page(key=f"{key}-{nth}", title=f"機器 {nth}/{count}", steps=steps, machine=nth)
                for nth in range(1, count + 1)
            ]
        else:
            found.append(Page(key=key, title=steps[0].title, steps=steps))
    return found


def entries_of(post: QueryDict, page: Page, edition: catalog.Edition, *, staff: bool, stored: Entries) -> Entries:
    """What stands in the form after this page was sent: its fields as sent, everything else as stored."""
    sent: dict[str, Any] = {}
    names = set()
    for at in page.fields(edition, staff=staff):
        names.add(at.name)
        if at.kind == "options":
            sent[at.name] = _options_of(post, at)
        elif at.kind == "tick":
            sent[at.name] = at.name in post
        elif at.kind in ("choices", "weekday"):
            sent[at.name] = post.getlist(at.name)
        else:
            sent[at.name] = post.get(at.name, "")
    sent = {name: value for name, value in sent.items() if value not in ("", [], False)}
    if page.machine:
        machines = [dict(one) for one in stored.get(MACHINES) or [{}]]
        machines[page.machine - 1] = sent
        return {**stored, MACHINES: machines}
    kept = {name: value for name, value in stored.items() if name not in names}
    return _as_many_machines({**kept, **sent}, edition)


def _as_many_machines(entries: dict[str, Any], edition: catalog.Edition) -> dict[str, Any]:
    """VA-REG-20, VA-REG-27: as many machines as the quantity says; one that holds something is never dropped."""
    if not contents.machine_fields(edition):
        return entries
    machines = list(entries.get(MACHINES) or [{}])
    written = contents.entry_of(entries, edition, "quantity")
    wanted = int(written) if written.isdecimal() and 0 < int(written) <= contents.MOST_MACHINES else len(machines)
    machines += [{} for _ in range(wanted - len(machines))]
    while len(machines) > max(wanted, 1) and not machines[-1]:
        machines.pop()
    return {**entries, MACHINES: machines}


def shape(assessment: Assessment) -> str:
    """What decides which parts the form has: when it changes, these parts are drawn again."""
    licence, product = assessment.licence, assessment.product
    if licence is None:
        return "unknown"
    return f"{licence.plan}:{int(licence.registers_options)}:{product.code if product else ''}"


def context(
    request: HttpRequest,
    *,
    application: Any,
    assessment: Assessment,
    entries: Entries,
    page: Page,
    staff: bool,
    products: Sequence[Any] = (),
    insist: bool = False,
) -> dict[str, Any]:
    """Everything the form's templates show. `insist`: somebody tried to send it, so what is missing is a fault now."""
    plan, edition = assessment.plan, assessment.edition
    shown = page.fields(edition, staff=staff)
    form = EntryForm(entries, fields=shown, products=products)
    rows = {at.name: _row(at, form, assessment, insist=insist) for at in shown}
    steps = [*page.steps] or [FormStep(id="", title="")]
    return {
        "application": application,
        "assessment": assessment,
        "page_key": page.key,
        "rows": rows,
        "parts": [part for step in steps if (part := _part(step, rows, steps)).rows],
        "apply_by": _date_in(assessment.registration, "apply_by"),
        "printed_fields": [at for at in edition.card_field if at.required == "printed" and not at.fills],
        "shape": shape(assessment),
        "plan": plan,
        "asks_weekday": plan is None or edition.has_start_weekday(plan),
        "asks_options": _asks_options(assessment),
        "listed_options": _lists_options(edition),
        "option_lines": _option_lines(entries, assessment),
        "drawing": drawing(assessment, request),
        "insist": insist,
        "staff": staff,
    }


def live(shown: dict[str, Any], *, drawn: str) -> dict[str, Any]:
    """What `common/form/live.html` needs besides `context`; `drawn` is the shape of the form on the screen."""
    reshaped = drawn != shown["shape"]
    hidden = set()
    for name, row in shown["rows"].items():
        changing = row.at.kind in ("weekday", "options") or row.at.fills == "options.none"
        if (changing and reshaped) or (row.at.fills == "options.none" and not shown["asks_options"]):
            hidden.add(name)
    rows = [row for name, row in shown["rows"].items() if name not in hidden]
    return shown | {"reshaped": reshaped, "live_rows": rows}


def drawing(assessment: Assessment, request: HttpRequest) -> Drawing | None:
    """The period as a line of years (IX-COV-08); None while it cannot be counted, or has no term."""
    if assessment.coverage is None or not assessment.coverage.values.get("counted_from"):
        return None
    found = assessment.coverage.values
    dates = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("start", "end")}
    return coverage(
        counted_from=date.fromisoformat(found["counted_from"]),
        today=request.now.date(),
        support_limit=assessment.support_limit,
        **dates,
    )


def _row(at: FormField, form: EntryForm, assessment: Assessment, *, insist: bool) -> Row:
    needed = at.required not in ("optional", "printed") or at.fills == "licence.serial"
    bound = form[at.name] if at.name in form.fields else None
    party, _, part = at.fills.partition(".")
    postal = contents.field_of(assessment.edition, f"{party}.postal_code") if part == "address" else None
    beside = form[postal.name] if postal and postal.name in form.fields else None
    return Row(at, bound, needed, _faults_of(at.name, assessment, insist=insist), beside)


def _part(step: FormStep, rows: Mapping[str, Row], steps: Sequence[FormStep]) -> Part:
    """The rows of a part; fields of no part stand in the first."""
    known = {one.id for one in steps}
    first = step is steps[0]
    own = [row for row in rows.values() if row.at.screen == step.id or (first and row.at.screen not in known)]
    return Part(step, own)


def _date_in(answer: Any, name: str) -> date | None:
    return date.fromisoformat(answer.values[name]) if answer and answer.values[name] else None


def _input(at: FormField, products: Sequence[Any]) -> forms.Field:
    if at.kind == "tick":
        return forms.BooleanField(required=False)
    if at.kind == "weekday":
        choices = list(WEEKDAY_NAMES.items())
        return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)
    if at.kind == "choices":
        choices = list(at.codes.items())
        return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)
    if at.kind == "choice":
        return forms.ChoiceField(choices=list(at.codes.items()), required=False, widget=forms.RadioSelect)
    if at.fills == "device.product":
        choices = [("", "出荷記録のとおり"), *((product.code, product.name) for product in products)]
        return forms.ChoiceField(choices=choices, required=False)
    mode = _INPUT_MODES.get(at.kind, "")
    widget = forms.TextInput(attrs={"inputmode": mode} if mode else {})
    return forms.CharField(required=False, max_length=max(at.longest, 200), widget=widget)


def _lists_options(edition: catalog.Edition) -> bool:
    """Does a list of models say which options there are? Else they are written freely."""
    at = contents.field_of(edition, "options")
    return at is not None and at.required == "listed_models"


def _asks_options(assessment: Assessment) -> bool:
    if not _lists_options(assessment.edition):
        return contents.field_of(assessment.edition, "options") is not None
    return assessment.licence is not None and assessment.licence.registers_options


def _options_of(post: QueryDict, at: FormField) -> list[dict[str, str]]:
    if at.required != "listed_models":
        pairs = zip(post.getlist("option_code"), post.getlist("option_quantity"), strict=False)
        return [
            {"code": code.strip(), "quantity": many.strip()} for code, many in pairs if code.strip() or many.strip()
        ]
    ticked = post.getlist("option")
    codes = dict.fromkeys([*ticked, *(name.partition(":")[2] for name in post if name.startswith("quantity:"))])
    lines = [{"code": code, "quantity": post.get(f"quantity:{code}", "").strip()} for code in codes]
    other = {"code": post.get("option_other", "").strip(), "quantity": post.get("quantity_other", "").strip()}
    return [line for line in lines if line["quantity"] or line["code"] in ticked] + [other] * bool(other["code"])


def _option_lines(entries: Entries, assessment: Assessment) -> list[OptionLine]:
    at = contents.field_of(assessment.edition, "options")
    lines = (entries.get(at.name) or []) if at else []
    if not _lists_options(assessment.edition):
        free = [OptionLine(str(one.get("code", "")), "", True, str(one.get("quantity", ""))) for one in lines]
        return free + [OptionLine("", "", False, "")] * SPARE_LINES
    written = {str(line.get("code", "")): str(line.get("quantity", "")) for line in lines}
    known = dict(assessment.options)
    strangers = {code: "" for code in written if code and code not in known}
    return [
        OptionLine(code=code, name=name, ticked=code in written, quantity=written.get(code, ""))
        for code, name in {**known, **strangers}.items()
    ]


def _faults_of(name: str, assessment: Assessment, *, insist: bool) -> list[tuple[Fault, str]]:
    """The faults of a field with the look of each: what is only not filled in yet stays quiet until one sends."""
    looks = {"missing": "wrong" if insist else "open", "wrong": "wrong", "held": "held", "note": "note"}
    return [(fault, looks[fault.kind]) for fault in assessment.form.of(name)]
