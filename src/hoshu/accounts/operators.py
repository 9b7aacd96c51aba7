"""The operator's profile: what letters, mails and pages show of the organisation that runs this installation."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from stdnum.jp import cn

from hoshu.accounts import Refused
from hoshu.accounts.models import Operator


def profile() -> Operator | None:
    """The operator, or None before the set-up."""
    return Operator.objects.first()


def shown() -> tuple[str, list[str]]:
    """What pages need of it: the name at their top, and the services that it provides. Empty before the set-up."""
    return Operator.objects.values_list("name", "services").first() or ("", [])


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
    """An invoice registration number as `T` and 13 digits. Raises Refused.

    A company's digits are its corporate number, whose first digit checks the others; a sole trader's are not.
    """
    number = re.sub(r"[\s‐-―−-]", "", normalize("NFKC", text)).upper().removeprefix("T")
    if not re.fullmatch(r"[0-9]{13}", number):
        raise Refused("registration_number", "T と数字13けたで入力してください。例: T8700110005901")
    if not sole_trader and not cn.is_valid(number):
        raise Refused(
            "registration_number",
            "法人番号の検査数字が合いません。番号を確認するか、個人事業主の場合は「個人事業主」に印を付けてください。",
        )
    return f"T{number}"


def is_sole_trader(number: str) -> bool:
    """Does this stored registration number belong to a person, so that its digits do not check each other?"""
    return bool(number) and not cn.is_valid(number.removeprefix("T"))
