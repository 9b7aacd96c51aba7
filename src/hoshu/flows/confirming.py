"""お客様の確認: the contact gets a link, looks at what was applied for in its name, and says yes or no (MM-FLW-02).

Who reads the link answers for the customer. So its mail stands in the outbox, whose texts staff can read, without it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as, as_system
from hoshu.contracts import Refused, applications, contact_checks, queries
from hoshu.contracts import form as forms
from hoshu.contracts.form import DEFERRED_FOR, PAID_ON, PAYMENT
from hoshu.flows.registration_notices import addressee_of, day_of
from hoshu.notifications import outbox

SEALED = "--------"
"""Stands in the row of the outbox for the key of a link; no key is so short."""


@dataclass(frozen=True)
class Shown:
    """What the page behind a link shows."""

    check_id: int
    number: str
    edition: catalog.Edition
    seller: str
    """Empty where it comes through nobody."""
    on_behalf: bool
    """Whether somebody else typed it and consented for the customer."""
    entered: Sequence[tuple[str, str]]
    consents: Sequence[Any]
    answered_at: datetime | None
    content: str
    is_open: bool


def ask(*, application: Any, now: datetime) -> None:
    """Ask the contact as soon as the present transaction is committed, where the terms want that. Raises Refused."""
    if contact_checks.wanted(application):
        _ask(application, contact_checks.answers([application])[application.pk].check, now)


@transaction.atomic
def ask_again(*, application_id: int, now: datetime) -> Any:
    """Another link, to the address that stands in the form now; the one before is void. Raises Refused."""
    application = queries.applications().get(pk=application_id)
    found = contact_checks.answers([application]).get(application.pk)
    if found is not None and found.state == "confirmed":
        raise Refused("お客様は、すでに確認されています。")
    check = _ask(application, found and found.check, now)
    applications.note(application_id=application_id, text="お客様に、確認のメールを送りました。", now=now)
    return check


def _ask(application: Any, before: Any, now: datetime) -> Any:
    """The mail, with a link that opens nothing in the place of the true one; what came back before it is done with."""
    clause, edition = contact_checks.asking_clause(application), applications.terms_of(application)
    contact = _contact(application)
    with as_system("through whom it comes"):
        seller = application.reseller.name if application.reseller else ""
    try:
        message = outbox.put(
            tenant_id=application.tenant_id,
            message="registration.to_confirm",
            to=contact.email,
            context={
                "addressee": addressee_of(contact),
                "application_number": application.number,
                "service": edition.name,
                "seller": seller,
                "link": _link(SEALED),
                "last_day": day_of(now + contact_checks.LINK_OPENS),
                "clauses": (clause,),
            },
            about=application.number,
            edition=edition,
            now=now,
        )
    except outbox.Refused as refused:
        raise Refused(refused.message) from refused
    if before is not None and before.message is not None and before.message.is_task:
        outbox.settle(message_id=before.message_id, actor=tenancy.current(), now=now)
    return contact_checks.ask(application=application, message=message, now=now)


def link_of(message: Any) -> dict[str, str] | None:
    """The true link of a mail that asks a contact, for `delivery.deliver`: made anew whenever the mail leaves.

    None where it is answered, or asked again meanwhile. Left twice, the later link is the one that opens.
    """
    with act_as(SYSTEM):
        key = contact_checks.issue(message_id=message.pk)
    return {_link(SEALED): _link(key)} if key else None


def _link(key: str) -> str:
    return settings.BASE_URL + reverse("entrance:confirm", args=[key])


def shown(key: str, *, now: datetime) -> Shown | None:
    """What the holder of a link may see; None where it opens nothing."""
    check = contact_checks.opened(key, now=now)
    if check is None:
        return None
    with as_system("what somebody is asked to confirm"):
        application = check.application
        edition = applications.terms_of(application)
        internal, consents = {PAYMENT, PAID_ON, DEFERRED_FOR}, _given(application)
        return Shown(
            check_id=check.pk,
            number=application.number,
            edition=edition,
            seller=application.reseller.name if application.reseller else "",
            on_behalf=any(one.mandate for one in consents),
            entered=[
                (at.label, text)
                for at, text in forms.all_written(application.entries, edition)
                if at.fills not in internal
            ],
            consents=consents,
            answered_at=check.confirmed_at or check.disputed_at,
            content=contact_checks.content_of(application),
            is_open=contact_checks.wanted(application),
        )


def confirm(*, key: str, content: str, now: datetime) -> None:
    """The contact says yes: recorded for each consent that was given in its name, with its own name. Raises Refused."""
    check = _of(key, now)
    with _as_contact(check) as contact:
        contact_checks.confirm(check_id=check.pk, content=content, now=now)
        application = check.application
        items = [*dict.fromkeys(one.item for one in _given(application) if one.mandate), applications.CONTACT]
        applications.consent(application=application, person=contact, items=items, now=now)
        applications.note(application_id=application.pk, text="お客様が、内容を確かめました。", now=now)


def dispute(*, key: str, text: str, now: datetime) -> None:
    """The contact says no, in its words: whoever works on the form reads it. Raises Refused."""
    check = _of(key, now)
    with _as_contact(check):
        check = contact_checks.dispute(check_id=check.pk, text=text, now=now)
        note = f"お客様から「違う」とお返事がありました。\n{check.objection}"
        applications.note(application_id=check.application_id, text=note, now=now)


def _of(key: str, now: datetime) -> Any:
    check = contact_checks.opened(key, now=now)
    if check is None:
        raise Refused("このリンクは使えません。")
    return check


@contextmanager
def _as_contact(check: Any) -> Iterator[str]:
    """Act as the owner of the address: its own name in the records, its own customer in sight. Gives the name."""
    name = _contact(check.application).name
    with act_as(Actor(name=f"{name}（メールのリンク）", tenants=frozenset({check.tenant_id}))):
        yield name


def _given(application: Any) -> list[Any]:
    """What was consented to when the form was sent, once each: by whom, and by what authority."""
    first = {one.item: one for one in reversed(queries.consents_of(application))}
    return [one for item, one in reversed(first.items()) if item != applications.CONTACT]


def _contact(application: Any) -> forms.Block:
    edition = applications.terms_of(application)
    parts = ("company", "department", "title", "name", "email")
    return forms.Block(**{part: forms.entry_of(application.entries, edition, f"contact.{part}") for part in parts})
