"""What may import what, and what may point at what."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

from tests.architecture.layers import ROOT, level

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("hoshu.")]


def test_the_import_contract_holds():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_row_points_at_its_own_or_a_lower_package(model):
    """A foreign key upwards would tie the lower package to the upper one behind the import contract's back."""
    for field in model._meta.get_fields():
        if not isinstance(field, Field) or not field.remote_field:
            continue
        target = field.remote_field.model
        if target.__module__.startswith("hoshu.") and target._meta.app_label != model._meta.app_label:
            assert level(target.__module__) < level(model.__module__), f"{field} → {target._meta.label}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_column_reads_the_clock(model):
    """Time enters at the edge: whoever writes a row says when."""
    for field in model._meta.local_fields:
        assert not getattr(field, "auto_now", False), field
        assert not getattr(field, "auto_now_add", False), field
        assert getattr(field.default, "__name__", "") not in {"now", "today", "utcnow"}, field
