"""Letters kept as they were printed, with their hash: those that go with a mail, and those issued by themselves.

A letter that was issued is never printed anew: who asks again gets the bytes that were kept.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from hoshu.accounts import operators
from hoshu.dates import JST
from hoshu.notifications import Refused, letters
from hoshu.notifications.models import Letter
from hoshu.notifications.notice import Sender

_OF_THE_DAY = {"issued", "issued_text"}


class TooLong(Refused):
    """Labels without room for what they shall say; `places` holds number of the label (from 0) and caption."""

    def __init__(self, places: Sequence[tuple[int, str]]) -> None:
        super().__init__(self.said([caption for _, caption in places]))
        self.places = places

    @staticmethod
    def said(captions: Iterable[str]) -> str:
        """What is wrong with lines under `captions`, and what to do."""
        named = "、".join(dict.fromkeys(f"「{caption}」" for caption in captions))
        return f"{named}が長くて、ラベルに入りません。大きいラベルのシートを選ぶか、ラベルの行を変えてください。"


def issue(*, tenant_id: int | None, name: str, data: Mapping[str, Any], about: str, now: datetime) -> Letter:
    """Print letter `name` of `letters.LETTERS` and keep it: a new row each time.

    Raises Refused where the font lacks a character, TooLong where a label has no room; then nothing is kept.
    """
    return _printed(tenant_id, name, _prepared(name, data, now), about, now)


def current(*, tenant_id: int | None, name: str, data: Mapping[str, Any], about: str, now: datetime) -> Letter:
    """The letter that was last issued about this matter, if it still says what is true; else a new one (`issue`)."""
    prepared = _prepared(name, data, now)
    last = Letter.objects.filter(tenant_id=tenant_id, about=about, name=name, state=Letter.State.PRINTED)
    found = last.defer("pdf").order_by("-id").first()
    if found is not None and _said(found.data) == _said(prepared):
        return found
    return _printed(tenant_id, name, prepared, about, now)


def draw_up(*, tenant_id: int | None, name: str, data: Mapping[str, Any], about: str, now: datetime) -> Letter:
    """The letter of a mail. Where the font lacks a character it is held, and its mail with it."""
    return _kept(tenant_id, name, _prepared(name, data, now), about, now)


def typeset(*, name: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """Letter `name` as PDF, not kept, as it can be made anew. Raises Refused where the font lacks a character."""
    return letters.typeset(name, _printable(_prepared(name, data, now)))


def print_out(letter: Letter) -> None:
    """Print what `letter.data` holds, or hold it for its missing characters. The row is not saved."""
    letter.missing = letters.missing_glyphs(letter.data)[:200]
    if letter.missing:
        letter.state = Letter.State.HELD
        return
    letter.pdf = letters.typeset(letter.name, letter.data)
    letter.sha256 = hashlib.sha256(letter.pdf).hexdigest()
    letter.state = Letter.State.PRINTED


def described(characters: str) -> str:
    """Characters with their code points, since some can not be seen: 「✕（U+2715）、㋿（U+32FF）」."""
    return "、".join(f"{character}（U+{ord(character):04X}）" for character in characters)


def sender() -> Sender:
    """The operator as letters show it. Raises Refused before the set-up."""
    operator = operators.profile()
    if operator is None:
        raise Refused("運営者の情報がまだ登録されていません。初期設定を済ませてください。")
    return Sender.of(operator)


def _prepared(name: str, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return letters.prepare(name, data, sender=sender(), issued_on=now.astimezone(JST).date())


def _printable(prepared: dict[str, Any]) -> dict[str, Any]:
    if missing := letters.missing_glyphs(prepared):
        raise Refused(f"印字できない文字があります: {described(missing)}。登録の内容を別の字に直してください。")
    return prepared


def _said(prepared: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter says, whatever the day on which it says so."""
    return {key: value for key, value in prepared.items() if key not in _OF_THE_DAY}


def _printed(tenant_id: int | None, name: str, prepared: Mapping[str, Any], about: str, now: datetime) -> Letter:
    if places := letters.too_long(name, _printable(prepared)):
        raise TooLong(places)
    return _kept(tenant_id, name, prepared, about, now)


def _kept(tenant_id: int | None, name: str, prepared: Mapping[str, Any], about: str, now: datetime) -> Letter:
    letter = Letter(
        tenant_id=tenant_id,
        name=name,
        about=about,
        filename=f"{prepared['title']}.pdf",
        data=prepared,
        release=version("hoshu"),
        created_at=now,
    )
    print_out(letter)
    letter.save()
    return letter
