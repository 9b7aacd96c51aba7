"""ending: may a side end the agreement before its time, and from when."""

from datetime import date, timedelta
from typing import Any

from hoshu.catalog import Edition, EndingGround, EndingTerms, Plan
from hoshu.dates import month_end, within_days

from .facts import BOOL, DATE, Fact, Facts, Kind, Refusal, choice, whole_number
from .sentences import said, written
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, needed, reasons

GROUNDS = (
    "antisocial",
    "breach",
    "insolvency",
    "payments_stopped",
    "closing_business",
    "assets_worse",
    "stopped_using",
    "agreed_at_registration",
    "infringement",
    "customer_cannot_use",
    "cannot_continue",
    "other",
)

FACTS = {
    "by": Fact("終える側", choice("provider", "customer")),
    "ground": Fact("終える理由", choice(*GROUNDS)),
    "on": Fact("終える日", DATE),
    "evidence": Fact("理由の証拠の記録があるか", BOOL),
    "demand_arrived": Fact("催告が着いた日", DATE),
    "period_days": Fact("催告で定めた日数", Kind(whole_number(1, 3650), "1以上3650以下の整数で指定してください。")),
    "performed": Fact("義務が果たされた日", DATE),
    "minor": Fact("軽微な違反かどうか", BOOL),
    "notified": Fact("終える旨の連絡が着いた日", DATE),
    "ground_on": Fact("理由が生じた日", DATE),
    "due": Fact("債務の支払期日", DATE),
    "paid": Fact("支払い済みか", BOOL),
}

_SIDES = {"provider": "提供者", "customer": "お客様"}
_DAY = timedelta(days=1)


