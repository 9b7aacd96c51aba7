"""Checks of what has to stand together: tables that another table needs, facts that hours need, sentences, settings."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from hoshu.catalog import Cap, Edition, Origin, Section, Table
from hoshu.terms import TOPIC_LABELS, decide

from .findings import Issue
from .walking import of_kind, spots
from .wording import Wording, table_of

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = ("day", "received")

_ASKS_HOURS = ("window", "entitlement", "alarm", "software_support")
"""Questions that depend on the hours of a part of the plan."""


def counterparts(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Tables without which another one cannot answer."""
    coverage = edition.coverage
    if coverage is not None and coverage.elapsed is not None:
        for number, plan in enumerate(edition.plan):
            if plan.years is None:
                says = f"プラン「{plan.name}」に年数がなく、提供期間を計算できません。"
                yield Issue("error", ("plan", number), says, "years を書き足してください。")
    if edition.extension is not None and (coverage is None or coverage.kit is None):
        says = "延長する年数の定め（[coverage] の kit）がありません。"
        yield Issue("error", ("extension",), says, "[coverage] に kit を書くか、[extension] を消してください。")
    for place, cap in of_kind(edition, Cap):
        if cap.exempt_years and cap.exempt is None:
            says = "上限のかからない年数（exempt_years）の根拠がありません。"
            yield Issue("error", place, says, "exempt を書き足してください。")
        if cap.fact is None and cap.recorded is None:
            says = "上限の日を決める事実がありません。"
            yield Issue("error", place, says, "fact と years か、recorded を書き足してください。")
    for place, origin in of_kind(edition, Origin):
        if origin.unproven is not None and origin.unproven_rule is None:
            says = "証明がないときの事実（unproven）の根拠がありません。"
            yield Issue("error", place, says, "unproven_rule を書き足してください。")
    yield from _hours(edition)


def _hours(edition: Edition) -> Iterator[Issue]:
    """Facts that the hours of a plan depend on, but that a question does not take."""
    used = {window for plan in edition.plan for window in plan.windows.values()}
    runs = any(window.run_of_days for window in edition.window_hours if window.id in used)
    chosen = any(window.chosen_days for window in edition.window_hours if window.id in used)
    if runs and edition.window is not None and edition.window.run_of_days is None:
        says = "開始基準曜日から続くプランがありますが、その根拠（run_of_days）がありません。"
        yield Issue("error", ("window",), says, "[window] に run_of_days を書き足してください。")
    if used and edition.window is None:
        says = "プランに時間帯がありますが、対応時間の定め（[window]）がありません。"
        yield Issue("error", ("plan",), says, "[window] を書き足すか、プランの windows を空にしてください。")
    for topic in _ASKS_HOURS:
        section: Section | None = getattr(edition, topic)
        if section is None:
            continue
        listed = {*section.required, *section.optional}
        for needed, fact, why in (
            (runs, "start_weekday", "開始基準曜日から続くプラン"),
            (chosen, "service_days", "お客様が曜日を選ぶプラン"),
        ):
            if needed and fact not in listed:
                says = f"{why}がありますが、{TOPIC_LABELS[topic]}の質問で {fact} を聞きません。"
                yield Issue("error", (topic,), says, f"optional に {fact} を書き足してください。")


def compiling(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Questions that fail under the edition whatever is asked; told only where no other check says why."""
    for topic in TOPIC_LABELS:
        if getattr(edition, topic) is None:
            continue
        for plan in edition.plan:
            try:
                question = {"ask": topic, "service": edition.service, "plan": plan.id, "facts": {}}
                if decide(question, under=edition).get("error", {}).get("field") != "edition":
                    continue
                says = "この質問に、ない事実が挙がっています。"
            except Exception as error:  # whatever a wrong table breaks, it is a finding and never a traceback
                says = f"プラン「{plan.name}」では、この質問に答えを出せません（{type(error).__name__}）。"
            do = "この表に足りない項目がないか、ほかの版の同じ表と比べてください。"
            yield Issue("error", (topic,), says, do)
            break


def sentences(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Sentences with a gap in them that nothing fills."""
    for place, table in spots(edition):
        for key in table.members:
            value = getattr(table, key)
            if not isinstance(value, str):
                continue
            for name in _PLACEHOLDER.findall(value):
                if name not in _PLACEHOLDERS:
                    says = f"{{{name}}} に入るものがありません。"
                    yield Issue("error", (*place, key), says, "使えるのは {day}（日付）と {received}（受領日）です。")


def settings(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """Readings that name a key which no file of an edition has."""
    for number, reading in enumerate(edition.reading):
        if reading.setting is None:
            continue
        table: type[Table] | None = Edition
        place = ("reading", number, "setting")
        for depth, key in enumerate(reading.setting.split(".")):
            if table is None or key not in table.members:
                known = () if table is None else tuple(table.members)
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                do = f"「{near[0]}」ではありませんか。" if near else "項目の名前を直すか、setting を消してください。"
                yield Issue("error", place, f"「{reading.setting}」という項目はありません（「{key}」の所）。", do)
                break
            if depth == 0 and getattr(edition, key) is None:
                says = f"「{reading.setting}」の表 [{key}] が、この版にありません。"
                yield Issue("error", place, says, "表を書き足すか、この読み方の選択を消してください。")
                break
            table = table_of(table.members[key])
