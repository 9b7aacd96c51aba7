"""One decision of the engine, ISO strings in, all reasons with their texts out, against the yardsticks.

And the command `hoshu decide` from its start to its first answer, against a Python that does nothing.

Every question is a different one and no whole answer is remembered. Each side answers 20,000 questions in turn, several
times; what is printed is the median of the ratios of neighbouring runs, so that a busy machine slows both sides alike.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from itertools import islice
from typing import Any

from hoshu import catalog
from hoshu.terms import decide

from .yardsticks import plain

QUESTIONS = 20_000
ROUNDS = 9
MOST_TIMES_PLAIN = 3.0
MOST_TIMES_PLAIN_OTHERS = 5.0
OTHERS = 2_000
OTHER_ROUNDS = 5
LEAST_TIMES_FASTER_THAN_ZEN = 4.0
STARTS = 11
MOST_TIMES_AN_EMPTY_PYTHON = 15.0

Ask = Callable[[Any], Any]


def run() -> None:
    """Print a line a comparison."""
    given = plain.gen(QUESTIONS)
    ours = {topic: list(questions(given)) for topic, questions in TOPICS.items()}
    for topic, asked in ours.items():
        assert all("answer" in decide(question) for question in asked), topic
    print(f"one decision, {QUESTIONS:,} different questions")
    for topic, asked in ours.items():
        ratio, mine, other = compared(decide, asked, plain.decide, given)
        line(f"{topic} against plain Python", mine, other, f"× {ratio:.2f} (at most {MOST_TIMES_PLAIN:g})")
    if find_spec("zen") is not None:
        from .yardsticks import zen_engine

        few = given[:3000]
        assert all(
            zen_engine.asker()(question)["result"]["end"] == plain.decide(question)["end"] for question in few[:200]
        )
        for topic, asked in ours.items():
            ratio, mine, other = compared(decide, asked[:3000], zen_engine.asker(), few)
            goal = f"{1 / ratio:.1f} × faster (at least {LEAST_TIMES_FASTER_THAN_ZEN:g})"
            line(f"{topic} against zen-engine", mine, other, goal)
    if find_spec("openfisca_core") is not None:
        from .yardsticks import openfisca

        few = given[:300]
        ask = openfisca.asker(few)
        assert all(str(ask(i)[0][0]) == plain.decide(question)["end"] for i, question in enumerate(few[:50]))
        for topic, asked in ours.items():
            ratio, mine, other = compared(decide, asked[:300], ask, range(300))
            line(f"{topic} against openfisca-core", mine, other, f"{1 / ratio:.0f} × faster")
    every_other_topic(given[:OTHERS])
    start_of_the_command(next(iter(ours.values()))[0])


def every_other_topic(given: Sequence[dict[str, Any]]) -> None:
    """The worked examples of each service as questions of all days of ten years: what a topic costs on the average."""
    print(f"every other topic, {OTHERS:,} different questions a service")
    worst: list[tuple[float, str]] = []
    for service in catalog.services():
        for topic, templates in examples_of(service).items():
            if topic in TOPICS and service == "ix":
                continue
            asked = list(islice(on_other_days(service, templates), OTHERS))
            ratio, mine, other = compared(decide, asked, plain.decide, given[: len(asked)], rounds=OTHER_ROUNDS)
            goal = MOST_TIMES_PLAIN if topic in TOPICS else MOST_TIMES_PLAIN_OTHERS
            worst.append((ratio / goal, f"{service} {topic}"))
            line(f"{service} {topic}", mine, other, f"× {ratio:.2f} (at most {goal:g})")
    over = [name for excess, name in sorted(worst, reverse=True) if excess > 1]
    print(f"  over their limit: {', '.join(over) or 'none'}")


def examples_of(service: str) -> dict[str, list[dict[str, Any]]]:
    """The examples that are answered, by topic."""
    found: dict[str, list[dict[str, Any]]] = {}
    for example in catalog.examples(service, catalog.editions(service)[-1].edition):
        if "error" not in example:
            found.setdefault(example["ask"], []).append(example)
    return found


def on_other_days(service: str, templates: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The examples again and again, every day in them moved by the same number of days; what is refused is left out."""
    chance = random.Random(6)
    for number in range(100 * OTHERS):
        template = templates[number % len(templates)]
        days = timedelta(days=chance.randrange(-1800, 1800))
        question = {"id": number, "ask": template["ask"], "service": service, "plan": template["plan"]}
        question["facts"] = moved(template["facts"], days)
        if "answer" in decide(question):
            yield question


