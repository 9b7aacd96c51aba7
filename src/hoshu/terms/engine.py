"""The one door of the engine: a question in, an answer with its reasons out."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from hoshu import catalog
from hoshu.catalog import Edition, Plan, Section, Source, edition_on, editions, services
from hoshu.dates import moment_of

from .facts import BOOL, Fact, Facts, Misfit, Refusal, quoted, read_date, read_moment
from .offered import offers
from .topic import Answer, Decider, Reason, Topic, Trace
from .topics import TOPICS

_KEYS = ("id", "ask", "service", "plan", "edition", "explain", "facts")
_USUAL = len(("id", "ask", "service", "plan", "facts"))

_FEW = 6
"""So many names are listed whole; of more, the nearest is suggested."""

_LONGEST_NAME = 60
"""A longer name is not compared with the known ones, which would take long and find none."""

_FIRST_YEAR, _LAST_YEAR = 2, 9800
"""Between them, no period of an edition and no fact that lengthens one leaves the calendar."""

ACCEPTANCE = ("registered", "application_received", "contract_start", "purchased")
"""The dates of acceptance, the first that is known before the others."""

EVENTS = ("accepted", "at", "departed", "received", "on")
"""What decides by its day where no date of acceptance is known (VA-FEE-01: the fees in force at setting out)."""


class _Program:
    """A topic, ready to answer under one edition and plan."""

    def __init__(self, topic: Topic, edition: Edition, section: Section, plan: Plan | None) -> None:
        self.topic = topic
        self.edition = edition.edition
        self.required = section.required
        known = topic.facts
        own = (*section.required, *section.optional)
        if strange := [name for name in own if name not in known]:
            # Only a draft can: an edition is checked before it is published.
            text = f"約款の [{topic.name}] に、ない事実{quoted(strange[0])}が挙がっています。「点検」で直してください。"
            raise Refusal("edition", text)
        self.facts: Mapping[str, Fact] = {name: known[name] for name in own} if topic.by_service else known
        self.readers: Mapping[str, Callable[[Any], Any]] = {name: fact.kind.read for name, fact in self.facts.items()}
        self.flags = frozenset(name for name, fact in self.facts.items() if fact.kind is BOOL)
        self.readings = edition.reading
        self.decide: Decider = topic.compile(edition, plan)


_programs: dict[tuple[str, str, str | None, str], _Program] = {}
"""Programs by (ask, service, plan, edition)."""

_ready: dict[tuple[object, object, object], _Program] = {}
"""Programs of services with a single edition, by (ask, service, plan): where the usual question finds its own."""


def decide(question: Mapping[str, Any], *, under: Edition | None = None) -> dict[str, Any]:
    """Answers a question of the decision interface, or refuses it naming the field. Never raises for bad input.

    `under` tries an edition out that is not in force and may be a draft; the question is then one of its service.
    """
    if type(question) is not dict and not isinstance(question, Mapping):
        message = "質問は項目と値の組（オブジェクト）にしてください。"
        return {"id": None, "error": {"field": "question", "message": message}}
    identity = raw = None
    try:
        try:
            # The usual question has these five members and no other, so it names no edition and wants no explanation.
            identity, raw = question["id"], question["facts"]
            usual = len(question) == _USUAL and under is None
            program = _ready[question["ask"], question["service"], question["plan"]] if usual else None
        except (KeyError, TypeError):
            identity, raw, program = question.get("id"), question.get("facts"), None
        if program is None:
            program = _compiled(question, under)
            if _wants_explanation(question):
                return {"id": identity, **_explained(program, _read(program, raw))}
        answer, reasons = program.decide(_read(program, raw), None)
        return {"id": identity, "answer": answer, "edition": program.edition, "reasons": reasons}
    except Refusal as refusal:
        field, message = refusal.field, refusal.message
    except RecursionError:
        field, message = "question", "質問の入れ子が深すぎます。項目と値の組を、決まった形で指定してください。"
    except (OverflowError, ValueError):
        # Date arithmetic that leaves the calendar; any other error of these kinds is our own and must be seen.
        farthest = _farthest_date(raw)
        if farthest is None:
            raise
        field = farthest
        message = f"この日付からは計算できません。西暦{_FIRST_YEAR}年から{_LAST_YEAR}年までの日付で指定してください。"
    return {"id": identity, "error": {"field": field, "message": message}}


def adopt(sources: Iterable[Source]) -> None:
    """Takes an operator's own editions in, instead of those taken in before; see `catalog.adopt`."""
    catalog.adopt(sources)
    _programs.clear()
    _ready.clear()


