"""retention: until when is what was detected kept, and may it be deleted on a day."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.dates import MINUTES_OF_DAY

from .facts import DATE, MOMENT, Fact, Facts, Refusal
from .holds import HOLDS, held
from .sentences import day_of, said
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "detected": Fact("検知した日時", MOMENT),
    "on": Fact("判断する日", DATE),
    "holds": HOLDS,
    "usable_until": Fact("利用できる最後の日", DATE),
}


def compile_retention(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.retention
    assert terms is not None
    keep = terms.keep
    holds = {hold.code: hold for hold in terms.hold}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        detected: date = day_of[facts["detected"] // MINUTES_OF_DAY]
        on: date = facts["on"]
        if on < detected:
            raise Refusal("on", "判断する日が、検知した日より前です。どちらかの日付を直してください。")
        in_full = keep_until = keep.last_day(detected, CALENDAR)
        end: date | None = facts.get("usable_until")
        if end is not None and end < in_full:
            keep_until = end
            found = reasons(terms.end_of_use, f"利用が終わるため、{said[end]}より後は保存しません。")
        else:
            text = f"検知した{said[detected]}から{keep.text}の{said[keep_until]}まで保存します。"
            found = reasons(keep, text, keep.law)
        over = on > keep_until
        standing = [hold for hold in held(facts, holds, terms.held) if hold.until is None or hold.until >= on]
        for hold in standing:
            found += hold.says()
        if trace is not None:
            trace.step("保存する期限", in_full, keep)
            trace.period("keep_until", keep, detected)
            if keep_until != in_full:
                trace.step("利用できる最後の日", keep_until, terms.end_of_use)
                trace.lost(keep, f"利用が先に終わるため、{said[in_full]}までは保存しません。")
            if standing and over:
                trace.lost(keep, f"{said[keep_until]}を過ぎましたが、残す理由があるため、まだ消しません。")
        return {
            "keep_until": keep_until.isoformat(),
            "may_delete": over and not standing,
            **({} if CALENDAR.is_business_day(keep_until) else {"day_off": ["keep_until"]}),
        }, found

    return decide


TOPIC = Topic("retention", FACTS, compile_retention, by_plan=False)
