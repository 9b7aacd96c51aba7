"""After the end: what is destroyed, what stays and why; planned first, then done category by category (MM-TRM-02).

The plan is a dry run: it asks the terms about each kind of data and counts the rows. The job does what the plan says,
each category in a transaction of its own with its line in the record, so that a job that was interrupted goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts import people
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import queries as cases
from hoshu.contracts import Refused, consents, destruction, queries
from hoshu.contracts.erasing import rows_of
from hoshu.decisions import record
from hoshu.flows.registration_notices import day_of
from hoshu.notifications import issuing
from hoshu.notifications import queries as notifications
from hoshu.privacy import erasing
from hoshu.privacy.register import TABLES

OPEN_CASE = "開いている事案"
"""Holds everything: a claim or a case that runs needs the data (MM-TRM-02)."""


@dataclass(frozen=True)
class Category:
    """Tables whose rows go together; `kind` is the one of the terms that decides about them."""

    name: str
    kind: str
    models: tuple[str, ...]


_ABOUT_CASES = tuple(label for label, table in TABLES.items() if table.holder.startswith("case:"))
_NOTE = Category("お客様メモ", "application", ("contracts.CustomerNote",))
ALL = (
    Category("連絡先と設置場所", "account", ("contracts.Party",)),
    Category("登録の内容", "account", ("contracts.Revision",)),
    Category("申請の記入", "application", ("contracts.Application",)),
    Category("申請の経過", "application", ("contracts.ApplicationEvent", "contracts.Refusal")),
    Category("書きかけの記入", "application", ("contracts.ParkedEntries",)),
    Category("照会", "application", ("contracts.Inquiry",)),
    Category("変更の申請", "application", ("contracts.ChangeRequest", "contracts.ChangeEvent")),
    Category("延長の申請", "application", ("contracts.ExtensionKit",)),
    Category("機器の所有者", "application", ("contracts.Device",)),
    Category("発送の宛先", "application", ("contracts.Consignment",)),
    Category("機器の交換", "application", ("contracts.UnitExchange",)),
    Category("同意した人", "evidence", ("contracts.Consent",)),
    Category("お知らせのメール", "application", ("notifications.Message",)),
    Category("お知らせの手紙", "application", ("notifications.Letter",)),
    Category("お預かりした資料", "application", ("files.StoredFile",)),
    Category("事案のお申し出と経過", "application", _ABOUT_CASES),
    _NOTE,
    Category("アカウント", "account", ("accounts.User",)),
)
"""What is personal in them the register says (`privacy.register`)."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What becomes of one kind of data on a day, and why."""

    kind: str
    name: str
    in_the_end: bool
    """Is it ever destroyed, or kept by law?"""
    destroy: bool
    """Now."""
    destroy_from: date | None
    backups_by: date | None
    reasons: list[dict[str, str]]
    law: str
    rows: int
    """How many rows of it there are now."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The dry run for one agreement. Without lines its terms destroy nothing by themselves."""

    usable_until: date
    lines: Sequence[Line]

    @property
    def held(self) -> bool:
        """Does anything keep what would be destroyed by now?"""
        return any(line.in_the_end and not line.destroy for line in self.lines)


def plan(*, agreement: Any, now: datetime) -> Plan:
    """What would be destroyed now, kind by kind, with the reasons of the terms. Nothing is changed. Raises Refused."""
    usable_until = last_day_of(agreement)
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, usable_until))
    if edition.erase is None:
        return Plan(usable_until=usable_until, lines=())
    holds = _holds(agreement)
    lines = []
    for kind in edition.erase.kind:
        facts = {"usable_until": usable_until.isoformat(), "on": day_of(now).isoformat(), "kind": kind.code}
        answer = record.ask(
            {
                "ask": "erase",
                "service": edition.service,
                "edition": edition.edition,
                "plan": agreement.plan,
                "facts": {**facts, **({"holds": holds} if holds else {})},
            }
        )
        found = answer.values
        lines.append(
            Line(
                kind=kind.code,
                name=kind.name,
                in_the_end=kind.destroyed,
                destroy=found["destroy"],
                destroy_from=record.day(found["destroy_from"]),
                backups_by=record.day(found["backups_by"]),
                reasons=answer.reasons,
                law=destruction.LAWS.get(kind.code, ""),
                rows=sum(len(_rows(model, agreement)) for one in ALL if one.kind == kind.code for model in one.models),
            )
        )
    return Plan(usable_until=usable_until, lines=lines)


