"""contact: may this connection between a unit and the centre be opened, and may this be answered over it."""

from hoshu.catalog import Edition, Plan

from .facts import TEXT, Fact, Facts, choice, list_of
from .topic import Answer, Decider, Reason, Topic, Trace, needed, reasons

FACTS = {
    "initiated_by": Fact("接続を始める側", choice("device", "centre")),
    "destination": Fact("接続先の指定のしかた", choice("fqdn", "address")),
    "answer_keys": Fact("応答に入れる項目", list_of(TEXT)),
}


def compile_contact(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.contact
    assert terms is not None
    answerable = frozenset(terms.answer.keys)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        refused = [key for key in facts.get("answer_keys") or () if key not in answerable]
        if facts["initiated_by"] == "centre":
            text = "センターから機器へは、どのような目的でも接続しません。"
            return {"allowed": False, "refused_keys": refused}, reasons(terms.from_unit, text)
        if needed(facts, "destination", "接続先を、名前（fqdn）か番地（address）で指定してください。") == "address":
            text = "接続先は名前（FQDN）で指定します。IPアドレスでは指定できません。"
            return {"allowed": False, "refused_keys": refused}, reasons(terms.by_name, text)
        if refused:
            text = f"応答の{len(refused)}項目は、機器への応答に入れられる項目にないため、送れません。"
            return {"allowed": False, "refused_keys": refused}, reasons(terms.answer, text)
        found = reasons(terms.from_unit, "機器から始める接続のため、受け付けます。")
        if trace is not None:
            trace.lost(terms.by_name, "接続先が名前（FQDN）で指定されています。")
            trace.lost(terms.answer, "応答に、入れられない項目はありません。")
        return {"allowed": True, "refused_keys": []}, found

    return decide


TOPIC = Topic("contact", FACTS, compile_contact, by_plan=False)
