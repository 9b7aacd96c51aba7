"""Drafts: begun, saved, thrown away. Two designers may work on one: who saves second is told, and loses nothing."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.catalog import CatalogError, Source
from hoshu.publishing.models import Draft

NotFound = Draft.DoesNotExist


_WHEN = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:T(?P<time>(?:[01]\d|2[0-3]):[0-5]\d)\+09:00)?")


class Changed(Exception):
    """Somebody saved a newer version: `draft` is that one."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.version)
        self.draft = draft


def drafts() -> QuerySet[Draft]:
    """Every draft, the one saved last first; without the text, which is long."""
    return Draft.objects.select_related("author", "saved_by").defer("text").order_by("-updated_at", "-id")


def get(draft_id: int) -> Draft:
    """One draft with its text. Raises NotFound."""
    return Draft.objects.select_related("author", "saved_by").get(pk=draft_id)


def source_of(draft: Draft) -> Source:
    """Its text, named as the draft: what stands before a line number in findings."""
    return Source(draft.title, draft.text)


def begin(*, title: str, text: str, now: datetime) -> Draft:
    """A new draft of the person who acts."""
    draft = Draft(title=title.strip(), author_id=current().user_id, saved_by_id=current().user_id, updated_at=now)
    _write(draft, text)
    draft.save(force_insert=True)
    return draft


@transaction.atomic
def save(*, draft_id: int, based_on: int, title: str, text: str, now: datetime) -> Draft:
    """A newer version of a draft, made from the version `based_on`. Raises Changed where that is not the latest."""
    draft = locked(draft_id=draft_id, based_on=based_on)
    if (draft.title, draft.text) != (title.strip(), _lines(text)):
        draft.title, draft.version = title.strip(), draft.version + 1
        draft.saved_by_id, draft.updated_at = current().user_id, now
        _write(draft, text)
        draft.save()
    return draft


def locked(*, draft_id: int, based_on: int) -> Draft:
    """A draft in the version that somebody looked at, kept so until the transaction ends. Raises Changed."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.version != based_on:
        raise Changed(get(draft_id))
    return draft


@transaction.atomic
def add_example(
    *, draft_id: int, says: str, question: Mapping[str, Any], result: Mapping[str, Any], now: datetime
) -> Draft:
    """A question that was tried, and what came of it, as the last worked example of a draft."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    return save(
        draft_id=draft_id,
        based_on=draft.version,
        title=draft.title,
        text=f"{draft.text.rstrip()}\n\n{example(says=says, question=question, result=result)}",
        now=now,
    )


@transaction.atomic
def throw_away(*, draft_id: int) -> None:
    """The draft is gone; that it was there stays in the history."""
    Draft.objects.select_for_update().get(pk=draft_id).delete()


def copied(text: str, *, edition: str, in_force: date) -> str:
    """The text of an edition under another name and for another day, not published yet; nothing else changes."""
    for key, value in (("edition", _toml(edition)), ("in_force", in_force.isoformat())):
        text = re.sub(rf"(?m)^{key}\s*=.*$", lambda _, line=f"{key} = {value}": line, text, count=1)
    return re.sub(r"(?m)^published\s*=.*\n", "", text, count=1)


def example(*, says: str, question: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """An `[[example]]` of a question with its answer, or with the field of its refusal."""
    lines = ["[[example]]", f"says = {_toml(says)}"]
    if rules := list(dict.fromkeys(reason["rule"] for reason in result.get("reasons", ()))):
        lines.append(f"req = {_toml(rules)}")
    lines.append(f"ask = {_toml(question['ask'])}")
    if question.get("plan"):
        lines.append(f"plan = {_toml(question['plan'])}")
    lines.append(f"facts = {_toml({name: value for name, value in question['facts'].items() if value is not None})}")
    if unknown := [name for name, value in question["facts"].items() if value is None]:
        lines.append(f"unknown = {_toml(unknown)}")
    if "error" in result:
        lines.append(f"error = {{ field = {_toml(result['error']['field'])} }}")
        return "\n".join(lines) + "\n"
    answer = result["answer"]
    lines.append(f"answer = {_toml({name: value for name, value in answer.items() if value is not None})}")
    if null := [name for name, value in answer.items() if value is None]:
        lines.append(f"null = {_toml(null)}")
    lines.append(f"clause = {_toml(list(dict.fromkeys(reason['clause'] for reason in result['reasons'])))}")
    return "\n".join(lines) + "\n"


def _write(draft: Draft, text: str) -> None:
    draft.text = _lines(text)
    try:
        edition = catalog.read(source_of(draft))
    except CatalogError:
        draft.service = draft.edition = ""
    else:
        draft.service, draft.edition = edition.service[:40], edition.edition[:40]


def _lines(text: str) -> str:
    """With plain line ends: a browser sends others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _toml(value: Any) -> str:
    """A JSON value as TOML on one line; dates and moments as TOML's own. It has no null: such members are left out."""
    if isinstance(value, Mapping):
        members = (f"{_key(name)} = {_toml(item)}" for name, item in value.items() if item is not None)
        return f"{{ {', '.join(members)} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str) and (found := _WHEN.fullmatch(value)) and _is_on_the_calendar(found["day"]):
        return f"{found['day']}T{found['time']}:00+09:00" if found["time"] else found["day"]
    # A JSON text, number or truth value is written the same in TOML.
    return json.dumps(value, ensure_ascii=False)


def _is_on_the_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
