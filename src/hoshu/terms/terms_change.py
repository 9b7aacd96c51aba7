"""terms_change: from when do changed terms count, and do they bind agreements that already run."""

from datetime import date, timedelta

from hoshu.catalog import Edition, Plan
from hoshu.dates import MINUTES_OF_DAY

from .facts import DATE, MOMENT, Fact, Facts, Refusal
from .sentences import said, said_moment
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "published": Fact("新しい版を公表した日", DATE),
    "supplied": Fact("新しい版を販売元へ渡した日", DATE),
    "set_effective": Fact("提供者が別に定めた適用日", DATE),
    "used": Fact("サービスを使った日時", MOMENT),
}

# Where both were on one day, it was published.
_KNOWN_BY = {"supplied": "販売元へ渡した", "published": "公表した"}


def compile_terms_change(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.terms_change
    assert terms is not None
    after, by_use = timedelta(days=terms.effective_after_days), terms.binds_by_use
    chosen = min if terms.counted_from == "first" else max
    # The period's own days are over when the first day of the new terms begins (民法 141条).
    over = f"{terms.effective_after_days - 1}日が過ぎた日の" if terms.effective_after_days else ""
    law = "民法 140条・141条" if terms.effective_after_days else None
    bound = (
        "すでに始まっている契約にも使います。"
        if terms.binds_existing
        else "すでに登録された契約は、承諾した時の版のままです。"
    )

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        days: dict[date, str] = {day: how for name, how in _KNOWN_BY.items() if (day := facts.get(name)) is not None}
        if not days:
            raise Refusal("published", f"{FACTS['published'].label}がありません。{DATE.wanted}")
        made_known = chosen(days)
        effective: date | None = facts.get("set_effective")
        if effective is None:
            effective = made_known + after
            version = f"{said[made_known]}に{days[made_known]}版"
            text = f"{version}は、{over}{said[effective]}以降の新しい登録に使います。{bound}"
            found = reasons(terms.effective, text, law)
        elif effective < min(days):
            how = days[min(days)]
            text = f"別に定めた適用日が、{how}日より前です。日付を直すか、担当者の承認を受けてください。"
            raise Refusal("set_effective", text)
        else:
            text = f"{said[effective]}からと別に定めたため、その日以降の新しい登録に使います。{bound}"
            found = reasons(terms.effective, text)
        answer: Answer = {"effective": effective.isoformat(), "binds_existing": terms.binds_existing}
        if by_use is not None:
            answer["consented"], text = _by_use(facts.get("used"), effective)
            found += reasons(by_use, text)
        if trace is not None:
            trace.step("新しい版を知らせた日", made_known, terms.effective)
            trace.step("新しい版を使い始める日", effective, terms.effective)
        return answer, found

    return decide


def _by_use(used: int | None, effective: date) -> tuple[bool | None, str]:
    """MM-DOC-04: whether a use of the service means consent to the new terms; without one nobody has agreed so far."""
    if used is None:
        return None, f"{said[effective]}以降に使うと、新しい版に同意したことになります。"
    if used < effective.toordinal() * MINUTES_OF_DAY:
        return False, f"{said_moment(used)}はまだ前の版の期間なので、新しい版への同意にはなりません。"
    return True, f"新しい版になった後の{said_moment(used)}に使ったため、新しい版に同意したことになります。"


TOPIC = Topic("terms_change", FACTS, compile_terms_change, by_plan=False)
