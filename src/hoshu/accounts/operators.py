"""The operator's profile: what letters, mails and pages show of the organisation that runs this installation."""

from collections.abc import Mapping
from typing import Any

from hoshu.accounts import Refused
from hoshu.accounts.models import Operator, default_reminder_days
from hoshu.japan import numbers


def profile() -> Operator | None:
    """The operator, or None before the set-up."""
    return Operator.objects.first()


def shown() -> tuple[str, list[str]]:
    """What pages need of it: the name at their top, and the services that it provides. Empty before the set-up."""
    return Operator.objects.values_list("name", "services").first() or ("", [])


def usual_reminder_days() -> list[int]:
    """How many days before the end customers are told of it, where the operator has not said otherwise."""
    return default_reminder_days()


def save(values: Mapping[str, Any]) -> Operator:
    """Create the profile or change the fields named in `values`. Raises Refused without a name."""
    operator = Operator.objects.select_for_update().first() or Operator(pk=1)
    for name, value in values.items():
        setattr(operator, name, value)
    if not operator.name.strip():
        raise Refused("name", "名称を入力してください。")
    operator.save()
    return operator


def registration_number(text: str, *, sole_trader: bool) -> str:
    """An invoice registration number as `T` and 13 digits. Raises Refused."""
    try:
        return numbers.invoice_number(text, sole_trader=sole_trader)
    except ValueError as error:
        raise Refused("registration_number", str(error)) from error


def is_sole_trader(number: str) -> bool:
    """Does this stored registration number belong to a person, so that its digits do not check each other?"""
    return bool(number) and not numbers.is_corporate_number(number)
