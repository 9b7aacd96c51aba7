"""The one door of the engine: a question in, an answer with its reasons out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from hoshu.catalog import Edition, Plan, Section, edition_on, editions, services
from hoshu.dates import moment_of

from .facts import Facts, Misfit, Refusal, read_date, read_moment
from .topic import Answer, Decider, Topic, Trace
from .topics import TOPICS

_KEYS = ("id", "ask", "service", "plan", "edition", "explain", "facts")

_ACCEPTANCE = ("registered", "application_received", "contract_start", "purchased")


@dataclass(frozen=True, slots=True)
class _Program:
    """A topic, ready to answer under one edition and plan."""

    topic: Topic
    edition: str
    required: tuple[str, ...]
    readers: Mapping[str, Callable[[Any], Any]]
    decide: Decider


_programs: dict[tuple[object, ...], _Program] = {}
"""Programs by (ask, service, plan, edition); edition None stands for the only edition of the service."""


def decide(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answers a question of the decision interface, or refuses it naming the field. Never raises for bad input."""
    if not isinstance(question, dict | Mapping):
        return {
            "id": None,
            "error": {"field": "question", "message": "質問は項目と値の組（オブジェクト）にしてください。"},
        }
    identity = question.get("id")
    try:
        program = _program_for(question)
        facts = _read(program, question.get("facts"))
        if "explain" not in question or not _wants_explanation(question):
            answer, reasons = program.decide(facts, None)
            return {"id": identity, "answer": answer, "edition": program.edition, "reasons": reasons}
        return {"id": identity, **_explained(program, facts)}
    except Refusal as refusal:
        field, message = refusal.field, refusal.message
    except (OverflowError, ValueError):
        # Date arithmetic that leaves the calendar; anything else of these kinds is a mistake of ours.
        field = _farthest_date(question["facts"])
        message = "この日付からは計算できません。西暦2年から9900年までの日付で指定してください。"
    return {"id": identity, "error": {"field": field, "message": message}}


def _program_for(question: Mapping[str, Any]) -> _Program:
    if len(question) != 5 or "id" not in question:
        for name in question:
            if name not in _KEYS:
                raise Refusal(str(name), f"「{name}」という項目はありません。{_near(name, _KEYS)}")
    try:
        program = _programs.get((question["ask"], question["service"], question.get("plan"), question.get("edition")))
    except (KeyError, TypeError):
        program = None
    return program or _compiled(question)


def _compiled(question: Mapping[str, Any]) -> _Program:
    """The program of a question seen for the first time, or of a service where the date chooses the edition."""
    topic = TOPICS[_known(question, "ask", "質問の種類", TOPICS)]
    service = _known(question, "service", "サービス", services())
    named = question.get("edition")
    edition = _edition(service, named, question.get("facts"))
    section: Section | None = getattr(edition, topic.name)
    if section is None:
        offered = "、".join(name for name in TOPICS if getattr(edition, name) is not None)
        raise Refusal("ask", f"このサービスでは「{topic.name}」をお答えできません。お答えできるのは {offered} です。")
    plan: Plan | None = None
    if topic.by_plan or question.get("plan") is not None:
        plan = edition.plan_of(_known(question, "plan", "プラン", [each.id for each in edition.plan]))
    key = (topic.name, service, question.get("plan"), edition.edition)
    program = _programs.get(key)
    if program is None:
        readers = {name: topic.facts[name].kind.read for name in (*section.required, *section.optional)}
        program = _Program(topic, edition.edition, section.required, readers, topic.compile(edition, plan))
        _programs[key] = program
    if named is None and len(editions(service)) == 1:
        _programs[(*key[:3], None)] = program
    return program


def _edition(service: str, named: object, facts: object) -> Edition:
    """The edition that is named, or in force on the date of acceptance, or on the date of `at`, or else the newest."""
    known = editions(service)
    if named is not None:
        for each in known:
            if each.edition == named:
                return each
        raise Refusal(
            "edition",
            f"「{named}」という版はありません。{'、'.join(each.edition for each in known)} から選んでください。",
        )
    if isinstance(facts, Mapping):
        for name, read in (*((name, read_date) for name in _ACCEPTANCE), ("at", read_moment)):
            try:
                found = read(facts.get(name))
            except (Misfit, TypeError):
                continue
            if found is not None:
                return edition_on(service, found if isinstance(found, date) else moment_of(found).date())
    return known[-1]


def _known(question: Mapping[str, Any], field: str, label: str, known: Any) -> str:
    value = question.get(field)
    if value is None:
        raise Refusal(field, f"{label}（{field}）がありません。{'、'.join(known)} から選んでください。")
    if not isinstance(value, str) or value not in known:
        raise Refusal(field, f"「{value}」という{label}はありません。{_near(value, known)}")
    return value


def _read(program: _Program, raw: object) -> Facts:
    """The facts as the rules want them. Refuses unknown names, values of another kind, and missing required facts."""
    if not isinstance(raw, dict | Mapping):
        raise Refusal("facts", "事実（facts）を、項目と値の組（オブジェクト）で指定してください。")
    readers = program.readers
    facts: Facts = {}
    for name, value in raw.items():
        reader = readers.get(name)
        if reader is None:
            raise Refusal(str(name), f"「{name}」という事実はありません。{_near(name, readers)}")
        try:
            facts[name] = reader(value)
        except (Misfit, TypeError) as error:
            fact = program.topic.facts[name]
            detail = error.detail if isinstance(error, Misfit) else ""
            raise Refusal(name, f"{detail}{fact.label}は{fact.kind.wanted}") from None
    for name in program.required:
        if facts.get(name) is None:
            fact = program.topic.facts[name]
            raise Refusal(name, f"{fact.label}がありません。{fact.kind.wanted}")
    return facts


def _wants_explanation(question: Mapping[str, Any]) -> bool:
    explain = question["explain"]
    if explain is not True and explain is not False and explain is not None:
        raise Refusal("explain", "explain は true（はい）か false（いいえ）で指定してください。")
    return bool(explain)


def _explained(program: _Program, facts: Facts) -> dict[str, Any]:
    trace = Trace()
    answer, reasons = program.decide(facts, trace)
    return {
        "answer": answer,
        "edition": program.edition,
        "reasons": reasons,
        "derivation": trace.steps,
        "losing": trace.losing,
        "what_would_change": list(_changes(program, facts, answer)),
    }


def _changes(program: _Program, facts: Facts, answer: Answer) -> Iterator[dict[str, Any]]:
    """Facts of few values that would lead to another answer, each with the members of the answer that differ."""
    for name in program.readers:
        fact = program.topic.facts[name]
        for value in fact.kind.alternatives:
            if facts.get(name) == value:
                continue
            try:
                other, _ = program.decide({**facts, name: value}, None)
            except Refusal:
                continue
            differing = {member: other[member] for member in other if other[member] != answer.get(member)}
            if differing:
                yield {"fact": name, "label": fact.label, "value": value, "answer": differing}


def _near(name: object, known: Any) -> str:
    near = get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    return f"「{near[0]}」ではありませんか。" if near else f"{'、'.join(known)} から選んでください。"


def _farthest_date(facts: Mapping[str, Any]) -> str:
    """The fact to blame where a computation left the calendar."""
    years = {name: str(value)[:4] for name, value in facts.items() if str(value)[:4].isdigit()}
    late = [name for name, year in years.items() if int(year) > 9900]
    return next(iter(late), next(iter(years), "facts"))
