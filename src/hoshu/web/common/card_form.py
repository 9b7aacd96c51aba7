"""お客様登録カード as a form, the same at the console and in the portal, in the card's order, with its faults live.

Nothing is required by the form itself: whatever is typed is kept, and `contracts.card` says what is missing or wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from hoshu import catalog
from hoshu.authoring.timeline import Drawing, coverage
from hoshu.contracts.assessment import Assessment
from hoshu.contracts.card import WEEKDAY_NAMES, Fault
from hoshu.contracts.fields import FIELDS

_TICKS = ("no_options", "share_contact", "share_site", "owner_confirmed", "plan_altered")
_CHOICES = {
    "start_weekday": [(code, name) for code, name in WEEKDAY_NAMES.items()],
    "same_writer": [("contact", "ご連絡先"), ("site", "設置場所のご担当者")],
    "access_controls": [("login", "ログイン認証"), ("encryption", "暗号化")],
}
_ONE_OF = {
    "owner": [("same", "ご購入者が所有者です"), ("other", "別の方が所有者です(リースなど)")],
    "personal_numbers": [("no", "ありません"), ("yes", "あります")],
}
_INPUT_MODES = {"phone": "tel", "email": "email", "postal_code": "numeric"}
_ALSO_NEEDED = {"card_serial", "licence_purchased", "owner", "personal_numbers"}
"""What the form on the web needs besides the framed fields of the card."""
SERIAL_HELP = "製品に付属の保証書、または本体底面のラベルにあります。"
CONSOLE_HELP = "コンソール端末をつなぎ show hardware でも表示できます。"
CONSOLE_WARNING = (
    "機器を設置して設定を入れた方など、専門の知識をお持ちの方に限ります。"
    "操作を誤ると、装置の再起動や設定の破損のおそれがあります。"
)


class CardForm(forms.Form):
    """The inputs, with the words of the edition. Weekdays stay ticks: on paper two may have been circled."""

    def __init__(self, entries: Mapping[str, Any], *, edition: catalog.Edition, products: Sequence[Any] = ()) -> None:
        super().__init__(initial=entries, auto_id="card_%s")
        words = {row.name: row for row in edition.card_field}
        for name, spec in FIELDS.items():
            if name == "options":
                continue
            row = words.get(name)
            self.fields[name] = _input(name, products)
            self.fields[name].label = spec.label
            self.fields[name].help_text = row.hint if row else ""
            self.fields[name].widget.attrs |= {"aria-describedby": f"fault-{name}", "autocomplete": "off"}


@dataclass(frozen=True)
class Row:
    """One field as it is drawn: its input, its number on the card, its faults with the look of each."""

    name: str
    bound: forms.BoundField | None
    number: str
    must: bool
    faults: list[tuple[Fault, str]]


@dataclass(frozen=True)
class OptionLine:
    """A line of ⑤: a supported option with what was written beside it."""

    code: str
    name: str
    ticked: bool
    quantity: str


def entries_of(post: QueryDict) -> dict[str, Any]:
    """What was sent, field by field, as the card keeps it."""
    entries: dict[str, Any] = {}
    for name in FIELDS:
        if name == "options":
            entries[name] = _options_of(post)
        elif name in _TICKS:
            entries[name] = name in post
        elif name in _CHOICES:
            entries[name] = post.getlist(name)
        else:
            entries[name] = post.get(name, "")
    return {name: value for name, value in entries.items() if value not in ("", [], False)}


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
    entries: Mapping[str, Any],
    products: Sequence[Any] = (),
    insist: bool = False,
) -> dict[str, Any]:
    """Everything the form's templates show. `insist`: somebody tried to send it, so what is missing is a fault now."""
    plan = assessment.plan
    form = CardForm(entries, edition=assessment.edition, products=products)
    numbers = {row.rule: row.number for row in assessment.edition.card_field}
    needed = {row.name for row in assessment.edition.card_field if row.required not in {"optional", "printed"}}
    rows = {
        name: Row(
            name,
            form[name] if name in form.fields else None,
            numbers.get(FIELDS[name].row, ""),
            name in needed | _ALSO_NEEDED,
            _faults_of(name, assessment, insist=insist),
        )
        for name in FIELDS
    }
    return {
        "application": application,
        "assessment": assessment,
        "rows": rows,
        "apply_by": _date_in(assessment.registration, "apply_by"),
        "shape": shape(assessment),
        "plan": plan,
        "asks_weekday": plan is not None and assessment.edition.has_start_weekday(plan),
        "asks_options": assessment.licence is not None and assessment.licence.registers_options,
        "option_lines": _option_lines(entries, assessment),
        "drawing": drawing(assessment, request),
        "help": {"serial": SERIAL_HELP, "console": CONSOLE_HELP, "warning": CONSOLE_WARNING},
        "insist": insist,
    }


