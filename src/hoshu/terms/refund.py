"""refund: is what was paid returned, by whom, and by when."""

from hoshu.catalog import Edition, Plan

from .facts import DATE, Fact, Facts, Refusal, choice
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, reasons
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
    returned=Fact("ライセンスを返した日", DATE),
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
        refused_on = facts.get("refused_on")
        text = ground.says
        if ground.reason == "refused_by_operator" and refused_on is not None:
            text = f"{said[refused_on]}に承諾をお断りしました。{text}"
        payer = None if ground.payer == "nobody" else ground.payer
        answer = {"refund": _REFUND[ground.refund], "by": None, "payer": payer}
        return answer, reasons(ground, text)

    return decide


TOPIC = Topic("refund", FACTS, compile_refund, by_plan=False)
