"""rating: which level does a mail about these alerts show, and does a second mail with a result follow."""

from collections.abc import Callable

from hoshu.catalog import Edition, Plan

from .facts import TEXT, Fact, Facts, Refusal, list_of, quoted
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {"alerts": Fact("アラートの重要度", list_of(TEXT))}


def compile_rating(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.rating
    assert terms is not None
    levels = edition.alert_level
    rank_of = ranks(edition)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        alerts: tuple[str, ...] = facts["alerts"]
        if not alerts:
            raise Refusal("alerts", "アラートがありません。重要度を1件以上指定してください。")
        present = sorted({rank_of(code) for code in alerts})
        level = levels[present[0]]
        found = reasons(level, level.says)
        if len(present) > 1:
            text = f"1通にまとめる{len(alerts)}件のうち、最も高い重要度の「{level.name}」を件名に示します。"
            found += reasons(terms.highest, text)
        unsettled = [levels[rank] for rank in present if levels[rank].result_follows]
        for each in unsettled:
            place = "" if each is level else f"「{level.name}」より低いものとして扱い、"
            found += reasons(
                terms.result, f"「{each.name}」は{place}調査が済みしだい、結果を別のメールでお知らせします。"
            )
        if trace is not None:
            for lower in (levels[rank] for rank in present[1:]):
                trace.lost(lower, f"より高い「{level.name}」があるため、「{lower.name}」は件名に示しません。")
        return {"mail": level.code, "stars": level.stars, "follow_up": bool(unsettled)}, found

    return decide


def ranks(edition: Edition) -> Callable[[str], int]:
    """The rank of each level, 0 the highest; refuses a level that the edition does not know (field `alerts`)."""
    by_code = {level.code: rank for rank, level in enumerate(edition.alert_level)}

    def rank_of(code: str) -> int:
        rank = by_code.get(code)
        if rank is None:
            raise Refusal(
                "alerts", f"{quoted(code)}という重要度はありません。{'、'.join(by_code)} から選んでください。"
            )
        return rank

    return rank_of


TOPIC = Topic("rating", FACTS, compile_rating, by_plan=False)
