"""Checks of names: rows that bear the same one, names of rows and facts that are not there, references in a circle."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Any

from hoshu.catalog import Edition, Section, Table
from hoshu.terms import TOPIC_LABELS, decide, known_facts

from .findings import Issue
from .walking import rows_of, spots
from .wording import FACT_KEYS, Place, Wording

_TOLD_APART = ("id", "code", "element", "path")
"""Keys by which the rows of every list are told apart."""

_TOLD_APART_IN = {
    "ChangeKind": "kind",
    "StopKind": "kind",
    "RefundGround": "reason",
    "FailureLevel": "level",
    "Release": "type",
    "StarRule": "stars",
    "Attend": "part",
    "Deadline": "fact",
    "Origin": "fact",
    "Cap": "name",
    "FormField": "name",
    "ChangeField": "name",
    "FaultInformation": "label",
}

_CALLED_APART = {"Plan": "name", "Exclusion": "short", "CostItem": "name"}
"""Lists whose rows people choose from by their names."""


def told_apart_by(kind: type[Table]) -> str | None:
    """The key by which the rows of a list of such tables are told apart."""
    return _TOLD_APART_IN.get(kind.__name__) or next((key for key in _TOLD_APART if key in kind.members), None)


def doubled(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Rows of a list that cannot be told apart, by the engine or by people."""
    for place, rows in rows_of(edition):
        kind = type(rows[0])
        key = told_apart_by(kind)
        if key is not None:
            for number, first in _again(rows, key):
                name = wording.value(kind, key, getattr(rows[number], key), str(place[0]))
                says = f"「{name}」が2度あります（{first + 1}番目と{number + 1}番目）。どちらが正しいか決まりません。"
                yield Issue("error", (*place, number, key), says, "どちらかを消すか、名前を分けてください。")
        if (called := _CALLED_APART.get(kind.__name__)) is not None:
            for number, first in _again(rows, called):
                says = f"{first + 1}番目と同じ呼び名「{getattr(rows[number], called)}」なので、画面で見分けられません。"
                yield Issue("note", (*place, number, called), says, "呼び名を変えてください。")


def _again(rows: Iterable[Table], key: str) -> Iterator[tuple[int, int]]:
    """Rows whose key stood before, each with the first such row."""
    seen: dict[Any, int] = {}
    for number, row in enumerate(rows):
        name = getattr(row, key)
        if name != "" and (first := seen.setdefault(name, number)) != number:
            yield number, first


# Names that have to be there.

_Names = Callable[[Edition], Collection[Any]]


def _served_parts(edition: Edition) -> Collection[str]:
    return {part for plan in edition.plan for part in plan.windows}


def _ending_parts(edition: Edition) -> Collection[str]:
    return edition.coverage.parts if edition.coverage is not None else ()


def _windows(edition: Edition) -> Collection[str]:
    return [window.id for window in edition.window_hours]


def _deadlines(edition: Edition) -> Collection[str]:
    return [each.fact for each in edition.registration.deadline] if edition.registration is not None else ()


def _exclusions(edition: Edition) -> Collection[str]:
    return [each.code for each in edition.exclusion]


def _cost_kinds(edition: Edition) -> Collection[str]:
    return [kind for each in edition.cost_item for kind in each.kinds]


def _form_fields(edition: Edition) -> Collection[str]:
    return [name for field in edition.card_field for name in (field.name, field.id)]


def _plan_years(edition: Edition) -> Collection[int]:
    return {plan.years for plan in edition.plan if plan.years is not None}


_SERVED = (_served_parts, "どのプランでも対応しない窓口です。", "[[plan]] の windows に書いてください。")
_ENDING = (_ending_parts, "別に終わる窓口ではありません。", "[coverage] の parts に書いてください。")
_FIELD = (_form_fields, "この欄はありません。", "[[card_field]] に書いてください。")

_REFERS: Mapping[str, tuple[_Names, str, str]] = {
    "CoverageTerms.parts": _SERVED,
    "Attend.part": _SERVED,
    "SpecHours.parts": _SERVED,
    "Check.parts": _SERVED,
    "OutOfHours.parts": _SERVED,
    "OutOfHours.part": _SERVED,
    "AlarmCall.part": _SERVED,
    "SoftwareSupportTerms.part": _SERVED,
    "WindowTerms.default_part": _SERVED,
    "Cap.part": _ENDING,
    "AlarmEnd.part": _ENDING,
    "EndingGround.over": _ENDING,
    "Attend.received_in": (_windows, "この時間帯はありません。", "[[window_hours]] に書いてください。"),
    "Cap.exempt_in_time": (
        _deadlines,
        "この事実から数える登録の期限はありません。",
        "[[registration.deadline]] に書いてください。",
    ),
    "Cap.exempt_years": (_plan_years, "この年数のプランはありません。", "年数を直すか、[[plan]] に書いてください。"),
    "EntitlementTerms.mounting_exclusion": (
        _exclusions,
        "この対象外のコードはありません。",
        "[[exclusion]] に書いてください。",
    ),
    "CostsTerms.only_with_others": (
        _cost_kinds,
        "この費用の種類はありません。",
        "[[cost_item]] の kinds に書いてください。",
    ),
    "FormField.spared_by": _FIELD,
    "FieldCheck.than": _FIELD,
}
"""Keys that hold names of what stands elsewhere in the file: where, and what to say of one that does not."""


