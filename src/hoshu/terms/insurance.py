"""insurance: is the call-out after this alert likely to be paid, by when must it begin, and who pays how much."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, NamedTuple

from hoshu.catalog import Edition, Plan
from hoshu.catalog.desk import Condition, ConditionKind, InsuranceTerms, StarRule
from hoshu.dates import MINUTES_OF_DAY, BusinessCalendar

from .facts import (
    BOOL,
    COUNT,
    DATE,
    TEXT,
    YEN,
    Fact,
    Facts,
    Kind,
    Lookup,
    Refusal,
    choice,
    list_of,
    quoted,
    record,
    whole_number,
)
from .instants import INSTANT, said_instant
from .months import MONTH, first_of, month_of
from .sentences import day_of, iso, said
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared

_SECONDS_OF_DAY = MINUTES_OF_DAY * 60

FACTS = shared(
    "closed_days",
    contract_start=Fact("契約開始日", DATE),
    alert=Fact("初めのアラートの日時", INSTANT),
    stars=Fact("アラートの★の数", Kind(whole_number(0, 3), "0から3までの整数で指定してください。")),
    promoted=Fact("保険の対象に改めると知らせた日時", INSTANT),
    at=Fact("判断する日時", INSTANT),
    mail_issued=Fact("重要アラートのメールを出したか", BOOL),
    free_months=Fact("無償の月", list_of(MONTH)),
    scan=Fact("フルスキャン", choice("done", "proof", "exempt", "none")),
    scan_finished=Fact("フルスキャンが終わった日時", INSTANT),
    requested=Fact("駆け付けの依頼を受けた日時", INSTANT),
    work_start=Fact("駆け付けの作業を始めた日時", INSTANT),
    recommended=Fact("調査を勧めたか", BOOL),
    operator_listed=Fact("紹介した業者の作業か", BOOL),
    calls_used=Fact("その保険期間に使った回数", COUNT),
    paid_yen=Fact("その保険期間に支払われた額", YEN),
    claim_mandate=Fact("請求の委任の有無", BOOL),
    receipt_mandate=Fact("受領の委任の有無", BOOL),
    claim_submitted=Fact("保険金を請求したか", BOOL),
    cost_yen=Fact("駆け付けの費用", YEN),
    lines=Fact("請求書の行", list_of(record({"kind": Fact("費用の種類", TEXT), "yen": Fact("金額", YEN)}))),
    known_before=Fact("前から知っていた出来事か", BOOL),
    crime=Fact("犯罪行為によるか", BOOL),
    violation=Fact("法令違反などを知っての行為か", BOOL),
    own_network=Fact("自ら使うネットワークか", BOOL),
    danger_evident=Fact("不正アクセスかそのおそれが明らかか", BOOL),
    still_needed=Fact("スキャンのあとも駆け付けが必要か", BOOL),
    doubts=Fact("疑いのある条件の番号", list_of(TEXT)),
    used_until=Fact("利用できる最後の日", DATE),
)

State = Literal["holds", "undecided", "curable", "fails"]
"""Of a condition: `curable` is known to fail as things stand, but can still be put right."""

_DOUBTFUL = frozenset(
    {"own_network", "danger_evident", "covered_cost", "not_known_before", "no_crime", "no_violation", "still_needed"}
)
"""Conditions that hold until the person who decides on them enters a doubt or a no."""


class _Case(NamedTuple):
    """An alert and its call-out, with what is reckoned from them before the conditions are looked at."""

    facts: Facts
    star: StarRule
    cause: date
    """The day that decides the period and the month."""
    entitled: int | None
    """The second at which the alert became one that is insured."""
    visit_by: date | None
    period: tuple[date, date] | None
    free: bool
    """Whether nothing was charged in the month of the cause."""
    covered_yen: int | None
    cost_yen: int | None
    calls: int
    """How often a call-out is paid in a period."""
    visit_fact: str


def compile_insurance(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.insurance
    assert terms is not None
    limits = terms.limits
    conditions = [(each, _STATES[each.of], head(each)) for each in terms.condition]
    doubtful = {each.code for each in terms.condition if each.of in _DOUBTFUL}
    star_heads = {star.stars: head(star) for star in terms.star}
    period_head, visit_head, limits_head = head(terms.period), head(terms.visit, terms.visit.law), head(limits)
    usual = Lookup(_last_open(terms.days.calendar()))
    reckon = _reckoner(terms)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        _check(facts, doubtful)
        case = reckon(facts)
        doubts = facts.get("doubts") or ()
        found = [{**star_heads[case.star.stars], "text": case.star.says}]
        if facts.get("promoted") is not None and case.entitled == facts["promoted"]:
            found += reasons(terms.promoted, said_instant(facts["promoted"]) + terms.promoted.says)
        failing: list[str] = []
        open_codes: list[str] = []
        why: list[Reason] = []
        why_open: list[Reason] = []
        final = False
        for condition, state_of, start in conditions:
            state = state_of(case)
            if state == "holds" and condition.code in doubts:
                state = "undecided"
            if state == "holds":
                if trace is not None:
                    trace.lost(condition, f"{condition.code}の条件は満たしています。")
                continue
            if state in ("fails", "curable"):
                failing.append(condition.code)
                why.append({**start, "text": condition.fails})
            final = final or state == "fails"
            if state != "fails":
                open_codes.append(condition.code)
                why_open.append({**start, "text": _waits(condition, case)})

        result = "not_payable" if final else "pending" if open_codes else "payable"
        found += why if final else why_open
        if case.period is not None:
            begins, ends = case.period
            text = f"保険の期間は、{said[begins]}の0時から{said[ends]}の24時までです。"
            found.append({**period_head, "text": text})
        last_desk_day: date | None = None
        if case.visit_by is not None:
            last_desk_day = _last_desk_day(case.visit_by, facts.get("closed_days"))
            text = f"駆け付けの作業は、{terms.visit.text}以内の{said[case.visit_by]}までに始める必要があります。"
            if last_desk_day < case.visit_by:
                text += f"それまでの相談窓口の最後の営業日は、{said[last_desk_day]}です。"
            found.append({**visit_head, "text": text})
        pays, customer = _shares(case, result, facts.get("paid_yen") or 0)
        if pays is not None and customer is not None:
            text = f"保険から支払われる見込みは{pays:,}円（1回{limits.yen_per_call:,}円まで）で、"
            found.append({**limits_head, "text": f"{text}お客様の負担は{customer:,}円です。"})
        text = {
            "payable": "すべての条件を満たす見込みです。支払いは保険会社が決めます。",
            "pending": "まだ決まらない条件があるため、保留です。支払いは保険会社が決めます。",
            "not_payable": "満たさない条件があるため、対象外の見込みです。",
        }[result]
        found += reasons(terms.expectation, text)
        if trace is not None:
            if case.period is not None:
                trace.step("保険の期間の初日", case.period[0], terms.period)
                trace.step("保険の期間の末日", case.period[1], terms.renewal)
            trace.step("駆け付けの期限", case.visit_by, terms.visit)
        off = case.visit_by is not None and not CALENDAR.is_business_day(case.visit_by)
        return {
            "result": result,
            "codes": failing if final else open_codes,
            "period": case.period and {"start": iso[case.period[0]], "end": iso[case.period[1]]},
            "visit_by": case.visit_by and iso[case.visit_by],
            "last_desk_day": last_desk_day and iso[last_desk_day],
            "pays_yen": pays,
            "customer_yen": customer,
            "uses_call": None if pays is None else pays > 0,
            **({"day_off": ["visit_by"]} if off else {}),
        }, found

    def _last_desk_day(visit_by: date, closed: tuple[date, ...] | None) -> date:
        return usual[visit_by] if closed is None else _last_open(terms.days.calendar(closed))(visit_by)

    def _waits(condition: Condition, case: _Case) -> str:
        """MM-INS-20: a listed operator that began before the desk was asked is left to a person."""
        facts = case.facts
        begun = facts.get("work_start") is not None and facts.get("operator_listed") is not None
        return terms.unrequested.says if condition.of == "operator_listed" and begun else condition.waits

    def _shares(case: _Case, result: str, paid: int) -> tuple[int | None, int | None]:
        """限度額: what the insurance is expected to pay, and what is left to the customer."""
        if case.covered_yen is None or case.cost_yen is None:
            return (0 if result == "not_payable" else None), None
        pays = 0
        if result != "not_payable":
            pays = min(case.covered_yen, limits.yen_per_call, max(limits.yen - paid, 0))
        return pays, case.cost_yen - pays

    return decide


def _reckoner(terms: InsuranceTerms) -> Callable[[Facts], _Case]:
    stars = {star.stars: star for star in terms.star}
    kinds = {cost.code: cost for cost in terms.cost}
    months, after = terms.period.months, terms.period.months_after_start
    visit_fact = "work_start" if terms.visit_counts == "work_start" else "requested"

    def reckon(facts: Facts) -> _Case:
        star = stars.get(facts["stars"])
        if star is None:
            raise Refusal("stars", f"このサービスの★の数は {'、'.join(map(str, stars))} です。")
        alert: int = facts["alert"]
        entitled = alert if star.entitled else facts.get("promoted") if terms.promoted.counts else None
        moment = alert if entitled is None or terms.period_of == "first_alert" else entitled
        cause = day_of[moment // _SECONDS_OF_DAY]
        visit_by = None
        if entitled is not None:
            visit_by = terms.visit.last_day(day_of[entitled // _SECONDS_OF_DAY], CALENDAR)
        first = month_of(facts["contract_start"])
        month = month_of(cause)
        covered, cost = _cost(facts)
        free = month < first + terms.charged.months_after or month in (facts.get("free_months") or ())
        period = _period(facts, month, first + after)
        return _Case(
            facts, star, cause, entitled, visit_by, period, free, covered, cost, terms.limits.calls, visit_fact
        )

    def _period(facts: Facts, month: int, first: int) -> tuple[date, date] | None:
        """保険責任期間: the period that holds a month. It renews itself only while the service is used."""
        if month < first:
            return None
        begins = first + (month - first) // months * months
        used_until: date | None = facts.get("used_until")
        if used_until is not None and used_until < first_of[begins]:
            return None
        return first_of[begins], day_of[first_of[begins + months].toordinal() - 1]

    def _cost(facts: Facts) -> tuple[int | None, int | None]:
        """補償する費用: what is covered of the cost, and the whole of it."""
        lines: Any = facts.get("lines")
        if lines is None:
            return facts.get("cost_yen"), facts.get("cost_yen")
        if facts.get("cost_yen") is not None:
            raise Refusal("lines", "費用は、合計か請求書の行のどちらか一つで指定してください。")
        for line in lines:
            if line["kind"] not in kinds:
                text = f"{quoted(line['kind'])}という費用の種類はありません。{'、'.join(kinds)} から選んでください。"
                raise Refusal("lines", text)
        covered = sum(line["yen"] for line in lines if kinds[line["kind"]].covered)
        return covered, sum(line["yen"] for line in lines)

    return reckon


def _check(facts: Facts, doubtful: set[str]) -> None:
    alert: int = facts["alert"]
    for name in ("promoted", "requested", "work_start"):
        if (moment := facts.get(name)) is not None and moment < alert:
            raise Refusal(name, f"{FACTS[name].label}がアラートより前です。どちらかの日時を直してください。")
    if facts.get("scan_finished") is not None and facts.get("scan") in (None, "none", "exempt"):
        raise Refusal("scan", "スキャンの終わった日時があります。結果（done か proof）も指定してください。")
    used_until = facts.get("used_until")
    if used_until is not None and used_until < facts["contract_start"]:
        raise Refusal("used_until", "利用できる最後の日が契約開始日より前です。どちらかの日付を直してください。")
    for code in facts.get("doubts") or ():
        if code not in doubtful:
            text = f"{quoted(code)}は、疑いを記録できる条件ではありません。"
            raise Refusal("doubts", f"{text}{'、'.join(sorted(doubtful))} から選んでください。")


def _last_open(calendar: BusinessCalendar) -> Callable[[date], date]:
    """The last business day up to a day."""

    def find(day: date) -> date:
        while not calendar.is_business_day(day):
            day = day_of[day.toordinal() - 1]
        return day

    return find


def _entitled(case: _Case) -> State:
    return "fails" if case.entitled is None else "holds"


def _mail_issued(case: _Case) -> State:
    return _known(case.facts.get("mail_issued"), "fails")


def _in_period(case: _Case) -> State:
    return "fails" if case.period is None else "holds"


def _charged_month(case: _Case) -> State:
    return "fails" if case.free else "holds"


def _in_use(case: _Case) -> State:
    used_until = case.facts.get("used_until")
    return "holds" if used_until is None or case.cause <= used_until else "fails"


def _scan(case: _Case) -> State:
    """MM-INS-08: finished after the alert and before the work, or excused where the alert allows it.

    Which proof the alert takes is asked only of one that is insured.
    """
    facts = case.facts
    scan, finished, work = facts.get("scan"), facts.get("scan_finished"), facts.get("work_start")
    if scan in case.star.scan or (case.entitled is None and scan not in (None, "none")):
        if finished is not None and work is not None and finished > work:
            return "fails"
        if finished is None or finished >= facts["alert"]:
            return "holds"
    if facts.get("claim_submitted"):
        return "fails"
    return "undecided" if scan is None else "curable"


def _recommended(case: _Case) -> State:
    return _known(case.facts.get("recommended"), "curable")


def _operator_listed(case: _Case) -> State:
    """MM-INS-20: undecided until the work has begun, and where the desk was asked only after it."""
    work, requested = case.facts.get("work_start"), case.facts.get("requested")
    if work is None:
        return "undecided"
    state = _known(case.facts.get("operator_listed"), "fails")
    return "undecided" if state == "holds" and requested is not None and requested > work else state


def _in_time(case: _Case) -> State:
    """MM-INS-06: not judged where the alert is not insured; undecided until the work, unless the last day is over."""
    if case.visit_by is None or case.entitled is None:
        return "holds"
    last = case.visit_by.toordinal()
    moment, at = case.facts.get(case.visit_fact), case.facts.get("at")
    if moment is None:
        return "fails" if at is not None and at // _SECONDS_OF_DAY > last else "undecided"
    return "holds" if case.entitled <= moment and moment // _SECONDS_OF_DAY <= last else "fails"


def _calls_left(case: _Case) -> State:
    used = case.facts.get("calls_used")
    return "undecided" if used is None else "holds" if used < case.calls else "fails"


def _covered_cost(case: _Case) -> State:
    return "fails" if case.cost_yen and not case.covered_yen else "holds"


def _mandates(case: _Case) -> State:
    both = case.facts.get("claim_mandate"), case.facts.get("receipt_mandate")
    return "curable" if False in both else "undecided" if None in both else "holds"


def _unless(name: str, *, is_bad: bool) -> Callable[[_Case], State]:
    """A condition that holds unless the fact says otherwise."""

    def state(case: _Case) -> State:
        return "fails" if case.facts.get(name) is is_bad else "holds"

    return state


def _known(value: bool | None, otherwise: State) -> State:
    return "undecided" if value is None else "holds" if value else otherwise


_STATES: dict[ConditionKind, Callable[[_Case], State]] = {
    "entitled": _entitled,
    "mail_issued": _mail_issued,
    "in_period": _in_period,
    "charged_month": _charged_month,
    "in_use": _in_use,
    "scan": _scan,
    "recommended": _recommended,
    "operator_listed": _operator_listed,
    "in_time": _in_time,
    "calls_left": _calls_left,
    "own_network": _unless("own_network", is_bad=False),
    "danger_evident": _unless("danger_evident", is_bad=False),
    "covered_cost": _covered_cost,
    "not_known_before": _unless("known_before", is_bad=True),
    "no_crime": _unless("crime", is_bad=True),
    "no_violation": _unless("violation", is_bad=True),
    "mandates": _mandates,
    "still_needed": _unless("still_needed", is_bad=False),
}

TOPIC = Topic("insurance", FACTS, compile_insurance, by_plan=False)
