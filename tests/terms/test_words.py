"""Whatever a question or an answer holds has a name that people use, for every service, also one adopted later."""

import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from hoshu.authoring.examples import question_of
from hoshu.catalog import Edition, Source, edition, every_edition, source_of
from hoshu.catalog.desk import ConditionKind
from hoshu.catalog.reporting import Admission, AdmissionTerms
from hoshu.catalog.sections import Element
from hoshu.terms import adopt, answer_label, code_label, code_labels, decide, fact_label, known_facts
from hoshu.terms.answers import ADMISSION, ANSWERS, CODES, CONDITIONS, QUESTION, RECORDS, SHARED_CODES, UNLISTED
from hoshu.terms.facts import Kind
from hoshu.terms.topics import LABELS, TOPICS
from hoshu.terms.vocabulary import PART_NAMES
from tests.terms import test_interface as interface
from tests.terms.test_examples import ALL

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠★]")
IDENTIFIER = re.compile(r"[a-z]{3}|_")
POINT_IN_TIME = re.compile(r"\d{4}-\d\d(-\d\d(T.*)?)?|\d\d:\d\d|")

TEXTS = {
    *("registration.ground", "registration.form", "registration.options.code"),
    *("change.option_lines.code", "change.registered_options.code", "change.options.code"),
    *("change.inquiries", "change.refused_lines"),
    *("alert_mail.alerts.contract", "alert_mail.alerts.unit", "alert_mail.mails.contract"),
    *("rating.stars", "alert_mail.mails.stars", "failure_level.level"),
    *("disclosure.recipient_name", "disclosure.consent.recipient", "disclosure.consent.purpose", "admission.tls"),
}
"""Members that hold no codes: what people wrote, numbers of machines and contracts, and what is read as it stands."""


def paths(values: Any, of: str) -> Iterator[tuple[str, Any]]:
    """Each member with its value, those of records too, written with dots; every value of a list on its own."""
    if isinstance(values, dict):
        for name, value in values.items():
            yield f"{of}{name}", value
            yield from paths(value, f"{of}{name}.")
    if isinstance(values, list):
        for value in values:
            yield of[:-1], value
            yield from paths(value, of)


def kinds(topic: str) -> Iterator[tuple[str, Kind]]:
    """The kind of each fact and of its members, without lists around it."""
    left = [(name, fact.kind) for name, fact in known_facts(topic).items()]
    for name, kind in left:
        single = kind.item or kind
        yield name, single
        left += ((f"{name}.{member}", fact.kind) for member, fact in (single.members or {}).items())


@pytest.mark.parametrize("topic", TOPICS)
def test_each_member_of_an_answer_has_a_name_and_no_other_has_one(topic: str) -> None:
    stated = {*interface.ANSWERS[topic], *interface.BY_SERVICE.get(topic, {}), *interface.OURS.get(topic, {})}
    parts = {f"{part}_end" for part in PART_NAMES} if topic == "coverage" else set()
    named = {name for name in ANSWERS[topic] if "." not in name}
    assert stated <= named <= stated | parts


@pytest.mark.parametrize("topic", TOPICS)
def test_no_two_members_of_an_answer_are_called_alike(topic: str) -> None:
    names = [(path.rpartition(".")[0], label) for path, label in ANSWERS[topic].items()]
    assert [name for name in names if names.count(name) > 1] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_each_fact_and_each_member_of_one_has_a_name(topic: str) -> None:
    assert {name: fact_label(topic, name) for name, _ in kinds(topic) if fact_label(topic, name) == name} == {}


@pytest.mark.parametrize("topic", TOPICS)
def test_each_code_that_a_fact_takes_has_a_name(topic: str) -> None:
    unnamed = [
        f"{name}: {code}" for name, kind in kinds(topic) for code in kind.codes if code_label(topic, name, code) is None
    ]
    assert unnamed == []


def test_names_are_words() -> None:
    """Japanese, or a sign that people read as it is; no identifier and nothing empty."""
    said = [*QUESTION.values(), *SHARED_CODES.values(), *CONDITIONS.values(), *ADMISSION.values()]
    for table in (ANSWERS, RECORDS, UNLISTED):
        said += [label for labels in table.values() for label in labels.values()]
    said += [label for members in CODES.values() for codes in members.values() for label in codes.values()]
    said += [fact_label(topic, name) for topic in TOPICS for name, _ in kinds(topic)]
    assert [label for label in said if IDENTIFIER.search(label) or not JAPANESE.search(label)] == ["ARP"]


