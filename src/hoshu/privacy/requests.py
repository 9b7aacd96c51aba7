"""お申し出: somebody asks to see, correct or erase what is held of a person; who asks is made sure of first.

IX-PII-04, VA-REG-16, VA-PRI-05, VA-PRI-06; 個人情報保護法 32条–35条. No time is set for an answer: the age is shown.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from hoshu.accounts.tenancy import current
from hoshu.dates import JST
from hoshu.privacy import Refused, erasing
from hoshu.privacy.models import PersonRequest
from hoshu.privacy.persons import Person, Row, exported, find
from hoshu.privacy.register import CATEGORIES, TABLES
from hoshu.privacy.words import RequestKind, RequestState

_NAMING = {RequestKind.SEE, RequestKind.CORRECT, RequestKind.ERASE}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an erasure would take and what it would leave, before anybody decides."""

    going: Sequence[Row]
    staying: Sequence[Row]
    token: str
    """Of exactly these rows: who confirms confirms what they saw."""

    @property
    def going_by_category(self) -> list[tuple[str, int]]:
        """(name of the category, rows)."""
        return _counted(self.going)

    @property
    def staying_by_reason(self) -> list[tuple[str, int, str, Any, str]]:
        """(name of the category, rows, why, until or None, clause or law), what ends last at the end."""
        found: dict[tuple[str, str, Any, str], int] = {}
        for row in self.staying:
            key = (CATEGORIES[row.category].name, row.end.why, row.end.until, row.end.clause)
            found[key] = found.get(key, 0) + 1
        return [(name, count, why, until, clause) for (name, why, until, clause), count in found.items()]


@transaction.atomic
def receive(
    *,
    tenant_id: int,
    kind: str,
    requester: str,
    relation: str,
    channel: str,
    asked: str,
    now: datetime,
    name: str = "",
    email: str = "",
    phone: str = "",
    identified_by: str = "",
) -> PersonRequest:
    """Keep a request; until its sender is identified it waits and nothing is shown. Raises Refused."""
    kind = RequestKind(kind)
    for field, value, what in (
        ("requester", requester, "お申し出の方のお名前を入力してください。"),
        ("relation", relation, "ご本人との関係を入力してください。例: 本人、代理人（委任状あり）"),
        ("asked", asked, "お申し出の内容を入力してください。例: 連絡先の電話番号を直してほしい。"),
    ):
        if not value.strip():
            raise Refused(what, field=field)
    if kind in _NAMING and not Person(name=name, email=email, phone=phone).words:
        # VA-PRI-06: a demand without named data is asked about.
        raise Refused("どなたの情報かを、お名前、メールアドレス、電話番号のどれかで指定してください。", field="name")
    identified = bool(identified_by.strip())
    return PersonRequest.objects.create(
        tenant_id=tenant_id,
        kind=kind,
        state=RequestState.OPEN if identified else RequestState.HELD,
        requester=requester.strip(),
        relation=relation.strip(),
        channel=channel,
        identified_by=identified_by.strip(),
        identified_at=now if identified else None,
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        asked=asked.strip(),
        received_at=now,
        received_by=current().label,
    )


@transaction.atomic
def identify(*, request_id: int, how: str, now: datetime) -> PersonRequest:
    """VA-REG-16: it is certain now who asks."""
    request = _locked(request_id)
    if request.state != RequestState.HELD:
        raise Refused("このお申し出の本人確認は済んでいます。")
    if not how.strip():
        raise Refused("本人確認の方法を入力してください。例: 登録の電話番号へ折り返して確かめた。", field="how")
    request.state, request.identified_by, request.identified_at = RequestState.OPEN, how.strip(), now
    request.save(update_fields=["state", "identified_by", "identified_at"])
    return request


