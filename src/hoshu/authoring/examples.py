"""The worked examples of an edition, asked under it and shown in words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from hoshu.catalog import Edition, Source, read_examples
from hoshu.catalog.locating import Lines
from hoshu.dates import JST, WEEKDAY_NAMES, said
from hoshu.terms import TOPIC_LABELS, answer_label, code_label, decide, fact_label

Shown = tuple[tuple[str, str], ...]
"""Labels with values in words: facts, or members of an answer."""

_ABSENT = object()


class ExampleShown(NamedTuple):
    """A worked example as people read it."""

    number: int
    """Its place in the file, from 1."""
    line: int
    says: str
    question: str
    """The name of the question, with the plan where one is named: 提供期間（5年）."""
    facts: Shown
    expected: Shown
    """What it expects of the answer; or the fact for which it expects a refusal."""
    clauses: tuple[str, ...]
    """The clauses that the answer has to cite."""


class ExampleRun(NamedTuple):
    """What came of asking it."""

    example: ExampleShown
    passed: bool
    text: str
    """What differs, as whole sentences; empty where it passed."""


def shown(source: Source, edition: Edition) -> list[ExampleShown]:
    """The worked examples of an edition. CatalogError: they cannot be read."""
    lines = Lines(source.text)
    return [_shown(lines, edition, number, each) for number, each in enumerate(read_examples(source))]


def run(source: Source, edition: Edition) -> list[ExampleRun]:
    """Every worked example, asked under the edition, be it in force or a draft. CatalogError: they cannot be read."""
    found, lines = [], Lines(source.text)
    for number, example in enumerate(read_examples(source)):
        try:
            result = decide(question_of(edition, example), under=edition)
        except Exception as error:  # a wrong table breaks a question only when it is asked: that is told as well
            wrong = [f"この質問に答えを出せません（{type(error).__name__}）。"]
        else:
            wrong = _differences(edition, example, result)
        found.append(ExampleRun(_shown(lines, edition, number, example), not wrong, "".join(wrong)))
    return found


def question_of(edition: Edition, example: Mapping[str, Any]) -> dict[str, Any]:
    """The question of the decision interface that an `[[example]]` asks."""
    facts = as_json(example.get("facts", {})) | dict.fromkeys(example.get("unknown", ()))
    question = {"id": example.get("says"), "ask": example.get("ask"), "service": edition.service, "facts": facts}
    return question | ({"plan": example["plan"]} if "plan" in example else {})


def as_json(value: object) -> Any:
    """A value of a file as a question carries it: dates and moments as text, moments to the minute."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def in_words(topic: str, values: Mapping[str, Any], edition: Edition, *, of_answer: bool = False) -> Shown:
    """Facts, or members of an answer, with their labels and values in words."""
    label: _Label = answer_label if of_answer else fact_label
    return tuple(
        (label(topic, name, edition), _said(topic, name, value, edition, label)) for name, value in values.items()
    )


def _shown(lines: Lines, edition: Edition, number: int, example: dict[str, Any]) -> ExampleShown:
    topic = str(example.get("ask", ""))
    plan = next((each.name for each in edition.plan if each.id == example.get("plan")), "")
    facts = example.get("facts", {}) | dict.fromkeys(example.get("unknown", ()))
    return ExampleShown(
        number + 1,
        lines.of(("example", number)),
        str(example.get("says", "")),
        TOPIC_LABELS.get(topic, topic) + (f"（{plan}）" if plan else ""),
        in_words(topic, as_json(facts), edition),
        _expected(edition, topic, example),
        tuple(example.get("clause", ())),
    )


def _expected(edition: Edition, topic: str, example: dict[str, Any]) -> Shown:
    if (error := example.get("error")) is not None:
        return (("お断り", fact_label(topic, str(error.get("field", "")), edition)),)
    return in_words(topic, _members(example), edition, of_answer=True)


def _members(example: Mapping[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = as_json(example.get("answer", {})) | dict.fromkeys(example.get("null", ()))
    return members


def _differences(edition: Edition, example: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """What differs from the answer that an example expects, in sentences."""
    topic = str(example.get("ask", ""))
    wanted, refused = (
        None if error is None else (str(error.get("field", "")), str(error.get("message", "")))
        for error in (example.get("error"), result.get("error"))
    )
    if wanted is not None or refused is not None:
        return _refused(edition, topic, wanted, refused)
    answer, wrong = result["answer"], []
    for name, value in _members(example).items():
        found = answer.get(name, _ABSENT)
        if found == value and type(found) is type(value):
            continue
        label = answer_label(topic, name, edition)
        if found is _ABSENT:
            wrong.append(f"答えに「{label}」（{name}）がありません。")
            continue
        said, instead = (_said(topic, name, each, edition, answer_label) for each in (value, found))
        wrong.append(f"{label}は「{said}」を期待していますが、答えは「{instead}」です。")
    cited = {reason["clause"]: None for reason in result["reasons"]}
    for clause in example.get("clause", ()):
        if clause not in cited:
            wrong.append(f"根拠に「{clause}」を期待していますが、答えの根拠は{'、'.join(cited)}です。")
    return wrong


_Refusal = tuple[str, str] | None
"""The field and the message of a refusal; None for an answer."""


def _refused(edition: Edition, topic: str, wanted: _Refusal, refused: _Refusal) -> list[str]:
    """What differs where a refusal is expected, or came."""
    if refused is None and wanted is not None:
        return [f"「{fact_label(topic, wanted[0], edition)}」のためのお断りを期待していますが、答えが出ました。"]
    assert refused is not None
    field = fact_label(topic, refused[0], edition)
    if wanted is None:
        return [f"答えを期待していますが、「{field}」のためにお断りになりました（{refused[1]}）"]
    if wanted[0] == refused[0]:
        return []
    instead = fact_label(topic, wanted[0], edition)
    return [f"「{instead}」のためのお断りを期待していますが、「{field}」のためでした（{refused[1]}）"]


_Label = Callable[[str, str, Edition], str]


def _said(topic: str, member: str, value: Any, edition: Edition, label: _Label) -> str:
    """A value of a fact or an answer in words."""
    if value is None:
        return code_label(topic, member, None, edition) or "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Mapping):
        told = (
            f"{label(topic, path, edition)}: {_said(topic, path, each, edition, label)}"
            for path, each in ((f"{member}.{name}", each) for name, each in value.items())
        )
        return f"（{'、'.join(told)}）"
    if isinstance(value, list):
        return "、".join(_said(topic, member, each, edition, label) for each in value) or "なし"
    if isinstance(value, int):
        named = code_label(topic, member, value, edition)
        return named or (f"{value:,}円" if member.endswith("yen") else str(value))
    text = str(value)
    return code_label(topic, member, text, edition) or _day_or_moment(text) or text


def _day_or_moment(text: str) -> str | None:
    try:
        if len(text) == 10:
            return said(date.fromisoformat(text))
        if len(text) > 15 and text[10] == "T":
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(JST) if moment.tzinfo is not None else moment
            weekday = WEEKDAY_NAMES[moment.weekday()]
            return f"{said(moment.date())}（{weekday}）{moment:%H:%M}"
    except ValueError:
        pass
    return None
