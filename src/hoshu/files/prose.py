"""Columns for what people write: a 個人番号 in it is masked on its way into the database, whoever wrote it where.

第4章 9.(1), 番号法 20条 (IX-MYN-01, SP-MYN-01): the one place that keeps the number out of free text. To the database
they are ordinary text columns, so no migration knows of them. Serials, telephone numbers and codes have ordinary ones.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from hoshu.files import personal_numbers

_noticed: ContextVar[list[str] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[list[str]]:
    """The names of the columns in which something is masked within the block, for the sentence that says so."""
    found: list[str] = []
    token = _noticed.set(found)
    try:
        yield found
    finally:
        _noticed.reset(token)


class _Prose:
    """Masks in the row that is saved and in what is sent to the database by any other way (`update`, `bulk_create`)."""

    verbose_name: Any

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain}", args, kwargs  # type: ignore[attr-defined]

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self._masked(super().pre_save(model_instance, add))  # type: ignore[misc]
        setattr(model_instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self._masked(value), connection)  # type: ignore[misc]

    def _masked(self, value: Any) -> Any:
        kept = _each_text(value)
        noticed = _noticed.get()
        if noticed is not None and kept != value and str(self.verbose_name) not in noticed:
            noticed.append(str(self.verbose_name))
        return kept


class ProseField(_Prose, models.TextField):
    """Free text of any length."""

    plain = "TextField"


class ProseCharField(_Prose, models.CharField):
    """A line of free text, or a name: people write numbers behind names too."""

    plain = "CharField"


class ProseJSONField(_Prose, models.JSONField):
    """Free texts under codes of ours."""

    plain = "JSONField"


def _each_text(value: Any) -> Any:
    if isinstance(value, str):
        return personal_numbers.masked(value)
    if isinstance(value, Mapping):
        return {name: _each_text(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one) for one in value]
    return value
