"""What is held of one person of a customer: found by e-mail, telephone number or name, with how long each row stays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Func, Q, Value
from django.db.models.fields import CharField

from hoshu import catalog
from hoshu.accounts.models import HistoryEntry
from hoshu.cases.models import Case
from hoshu.contracts import consents
from hoshu.contracts.erasing import holds_words
from hoshu.contracts.models import Agreement, Application
from hoshu.dates import JST, within_months
from hoshu.decisions import record
from hoshu.privacy import clauses
from hoshu.privacy.models import Leak
from hoshu.privacy.register import CATEGORIES, TABLES, Table
from hoshu.privacy.retention_rules import months_set

SHORTEST_NAME = 2
SHORTEST_PHONE = 9
_FINAL = ("completed", "refused", "lapsed", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody, as far as known. At least one of the three is given, else nobody is found."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def plain_name(self) -> str:
        return re.sub(r"\s", "", self.name)

    @property
    def digits(self) -> str:
        return re.sub(r"\D", "", self.phone)

    @property
    def words(self) -> list[str]:
        """What may stand for this person in a text: the name with and without its space, addresses, numbers."""
        found = [self.email.strip(), self.name.strip(), self.phone.strip(), self.digits]
        parts = self.name.split()
        if len(parts) > 1:
            found += ["".join(parts), "\u3000".join(parts), " ".join(parts)]
        return sorted({word for word in found if _long_enough(word)})


@dataclass(frozen=True, kw_only=True)
class End:
    """Until when what a row belongs to keeps it. `until` None: nobody knows yet, so it stays."""

    until: date | None
    why: str
    clause: str = ""
    goes: bool = False
    """Whether the last day is over."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row in which the person stands."""

    model: str
    pk: int
    category: str
    values: Mapping[str, Any]
    """Column → what stands there, of the personal columns."""
    is_own: bool
    """Whether the row is about this person as a whole, not only a text that names them."""
    end: End
    closed: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


def find(*, tenant_id: int, person: Person, today: date) -> list[Row]:
    """Every row of a customer in which this person stands, one statement a table and a few for their ends."""
    if not person.words:
        return []
    rows: list[tuple[str, Table, dict[str, Any], bool]] = []
    for label, table in TABLES.items():
        if not table.tenant or not table.columns.every or label in _NOT_SEARCHED:
            continue
        rows += [(label, table, row, own) for row, own in _matching(label, table, tenant_id, person)]
    ends = _ends(rows, today)
    return [
        Row(
            model=label,
            pk=row["pk"],
            category=table.category,
            values={name: row[name] for name in table.columns.every if row[name] not in (None, "", [], {})},
            is_own=own,
            end=ends[label, row["pk"]],
            closed=table.closed,
            labels=_labels(label),
        )
        for label, table, row, own in rows
    ]


