"""Which applications are judged alike: what a judgement asks of a form, and of the records about its numbers.

Of most texts it asks only whether they are sound: no name and no address changes an answer. A table of thousands of
rows therefore holds few sorts of applications, and one of each is judged for all (`flows.import_applications`).
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from hoshu.accounts.tenancy import as_system
from hoshu.catalog import Edition, FormField
from hoshu.contracts import form as forms
from hoshu.contracts import numbers, queries, serials
from hoshu.contracts.models import Licence
from hoshu.japan.addresses import place_of

_WRITTEN_FREELY = frozenset({"text", "code", "address", "mail", "phone", "postal_code", "serial"})
"""Kinds of fields whose texts are as many as there are people; of the others, each value is a sort of its own."""
_LOOKED_UP = frozenset({"support_id", "device.model", "device.product"})
"""What fields fill whose text leads to something in the records."""
_COMPARED = frozenset({"delivery.company", "contact.company"})
"""What fields fill that are compared with each other where a form has them all (MM-CND-04)."""
_MOST_KNOWN = 20_000
_SOUND, _NOWHERE = True, ()


def sorts(
    edition: Edition,
    columns: Mapping[str, Sequence[Any]],
    received_on: Sequence[date],
    tenant_ids: Sequence[int | None],
) -> list[Hashable]:
    """The sort of each row: two rows of one sort get the same `Assessment`, but for what is written in their forms.

    `columns` hold what stands in each field of the form, under this edition, of applications that are not there yet.
    """
    given = [at for at in forms.inputs(edition, staff=True) if any(columns[at.name])]
    filled = {at.fills: columns[at.name] for at in given}
    found = _Records(filled.get("licence.serial", ()), filled.get("device.serial", ()), edition.service)
    compared = filled.keys() >= _COMPARED
    parts: list[Sequence[Hashable]] = [received_on]
    for at in given:
        column = columns[at.name]
        if at.fills == "licence.serial":
            parts.append([*map(found.cards.get, column)])
        elif at.fills == "device.serial":
            parts.append([*map(found.bodies.get, column)])
        elif _is_asked(at) or (compared and at.fills in _COMPARED):
            parts.append(column)
        else:
            parts.append([*map(_texts(edition, at).__getitem__, column)])
    if "support_id" in filled:  # VA-REG-06: whose it is
        parts.append([tenant if code else None for tenant, code in zip(tenant_ids, filled["support_id"], strict=True)])
    rows: list[Hashable] = [*zip(*parts, strict=True)]
    for place in _of_their_own(filled):
        rows[place] = place
    return rows


def _is_asked(at: FormField) -> bool:
    """Does a judgement ask what stands in the field?"""
    return at.kind not in _WRITTEN_FREELY or at.fills in _LOOKED_UP or at.fills.startswith("fact.")


def _of_their_own(filled: Mapping[str, Sequence[Any]]) -> set[int]:
    """The places of forms whose parties are compared, with each other or another form's (IX-CARD-10, IX-CARD-11)."""
    copies = [filled[fills] for fills in ("copy.contact", "copy.site", "copy.from") if fills in filled]
    own = {place for column in copies for place, written in enumerate(column) if written}
    return own | {place for place, same in enumerate(filled.get("same.writer", ())) if same and len(same) > 1}


class _Texts(dict[Any, Hashable]):
    """What a judgement asks of each text in a field: that it is sound and, of an address, where that is."""

    def __init__(self, edition: Edition, at: FormField) -> None:
        super().__init__()
        self._edition, self._at = edition, at

    def __missing__(self, text: Any) -> Hashable:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        sort: Hashable = text
        if text and forms.is_sound(text, self._at, self._edition):
            sort = place_of(text) if self._at.fills == "site.address" else _SOUND
        self[text] = sort
        return sort


@lru_cache(maxsize=1_000)
def _texts(edition: Edition, at: FormField) -> _Texts:
    return _Texts(edition, at)


class _Records:
    """What the records say about the numbers in some forms, looked up for all of them at once."""

    def __init__(self, cards: Sequence[Any], bodies: Sequence[Any], service: str) -> None:
        meant = {text: serials.normalise(text) for text in {*cards} if text}
        split = {text: serials.split(text) for text in {*bodies} if text}
        written, borne = {*meant.values()}, {one for each in split.values() for one in each}
        with as_system("what is known of the cards and the bodies, whoever has them"):
            self._stock = queries.stock_of_cards(written | borne)
            self._shipped = queries.units_shipped(written | borne)
            held = queries.bodies_with(borne)
            nowhere = (written | borne) - self._stock.keys() - self._shipped.keys() - held.keys()
            self._elsewhere = {*held, *queries.agreements_numbered(nowhere)}
            self._claimed = {*numbers.suspicions_about(written), *queries.applied_for_with(written)}
        self.cards = {text: self._card(text, number, service) for text, number in meant.items()}
        self.bodies = {text: self._body(text, each) for text, each in split.items()}

    def _card(self, text: str, number: str, service: str) -> Hashable:
        """What is printed on a card that is free, or that it is known nowhere; else it is a sort of its own."""
        card = self._stock.get(number)
        if card is None:
            known = number in self._shipped or number in self._elsewhere or number in self._claimed
            return _NOWHERE if number and not known else text
        free = card.state == Licence.State.ISSUED and number not in self._claimed
        return card.printed if free and card.service == service else text

    def _body(self, text: str, each: Sequence[str]) -> Hashable:
        """When a machine left the factory as which model, if ever; what is known otherwise is a sort of its own."""
        if len(each) != 1 or each[0] in self._stock or each[0] in self._elsewhere:
            return text
        return self._shipped.get(each[0], _NOWHERE)
