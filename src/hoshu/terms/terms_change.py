"""terms_change: from when do changed terms count, and do they bind agreements that already run."""

from datetime import date, timedelta

from hoshu.catalog import Edition, Plan

from .facts import DATE, Fact, Facts
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {"published": Fact("新しい版を公表した日", DATE)}


def compile_terms_change(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.terms_change
    assert terms is not None

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        published: date = facts["published"]
        effective = published + timedelta(days=terms.effective_after_days)
        text = f"{said[published]}に公表した版は、{said[effective]}以降の新しい登録に使います。"
        text += (
            "すでに登録された契約にも使います。"
            if terms.binds_existing
            else "すでに登録された契約は、承諾した時の版のままです。"
        )
        if trace is not None:
            trace.step("新しい版を使い始める日", effective, terms.effective)
        answer = {"effective": effective.isoformat(), "binds_existing": terms.binds_existing}
        return answer, reasons(terms.effective, text)

    return decide


TOPIC = Topic("terms_change", FACTS, compile_terms_change, by_plan=False)
