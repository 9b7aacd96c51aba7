"""costs: which costs of a visit are billed to the customer, and how much that makes."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, YEN, Fact, Facts, choice, list_of, record
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

KINDS = {
    "ship": "船舶",
    "air": "航空機",
    "ground": "近郊の交通",
    "lodging": "宿泊",
    "allowance": "日当",
    "media": "媒体・消耗品",
    "utilities": "電気・光熱",
    "communication": "通信",
    "site_work": "電源・構内配線などの工事",
}

FACTS = {
    "lines": Fact(
        "費用の明細",
        list_of(
            record(
                {"kind": Fact("費用の種類", choice(*KINDS)), "yen": Fact("金額", YEN)},
                {
                    "evidence": Fact("証憑の有無", BOOL),
                    "by_provider": Fact("提供者からの連絡かどうか", BOOL),
                },
            )
        ),
    ),
    "reperformance": Fact("作業のやり直しかどうか", BOOL),
}


def compile_costs(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.costs
    assert terms is not None
    items = {kind: item for item in edition.cost_item for kind in item.kinds}
    alone = terms.only_with_others_rule
    # An allowance comes only with special transport or lodging where the terms name them together (IX-COST-06).
    bound = frozenset(terms.only_with_others)
    brings_others = frozenset(kind for kind, item in items.items() if item.invoiced) - bound

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        billed: list[str] = []
        borne: list[str] = []
        held: list[str] = []
        not_billed: list[str] = []
        total = 0
        found: list[Reason] = []
        lines = facts["lines"]
        for_person = terms.reperformance if facts.get("reperformance") else None
        travelled = any(line["kind"] in brings_others for line in lines)
        for line in lines:
            kind, yen = line["kind"], line["yen"]
            item, amount = items.get(kind), f"{KINDS[kind]}の{yen:,}円"
            if item is None:
                not_billed.append(kind)
                found += reasons(terms.unlisted, f"{amount}は、ご請求しません。")
            elif line["by_provider"] and kind == "communication" and terms.not_own_calls is not None:
                not_billed.append(kind)
                found += reasons(terms.not_own_calls, f"{amount}は、提供者からの連絡のため、ご請求しません。")
            elif not item.invoiced:
                borne.append(kind)
                found += reasons(item, f"{amount}は、お客様に直接ご負担いただく費用で、ご請求には含めません。")
            elif alone is not None and kind in bound and not travelled:
                not_billed.append(kind)
                found += reasons(alone, f"{amount}は、船舶などの利用や宿泊がないためご請求しません。")
            elif for_person is not None:
                held.append(kind)
                found += reasons(for_person, f"{amount}は、やり直しの訪問のため、ご請求するかを担当者が判断します。")
            elif terms.evidence is not None and not line["evidence"]:
                held.append(kind)
                found += reasons(terms.evidence, f"{amount}は、証憑がないためご請求を保留します。")
            else:
                billed.append(kind)
                total += yen
                found += reasons(item, f"{amount}を、実費でご請求します。")
        if not lines:
            found = reasons(terms.unlisted, "ご請求する費用はありません。")
        return {
            "billed": billed,
            "borne_by_customer": borne,
            "held": held,
            "not_billed": not_billed,
            "total_yen": total,
        }, found

    return decide


TOPIC = Topic("costs", FACTS, compile_costs, by_plan=False)
