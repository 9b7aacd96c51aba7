"""entitlement: what happens with this request for service."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoshu.catalog import Edition, EntitlementTerms, Exclusion, Plan, Rule
from hoshu.dates import MINUTES_OF_DAY

from .facts import BOOL, COUNT, MOMENT, TEXT, Fact, Facts, Kind, Misfit, Refusal, choice, list_of, quoted, read_date
from .hours import parts_of
from .sentences import day_of, said, said_day, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared
from .window import PARTS

DECIDED = ("serve", "not_serve")


Stop = tuple[str, tuple[str, ...], Rule, str]
"""What stands against serving a request: (outcome, what it needs, the rule, why)."""


def compile_entitlement(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.entitlement
    assert terms is not None
    assert plan is not None
    assert edition.window is not None
    parts = parts_of(edition, plan)
    usual_part = parts[edition.window.default_part]
    judge = _Judge(edition, terms)
    covered, after_expiry = head(terms.covered), head(terms.after_expiry)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        today = at // MINUTES_OF_DAY
        part = usual_part
        if "part" in facts and (named := facts["part"]) is not None:
            if named not in parts:
                raise Refusal("part", f"このサービスにない窓口です。{'、'.join(parts)} のどれかで指定してください。")
            part = parts[named]
        stops = judge.stops(facts, today)
        if stops:
            is_open = part.is_open(facts, at)
            return _stopped(stops, None if is_open is None else not is_open, trace)

        _, end = facts["coverage"]
        opening = is_open, attend_from, _ = part.opening(facts, at)
        hours = part.reasons(facts, at, opening)
        text = f"{said_day[today]}は提供期間（{'終わりの定めなし' if end is None else said[end] + 'まで'}）の中です。"
        found = [{**covered, "text": text}, *hours]
        if not is_open and end is not None and attend_from is not None and _day(attend_from) > end:
            late = judge.after_expiry(facts, attend_from)
            if late is not None:
                answer, found = _stopped([late], True, None)
                return answer, found + hours
            text = f"連絡が提供期間の中にあったので、{said[end]}の満了後でも{said_moment(attend_from)}から対応します。"
            found.append({**after_expiry, "text": text})
        if "decision" in facts:
            found += judge.lifted(facts)
        customer_pays = judge.pays(facts, found) if "expenses" in facts else []
        if trace is not None:
            trace.step("連絡のあった日", day_of[today], terms.covered)
            trace.step("満了日", end, terms.covered)
            if attend_from is not None:
                trace.step("対応を始められる日", _day(attend_from), terms.attend)
                trace.lost(terms.no_promise, "訪問や復旧までの時間は約束しておらず、対応できる時間だけをお伝えします。")
        return {
            "outcome": "covered",
            "attend_from": written_moment(attend_from),
            "out_of_hours": not is_open,
            "needs": [],
            "customer_pays": customer_pays,
            "basis": None,
        }, found

    return decide


def _day(minute: int) -> date:
    return day_of[minute // MINUTES_OF_DAY]


def _stopped(stops: list[Stop], out_of_hours: bool | None, trace: Trace | None) -> tuple[Answer, list[Reason]]:
    """The strongest stop decides; where it only waits, so does everything else that waits."""
    outcome, first_needs, rule, text = stops[0]
    needs, found = [*first_needs], reasons(rule, text)
    if len(stops) > 1 and (outcome == "on_hold" or trace is not None):
        for other_outcome, other_needs, other_rule, other_text in stops[1:]:
            if outcome == other_outcome == "on_hold":
                needs += [need for need in other_needs if need not in needs]
                found += reasons(other_rule, other_text)
            elif trace is not None:
                trace.lost(other_rule, other_text)
    return {
        "outcome": outcome,
        "attend_from": None,
        "out_of_hours": out_of_hours,
        "needs": needs,
        "customer_pays": [],
        "basis": None,
    }, found


def _brought_down(exclusion: Exclusion) -> str:
    """IX-EXC-25: a consumable that brought the whole unit down; a person decides (OR-52)."""
    return f"{exclusion.short}が原因で本体が故障した"


class _Judge:
    """The rules of one edition, in the order in which they decide."""

    def __init__(self, edition: Edition, terms: EntitlementTerms) -> None:
        self.terms = terms
        self.exclusions = {exclusion.code: exclusion for exclusion in edition.exclusion}
        self.holds = [(hold.fact, hold.holds_on, hold) for hold in terms.hold]
        self.decided = frozenset({"decision", *(hold.fact for hold in terms.hold)})
        self.mounting = self.exclusions[terms.mounting_exclusion]
        self.costs = {kind: item for item in edition.cost_item for kind in item.kinds}
        self.counts_years = edition.coverage is not None
        self.bound_to_others = edition.costs.only_with_others if edition.costs is not None else ()

    def stops(self, facts: Facts, today: int) -> list[Stop]:
        """Whatever stands against simply serving the request, the strongest first."""
        terms = self.terms
        found: list[Stop] = []
        # IX-COV-06: no service for what is not registered or not in Japan.
        if "serial_registered" in facts and facts["serial_registered"] is False:
            text = "製造番号が登録されていないため、登録が済むまで対応できません。"
            found.append(("not_covered", ("serial",), terms.unregistered, text))
        if "in_japan" in facts and facts["in_japan"] is False:
            text = "機器が日本国外にあるため、国外にある間は対応できません。"
            found.append(("not_covered", (), terms.in_japan, text))
        # IX-COV-06: covered from 00:00 of the first day to 24:00 of the last.
        coverage = facts.get("coverage")
        if coverage is None:
            if "coverage" in facts:
                text = "登録が済んでいないため、まだ対応できません。"
                found.append(("not_covered", ("registration",), terms.unregistered, text))
            elif not found:
                raise Refusal("coverage", f"提供期間がありません。{COVERAGE_PERIOD.wanted}")
        else:
            start, end = coverage
            if start is None:
                text = "提供できる日が残っていないため、対応できません。"
                found.append(("not_covered", (), terms.expired, text))
            elif end is None and self.counts_years:
                raise Refusal("coverage", f"提供期間の終わりの日がありません。{COVERAGE_PERIOD.wanted}")
            elif today < start.toordinal():
                text = f"{said_day[today]}は、ご利用の開始日の{said[start]}より前なので、対応できません。"
                found.append(("not_covered", (), terms.not_started, text))
            elif end is not None and today > end.toordinal():
                text = f"{said_day[today]}は、サポート満了日の{said[end]}を過ぎているので、対応できません。"
                found.append(("not_covered", (), terms.expired, text))
        if "support_limit" in facts and (limit := facts["support_limit"]) is not None and today > limit.toordinal():
            text = f"保守対応期限の{said[limit]}を過ぎているため、対応できません。"
            found.append(("not_covered", (), terms.beyond_limit, text))
        # IX-EXC-00: work and causes that the service does not include.
        if "work" in facts or "cause" in facts or "height_cm" in facts:
            self._excluded(facts, found)
        # What a person must decide or somebody must first put right.
        if not self.decided.isdisjoint(facts):
            self._held(facts, found)
        return found

    def _excluded(self, facts: Facts, found: list[Stop]) -> None:
        work, cause, height = facts.get("work"), facts.get("cause"), facts.get("height_cm")
        if work is not None:
            exclusion = self._exclusion("work", work)
            found.append(("excluded", (), exclusion, exclusion.text))
        if cause is not None and cause != work:
            exclusion = self._exclusion("cause", cause)
            if exclusion.as_cause == "excluded":
                found.append(("excluded", (), exclusion, exclusion.text))
            elif facts.get("decision") is None:
                text = f"{_brought_down(exclusion)}ため、対応できるかを担当者が判断します。"
                found.append(("on_hold", ("decision",), exclusion, text))
            elif facts["decision"] == "not_serve":
                text = f"{_brought_down(exclusion)}ため、対応しないと判断しました。"
                found.append(("refused", (), exclusion, text))
        if height is not None and height >= self.terms.mounting_height_cm:
            least = self.terms.mounting_height_cm
            text = f"床上{height}cmは{least}cm以上の高所のため、着脱は含みません。下ろしてあれば交換できます。"
            found.append(("excluded", (), self.mounting, text))

    def _held(self, facts: Facts, found: list[Stop]) -> None:
        decision = facts.get("decision")
        for fact, holds_on, hold in self.holds:
            if facts.get(fact) is holds_on:
                if decision == "not_serve":
                    found.append(("refused", (), hold, f"{hold.says}ため、対応しないと判断しました。"))
                elif decision is None or not hold.lifted_by_decision:
                    found.append(("on_hold", (hold.needs,), hold, f"{hold.says}ため、{hold.until}"))
        if decision == "not_serve":
            text = "現地での作業は必要ないと判断したため、伺いません。"
            found.append(("refused", (), self.terms.refused, text))

    def _exclusion(self, field: str, code: str) -> Exclusion:
        found = self.exclusions.get(code)
        if found is None:
            first, last = min(self.exclusions), max(self.exclusions)
            text = f"{quoted(code)}は除外のコードにありません。{first} から {last} までのどれかで指定してください。"
            raise Refusal(field, text)
        return found

    def after_expiry(self, facts: Facts, attend_from: int) -> Stop | None:
        """IX-COV-06 (OR-22): reported in time, work after the end: served, but never past the support limit."""
        terms, limit = self.terms, facts.get("support_limit")
        if limit is not None and _day(attend_from) > limit:
            text = f"次に対応できる時間が保守対応期限の{said[limit]}を過ぎるため、対応できません。"
            return "not_covered", (), terms.beyond_limit, text
        if not terms.after_expiry_served:
            text = "次に対応できる時間がサポート満了日を過ぎるため、対応できません。"
            return "not_covered", (), terms.expired, text
        return None

    def lifted(self, facts: Facts) -> list[Reason]:
        """What stood against serving until a person decided to serve."""
        if facts.get("decision") != "serve":
            return []
        found: list[Reason] = []
        for hold in self.terms.hold:
            if facts.get(hold.fact) is hold.holds_on:
                found += reasons(hold, f"{hold.says}ものの、対応すると判断しました。")
        if (cause := facts.get("cause")) is not None:
            # Any other cause than one that a person decides about would have excluded the work.
            exclusion = self.exclusions[cause]
            found += reasons(exclusion, f"{_brought_down(exclusion)}ものの、対応すると判断しました。")
        return found

    def pays(self, facts: Facts, found: list[Reason]) -> list[str]:
        """IX-COST-01 to -06: what the customer bears of this visit, by code; ordinary ground travel is not named."""
        items = {self.costs[kind].code: self.costs[kind] for kind in facts["expenses"] or () if kind in self.costs}
        if not any(item.invoiced and code not in self.bound_to_others for code, item in items.items()):
            items = {code: item for code, item in items.items() if code not in self.bound_to_others}
        for code in sorted(items):
            how = "実費をご請求します" if items[code].invoiced else "お客様が直接ご負担ください"
            found += reasons(items[code], f"{items[code].name}は、{how}。")
        return sorted(items)


_COVERAGE_MEMBERS = ("start", "end", "hardware_end", "software_end")


def _read_coverage(value: Any) -> tuple[date | None, date | None] | None:
    if value is None:
        return None
    if type(value) is dict and len(value) == 2 and "start" in value and "end" in value:
        start, end = read_date(value["start"]), read_date(value["end"])
    elif not isinstance(value, Mapping):
        raise Misfit
    elif any(member not in _COVERAGE_MEMBERS for member in value):
        raise Misfit("start、end、hardware_end、software_end のほかの項目があります。")
    elif "start" not in value or "end" not in value:
        raise Misfit("start か end がありません。")
    else:
        start, end, *_ = [read_date(value.get(member)) for member in _COVERAGE_MEMBERS]
    if start is not None and end is not None and end < start:
        raise Misfit("終わりの日が始まりの日より前です。")
    return start, end


COVERAGE_PERIOD = Kind(_read_coverage, "start と end の日付を持つ項目か、登録がなければ null で指定してください。")

EXPENSES = ("ship", "air", "ground", "lodging", "allowance", "media", "utilities", "communication")

TOPIC = Topic(
    "entitlement",
    shared(
        "at",
        "support_limit",
        "start_weekday",
        "weekday_changes",
        coverage=Fact("提供期間", COVERAGE_PERIOD),
        part=Fact("窓口", choice(*PARTS)),
        serial_registered=Fact("製造番号が登録されているか", BOOL),
        in_japan=Fact("日本国内にあるか", BOOL),
        site_matches=Fact("登録した設置場所と同じか", BOOL),
        register_matches=Fact("登録内容と同じか", BOOL),
        conditions_breached=Fact("指定の条件を外れて使われたか", BOOL),
        cooperation_open=Fact("お客様の協力事項が残っているか", BOOL),
        personal_number_unprotected=Fact("個人番号が保護されていないか", BOOL),
        suspended=Fact("サービスを中断しているか", BOOL),
        cause=Fact("故障の原因", TEXT),
        work=Fact("依頼の作業", TEXT),
        height_cm=Fact("床からの高さ（cm）", COUNT),
        expenses=Fact("費用の種類", list_of(choice(*EXPENSES))),
        decision=Fact("担当者の判断", choice(*DECIDED)._replace(alternatives=DECIDED)),
    ),
    compile_entitlement,
    elsewhere={
        "item": Fact("交換する部品", TEXT),
        "out_of_hours_consent": Fact("時間外の作業への同意があるか", BOOL),
        "support_id": Fact("サポート ID の状態", choice("valid", "blocked", "unknown")),
        "device_number_known": Fact("機器の番号がわかるか", BOOL),
        "label_attached": Fact("ラベルが貼ってあるか", BOOL),
        "accepted_at": Fact("承諾の日時", MOMENT),
    },
)
