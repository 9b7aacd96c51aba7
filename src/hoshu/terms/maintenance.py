"""maintenance: by when must a stop be announced, was it, and what does its record still need."""

from datetime import date
from typing import NamedTuple

from hoshu.catalog import Edition, Plan
from hoshu.catalog.desk import StopKind
from hoshu.dates import MINUTES_OF_DAY, days_before, months_before

from .facts import BOOL, Fact, Facts, Lookup, Refusal, choice
from .instants import INSTANT, said_instant
from .sentences import day_of, iso, said
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, also, head, reasons

_SECONDS_OF_DAY = MINUTES_OF_DAY * 60
_CHANNELS = {"posted": "ポータルの掲載", "mailed": "メールなどの連絡"}
_RECORDED = {"reason": "理由", "approver": "承認者"}

FACTS = {
    "kind": Fact("停止の種類", choice("planned", "emergency", "disaster")),
    "at": Fact("判断する日時", INSTANT),
    "start": Fact("停止の始まる日時", INSTANT),
    "end": Fact("停止の終わる日時", INSTANT),
    "posted": Fact("ポータルに掲載した日時", INSTANT),
    "mailed": Fact("メールなどで知らせた日時", INSTANT),
    "reason": Fact("理由の記録の有無", BOOL),
    "approver": Fact("承認者の記録の有無", BOOL),
}


class _Notice(NamedTuple):
    """What is known about the notice of a stop."""

    by: date | None
    in_time: bool | None
    missing: list[str]
    says: str


def compile_maintenance(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.maintenance
    assert terms is not None
    kinds = {kind.kind: _Kind(kind) for kind in terms.kind}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        kind = kinds.get(facts["kind"])
        if kind is None:
            raise Refusal("kind", f"このサービスで判断できる停止の種類は {'、'.join(kinds)} です。")
        start, end, at = facts["start"], facts.get("end"), facts.get("at")
        if end is not None and end < start:
            raise Refusal("end", "停止の終わりが始まりより前です。どちらかの日時を直してください。")
        if at is not None and start < at and kind.terms.notice == "months_ahead":
            raise Refusal("start", "停止の始まりが過ぎています。これからの日時を指定してください。")
        notice = kind.notice(start, facts)
        needs = list(notice.missing)
        if notice.in_time is False or (notice.in_time is None and kind.terms.notice == "before_start"):
            needs += [name for name in kind.terms.needs if facts.get(name) is not True]
        found = kind.reasons(notice.says)
        if lacking := [_RECORDED[name] for name in needs if name in _RECORDED]:
            why = "お知らせが間に合っていないため" if notice.in_time is False else "前もって知らせずに止めるときは"
            found.append({**kind.head, "text": f"{why}、{'と'.join(lacking)}の記録が必要です。"})
        remind = kind.terms.remind
        remind_on = None if remind is None else days_before(day_of[start // _SECONDS_OF_DAY], remind.days)
        if trace is not None:
            trace.step("お知らせの期限", notice.by, kind.terms)
            if remind is not None:
                trace.step("念のためのお知らせの日", remind_on, remind)
            for other in kinds.values():
                if other is not kind:
                    trace.lost(other.terms, f"{other.terms.name}ではないため、この定めは使いません。")
        day_off = [] if notice.by is None or CALENDAR.is_business_day(notice.by) else ["notice_by"]
        return {
            "notice_by": notice.by and iso[notice.by],
            "in_time": notice.in_time,
            "remind_on": remind_on and iso[remind_on],
            "needs": needs,
            **({"day_off": day_off} if day_off else {}),
        }, found

    return decide


class _Kind:
    """A kind of stop, ready to be compared with the notices that went out."""

    def __init__(self, terms: StopKind) -> None:
        self.terms = terms
        self.head = head(terms)
        self._notice_by = Lookup[int, date](lambda number: months_before(day_of[number], terms.months))

    def reasons(self, text: str) -> list[Reason]:
        found = [{**self.head, "text": text}, *also(self.terms)]
        return found + (reasons(self.terms.also_announced, self.terms.says) if self.terms.also_announced else [])

    def notice(self, start: int, facts: Facts) -> _Notice:
        noticed = {name: facts.get(name) for name in _CHANNELS}
        if self.terms.notice == "none":
            return _Notice(None, None, [], self.terms.says)
        if self.terms.notice == "months_ahead":
            return self._ahead(start, noticed)
        known = [moment for moment in noticed.values() if moment is not None]
        if not known:
            return _Notice(None, None, [], f"{self.terms.says}始まる前のお知らせは、まだ記録がありません。")
        in_time = min(known) <= start
        text = f"お知らせは{said_instant(min(known))}で、{'始まる前です' if in_time else '始まったあとです'}。"
        return _Notice(None, in_time, [], self.terms.says + text)

    def _ahead(self, start: int, noticed: dict[str, int | None]) -> _Notice:
        """At least months before the day of the stop, on all of its channels or on any of them."""
        by = self._notice_by[start // _SECONDS_OF_DAY]
        missing = [name for name, moment in noticed.items() if moment is None]
        timely = [moment // _SECONDS_OF_DAY <= by.toordinal() for moment in noticed.values() if moment is not None]
        if self.terms.channels == "all":
            in_time = False if False in timely else None if missing else True
        else:
            in_time = True if True in timely else None if missing else False
            missing = [] if in_time else missing
        text = f"{said_instant(start)}の停止は、{self.terms.months}か月前の{said[by]}までのお知らせが必要で、"
        if in_time is None:
            lacking = "と".join(_CHANNELS[name] for name in missing)
            return _Notice(by, None, missing, f"{text}{lacking}の記録がまだありません。")
        return _Notice(by, in_time, missing, f"{text}{'期限に間に合っています' if in_time else '期限を過ぎています'}。")


TOPIC = Topic("maintenance", FACTS, compile_maintenance, by_plan=False)