def unknown_names(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Names of parts, windows, costs and fields that the file does not hold."""
    for place, table in spots(edition):
        for key in table.members:
            refers = _REFERS.get(f"{type(table).__name__}.{key}")
            if refers is None:
                continue
            names_of, says, do = refers
            names, value = names_of(edition), getattr(table, key)
            for name in value if isinstance(value, tuple) else (value,):
                if name not in (None, "") and name not in names:
                    yield Issue("error", (*place, key), f"「{name}」: {says}", _meant(name, names) + do)


def unknown_wishes(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Fields wanted with what is no field: a form may hold more than them, so only what looks misspelt is told."""
    names = _form_fields(edition)
    for number, field in enumerate(edition.card_field):
        for name in field.wanted_with:
            near = get_close_matches(name, names, n=1, cutoff=0.8)
            if name not in names and near:
                says = f"「{name}」という欄はありません。"
                do = f"「{near[0]}」の書き間違いなら直してください。欄のない印であれば、このままで構いません。"
                yield Issue("note", ("card_field", number, "wanted_with"), says, do)


def _meant(name: object, known: Collection[Any]) -> str:
    near = get_close_matches(str(name), [str(each) for each in known], n=1, cutoff=0.5)
    return f"「{near[0]}」の書き間違いなら直してください。そうでなければ、" if near else ""


def unknown_facts(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Names of facts that the question does not know or, under this edition, does not take."""
    for place, table in spots(edition):
        topic = str(place[0])
        section: Section | None = getattr(edition, topic) if topic in TOPIC_LABELS else None
        if section is None:
            continue
        known = known_facts(topic)
        for key in table.members:
            for name in _facts_in(table, key):
                if name not in known:
                    says = f"「{name}」という事実は、{TOPIC_LABELS[topic]}の質問にありません。"
                    do = _meant(name, known) or "使える事実は、書き方の説明の一覧にあります。"
                    yield Issue("error", (*place, key), says, do.removesuffix("そうでなければ、"))
                elif name not in (*section.required, *section.optional) and not _takes(edition, topic, name):
                    says = f"「{known[name].label}」（{name}）を聞かないため、この定めは使われません。"
                    yield Issue("error", (*place, key), says, f"[{topic}] の optional に書き足してください。")


def _facts_in(table: Table, key: str) -> tuple[str, ...]:
    if not {key, f"{type(table).__name__}.{key}"} & FACT_KEYS:
        return ()
    value = getattr(table, key)
    names = value if isinstance(value, tuple | Mapping) else (value,)
    return tuple(name for name in names if isinstance(name, str) and name)


def _takes(edition: Edition, topic: str, name: str) -> bool:
    """Whether a question under the edition may hold a fact that the edition does not list."""
    question = {"ask": topic, "service": edition.service, "plan": edition.plan[0].id, "facts": {name: None}}
    try:
        refused = decide(question, under=edition).get("error")
    except Exception:  # a table that no question can be asked of is told by another check
        return True
    return refused is None or refused["field"] != name


# References in a circle.


def circles(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Rows that stand in for each other, so that none of them comes first."""
    fields = edition.card_field
    says = "たがいに「あれば省ける」ため、どの欄を求めるか決まりません。"
    spared = [(field.name, {field.spared_by}) for field in fields]
    yield from _rings(("card_field",), "spared_by", spared, says)
    for number, field in enumerate(fields):
        if field.name in field.wanted_with:
            says = "自分自身の記入によって必要になる欄です。"
            yield Issue("error", ("card_field", number, "wanted_with"), says, "この欄の名前を消してください。")
        for nth, check in enumerate(field.check):
            if check.than == field.name:
                at = ("card_field", number, "check", nth, "than")
                yield Issue("error", at, "自分自身と比べています。", "ほかの欄の名前にしてください。")
    for place, rows in rows_of(edition):
        if {"fact", "instead"} <= rows[0].members.keys():
            says = "たがいに代わりの事実になっているため、どちらから数えるか決まりません。"
            yield from _rings(place, "instead", [(row.fact, {row.instead}) for row in rows], says)  # type: ignore[attr-defined]
    yield from _never_billed(edition)
    if edition.restoration is not None:
        rules = edition.restoration.correction
        makes = [
            (
                str(number + 1),
                {
                    str(other + 1)
                    for other, later in enumerate(rules)
                    if any(later.when.get(name) == value for name, value in rule.sets.items())
                },
            )
            for number, rule in enumerate(rules)
        ]
        says = "置き換えた値が、たがいに相手の条件になっています。"
        yield from _rings(("restoration", "correction"), "when", makes, says)


def _never_billed(edition: Edition) -> Iterator[Issue]:
    """Costs of which each waits for another one to be billed."""
    bound = edition.costs.only_with_others if edition.costs is not None else ()
    if bound and {kind for item in edition.cost_item if item.invoiced for kind in item.kinds} <= {*bound}:
        says = "請求する費用がすべて「ほかの費用とだけ」なので、どの費用も請求できません。"
        do = "単独で請求する費用を、この一覧から外してください。"
        yield Issue("error", ("costs", "only_with_others"), says, do)


def _rings(place: Place, key: str, refers: list[tuple[str, set[str]]], says: str) -> Iterator[Issue]:
    """One issue for each ring among the rows of a list: (the row's name, the names it refers to)."""
    names = [name for name, _ in refers]
    graph: dict[str, set[str]] = {name: {other for other in others if other in names} for name, others in refers}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            ring: list[str] = error.args[1]
            chain = " → ".join(reversed(ring))
            do = f"どこか1つの {key} を直してください。"
            yield Issue("error", (*place, names.index(ring[0]), key), f"{says}（{chain}）", do)
            graph[ring[1]].discard(ring[0])
        else:
            return
