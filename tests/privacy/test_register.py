"""Every column that may hold text is named in the register, as personal or not; nothing else is."""

import pytest
from django.apps import apps
from django.db import models

from hoshu.contracts.erasing import OF_AGREEMENT, PERSONAL
from hoshu.privacy import register

TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GeneratedField)


def text_columns():
    return {
        (model._meta.label, column.name)
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("hoshu.")
        for column in model._meta.local_fields
        if isinstance(column, TEXT) and not column.choices
    }


@pytest.mark.req("MM-CND-15", "IX-PII-01")
def test_every_column_that_may_hold_text_is_classified():
    personal = set(register.personal_columns())
    plain = {(model, name) for model, names in register.NOT_PERSONAL.items() for name in names}
    assert not personal & plain
    assert text_columns() - personal - plain == set(), (
        "Name the column in hoshu/privacy/register.py: in TABLES where it may say something about a person, "
        "else in NOT_PERSONAL"
    )
    assert personal | plain <= text_columns(), "The register names a column that does not exist"


@pytest.mark.req("MM-CND-15")
def test_every_category_says_where_from_what_for_how_long_and_for_whom():
    found = register.lines()
    assert {line.category.name for line in found} == {
        category.name for code, category in register.CATEGORIES.items() if code != "history"
    }
    for line in found:
        assert line.category.source
        assert line.category.purpose
        assert line.category.seen_by
        assert line.kept
        assert line.columns
    groups = {line.category.group for line in register.lines(own=False)}
    assert {"application", "device"} <= groups
    assert "own" not in groups


def test_the_rows_of_an_agreement_can_all_be_found():
    """What is destroyed with an agreement is everything personal in the tables of contracts that belongs to one."""
    assert set(OF_AGREEMENT) | {"contracts.SupportId", "contracts.LentUnit"} == set(PERSONAL)
    for label, path in OF_AGREEMENT.items():
        apps.get_model(label).objects.filter(**{path: [1]}).query  # noqa: B018  a wrong path raises
