"""heartbeat: does a unit that reports by itself still do so, and if not, since when is it taken to have stopped."""

from collections.abc import Mapping, Sequence
from typing import Any

from hoshu.catalog import Edition, Plan

from .facts import Fact, Facts, Refusal, list_of, record
from .instants import INSTANT, day_of_instant, said_instant, written_instant
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

Span = tuple[int, int]
"""Second numbers, half open."""

FACTS = {
    "at": Fact("判断する日時", INSTANT),
    "last_contact": Fact("最後に連絡を受けた日時", INSTANT),
    "centre_down": Fact(
        "受信する側が止まっていた時間",
        list_of(record({"from": Fact("始まり", INSTANT), "to": Fact("終わり", INSTANT)})),
    ),
}


def compile_heartbeat(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.heartbeat
    assert terms is not None
    silence, centre_down = terms.silence, terms.centre_down
    unregistered, online, stopped_state = terms.unregistered, terms.online, terms.stopped
    limit = silence.minutes * 60
    length = _length(limit)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at, last = facts["at"], facts.get("last_contact")
        down = _joined(facts.get("centre_down") or ())
        if last is None:
            text = f"まだ一度も連絡を受けていないため、状態は「{unregistered.name}」です。{unregistered.says}"
            return {"state": "unregistered", "judged_at": None, "causes": []}, reasons(unregistered, text)
        if last > at:
            raise Refusal("last_contact", "最後の連絡が、判断する日時より後です。どちらかの日時を直してください。")
        judged = _judged(last, down)
        stopped = judged <= at
        if stopped:
            text = (
                f"最後の連絡の{said_instant(last)}から{length}を超えて連絡がないため、"
                f"{said_instant(judged)}に「{stopped_state.name}」と判断します。{stopped_state.says}"
            )
            found = reasons(stopped_state, text)
        else:
            text = f"最後の連絡は{said_instant(last)}で、連絡のない時間は{length}を超えていません。"
            if centre_down.counts and at - last > limit:
                text = f"連絡のない時間は{length}を超えましたが、受信する側が止まっているため、まだ判断しません。"
            found = reasons(online, f"{text}状態は「{online.name}」です。{online.says}")
        if during := _overlap(down, last, min(judged, at)):
            counted = "数えますが、止まっている間は判断しません。" if centre_down.counts else "数えません。"
            text = f"受信する側が止まっていた{_length(during)}は、連絡のない時間に{counted}"
            found += reasons(centre_down, text)
        causes, why = _causes(at - last, _overlap(down, last, at)) if stopped else ([], [])
        if trace is not None:
            trace.step("最後に連絡を受けた日", day_of_instant(last), silence)
            if stopped:
                trace.step(f"「{stopped_state.name}」と判断する日", day_of_instant(judged), silence)
                trace.lost(online, f"連絡のない時間が{length}を超えたため、「{online.name}」ではありません。")
            else:
                text = f"このまま連絡がなければ、{said_instant(judged)}に「{stopped_state.name}」と判断します。"
                trace.lost(stopped_state, text)
        return {
            "state": "stopped" if stopped else "online",
            "judged_at": written_instant(judged) if stopped else None,
            "causes": causes,
        }, found + why

    def _judged(last: int, down: list[Span]) -> int:
        """The first second at which the silence is longer than allowed and the centre runs, if no contact comes."""
        judged = last + limit + 1
        for start, end in down:
            if judged < start:
                break
            judged = max(judged, end) if centre_down.counts else judged + max(0, end - max(start, last))
        return judged

    def _causes(silent: int, centre: int) -> tuple[list[dict[str, Any]], list[Reason]]:
        """The silence by its cause: what the centre caused itself, and the rest, whose cause nobody has told yet."""
        causes: list[dict[str, Any]] = []
        found: list[Reason] = []
        for cause, seconds in ((terms.centre_cause, centre), (terms.open_cause, silent - centre)):
            if cause is not None and seconds:
                causes.append({"code": cause.code, "seconds": seconds})
                found += reasons(cause, f"連絡のない時間のうち{_length(seconds)}は、{cause.says}")
        return causes, found

    return decide


def _joined(spans: Sequence[Mapping[str, int]]) -> list[Span]:
    """The spans in order, those that touch or overlap as one, so that no second is taken twice."""
    joined: list[Span] = []
    for start, end in sorted((each["from"], each["to"]) for each in spans):
        if end < start:
            raise Refusal("centre_down", "終わりが始まりより前の時間があります。どちらかの日時を直してください。")
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _overlap(spans: list[Span], first: int, last: int) -> int:
    """How many seconds between two moments lie in the spans."""
    return sum(max(0, min(end, last) - max(start, first)) for start, end in spans)


def _length(seconds: int) -> str:
    """3時間5分, 30分1秒."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "時間"), (minutes, "分"), (rest, "秒"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0秒"


TOPIC = Topic("heartbeat", FACTS, compile_heartbeat, by_plan=False)
