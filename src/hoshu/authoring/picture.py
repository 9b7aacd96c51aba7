"""One agreement, or several of one unit, as a picture on a line of years: what is served, what ends it, what is due.

The picture is an SVG that stands alone: every bar bears its name and its days, so that nothing is told by colour only,
and its description says the same in sentences. The same questions always give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from hoshu.catalog import CoverageTerms, Edition, edition
from hoshu.dates import elapsed, read_date
from hoshu.terms import PART_NAMES, decide, fact_label, offer

from .timeline import Drawing, Mark, Span, extent, lay_out, text_width

_WIDTH, _MARGIN = 1000, 20
_LINE = _WIDTH - 2 * _MARGIN
_HEAD, _BAR, _THIN, _GAP = 26, 24, 18, 6
_OPEN_YEARS = 5
"""So many years are drawn of an agreement whose end is not set."""


class NotDrawn(ValueError):
    """A question that cannot be drawn: says in Japanese which, and what to do."""


def draw(questions: Sequence[Mapping[str, Any]], *, today: date | None = None, under: Edition | None = None) -> str:
    """An SVG of the `coverage` questions given, all of one unit; `today` is marked if it is given.

    Raises NotDrawn where one is refused. `under` answers by an edition that is not in force, instead of those that are.
    """
    if not questions:
        raise NotDrawn("描く契約がありません。提供期間（coverage）の質問を1つは書いてください。")
    lanes = [_lane(question, number, today, under) for number, question in enumerate(questions, start=1)]
    return _svg(lanes, _between(lanes))


class _Lane(NamedTuple):
    """One agreement: its bar, the bars below it, and the days that are marked."""

    title: str
    service: str
    origin: date
    start: date | None
    end: date | None
    spans: Sequence[Span]
    below: Sequence[Span]
    marks: Sequence[Mark]


def _lane(question: Mapping[str, Any], number: int, today: date | None, under: Edition | None) -> _Lane:
    asked = {"ask": "coverage", **question, "explain": True}
    if asked["ask"] != "coverage":
        raise NotDrawn(f"{number}番目は提供期間（coverage）の質問ではありません。ask を coverage にしてください。")
    result = decide(asked, under=under)
    if "error" in result:
        raise NotDrawn(f"{number}番目の契約を描けません。{result['error']['message']}")
    answered = under or edition(asked["service"], result["edition"])
    terms, plan = answered.coverage, answered.plan_of(asked["plan"])
    assert terms is not None
    facts = {name: value for name, value in asked["facts"].items() if value is not None}
    answer = result["answer"]
    origin, start, end = (_day(answer[name]) for name in ("counted_from", "start", "end"))
    assert origin is not None
    spans = [*_bar(asked, terms, facts, origin, start, end, under)]
    below = [*_below(answer, origin, start)]
    marks = [Mark(day=origin, kind="origin", label=_dated("起点", origin))]
    if start is not None:
        marks.append(Mark(day=start, kind="registered", label=_dated("開始日", start)))
    if end is not None:
        marks.append(Mark(day=end, kind="end", label=_dated("満了日", end), at_end=True))
    marks += _limits(terms, facts, result.get("deadlines", ()))
    marks += _due(asked, answered, facts, end, under)
    if today is not None:
        marks.append(Mark(day=today, kind="today", label=_dated("今日", today)))
    title = f"{answered.name} {plan.name}（{answered.edition}版）"
    return _Lane(title, answered.service, origin, start, end, spans, below, marks)


def _bar(
    asked: Mapping[str, Any],
    terms: CoverageTerms,
    facts: Mapping[str, Any],
    origin: date,
    start: date | None,
    end: date | None,
    under: Edition | None,
) -> Iterator[Span]:
    """The days that are counted but not served yet, those that are served, and those that a limit takes away."""
    if start is None:
        return
    if start > origin:
        yield Span(start=origin, end=start - timedelta(1), kind="waiting", label="開始の前（対象外）")
    if end is None:
        shown = elapsed(start, _OPEN_YEARS)
        yield Span(start=start, end=shown, kind="covered", label="提供期間（終わりの定めなし）", goes_on=True)
        return
    # What the years alone would give, and the years with what was bought on top, are answers of the terms too.
    cut_by = {name for cap in terms.cap for name in (cap.fact, cap.recorded)} | {"ended_early", "ended_part"}
    bought = {name: value for name, value in facts.items() if name not in cut_by}
    sold = {name: value for name, value in bought.items() if terms.kit is None or name != terms.kit.fact}
    full = max(_end(asked, bought, under) or end, end)
    own = min(_end(asked, sold, under) or end, end)
    if start <= own:
        yield Span(start=start, end=own, kind="covered", label="提供期間")
    if own < end:
        yield Span(start=max(own + timedelta(1), start), end=end, kind="extension", label="延長")
    if end < full:
        yield Span(start=end + timedelta(1), end=full, kind="lost", label="上限などのため受けられない期間")


def _below(answer: Mapping[str, Any], origin: date, start: date | None) -> Iterator[Span]:
    """Parts of the service with an end of their own, and the warranty beside it."""
    for part, name in PART_NAMES.items():
        part_end = _day(answer.get(f"{part}_end"))
        if part_end is not None and start is not None and start <= part_end:
            yield Span(start=start, end=part_end, kind="part", label=name)
    warranty = _day(answer.get("warranty_end"))
    if warranty is not None and warranty >= origin:
        yield Span(start=origin, end=warranty, kind="warranty", label="無償保証")


def _limits(terms: CoverageTerms, facts: Mapping[str, Any], deadlines: Sequence[Mapping[str, Any]]) -> Iterator[Mark]:
    """The days past which nothing is served, as recorded or as the answer has worked them out."""
    worked_out = {deadline["field"]: _day(deadline["rows"][-1]["to"]) for deadline in deadlines}
    for cap in terms.cap:
        recorded = _day(facts.get(cap.recorded)) if cap.recorded is not None else None
        day = recorded or worked_out.get(cap.name)
        if day is not None:
            yield Mark(day=day, kind="limit", label=_dated(cap.limit_label, day), at_end=True)
    stopped = _day(facts.get("ended_early"))
    if stopped is not None:
        yield Mark(day=stopped, kind="limit", label=_dated("途中の終了", stopped), at_end=True)


def _due(
    asked: Mapping[str, Any], answered: Edition, facts: Mapping[str, Any], end: date | None, under: Edition | None
) -> Iterator[Mark]:
    """By when the application had to come, and from when an extension is sold, where the same facts tell it."""
    application = _asked_too(asked, answered, "registration", facts, under)
    for deadline in application.get("deadlines") or [{"last_day": application.get("apply_by"), "counted_from": None}]:
        if (day := _day(deadline["last_day"])) is not None:
            of = deadline["counted_from"]
            label = "申し込みの期限" + (f"（{fact_label('registration', of, answered)}から）" if of else "")
            yield Mark(day=day, kind="other", label=_dated(label, day), at_end=True)
    if end is not None:
        more = {**facts, "on": end.isoformat(), "end": end.isoformat()}
        opens = _day(_asked_too(asked, answered, "extension", more, under).get("from"))
        if opens is not None:
            yield Mark(day=opens, kind="other", label=_dated("延長の販売開始", opens))


def _asked_too(
    asked: Mapping[str, Any], answered: Edition, topic: str, facts: Mapping[str, Any], under: Edition | None
) -> dict[str, Any]:
    """The answer to another question from the facts that it shares; empty where they do not suffice."""
    try:
        known = offer(answered, topic).facts
    except KeyError:
        return {}
    shared = {name: value for name, value in facts.items() if name in known}
    question = {
        "ask": topic,
        "service": asked["service"],
        "plan": asked["plan"],
        "edition": answered.edition,
        "facts": shared,
    }
    answer: dict[str, Any] = decide(question, under=under).get("answer", {})
    return answer


def _end(asked: Mapping[str, Any], facts: Mapping[str, Any], under: Edition | None) -> date | None:
    return _day(decide({**asked, "facts": facts}, under=under).get("answer", {}).get("end"))


def _between(lanes: Sequence[_Lane]) -> list[Span]:
    """Days without service between two agreements of a service, and days that are paid for twice."""
    found = []
    for service in dict.fromkeys(lane.service for lane in lanes):
        served = sorted((lane.start, lane.end) for lane in lanes if lane.service == service and lane.start and lane.end)
        latest = served[0][1] if served else None
        for _, (start, end) in pairwise(served):
            assert latest is not None
            if start > latest + timedelta(1):
                days = (start - latest).days - 1
                label = f"空白 {days}日"
                found.append(Span(start=latest + timedelta(1), end=start - timedelta(1), kind="gap", label=label))
            elif start <= latest:
                both = min(latest, end)
                days = (both - start).days + 1
                found.append(Span(start=start, end=both, kind="overlap", label=f"重複 {days}日"))
            latest = max(latest, end)
    return found


# The picture.

_STYLE = """\
text { font: 13px "Noto Sans JP", "Hiragino Sans", "Yu Gothic", sans-serif; fill: #1b2733;
  paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round; }
