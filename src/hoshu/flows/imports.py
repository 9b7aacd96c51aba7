"""A table is handed over, tried, looked at, and taken in by the worker: step by step, each bearing to be repeated."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as, actor_of, current
from hoshu.files import store
from hoshu.flows.import_kinds import kinds
from hoshu.imports import Refused, dry_run, queries, run, states
from hoshu.imports.kinds import Kind

log = logging.getLogger(__name__)

_TROUBLE = (
    "途中で止まりました。取り込んだ行はそのままです。もう一度お試しください。続くときは、管理者に知らせてください。"
)


@transaction.atomic
def hand_over(*, kind: str, name: str, content: bytes, declared_personal_number: bool | None, now: datetime) -> Any:
    """Keep a table and have it tried. Raises Refused, files.store.Refused.

    第4章 9.(3) (IX-MYN-04): a file that may hold a 個人番号 is held like any other, and read by nobody.
    """
    if kind not in kinds():
        raise Refused("取り込む種類を選んでください。")
    actor = current()
    file = store.keep(
        tenant_id=None,
        name=name,
        content=content,
        purpose="table",
        declared_personal_number=declared_personal_number,
        actor=actor,
        now=now,
    )
    assert actor.user_id is not None
    imported = states.begin(kind=kind, file_id=file.pk, user_id=actor.user_id, now=now)
    _read.defer(import_id=imported.pk)
    return imported


@transaction.atomic
def try_again(*, import_id: int) -> None:
    """Read and try the file anew. Raises Refused."""
    states.again(import_id=import_id)
    _read.defer(import_id=import_id)


@transaction.atomic
def start(*, import_id: int, looked_at: bool, now: datetime) -> None:
    """Take in what was tried, or go on where it stopped. Raises Refused."""
    user_id = current().user_id
    assert user_id is not None
    number = states.start(import_id=import_id, looked_at=looked_at, user_id=user_id, now=now)
    _run.defer(import_id=import_id, number=number)


@transaction.atomic
def push(*, import_id: int) -> None:
    """Put the job of a run anew, at which no worker seems to be. Should one be at it, this changes nothing."""
    if (number := states.next_chunk(import_id=import_id)) is not None:
        _run.defer(import_id=import_id, number=number)


@app.task(name="read_import")
def _read(*, import_id: int) -> None:
    """Read a table and try its rows."""
    with _told(import_id):
        kind, actor = _taken_up(import_id)
        dry_run.read(import_id=import_id, kind=kind, actor=actor, now=clock.now())


@app.task(name="run_import")
def _run(*, import_id: int, number: int) -> None:
    """Take in one chunk; the job of the next is committed with it."""
    with _told(import_id):
        kind, actor = _taken_up(import_id)
        with act_as(actor):
            following = run.run(import_id=import_id, number=number, kind=kind, now=clock.now())
            if following is not None:
                _run.defer(import_id=import_id, number=following)


def _taken_up(import_id: int) -> tuple[Kind, Actor]:
    """The kind of an import and whoever wants it: what becomes of the rows is their doing, and the history says so."""
    with act_as(SYSTEM):
        imported = queries.get(import_id=import_id)
        user = imported.started_by or imported.created_by
        actor = actor_of(user, today=clock.today())
    # The job goes on although the person went home or changed their role.
    return kinds()[imported.kind], replace(actor, sees_all=True)


@contextmanager
def _told(import_id: int) -> Iterator[None]:
    """A fault of ours stops the import where somebody sees it, and stays in the log of the worker."""
    try:
        yield
    except Exception:
        log.exception("Import %s stopped", import_id)
        with act_as(SYSTEM):
            states.fail(import_id=import_id, trouble=_TROUBLE, now=clock.now())
        raise
