"""Which edition is in force when: exactly one on every day, the accepted one for good, and never two from one day."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hoshu.catalog
from hoshu.catalog import CatalogError, Edition, edition_on, editions, load_editions, services
from hoshu.terms import decide, engine
from tests.terms.asking import unhurried

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2060, 12, 31)
PUBLISHED, SECOND = date(2024, 2, 10), date(2024, 3, 2)

LAMP = """\
service = "lamp"
edition = "{edition}"
name = "ランプ保守"
title = "ランプ保守のご案内"
in_force = {in_force}

[[plan]]
id = "1y"
name = "1年"
years = 1
windows = {{ desk = "always" }}
clause = "1."
rule = "LA-01"

[[window_hours]]
id = "always"
label = "受付"
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours = [["00:00", "24:00"]]
clause = "1."
rule = "LA-02"

[coverage]
required = ["purchased", "registered"]
elapsed = {{ rounding = "{rounding}", clause = "1.", rule = "LA-03" }}
ended_early = {{ clause = "1.", rule = "LA-03" }}
start = {{ fact = "registered", says = "{{day}}からご利用いただけます。", clause = "1.", rule = "LA-03" }}

[[coverage.origin]]
fact = "purchased"
label = "購入日"
clause = "1."
rule = "LA-03"

[window]
required = ["at"]
default_part = "desk"

[terms_change]
required = ["published"]
effective = {{ clause = "2.", rule = "LA-04" }}
effective_after_days = 21
binds_existing = false

[[clause]]
id = "1."
text = "購入から1年間、いつでも受け付けます。"

[[clause]]
id = "2."
text = "新しい版は、公表から20日が過ぎた翌日から使います。"
"""


def write(folder: Path, edition: str, in_force: date, rounding: str = "none") -> None:
    text = LAMP.format(edition=edition, in_force=in_force.isoformat(), rounding=rounding)
    (folder / f"{edition}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    folder = tmp_path / "lamp"
    folder.mkdir()
    write(folder, "1", date(2020, 4, 1))
    return folder


@pytest.fixture
def two_editions(lamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue holds the lamp in two editions: the second rounds the year to the end of its month."""
    write(lamp, "2", SECOND, rounding="month_end")

    @cache
    def of_lamp(service: str) -> tuple[Edition, ...]:
        return load_editions(lamp) if service == "lamp" else ()

    for module in (hoshu.catalog, engine):
        monkeypatch.setattr(module, "editions", of_lamp)
        monkeypatch.setattr(module, "services", lambda: ("lamp",))
    monkeypatch.setattr(engine, "_programs", {})
    monkeypatch.setattr(engine, "_ready", {})


def asked(topic: str, **facts: Any) -> dict[str, Any]:
    result = decide({"id": 1, "ask": topic, "service": "lamp", "plan": "1y", "facts": facts})
    assert "answer" in result, result
    return result


@pytest.mark.req("IX-GEN-01", "MM-DOC-02")
@pytest.mark.parametrize("service", services())
def test_every_day_has_exactly_one_edition_in_force(service: str) -> None:
    known = editions(service)
    first_days = [each.in_force for each in known]
    assert first_days == sorted(set(first_days))
    # The first edition answers the days before it too, as there is no older text.
    begins = [date.min, *first_days[1:]]
    ends = [*first_days[1:], date.max]
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=offset)
        in_force = [each for each, begin, end in zip(known, begins, ends, strict=True) if begin <= day < end]
        assert in_force == [edition_on(service, day)]


@pytest.mark.req("MM-DOC-02")
@pytest.mark.usefixtures("two_editions")
def test_changed_terms_take_effect_on_the_first_day_of_the_edition_that_follows() -> None:
    """Published with twenty full days between: the day before is the old edition's last minute, and its last day."""
    facts = {"published": PUBLISHED.isoformat()}
    told = decide({"id": 1, "ask": "terms_change", "service": "lamp", "edition": "1", "facts": facts})
    assert told["answer"]["effective"] == SECOND.isoformat()
    assert edition_on("lamp", SECOND - timedelta(days=1)).edition == "1"
    assert edition_on("lamp", SECOND).edition == "2"
    assert asked("window", at="2024-03-01T23:59:59+09:00")["edition"] == "1"
    assert asked("window", at="2024-03-02T00:00+09:00")["edition"] == "2"


@pytest.mark.req("IX-GEN-01")
@pytest.mark.usefixtures("two_editions")
def test_an_agreement_keeps_the_edition_that_it_accepted() -> None:
    accepted_before = asked("coverage", purchased="2024-02-20", registered="2024-03-01")
    assert (accepted_before["edition"], accepted_before["answer"]["end"]) == ("1", "2025-02-20")
    accepted_after = asked("coverage", purchased="2024-02-20", registered="2024-03-02")
    assert (accepted_after["edition"], accepted_after["answer"]["end"]) == ("2", "2025-02-28")


@pytest.mark.req("IX-GEN-01")
@pytest.mark.usefixtures("two_editions")
@unhurried
@given(
    registered=st.dates(FIRST_DAY, LAST_DAY),
    after=st.integers(min_value=0, max_value=20_000),
)
def test_the_day_of_acceptance_goes_before_any_later_moment_of_the_question(registered: date, after: int) -> None:
    at = f"{registered + timedelta(days=after)}T12:00+09:00"
    chosen = engine._edition("lamp", None, {"at": at, "registered": registered.isoformat()})
    assert chosen.edition == ("1" if registered < SECOND else "2")


def test_the_editions_of_a_folder_come_the_oldest_first(lamp: Path) -> None:
    write(lamp, "0", date(2024, 3, 2))
    assert [each.edition for each in load_editions(lamp)] == ["1", "0"]
    assert load_editions(lamp.parent / "candle") == ()


@pytest.mark.req("MM-DOC-02")
def test_two_editions_from_one_day_are_refused_with_what_to_do(lamp: Path) -> None:
    write(lamp, "2", date(2024, 3, 2))
    write(lamp, "2b", date(2024, 3, 2))
    with pytest.raises(CatalogError) as refused:
        load_editions(lamp)
    place, key, told = str(refused.value).split(": ", 2)
    assert place == f"{lamp / '2b.toml'}:5"
    assert key == "in_force"
    assert told == ("2024-03-02 は「2」版の適用開始日でもあります。別の日にするか、どちらかの版を消してください。")
    write(lamp, "2b", date(2024, 3, 3))
    assert [each.edition for each in load_editions(lamp)] == ["1", "2", "2b"]
