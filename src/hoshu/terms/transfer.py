"""transfer: may the customer's position or its rights and duties pass to somebody else on this day."""

from datetime import date

from hoshu.catalog import Edition, Plan

from .facts import BOOL, DATE, Fact, Facts
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "effective": Fact("移転の日", DATE),
    "consent": Fact("承諾の日", DATE),
    "consent_written": Fact("書面による承諾かどうか", BOOL),
    "by_law": Fact("合併など法律による承継かどうか", BOOL),
}


def compile_transfer(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.transfer
    assert terms is not None

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        effective: date = facts["effective"]
        consent: date | None = facts.get("consent")
        allowed: bool | None
        if terms.possible == "never" and not facts.get("by_law"):
            allowed, text = False, "ほかの会社や団体、人へは移せません。新しい利用者が契約をお申し込みください。"
        else:
            allowed, text = _judged(effective, consent, facts)
        if trace is not None:
            trace.step("承諾の日", consent, terms.consent)
            trace.step("移転の日", effective, terms.consent)
        return {"allowed": allowed}, reasons(terms.consent, text)

    return decide


def _judged(effective: date, consent: date | None, facts: Facts) -> tuple[bool | None, str]:
    """Written consent comes before the transfer; on its very day it still can, and the records show the hour."""
    if facts.get("by_law"):
        return None, "合併など法律による承継は定めがないため、担当者が判断します。"
    if consent is None:
        return False, "書面による承諾の記録がないため、移転をお受けできません。先に承諾を受けてください。"
    if consent > effective:
        text = f"承諾の{said[consent]}が移転の{said[effective]}より後です。移転の日を承諾より後に直してください。"
        return False, text
    written = facts.get("consent_written")
    if written is None:
        return None, f"{said[consent]}の承諾が書面によるものか、担当者が確かめます。"
    if not written:
        return False, f"{said[consent]}の承諾は書面によるものではないため、移転をお受けできません。"
    return True, f"{said[consent]}に書面で承諾を受けているため、{said[effective]}から移転できます。"


TOPIC = Topic("transfer", FACTS, compile_transfer, by_plan=False)
