"""window: is the service working at this moment."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, HOURS, Fact, Facts, Refusal, choice
from .hours import parts_of
from .sentences import written_moment
from .topic import Answer, Decider, Reason, Topic, Trace
from .vocabulary import shared

PARTS = ("reception", "hardware", "software", "desk", "vendor", "mail", "alarm_call")


def compile_window(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.window
    assert terms is not None
    assert plan is not None
    parts = parts_of(edition, plan)
    default = terms.default_part

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        part = parts.get(facts.get("part") or default)
        if part is None:
            raise Refusal("part", f"このサービスにない窓口です。{'、'.join(parts)} のどれかで指定してください。")
        opening = part.opening(facts, at)
        reasons = part.reasons(facts, at, opening)
        if trace is not None:
            if facts.get("start_weekday") and not part.follows_weekday:
                trace.lost(terms.run_of_days, "毎日対応するため、開始基準曜日は使いません。")
            if facts.get("closed_days") is not None:
                trace.lost(
                    terms.no_holidays, "祝日や年末年始を休む定めはなく、休業日があっても対応時間は変わりません。"
                )
        is_open, opens_at, closes_at = opening
        return {
            "open": is_open,
            "opens_at": written_moment(opens_at),
            "closes_at": written_moment(closes_at),
            "attend_by": None,
        }, reasons

    return decide


TOPIC = Topic(
    "window",
    shared("at", "start_weekday", "weekday_changes", "closed_days", part=Fact("窓口", choice(*PARTS))),
    compile_window,
    elsewhere={
        "spec_hours": Fact("仕様で定めた対応時間", HOURS),
        "repair_needed": Fact("修理が必要か", BOOL),
    },
)
