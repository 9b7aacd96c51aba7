"""billing: which months are charged, from when and until when."""

from datetime import date
from typing import Any

from hoshu.catalog import Edition, Plan
from hoshu.dates import month_end

from .facts import DATE, YEN, Fact, Facts, Refusal, list_of
from .months import MONTH, first_of, month_of, said_month, written_month
from .sentences import iso, said
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons

_MOST_MONTHS = 1200
"""A century: a longer list is a mistyped year."""

FACTS = {
    "contract_start": Fact("契約開始日", DATE),
    "accepted": Fact("申し込みを受理した日", DATE),
    "cancelled": Fact("解約する日", DATE),
    "cancellation_received": Fact("解約の申し出を受けた日", DATE),
    "free_months": Fact("無償の月", list_of(MONTH)),
    "outage_months": Fact("故障や保守で使えなかった月", list_of(MONTH)),
    "until": Fact("いつの月までか", MONTH),
    "monthly_yen": Fact("月額の利用料", YEN),
}


def compile_billing(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.billing
    assert terms is not None
    after, last_head = terms.first_month.months_after, head(terms.last)
    first_head, whole_head = head(terms.first_month), head(terms.whole_months)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        start: date = facts["contract_start"]
        cancelled: date | None = facts.get("cancelled")
        _check(facts, start, cancelled)
        first, last = month_of(start) + after, _last(facts, start, cancelled)
        free = frozenset(facts.get("free_months") or ())
        if last - first >= _MOST_MONTHS:
            field = "until" if facts.get("until") is not None else "cancelled"
            raise Refusal(field, f"契約開始日から{_MOST_MONTHS // 12}年を超えています。年月を直してください。")
        months = range(first, last + 1)
        free_found = sorted(free.intersection(months))
        charged = [month for month in months if month not in free] if free_found else [*months]
        begins = first
        while begins in free:
            begins += 1
        usable = None if cancelled is None else month_end(cancelled)
        never = usable is not None and begins > month_of(usable)

        text = f"料金の対象は、契約開始日の{said[start]}から数えて、{said[first_of[first]]}からです。"
        found = [{**first_head, "text": text}]
        if free_found:
            text = f"{'、'.join(said_month[month] for month in free_found)}は無償のため、料金がかかりません。"
            found += reasons(terms.free, text)
        if cancelled is not None:
            text = f"{said[cancelled]}の解約では、月末の{said[month_end(cancelled)]}まで使えます。"
            found.append({**last_head, "text": text})
            if never:
                found.append({**whole_head, "text": "料金がかかり始める前に終わるため、料金はかかりません。"})
        if charged:
            text = f"料金は月単位で{len(charged)}か月分です。日割りはなく、お返しもありません。"
            found.append({**whole_head, "text": text})
        if despite := sorted(set(facts.get("outage_months") or ()).intersection(charged)):
            text = f"{'、'.join(map(said_month.__getitem__, despite))}は、使えない間があっても料金がかかります。"
            found += reasons(terms.despite_outage, text)
        if trace is not None:
            trace.step("料金がかかり始める日", first_of[first], terms.first_month)
            trace.step("使える最後の日", usable, terms.last)
            if not facts.get("outage_months"):
                trace.lost(terms.despite_outage, "使えなかった月が示されていないため、故障の間の定めは使いません。")
        price = facts.get("monthly_yen")
        return {
            "first_billed": None if never else iso[first_of[begins]],
            "usable_until": usable and iso[usable],
            "months": [*map(written_month.__getitem__, charged)],
            "free": [*map(written_month.__getitem__, free_found)],
            "total_yen": None if price is None else price * len(charged),
        }, found

    def _check(facts: Facts, start: date, cancelled: date | None) -> None:
        accepted, told = facts.get("accepted"), facts.get("cancellation_received")
        if accepted is not None and start < accepted:
            where = terms.not_before_acceptance.clause
            text = f"契約開始日が受理した日より前です（{where}）。どちらかの日付を直してください。"
            raise Refusal("contract_start", text)
        if cancelled is None:
            return
        if cancelled < start:
            raise Refusal("cancelled", "解約する日が契約開始日より前です。どちらかの日付を直してください。")
        if told is not None and cancelled < told:
            where = terms.not_backdated.clause
            text = f"解約する日は、申し出を受けた日より前にできません（{where}）。どちらかの日付を直してください。"
            raise Refusal("cancelled", text)

    return decide


def _last(facts: Facts, start: date, cancelled: date | None) -> int:
    """The last month that is looked at: that of the cancellation, or the one asked for where it is earlier."""
    until: Any = facts.get("until")
    if cancelled is None:
        if until is None:
            raise Refusal("until", "解約していない契約です。いつの月までかを「2025-12」のように指定してください。")
        last: int = until
    else:
        last = month_of(cancelled) if until is None else min(until, month_of(cancelled))
    if until is not None and until < month_of(start):
        raise Refusal("until", "契約開始日より前の月です。契約開始日の月か、そのあとの月を指定してください。")
    return last


TOPIC = Topic("billing", FACTS, compile_billing, by_plan=False)