def compile_ending(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.ending
    assert terms is not None
    grounds = {ground.code: ground for ground in terms.ground}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        by, on, ground = facts["by"], facts["on"], grounds.get(facts["ground"])
        answer: Answer = {"allowed": False, "from": None, "refund": None, "perform_by": None, "debts_due": None}
        if ground is None:
            if terms.no_other is None:
                raise Refusal("ground", f"このサービスで判断できる理由は {'、'.join(grounds)} です。")
            return answer, reasons(terms.no_other, "この理由でサービスを終える定めがないため、終えられません。")
        if (since := facts.get("ground_on")) is not None and on < since:
            raise Refusal("on", "終える日が、理由の生じた日より前です。どちらかの日付を直してください。")
        if by not in ground.open_to:
            sides = "と".join(_SIDES[side] for side in ground.open_to)
            return answer, reasons(ground, f"この理由でサービスを終えられるのは、{sides}だけです。")
        answer["allowed"], first, found = _may_end(terms, ground, facts, answer)
        answer["from"] = written(first)
        if answer["allowed"]:
            answer["refund"], text = _refund(terms, ground, by)
            found += text
        if ground.debts_fall_due and facts.get("evidence") is True:
            found += _debts(terms, facts, answer)
        if trace is not None:
            _explain(terms, ground, answer, first, facts, trace)
        return answer, found

    return decide


def _may_end(
    terms: EndingTerms, ground: EndingGround, facts: Facts, answer: Answer
) -> tuple[bool, date | None, list[Reason]]:
    """Whether the ground suffices, the first day from which it does, and why."""
    on = facts["on"]
    if ground.needs == "demand":
        return _after_a_demand(terms, ground, facts, answer)
    if ground.needs == "evidence" and facts.get("evidence") is not True:
        text = f"{ground.label}ことの証拠が記録されていないため、まだ終えられません。証拠と日付を記録してください。"
        return False, None, reasons(ground, text)
    notified = facts.get("notified")
    if not ground.back_dated and notified is not None and on < notified:
        text = f"連絡が着いた{said[notified]}より前の日にさかのぼって終えることはできません。"
        return False, None, reasons(ground, text)
    first = {"at_once": on, "next_day": on + _DAY, "next_month": month_end(on) + _DAY}[ground.ends]
    last = said[on if ground.ends == "at_once" else first - _DAY]
    return True, first, reasons(ground, ground.says.format(day=last))


def _after_a_demand(
    terms: EndingTerms, ground: EndingGround, facts: Facts, answer: Answer
) -> tuple[bool, date | None, list[Reason]]:
    """IX-TRM-01: the other side was told, the period it was given has passed in vain, and the breach is not minor."""
    arrived, days = facts.get("demand_arrived"), facts.get("period_days")
    if arrived is None or days is None:
        text = "期間を定めた催告がないため、まだ終えられません。相当の期間を定めて催告してください。"
        return False, None, reasons(ground, text)
    if days < terms.shortest_period_days:
        raise Refusal("period_days", f"催告の期間は{terms.shortest_period_days}日以上にしてください。")
    last = within_days(arrived, days)
    answer["perform_by"] = written(last)
    if not CALENDAR.is_business_day(last):
        answer["day_off"] = ["perform_by"]
    performed: date | None = facts.get("performed")
    if performed is not None and performed <= last:
        text = f"催告の期間の{said[last]}までに義務が果たされたため、終えられません。"
        return False, None, reasons(ground, text, _DAYS)
    if facts.get("minor") is True:
        return False, None, reasons(ground, "軽微な違反と判断されているため、終えられません。")
    first = last + _DAY
    if facts["on"] <= last:
        text = f"催告の期間が{said[last]}まであるため、まだ終えられません。終えられるのは{said[first]}からです。"
        return False, first, reasons(ground, text, _DAYS)
    if facts.get("minor") is None:
        text = "軽微な違反かどうかが判断されていないため、まだ終えられません。判断と理由を記録してください。"
        return False, first, reasons(ground, text)
    return True, first, reasons(ground, ground.says.format(day=said[last]), _DAYS)


def _refund(terms: EndingTerms, ground: EndingGround, by: str) -> tuple[bool | None, list[Reason]]:
    if (ground.refund if by == "provider" else ground.refund_to_customer) == "person_decides":
        return None, reasons(ground, "この場合の返金は定めがないため、担当者が判断します。")
    assert terms.no_refund is not None
    return False, reasons(terms.no_refund, "この場合、お支払い済みの代金はお返ししません。")


def _debts(terms: EndingTerms, facts: Facts, answer: Answer) -> list[Reason]:
    """SP-TRN-03: a debt falls due on the day of the ground, where it is not due or paid before."""
    assert terms.debts is not None
    due: date | None = facts.get("due")
    if due is None or facts.get("paid") is True:
        return []
    since: date = needed(facts, "ground_on", "理由が生じた日を指定してください。支払期日は、その日に早まります。")
    answer["debts_due"] = written(min(due, since))
    if since < due:
        text = f"{said[since]}に期限の利益が失われ、{said[due]}が期日の債務も直ちに支払う必要があります。"
    else:
        text = f"債務の支払期日は{said[due]}のままです。"
    return reasons(terms.debts, text)


def _explain(
    terms: EndingTerms, ground: EndingGround, answer: Answer, first: date | None, facts: Facts, trace: Trace
) -> None:
    for label, name in (("催告が着いた日", "demand_arrived"), ("理由が生じた日", "ground_on")):
        day: Any = facts.get(name)
        if day is not None:
            trace.step(label, day, ground)
    if answer["perform_by"] is not None:
        trace.step("催告の期間の最後の日", within_days(facts["demand_arrived"], facts["period_days"]), ground)
    trace.step("終えられる最初の日", first, ground)
    for other in terms.ground:
        if other is not ground and ground.needs == "evidence" and other.needs == "demand":
            trace.lost(other, "この理由では催告を要しないため、催告の定めは使いません。")


_DAYS = "民法 140条・141条"

TOPIC = Topic("ending", FACTS, compile_ending, by_plan=False)