def test_only_what_there_is_has_a_name() -> None:
    assert set(ANSWERS) == set(TOPICS)
    for topic, members in (*CODES.items(), *UNLISTED.items()):
        known = {*ANSWERS[topic], *(name for name, _ in kinds(topic)), "holds.code"}
        assert set(members) <= known, topic


@pytest.mark.parametrize(("edition", "example"), ALL)
def test_every_member_and_code_of_the_examples_has_a_name(edition: Edition, example: dict[str, Any]) -> None:
    topic, question = example["ask"], question_of(edition, example)
    result = decide(question)
    if "answer" not in result:
        return
    for label, values in ((fact_label, question["facts"]), (answer_label, result["answer"])):
        for path, value in paths(values, ""):
            if path.startswith("form."):
                continue
            name = label(topic, path, edition)
            assert name != path.rpartition(".")[2], path
            assert not IDENTIFIER.search(name), path
            if isinstance(value, str) and f"{topic}.{path}" not in TEXTS and not POINT_IN_TIME.fullmatch(value):
                code = code_label(topic, path, value, edition)
                assert JAPANESE.search(code or value) or code in ("ARP", "IPv4", "IPv6"), (path, value)
                assert not IDENTIFIER.search(code or value), (path, value)


@pytest.mark.parametrize("edition", every_edition(), ids=lambda edition: edition.service)
def test_every_form_field_has_the_name_that_the_edition_gives_it(edition: Edition) -> None:
    switches = {name for field in edition.card_field for name in (field.spared_by, *field.wanted_with) if name}
    assert {fact_label("registration", f"form.{name}", edition) for name in switches} & switches == set()
    for field in edition.card_field:
        assert fact_label("registration", f"form.{field.name}", edition) == field.label
        assert code_label("registration", "missing", field.name, edition) is not None


@pytest.mark.parametrize("edition", every_edition(), ids=lambda edition: edition.service)
def test_every_code_that_only_the_terms_name_has_a_name(edition: Edition) -> None:
    found: list[tuple[str, str, str]] = []
    if (registration := edition.registration) is not None:
        flags = {check.flag for field in edition.card_field for check in field.check}
        flags |= {check.flag for check in registration.check} | {check.flag for check in registration.day}
        found += (("registration", "flags", flag) for flag in flags - {""})
        found += (("registration", "missing", check.missing) for check in registration.check if check.missing)
    if (entitlement := edition.entitlement) is not None:
        found += (("entitlement", "needs", check.needs) for check in entitlement.check if check.needs)
        found += (("entitlement", "elements", each.outcome) for each in entitlement.element)
    if (restoration := edition.restoration) is not None:
        for level in restoration.level:
            found += (("restoration", "steps", step) for step in level.steps)
            found += (("restoration", "left_to_customer", step) for step in level.left)
        found += (("restoration", fact, code) for fact, codes in restoration.codes.items() for code in codes)
    if (software := edition.software_support) is not None:
        codes = {check.code for check in software.check} | {end.code for end in software.end}
        found += (("software_support", "code", code) for code in codes - {""})
    if (maintenance := edition.maintenance) is not None:
        found += (("maintenance", "needs", need) for kind in maintenance.kind for need in kind.needs)
    if (desk := edition.desk_scope) is not None:
        needs = {need for subject in desk.subject for need in (*subject.needs, *subject.needs_after_end)}
        found += (("desk_scope", "needs", need) for need in needs)
    if (contact := edition.contact) is not None:
        found += (("contact", "answer_keys", key) for key in contact.answer.keys)
    assert [place for place in found if code_label(*place, edition) in (None, "一覧にない項目")] == []


def test_every_condition_that_an_edition_may_set_has_a_name() -> None:
    assert set(CONDITIONS) == set(get_args(ConditionKind))
    hints = get_type_hints(AdmissionTerms)
    assert set(ADMISSION) == {
        key for key, hint in hints.items() if isinstance(hint, type) and issubclass(hint, Admission)
    }
    for element in get_args(get_type_hints(Element)["element"]):
        assert answer_label("entitlement", f"elements.{element}") != element
    for extent in get_args(get_type_hints(Element)["outcome"]):
        assert code_label("entitlement", "elements", extent) is not None


