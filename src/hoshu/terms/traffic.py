"""traffic: is what passes between these two ports inspected."""

from itertools import product

from hoshu.catalog import Edition, Plan

from .facts import BOOL, TEXT, Fact, Facts, Refusal, quoted
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "from": Fact("送り側のポート", TEXT),
    "to": Fact("受け側のポート", TEXT),
    "protocol": Fact("通信の種類", TEXT),
    "through_utm": Fact("監視する装置を通るか", BOOL),
}


def compile_traffic(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.traffic
    assert terms is not None
    names = {port.code: port.name for port in terms.port}
    protocols = terms.inspected_protocols
    only_these = f"検査するのは{'・'.join(protocols.values())}の通信だけのため、"
    not_seen = f"{terms.unit}を通らない通信は、検査の対象外です。"
    disputed = set() if terms.table_only is None else {tuple(pair) for pair in terms.table_only.paths}
    paths: dict[tuple[str, str], tuple[bool, str]] = {}
    for sender, receiver in product(names, names):
        inspected = receiver in terms.inspected.get(sender, ())
        outcome = "対象" if inspected else "対象外"
        paths[sender, receiver] = inspected, f"{names[sender]}から{names[receiver]}への通信は、検査の{outcome}です。"

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        path = facts["from"], facts["to"]
        if path not in paths:
            raise _unknown(facts)
        protocol: str = facts.get("protocol") or "ipv4"
        if facts.get("through_utm") is False:
            found = reasons(terms.through_unit, not_seen)
        elif protocol.lower() not in protocols:
            found = reasons(terms.protocols, f"{only_these}{quoted(protocol)}の通信は対象外です。")
        else:
            inspected, text = paths[path]
            found = reasons(terms.paths, text)
            if terms.table_only is not None and path in disputed:
                found += reasons(terms.table_only, terms.table_only.says)
            return {"inspected": inspected}, found
        if trace is not None:
            trace.lost(terms.paths, "検査する通信の条件に合わないため、ポートの組み合わせは見ません。")
        return {"inspected": False}, found

    def _unknown(facts: Facts) -> Refusal:
        field = "to" if facts["from"] in names else "from"
        message = f"{quoted(facts[field])}というポートはありません。{'、'.join(names)} から選んでください。"
        return Refusal(field, message)

    return decide


TOPIC = Topic("traffic", FACTS, compile_traffic, by_plan=False)
