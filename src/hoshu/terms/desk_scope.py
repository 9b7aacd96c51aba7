"""desk_scope: does the desk answer this inquiry, for this person."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, TEXT, Fact, Facts, Kind, Refusal, choice, quoted
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons

FACTS = {
    "subject": Fact("問合せの分類", Kind(TEXT.read, "「IN-01」のような、分類の番号で指定してください。")),
    "requester": Fact("問い合わせた人", choice("administrator", "unregistered", "unknown")),
    "contract_active": Fact("契約が続いているか", BOOL),
    "reason": Fact("範囲外とする理由の記録の有無", BOOL),
    "approver": Fact("承認者の記録の有無", BOOL),
}


def compile_desk_scope(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.desk_scope
    assert terms is not None
    subjects = {subject.code: subject for subject in terms.subject}
    scopes = {
        subject.code: {
            **head(subject),
            "text": f"「{subject.label}」は、相談窓口の対応範囲です。"
            if subject.in_scope
            else subject.answer or f"「{subject.label}」は、{subject.clause}により相談窓口ではお受けできません。",
        }
        for subject in terms.subject
    }

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        code: str = facts["subject"]
        subject = subjects.get(code)
        if subject is None:
            raise Refusal("subject", f"{quoted(code)}という分類はありません。分類の一覧から選んでください。")
        needs = [name for name in subject.needs if facts.get(name) is not True]
        found = [scopes[code].copy()]
        if needs:
            found += reasons(terms.recorded, terms.recorded.says)
        allowed = subject.in_scope
        if allowed:
            allowed, missing, why = _may(facts, subject.after_end, subject.needs_after_end)
            needs += missing
            found += why
        if trace is not None and not subject.in_scope:
            trace.lost(terms.administrator, "範囲外の問合せのため、だれからの問合せかは結果を変えません。")
        return {"in_scope": subject.in_scope, "allowed": allowed, "needs": needs}, found

    def _may(facts: Facts, after_end: bool, needs_after_end: tuple[str, ...]) -> tuple[bool, list[str], list[Reason]]:
        """MM-DSK-05: whether this person may be served, what is missing, and why."""
        requester = facts["requester"]
        if requester == "unknown":
            return False, ["verification"], reasons(terms.unknown, terms.unknown.says)
        if requester == "unregistered":
            return False, ["administrator"], reasons(terms.unregistered, terms.unregistered.says)
        if facts.get("contract_active") is False:
            if after_end:
                return True, list(needs_after_end), reasons(terms.ended_served, terms.ended_served.says)
            return False, [], reasons(terms.ended, terms.ended.says)
        return True, [], reasons(terms.administrator, terms.administrator.says)

    return decide


TOPIC = Topic("desk_scope", FACTS, compile_desk_scope, by_plan=False)