.title { font-weight: 700; font-size: 15px; }
.year { fill: #55626f; }
.track { fill: #eef1f4; }
.covered { fill: #cfe0f5; stroke: #2f6fb3; }
.extension { fill: url(#dots); stroke: #2f6fb3; }
.waiting { fill: url(#hatch); stroke: #2f6fb3; }
.lost { fill: #ffffff; stroke: #55626f; stroke-dasharray: 5 3; }
.part { fill: #e3ecd9; stroke: #5d7f35; }
.warranty { fill: #f6ead0; stroke: #97731d; }
.gap { fill: #ffffff; stroke: #b3261e; stroke-dasharray: 5 3; }
.overlap { fill: url(#cross); stroke: #6b4ea0; }
.flag line { stroke: #55626f; stroke-width: 1.5; }
.flag.end line { stroke: #2f6fb3; stroke-width: 3; }
.flag.limit line { stroke: #b3261e; stroke-width: 3; stroke-dasharray: 4 3; }
.flag.today line { stroke: #1b2733; stroke-width: 3; }
.tick { stroke: #c3cbd3; }
"""

_PATTERNS = """\
<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect width="7" height="7" fill="#ffffff"/><rect width="2.5" height="7" fill="#9dbde0"/></pattern>
<pattern id="dots" width="7" height="7" patternUnits="userSpaceOnUse">\
<rect width="7" height="7" fill="#e8f0fa"/><circle cx="3.5" cy="3.5" r="1.4" fill="#2f6fb3"/></pattern>
<pattern id="cross" width="8" height="8" patternUnits="userSpaceOnUse">\
<rect width="8" height="8" fill="#ffffff"/><path d="M0 0L8 8M8 0L0 8" stroke="#b9a5dc"/></pattern>
"""


def _svg(lanes: Sequence[_Lane], between: Sequence[Span]) -> str:
    extents = [extent(spans=[*lane.spans, *lane.below], marks=lane.marks, origin=lane.origin) for lane in lanes]
    over = min(first for first, _ in extents), max(last for _, last in extents)
    top, drawn = 10, []
    for lane in lanes:
        part, height = _drawn_lane(lane, over)
        drawn.append(_placed(top, height, part))
        top += height + 16
    if between:
        part, height = _drawn_between(between, over)
        drawn.append(_placed(top, height, part))
        top += height + 16
    ticks = _ticks(over, top)
    height = top + 24
    title = "契約の期間の図"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        f' role="img" aria-labelledby="title desc" xml:lang="ja" lang="ja">\n'
        f'<title id="title">{title}</title>\n<desc id="desc">{escape(_described(lanes, between))}</desc>\n'
        f"<style>\n{_STYLE}</style>\n<defs>\n{_PATTERNS}</defs>\n"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f"{ticks}{''.join(drawn)}</svg>\n"
    )


def _placed(y: int, height: int, part: str) -> str:
    return f'<svg x="{_MARGIN}" y="{y}" width="{_LINE}" height="{height}" overflow="visible">\n{part}</svg>\n'


def _drawn_lane(lane: _Lane, over: tuple[date, date]) -> tuple[str, int]:
    drawing = lay_out(spans=lane.spans, marks=lane.marks, origin=lane.origin, over=over, width=_LINE)
    y = _HEAD + drawing.bar_y
    bars = _bars(drawing, y, _BAR)
    flags = [
        f'<svg class="flag {flag.mark.kind}" x="{flag.x}" overflow="visible">'
        f'<line y1="{_HEAD + flag.line_y}" y2="{y + _BAR}"/>'
        f'<text x="{flag.text_x}" y="{_HEAD + flag.text_y}" text-anchor="{flag.anchor}">'
        f"{escape(flag.mark.label)}</text></svg>\n"
        for flag in drawing.flags
    ]
    head = f'<text class="title" y="16">{escape(lane.title)}</text>\n'
    head += f'<rect class="track" y="{y}" width="100%" height="{_BAR}"/>\n'
    bottom = y + bars.height
    below, height = _rows(lane.below, over, bottom + _GAP)
    # A name stands above the lines that pass through its bar.
    return f"{head}{bars.shapes}{''.join(flags)}{bars.names}{below}", height if lane.below else bottom


def _drawn_between(spans: Sequence[Span], over: tuple[date, date]) -> tuple[str, int]:
    rows, height = _rows(spans, over, _HEAD)
    return f'<text class="title" y="16">契約のあいだ</text>\n{rows}', height


def _rows(spans: Sequence[Span], over: tuple[date, date], y: int) -> tuple[str, int]:
    """Bars below each other from `y` on, and where they end."""
    lines = []
    for span in spans:
        bars = _bars(lay_out(spans=[span], marks=(), origin=span.start, over=over, width=_LINE), y, _THIN)
        lines.append(bars.shapes + bars.names)
        y += bars.height + _GAP
    return "".join(lines), y - _GAP


class _Bars(NamedTuple):
    """Bars in a row with their names, and how high both are together."""

    shapes: str
    names: str
    height: int


def _bars(drawing: Drawing, y: int, height: int) -> _Bars:
    shapes, names, lower = [], [], 0
    for bar in drawing.bars:
        span = bar.span
        shapes.append(f'<rect class="{span.kind}" x="{bar.x}" y="{y}" width="{bar.width}" height="{height}"/>\n')
        name = f"{span.label} {_said(span.start)}～{'' if span.goes_on else _said(span.end)}"
        x, width = (float(each.rstrip("%")) for each in (bar.x, bar.width))
        if text_width(name) + 8 <= width / 100 * _LINE:
            place = f'x="{x + width / 2:.2f}%" y="{y + height - 6}" text-anchor="middle"'
        else:
            # What is too short to bear its name has it below, to the side where there is room.
            lower += 18
            at_right = x / 100 * _LINE + text_width(name) > _LINE
            place = f'x="{x + width:.2f}%" text-anchor="end"' if at_right else f'x="{bar.x}"'
            place += f' y="{y + height + lower - 4}"'
        names.append(f"<text {place}>{escape(name)}</text>\n")
    return _Bars("".join(shapes), "".join(names), height + lower)


def _ticks(over: tuple[date, date], height: int) -> str:
    """The first of January of each year, over the whole height."""
    first, last = over
    years = range(first.year + 1, last.year + 1)
    step = max(1, len(years) * 50 // _LINE + 1)
    lines = []
    for year in years[::step]:
        x = _MARGIN + (date(year, 1, 1) - first).days / (last - first).days * _LINE
        lines.append(f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
        lines.append(f'<text class="year" x="{x:.1f}" y="{height + 16}" text-anchor="middle">{year}年</text>\n')
    return "".join(lines)


def _described(lanes: Sequence[_Lane], between: Sequence[Span]) -> str:
    """The same as sentences, for those who do not see the picture."""
    told = []
    for lane in lanes:
        marks = "、".join(mark.label for mark in sorted(lane.marks, key=lambda mark: mark.day))
        served = _listed([*lane.spans, *lane.below]) or "ご利用いただける日はありません"
        told.append(f"{lane.title}: {served}。{marks}。")
    if between:
        told.append(f"契約のあいだ: {_listed(between)}。")
    return " ".join(told)


def _listed(spans: Sequence[Span]) -> str:
    return "、".join(
        f"{span.label} {_said(span.start)}から{'' if span.goes_on else f'{_said(span.end)}まで'}" for span in spans
    )


def _dated(label: str, day: date) -> str:
    return f"{label} {_said(day)}"


def _said(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"


def _day(text: Any) -> date | None:
    return read_date(text) if isinstance(text, str) else None