def _compiled(question: Mapping[str, Any], under: Edition | None = None) -> _Program:
    """The program of a question that is new, or says more than the usual one. Refuses what it does not understand."""
    for name in question:
        if name not in _KEYS:
            raise Refusal(_field(name, "question"), f"{quoted(name)}という項目はありません。{_near(name, _KEYS)}")
    topic = TOPICS[_known(question, "ask", "質問の種類", TOPICS)]
    service = _known(question, "service", "サービス", services() if under is None else (under.service,))
    named = question.get("edition")
    edition = under or _edition(service, named, question.get("facts"))
    section: Section | None = getattr(edition, topic.name)
    if section is None:
        known = "、".join(offers(edition))
        raise Refusal("ask", f"このサービスでは「{topic.name}」をお答えできません。お答えできるのは {known} です。")
    plan: Plan | None = None
    if topic.by_plan or question.get("plan") is not None:
        plan = edition.plan_of(_known(question, "plan", "プラン", [each.id for each in edition.plan]))
    if under is not None:
        return _Program(topic, edition, section, plan)
    key = topic.name, service, None if plan is None else plan.id, edition.edition
    program = _programs.get(key)
    if program is None:
        program = _programs[key] = _Program(topic, edition, section, plan)
    if len(editions(service)) == 1:
        _ready[key[:3]] = program
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
            f"{quoted(named)}という版はありません。{'、'.join(each.edition for each in known)} から選んでください。",
        )
    if isinstance(facts, Mapping):
        for name in (*ACCEPTANCE, *EVENTS):
            for read in (read_date, read_moment):
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
        raise Refusal(field, f"{quoted(value)}という{label}はありません。{_near(value, known)}")
    return value


def _read(program: _Program, raw: object) -> Facts:
    """The facts as the rules want them. Refuses unknown names, values of another kind, and missing required facts."""
    if type(raw) is not dict and not isinstance(raw, Mapping):
        raise Refusal("facts", "事実（facts）を、項目と値の組（オブジェクト）で指定してください。")
    readers, flags = program.readers, program.flags
    facts: Facts = {}
    name = ""
    try:
        for name, value in raw.items():
            # Flags are most of the facts and need no reading.
            facts[name] = value if (value is True or value is False) and name in flags else readers[name](value)
    except (KeyError, Misfit, TypeError) as error:
        raise _unreadable(program, name, error) from None
    for required in program.required:
        if facts.get(required) is None:
            fact = program.facts[required]
            raise Refusal(required, f"{fact.label}がありません。{fact.kind.wanted}")
    return facts


def _unreadable(program: _Program, name: object, error: Exception) -> Refusal:
    field = _field(name, "facts")
    fact = program.facts.get(field)
    if fact is not None:
        detail = error.detail if isinstance(error, Misfit) else ""
        return Refusal(field, f"{detail}{fact.label}は{fact.kind.wanted}")
    foreign = program.topic.facts.get(field)
    if foreign is not None:
        return Refusal(field, f"{foreign.label}（{field}）は、ほかのサービスの事実です。この質問から外してください。")
    return Refusal(field, f"{quoted(name)}という事実はありません。{_near(name, program.facts)}")


def _field(name: object, whole: str) -> str:
    """The member to name in a refusal; the whole object where a name is no text, which JSON does not know."""
    return name if isinstance(name, str) else whole


def _wants_explanation(question: Mapping[str, Any]) -> bool:
    explain = question.get("explain")
    if explain is not None and explain is not True and explain is not False:
        raise Refusal("explain", "explain は true（はい）か false（いいえ）で指定してください。")
    return bool(explain)


def _explained(program: _Program, facts: Facts) -> dict[str, Any]:
    trace = Trace()
    answer, reasons = program.decide(facts, trace)
    explained = {
        "answer": answer,
        "edition": program.edition,
        "reasons": reasons,
        "derivation": trace.steps,
        "losing": trace.losing,
        "what_would_change": list(_changes(program, facts, answer, reasons)),
        "readings": list(_readings(program, {each["rule"] for found in (reasons, trace.steps) for each in found})),
    }
    return explained | trace.more


def _readings(program: _Program, rules: Container[str | None]) -> Iterator[dict[str, str | None]]:
    """The places of the terms that can be read in two ways and bear on the answer, with the reading that was taken."""
    for reading in program.readings:
        if reading.rule in rules:
            yield {
                "id": reading.id,
                "rule": reading.rule,
                "question": reading.question,
                "taken": reading.taken,
                "other": reading.other,
                "setting": reading.setting,
            }


def _changes(program: _Program, facts: Facts, answer: Answer, given: list[Reason]) -> Iterator[dict[str, Any]]:
    """Facts of few values that would lead to another answer: each with the members that differ, and the new reasons."""
    for name, fact in program.facts.items():
        for value in fact.kind.alternatives:
            if facts.get(name) == value:
                continue
            try:
                other, why = program.decide({**facts, name: value}, None)
            except Refusal:
                continue
            differing = {member: other[member] for member in other if other[member] != answer.get(member)}
            if differing:
                new = [reason for reason in why if reason not in given]
                yield {"fact": name, "label": fact.label, "value": value, "answer": differing, "reasons": new}


def _near(name: object, known: Any) -> str:
    # Imported only to refuse: it would make every command slower.
    from difflib import SequenceMatcher, get_close_matches

    comparable = isinstance(name, str) and len(name) <= _LONGEST_NAME and len(known) > _FEW
    near = get_close_matches(str(name), list(known), n=2, cutoff=0.5) if comparable else []
    if len(near) > 1 and len({SequenceMatcher(None, each, str(name)).ratio() for each in near}) == 1:
        # Which of several that are equally near was meant, nobody can tell.
        near = []
    return f"「{near[0]}」ではありませんか。" if near else f"{'、'.join(known)} から選んでください。"


def _farthest_date(raw: object) -> str | None:
    """The fact to blame where a computation left the calendar; None where no date is near its ends."""
    if isinstance(raw, Mapping):
        for name, value in raw.items():
            if isinstance(value, str) and value[:4].isdecimal() and not _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR:
                return _field(name, "facts")
    return None
