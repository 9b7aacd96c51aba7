"""failure_level: how grave is this failure, is the customer told, and by when."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.catalog.desk import BusinessDays, FailureLevel
from hoshu.dates import MINUTES_OF_DAY, BusinessCalendar, after_business_days

from .facts import BOOL, Fact, Facts, Lookup, Refusal
from .instants import INSTANT, said_instant, written_instant
from .sentences import day_of
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared

_SIGNS = {
    "main_function_lost": Fact("主な機能を提供できないか", BOOL),
    "utm_failed": Fact("機器が故障したか", BOOL),
    "customer_affected": Fact("お客様に影響があるか", BOOL),
}

FACTS = shared(
    "closed_days",
    **_SIGNS,
    confirmed=Fact("事象を確かめた日時", INSTANT),
    contacted=Fact("お客様に連絡した日時", INSTANT),
)


def compile_failure_level(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.failure_level
    assert terms is not None
    levels = [_Level(level, terms.days) for level in terms.level]

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        confirmed, contacted = facts.get("confirmed"), facts.get("contacted")
        if confirmed is not None and contacted is not None and contacted < confirmed:
            raise Refusal("contacted", "連絡した日時が、事象を確かめる前です。どちらかの日時を直してください。")
        found, contact = _matching(levels, facts)
        if trace is not None:
            for other in levels:
                if other is not found:
                    trace.lost(other.terms, other.why_not(facts))
        if found is None:
            text = "この内容だけではレベルが決まりません。担当者が実際の影響から判断します。"
            answer = {"level": None, "contact_customer": contact, "contact_by": None, "in_time": None}
            return answer, reasons(terms.undecided, text)
        if contacted is not None and not found.terms.contact:
            text = f"レベル{found.terms.level}では連絡しません（{found.terms.contact_rule.clause}）。"
            raise Refusal("contacted", f"{text}連絡した日時を外してください。")
        why = found.reasons()
        by: int | None = None
        if confirmed is not None and found.terms.contact:
            by = found.contact_by(confirmed, facts.get("closed_days"))
            why += found.deadline(by)
            if trace is not None:
                found.explain(facts["confirmed"], facts.get("closed_days"), trace)
                trace.step("連絡の期限", day_of[by // 60 // MINUTES_OF_DAY], found.terms.by or found.terms.contact_rule)
        return {
            "level": found.terms.level,
            "contact_customer": found.terms.contact,
            "contact_by": written_instant(by),
            "in_time": None if by is None or contacted is None else contacted <= by,
        }, why

    return decide


class _Level:
    """A level, ready to be compared with the facts of a failure."""

    def __init__(self, terms: FailureLevel, days: BusinessDays) -> None:
        self.terms = terms
        self.signs = tuple(terms.when.items())
        self._days = days
        usual = days.calendar()
        self._by_day = Lookup[int, int](lambda number: self._last_minute(usual, number))
        self._is = {**head(terms), "text": f"{terms.criterion}ため、レベル{terms.level}です。"}
        told = "確かめたあと、速やかにお客様の管理者へ連絡します。" if terms.contact else "お客様には連絡しません。"
        self._told = {**head(terms.contact_rule), "text": told}

    def reasons(self) -> list[Reason]:
        return [self._is.copy(), self._told.copy()]

    def contact_by(self, confirmed: int, closed_days: tuple[date, ...] | None) -> int:
        """The last second to tell the customer of what was confirmed at a second."""
        if self.terms.by is None:
            assert self.terms.within_minutes is not None
            return confirmed + self.terms.within_minutes * 60
        number = confirmed // 60 // MINUTES_OF_DAY
        if closed_days is None:
            return self._by_day[number] * 60
        return self._last_minute(self._days.calendar(closed_days), number) * 60

    def explain(self, confirmed: int, closed_days: tuple[date, ...] | None, trace: Trace) -> None:
        """How the last day to tell the customer was counted, where it is counted in business days."""
        if self.terms.by is not None:
            day, count = day_of[confirmed // 60 // MINUTES_OF_DAY], self.terms.by.business_days
            trace.deadline("contact_by", after_business_days(self._days.calendar(closed_days), day, count))

    def _last_minute(self, calendar: BusinessCalendar, number: int) -> int:
        assert self.terms.by is not None
        last = calendar.add(day_of[number], self.terms.by.business_days)
        return last.toordinal() * MINUTES_OF_DAY + self.terms.by.minute

    def deadline(self, by: int) -> list[Reason]:
        """The reasons for the last second to tell the customer."""
        if self.terms.by is None:
            assert self.terms.within_rule is not None
            text = f"連絡の目標は、{self.terms.within_minutes}分以内の{said_instant(by)}までです。"
            return reasons(self.terms.within_rule, text)
        text = f"連絡の目標は、{self.terms.by.business_days}営業日以内の{said_instant(by)}までです。"
        warning = BusinessCalendar.warning(day_of[by // 60 // MINUTES_OF_DAY])
        return reasons(self.terms.by, text) + (reasons(self._days, warning) if warning else [])

    def why_not(self, facts: Facts) -> str:
        for name, value in self.signs:
            if facts.get(name) is (not value):
                said = "「いいえ」" if value else "「はい」"
                return f"「{_SIGNS[name].label}」が{said}のため、レベル{self.terms.level}ではありません。"
        unknown = [_SIGNS[name].label for name, _ in self.signs if facts.get(name) is None]
        if unknown:
            return f"「{'」「'.join(unknown)}」がわからないため、レベル{self.terms.level}とは決まりません。"
        return f"より重いレベルに当たるため、レベル{self.terms.level}にはしません。"


def _matching(levels: list[_Level], facts: Facts) -> tuple[_Level | None, bool | None]:
    """The first level whose signs all hold, and whether the customer is told.

    Where a graver one is still possible, the level is open; whether the customer is told is open too, unless all the
    levels that are possible agree.
    """
    possible: list[_Level] = []
    for level in levels:
        known = [facts.get(name) is value for name, value in level.signs if facts.get(name) is not None]
        if not all(known):
            continue
        possible.append(level)
        if len(known) == len(level.signs):
            told = {each.terms.contact for each in possible}
            return level if len(possible) == 1 else None, told.pop() if len(told) == 1 else None
    return None, None


TOPIC = Topic("failure_level", FACTS, compile_failure_level, by_plan=False)
