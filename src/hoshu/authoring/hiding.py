"""Checks of rules that never decide: what another rule always hides, what contradicts it, what can never happen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from hoshu.catalog import ApplicationCheck, Check, Edition, Table
from hoshu.terms import BOOL, TOPIC_LABELS, Misfit, known_facts

from .findings import Issue
from .wording import Place, Wording

_WEIGHT = ("note", "incomplete", "refuse")
"""Outcomes of the checks of an application, the weakest first; the strongest that is found decides."""

_MOST_CASES = 200_000
"""So many combinations of facts are tried at most."""

_SHOWN = 5


def rules(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Every rule that a check above its own kind can tell to be without effect."""
    if edition.entitlement is not None:
        checks = edition.entitlement.check
        # Those about who asks and for what are looked at first, whatever their place in the file.
        order = sorted(
            range(len(checks)),
            key=lambda number: (not checks[number].before_period, not checks[number].before_exclusions),
        )
        yield from _in_order("entitlement", [(number, checks[number]) for number in order], _same_request, wording)
    if edition.registration is not None:
        yield from _application(edition.registration.check, wording)
    if edition.software_support is not None:
        support = [*enumerate(edition.software_support.check)]
        yield from _in_order("software_support", support, _same_fact, wording)
    yield from _values(edition, wording)


def _same_fact(earlier: Any, later: Any) -> bool:
    return bool(earlier.fact == later.fact and earlier.value == later.value)


def _same_request(earlier: Check, later: Check) -> bool:
    """Whether the earlier one stops whatever the later one would."""
    wider = not earlier.parts or (bool(later.parts) and {*later.parts} <= {*earlier.parts})
    return wider and _same_fact(earlier, later)


def _in_order(
    topic: str, checks: Sequence[tuple[int, Any]], hides: Callable[[Any, Any], bool], wording: Wording
) -> Iterator[Issue]:
    """Checks of which the first that stops decides."""
    for place, (number, later) in enumerate(checks):
        for first, earlier in checks[:place]:
            if not hides(earlier, later):
                continue
            condition = _condition(type(later), topic, later.fact, later.value, wording)
            if earlier.outcome != later.outcome:
                one, other = (wording.value(type(each), "outcome", each.outcome) for each in (earlier, later))
                says = f"{condition}のときの結果が、{first + 1}番目の「{one}」とこの「{other}」で食い違っています。"
            else:
                says = f"{condition}のときは、{first + 1}番目で決まるため、この定めは使われません。"
            yield Issue("error", (topic, "check", number), says, "どちらかを消すか、条件を分けてください。")
            break


def _application(checks: Sequence[ApplicationCheck], wording: Wording) -> Iterator[Issue]:
    """Checks of an application are all reported; the strongest outcome decides."""
    for number, later in enumerate(checks):
        for first, earlier in enumerate(checks[:number]):
            if earlier.fact != later.fact:
                continue
            place: Place = ("registration", "check", number)
            name = wording.fact("registration", later.fact)
            if (later.value is not None and earlier.value == later.value) or {*earlier.among} & {*later.among}:
                if earlier.outcome != later.outcome:
                    one, other = (wording.value(type(each), "outcome", each.outcome) for each in (earlier, later))
                    says = f"同じ「{name}」の結果が、{first + 1}番目の「{one}」とこの「{other}」で食い違っています。"
                else:
                    says = f"同じ「{name}」を、{first + 1}番目でも確かめています。"
                yield Issue("error", place, says, "どちらかを消すか、条件を分けてください。")
            elif earlier.more_than is not None and later.more_than is not None:
                low, high = sorted((earlier, later), key=lambda check: check.more_than or 0)
                if _WEIGHT.index(low.outcome) >= _WEIGHT.index(high.outcome):
                    says = f"「{name}」が{low.more_than}を超えれば、{high.more_than}を超える前に同じ結果になります。"
                    yield Issue("note", place, says, "どちらかを消してください。")


