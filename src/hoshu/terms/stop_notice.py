"""stop_notice: when are mails sent about a unit that was judged to have stopped."""

from typing import Any

from hoshu.catalog import Edition, Plan
from hoshu.dates import MINUTES_OF_DAY, hours

from .facts import Fact, Facts, Kind, Misfit, Refusal
from .instants import INSTANT, day_of_instant, said_instant, written_instant
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

_DAY = MINUTES_OF_DAY * 60

_MOST_MAILS = 400
"""More than a year of daily mails. The rule itself knows no last day, but an answer must end somewhere."""


def _read_time(text: Any) -> int | None:
    """The second of the day of a time `HH:MM`."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise Misfit
    try:
        return hours(text, "24:00")[0] * 60
    except ValueError:
        raise Misfit from None


TIME = Kind(_read_time, "「09:00」のような時刻で指定してください。")

FACTS = {
    "stopped": Fact("停止と判断した日時", INSTANT),
    "recovered": Fact("復旧した日時", INSTANT),
    "daily_at": Fact("毎日お知らせする時刻", TIME),
    "until": Fact("いつまでのメールを数えるか", INSTANT),
}


def compile_stop_notice(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.stop_notice
    assert terms is not None
    daily, double = terms.daily, terms.double
    usual_time = _read_time(daily.at)
    assert usual_time is not None
    gap = double.left_out_within_minutes * 60

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        stopped: int = facts["stopped"]
        until: int = facts["until"]
        recovered: int | None = facts.get("recovered")
        if recovered is not None and recovered < stopped:
            raise Refusal("recovered", "復旧した日時が、停止と判断した日時より前です。どちらかの日時を直してください。")
        if until < stopped:
            raise Refusal("until", "数え終わりの日時が、停止と判断した日時より前です。どちらかの日時を直してください。")
        time = facts.get("daily_at")
        if time is None:
            time = usual_time
        today = stopped - stopped % _DAY + time
        # Recovery at the very second of the check counts, so the last check without it is a second earlier.
        last = until if recovered is None else min(until, recovered - 1)
        checks = _daily(today, stopped + 1, last)
        mails = _daily(today, stopped + gap + 1, last)
        if len(mails) >= _MOST_MAILS:
            raise Refusal("until", f"メールが{_MOST_MAILS}通を超えます。数え終わりを、もっと早い日時にしてください。")

        found = reasons(terms.first, f"停止と判断した{said_instant(stopped)}に、すぐに1通目を送ります。")
        at = f"{time // 3600:02}:{time // 60 % 60:02}"
        found += reasons(daily, f"その後は、復旧するまで毎日{at}に確かめて1通送ります。この間に{len(mails)}通です。")
        if len(checks) > len(mails):
            text = f"1通目から{double.left_out_within_minutes}分以内に来る定時のメールは省きます。"
            found += reasons(double, text)
        elif checks and day_of_instant(checks[0]) == day_of_instant(stopped):
            found += reasons(double, "1通目のすぐ後に定時が来ても、定時のメールを省きません。")
        if recovered is not None and recovered <= until:
            found += reasons(terms.recovered, f"{said_instant(recovered)}に復旧したため、その後は送りません。")
        found += reasons(terms.any_time, "メールは、曜日や時間帯によらず、いつでも自動で送ります。")
        if trace is not None:
            trace.step("停止と判断した日", day_of_instant(stopped), terms.first)
            if mails:
                trace.step("最初の定時のメールの日", day_of_instant(mails[0]), daily)
                trace.step("最後の定時のメールの日", day_of_instant(mails[-1]), daily)
            else:
                trace.lost(daily, "数える間に、復旧していない定時がないため、定時のメールはありません。")
        return {"mails": [written_instant(sent) for sent in (stopped, *mails)]}, found

    return decide


def _daily(check: int, first: int, last: int) -> range:
    """The daily checks from `first` to `last`, both included; `check` is one of them on any day."""
    return range(check + -((check - first) // _DAY) * _DAY, last + 1, _DAY)


TOPIC = Topic("stop_notice", FACTS, compile_stop_notice, by_plan=False)