def live(shown: dict[str, Any], *, drawn: str, staff: bool) -> dict[str, Any]:
    """What `common/card/live.html` needs besides `context`; `drawn` is the shape of the form on the screen."""
    reshaped = drawn != shown["shape"]
    absent = {"product", "plan_altered"} if not staff else set()
    if reshaped:
        absent |= {"start_weekday", "options", "no_options"}
    if not shown["asks_options"]:
        absent |= {"no_options"}
    rows = [row for name, row in shown["rows"].items() if name not in absent]
    return shown | {"reshaped": reshaped, "live_rows": rows, "staff": staff}


def drawing(assessment: Assessment, request: HttpRequest) -> Drawing | None:
    """The period as a line of years (IX-COV-08); None while it cannot be counted."""
    if assessment.coverage is None:
        return None
    found = assessment.coverage.values
    dates = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("start", "end")}
    return coverage(
        counted_from=date.fromisoformat(found["counted_from"]),
        today=request.now.date(),
        support_limit=assessment.support_limit,
        **dates,
    )


def _date_in(answer: Any, name: str) -> date | None:
    return date.fromisoformat(answer.values[name]) if answer and answer.values[name] else None


def _input(name: str, products: Sequence[Any]) -> forms.Field:
    if name in _TICKS:
        return forms.BooleanField(required=False)
    if name in _CHOICES:
        return forms.MultipleChoiceField(choices=_CHOICES[name], required=False, widget=forms.CheckboxSelectMultiple)
    if name in _ONE_OF:
        return forms.ChoiceField(choices=_ONE_OF[name], required=False, widget=forms.RadioSelect)
    if name == "product":
        choices = [("", "出荷記録のとおり"), *((product.code, product.name) for product in products)]
        return forms.ChoiceField(choices=choices, required=False)
    mode = next((mode for ending, mode in _INPUT_MODES.items() if name.endswith(ending)), "")
    return forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"inputmode": mode} if mode else {})
    )


def _options_of(post: QueryDict) -> list[dict[str, str]]:
    ticked = post.getlist("option")
    codes = dict.fromkeys([*ticked, *(name.partition(":")[2] for name in post if name.startswith("quantity:"))])
    lines = [{"code": code, "quantity": post.get(f"quantity:{code}", "").strip()} for code in codes]
    other = {"code": post.get("option_other", "").strip(), "quantity": post.get("quantity_other", "").strip()}
    return [line for line in lines if line["quantity"] or line["code"] in ticked] + [other] * bool(other["code"])


def _option_lines(entries: Mapping[str, Any], assessment: Assessment) -> list[OptionLine]:
    written = {str(line.get("code", "")): str(line.get("quantity", "")) for line in entries.get("options") or []}
    known = dict(assessment.options)
    strangers = {code: "" for code in written if code and code not in known}
    return [
        OptionLine(code=code, name=name, ticked=code in written, quantity=written.get(code, ""))
        for code, name in {**known, **strangers}.items()
    ]


def _faults_of(name: str, assessment: Assessment, *, insist: bool) -> list[tuple[Fault, str]]:
    """The faults of a field with the look of each: what is only not filled in yet stays quiet until one sends."""
    looks = {"missing": "wrong" if insist else "open", "wrong": "wrong", "held": "held", "note": "note"}
    return [(fault, looks[fault.kind]) for fault in assessment.card.of(name)]
