"""reperformance: is work done again because the same fault came back, and until when."""

from datetime import date

from hoshu.catalog import Edition, Plan

from .facts import BOOL, DATE, Fact, Facts, Refusal
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons
from .vocabulary import shared

FACTS = shared(
    "coverage_end",
    served=Fact("前の作業が終わった日", DATE),
    redone=Fact("最後にやり直した日", DATE),
    failed=Fact("障害が再び起きた日", DATE),
    claimed=Fact("再発の連絡を受けた日", DATE),
    same_cause=Fact("原因が同じかどうか", BOOL),
    same_failure=Fact("障害が同じかどうか", BOOL),
)


def compile_reperformance(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.reperformance
    assert terms is not None

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        done = _last_done(facts)
        failed, claimed = _recurrence(facts, done)
        # Where the terms do not let the period start anew, work done again leaves it where it was.
        served = done if terms.again is not None else facts["served"]
        days_off: list[str] = []
        recur_by = last_day(terms.recur, served, "recur_by", days_off, trace)
        claim_by = last_day(terms.claim, facts["coverage_end"], "claim_by", days_off, trace)
        until = min(recur_by, claim_by)
        if ("recur_by" if until == recur_by else "claim_by") in days_off:
            days_off.append("until")
        if trace is not None:
            trace.step("再発の期限", recur_by, terms.recur)
            trace.step("やり直しを求められる期限", claim_by, terms.claim)
            later, day = (terms.claim, claim_by) if until == recur_by else (terms.recur, recur_by)
            trace.lost(later, f"{later.text}の期限の{said[day]}のほうが遅いため、先に来る{said[until]}が期限です。")

        same = (facts.get("same_cause"), facts.get("same_failure"))
        free, provisional = False, False
        if False in same:
            text = "前と同じ原因による同じ障害ではないため、やり直しではなく新しい障害としてお受けします。"
            found = reasons(terms.recur, text)
        elif failed > recur_by:
            text = f"前の作業から{terms.recur.text}の{said[recur_by]}を過ぎて起きたため、新しい障害としてお受けします。"
            found = reasons(terms.recur, text, terms.recur.law)
        elif claimed > claim_by:
            text = f"提供期間の終わりから{terms.claim.text}の{said[claim_by]}を過ぎたため、やり直しはお受けできません。"
            found = reasons(terms.claim, text, terms.claim.law)
        else:
            free, provisional = True, None in same
            text = f"前の作業から{terms.recur.text}の{said[recur_by]}までに起きたため、無償で作業をやり直します。"
            if provisional:
                text = (
                    f"{said[recur_by]}までに起きたため、原因と障害が前と同じか決まるまで、仮にやり直しとして進めます。"
                )
            found = reasons(terms.recur, text, terms.recur.law)
            text = f"やり直しは、提供期間の終わりから{terms.claim.text}の{said[claim_by]}までの連絡に限ります。"
            found += reasons(terms.claim, text, terms.claim.law)
            found += reasons(terms.remedy, "この場合の責任は、作業のやり直しに限ります。")
        if terms.again is not None and served != facts["served"]:
            text = f"{said[served]}にやり直したため、そこから改めて{terms.recur.text}を数えます。"
            found += reasons(terms.again, text)
        return {
            "free": free,
            "provisional": provisional,
            "until": until.isoformat(),
            "recur_by": recur_by.isoformat(),
            "claim_by": claim_by.isoformat(),
            **({"day_off": days_off} if days_off else {}),
        }, found

    return decide


def _last_done(facts: Facts) -> date:
    """The day on which the work was last done: the first time, or again."""
    served: date = facts["served"]
    redone: date | None = facts.get("redone")
    if redone is not None and redone < served:
        raise Refusal("redone", "やり直した日が、前の作業が終わった日より前です。どちらかの日付を直してください。")
    return redone or served


def _recurrence(facts: Facts, done: date) -> tuple[date, date]:
    """The day the fault came back and the day it was reported; where one is not known, the other stands for it.

    A fault cannot be reported before it happened, nor come back before the work was done.
    """
    known: tuple[date | None, date | None] = facts.get("failed"), facts.get("claimed")
    failed, claimed = known[0] or known[1], known[1] or known[0]
    if failed is None or claimed is None:
        raise Refusal("failed", "障害が再び起きた日か、連絡を受けた日を指定してください。")
    if failed < done:
        raise Refusal("failed", "再び起きた日が、前の作業が終わった日より前です。どちらかの日付を直してください。")
    if claimed < failed:
        raise Refusal("claimed", "連絡を受けた日が、再び起きた日より前です。どちらかの日付を直してください。")
    return failed, claimed


TOPIC = Topic("reperformance", FACTS, compile_reperformance, by_plan=False)
