"""handover: what is done with data or prints that may contain personal numbers (個人番号)."""

from hoshu.catalog import Edition, Plan, Said

from .facts import BOOL, MOMENT, Fact, Facts, Refusal, choice
from .sentences import said_moment
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "kind": Fact("受け取るもの", choice("upload", "print", "dump")),
    "declared": Fact("個人番号を含むかの申告", choice("yes", "no")),
    "prior_notice": Fact("個人番号を含むと知らせを受けた日時", MOMENT),
    "received": Fact("受け取った日時", MOMENT),
    "found": Fact("個人番号が見つかった日時", MOMENT),
    "needed_now": Fact("申告を重ねて伺い、いま必要か", BOOL),
}


def compile_handover(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.handover
    assert terms is not None

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        notice, received, found = facts.get("prior_notice"), facts.get("received"), facts.get("found")
        if found is not None and received is not None and found < received:
            raise Refusal("found", "見つかった日時が受け取った日時より前です。どちらかの日時を直してください。")
        kind, declared = facts["kind"], facts.get("declared")
        is_before = notice is not None and (received is None or notice < received)
        unanswered = declared is None and kind in terms.asked and facts.get("needed_now") is not True
        if trace is not None and not is_before:
            why = "事前の知らせがない" if notice is None else f"知らせが{said_moment(notice)}で、受け取りより前でない"
            trace.lost(terms.noticed, f"{why}ため、知らせを受けたときの扱いにはしません。")

        if found is not None:
            return _treat("stop", terms.found)
        if declared == "yes" or is_before:
            return _treat(terms.noticed.treatment, terms.noticed)
        if unanswered and notice is None:
            return _treat("hold_unopened", terms.unanswered)
        text = terms.unnoticed.says if notice is None else terms.unnoticed.late_says
        reason = reasons(terms.unnoticed, text)
        if kind == "dump":
            reason += reasons(terms.dump, terms.dump.says)
        return {"treatment": "accept"}, reason

    return decide


def _treat(treatment: str, rule: Said) -> tuple[Answer, list[Reason]]:
    return {"treatment": treatment}, reasons(rule, rule.says)


TOPIC = Topic("handover", FACTS, compile_handover, by_plan=False)
