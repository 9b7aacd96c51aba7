"""average: is the average of all companies shown beside the own figure, and how far apart are the two."""

from hoshu.catalog import Edition, Plan

from .facts import COUNT, DATE, Fact, Facts, Kind, Refusal, list_of, whole_number
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

_FIGURE = Kind(whole_number(0, 10**12), "0以上の整数で指定してください。")

FACTS = {
    "counts": Fact("各社の検知の数", list_of(_FIGURE)),
    "own": Fact("自社の検知の数", _FIGURE),
    "without_unit": Fact("装置をまだ使っていない契約中の会社の数", COUNT),
    "from": Fact("期間の最初の日", DATE),
    "to": Fact("期間の最後の日", DATE),
    "on": Fact("表示する日", DATE),
}


def compile_average(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.average
    assert terms is not None
    mean, counted, smallest = terms.mean, terms.counted, terms.smallest
    in_use_only = counted.which == "in_use"

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        _check_period(facts)
        counts: tuple[int, ...] = facts["counts"]
        idle = facts.get("without_unit") or 0
        companies = len(counts) if in_use_only else len(counts) + idle
        shown = companies >= smallest.companies
        if shown:
            average = _tenths(sum(counts), companies)
            difference = 10 * facts["own"] - average
            text = f"各社の平均は{_said(average)}件で、自社は{_compared(difference)}です。"
            found = reasons(mean, f"{text}小数第2位を四捨五入しています。")
            answer: Answer = {"shown": True, "average": average / 10, "difference": difference / 10}
        else:
            text = f"集計できる会社が{smallest.companies}社に満たないため、平均を表示しません。"
            found = reasons(smallest, text)
            answer = {"shown": False, "average": None, "difference": None}
            if trace is not None:
                trace.lost(mean, "平均を表示しないため、自社との差も計算しません。")
        if idle:
            which = "数に入れません" if in_use_only else "検知0件として数に入れます"
            found += reasons(counted, f"契約中でも装置をまだ使っていない会社は、{which}。")
        return answer, found

    def _check_period(facts: Facts) -> None:
        """The figures are those of whole days, not too many, none of them still to come."""
        first, last, on = facts.get("from"), facts.get("to"), facts.get("on")
        if (first is None) != (last is None):
            missing = "from" if first is None else "to"
            raise Refusal(missing, "期間は、最初の日と最後の日の両方を指定してください。")
        if first is None or last is None:
            return
        if last < first:
            raise Refusal("to", "期間の最後の日が、最初の日より前です。どちらかの日付を直してください。")
        if on is not None and last > on:
            raise Refusal("to", "期間の最後の日が、まだ来ていません。今日までの日付で指定してください。")
        if (last - first).days >= terms.period.days:
            raise Refusal("to", f"期間が長すぎます。最大{terms.period.days}日で指定してください。")

    return decide


def _tenths(total: int, companies: int) -> int:
    """The mean in tenths, half a tenth rounded up; whole numbers only, as a binary fraction would round 0.25 down."""
    return (20 * total + companies) // (2 * companies)


def _compared(tenths: int) -> str:
    """How the own number stands beside the average, by what it has more."""
    if not tenths:
        return "平均と同じ"
    return f"平均より{_said(abs(tenths))}件{'多い' if tenths > 0 else '少ない'}"


def _said(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


TOPIC = Topic("average", FACTS, compile_average, by_plan=False)
