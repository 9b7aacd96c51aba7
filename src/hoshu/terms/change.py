"""change: may the registered content be changed, and by when must the change be notified."""

from collections import Counter
from datetime import date
from typing import Any

from hoshu.catalog import ChangeKind, ChangeTerms, DaysAhead, Edition, LateNotice, Plan
from hoshu.dates import before, days_before, within_days

from .facts import BOOL, COUNT, DATE, TEXT, Fact, Facts, Kind, Refusal, choice, list_of, record, whole_number
from .sentences import said
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, reasons

_CODE = Fact("オプションの型番", TEXT)

KINDS = (
    "site",
    "options",
    "contact",
    "customer",
    "addressees",
    "company_name",
    "address",
    "phone",
    "start_weekday",
    "unit",
    "hours",
    "service_days",
    "years",
    "suspend",
    "transfer",
    "other",
)

FACTS = {
    "kind": Fact("変更の種類", choice(*KINDS)),
    "requested": Fact("変更の届けが着いた日", DATE),
    "effective": Fact("変更の予定日", DATE),
    "new_site_in_japan": Fact("移転先が国内かどうか", BOOL),
    "new_legal_entity": Fact("法人が替わるかどうか", BOOL),
    "registered_options": Fact(
        "登録済みのオプション", list_of(record({"code": _CODE, "quantity": Fact("数量", COUNT)}))
    ),
    "option_lines": Fact(
        "変更カードのオプションの行",
        list_of(
            record(
                {"code": _CODE},
                {
                    "checked": Fact("変更有無の印", BOOL),
                    # A negative quantity refuses its line and not the card (IX-CHGF-03), so it is read.
                    "quantity": Fact("変更後の数量", Kind(whole_number(-10_000, 10_000), "整数で指定してください。")),
                },
            )
        ),
    ),
}


def compile_change(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.change
    assert terms is not None
    assert plan is not None
    kinds = {each.kind: each for each in terms.kind}
    has_start_weekday = edition.has_start_weekday(plan)
    notice, late = terms.notice, terms.late

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        kind = kinds.get(facts["kind"])
        if kind is None:
            raise Refusal("kind", f"このサービスで判断できる変更の種類は {'、'.join(kinds)} です。")
        allowed, found = _possible(kind)
        if allowed:
            allowed, found = _on_condition(terms, kind, facts, found)
        options: Answer = {}
        if kind.kind == "options" and (lines := facts.get("option_lines")):
            if terms.option_lines is None:
                raise Refusal("option_lines", "このサービスでは変更カードの行を使いません。この項目を外してください。")
            options, text = _options_after(facts.get("registered_options"), lines)
            allowed = allowed and len(options["refused_lines"]) < len(lines)
            found += reasons(terms.option_lines, text)
        if allowed and terms.how is not None and kind.at_desk:
            found += reasons(terms.how, terms.how.says)
        if notice is None or late is None:
            return {"allowed": allowed, **_NO_DAYS, **options}, found
        days, told = _in_time(notice, late, facts["requested"], facts["effective"], trace)
        return {"allowed": allowed, **days, **options}, found + told if allowed else found

    def _possible(kind: ChangeKind) -> tuple[bool, list[Reason]]:
        if kind.allowed and kind.run_of_days_only and not has_start_weekday:
            return False, reasons(kind, kind.otherwise_says)
        return kind.allowed, reasons(kind, kind.says)

    return decide


_NO_DAYS: Answer = {"in_time": None, "notify_by": None, "earliest_safe": None}
"""Where the terms fix no number of days."""


def _on_condition(terms: ChangeTerms, kind: ChangeKind, facts: Facts, found: list[Reason]) -> tuple[bool, list[Reason]]:
    """IX-CHG-03, MM-CND-03: a new site stays in Japan; a new name is a name of the same legal person."""
    if kind.kind == "site" and terms.in_japan is not None:
        if facts.get("new_site_in_japan") is False:
            return False, reasons(terms.in_japan, "移転先が国外のため、変更をお受けできません。")
        found += reasons(terms.in_japan, "移転先は国内に限ります。")
    if kind.kind == "company_name" and terms.same_entity is not None and facts.get("new_legal_entity"):
        text = "法人が替わるため、会社名の変更ではお受けできません。新しい法人で契約をお申し込みください。"
        return False, reasons(terms.same_entity, text)
    return True, found


def _in_time(
    notice: DaysAhead, late: LateNotice, requested: date, effective: date, trace: Trace | None
) -> tuple[Answer, list[Reason]]:
    """By when a change must be notified, and what it means where it is not. Late is never refused."""
    notify_by, earliest_safe = days_before(effective, notice.days), within_days(requested, notice.days)
    in_time = requested <= notify_by
    verdict = "期限に間に合っています" if in_time else "期限を過ぎています"
    text = f"{said[effective]}の変更の届け出は、{notice.days}日前の{said[notify_by]}までに着くことが必要で、{verdict}。"
    found = reasons(notice, text, "民法 140条・141条")
    if not in_time:
        text = f"届けが期限より遅いため、{said[earliest_safe]}より前の変更は間に合わないことがあります。"
        found += reasons(late, f"{text}{late.says}")
    if requested > effective:
        text = f"{said[effective]}を過ぎて届いたため、手続きが済んだ日からの変更とし、予定日を確かめます。"
        found += reasons(late, text)
    if trace is not None:
        trace.step("届け出の期限", notify_by, notice)
        trace.deadline("notify_by", before(effective, notice.days, CALENDAR))
        trace.step("確実に変更できる最も早い日", earliest_safe, late)
        if in_time:
            trace.lost(late, "届けが期限までに着いているため、遅れた届けの定めは使いません。")
    day_off = {} if CALENDAR.is_business_day(notify_by) else {"day_off": ["notify_by"]}
    return {
        "in_time": in_time,
        "notify_by": notify_by.isoformat(),
        "earliest_safe": earliest_safe.isoformat(),
        **day_off,
    }, found


def _options_after(registered: Any, lines: Any) -> tuple[Answer, str]:
    """第2章 2.(2)③: the options after the change, the lines to ask about, and the lines refused.

    A registered option changes where its line is checked and has a quantity; zero removes it. A line for an option that
    is not registered adds it. Without `registered_options` nobody can tell the two apart, and no list is given.
    """
    before = None if registered is None else {each["code"]: each["quantity"] for each in registered}
    after = dict(before or {})
    inquiries: list[str] = []
    refused: list[str] = []
    times = Counter(line["code"] for line in lines)
    for line in lines:
        code, quantity = line["code"], line["quantity"]
        added = before is not None and code not in before
        changes = added or line["checked"] is True
        if quantity is not None and quantity < (1 if added else 0):
            refused.append(code)
        elif times[code] > 1 or changes != (quantity is not None):
            inquiries.append(code)
        elif quantity is not None:
            after[code] = quantity
    inquiries = list(dict.fromkeys(inquiries))
    answer: Answer = {
        "options": None if before is None else [{"code": code, "quantity": n} for code, n in after.items() if n],
        "inquiries": inquiries,
        "refused_lines": refused,
    }
    parts = []
    if inquiries:
        parts.append(f"{'・'.join(inquiries)}は、印と数量が一つずつそろっていないためお尋ねし、それまで変えません")
    if refused:
        parts.append(f"{'・'.join(refused)}は、数量が正しくないためお受けできません")
    if not parts:
        parts.append(
            "登録済みのオプションと同じです" if after == before else "オプションは変更カードのとおりに変わります"
        )
    return answer, "。".join(parts) + "。"


TOPIC = Topic("change", FACTS, compile_change)
