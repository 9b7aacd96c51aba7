"""window: is the service working at this moment, and by when does it begin."""

from hoshu.catalog import Attend, Edition, Plan
from hoshu.dates import MINUTES_OF_DAY, Timetable, after_open_minutes

from .facts import BOOL, Fact, Facts, Refusal, choice
from .hours import PartHours, no_such_part, parts_of
from .sentences import day_of, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, also, head
from .vocabulary import PART_NAMES, shared


def compile_window(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.window
    assert terms is not None
    assert plan is not None
    parts = parts_of(edition, plan)
    default = terms.default_part
    windows = {window.id: window for window in edition.window_hours}
    targets = {each.part: _Target(each, PartHours(windows[each.received_in], terms)) for each in terms.attend}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        name = facts.get("part") or default
        part = parts.get(name)
        if part is None:
            raise Refusal("part", no_such_part(parts))
        timetable = part.timetable(facts)
        opening = is_open, opens_at, closes_at = timetable.at(at)
        found = part.reasons(facts, at, opening)
        attend_by = None
        if name in targets:
            attend_by = targets[name].attend_by(timetable, facts, at, found, trace)
        if trace is not None:
            if facts.get("start_weekday") and not part.follows_weekday and terms.run_of_days is not None:
                trace.lost(terms.run_of_days, "毎日対応するため、開始基準曜日は使いません。")
            if facts.get("closed_days") is not None and not part.window.closed_on_holidays:
                text = "祝日や年末年始を休む定めはなく、休業日があっても対応時間は変わりません。"
                trace.lost(terms.no_holidays or part.window, text)
        return {
            "open": is_open,
            "opens_at": written_moment(opens_at),
            "closes_at": written_moment(closes_at),
            "attend_by": written_moment(attend_by),
        }, found

    return decide


class _Target:
    """VA-DSP-01: by when work begins on a call that came in the hours for it, counted while the part is open."""

    def __init__(self, target: Attend, received_in: PartHours) -> None:
        self._target = target
        self._received_in = received_in
        self._head, self._also = head(target), also(target)
        self._minutes = target.minutes
        if target.minutes is not None:
            length = f"{target.minutes // 60}時間" if target.minutes % 60 == 0 else f"{target.minutes}分"
            self._says = f"修理が必要なときは、対応時間で数えて{length}の"
        else:
            assert target.cut_off is not None
            hour, minute = map(int, target.cut_off.split(":"))
            self._cut_off = hour * 60 + minute

    def attend_by(
        self, timetable: Timetable, facts: Facts, at: int, found: list[Reason], trace: Trace | None
    ) -> int | None:
        if facts.get("repair_needed") is False:
            if trace is not None:
                trace.lost(self._target, "修理が必要と判断していないため、着手の目標はありません。")
            return None
        if not self._received_in.is_open(facts, at):
            if trace is not None:
                text = f"{said_moment(at)}は{self._received_in.window.label}の外のため、着手の目標はありません。"
                trace.lost(self._target, text)
            return None
        if self._minutes is not None:
            says, due = self._says, timetable.add_open(at, self._minutes)
            if trace is not None and (explained := after_open_minutes(timetable, at, self._minutes)) is not None:
                trace.deadline("attend_by", explained)
        else:
            in_time = at % MINUTES_OF_DAY < self._cut_off
            due = _close_of_day(timetable, at // MINUTES_OF_DAY + (0 if in_time else 1))
            says = f"{self._target.cut_off}{'より前' if in_time else '以後'}の受け付けのため、"
        if due is None:
            return None
        found.append({**self._head, "text": f"{says}{said_moment(due)}までに着手することを目標にします。"})
        found += map(dict.copy, self._also)
        return due


def _close_of_day(timetable: Timetable, number: int) -> int | None:
    """When the last window of a day closes, or of the next day that has one; None where none has for a year."""
    for later in range(number, number + 366):
        if windows := timetable.windows_on(day_of[later]):
            return later * MINUTES_OF_DAY + max(closes for _, closes in windows)
    return None


TOPIC = Topic(
    "window",
    shared(
        "at",
        "start_weekday",
        "weekday_changes",
        "closed_days",
        "service_days",
        "spec_hours",
        part=Fact("窓口", choice(*PART_NAMES)),
        repair_needed=Fact("修理が必要か", BOOL),
    ),
    compile_window,
)
