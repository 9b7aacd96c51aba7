"""traffic: is what passes between these two ports inspected."""

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
    paths = {(sender, receiver) for sender, receivers in terms.inspected.items() for receiver in receivers}
    protocols = terms.inspected_protocols
    table_only = terms.table_only
    disputed = set() if table_only is None else {(sender, receiver) for sender, receiver in table_only.paths}
    only_these = f"検査するのは{'・'.join(protocols.values())}の通信だけのため、"

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        path = sender, receiver = facts["from"], facts["to"]
        for field, port in (("from", sender), ("to", receiver)):
            if port not in names:
                raise Refusal(field, f"{quoted(port)}というポートはありません。{'、'.join(names)} から選んでください。")
        protocol = facts.get("protocol") or "ipv4"
        inspected = False
        if facts.get("through_utm") is False:
            found = reasons(terms.through_unit, f"{terms.unit}を通らない通信は、検査の対象外です。")
        elif protocol.lower() not in protocols:
            found = reasons(terms.protocols, f"{only_these}{quoted(protocol)}の通信は対象外です。")
        else:
            inspected = path in paths
            text = f"{names[sender]}から{names[receiver]}への通信は、検査の{'対象' if inspected else '対象外'}です。"
            found = reasons(terms.paths, text)
            if path in disputed and table_only is not None:
                found += reasons(table_only, table_only.says)
        if trace is not None and found[0]["rule"] != terms.paths.rule:
            trace.lost(terms.paths, "検査する通信の条件に合わないため、ポートの組み合わせは見ません。")
        return {"inspected": inspected}, found

    return decide


TOPIC = Topic("traffic", FACTS, compile_traffic, by_plan=False)