def run(*, agreement_id: int, now: datetime) -> Any:
    """Destroy what the plan says, and go on where an earlier run stopped; the record. Raises Refused before the end.

    What is held stays, and the record stays open until it is gone too. Nothing undoes it.
    """
    with act_as(SYSTEM):
        agreement = queries.agreements().select_related("application").get(pk=agreement_id)
        found = plan(agreement=agreement, now=now)
        if not found.lines:
            raise Refused("この約款に、利用の終わりに情報を消す定めはありません。行った処置を記録してください。")
        if day_of(now) <= found.usable_until:
            raise Refused(f"{found.usable_until:%Y/%m/%d}までは利用できるため、まだ消せません。", _clause(agreement))
        if not any(line.destroy for line in found.lines):
            return destruction.of(agreement)
        kept = destruction.begin(agreement=agreement, usable_until=found.usable_until, now=now)
    destroyed = {line.kind for line in found.lines if line.destroy}
    # Of the evidence only company, edition and time stay, so the person goes with the rest.
    kinds = destroyed | ({"evidence"} if destroyed else set())
    for category in ALL:
        if category.kind in kinds and category.name not in kept.counts:
            with act_as(SYSTEM):
                destruction.done(record=kept, category=category.name, count=_erase(category, agreement, kept, now))
    if not found.held:
        with act_as(SYSTEM):
            _finish(kept, found, agreement, now)
    return kept


def run_due(*, now: datetime) -> int:
    """Every ended agreement whose terms destroy its data and where that is not done; how many were finished now."""
    with act_as(SYSTEM):
        waiting = [agreement.pk for agreement in destruction.waiting(now=now)]
    finished = 0
    for agreement_id in waiting:
        with act_as(SYSTEM):
            agreement = queries.agreements().get(pk=agreement_id)
            if day_of(now) <= last_day_of(agreement):
                continue
        kept = run(agreement_id=agreement_id, now=now)
        finished += kept is not None and kept.finished_at is not None
    return finished


@app.periodic(cron="15 * * * *")
@app.task(name="destroy_after_the_end")
def destroy_after_the_end(timestamp: int) -> None:
    """Every hour: live data is gone within a day of the end (MM-TRM-02)."""
    run_due(now=clock.now())


@transaction.atomic
def record_by_hand(*, agreement_id: int, method: str, how: str, on: date, now: datetime) -> Any:
    """VA-PRI-08: what people did with entrusted data where the terms destroy nothing by themselves. Raises Refused."""
    agreement = queries.agreements().get(pk=agreement_id)
    return destruction.record_by_hand(
        agreement_id=agreement_id, method=method, how=how, last_day=last_day_of(agreement), on=on, now=now
    )


@transaction.atomic
def certificate(*, record_id: int, now: datetime) -> Any:
    """MM-TRM-02, VA-PRI-08: the certificate of a finished destruction, printed once and kept. Raises Refused."""
    kept = destruction.finished(record_id=record_id)
    if kept.certificate_id is None:
        letter = issuing.issue(
            tenant_id=kept.tenant_id,
            name="destruction_certificate",
            data=certificate_facts(kept),
            about=kept.agreement.number,
            now=now,
        )
        destruction.certify(record=kept, letter_id=letter.pk)
    return kept.certificate


def last_day_of(agreement: Any) -> date:
    """The last day on which it can be used. Raises Refused while that is open."""
    ending = queries.endings_of(agreement).filter(settled_at__isnull=False, part="", measure="end").first()
    last: date | None = agreement.ends_on or (ending.last_day if ending else None)
    if last is None:
        raise Refused("この契約は終わっていません。")
    return last


