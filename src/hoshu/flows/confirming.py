"""お客様の確認: the contact gets a link, looks at what was applied for in its name, and says yes or no (MM-FLW-02).

The mail does not go through the outbox, whose texts the operator's staff can read: who reads the link answers for the
customer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts import operators
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as, as_system
from hoshu.contracts import Refused, applications, contact_checks, queries
from hoshu.contracts import form as forms
from hoshu.contracts.form import DEFERRED_FOR, PAID_ON, PAYMENT
from hoshu.flows.registration_notices import addressee_of, day_of
from hoshu.notifications.delivery import send_past_outbox
from hoshu.notifications.messages import compose
from hoshu.notifications.notice import Sender


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
    """Ask the contact as soon as the present transaction is committed, where the terms want that."""
    if contact_checks.wanted(application):
        send_link.defer(check_id=contact_checks.ask(application=application, now=now).pk)


@transaction.atomic
def ask_again(*, application_id: int, now: datetime) -> Any:
    """Another link, to the address that stands in the form now; the one before is void. Raises Refused."""
    application = queries.applications().get(pk=application_id)
    found = contact_checks.answers([application]).get(application.pk)
    if found is not None and found.state == "confirmed":
        raise Refused("お客様は、すでに確認されています。")
    check = contact_checks.ask(application=application, now=now)
    send_link.defer(check_id=check.pk)
    applications.note(application_id=application_id, text="お客様に、確認のメールを送りました。", now=now)
    return check


@app.task(name="contact_check", retry=RetryStrategy(max_attempts=5, exponential_wait=10))
def send_link(*, check_id: int) -> None:
    """The mail with the link; twice sent, the later link is the one that opens."""
    operator = operators.profile()
    with act_as(SYSTEM):
        issued = contact_checks.issue(check_id=check_id)
        if issued is None or operator is None:
            return
        check, key = issued
        application = check.application
        contact = _contact(application)
        seller = application.reseller.name if application.reseller else ""
        facts = {
            "addressee": addressee_of(contact),
            "application_number": application.number,
            "service": applications.terms_of(application).name,
            "seller": seller,
            "link": settings.BASE_URL + reverse("entrance:confirm", args=[key]),
            "last_day": day_of(contact_checks.open_until(check)),
            "clauses": (applications.terms_of(application).application.contact_confirms.clause,),
        }
    notice = compose("registration.to_confirm", facts, Sender.of(operator), applications.terms_of(application))
    try:
        send_past_outbox(notice, to=check.email)
    except SMTPRecipientsRefused as error:
        code, reason = error.recipients.get(check.email, (0, b""))
        if not 500 <= code < 600:
            raise
        with act_as(SYSTEM):
            contact_checks.undeliverable(check_id=check_id, reason=f"{code} {reason.decode(errors='replace')}")
    else:
        with act_as(SYSTEM):
            contact_checks.sent(check_id=check_id, now=clock.now())


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