@transaction.atomic
def answer(*, request_id: int, text: str, declined: bool, now: datetime) -> PersonRequest:
    """Answer and close it; who was not identified can only be declined, with what is missing."""
    request = _locked(request_id)
    if request.state not in (RequestState.HELD, RequestState.OPEN):
        raise Refused("このお申し出は終わっています。")
    if request.state == RequestState.HELD and not declined:
        raise Refused("お申し出の方をまだ確かめていません。先に本人確認を記録してください。")
    if not text.strip():
        raise Refused("回答の内容を入力してください。応じないときは、その理由を書いてください。", field="text")
    request.state = RequestState.DECLINED if declined else RequestState.DONE
    request.answer, request.answered_at, request.answered_by = text.strip(), now, current().label
    request.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    return request


def rows_of(request: PersonRequest, *, now: datetime) -> list[Row]:
    """Everything in which the person of a request stands."""
    return find(tenant_id=request.tenant_id, person=person_of(request), today=now.astimezone(JST).date())


def person_of(request: PersonRequest) -> Person:
    return Person(name=request.name, email=request.email, phone=request.phone)


@transaction.atomic
def export(*, request_id: int, now: datetime) -> dict[str, Any]:
    """Everything held of the person, to be handed over; that it was made is recorded. Raises Refused."""
    request = _locked(request_id)
    _require_identified(request)
    request.exported_at = now
    request.save(update_fields=["exported_at"])
    return exported(
        tenant_id=request.tenant_id,
        tenant=request.tenant.name,
        person=person_of(request),
        rows=rows_of(request, now=now),
        now=now,
    )


def preview(request: PersonRequest, *, now: datetime) -> Preview:
    """What would go and what would stay, and why, asked of the terms and the laws for each row."""
    own = {("privacy.PersonRequest", request.pk)}
    found = [row for row in rows_of(request, now=now) if (row.model, row.pk) not in own]
    going = [row for row in found if row.end.goes and not row.closed]
    staying = [row for row in found if not row.end.goes or row.closed]
    said = json.dumps(sorted((row.model, row.pk) for row in going))
    return Preview(going=going, staying=staying, token=hashlib.sha256(said.encode()).hexdigest()[:16])


@transaction.atomic
def erase(*, request_id: int, token: str, now: datetime) -> Mapping[str, int]:
    """The second step: erase exactly what the preview showed. Raises Refused where it is another by now."""
    request = _locked(request_id)
    _require_identified(request)
    if request.kind not in erasing.ERASABLE:
        raise Refused("消去のお申し出ではありません。")
    if request.erased_at is not None:
        raise Refused("このお申し出の消去は済んでいます。")
    shown = preview(request, now=now)
    if shown.token != token:
        raise Refused("確かめている間に、対象の記録が変わりました。もう一度、内容を確かめてください。")
    person = person_of(request)
    words = sorted({*person.words, *_as_stored(shown.going, person)})
    done = erasing.erase_person(rows=shown.going, words=words, request=request, now=now)
    request.erased_at = now
    request.erased = {CATEGORIES[code].name: count for code, count in done.items()}
    request.save(update_fields=["erased_at", "erased"])
    return request.erased


def _as_stored(rows: Sequence[Row], person: Person) -> set[str]:
    """How the person is written in the rows themselves: another space, capitals, hyphens elsewhere."""
    found: set[str] = set()
    for row in rows:
        columns = TABLES[row.model].columns
        for name, text in row.values.items():
            if name in columns.name and person.plain_name and Person(name=text).plain_name == person.plain_name:
                found |= set(Person(name=text).words)
            elif name in columns.email and person.email and text.lower() == person.email.lower():
                found.add(text)
            elif name in columns.phone and person.digits and Person(phone=text).digits == person.digits:
                found |= set(Person(phone=text).words)
    return found


def _require_identified(request: PersonRequest) -> None:
    if request.identified_at is None:
        raise Refused("お申し出の方をまだ確かめていません。先に本人確認を記録してください。")


def _counted(rows: Sequence[Row]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for row in rows:
        name = CATEGORIES[row.category].name
        found[name] = found.get(name, 0) + 1
    return list(found.items())


def _locked(request_id: int) -> PersonRequest:
    return PersonRequest.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=request_id)
