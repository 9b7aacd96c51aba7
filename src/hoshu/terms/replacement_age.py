"""replacement_age: by when must a unit be replaced because of its age, and when is somebody warned."""

from datetime import date
from typing import Any, NamedTuple

from hoshu.catalog import Edition, Plan
from hoshu.dates import days_before, month_end

from .facts import DATE, Fact, Facts, Kind, Misfit, Refusal, read_date
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons


class Made(NamedTuple):
    """The day on which a unit was made; the first of the month where only that is known."""

    day: date
    month_only: bool


def _read_made(text: Any) -> Made | None:
    if text is None:
        return None
    month_only = isinstance(text, str) and len(text) == 7
    day = read_date(f"{text}-01" if month_only else text)
    if day is None:
        raise Misfit
    return Made(day, month_only)


FACTS = {
    "manufactured": Fact(
        "製造日",
        Kind(_read_made, "「2019-04-10」のような日付か、「2019-04」のような年月で指定してください。"),
    ),
    "on": Fact("判断する日", DATE),
}


def compile_replacement_age(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.replacement_age
    assert terms is not None
    life, month_only, due_rule = terms.life, terms.month_only, terms.due
    from_first_day = month_only.counts_from == "first_day"

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        made: Made = facts["manufactured"]
        on: date | None = facts.get("on")
        if on is not None and made.day > on:
            raise Refusal("manufactured", "製造日が、判断する日より後です。どちらかの日付を直してください。")
        day = made.day if from_first_day or not made.month_only else month_end(made.day)
        days_off: list[str] = []
        replace_by = last_day(life, day, "replace_by", days_off, trace)
        warn_on = [days_before(replace_by, days) for days in terms.warn_days]
        text = f"製造から{life.text}の{said[replace_by]}までに、{terms.unit}を交換します。"
        found = reasons(life, text, life.law)
        if made.month_only:
            which = "最初" if from_first_day else "最後"
            found += reasons(month_only, f"製造の年月だけがわかるため、その月の{which}の日から数えます。")
        due = None if on is None else on > replace_by
        if due:
            found += reasons(due_rule, terms.due_says)
        if trace is not None:
            trace.step("数え始める製造日", day, month_only if made.month_only else life)
            for warned in warn_on:
                trace.step("前もってお知らせする日", warned, life)
            trace.step("交換の期限", replace_by, life)
            if due is False:
                trace.lost(due_rule, f"{said[replace_by]}をまだ過ぎていないため、交換の時期ではありません。")
        return {
            "replace_by": replace_by.isoformat(),
            "warn_on": [warned.isoformat() for warned in warn_on],
            "due": due,
            **({"day_off": days_off} if days_off else {}),
        }, found

    return decide


TOPIC = Topic("replacement_age", FACTS, compile_replacement_age, by_plan=False)
