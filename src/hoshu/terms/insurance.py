"""insurance: is the call-out after this alert likely to be paid, by when must it begin, and who pays how much."""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from hoshu.catalog import Edition, Plan
from hoshu.catalog.desk import Condition, ConditionKind, InsuranceTerms, StarRule
from hoshu.dates import BusinessCalendar

from .facts import (
    BOOL,
    COUNT,
    DATE,
    SECONDS_OF_DAY,
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
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, also, head, reasons
from .vocabulary import shared

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

Unmet = Literal["undecided", "unrequested", "curable", "fails"]
"""Of a condition that does not hold: `curable` is known to fail as things stand, but can still be put right.

`unrequested` is undecided because the work began before the desk was asked.
"""

_DOUBTFUL = frozenset(
    {"own_network", "danger_evident", "covered_cost", "not_known_before", "no_crime", "no_violation", "still_needed"}
)
"""Conditions that hold until the person who decides on them enters a doubt or a no."""

_SAYS: Mapping[str, str] = {
    "payable": "すべての条件を満たす見込みです。支払いは保険会社が決めます。",
    "pending": "まだ決まらない条件があるため、保留です。支払いは保険会社が決めます。",
    "not_payable": "満たさない条件があるため、対象外の見込みです。",
}


class _Period:
    """保険責任期間: a period of the insurance, worked out once."""

    def __init__(self, terms: InsuranceTerms, begins: int) -> None:
        self.first, after = first_of[begins], first_of[begins + terms.period.months]
        self.last = day_of[after.toordinal() - 1]
        self.answer = {"start": iso[self.first], "end": iso[self.last]}
        text = f"保険の期間は、{said[self.first]}の0時から{said[self.last]}の24時までです。"
        self.reason: Reason = {**head(terms.period), "text": text}


class _Visit:
    """By when the work of a call-out has to begin, worked out once for a day of the alert, given by its number."""

    def __init__(self, terms: InsuranceTerms, desk: BusinessCalendar, number: int) -> None:
        rule = terms.visit
        self.by = desk_day = rule.last_day(day_of[number], CALENDAR)
        self.ends = (self.by.toordinal() + 1) * SECONDS_OF_DAY
        self.is_off = not CALENDAR.is_business_day(self.by)
        text = f"駆け付けの作業は、{rule.text}以内の{said[self.by]}までに始める必要があります。"
        while not desk.is_business_day(desk_day):
            desk_day = day_of[desk_day.toordinal() - 1]
        if desk_day < self.by:
            text += f"それまでの相談窓口の最後の営業日は、{said[desk_day]}です。"
        self.reason: Reason = {**head(rule, rule.law), "text": text}
        self.written, self.written_desk_day = iso[self.by], iso[desk_day]


class _Case:
    """An alert and its call-out, with what is reckoned from them before the conditions are looked at."""

    __slots__ = ("cause", "cost_yen", "covered_yen", "entitled", "facts", "free", "period", "star", "visit")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.star: StarRule
        self.cause: int
        """The number of the day that decides the period and the month."""
        self.entitled: int | None
        """The second at which the alert became one that is insured."""
        self.visit: _Visit | None = None
        self.period: _Period | None = None
        self.free: bool
        """Whether nothing was charged in the month of the cause."""
        self.covered_yen = 0
        self.cost_yen: int | None = None


class _Condition:
    """A condition, with the reasons that it may give."""

    def __init__(self, terms: InsuranceTerms, condition: Condition) -> None:
        self.kind, self.code, start = condition.of, condition.code, head(condition)
        self.fails: Reason = {**start, "text": condition.fails}
        self.waits: Reason = {**start, "text": condition.waits}
        self.unrequested: Reason = {**start, "text": terms.unrequested.says}


def compile_insurance(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.insurance
    assert terms is not None
    limits = terms.limits
    conditions = {each.of: _Condition(terms, each) for each in terms.condition}
    rank = {kind: number for number, kind in enumerate(conditions)}.__getitem__
    doubtful = {each.code: each.of for each in terms.condition if each.of in _DOUBTFUL}
    star_reasons = {star.stars: {**head(star), "text": star.says} for star in terms.star}
    limits_head = head(limits)
    expected, expected_too = head(terms.expectation), also(terms.expectation)
    reckon, unmet_in = _reckoner(terms), _conditions(terms)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        _check(facts, doubtful)
        case = reckon(facts)
        found = [star_reasons[case.star.stars].copy()]
        if "promoted" in facts and (promoted := facts["promoted"]) is not None and case.entitled == promoted:
            found += reasons(terms.promoted, said_instant(promoted) + terms.promoted.says)
        unmet = unmet_in(case)
        if "doubts" in facts:
            for code in facts["doubts"] or ():
                unmet.setdefault(doubtful[code], "undecided")

        codes: list[str] = []
        result = "not_payable" if "fails" in unmet.values() else "pending" if unmet else "payable"
        for kind in sorted(unmet, key=rank):
            condition, state = conditions[kind], unmet[kind]
            if result == "pending":
                reason = condition.unrequested if state == "unrequested" else condition.waits
            elif state in ("undecided", "unrequested"):
                continue  # What is only undecided does not count any more.
            else:
                reason = condition.fails
            codes.append(condition.code)
            found.append(reason.copy())
        period, visit = case.period, case.visit
        if period is not None:
            found.append(period.reason.copy())
        if visit is not None:
            found.append(visit.reason.copy())
        pays: int | None = 0 if result == "not_payable" else None
        customer: int | None = None
        if case.cost_yen is not None:
            pays, customer = _shares(case, case.cost_yen, result)
            text = f"保険から支払われる見込みは{pays:,}円（1回{limits.yen_per_call:,}円まで）で、"
            found.append({**limits_head, "text": f"{text}お客様の負担は{customer:,}円です。"})
        found.append({**expected, "text": _SAYS[result]})
        found += map(dict.copy, expected_too)
        if trace is not None:
            for each in terms.condition:
                if each.of not in unmet:
                    trace.lost(each, f"{each.code}の条件は満たしています。")
            if period is not None:
                trace.step("保険の期間の初日", period.first, terms.period)
                trace.step("保険の期間の末日", period.last, terms.renewal)
            trace.step("駆け付けの期限", None if visit is None else visit.by, terms.visit)
        answer: Answer = {
            "result": result,
            "codes": codes,
            "period": None if period is None else period.answer.copy(),
            "visit_by": None if visit is None else visit.written,
            "last_desk_day": None if visit is None else visit.written_desk_day,
            "pays_yen": pays,
            "customer_yen": customer,
            "uses_call": None if pays is None else pays > 0,
        }
        if visit is not None and visit.is_off:
            answer["day_off"] = ["visit_by"]
        return answer, found

    def _shares(case: _Case, cost: int, result: str) -> tuple[int, int]:
        """限度額: what the insurance is expected to pay, and what is left to the customer."""
        if result == "not_payable":
            return 0, cost
        paid = case.facts.get("paid_yen") or 0
        pays = min(case.covered_yen, limits.yen_per_call, max(limits.yen - paid, 0))
        return pays, cost - pays

    return decide


_month_of = Lookup(month_of)


def _reckoner(terms: InsuranceTerms) -> Callable[[Facts], _Case]:
    stars = {star.stars: star for star in terms.star}
    costs = {cost.code: cost for cost in terms.cost}
    months, after = terms.period.months, terms.period.months_after_start
    charged_after = terms.charged.months_after
    by_first_alert, promotion_counts = terms.period_of == "first_alert", terms.promoted.counts
    usual_visit = Lookup[int, _Visit](lambda day: _Visit(terms, usual_desk, day))
    usual_desk = terms.days.calendar()
    period_from = Lookup[int, _Period](lambda begins: _Period(terms, begins))

    def reckon(facts: Facts) -> _Case:
        case = _Case(facts)
        star = stars.get(facts["stars"])
        if star is None:
            raise Refusal("stars", f"このサービスの★の数は {'、'.join(map(str, stars))} です。")
        alert: int = facts["alert"]
        entitled = alert if star.entitled else facts.get("promoted") if promotion_counts else None
        cause = (alert if entitled is None or by_first_alert else entitled) // SECONDS_OF_DAY
        case.star, case.entitled, case.cause = star, entitled, cause
        if entitled is not None:
            day = entitled // SECONDS_OF_DAY
            if "closed_days" in facts and (closed := facts["closed_days"]) is not None:
                case.visit = _Visit(terms, terms.days.calendar(closed), day)
            else:
                case.visit = usual_visit[day]
        start, month = _month_of[facts["contract_start"]], _month_of[day_of[cause]]
        if "cost_yen" in facts and (cost := facts["cost_yen"]) is not None:
            case.covered_yen = case.cost_yen = cost
        if "lines" in facts and facts["lines"] is not None:
            case.covered_yen, case.cost_yen = _cost(facts)
        case.free = month < start + charged_after
        if "free_months" in facts and month in (facts["free_months"] or ()):
            case.free = True
        if (since := month - start - after) >= 0:
            # It renews itself only while the service is used.
            case.period = period_from[month - since % months]
            if "used_until" in facts and (last := facts["used_until"]) is not None and last < case.period.first:
                case.period = None
        return case

    def _cost(facts: Facts) -> tuple[int, int]:
        """補償する費用: what is covered of the lines of an invoice, and the whole of them."""
        if facts.get("cost_yen") is not None:
            raise Refusal("lines", "費用は、合計か請求書の行のどちらか一つで指定してください。")
        covered = whole = 0
        for line in facts["lines"]:
            cost = costs.get(line["kind"])
            if cost is None:
                text = f"{quoted(line['kind'])}という費用の種類はありません。{'、'.join(costs)} から選んでください。"
                raise Refusal("lines", text)
            whole += line["yen"]
            if cost.covered:
                covered += line["yen"]
        return covered, whole

    return reckon


def _check(facts: Facts, doubtful: Mapping[str, ConditionKind]) -> None:
    alert: int = facts["alert"]
    for name in ("promoted", "requested", "work_start"):
        if name in facts and (moment := facts[name]) is not None and moment < alert:
            raise Refusal(name, f"{FACTS[name].label}がアラートより前です。どちらかの日時を直してください。")
    if facts.get("scan_finished") is not None and facts.get("scan") in (None, "none", "exempt"):
        raise Refusal("scan", "スキャンの終わった日時があります。結果（done か proof）も指定してください。")
    if "used_until" in facts and (last := facts["used_until"]) is not None and last < facts["contract_start"]:
        raise Refusal("used_until", "利用できる最後の日が契約開始日より前です。どちらかの日付を直してください。")
    for code in facts["doubts"] or () if "doubts" in facts else ():
        if code not in doubtful:
            text = f"{quoted(code)}は、疑いを記録できる条件ではありません。"
            raise Refusal("doubts", f"{text}{'、'.join(sorted(doubtful))} から選んでください。")


_UNLESS: Mapping[str, tuple[bool, ConditionKind]] = {
    "own_network": (False, "own_network"),
    "danger_evident": (False, "danger_evident"),
    "known_before": (True, "not_known_before"),
    "crime": (True, "no_crime"),
    "violation": (True, "no_violation"),
    "still_needed": (False, "still_needed"),
}
"""Conditions that hold unless a fact says otherwise: the value that does."""

_UNLESS_FACTS = frozenset(_UNLESS)


def _conditions(terms: InsuranceTerms) -> Callable[[_Case], dict[ConditionKind, Unmet]]:
    """Finds the conditions of the edition that do not hold; whatever is not named holds."""
    calls = terms.limits.calls
    unlisted = frozenset(get_args(ConditionKind)).difference(each.of for each in terms.condition)
    visit_fact = "work_start" if terms.visit_counts == "work_start" else "requested"

    def unmet_in(case: _Case) -> dict[ConditionKind, Unmet]:
        found: dict[ConditionKind, Unmet] = {}
        facts = case.facts
        if case.entitled is None:
            found["entitled"] = "fails"
        if case.period is None:
            found["in_period"] = "fails"
        if case.free:
            found["charged_month"] = "fails"
        if (issued := facts.get("mail_issued")) is not True:
            found["mail_issued"] = "undecided" if issued is None else "fails"
        if (recommended := facts.get("recommended")) is not True:
            found["recommended"] = "undecided" if recommended is None else "curable"
        if not _UNLESS_FACTS.isdisjoint(facts):
            for fact, (bad, kind) in _UNLESS.items():
                if facts.get(fact) is bad:
                    found[kind] = "fails"
        if "used_until" in facts and (last := facts["used_until"]) is not None and case.cause > last.toordinal():
            found["in_use"] = "fails"
        if (used := facts.get("calls_used")) is None or used >= calls:
            found["calls_left"] = "undecided" if used is None else "fails"
        if case.cost_yen and not case.covered_yen:
            found["covered_cost"] = "fails"
        claim, receipt = facts.get("claim_mandate"), facts.get("receipt_mandate")
        if not (claim and receipt):
            found["mandates"] = "curable" if claim is False or receipt is False else "undecided"
        if (state := _scan(case)) is not None:
            found["scan"] = state
        # MM-INS-20: undecided until the work has begun, and left to a person where the desk was asked only after it.
        work, listed = facts.get("work_start"), facts.get("operator_listed")
        if work is None or listed is None:
            found["operator_listed"] = "undecided"
        elif not listed:
            found["operator_listed"] = "fails"
        elif "requested" in facts and (requested := facts["requested"]) is not None and requested > work:
            found["operator_listed"] = "unrequested"
        # MM-INS-06: judged only of an alert that is insured; undecided until the work, unless the last day is over.
        if case.entitled is not None and case.visit is not None:
            if (moment := facts.get(visit_fact)) is not None:
                if not case.entitled <= moment < case.visit.ends:
                    found["in_time"] = "fails"
            else:
                at = facts.get("at")
                found["in_time"] = "fails" if at is not None and at >= case.visit.ends else "undecided"
        for kind in unlisted:
            found.pop(kind, None)
        return found

    return unmet_in


def _scan(case: _Case) -> Unmet | None:
    """MM-INS-08: finished after the alert and before the work, or excused where the alert allows it.

    Which proof the alert takes is asked only of one that is insured.
    """
    facts = case.facts
    scan = facts.get("scan")
    if scan in case.star.scan or (case.entitled is None and scan not in (None, "none")):
        finished: int | None = facts.get("scan_finished")
        if finished is None:
            return None
        work = facts.get("work_start")
        if work is not None and finished > work:
            return "fails"
        if finished >= facts["alert"]:
            return None
    if facts.get("claim_submitted"):
        return "fails"
    return "undecided" if scan is None else "curable"


TOPIC = Topic("insurance", FACTS, compile_insurance, by_plan=False)