def certificate_facts(kept: Any) -> dict[str, Any]:
    """What the certificate of a destruction says: what kind, how many, how, when, what stays by which law; no content.

    Named after the facts of the letter `destruction_certificate`.
    """
    agreement, how = kept.agreement, kept.get_method_display()
    counted = tuple((category, count, how) for category, count in kept.counts.items() if count)
    return {
        "addressee": {"organisation": agreement.tenant.name},
        "reference": agreement.number,
        "occasion": "契約の終了",
        "occurred_on": kept.usable_until,
        "erased": counted or ((kept.how or "お預かりした情報", 1, how),),
        "finished_at": kept.finished_at,
        "copies_until": kept.backups_by,
        "kept": tuple((one["category"], one["law"] or one["reason"], None) for one in kept.kept),
        "clauses": tuple(dict.fromkeys(one["clause"] for one in kept.kept)),
    }


# ---- along the way


def _holds(agreement: Any) -> list[dict[str, str]]:
    """Why data stays: what people recorded, and every case that runs."""
    found = [
        {
            "code": kept.code,
            "since": kept.since.isoformat(),
            **({"until": kept.until.isoformat()} if kept.until else {}),
        }
        for kept in destruction.holds_of(agreement)
    ]
    if cases.open_cases_under(agreement_id=agreement.pk, device_id=agreement.device_id).exists():
        found.append({"code": OPEN_CASE})
    return found


def _rows(model: str, agreement: Any) -> list[int]:
    """The rows of a table that belong to an agreement."""
    if model in _ABOUT_CASES:
        path = TABLES[model].holder.removeprefix("case:")
        found = apps.get_model(model).objects.filter(**{f"{path}__in": cases.cases_under(agreement_id=agreement.pk)})
        return list(found.order_by("pk").values_list("pk", flat=True))
    if finder := _FINDERS.get(model):
        return list(finder(agreement))
    return rows_of(model, [agreement.pk])


def _message_ids(agreement: Any) -> list[int]:
    numbers = [agreement.number]
    if agreement.application:
        numbers += [agreement.application.number, agreement.application.receipt]
    numbers += cases.cases_under(agreement_id=agreement.pk).values_list("number", flat=True)
    found = notifications.about_any(numbers).filter(tenant_id=agreement.tenant_id)
    return list(found.values_list("pk", flat=True))


def _letter_ids(agreement: Any) -> list[int]:
    return list(notifications.letters_of(_message_ids(agreement)).values_list("pk", flat=True))


def _file_ids(agreement: Any) -> list[int]:
    of_cases = cases.files_under(agreement_id=agreement.pk).values_list("file_id", flat=True)
    return [*destruction.files_of(agreement), *of_cases]


def _account_ids(agreement: Any) -> list[int]:
    if not destruction.is_alone(agreement):
        return []
    return [person.pk for person in people.find(organisation_id=agreement.tenant_id)]


def _note_ids(agreement: Any) -> list[int]:
    """Nobody but its customer sees whether there is one."""
    return []


_FINDERS: dict[str, Callable[[Any], list[int]]] = {
    "notifications.Message": _message_ids,
    "notifications.Letter": _letter_ids,
    "files.StoredFile": _file_ids,
    "contracts.CustomerNote": _note_ids,
    "accounts.User": _account_ids,
}


def _erase(category: Category, agreement: Any, kept: Any, now: datetime) -> int:
    if category is _NOTE:
        return erasing.erase_note(cause=kept, now=now)
    count = 0
    for model in category.models:
        ids = _rows(model, agreement)
        if model == "accounts.User" and ids:
            people.lock(organisation_id=agreement.tenant_id, now=now)
        count += erasing.erase_rows(model=model, ids=ids, cause=kept, now=now)
    return count


def _finish(kept: Any, found: Plan, agreement: Any, now: datetime) -> None:
    stays = [
        {"category": line.name, "reason": line.reasons[0]["text"], "clause": line.reasons[0]["clause"], "law": line.law}
        for line in found.lines
        if not line.destroy
    ]
    last_copy = max((line.backups_by for line in found.lines if line.backups_by), default=None)
    destruction.finish(record=kept, kept=stays, backups_by=last_copy, now=now)


def _clause(agreement: Any) -> str:
    terms = catalog.edition(agreement.service, agreement.edition).erase
    return terms.end_of_use.clause if terms else ""