IX, VIDEO, REMOTE = edition("ix", "2022-10"), edition("video", "2021-08"), edition("remote-care", "1")


@pytest.mark.parametrize(
    ("topic", "member", "code", "said"),
    [
        ("registration", "flags", "late:purchased", "申し込みの期限の後（対象機器の購入日）"),
        ("registration", "flags", "option_not_covered:B1", "対象でないオプション（B1）"),
        ("registration", "missing", "options.B1.quantity", "オプション「B1」の数量"),
        ("registration", "deadlines.counted_from", "purchased", "対象機器の購入日"),
        ("registration", "day_off", "apply_by", "申し込みの期限"),
        ("entitlement", "elements.travel", "on_condition", "条件による"),
        ("entitlement", "cause", "IX-EXC-10", "塗装・仕上げ"),
        ("restoration", "table2", "T2-INTERVIEW", None),
        ("restoration", "level", 2, "交換とソフトウェアの導入まで"),
        ("restoration", "level", 4, None),
        ("refund", "refund", None, "担当者が判断します"),
        ("refund", "by", None, None),
        ("telemetry", "fields", "consumables[1].level", "消耗品の残量（2番目）"),
        ("telemetry", "category.consumables[1].level", "C1", "消耗品"),
        ("telemetry", "dropped", "jobs[0].title", "一覧にない項目"),
        ("use", "purpose", "与信調査", None),
        ("use", "purpose", "P9", "一覧にない目的"),
        ("change", "options.code", "B1", None),
        ("alert_mail", "alerts.contract", "C-1", None),
        ("no_such_question", "kind", "other", "その他"),
        ("no_such_question", "needs", "serial", None),
    ],
)
def test_a_code_is_said_in_words_and_a_text_left_as_it_is(
    topic: str, member: str, code: str | int | None, said: str | None
) -> None:
    found = code_label(topic, member, code)
    if code == "T2-INTERVIEW":
        assert found is not None
        assert found.startswith("RAIDの状態: 有効でない、構成情報: なし、")
    else:
        assert found == said


def test_what_nobody_knows_is_its_own_name() -> None:
    assert fact_label("coverage", "colour") == answer_label("coverage", "colour") == "colour"
    assert fact_label("no_such_question", "purchased") == "purchased"
    assert (fact_label("coverage", "plan"), fact_label("", "service")) == ("プラン", "サービス")
    assert answer_label("fee", "units.night", VIDEO) == "深夜"
    assert answer_label("telemetry", "category.errors[0].code", REMOTE) != "code"


def test_an_edition_speaks_before_the_others() -> None:
    named = {each.service: code_label("damages", "lines.head", "lost_profit", each) for each in every_edition()}
    assert named["ix"] == "失われた利益"
    assert named["mimamori"] == "売り上げの減少など、失われた利益"
    assert code_label("damages", "lines.head", "recreation", IX) == "媒体の損傷による作り直し"  # which it does not name


def test_the_codes_to_choose_from_are_those_of_the_edition() -> None:
    assert code_labels("damages", "lines.head", IX) == {
        head.code: head.label for head in (IX.damages.head if IX.damages else ())
    }
    assert {"IX-EXC-01", "EX-01"} <= code_labels("entitlement", "work").keys()
    assert code_labels("refund", "refund") == {}
    assert code_labels("coverage", "purchased", IX) == {}


def test_the_names_of_an_edition_adopted_later_are_seen_as_long_as_it_is() -> None:
    assert code_label("entitlement", "work", "IX-EXC-77") is None
    text = source_of("ix", "2022-10").text
    for before, after in (
        ('edition = "2022-10"', 'edition = "2030-04"'),
        ("in_force = 2022-10-", "in_force = 2030-04-"),
        ('code = "IX-EXC-10"', 'code = "IX-EXC-77"'),
        ("塗装・仕上げ", "塗り直し"),
    ):
        assert before in text
        text = text.replace(before, after)
    adopt([Source("draft", text)])
    try:
        assert code_label("entitlement", "work", "IX-EXC-77") == "塗り直し"
        assert code_labels("entitlement", "work")["IX-EXC-77"] == "塗り直し"
    finally:
        adopt([])
    assert code_label("entitlement", "work", "IX-EXC-77") is None


def test_every_question_has_a_name() -> None:
    assert set(LABELS) == set(TOPICS)
    assert [label for label in LABELS.values() if not JAPANESE.search(label)] == []
