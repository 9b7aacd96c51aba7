"""slo: was the service there often enough in this month."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from hoshu.catalog import Edition, Plan

from .facts import BOOL, SECONDS_OF_DAY, TEXT, Fact, Facts, Lookup, Refusal, list_of, quoted, record
from .instants import INSTANT, said_instant
from .months import MONTH, first_of, said_month
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons

FACTS = {
    "month": Fact("対象の月", MONTH),
    "outages": Fact(
        "止まっていた時間",
        list_of(
            record(
                {"from": Fact("止まった日時", INSTANT)},
                {
                    "to": Fact("戻った日時", INSTANT),
                    "code": Fact("除外する作業の種類", TEXT),
                    "noticed": Fact("前もって知らせた日時", INSTANT),
                    "window_from": Fact("知らせた作業時間の始まり", INSTANT),
                    "window_to": Fact("知らせた作業時間の終わり", INSTANT),
                    "approver": Fact("承認者の有無", BOOL),
                },
            )
        ),
    ),
}

Span = tuple[int, int]
"""Seconds from and to, the last not included."""


class _Stops(NamedTuple):
    """The stops of a month by how they count."""

    all: list[Span]
    announced: list[Span]
    """What lies in announced windows of excluded work."""
    unannounced: list[Span]
    """Stops for excluded work outside an announced window."""
    is_open: bool
    """Whether one of them has not ended."""


def compile_slo(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.slo
    assert terms is not None
    works = {work.code: work for work in terms.excluded}
    target, parts = Fraction(terms.target.percent).as_integer_ratio()
    wanted = f"{terms.target.percent}％以上"
    bounds = Lookup(_bounds)
    target_head, month_head, announced_head = head(terms.target), head(terms.month), head(terms.announced)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        month: int = facts["month"]
        first, after = bounds[month]
        total = after - first
        stops = _stops(facts["outages"], first, after)
        stopped, excluded = _length(stops.all), _length(stops.announced) if stops.announced else 0
        excluded_otherwise = _length([*stops.announced, *stops.unannounced]) if stops.unannounced else excluded
        if not terms.unannounced_counts:
            excluded = excluded_otherwise
        down = stopped - excluded
        availability, met = other, met_other = (None, None) if stops.is_open else _share(total - excluded, down)
        if not stops.is_open and excluded_otherwise != excluded:
            other, met_other = _share(total - excluded_otherwise, stopped - excluded_otherwise)

        found: list[Reason] = []
        if stops.is_open:
            text = f"終わりの記録がない停止があるため、{said_month[month]}の稼働率はまだ確定しません。"
            found.append({**month_head, "text": text})
        elif availability is None:
            found += reasons(terms.nothing_left, f"{said_month[month]}は、除外した作業のほかに対象の時間がありません。")
        else:
            text = f"{said_month[month]}の稼働率は{_said_percent(availability)}で、"
            text += f"目標の{wanted}を{'満たしています' if met else '下回っています'}。"
            found.append({**target_head, "text": text})
            text = f"{_said_seconds(total - excluded)}のうち、止まっていたのは{_said_seconds(down)}です。"
            found.append({**month_head, "text": text})
        if excluded:
            text = f"前もって知らせた作業の停止の{_said_seconds(excluded)}は、対象の時間から除きます。"
            found.append({**announced_head, "text": text})
        if stops.unannounced and terms.unannounced_counts:
            text = "前もって知らせた時間の外の作業は、除かずに数えています。"
            if other is not None and other != availability:
                text += f"除いて数えると{_said_percent(other)}です。"
            found.append({**announced_head, "text": text})
        if trace is not None:
            trace.step("月の初日", first_of[month], terms.month)
            for work in terms.excluded:
                if not any(each["code"] == work.code for each in facts["outages"]):
                    trace.lost(work, f"「{work.name}」の停止はありません。")
        return {
            "availability": availability,
            "met": met,
            "total_s": total,
            "excluded_s": excluded,
            "down_s": down,
            "state": "open" if stops.is_open else "no_time" if availability is None else "final",
            "availability_excluding_unannounced": other,
            "met_excluding_unannounced": met_other,
        }, found

    def _stops(outages: Iterable[Any], first: int, after: int) -> _Stops:
        stopped, announced, unannounced = list[Span](), list[Span](), list[Span]()
        is_open = False
        for outage in outages:
            begins, ends, code = outage["from"], outage["to"], outage["code"]
            if ends is None:
                is_open = is_open or begins < after
                ends = after
            elif ends < begins:
                raise _reversed(outage, "停止")
            opens, closes = outage["window_from"], outage["window_to"]
            if opens is not None and closes is not None and closes < opens:
                raise _reversed(outage, "作業時間")
            if code is not None:
                _check(outage, code)
            if begins < first:
                begins = first
            if ends > after:
                ends = after
            if begins >= ends:
                continue
            stopped.append((begins, ends))
            if code is None:
                continue
            window = _window(outage)
            if window is None:
                unannounced.append((begins, ends))
            elif max(begins, window[0]) < min(ends, window[1]):
                announced.append((max(begins, window[0]), min(ends, window[1])))
        return _Stops(stopped, announced, unannounced, is_open)

    def _check(outage: Any, code: str) -> None:
        work = works.get(code)
        if work is None:
            text = f"{quoted(code)}という除外はありません。{'、'.join(works)} から選んでください。"
            raise Refusal("outages", text)
        if work.needs_approver and outage["approver"] is False:
            since = said_instant(outage["from"])
            text = f"{since}の停止は、承認者がいないため「{work.name}」にできません。承認者を記録してください。"
            raise Refusal("outages", text)

    def _share(base: int, down: int) -> tuple[float | None, bool | None]:
        """7.10: the share in percent, cut after the third decimal, and whether the exact share reaches the target."""
        if base == 0:
            return None, None
        up = base - down
        return up * 100_000 // base / 1000, up * 100 * parts >= target * base

    return decide


def _bounds(month: int) -> Span:
    """The seconds of a month."""
    return first_of[month].toordinal() * SECONDS_OF_DAY, first_of[month + 1].toordinal() * SECONDS_OF_DAY


def _reversed(outage: Any, what: str) -> Refusal:
    since = said_instant(outage["from"])
    text = f"{since}の停止で、{what}の終わりが始まりより前です。どちらかの日時を直してください。"
    return Refusal("outages", text)


def _window(outage: Any) -> Span | None:
    """The window that was announced for a stop; none where the notice came after its beginning, or is not recorded."""
    begins, ends, noticed = outage["window_from"], outage["window_to"], outage["noticed"]
    if begins is None or ends is None or noticed is None or noticed > begins:
        return None
    return begins, ends


def _length(spans: list[Span]) -> int:
    """The seconds that spans cover together; what overlaps is counted once."""
    total = covered = 0
    for begins, ends in sorted(spans):
        if ends > covered:
            total += ends - max(begins, covered)
            covered = ends
    return total


def _said_percent(percent: float) -> str:
    return f"{percent:.3f}％"


def _said_seconds(seconds: int) -> str:
    """1,440分, or 1,440分5秒."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:,}分{rest}秒" if rest else f"{minutes:,}分"


TOPIC = Topic("slo", FACTS, compile_slo, by_plan=False)