def moved(value: Any, days: timedelta) -> Any:
    if isinstance(value, datetime):
        return (value + days).isoformat(timespec="minutes" if value.second == 0 else "seconds")
    if isinstance(value, date):
        return (value + days).isoformat()
    if isinstance(value, dict):
        return {key: moved(each, days) for key, each in value.items()}
    return [moved(each, days) for each in value] if isinstance(value, list) else value


def start_of_the_command(question: dict[str, Any]) -> None:
    """Processor time of a whole run, with the system's share: a short command is mostly reading files."""
    hoshu = [sys.executable, "-m", "hoshu.cli", "decide"]
    asked = json.dumps(question).encode()
    pairs = [(spent(hoshu, asked), spent([sys.executable, "-c", "pass"], b"")) for _ in range(STARTS)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, other = min(a for a, _ in pairs), min(b for _, b in pairs)
    goal = f"× {ratio:.1f} (at most {MOST_TIMES_AN_EMPTY_PYTHON:g})"
    print(f"  {'hoshu decide, one question':42s} {mine * 1e3:8.1f} ms  empty Python {other * 1e3:6.1f} ms  {goal}")


def spent(command: Sequence[str], given: bytes) -> float:
    """Processor seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=given, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compared(
    ours: Ask, our_questions: Sequence[Any], theirs: Ask, their_questions: Sequence[Any], *, rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """(median ratio of ours to theirs, our best seconds a question, their best)."""
    timed(ours, our_questions)
    pairs = [(timed(ours, our_questions), timed(theirs, their_questions)) for _ in range(rounds)]
    return statistics.median(a / b for a, b in pairs), min(a for a, _ in pairs), min(b for _, b in pairs)


def timed(ask: Ask, questions: Sequence[Any]) -> float:
    """Processor seconds a question."""
    start = time.thread_time()
    for question in questions:
        ask(question)
    return (time.thread_time() - start) / len(questions)


def line(name: str, mine: float, other: float, verdict: str) -> None:
    print(f"  {name:42s} {mine * 1e6:8.2f} µs  yardstick {other * 1e6:8.2f} µs  {verdict}", flush=True)


def coverage(given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The yardstick's facts as questions of our own, with a registration and sometimes a card deadline."""
    chance = random.Random(3)
    for number, row in enumerate(given):
        bought = date.fromisoformat(row["purchase"])
        facts = {"purchased": row["purchase"], "registered": str(bought + timedelta(days=chance.randrange(60)))}
        if row["eos"]:
            facts["end_of_sale"] = row["eos"]
        if chance.random() < 0.3:
            facts["card_deadline"] = str(bought + timedelta(days=chance.randrange(-60, 200)))
        yield _question(number, "coverage", chance, facts)


def window(given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    chance = random.Random(4)
    for number, row in enumerate(given):
        weekday = chance.choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
        yield _question(number, "window", chance, {"at": _moment(row), "start_weekday": weekday})


def entitlement(given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    chance = random.Random(5)
    for number, row in enumerate(given):
        start = date.fromisoformat(row["purchase"]) + timedelta(days=chance.randrange(60))
        facts: dict[str, Any] = {
            "at": _moment(row),
            "coverage": {"start": str(start), "end": str(start + timedelta(days=365 * row["years"]))},
            "start_weekday": chance.choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        }
        code = int(row["code"][1:])
        if code <= 24:
            facts["cause"] = f"IX-EXC-{code:02}"
        yield _question(number, "entitlement", chance, facts)


def _question(number: int, ask: str, chance: random.Random, facts: dict[str, Any]) -> dict[str, Any]:
    plan = chance.choice(["5d-3y", "5d-4y", "5d-5y"])
    return {"id": number, "ask": ask, "service": "ix", "plan": plan, "facts": facts}


def _moment(row: dict[str, Any]) -> str:
    return f"{row['req'][:16]}+09:00"


TOPICS = {"coverage": coverage, "window": window, "entitlement": entitlement}
