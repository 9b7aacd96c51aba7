"""保存期間: how many months each category is kept; the operator's own rule before the usual one."""

from datetime import datetime

from hoshu.accounts.tenancy import current
from hoshu.privacy import Refused
from hoshu.privacy.models import RetentionRule
from hoshu.privacy.register import CATEGORIES

LONGEST = 600


def months_set() -> dict[str, int]:
    """Category → months, where the operator set them; the newest row of each counts."""
    rows = RetentionRule.objects.order_by("category", "-id").distinct("category")
    return dict(rows.values_list("category", "months"))


def set_months(*, category: str, months: int, reason: str, now: datetime) -> RetentionRule:
    """Keep a category so long from now on. Raises Refused for less than a law asks, and without a reason."""
    known = CATEGORIES.get(category)
    if known is None or known.months is None:
        raise Refused("この区分の期間は決められません。一覧から選んでください。", field="category")
    if not reason.strip():
        raise Refused("変える理由を入力してください。例: 税理士の助言により10年とする。", field="reason")
    if not 0 <= months <= LONGEST:
        raise Refused(f"0から{LONGEST}までの月数を入力してください。例: 84", field="months")
    if known.law.startswith("法人税") and months < known.months:
        raise Refused(f"{known.law}により、{known.months}か月より短くできません。", known.law, field="months")
    return RetentionRule.objects.create(
        category=category, months=months, reason=reason.strip(), set_at=now, set_by=current().label
    )
