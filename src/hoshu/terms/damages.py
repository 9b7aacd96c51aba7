"""damages: how much of a claim is paid under the ceiling, and by when it must be made."""

from datetime import date
from typing import Any

from hoshu.catalog import Edition, Plan

from .facts import BOOL, DATE, TEXT, YEN, Fact, Facts, Refusal, list_of, record
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons

FACTS = {
    "price_yen": Fact("サービスの代金", YEN),
    "paid_yen": Fact("これまでに支払った賠償額", YEN),
    "talked": Fact("金額などの話し合いが済んでいるかどうか", BOOL),
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
        owed, held, told = _sorted(facts.get("lines") or ())
        days_off: list[str] = []
        claim_by, in_time, about_claim = _claim(facts, days_off, trace)
        talked = facts.get("talked") if terms.talks is not None else True
        payable = 0 if in_time is False or talked is False else owed

        found: list[Reason] = []
        cap = left = None
        if terms.cap is not None:
            cap, paid = facts["price_yen"], facts["paid_yen"]
            unpaid = max(cap - paid, 0)
            payable = min(payable, unpaid)
            left = unpaid - payable
            so_far = f"で、{paid:,}円を支払い済みのため残りは{unpaid:,}円" if paid else ""
            text = f"賠償の上限は{terms.price_label}の{cap:,}円{so_far}です。"
            found = reasons(terms.cap, f"{text}今回お支払いできるのは{payable:,}円です。")
        found += told
        if terms.talks is not None and not talked:
            found += reasons(terms.talks, "お支払いの前に、金額などを話し合って決めてください。")
        found += about_claim
        if not found:
            found = reasons(terms.unclassified, "請求の内訳がないため、お支払いする額はありません。")
        if trace is not None and terms.claim is not None:
            trace.step("請求の期限", claim_by, terms.claim)
        return {
            "cap_yen": cap,
            "payable_yen": payable,
            "remaining_yen": left,
            "held_yen": held,
            "claim_by": claim_by and claim_by.isoformat(),
            "in_time": in_time,
            **({"day_off": days_off} if days_off else {}),
        }, found

    def _sorted(lines: Any) -> tuple[int, int, list[Reason]]:
        """IX-DMG-02: what is owed, what waits for its head or for a person, and why the rest is not owed."""
        owed = unclassified = for_person = 0
        sums: dict[str, int] = {}
        for line in lines:
            head, yen = heads.get(line["head"]), line["yen"]
            if head is None:
                unclassified += yen
            elif head.owed == "yes":
                owed += yen
            else:
                sums[head.code] = sums.get(head.code, 0) + yen
        told: list[Reason] = []
        for code, yen in sums.items():
            head = heads[code]
            if head.owed == "person_decides":
                for_person += yen
                told += reasons(head, f"{head.label}の{yen:,}円は、担当者が判断するまで数えません。")
            else:
                told += reasons(head, f"{head.label}の{yen:,}円は、賠償の対象になりません。")
        if unclassified:
            text = f"種類の決まっていない{unclassified:,}円は、分類が済むまで数えません。"
            told += reasons(terms.unclassified, text)
        return owed, unclassified + for_person, told

    def _claim(facts: Facts, days_off: list[str], trace: Trace | None) -> tuple[date | None, bool | None, list[Reason]]:
        """IX-DMG-04, SP-DMG-04: the last day to claim. A claim whose event nobody recorded is taken for the event."""
        if terms.claim is None or terms.claim_from is None:
            return None, None, []
        since: date | None = facts.get(terms.claim_from)
        claimed: date | None = facts.get("claimed")
        counted_from = since or claimed
        if counted_from is None:
            return None, None, []
        if since is not None and claimed is not None and claimed < since:
            raise Refusal(
                "claimed", f"請求した日が{terms.claim_from_label}より前です。どちらかの日付を直してください。"
            )
        claim_by = last_day(terms.claim, counted_from, "claim_by", days_off, trace)
        since_text = f"{terms.claim_from_label}の{said[counted_from]}から{terms.claim.text}"
        text = f"請求できるのは、{since_text}の{said[claim_by]}までです。"
        in_time: bool | None = None
        if since is None:
            text = f"{terms.claim_from_label}の記録がないため、請求の{said[counted_from]}から数え、担当者が判断します。"
        elif claimed is not None:
            in_time = claimed <= claim_by
            text += f"{said[claimed]}の請求は{'期限に間に合っています' if in_time else '期限を過ぎています'}。"
        return claim_by, in_time, reasons(terms.claim, text, terms.claim.law)

    return decide


TOPIC = Topic("damages", FACTS, compile_damages, by_plan=False)
