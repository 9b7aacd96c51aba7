"""The hours of a plan's parts, ready to be asked: shared by every question that depends on the time of day."""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter

from hoshu.catalog import Edition, Plan, ServiceWindow, WindowTerms
from hoshu.dates import (
    ANNOUNCED_UNTIL,
    MINUTES_OF_DAY,
    WEEKDAY_NAMES,
    WEEKDAYS,
    BusinessCalendar,
    Closed,
    Hours,
    Opening,
    Timetable,
    Week,
)

from .facts import Facts, Lookup, Refusal
from .sentences import day_of, said, said_moment
from .topic import Reason, head

_Days = frozenset[int] | None
"""The weekdays that a customer decides; None where the terms fix them."""

_VARYING = frozenset({"weekday_changes", "closed_days", "spec_hours"})
"""The facts that may change hours which no weekday of the customer decides."""

_SPECIFICATIONS = 64
"""So many specifications' hours are kept."""

_ANNOUNCED = ANNOUNCED_UNTIL.toordinal()

_warnings = Lookup[int, str](lambda year: BusinessCalendar.warning(date(year, 12, 31)) or "")
"""By the year of a day whose holidays are not announced yet."""


class PartHours:
    """When one part of the service works under a plan."""

    def __init__(
        self, window: ServiceWindow, terms: WindowTerms, *, plan_has_start_weekday: bool = False, has_spec: bool = False
    ) -> None:
        """`has_spec` says whether a product's own specification may set the hours (`spec_hours`)."""
        self.window = window
        self.follows_weekday = window.run_of_days is not None
        self._chosen = window.chosen_days
        self._holidays = window.closed_on_holidays
        self._has_spec = has_spec
        self._varies = self._holidays or has_spec
        self._terms = terms
        self._plan_has_start_weekday = plan_has_start_weekday
        self._calendar = calendar_of(terms)
        closed = self._calendar.closed_on if self._holidays else None
        self._weeks = Lookup[_Days, Timetable](lambda days: Timetable(window.week(days), closed=closed))
        self._specified = Lookup[tuple[_Days, Hours], Timetable](
            lambda days_and_spec: Timetable(self._week(*days_and_spec), closed=closed), most=_SPECIFICATIONS
        )
        self._days = {code: window.days_from(code) for code in WEEKDAYS} if self.follows_weekday else {}
        self._chosen_by = "start_weekday" if self.follows_weekday else "service_days"
        self._usual = None if self.follows_weekday or self._chosen else self._weeks[None]
        self._runs = {code: self._weeks[days] for code, days in self._days.items()}
        self._days_reasons = {code: _days_reason(window, terms, code) for code in self._days}
        self._changed = head(terms.changed) if terms.changed is not None else {}
        self._hours = head(window)
        self._spec_head = head(terms.spec_hours) if terms.spec_hours is not None else {}
        self._off_head = head(terms.holidays) if terms.holidays is not None else {}
        named = window.label
        if not self._varies:
            named += f"（{'、'.join(f'{opens}から{closes}まで' for opens, closes in window.hours)}）"
        self._inside, self._outside = f"は、{named}の中です。", f"は{named}の外で、次"
        self._day_off = Lookup[int, str | None](lambda number: self._calendar.closed_on(day_of[number]))

    def opening(self, facts: Facts, at: int) -> Opening:
        """The state at a minute number. Refuses where a weekday that the customer chose is needed and unknown."""
        return self.timetable(facts).at(at)

    def is_open(self, facts: Facts, at: int) -> bool | None:
        """Whether it is open at a minute number; None where the customer's weekdays are needed and unknown."""
        if self._usual is None and facts.get(self._chosen_by) is None:
            return None
        return self.timetable(facts).is_open(at)

    def timetable(self, facts: Facts) -> Timetable:
        """The hours of the customer: with the weekdays chosen, the closed days, and a specification's own hours."""
        if self._usual is not None and _VARYING.isdisjoint(facts):
            return self._usual
        days: _Days = None
        if self.follows_weekday:
            start_weekday = facts.get("start_weekday")
            if start_weekday is None:
                text = (
                    f"開始基準曜日から{self.window.run_of_days}日間対応するプランです。開始基準曜日を指定してください。"
                )
                raise Refusal("start_weekday", text)
            if not self._varies and "weekday_changes" not in facts:
                return self._runs[start_weekday]
            days = self._days[start_weekday]
            if changes := facts.get("weekday_changes"):
                later = [(change["from"], self._week(self._days[change["start_weekday"]])) for change in changes]
                return Timetable(self._week(days), changes=later, closed=self._closed(facts))
        elif self._chosen is not None:
            days = self._chosen_days(facts)
        elif not self._plan_has_start_weekday and facts.get("weekday_changes"):
            # IX-WIN-01: a part that is always open is never closed for a fact of another part of the plan.
            raise Refusal("weekday_changes", "毎日対応するプランに開始基準曜日はありません。変更を外してください。")
        if self._varies:
            spec: Hours | None = facts.get("spec_hours") if self._has_spec else None
            if self._holidays and facts.get("closed_days") is not None:
                return Timetable(self._week(days, spec), closed=self._closed(facts))
            if spec is not None:
                return self._specified[days, spec]
        return self._weeks[days]

    def _week(self, days: _Days, spec: Hours | None = None) -> Week:
        if spec is None:
            return self.window.week(days)
        return Week.same((WEEKDAYS[code] for code in self.window.weekdays) if days is None else days, [spec])

    def _closed(self, facts: Facts) -> Closed | None:
        if not self._holidays:
            return None
        named = facts.get("closed_days")
        return self._calendar.closed_on if named is None else BusinessCalendar(closed_days=named).closed_on

    def _chosen_days(self, facts: Facts) -> frozenset[int]:
        """The weekdays that the customer chose, exactly as many as the plan sells."""
        chosen = facts.get("service_days")
        if chosen is None:
            text = f"ご希望の曜日に対応するプランです。対応する曜日を{self._chosen}日指定してください。"
            raise Refusal("service_days", text)
        days = frozenset(WEEKDAYS[code] for code in chosen)
        if len(days) != self._chosen:
            raise Refusal(
                "service_days", f"対応する曜日は{self._chosen}日です。重ならない{self._chosen}日を指定してください。"
            )
        return days

    def reasons(self, facts: Facts, at: int, opening: Opening) -> list[Reason]:
        """Why it is open or when it opens, for an opening that was just asked for."""
        is_open, opens_at, closes_at = opening
        if closes_at is None and is_open:
            return [{**self._hours, "text": f"{self.window.label}は、休まず毎日24時間です。"}]
        if is_open:
            text = said_moment(at) + self._inside
        elif opens_at is None:
            text = f"{said_moment(at)}{self._outside}に始まる日がありません。"
        else:
            text = f"{said_moment(at)}{self._outside}は{said_moment(opens_at)}に始まります。"
        hours = {**self._hours, "text": text}
        if self._varies:
            return self._varied_reasons(facts, at, opens_at, hours)
        if not self.follows_weekday:
            return [hours]
        if facts.get("weekday_changes"):
            return [*self._changes(facts, at), hours]
        return [self._days_reasons[facts["start_weekday"]].copy(), hours]

    def _varied_reasons(self, facts: Facts, at: int, opens_at: int | None, hours: Reason) -> list[Reason]:
        """The same for hours that holidays, closed days or a specification change."""
        found: list[Reason] = []
        if self._has_spec and (spec := facts.get("spec_hours")) is not None:
            begins, ends = spec
            night = "翌日の" if ends > MINUTES_OF_DAY else ""
            text = f"製品の仕様書に{_clock(begins)}から{night}{_clock(ends)}までとあり、その定めが優先します。"
            found.append({**self._spec_head, "text": text})
        if self.follows_weekday:
            found.append(self._days_reasons[facts["start_weekday"]].copy())
        found.append(hours)
        if self._holidays and self._off_head:
            today, closed = at // MINUTES_OF_DAY, facts.get("closed_days")
            why = (
                self._day_off[today]
                if closed is None
                else BusinessCalendar(closed_days=closed).closed_on(day_of[today])
            )
            if why is not None:
                found.append({**self._off_head, "text": f"{said[day_of[today]]}は{why}のため、お休みです。"})
            last = (at if opens_at is None else opens_at) // MINUTES_OF_DAY
            if last > _ANNOUNCED:
                found.append({**self._off_head, "text": _warnings[day_of[last].year]})
        return found

    def _changes(self, facts: Facts, at: int) -> list[Reason]:
        """IX-WIN-07: a changed start weekday applies from 00:00 of the change date."""
        today, weekday = day_of[at // MINUTES_OF_DAY], facts["start_weekday"]
        found: list[Reason] = []
        for change in sorted(facts["weekday_changes"], key=itemgetter("from")):
            if change["from"] <= today:
                weekday = change["start_weekday"]
            name = WEEKDAY_NAMES[WEEKDAYS[change["start_weekday"]]]
            found.append({**self._changed, "text": f"開始基準曜日は、{said[change['from']]}の0時から{name}曜日です。"})
        return [*found, self._days_reasons[weekday].copy()]


def calendar_of(terms: WindowTerms) -> BusinessCalendar:
    """The provider's business days, with its own closed days of every year."""
    annually = [tuple(map(int, day.split("-"))) for day in terms.closed_annually]
    return BusinessCalendar(closed_annually=[(month, day) for month, day in annually])


def parts_of(edition: Edition, plan: Plan) -> dict[str, PartHours]:
    """The hours of every part that the plan serves, by the part's code; none where the terms name no hours."""
    terms = edition.window
    if terms is None:
        return {}
    windows = {window.id: window for window in edition.window_hours}
    start_weekday = edition.has_start_weekday(plan)
    spec_parts = terms.spec_hours.parts if terms.spec_hours is not None else ()
    return {
        part: PartHours(windows[window], terms, plan_has_start_weekday=start_weekday, has_spec=part in spec_parts)
        for part, window in plan.windows.items()
    }


def no_such_part(parts: Iterable[str]) -> str:
    """What to say of a part that the plan does not serve."""
    if not parts:
        return "このサービスの窓口の時間は、約款に定めがありません。窓口を外してください。"
    return f"このサービスにない窓口です。{'、'.join(parts)} のどれかで指定してください。"


def _days_reason(window: ServiceWindow, terms: WindowTerms, start_weekday: str) -> Reason:
    assert terms.run_of_days is not None
    first = WEEKDAYS[start_weekday]
    count = window.run_of_days or 7
    begins, ends = WEEKDAY_NAMES[first], WEEKDAY_NAMES[(first + count - 1) % 7]
    text = f"開始基準曜日が{begins}曜日なので、対応日は{begins}曜日から{ends}曜日までの{count}日間です。"
    return {**head(terms.run_of_days), "text": text}


def _clock(minute: int) -> str:
    """A time of day; what lies behind midnight belongs to the next day."""
    if minute > MINUTES_OF_DAY:
        minute -= MINUTES_OF_DAY
    return f"{minute // 60:02}:{minute % 60:02}"
