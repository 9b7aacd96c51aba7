"""The hours of a plan's parts, ready to be asked: shared by every question that depends on the time of day."""

from datetime import date

from hoshu.catalog import Edition, Plan, ServiceWindow, WindowTerms
from hoshu.dates import MINUTES_OF_DAY, WEEKDAYS, Opening, Timetable

from .facts import Facts, Refusal
from .sentences import DAY_NAMES, said, said_moment
from .topic import Reason, head


class PartHours:
    """When one part of the service works under a plan."""

    def __init__(self, window: ServiceWindow, terms: WindowTerms) -> None:
        self.window = window
        self.follows_weekday = window.run_of_days is not None
        self._always = Timetable(window.week("mon"))
        self._by_weekday = {code: Timetable(window.week(code)) for code in WEEKDAYS}
        self._days_reasons = {code: _days_reason(window, terms, code) for code in WEEKDAYS}
        self._changed = head(terms.changed)
        self._hours = head(window)
        self._hours_text = "、".join(f"{opens}から{closes}まで" for opens, closes in window.hours)

    def opening(self, facts: Facts, at: int) -> Opening:
        """The state at a minute number. Refuses where the start weekday is needed and unknown."""
        if not self.follows_weekday:
            if facts.get("weekday_changes"):
                raise Refusal("weekday_changes", "毎日対応するプランに開始基準曜日はありません。変更を外してください。")
            return self._always.at(at)
        start_weekday = facts.get("start_weekday")
        if start_weekday is None:
            raise Refusal("start_weekday", "週5日のプランです。開始基準曜日を指定してください。")
        if changes := facts.get("weekday_changes"):
            later = [(change["from"], self.window.week(change["start_weekday"])) for change in changes]
            return Timetable(self.window.week(start_weekday), changes=later).at(at)
        return self._by_weekday[start_weekday].at(at)

    def reasons(self, facts: Facts, at: int, opening: Opening) -> list[Reason]:
        """Why it is open or when it opens, for an opening that was just asked for."""
        if opening.closes_at is None:
            return [{**self._hours, "text": f"{self.window.label}は、休まず毎日24時間です。"}]
        if opening.open:
            text = f"{said_moment(at)}は、{self.window.label}（{self._hours_text}）の中です。"
        else:
            assert opening.opens_at is not None
            text = (
                f"{said_moment(at)}は{self.window.label}（{self._hours_text}）の外で、"
                f"次は{said_moment(opening.opens_at)}に始まります。"
            )
        if not self.follows_weekday:
            return [{**self._hours, "text": text}]
        weekday = facts["start_weekday"]
        found: list[Reason] = []
        if changes := facts.get("weekday_changes"):
            today = date.fromordinal(at // MINUTES_OF_DAY)
            for change in sorted(changes, key=lambda each: each["from"]):
                if change["from"] <= today:
                    weekday = change["start_weekday"]
                name = DAY_NAMES[WEEKDAYS[change["start_weekday"]]]
                text_of_change = f"開始基準曜日は、{said[change['from']]}の0時から{name}曜日です。"
                found.append({**self._changed, "text": text_of_change})
        return [*found, self._days_reasons[weekday], {**self._hours, "text": text}]


def parts_of(edition: Edition, plan: Plan) -> dict[str, PartHours]:
    """The hours of every part that the plan serves, by the part's code."""
    terms = edition.window
    assert terms is not None
    windows = {window.id: window for window in edition.window_hours}
    return {part: PartHours(windows[window], terms) for part, window in plan.windows.items()}


def _days_reason(window: ServiceWindow, terms: WindowTerms, start_weekday: str) -> Reason:
    first = WEEKDAYS[start_weekday]
    count = window.run_of_days or 7
    begins, ends = DAY_NAMES[first], DAY_NAMES[(first + count - 1) % 7]
    text = f"開始基準曜日が{begins}曜日なので、対応日は{begins}曜日から{ends}曜日までの{count}日間です。"
    return {**head(terms.run_of_days), "text": text}
