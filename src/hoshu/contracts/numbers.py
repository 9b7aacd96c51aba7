"""What is known about a number of a licence, as people write it: issued or not, used by whom, under suspicion or not.

Late, wrong, double and counterfeit numbers are all told apart here; the judgement on an application says what follows.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused, form, queries, serials
from hoshu.contracts.models import Agreement, Application, Licence, Suspicion

LONGEST = 40
"""Characters of a number that can be under suspicion: what a longer one says is no number."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A number, and everything that says whether it is genuine and free. Persons are not named: only firms are."""

    number: str
    licence: Licence | None
    """None: never issued."""
    unlike_any: bool
    """Never issued, and no number that was issued for the service looks like it: other letters, digits or length."""
    applications: Sequence[Application]
    """Those that name it, without drafts, the latest first."""
    agreement: Agreement | None
    suspicions: Sequence[Suspicion]
    """The latest first, with those that were lifted."""

    @property
    def suspicion(self) -> Suspicion | None:
        """The one that stands."""
        return next((one for one in self.suspicions if one.lifted_at is None), None)

    @property
    def is_free(self) -> bool:
        """Issued, unused, unsuspected and named by nobody: nothing to say about it."""
        issued = self.licence is not None and self.licence.state == Licence.State.ISSUED
        return issued and not (self.applications or self.agreement or self.suspicions)


def known(written: str, *, service: str = "", besides: Application | None = None) -> Known:
    """What is known about a number, for staff: whom row-level security shows the stock.

    `service` is the one it was written for; `besides` is the application that is looked at, which does not tell itself.
    """
    number = serials.normalise(written)
    licence = queries.licence_of_card(number)
    found = _naming(number, licence)
    if besides is not None:
        found = [one for one in found if one.pk != besides.pk]
    return Known(
        number=number,
        licence=licence,
        unlike_any=licence is None and _unlike_any(number, service),
        applications=found,
        agreement=Agreement.objects.select_related("tenant").filter(licence=licence).first() if licence else None,
        suspicions=list(Suspicion.objects.filter(number=number).order_by("-id")),
    )


def suspicion_about(number: str) -> Suspicion | None:
    """The suspicion that stands about a normalised number. Under row-level security: staff and the system only."""
    return Suspicion.objects.filter(number=number, lifted_at=None).first() if number else None


def suspicions_about(numbers: Set[str]) -> dict[str, Suspicion]:
    """The same for many at once."""
    return {kept.number: kept for kept in Suspicion.objects.filter(number__among=numbers, lifted_at=None)}


def suspicions(*, standing: bool = False) -> QuerySet[Suspicion]:
    """Every suspicion there was, or those that stand; the latest first."""
    found = Suspicion.objects.order_by("-id")
    return found.filter(lifted_at=None) if standing else found


@transaction.atomic
def suspect(*, number: str, reason: str, now: datetime) -> Suspicion:
    """Every use of the number is held from now on, until the suspicion is lifted. Raises Refused."""
    meant = serials.normalise(number)
    if not meant or len(meant) > LONGEST:
        raise Refused(f"番号を{LONGEST}文字までで入力してください。例: L2600001")
    if not reason.strip():
        raise Refused("疑う理由を入力してください。例: 同じ番号のカードが2社から届いた")
    if suspicion_about(meant):
        raise Refused(f"{meant} はすでに調査中です。")
    return Suspicion.objects.create(
        number=meant, reason=reason.strip(), raised_at=now, raised_by=tenancy.current().label
    )


@transaction.atomic
def lift(*, suspicion_id: int, reason: str, now: datetime) -> Suspicion:
    """The number may be used again; that it was suspected stays on record. Raises Refused."""
    suspicion = Suspicion.objects.select_for_update().get(pk=suspicion_id)
    if suspicion.lifted_at is not None:
        raise Refused(f"{suspicion.number} の疑いは、すでに解除されています。")
    if not reason.strip():
        raise Refused("解除する理由を入力してください。例: 製造元に照会し、正規の番号と確かめた")
    suspicion.lifted_at, suspicion.lifted_by = now, tenancy.current().label
    suspicion.lifted_because = reason.strip()
    suspicion.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return suspicion


def _naming(number: str, licence: Licence | None) -> list[Application]:
    """The applications that name a number, but for drafts; one that was never issued stands in their entries only."""
    sent = queries.applications().exclude(state__in=queries.WITH_APPLICANT).order_by("-id")
    if licence is not None:
        return list(sent.filter(licence=licence))
    if not number:
        return []
    unissued = sent.filter(licence=None, service__in=form.services_with_licence())
    return [one for one in unissued[: queries.MANY] if _written(one) == number]


def _written(application: Application) -> str:
    edition = catalog.edition(application.service, application.edition)
    return serials.normalise(form.entry_of(application.entries, edition, "licence.serial"))


def _unlike_any(number: str, service: str) -> bool:
    """The terms print no pattern, so the stock does: a shape is what is left of a number without its own letters."""
    issued = Licence.objects.filter(service=service) if service else Licence.objects.all()
    shape = "".join(_CLASS[kind] for kind in map(_kind, number))
    return bool(number) and issued.exists() and not issued.filter(card_serial__regex=f"^{shape}$").exists()


_CLASS = {"digit": "[0-9]", "letter": "[A-Z]", "other": "[^0-9A-Z]"}


def _kind(character: str) -> str:
    if re.fullmatch("[0-9]", character):
        return "digit"
    return "letter" if re.fullmatch("[A-Z]", character) else "other"
