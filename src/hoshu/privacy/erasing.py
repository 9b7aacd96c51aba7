"""消去: the words about a person go from rows, from their history and from what was printed; the rows stay.

個人情報保護法 22条 (erase what is not needed any more), VA-PRI-08, MM-TRM-02. The request of a person, a period that
is over, the end of an agreement: what is erased is on record first with its reason (`ErasedRow`), and only for such
rows does the database let the history forget (`hoshu_forget`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.apps import apps
from django.db import connection

from hoshu.accounts.models import User
from hoshu.accounts.tenancy import Actor, act_as, current
from hoshu.contracts import erasing as rows_
from hoshu.contracts.models import CustomerNote, Destruction
from hoshu.files import store
from hoshu.privacy.models import ErasedRow, PersonRequest, RetentionRun
from hoshu.privacy.persons import Row
from hoshu.privacy.register import TABLES
from hoshu.privacy.words import RequestKind


def pseudonym(number: int) -> str:
    """What stands for an erased person: the same in every row, so that a story can still be followed."""
    return f"消去{number:05d}"


def erase_person(*, rows: Iterable[Row], words: Sequence[str], request: PersonRequest, now: datetime) -> dict[str, int]:
    """Take one person out of these rows; how many rows of each category."""
    done: dict[str, int] = {}
    instead = pseudonym(request.pk)
    by_model: dict[str, list[Row]] = {}
    for row in rows:
        by_model.setdefault(row.model, []).append(row)
    for model, found in by_model.items():
        table = TABLES[model]
        columns = table.columns
        ids = [row.pk for row in found]
        # Where a table knows nobody as a whole (a letter), what stands beside its texts goes with them.
        own = [row.pk for row in found if row.is_own or not (columns.name or columns.email or columns.phone)]
        _on_record(model, ids, request, now)
        if model == "accounts.User":
            User.objects.filter(pk__in=own).update(is_active=False, password="!")  # noqa: S106  a login no more
        if columns.several:
            own = []
        texts = columns.every if columns.several else columns.prose
        if _only_added(model):
            _erase_closed(model, ids, texts, words, instead)
            _erase_closed(model, own, columns.block, (), instead)
        else:
            rows_.rewrite(model=model, ids=ids, columns=texts, words=words, instead=instead)
            rows_.blank(model=model, ids=own, columns=columns.block, instead=instead)
        rows_.forget(model=model, ids=own, columns=columns.block, words=words, instead=instead)
        rows_.forget(model=model, ids=sorted(set(ids) - set(own)), columns=(), words=words, instead=instead)
        done[table.category] = done.get(table.category, 0) + len(ids)
    return done


def erase_rows(*, model: str, ids: Sequence[int], cause: RetentionRun | Destruction, now: datetime) -> int:
    """Empty everything personal in rows that are over their time or whose agreement is, in their history too."""
    columns = TABLES[model].columns.every
    _on_record(model, ids, cause, now)
    if model == "files.StoredFile":
        store.destroy_all(file_ids=ids, instead=rows_.ERASED, note=_note(cause), by=cause.started_by, now=now)
    elif _only_added(model):
        _erase_closed(model, ids, columns, (), rows_.ERASED)
    else:
        rows_.blank(model=model, ids=ids, columns=columns, instead=rows_.ERASED)
    rows_.forget(model=model, ids=ids, columns=columns, words=(), instead=rows_.ERASED)
    return len(ids)


def erase_note(*, cause: Destruction, now: datetime) -> int:
    """お客様メモ (IX-DOC-03): only its own customer's sight reaches it, so it is emptied with that sight."""
    model, columns = "contracts.CustomerNote", TABLES["contracts.CustomerNote"].columns.every
    with act_as(Actor(current().name, tenants=frozenset({cause.tenant_id}))):
        ids = list(CustomerNote.objects.filter(agreement_id=cause.agreement_id).values_list("pk", flat=True))
        _on_record(model, ids, cause, now)
        rows_.blank(model=model, ids=ids, columns=columns, instead=rows_.ERASED)
    rows_.forget(model=model, ids=ids, columns=columns, words=(), instead=rows_.ERASED)
    return len(ids)


def _note(cause: RetentionRun | Destruction) -> str:
    if isinstance(cause, RetentionRun):
        return "保存期間が過ぎたため消去しました。"
    return f"契約の終了により消去しました（{cause.agreement.number}）。"


def _on_record(
    model: str, ids: Sequence[int], cause: PersonRequest | RetentionRun | Destruction, now: datetime
) -> None:
    """That these rows are erased and why; without it the database lets nothing be forgotten."""
    table = apps.get_model(model)._meta.db_table
    because = {"personrequest": "request", "retentionrun": "run", "destruction": "destruction"}[cause._meta.model_name]
    # A run goes over all customers: its rows are for staff.
    tenant_id = None if isinstance(cause, RetentionRun) else cause.tenant_id
    ErasedRow.objects.bulk_create(
        ErasedRow(tenant_id=tenant_id, table=table, row_id=pk, at=now, **{because: cause}) for pk in ids
    )


def _only_added(model: str) -> bool:
    """Is it a table whose rows the program itself may never change (`rls.append_only`)?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [apps.get_model(model)._meta.db_table])
        return not cursor.fetchone()[0]


def _erase_closed(model: str, ids: Sequence[int], columns: Sequence[str], words: Sequence[str], instead: str) -> None:
    """The same in a table that is only added to: by a function of the database, for rows on record as erased."""
    if not ids or not columns:
        return
    ordered = sorted(words, key=lambda word: (-len(word), word))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hoshu_erase(%s, %s::bigint[], %s::text[], %s::text[], %s)",
            [apps.get_model(model)._meta.db_table, list(ids), list(columns), ordered, instead],
        )


ERASABLE = {RequestKind.ERASE, RequestKind.STOP, RequestKind.RETURN}
