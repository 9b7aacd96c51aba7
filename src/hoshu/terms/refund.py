"""refund: is what was paid returned, by whom, and by when."""

from datetime import date

from hoshu.catalog import Edition, Plan, RefundGround

from .counting import counted_from
from .facts import BOOL, DATE, Fact, Facts, Refusal, choice
from .sentences import said, written
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons
from .vocabulary import shared

GROUNDS = (
    "disagree_with_terms",
    "refused_by_operator",
    "stopped_using",
    "terminated",
    "end_of_sale",
    "parts_retention",
    "late_registration",
    "outage",
    "double_charge",
    "other",
)

FACTS = shared(
    "pack_purchased",
    "refused_on",
    reason=Fact("返金を求める理由", choice(*GROUNDS)),
    returned=Fact("返した日、またはお申し出の日", DATE),
    pack_inspected=Fact("ライセンス（パック）の検収日", DATE),
    already_registered=Fact("登録を済ませているか", BOOL),
    proof=Fact("領収書など購入の証明があるか", BOOL),
)

_REFUND = {"yes": True, "no": False, "person_decides": None}


def compile_refund(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.refund
    assert terms is not None
    grounds = {ground.reason: ground for ground in terms.ground}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        ground = grounds.get(facts["reason"])
        if ground is None:
            raise Refusal("reason", f"このサービスで判断できる理由は {'、'.join(grounds)} です。")
        if ground.within is not None:
            return _within_a_period(ground, facts, trace)
        refund, text = _whatever_the_day(ground, facts)
        return _answer(ground, refund, None), reasons(ground, text)

    return decide


def _whatever_the_day(ground: RefundGround, facts: Facts) -> tuple[bool | None, str]:
    """What the ground alone decides, and the sentence for it."""
    if ground.needs_proof and facts.get("proof") is False:
        return False, "領収書など購入の証明がないため、代金はお返しできません。証明をご用意ください。"
    if ground.if_registered == "person_decides" and facts.get("already_registered") is True:
        return None, "登録を済ませて条件に同意されているため、返金するかは担当者が判断します。"
    refused_on = facts.get("refused_on")
    if ground.reason == "refused_by_operator" and refused_on is not None:
        return _REFUND[ground.refund], f"{said[refused_on]}に承諾をお断りしました。{ground.says}"
    return _REFUND[ground.refund], ground.says


def _within_a_period(ground: RefundGround, facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
    """SP-REF-01, VA-REG-12: it comes back only where the customer comes for it in time."""
    period = ground.within
    assert period is not None
    since, label = counted_from(period, facts)
    if since is None:
        raise Refusal(period.fact, f"{label}を指定してください。返金の期限は、この日から数えます。")
    returned: date | None = facts.get("returned")
    if returned is not None and returned < since:
        raise Refusal("returned", f"返した日、またはお申し出の日が{label}より前です。どちらかの日付を直してください。")
    days_off: list[str] = []
    by = last_day(period, since, "by", days_off, trace)
    when = f"期限は、{label}の{said[since]}から{period.text}以内の{said[by]}です。"
    if trace is not None:
        trace.step(label, since, period)
        trace.step("返金を求められる期限", by, period)
    if returned is not None and returned > by:
        refund: bool | None = False
        text = f"{said[returned]}は期限を過ぎているため、代金はお返ししません。"
        if trace is not None:
            trace.lost(ground, "期限を過ぎているため、返金の定めは使いません。")
    else:
        refund, text = _whatever_the_day(ground, facts)
    found = reasons(ground, text) + reasons(period, when, period.law)
    return _answer(ground, refund, by) | ({"day_off": days_off} if days_off else {}), found


def _answer(ground: RefundGround, refund: bool | None, by: date | None) -> Answer:
    payer = ground.payer if refund is True and ground.payer != "nobody" else None
    return {"refund": refund, "by": written(by), "payer": payer}


TOPIC = Topic("refund", FACTS, compile_refund, by_plan=False)
