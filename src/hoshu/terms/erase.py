"""erase: is data of this kind destroyed now that the use has ended, and if it is held, from when."""

from datetime import date, timedelta

from hoshu.catalog import Edition, Plan

from .facts import DATE, TEXT, Fact, Facts, Refusal, quoted
from .holds import HOLDS, held
from .sentences import said, written
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, reasons

_ONE_DAY = timedelta(days=1)

FACTS = {
    "usable_until": Fact("利用できる最後の日", DATE),
    "on": Fact("判断する日", DATE),
    "kind": Fact("情報の種類", TEXT),
    "holds": HOLDS,
}


def compile_erase(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.erase
    assert terms is not None
    backups = terms.backups
    kinds = {kind.code: kind for kind in terms.kind}
    holds = {hold.code: hold for hold in terms.hold}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        end: date = facts["usable_until"]
        on: date = facts["on"]
        kind = kinds.get(facts["kind"])
        if kind is None:
            raise Refusal(
                "kind", f"{quoted(facts['kind'])}という種類はありません。{'、'.join(kinds)} から選んでください。"
            )
        # A hold that ends while the service is still used delays nothing.
        delaying = [hold for hold in held(facts, holds, terms.held) if hold.until is None or hold.until > end]
        lasts = [end, *(hold.until for hold in delaying)]
        if not kind.destroyed:
            lasts.append(None)
        known = [last for last in lasts if last is not None]
        kept_until = max(known) if len(known) == len(lasts) else None
        destroy_from = None if kept_until is None else kept_until + _ONE_DAY
        backups_by = None if kept_until is None else backups.last_day(kept_until, CALENDAR)
        destroy = destroy_from is not None and on >= destroy_from

        found = reasons(kind, kind.says)
        if on <= end:
            found += reasons(terms.end_of_use, f"{said[end]}までは利用できるため、それより前には消しません。")
        elif not delaying and kind.destroyed:
            found += reasons(terms.end_of_use, f"利用が{said[end]}に終わったため、{kind.name}を消します。")
        for hold in delaying:
            found += hold.says()
        if backups_by is not None:
            text = f"控え（バックアップ）に残る分も、{said[backups_by]}までに消します。"
            found += reasons(backups, text, backups.law)
        if trace is not None:
            trace.step("利用できる最後の日", end, terms.end_of_use)
            if kept_until is not None:
                trace.period("backups_by", backups, kept_until)
            if destroy_from is not None:
                trace.step("消す日", destroy_from, kind)
                trace.step("控えから消す期限", backups_by, backups)
            if on > end and not destroy:
                trace.lost(terms.end_of_use, "利用は終わりましたが、残す理由があるため、まだ消しません。")
        return {
            "destroy": destroy,
            "release": written(destroy_from) if delaying else None,
            "destroy_from": written(destroy_from),
            "backups_by": written(backups_by),
        }, found

    return decide


TOPIC = Topic("erase", FACTS, compile_erase, by_plan=False)