def exported(*, tenant_id: int, tenant: str, person: Person, rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    """Everything held of the person, as data: rows by category, what was changed, what for and how long (JSON)."""
    by_category: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        shown = {row.labels[name]: _plain(value) for name, value in row.values.items() if name not in _BYTES}
        by_category.setdefault(row.category, []).append(
            {"記録": f"{_table_name(row)} {row.pk}", "内容": shown, "保存": _said(row.end)}
        )
    return {
        "お客様": tenant,
        "お名前": person.name,
        "メールアドレス": person.email,
        "電話番号": person.phone,
        "作成日時": now.astimezone(JST).isoformat(timespec="minutes"),
        "区分": [
            {
                "名称": CATEGORIES[code].name,
                "出どころ": CATEGORIES[code].source,
                "利用目的": CATEGORIES[code].purpose,
                "見られる人": CATEGORIES[code].seen_by,
                "記録": by_category[code],
            }
            for code in CATEGORIES
            if code in by_category
        ],
        "変更の記録": _history(rows, person.words),
    }


_NOT_SEARCHED = {"accounts.HistoryEntry", "accounts.ApiToken"}
_BYTES = {"pdf"}


def _matching(label: str, table: Table, tenant_id: int, person: Person) -> Iterable[tuple[dict[str, Any], bool]]:
    columns = table.columns
    own = Q()
    for name in columns.email:
        own |= Q(**{f"{name}__iexact": person.email.strip()}) if person.email.strip() else Q()
    plain = {f"plain_{name}": _without(r"\s", name) for name in columns.name}
    digits = {f"digits_{name}": _without(r"\D", name) for name in columns.phone}
    if len(person.plain_name) >= SHORTEST_NAME:
        for name in plain:
            own |= Q(**{name: person.plain_name})
    if len(person.digits) >= SHORTEST_PHONE:
        by_phone = Q()
        for name in digits:
            by_phone |= Q(**{name: person.digits})
        # A firm has one telephone for many people: where another name stands, it is not this person.
        if by_phone and person.plain_name:
            other = Q()
            for name in plain:
                other |= ~Q(**{name: ""}) & ~Q(**{name: person.plain_name})
            by_phone &= ~other
        own |= by_phone
    named = Q()
    for name in columns.prose:
        named |= holds_words(label, name, person.words)
    if not own and not named:
        return
    found = apps.get_model(label).objects.annotate(**plain, **digits).filter(**{table.tenant: tenant_id})
    found = found.filter(own | named if own and named else own or named)
    path = table.holder.partition(":")[2]
    extra = {"holder": F(path)} if path else {}
    if table.at:
        extra["since"] = F(table.at)
    seen: set[int] = set()
    for row in found.order_by("pk").values("pk", *columns.every, **extra):
        if row["pk"] not in seen:
            seen.add(row["pk"])
            yield row, _is_own(row, table, person)


def _is_own(row: Mapping[str, Any], table: Table, person: Person) -> bool:
    columns = table.columns
    if any(person.email and str(row[name]).lower() == person.email.strip().lower() for name in columns.email):
        return True
    if any(person.plain_name and re.sub(r"\s", "", str(row[name])) == person.plain_name for name in columns.name):
        return True
    names = [re.sub(r"\s", "", str(row[name])) for name in columns.name]
    unnamed = not person.plain_name or not any(names)
    return unnamed and any(
        person.digits and re.sub(r"\D", "", str(row[name])) == person.digits for name in columns.phone
    )


def _without(pattern: str, name: str) -> Func:
    return Func(F(name), Value(pattern), Value(""), Value("g"), function="regexp_replace", output_field=CharField())


# ---- how long each row stays


def _ends(rows: Sequence[tuple[str, Table, dict[str, Any], bool]], today: date) -> dict[tuple[str, int], End]:
    months = months_set()
    wanted: dict[str, set[int]] = {"agreement": set(), "application": set(), "case": set(), "leak": set()}
    for _, table, row, _ in rows:
        kind = table.holder.partition(":")[0]
        if kind and row.get("holder"):
            wanted[kind].add(row["holder"])
    applications = {
        one.pk: one for one in Application.objects.select_related("agreement").filter(pk__in=wanted["application"])
    }
    agreements = {one.pk: one for one in Agreement.objects.filter(pk__in=wanted["agreement"])}
    agreements |= {one.agreement.pk: one.agreement for one in applications.values() if hasattr(one, "agreement")}
    cases = {one.pk: one for one in Case.objects.filter(pk__in=wanted["case"])}
    leaks = dict(Leak.objects.filter(pk__in=wanted["leak"]).values_list("pk", "closed_at"))
    disputed = {one.agreement_id for one in Case.objects.filter(agreement__in=list(agreements), finished_at=None)}
    found: dict[tuple[str, int], End] = {}
    for label, table, row, _ in rows:
        kind, holder = table.holder.partition(":")[0], row.get("holder")
        if kind == "application" and holder in applications:
            application = applications[holder]
            agreement = getattr(application, "agreement", None)
            end = (
                _of_agreement(agreement, table, months, today, agreement.pk in disputed)
                if agreement
                else _of_application(application, table, months, today)
            )
        elif kind == "agreement" and holder in agreements:
            end = _of_agreement(agreements[holder], table, months, today, holder in disputed)
        elif kind == "case" and holder in cases:
            end = _of_case(cases[holder], table, months, today)
        elif kind == "leak" and leaks.get(holder) is None:
            end = End(until=None, why="漏えい等の対応中のため")
        elif kind == "leak":
            end = _kept(table, leaks[holder].astimezone(JST).date(), months, today, "漏えい等への対応の記録として")
        else:
            end = _of_itself(table, row.get("since"), months, today)
        found[label, row["pk"]] = end
    return found


def _of_agreement(agreement: Agreement, table: Table, months: Mapping[str, int], today: date, open_case: bool) -> End:
    category = CATEGORIES[table.category]
    edition = catalog.edition(agreement.service, agreement.edition)
    last = agreement.cancelled_on or agreement.ends_on
    ended = last is not None and last < today
    if not ended and agreement.state in consents.RUNNING:
        return End(
            until=None,
            why=f"契約 {agreement.number} でサービスを提供しているため",
            clause=clauses.personal_information(edition),
        )
    last = last or agreement.accepted_at.astimezone(JST).date()
    if (asked := asked_of_terms(edition, category.erase_kind, last, today, open_case)) is not None:
        return asked
    return _kept(table, last, months, today, f"契約 {agreement.number} が{last:%Y/%m/%d}に終わった後も")


def asked_of_terms(edition: catalog.Edition, kind: str, last: date, today: date, open_case: bool) -> End | None:
    """What the terms say about erasing this kind after the last day; None where they do not answer the question."""
    if edition.erase is None or kind not in {one.code for one in edition.erase.kind}:
        return None
    facts: dict[str, Any] = {"usable_until": last.isoformat(), "on": today.isoformat(), "kind": kind}
    if open_case:
        facts["holds"] = ["investigation"]
    answer = record.ask({"ask": "erase", "service": edition.service, "edition": edition.edition, "facts": facts})
    from_day = answer.values["destroy_from"]
    until = None if from_day is None else date.fromordinal(date.fromisoformat(from_day).toordinal() - 1)
    reason = answer.reasons[-1 if open_case else 0]
    return End(until=until, why=reason["text"], clause=reason["clause"], goes=answer.values["destroy"])


def _of_application(application: Application, table: Table, months: Mapping[str, int], today: date) -> End:
    if application.state not in _FINAL:
        return End(until=None, why=f"申請 {application.number} の手続き中のため")
    last = (application.decided_at or application.updated_at).astimezone(JST).date()
    return _kept(table, last, months, today, f"申請 {application.number} の手続きが終わった後も")


def _of_case(case: Case, table: Table, months: Mapping[str, int], today: date) -> End:
    if case.finished_at is None:
        return End(until=None, why=f"事案 {case.number} の対応中のため")
    last = case.finished_at.astimezone(JST).date()
    return _kept(table, last, months, today, f"事案 {case.number} が終わった後も")


def _of_itself(table: Table, since: datetime | None, months: Mapping[str, int], today: date) -> End:
    if table.closed:
        return End(until=None, why="だれが何をしたかの証拠のため")
    if table.category == "company":
        return End(until=None, why="お客様の会社の情報として、契約のために使うため")
    if table.category == "login":
        return End(until=today, why="ログインはいつでも止められるため", goes=True)
    if since is None:
        # What nobody thought of stays: erasing is never undone.
        return End(until=None, why="残す理由を担当者が確かめるため")
    return _kept(table, since.astimezone(JST).date(), months, today, "その後も")


def _kept(table: Table, last: date, months: Mapping[str, int], today: date, why: str) -> End:
    category = CATEGORIES[table.category]
    count = months.get(table.category, category.months or 0)
    until = within_months(last, count) if count else last
    law = category.law
    return End(until=until, why=f"{why}{law and law + 'により'}残すため", clause=law, goes=until < today)


# ---- words


def _history(rows: Sequence[Row], words: Sequence[str]) -> list[dict[str, Any]]:
    """The changes of these rows in which the person is named, the oldest first."""
    found: list[dict[str, Any]] = []
    named = Q()
    for word in words:
        named |= Q(before__icontains=word) | Q(after__icontains=word)
    by_table: dict[str, list[int]] = {}
    for row in rows:
        by_table.setdefault(apps.get_model(row.model)._meta.db_table, []).append(row.pk)
    for table, ids in by_table.items():
        for entry in HistoryEntry.objects.filter(named, table=table, row_id__in=ids).order_by("id"):
            found.append(
                {
                    "日時": entry.at.astimezone(JST).isoformat(timespec="minutes"),
                    "記録": f"{table} {entry.row_id}",
                    "操作": entry.action,
                    "前": _naming(entry.before, words),
                    "後": _naming(entry.after, words),
                }
            )
    return found


def _naming(values: Mapping[str, Any] | None, words: Sequence[str]) -> dict[str, Any]:
    """The values of an entry in which one of `words` stands."""
    return {name: value for name, value in (values or {}).items() if any(word in str(value) for word in words)}


def _labels(label: str) -> dict[str, str]:
    model = apps.get_model(label)
    return {name: str(model._meta.get_field(name).verbose_name) for name in TABLES[label].columns.every}


def _table_name(row: Row) -> str:
    return CATEGORIES[row.category].name


def _said(end: End) -> str:
    if end.goes:
        return "保存する期間は終わっています。"
    return f"{end.why}、{f'{end.until:%Y/%m/%d}まで' if end.until else ''}残します。"


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _long_enough(word: str) -> bool:
    if "@" in word:
        return len(word) > 3
    if re.sub(r"[\d\-]", "", word) == "":
        return len(re.sub(r"\D", "", word)) >= SHORTEST_PHONE
    return len(word) >= (SHORTEST_NAME if not word.isascii() else 4)