def _values(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Values that a fact can never have, so that the rule can never apply."""
    for topic in TOPIC_LABELS:
        terms = getattr(edition, topic)
        for number, check in enumerate(getattr(terms, "check", ())):
            fact = known_facts(topic).get(check.fact)
            if fact is None:
                continue
            values = [check.value] if check.value is not None else [*getattr(check, "among", ())]
            if getattr(check, "more_than", None) is not None:
                values = [check.more_than + 1]
            for value in values:
                try:
                    fact.kind.read(value)
                except (Misfit, TypeError, KeyError):
                    shown = wording.value(type(check), "value", value, topic)
                    says = f"「{fact.label}」が「{shown}」になることはないため、この定めは使われません。"
                    yield Issue("error", (topic, "check", number), says, f"値を直してください。{fact.kind.wanted}")
    if edition.registration is not None:
        for number, day in enumerate(edition.registration.day):
            fact = known_facts("registration").get(day.fact)
            if fact is not None and fact.kind is BOOL:
                says = f"「{fact.label}」は日付ではないため、この定めは使われません。"
                yield Issue("error", ("registration", "day", number, "fact"), says, "日付の事実の名前にしてください。")


def _condition(kind: type[Table], topic: str, fact: str, value: Any, wording: Wording) -> str:
    return f"「{wording.fact(topic, fact)}」が「{wording.value(kind, 'value', value, topic)}」"


# Tables of rows of which the first that fits is taken.

_When = Mapping[str, tuple[Any, ...]]
"""Facts, each with the values that fit."""


class _Rows(NamedTuple):
    """The rows of a table, and every value that matters of each fact."""

    rows: Sequence[_When]
    domains: Mapping[str, tuple[Any, ...]]

    def cases(self) -> Iterator[dict[str, Any]]:
        for values in product(*self.domains.values()):
            yield dict(zip(self.domains, values, strict=True))

    def taken(self, case: Mapping[str, Any]) -> list[int]:
        """The rows that fit, the first of which is taken."""
        return [
            number for number, row in enumerate(self.rows) if all(case[name] in values for name, values in row.items())
        ]


def tables(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Rows that are never taken, and combinations of facts for which no row stands."""
    if (restoration := edition.restoration) is not None:
        rows = [_conditions(level.when) for level in restoration.level]
        table = _Rows(rows, _domains(rows, restoration.codes))
        yield from _unreachable(table, ("restoration", "level"))
        yield from _open(table, ("restoration", "level"), wording)
    if (failures := edition.failure_level) is not None:
        rows = [_conditions(level.when) for level in failures.level]
        yield from _unreachable(_Rows(rows, _domains(rows, {})), ("failure_level", "level"))


def _conditions(when: Mapping[str, Any]) -> _When:
    return {name: value if isinstance(value, tuple) else (value,) for name, value in when.items()}


def _domains(rows: Sequence[_When], codes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Any, ...]]:
    """The values of each fact that rows name: both of a flag, all codes, and of anything else those that rows name."""
    named: dict[str, dict[Any, None]] = {}
    for row in rows:
        for name, values in row.items():
            named.setdefault(name, {}).update(dict.fromkeys(values))
    return {
        name: (True, False)
        if all(isinstance(value, bool) for value in values)
        else tuple(dict.fromkeys((*codes.get(name, ()), *values)))
        for name, values in named.items()
    }


def _unreachable(table: _Rows, place: Place) -> Iterator[Issue]:
    if prod(map(len, table.domains.values())) > _MOST_CASES:
        return
    reached = {taken[0] for case in table.cases() if (taken := table.taken(case))}
    for number in range(len(table.rows)):
        if number not in reached:
            hiding = sorted({taken[0] for case in table.cases() if number in (taken := table.taken(case))})
            which = "と".join(f"{first + 1}番目" for first in hiding)
            says = f"先に書かれた{which}の行がいつも当てはまるため、この行は使われません。"
            yield Issue("error", (*place, number), says, "条件の細かい行を先に書くか、この行を消してください。")


def _open(table: _Rows, place: Place, wording: Wording) -> Iterator[Issue]:
    if prod(map(len, table.domains.values())) > _MOST_CASES:
        return
    gaps = [case for case in table.cases() if not table.taken(case)]
    shown = 0
    while gaps and shown < _SHOWN:
        case = _widest(gaps[0], gaps, table.domains)
        told = "、".join(
            f"「{wording.fact(str(place[0]), name)}」が「{wording.value(Table, 'value', value)}」"
            for name, value in case.items()
        )
        says = f"{told or 'どの場合'}のときの行がありません。その内容の質問はお断りになります。"
        yield Issue("note", place, says, "そのつもりでなければ、行を書き足してください。")
        gaps = [each for each in gaps if any(each[name] != value for name, value in case.items())]
        shown += 1


def _widest(case: dict[str, Any], gaps: list[dict[str, Any]], domains: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """The fewest facts of a case that already leave no row, whatever the others are."""
    kept = dict(case)
    for name in case:
        fewer = {other: value for other, value in kept.items() if other != name}
        free = prod(len(values) for other, values in domains.items() if other not in fewer)
        if sum(all(gap[other] == value for other, value in fewer.items()) for gap in gaps) == free:
            kept = fewer
    return kept
