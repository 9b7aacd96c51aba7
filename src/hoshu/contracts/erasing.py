"""消去: what is personal in rows goes, the rows stay. Statements over many rows, of every package.

Nothing here says why or puts it on record: `privacy.erasing` does, and it alone calls what changes rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Model, Value
from django.db.models.functions import Concat, Left

ERASED = "消去済"
"""What stands where something had to stand and nothing may be read any more."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The personal columns of one table, by what becomes of them."""

    name: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    """What belongs to the person beside these: empty afterwards."""
    prose: tuple[str, ...] = ()
    """Texts and structures in which somebody may be named."""
    several: bool = False
    """Whether a row names more than one person: then only the words of the one go."""

    @property
    def block(self) -> tuple[str, ...]:
        """The columns that are about one person as a whole."""
        return (*self.name, *self.email, *self.phone, *self.detail)

    @property
    def every(self) -> tuple[str, ...]:
        return (*self.block, *self.prose)


PERSONAL: dict[str, Columns] = {
    "contracts.Application": Columns(prose=("entries", "first_entries", "reason")),
    "contracts.ApplicationEvent": Columns(prose=("note",)),
    "contracts.ParkedEntries": Columns(prose=("entries",)),
    "contracts.Inquiry": Columns(prose=("question", "answer")),
    "contracts.ContactCheck": Columns(email=("email",), prose=("objection",)),
    "contracts.Refusal": Columns(prose=("reason",)),
    "contracts.Device": Columns(name=("owner",)),
    "contracts.Party": Columns(
        name=("name",),
        email=("email",),
        phone=("phone", "phone_digits"),
        detail=("fax", "title", "department", "company", "postal_code", "address"),
    ),
    "contracts.Revision": Columns(prose=("content",)),
    "contracts.Consent": Columns(name=("person",), prose=("mandate",)),
    "contracts.Consignment": Columns(prose=("to",)),
    "contracts.ChangeRequest": Columns(name=("asked_by",), prose=("entries", "said", "parked", "lines", "reason")),
    "contracts.ChangeEvent": Columns(prose=("note",)),
    "contracts.ExtensionKit": Columns(name=("asked_by",), prose=("approved_for", "reason")),
    "contracts.UnitExchange": Columns(prose=("report", "recovery")),
    "contracts.SupportId": Columns(prose=("blocked_for",)),
    "contracts.LentUnit": Columns(prose=("note",)),
}
"""What is personal in the tables of this package; the register of personal information is checked against it."""

OF_AGREEMENT = {
    "contracts.Application": "agreement__in",
    "contracts.ApplicationEvent": "application__agreement__in",
    "contracts.ParkedEntries": "application__agreement__in",
    "contracts.Inquiry": "application__agreement__in",
    "contracts.ContactCheck": "application__agreement__in",
    "contracts.Refusal": "application__agreement__in",
    "contracts.Device": "agreements__in",
    "contracts.Party": "revision__agreement__in",
    "contracts.Revision": "agreement__in",
    "contracts.Consent": "application__agreement__in",
    "contracts.Consignment": "agreement__in",
    "contracts.ChangeRequest": "agreement__in",
    "contracts.ChangeEvent": "request__agreement__in",
    "contracts.ExtensionKit": "agreement__in",
    "contracts.UnitExchange": "agreement__in",
}
"""How the rows of a table are found that belong to an agreement."""


def rows_of(model: str, agreement_ids: Sequence[int]) -> list[int]:
    """The ids of the rows of one table that belong to these agreements."""
    found = _model(model).objects.filter(**{OF_AGREEMENT[model]: list(agreement_ids)})
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


def blank(*, model: str, ids: Sequence[int], columns: Sequence[str], instead: str) -> int:
    """Empty `columns` of these rows; a column that may not be empty holds `instead`. How many rows there were."""
    if not ids or not columns:
        return 0
    table = _model(model)
    return table.objects.filter(pk__in=ids).update(**{name: _emptied(table, name, instead) for name in columns})


def rewrite(*, model: str, ids: Sequence[int], columns: Sequence[str], words: Sequence[str], instead: str) -> int:
    """Put `instead` for each of `words` in the texts of these rows, the longest first. How many rows there were."""
    if not ids or not columns or not words:
        return 0
    table = _model(model)
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return table.objects.filter(pk__in=ids).update(
        **{name: _rewritten(table, name, ordered, instead) for name in columns}
    )


def holds_words(model: str, column: str, words: Sequence[str]) -> models.Q:
    """The rows in whose text one of `words` stands, whatever its case."""
    found = models.Q()
    for word in words:
        found |= models.Q(**{f"{column}__icontains": word})
    return found


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def _emptied(table: type[Model], name: str, instead: str) -> object:
    column = table._meta.get_field(name)
    if isinstance(column, models.JSONField):
        return Value([] if column.get_default() == [] else {}, output_field=models.JSONField())
    if isinstance(column, models.BinaryField):
        return b""
    if getattr(column, "unique", False):
        return Concat(Value("erased-"), F("pk"), Value("@erased.invalid"), output_field=models.CharField())
    if column.blank:
        return ""
    length = column.max_length
    return instead[:length] if length else instead


def _rewritten(table: type[Model], name: str, words: Sequence[str], instead: str) -> object:
    column = table._meta.get_field(name)
    if isinstance(column, models.JSONField):
        return Func(
            F(name),
            Value("{}"),
            Value(list(words)),
            Value(instead),
            function="hoshu_without",
            template="%(function)s(%(expressions)s)",
            output_field=models.JSONField(),
        )
    found: object = F(name)
    for word in words:
        found = Func(found, Value(word), Value(instead), function="replace", output_field=models.TextField())
    return Left(found, column.max_length) if column.max_length else found


def forget(*, model: str, ids: Sequence[int], columns: Sequence[str], words: Sequence[str], instead: str) -> int:
    """Take the same out of the history of these rows, where their erasure is on record; how many entries."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hoshu_forget(%s, %s::bigint[], %s::text[], %s::text[], %s)",
            [_model(model)._meta.db_table, list(ids), list(columns), list(words), instead],
        )
        return int(cursor.fetchone()[0])
