"""The code on a label or certificate: whoever stands before the machine learns whether it is covered, and no more."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hoshu.accounts.tenancy import as_system
from hoshu.contracts.models import Agreement, PublicCode
from hoshu.contracts.queries import runs_on
from hoshu.contracts.transfers import successor_of

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 22
"""109 random bits; small letters and digits that are not taken for each other, since a code may be typed from paper."""


@dataclass(frozen=True)
class Standing:
    """What a code leads to: an agreement by its number, for those who may see it; is its machine covered?"""

    number: str
    covered: bool


def codes_of(*, agreement_ids: Iterable[int], now: datetime) -> dict[int, str]:
    """The code of each agreement in sight, made when it is first printed."""
    wanted = Agreement.objects.filter(pk__in=list(agreement_ids))
    made = [
        PublicCode(agreement_id=agreement_id, tenant_id=tenant_id, token=_new(), created_at=now)
        for agreement_id, tenant_id in wanted.filter(public_code=None).values_list("pk", "tenant_id")
    ]
    # Somebody else may print the same label at this moment: the first code stays.
    PublicCode.objects.bulk_create(made, ignore_conflicts=True)
    return dict(PublicCode.objects.filter(agreement__in=wanted).values_list("agreement_id", "token"))


def standing(code: str, *, on: date) -> Standing | None:
    """Is the machine that bears this code covered on a day? None for a code that nobody printed.

    It is the machine that is asked about: an old label still answers for it after a renewal, or under a new customer.
    """
    with as_system("whether the machine with this code is covered"):
        found = PublicCode.objects.select_related("agreement").filter(token=code.lower()).first()
        if found is None:
            return None
        agreement = successor_of(found.agreement)
        running = Agreement.objects.filter(runs_on(on), state=Agreement.State.ACTIVE, starts_on__lte=on)
        if agreement.device_id is None:
            running = running.filter(pk=agreement.pk)
        else:
            running = running.filter(device_id=agreement.device_id)
        return Standing(number=agreement.number, covered=running.exists())


def _new() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
