"""A form for the facts of any question: its fields come from the topic, and its values go to the engine as they are."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from hoshu import terms
from hoshu.catalog import Edition
from hoshu.dates import JST
from hoshu.terms import Fact, Kind, Misfit
from hoshu.web.common.inputs import DateField, MomentField

PREFIX = "fact-"
"""Before the name of each fact in an address, so that none is taken for a part of the page."""

_UNKNOWN = ("", "わからない")
_YES_NO = {"はい": True, "いいえ": False}


class FactsForm(forms.Form):
    """The facts of a question, each optional: what is missing, the engine says."""

    def __init__(self, data: MultiValueDict | None, *, edition: Edition, topic: str) -> None:
        super().__init__(data, use_required_attribute=False)
        self.offer = terms.offer(edition, topic)
        for name, fact in self.offer.facts.items():
            members = fact.kind.members
            for member, part in members.items() if members else [("", fact)]:
                path = f"{name}.{member}" if member else name
                field = _field(part.kind, _Codes(topic, path, edition))
                field.label = f"{fact.label}の{part.label}" if member else fact.label
                self.fields[f"{PREFIX}{path}"] = field

    @property
    def needed(self) -> list[forms.BoundField]:
        """The facts without which there is no answer."""
        return [bound for bound in self if _fact_of(bound.name) in self.offer.required]

    @property
    def others(self) -> list[forms.BoundField]:
        return [bound for bound in self if _fact_of(bound.name) not in self.offer.required]

    @property
    def facts(self) -> dict[str, Any]:
        """What was given, as the decision interface writes it. For a form without fault."""
        given: dict[str, Any] = {}
        for key, value in self.cleaned_data.items():
            if value in (None, "", []):
                continue
            name, _, member = key.removeprefix(PREFIX).partition(".")
            if member:
                given.setdefault(name, {})[member] = value
            else:
                given[name] = value
        return given

    def label_of(self, name: str) -> str:
        """What a fact is called; the name itself where a refusal names something else of the question."""
        fact = self.offer.facts.get(name)
        return fact.label if fact else name

    def sent(self) -> Iterator[tuple[str, str]]:
        """What was typed, to be sent once more by another form."""
        for name in self.fields:
            for value in self.data.getlist(name):
                if value:
                    yield name, value


class _Codes:
    """The codes of a fact, and what people call each."""

    def __init__(self, topic: str, path: str, edition: Edition) -> None:
        self.topic, self.path, self.edition = topic, path, edition

    def of(self, kind: Kind) -> list[tuple[str, str]]:
        """Those of its kind; else those that the edition names. None where it is no code."""
        if kind.codes:
            return [(code, self.label(code)) for code in kind.codes]
        if kind.item or kind.members or kind in (terms.BOOL, terms.DATE, terms.MOMENT):
            return []
        known = terms.code_labels(self.topic, self.path, self.edition)
        return [(code, label) for code, label in known.items() if isinstance(code, str)]

    def label(self, code: str) -> str:
        return terms.code_label(self.topic, self.path, code, self.edition) or code

    def member(self, name: str) -> "_Codes":
        return _Codes(self.topic, f"{self.path}.{name}", self.edition)


class _Typed(forms.CharField):
    """One value, typed as people write it."""

    def __init__(self, kind: Kind, codes: _Codes, **options: Any) -> None:
        super().__init__(**options)
        self.kind, self.codes = kind, codes

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return _value(self.kind, self.codes, text) if text else None


class _Lines(_Typed):
    """A list, a value on each line."""

    def to_python(self, value: Any) -> Any:
        text = forms.CharField.to_python(self, value)
        item = self.kind.item
        assert item is not None
        return [_value(item, self.codes, line.strip()) for line in text.splitlines() if line.strip()]


class _Chosen(forms.ChoiceField):
    """Yes, no or unknown."""

    def clean(self, value: Any) -> Any:
        return _YES_NO.get(super().clean(value))


def _fact_of(field: str) -> str:
    return field.removeprefix(PREFIX).partition(".")[0]


def _field(kind: Kind, codes: _Codes) -> forms.Field:
    if kind is terms.BOOL:
        return _Chosen(choices=[_UNKNOWN, *((word, word) for word in _YES_NO)], required=False)
    if known := codes.of(kind):
        return forms.ChoiceField(choices=[_UNKNOWN, *known], required=False)
    if kind.item:
        if known := codes.of(kind.item):
            return forms.MultipleChoiceField(choices=known, required=False, widget=forms.CheckboxSelectMultiple)
        widget: forms.Widget = forms.Textarea(attrs={"rows": 2})
        return _Lines(kind, codes, required=False, help_text=_how(kind.item, codes), widget=widget)
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return _Typed(kind, codes, required=False, help_text=_hint(kind), widget=widget)


def _hint(kind: Kind) -> str:
    if kind is terms.DATE:
        return "例: 2025/04/30"
    return "例: 2025/04/30 09:00" if kind is terms.MOMENT else kind.wanted


def _how(item: Kind, codes: _Codes) -> str:
    if item.members:
        parts = (f"{part.label}={_example(part.kind, codes.member(name))}" for name, part in item.members.items())
        return f"1行に1件。例: {'、'.join(parts)}"
    return f"1行に1件。{_hint(item)}"


def _example(kind: Kind, codes: _Codes) -> str:
    if known := codes.of(kind):
        return known[0][1]
    if kind is terms.BOOL:
        return "はい"
    return _hint(kind).removeprefix("例: ") if kind in (terms.DATE, terms.MOMENT) else "…"


def _value(kind: Kind, codes: _Codes, text: str) -> Any:
    """What was typed as a value of the decision interface. ValidationError: nothing of this kind can be read in it."""
    if kind is terms.BOOL and text in _YES_NO:
        return _YES_NO[text]
    if kind is terms.DATE:
        return DateField().clean(text).isoformat()
    if kind is terms.MOMENT:
        return _moment(text)
    if kind.members:
        return _record(kind.members, codes, text)
    named = {label: code for code, label in codes.of(kind)}
    for candidate in _candidates(named.get(text, text)):
        try:
            kind.read(candidate)
        except (Misfit, LookupError, TypeError, ValueError):
            continue
        return candidate
    raise ValidationError(f"{'、'.join(named)} のどれかを書いてください。" if named else kind.wanted)


def _moment(text: str) -> str:
    moment: datetime = MomentField().clean(text)
    return moment.astimezone(JST).isoformat(timespec="minutes")


def _record(members: Mapping[str, Fact], codes: _Codes, text: str) -> dict[str, Any]:
    """「変更日=2025/04/01、変更後の開始基準曜日=火曜日」: members by their labels or names."""
    names = {part.label: member for member, part in members.items()} | {member: member for member in members}
    found = {}
    for label, value in _pairs(text):
        if label not in names:
            labels = "、".join(part.label for part in members.values())
            raise ValidationError(f"「{label}」という項目はありません。{labels} を「項目=値」の形で書いてください。")
        member = names[label]
        found[member] = _value(members[member].kind, codes.member(member), value)
    if not found:
        raise ValidationError("「項目=値」の形で書いてください。")
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = (re.split(r"[=＝]", part, maxsplit=1) for part in re.split(r"[、,\n]", text) if part.strip())
    return [(part[0].strip(), part[1].strip()) for part in parts if len(part) == 2]


def _candidates(text: str) -> Iterator[Any]:
    """What a text may stand for where its kind has no field of its own, the likeliest first."""
    yield text
    if re.fullmatch(r"-?\d{1,15}", text):
        yield int(text)
    for read in (lambda: DateField().clean(text).isoformat(), lambda: _moment(text)):
        try:
            yield read()
        except ValidationError:
            continue
    if pairs := _pairs(text):
        yield dict(pairs)
