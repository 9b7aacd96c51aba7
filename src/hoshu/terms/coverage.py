"""coverage: from when to when is this unit served."""

from datetime import date, timedelta

from hoshu.catalog import Cap, CoverageTerms, Edition, Origin, Plan, Rule
from hoshu.dates import elapsed, extend_years, month_end, within_years

from .facts import COUNT, DATE, MOMENT, TEXT, Fact, Facts, Lookup, Refusal, choice
from .sentences import iso, said
from .topic import Answer, Decider, Reason, Topic, Trace, also, head, needed, reasons
from .vocabulary import shared


def compile_coverage(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.coverage
    assert terms is not None
    assert plan is not None
    years = plan.years or 0
    purchase, *other_origins = terms.origin
    later_origins = [(origin, timedelta(days=origin.plus_days), head(origin)) for origin in other_origins]
    to_month_end = terms.elapsed.rounding == "month_end"
    kit = terms.kit

    counted, ends = head(purchase), head(terms.elapsed, "民法 143条2項")
    starts, starts_also, stopped = head(terms.start), also(terms.start), head(terms.ended_early)
    capped = [(cap, head(cap, "民法 140条・143条2項")) for cap in terms.cap]
    counted_text, no_purchase = f"提供期間は、{purchase.label}の", f"{purchase.label}がありません。{DATE.wanted}"

    def count_years(counted_from: date) -> tuple[date, date, str]:
        """IX-COV-02: the day on which the years have elapsed, the last day, and why."""
        elapsed_on = elapsed(counted_from, years)
        end = month_end(elapsed_on) if to_month_end else elapsed_on
        of_month = f"で、その月の末日の{said[end]}" if to_month_end else ""
        text = f"{said[counted_from]}から{years}年が経過した日は{said[elapsed_on]}{of_month}が満了日です。"
        return elapsed_on, end, text

    years_from = Lookup(count_years)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        found: list[Reason] = []

        # Where the years are counted from: the purchase, or another day that is earlier.
        purchased: date
        if purchase.unproven is not None and facts.get("purchase_proof") is False:
            basis, purchased = purchase.unproven, _unproven_purchase(purchase, facts, found)
        else:
            basis, purchased = "proof", facts.get("purchased") or needed(facts, "purchased", no_purchase)
        counted_from, chosen = purchased, purchase
        reason = {**counted, "text": f"{counted_text}{said[purchased]}から数えます。"}
        for origin, plus, origin_head in later_origins:
            day = facts.get(origin.fact)
            if day is not None and day + plus < counted_from:
                counted_from, chosen = day + plus, origin
                text = (
                    f"{origin.label}の{said[counted_from]}が購入日の{said[purchased]}より早いので、その日から数えます。"
                )
                reason = {**origin_head, "text": text}
        found.append(reason)

        # When they end, with the extensions bought.
        elapsed_on, natural_end, text = years_from[counted_from]
        end = extended_end = natural_end
        found.append({**ends, "text": text})
        if kit is not None and (kits := facts.get(kit.fact)):
            for _ in range(kits):
                end = extend_years(end, kit.years)
            extended_end = end
            text = f"延長キット{kits}個により、満了日の翌日から{kits * kit.years}年延びて、{said[end]}までです。"
            found.append({**head(kit, "民法 143条2項"), "text": text})

        # What cuts them short.
        cap_name: str | None = None
        for cap, cap_head in capped:
            limit = limit_of(cap, facts)
            if limit is not None and limit < end:
                end, cap_name = limit, cap.name
                text = f"{_limit_text(cap, facts, limit)}が{cap.limit_label}のため、提供はその日までです。"
                found.append({**cap_head, "text": text})
        stopped_on = facts.get("ended_early")
        if stopped_on is not None and stopped_on < end:
            end, cap_name = stopped_on, "ended_early"
            found.append({**stopped, "text": f"途中で終了したため、提供は{said[end]}までです。"})

        # From when they are served.
        registered: date = facts["registered"]
        start = registered if registered > purchased else purchased
        if start <= end:
            text = f"登録完了のお知らせを送った{said[registered]}からご利用いただけます。"
            if start != registered:
                text = f"登録は済んでいますので、購入日の{said[start]}からご利用いただけます。"
        else:
            first = "登録が済む" if start == registered else "購入日の"
            text = f"{first}{said[start]}には提供期間が終わっており、ご利用いただける日は残っていません。"
        found.append({**starts, "text": text})
        found += starts_also

        if trace is not None:
            trace.step("年数の起点", counted_from, chosen)
            trace.step(f"{years}年が経過した日", elapsed_on, terms.elapsed)
            trace.step("年数の満了日", natural_end, terms.elapsed)
            if kit is not None and extended_end != natural_end:
                trace.step("延長後の満了日", extended_end, kit)
            trace.step("ご利用の開始日", start, terms.start)
            ended_by: dict[str | None, Rule] = {None: terms.elapsed, "ended_early": terms.ended_early}
            ended_by |= {cap.name: cap for cap in terms.cap}
            trace.step("サポート満了日", end, ended_by[cap_name])
            _explain_losers(terms, facts, trace, purchased, chosen, cap_name)

        served = start <= end
        return {
            "counted_from": iso[counted_from],
            "start": iso[start] if served else None,
            "end": iso[end] if served else None,
            "cap": cap_name,
            "purchase_basis": basis,
            "days_used": (start - counted_from).days if served else None,
        }, found

    return decide


def _unproven_purchase(purchase: Origin, facts: Facts, found: list[Reason]) -> date:
    """IX-COV-03: without proof of the purchase, the day the provider shipped the unit stands in."""
    assert purchase.unproven is not None
    assert purchase.unproven_rule is not None
    label = purchase.unproven_label
    why = f"{purchase.label}の証明がないときは、{label}を指定してください。"
    shipped: date = needed(facts, purchase.unproven, why)
    text = f"{purchase.label}の証明がないため、{label}の{said[shipped]}を{purchase.label}とみなします。"
    found += reasons(purchase.unproven_rule, text)
    return shipped


_within_years = Lookup[tuple[date, int], date](lambda event_and_years: within_years(*event_and_years))


def limit_of(cap: Cap, facts: Facts) -> date | None:
    """IX-COV-05: the last day within years of an event, past which nothing is served; a recorded day prevails."""
    event: date | None = facts.get(cap.fact)
    recorded: date | None = facts.get(cap.recorded)
    if recorded is None:
        return None if event is None else _within_years[event, cap.years]
    if event is not None and recorded < event:
        raise Refusal(cap.recorded, f"{cap.limit_label}が{cap.label}より前です。どちらかの日付を直してください。")
    return recorded


def _limit_text(cap: Cap, facts: Facts, limit: date) -> str:
    if facts.get(cap.recorded) is not None:
        return f"定められた{said[limit]}"
    return f"{cap.label}の{said[facts[cap.fact]]}から{cap.years}年の{said[limit]}"


def _explain_losers(
    terms: CoverageTerms, facts: Facts, trace: Trace, purchased: date, chosen: Origin, cap_name: str | None
) -> None:
    """What was looked at and did not move a date."""
    for origin in terms.origin[1:]:
        day = facts.get(origin.fact)
        if day is not None and origin is not chosen:
            later = said[day + timedelta(days=origin.plus_days)]
            trace.lost(
                origin, f"{origin.label}の{later}は購入日の{said[purchased]}より早くないので、起点になりません。"
            )
    if chosen is not terms.origin[0]:
        trace.lost(
            terms.origin[0], f"購入日の{said[purchased]}は起点になりません。{chosen.label}のほうが早いためです。"
        )
    for cap in terms.cap:
        limit = limit_of(cap, facts)
        if limit is not None and cap_name != cap.name:
            trace.lost(
                cap, f"{cap.limit_label}は{_limit_text(cap, facts, limit)}で、提供期間はそれより後に及びません。"
            )
    unmoving = [fact.label for name, fact in FACTS.items() if name in _UNMOVING and facts.get(name) is not None]
    if unmoving:
        trace.lost(terms.unmoved, f"{'・'.join(unmoving)}は、満了日を動かしません。")


_UNMOVING = ("pack_purchased", "application_received", "card_received", "registered")

FACTS = shared(
    "purchased",
    "purchase_proof",
    "shipped",
    "registered",
    "card_deadline",
    "card_received",
    "pack_purchased",
    "application_received",
    "end_of_sale",
    "support_limit",
    "extension_kits",
    "ended_early",
)

ELSEWHERE = {
    "inspected": Fact("対象機器の検収日", DATE),
    "pack_inspected": Fact("ライセンスの検収日", DATE),
    "production_ended": Fact("生産終了日", DATE),
    "parts_until": Fact("部品の保有期限", DATE),
    "warranty_years": Fact("保証の年数", COUNT),
    "warranty_printed": Fact("保証書の年月", TEXT),
    "ended_part": Fact("途中で終わった範囲", choice("all", "hardware", "software")),
    "accepted": Fact("承諾の日時", MOMENT),
    "ends": Fact("終わる日時", MOMENT),
    "contract_start": Fact("契約の開始日", DATE),
    "cancelled": Fact("解約日", DATE),
    "initial_set": Fact("初期設定の日時", MOMENT),
}

TOPIC = Topic("coverage", FACTS, compile_coverage, elsewhere=ELSEWHERE, by_service=True)
