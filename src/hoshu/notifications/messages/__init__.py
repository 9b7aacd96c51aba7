"""Every message that people get: facts, words, purpose and reason. Ids are stable; a new wording is a new release.

A message is a frozen class whose fields are the facts it needs, so a missing or a misspelt one is told where the
message is put, not where it is read. One module a story; `REGISTRY` lists them all by id.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from hoshu.catalog import Edition
from hoshu.notifications.messages import account, agreement, case, change, ending, personal, registration
from hoshu.notifications.messages.facts import Facts, Purpose, Words
from hoshu.notifications.messages.registration import SHIPPED
from hoshu.notifications.notice import Addressee, Notice, Sender

__all__ = ["REGISTRY", "SHIPPED", "Facts", "Purpose", "Words", "compose"]

REGISTRY: dict[str, type[Facts]] = {
    kind.id: kind
    for kind in (
        registration.RegistrationReceived,
        registration.RegistrationInquiry,
        registration.RegistrationCompleted,
        registration.RegistrationChanged,
        registration.RegistrationRefused,
        registration.RegistrationLapsed,
        registration.RegistrationReturned,
        registration.RegistrationDeclined,
        registration.RegistrationToConfirm,
        agreement.Certificate,
        agreement.SupportIdIssued,
        agreement.ParcelSent,
        agreement.ReplacementSent,
        agreement.DeviceExchanged,
        agreement.Expiring,
        agreement.Expired,
        change.ChangeForm,
        change.ChangeRefused,
        change.CustomerChanged,
        change.DataCheckDue,
        ending.AgreementCancelled,
        ending.AgreementEndingSoon,
        ending.ServiceEnded,
        personal.InformationErased,
        personal.InformationLeaked,
        case.CaseOpened,
        case.CaseCompleted,
        account.AccountInvitation,
        account.LoginChanged,
        account.PasswordReset,
    )
}


def compose(message: str, context: Mapping[str, Any], sender: Sender, edition: Edition | None = None) -> Notice:
    """The message `message` of the registry with its facts, and the foot that the `edition` it is about asks for.

    Raises KeyError for an unknown id, TypeError for facts.
    """
    kind = REGISTRY[message]
    facts = dict(context)
    for name, parts in (("addressee", Addressee), ("words", Words)):
        if isinstance(given := facts.get(name), Mapping):
            facts[name] = parts(**given)
    for field in fields(kind):
        if isinstance(facts.get(field.name), list):
            facts[field.name] = tuple(facts[field.name])
    foot = tuple((told.text, told.clause) for told in edition.notices("mail")) if edition else ()
    return replace(kind(**facts).notice(sender), foot=foot)
