"""telemetry: which fields of a report may be taken, and which are dropped before anything is stored."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

from hoshu.catalog import Edition, Plan

from .facts import DATE, TEXT, Fact, Facts, Lookup, list_of
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "fields": Fact("報告の項目", list_of(TEXT)),
    "on": Fact("送受信の日", DATE),
    "services": Fact("ご利用の個別サービス", list_of(TEXT)),
    "occasions": Fact("報告のきっかけ", list_of(TEXT)),
}

_POSITION = re.compile(r"\[[0-9]+\]")
"""`errors[3].code` stands in the list as `errors[].code`."""


def compile_telemetry(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.telemetry
    assert terms is not None
    categories = {each.code: each for each in terms.category}
    occasions = {each.code: each for each in terms.occasion}
    occasion_of = {each.path: each.only_on for each in terms.field if each.only_on}
    needs = {each.id: frozenset(each.fields) for each in terms.service}
    version_on = Lookup(terms.version_on)

    def _list_of(key: tuple[int, frozenset[str]]) -> tuple[Mapping[str, str], frozenset[str]]:
        """The category by path of what may be taken, and the paths that are listed but needed by no service in use."""
        number, services = key
        listed = {
            each.path: each.category
            for each in terms.field
            if each.since <= number and (each.until is None or number <= each.until)
        }
        if not needs:
            return listed, frozenset()
        needed = frozenset[str]().union(*(needs[service] for service in services))
        return {path: code for path, code in listed.items() if path in needed}, frozenset(listed) - needed

    # Services that nobody knows need nothing and are no part of the key, so the look-up stays small.
    lists = Lookup(_list_of)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        on: date = facts["on"]
        services = facts.get("services") or ()
        version = version_on[on]
        number = 0 if version is None else version.number
        listed, not_needed = lists[number, frozenset(filter(needs.__contains__, services))]
        happened = facts.get("occasions")

        allowed: list[str] = []
        dropped: list[str] = []
        category: dict[str, str] = {}
        only_on: dict[str, str] = {}
        unneeded = 0
        missed: list[str] = []
        for field in facts["fields"]:
            path = _POSITION.sub("[]", field) if "[" in field else field
            code = listed.get(path)
            occasion = occasion_of.get(path) if code is not None else None
            if code is None or (occasion is not None and happened is not None and occasion not in happened):
                dropped.append(field)
                unneeded += path in not_needed
                if occasion is not None:
                    missed.append(occasion)
                continue
            allowed.append(field)
            category[field] = code
            if occasion is not None and happened is None:
                only_on[field] = occasion

        found: list[Reason] = []
        for code, count in Counter(category.values()).items():
            found += reasons(categories[code], f"{categories[code].name}の{count}項目を受け取ります。")
        for code in dict.fromkeys((*only_on.values(), *missed)):
            found += reasons(occasions[code], occasions[code].says)
        if terms.no_service is not None and not services:
            found += reasons(terms.no_service, "ご利用の個別サービスがないため、何も受け取りません。")
        elif terms.not_needed is not None and unneeded:
            text = f"ご利用の個別サービスに要らない{unneeded}項目は、保存せずに捨てます。"
            found += reasons(terms.not_needed, text)
        unlisted = len(dropped) - unneeded - len(missed)
        if version is None:
            found += reasons(terms.unlisted, f"{said[on]}に有効な項目の一覧がないため、何も受け取りません。")
        elif unlisted or not found:
            text = f"版{number}の一覧にない{unlisted}項目は、保存せずに捨てます。"
            found += reasons(terms.unlisted, text if unlisted else "報告に項目がありません。")
        if trace is not None:
            if version is not None:
                trace.step(f"項目の一覧の版{number}が始まった日", version.starts, terms.unlisted)
            if not unlisted:
                trace.lost(terms.unlisted, "一覧にない項目は、報告にありません。")
            if terms.not_needed is not None and services and not unneeded:
                trace.lost(terms.not_needed, "ご利用の個別サービスに要らない項目は、報告にありません。")
        return {
            "allowed": allowed,
            "dropped": dropped,
            "category": category,
            "version": number or None,
            **({"only_on": only_on} if only_on else {}),
        }, found

    return decide


TOPIC = Topic("telemetry", FACTS, compile_telemetry, by_plan=False)
