"""The hours of a plan's parts, ready to be asked: shared by every question that depends on the time of day."""

from operator import itemgetter

from hoshu.catalog import Edition, Plan, ServiceWindow, WindowTerms
from hoshu.dates import MINUTES_OF_DAY, WEEKDAYS, Opening, Timetable

from .facts import Facts, Refusal
from .sentences import DAY_NAMES, day_of, said, said_moment
from .topic import Reason, head


class PartHours:
    """When one part of the service works under a plan."""

    def __init__(self, window: ServiceWindow, terms: WindowTerms, *, plan_has_start_weekday: bool) -> None:
        self.window = window
        self.follows_weekday = window.run_of_days is not None
        self._plan_has_start_weekday = plan_has_start_weekday
        self._always = Timetable(window.week("mon"))
        self._weeks = {code: Timetable(window.week(code)) for code in WEEKDAYS}
        self._days_reasons = {code: _days_reason(window, terms, code) for code in WEEKDAYS}
        self._changed = head(terms.changed)
        self._hours = head(window)
        named = f"{window.label}（{'、'.join(f'{opens}から{closes}まで' for opens, closes in window.hours)}）"
        self._inside, self._outside = f"は、{named}の中です。", f"は{named}の外で、次は"

    def opening(self, facts: Facts, at: int) -> Opening:
        """The state at a minute number. Refuses where the start weekday is needed and unknown."""
        return self._timetable(facts).at(at)

    def is_open(self, facts: Facts, at: int) -> bool | None:
        """Whether it is open at a minute number; None where the start weekday is needed and unknown."""
        if self.follows_weekday and facts.get("start_weekday") is None:
            return None
        return self._timetable(facts).is_open(at)

    def _timetable(self, facts: Facts) -> Timetable:
        if not self.follows_weekday:
            # IX-WIN-01: a part that is always open is never closed for a fact of another part of the plan.
            if not self._plan_has_start_weekday and facts.get("weekday_changes"):
                raise Refusal("weekday_changes", "毎日対応するプランに開始基準曜日はありません。変更を外してください。")
            return self._always
        start_weekday = facts.get("start_weekday")
        if start_weekday is None:
            raise Refusal("start_weekday", "週5日のプランです。開始基準曜日を指定してください。")
        if changes := facts.get("weekday_changes"):
            later = [(change["from"], self.window.week(change["start_weekday"])) for change in changes]
            return Timetable(self.window.week(start_weekday), changes=later)
        return self._weeks[start_weekday]

    def reasons(self, facts: Facts, at: int, opening: Opening) -> list[Reason]:
        """Why it is open or when it opens, for an opening that was just asked for."""
        is_open, opens_at, closes_at = opening
        if closes_at is None:
            return [{**self._hours, "text": f"{self.window.label}は、休まず毎日24時間です。"}]
        if is_open:
            text = said_moment(at) + self._inside
        else:
            assert opens_at is not None
            text = f"{said_moment(at)}{self._outside}{said_moment(opens_at)}に始まります。"
        hours = {**self._hours, "text": text}
        if not self.follows_weekday:
            return [hours]
        if facts.get("weekday_changes"):
            return [*self._changes(facts, at), hours]
        return [self._days_reasons[facts["start_weekday"]].copy(), hours]

    def _changes(self, facts: Facts, at: int) -> list[Reason]:
        """IX-WIN-07: a changed start weekday applies from 00:00 of the change date."""
        today, weekday = day_of[at // MINUTES_OF_DAY], facts["start_weekday"]
        found: list[Reason] = []
        for change in sorted(facts["weekday_changes"], key=itemgetter("from")):
            if change["from"] <= today:
                weekday = change["start_weekday"]
            name = DAY_NAMES[WEEKDAYS[change["start_weekday"]]]
            found.append({**self._changed, "text": f"開始基準曜日は、{said[change['from']]}の0時から{name}曜日です。"})
        return [*found, self._days_reasons[weekday].copy()]


def parts_of(edition: Edition, plan: Plan) -> dict[str, PartHours]:
    """The hours of every part that the plan serves, by the part's code."""
    terms = edition.window
    assert terms is not None
    windows = {window.id: window for window in edition.window_hours}
    start_weekday = edition.has_start_weekday(plan)
    return {
        part: PartHours(windows[window], terms, plan_has_start_weekday=start_weekday)
        for part, window in plan.windows.items()
    }


def _days_reason(window: ServiceWindow, terms: WindowTerms, start_weekday: str) -> Reason:
    first = WEEKDAYS[start_weekday]
    count = window.run_of_days or 7
    begins, ends = DAY_NAMES[first], DAY_NAMES[(first + count - 1) % 7]
    text = f"開始基準曜日が{begins}曜日なので、対応日は{begins}曜日から{ends}曜日までの{count}日間です。"
    return {**head(terms.run_of_days), "text": text}
