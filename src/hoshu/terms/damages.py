"""damages: how much of a claim is paid under the ceiling, and by when it must be made."""

from datetime import date
from typing import Any

from hoshu.catalog import DamageHead, Edition, Plan

from .facts import DATE, TEXT, YEN, Fact, Facts, Refusal, list_of, record
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons

FACTS = {
    "price_yen": Fact("ライセンスの代金", YEN),
    "paid_yen": Fact("これまでに支払った賠償額", YEN),
    "noticed": Fact("違反を相手に知らせた日", DATE),
    "known": Fact("違反を知ることができた日", DATE),
    "claimed": Fact("請求した日", DATE),
    "lines": Fact("請求の内訳", list_of(record({"yen": Fact("金額", YEN)}, {"head": Fact("損害の種類", TEXT)}))),
}


def compile_damages(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.damages
    assert terms is not None
    heads = {head.code: head for head in terms.head}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        cap, paid = facts["price_yen"], facts["paid_yen"]
        left = max(cap - paid, 0)
        owed, held, not_owed = _sorted(facts.get("lines") or ())
        days_off: list[str] = []
        claim_by, in_time, found_claim = _claim(facts, days_off)
        payable = 0 if in_time is False else min(owed, left)

        text = f"賠償の上限はライセンス代金の{cap:,}円で、{paid:,}円を支払い済みのため残りは{left:,}円です。"
        found = reasons(terms.cap, f"{text}今回お支払いできるのは{payable:,}円です。")
        for head, yen in not_owed:
            found += reasons(head, f"{head.label}の{yen:,}円は、賠償の対象になりません。")
        if held:
            found += reasons(terms.unclassified, f"種類の決まっていない{held:,}円は、分類が済むまで数えません。")
        found += found_claim
        if trace is not None:
            trace.step("請求の期限", claim_by, terms.claim)
        return {
            "cap_yen": cap,
            "payable_yen": payable,
            "remaining_yen": left - payable,
            "held_yen": held,
            "claim_by": claim_by and claim_by.isoformat(),
            "in_time": in_time,
            **({"day_off": days_off} if days_off else {}),
        }, found

    def _sorted(lines: Any) -> tuple[int, int, list[tuple[DamageHead, int]]]:
        """第4章 13.(2): what is owed, what waits for its head, and what is never owed with its sum."""
        owed = held = 0
        not_owed: dict[str, int] = {}
        for line in lines:
            head = heads.get(line["head"])
            if head is None:
                held += line["yen"]
            elif head.owed:
                owed += line["yen"]
            else:
                not_owed[head.code] = not_owed.get(head.code, 0) + line["yen"]
        return owed, held, [(heads[code], yen) for code, yen in not_owed.items()]

    def _claim(facts: Facts, days_off: list[str]) -> tuple[date | None, bool | None, list[Reason]]:
        """第4章 13.(4): the last day to claim. A claim without a notice is the notice itself, and a person decides."""
        since: date | None = facts.get(terms.claim_from)
        claimed: date | None = facts.get("claimed")
        counted_from = since or claimed
        if counted_from is None:
            return None, None, []
        if since is not None and claimed is not None and claimed < since:
            raise Refusal(
                "claimed", f"請求した日が{terms.claim_from_label}より前です。どちらかの日付を直してください。"
            )
        claim_by = last_day(terms.claim, counted_from, "claim_by", days_off)
        since_text = f"{terms.claim_from_label}の{said[counted_from]}から{terms.claim.text}"
        text = f"請求できるのは、{since_text}の{said[claim_by]}までです。"
        in_time: bool | None = None
        if since is None:
            text = f"違反の通知の記録がないため、{said[counted_from]}の請求を通知とみなし、担当者が判断します。"
        elif claimed is not None:
            in_time = claimed <= claim_by
            text += f"{said[claimed]}の請求は{'期限に間に合っています' if in_time else '期限を過ぎています'}。"
        return claim_by, in_time, reasons(terms.claim, text, terms.claim.law)

    return decide


TOPIC = Topic("damages", FACTS, compile_damages, by_plan=False)
