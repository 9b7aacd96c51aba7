"""A large operator's book of agreements: five services, their models, ten years of purchases."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from hoshu.terms import decide

PLANS = {
    "ix": ("5d-3y", "5d-4y", "5d-5y", "7d-3y", "7d-4y", "7d-5y"),
    "video": tuple(f"{hours}-{years}y" for hours in ("9x5", "24x7") for years in (1, 3, 5, 6, 7)),
    "supportpack": ("1y", "3y", "4y", "5y", "6y", "7y"),
    "remote-care": ("basic",),
    "mimamori": ("standard",),
}
SHARES = (0.3, 0.25, 0.25, 0.1, 0.1)
MODELS = 40
"""Models of each service; each has one day on which its sale or production ended."""
TEXTS = ("service", "plan", "serial")


def book(count: int) -> pa.Table:
    """The book, with types as in a Parquet file."""
    chance = np.random.default_rng(7)
    service = chance.choice(len(PLANS), count, p=SHARES)
    plan = np.array([*map(len, PLANS.values())])[service]
    plan = (chance.random(count) * plan).astype(int)
    bought = np.datetime64("2016-01-01") + chance.integers(0, 3650, count)

    def after(most: int, least: int = 0) -> Any:
        return bought + chance.integers(least, most, count)

    def some(days: Any, share: float, *services: str) -> pa.Array:
        """The days of so many of the rows of these services."""
        own = np.isin(service, [[*PLANS].index(name) for name in services])
        return pa.array(days, mask=~(own & (chance.random(count) < share)))

    def of_model(least: str, days: int, share: float, *services: str) -> pa.Array:
        days_of_models = np.datetime64(least) + chance.integers(0, days, MODELS)
        known = chance.random(MODELS) < share
        model = (np.arange(count) * 7919) % MODELS
        own = np.isin(service, [[*PLANS].index(name) for name in services])
        return pa.array(days_of_models[model], mask=~(own & known[model]))

    packs = ("ix", "video", "supportpack")
    unproven = chance.random(count) < 0.03
    ix = service == 0
    names = [*PLANS]
    applied = after(45)
    moments = bought.astype("M8[m]").astype("M8[s]") + chance.integers(0, 86_400, count).astype("m8[s]")
    later = (after(2000, 60)).astype("M8[s]") + chance.integers(0, 86_400, count).astype("m8[s]")
    utc = pa.timestamp("s", "UTC")
    return pa.table(
        {
            "service": pa.array(names).take(pa.array(service)),
            "plan": pa.array([PLANS[names[a]][b] for a, b in zip(service.tolist(), plan.tolist(), strict=True)]),
            # Every twentieth machine is covered a second time.
            "serial": pa.array([f"SN{number:08}" for number in chance.integers(0, count * 10, count)]),
            "purchased": some(bought, 1.1, *packs),
            "registered": some(after(75, 1), 1.1, *packs),
            "purchase_proof": pa.array(~unproven, mask=~ix),
            "shipped": pa.array(bought - chance.integers(0, 20, count), mask=~(ix & unproven)),
            "card_deadline": some(after(200, -60), 0.3, "ix"),
            "extension_kits": pa.array(chance.integers(1, 3, count), mask=~(ix & (chance.random(count) < 0.1))),
            "end_of_sale": of_model("2017-01-01", 3000, 0.6, "ix"),
            "support_limit": of_model("2026-01-01", 2000, 0.1, "ix"),
            "pack_purchased": some(bought, 0.9, "video", "supportpack"),
            "application_received": some(applied, 0.9, "video", "supportpack"),
            "inspected": some(bought + chance.integers(0, 2, count), 0.3, "supportpack"),
            "production_ended": of_model("2016-01-01", 3000, 0.5, "video"),
            "parts_until": of_model("2021-01-01", 3000, 0.5, "supportpack"),
            "warranty_years": pa.array(chance.choice([1, 3], count), mask=service != 1),
            "ended_early": some(after(2500, 200), 0.03, "ix", "supportpack"),
            "accepted": some(moments, 1.1, "remote-care").cast(utc),
            "ends": some(later, 0.2, "remote-care").cast(utc),
            "contract_start": some(bought, 1.1, "mimamori"),
            "initial_set": some(moments + np.timedelta64(5, "D"), 0.95, "mimamori").cast(utc),
            "cancelled": some(after(2000, 60), 0.3, "mimamori"),
        }
    )


def row_by_row(book: pa.Table, as_of: date, expiring: int) -> pa.Table:
    """The same from table to table, each row by its own questions; agreements of one unit are compared at the end."""
    on, soon = as_of.isoformat(), date.fromordinal(as_of.toordinal() + expiring).isoformat()
    found: list[dict[str, Any]] = []
    units: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in book.to_pylist():
        service, plan, serial = (row.pop(name) for name in TEXTS)
        facts = {name: _written(value) for name, value in row.items() if value is not None}
        result = decide({"id": 1, "ask": "coverage", "service": service, "plan": plan, "facts": facts})
        answer = {"edition": result["edition"], **result["answer"]}
        start, end = answer["start"], answer["end"]
        ended = end is not None and end < on
        answer["active"] = start is not None and start <= on and not ended
        answer["days_left"] = None if end is None or ended else (date.fromisoformat(end) - as_of).days
        answer["expiring"] = not ended and end is not None and end <= soon
        if service == "ix" and end is not None:
            limits = {name: facts[name] for name in ("end_of_sale", "support_limit") if name in facts}
            asked = {"id": 1, "ask": "extension", "service": service, "plan": plan}
            extension = decide({**asked, "facts": {"on": on, "end": end, **limits}})["answer"]
            answer |= {f"extension_{name}": value for name, value in extension.items()}
        if start is not None:
            units.setdefault((service, serial), []).append(answer)
        found.append(answer)
    for answers in units.values():
        if len(answers) > 1:
            _compare(answers)
    names = dict.fromkeys(name for answer in found for name in answer)
    return pa.table({name: [answer.get(name) for answer in found] for name in names})


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _compare(answers: list[dict[str, Any]]) -> None:
    answers.sort(key=lambda answer: (answer["start"], answer["end"] or "9999-12-31"))
    latest = 0
    for number, answer in enumerate(answers):
        first, last = (date.fromisoformat(answer[name] or "9999-12-31").toordinal() for name in ("start", "end"))
        if number:
            answer["gap_days"] = max(first - latest - 1, 0)
            answer["overlap_days"] = max(min(last, latest) - first + 1, 0)
        latest = max(latest, last)
