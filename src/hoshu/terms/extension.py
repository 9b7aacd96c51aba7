"""extension: can the coverage be lengthened on this day, and until when would it then run."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.dates import extend_years, months_before

from .coverage import limit_of
from .facts import DATE, Fact, Facts
from .sentences import said
from .topic import Answer, Decider, Reason, Topic, Trace, reasons
from .vocabulary import shared

FACTS = shared(
    "end_of_sale",
    "support_limit",
    on=Fact("購入する日", DATE),
    end=Fact("サポート満了日", DATE),
    production_ended=Fact("生産終了日", DATE),
    parts_until=Fact("部品の保有期限", DATE),
    kit_sales_stopped=Fact("延長キットの販売終了日", DATE),
)


def compile_extension(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.extension
    assert terms is not None
    assert edition.coverage is not None
    assert edition.coverage.kit is not None
    years = edition.coverage.kit.years
    caps = [cap for cap in edition.coverage.cap if cap.part is None]
    capped = terms.capped or terms.adds

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        on: date = facts["on"]
        end: date = facts["end"]
        opens = months_before(end, terms.opens_months)
        full = extend_years(end, years)
        limits = [(limit, cap.limit_label) for cap in caps if (limit := limit_of(cap, facts)) is not None]
        limit, cap_label = min(limits, default=(None, ""))
        new_end = full if limit is None or full < limit else limit
        if trace is not None:
            trace.step("販売を始める日", opens, terms.opens)
            trace.step(f"{years}年延ばした満了日", full, terms.adds)
            trace.step("延長後の満了日", new_end, capped if new_end < full else terms.adds)
            if limit is not None and limit >= full:
                trace.lost(capped, f"{cap_label}の{said[limit]}は延長後の満了日より前でないため、短くなりません。")

        def answer(buyable: bool, by_approval: bool, extended: bool = True) -> Answer:
            return {
                "buyable": buyable,
                "by_approval": by_approval,
                "from": opens.isoformat(),
                "new_end": new_end.isoformat() if extended else None,
            }

        stopped = facts.get("kit_sales_stopped")
        if limit is not None and limit <= end:
            text = f"{cap_label}の{said[limit]}を超えては延長できないため、延長キットは販売しません。"
            return answer(False, False, extended=False), reasons(capped, text, "民法 140条・143条2項")
        if stopped is not None and max(on, opens) > stopped:
            text = f"この機種の延長キットの販売は{said[stopped]}までのため、お求めいただけません。"
            return answer(False, False, extended=False), reasons(terms.stopped, text)
        if on < opens:
            text = f"延長キットは満了日の{terms.opens_months}か月前の{said[opens]}からお求めいただけます。"
            return answer(False, False), reasons(terms.opens, text)
        if on > new_end:
            text = f"延長しても{said[new_end]}までで、すでに過ぎているため、延長キットは販売しません。"
            return answer(False, False, extended=False), reasons(terms.adds, text, "民法 143条2項")

        # IX-EXT-01, IX-EXT-03: what is unusual about this sale, and whether the edition sells it nevertheless.
        found: list[Reason] = []
        sold: list[str] = []
        if on > end:
            sold.append(terms.after_end)
            text = f"満了日の{said[end]}を過ぎているため、延長キットの購入には個別の承認が必要です。"
            if terms.after_end == "no":
                text = f"満了日の{said[end]}を過ぎているため、延長キットは販売しません。"
            found += reasons(terms.opens, text)
        if new_end < full:
            sold.append(terms.shortened_sold)
            text = f"{cap_label}のため、{years}年に満たない{said[new_end]}までの延長になります。"
            if terms.shortened_sold == "by_approval":
                text += "販売するかどうかは担当者が判断します。"
            found += reasons(capped, text, "民法 140条・143条2項")
        else:
            found += reasons(terms.adds, f"延長すると、提供は{said[new_end]}までです。", "民法 143条2項")
        if any(how != "yes" for how in sold):
            return answer(False, "no" not in sold), found
        text = f"延長キットは{said[opens]}から満了日の{said[end]}までお求めいただけます。"
        return answer(True, False), [*reasons(terms.opens, text), *found]

    return decide


TOPIC = Topic("extension", FACTS, compile_extension, by_plan=False)
