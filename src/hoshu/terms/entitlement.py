"""entitlement: what happens with this request for service."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from hoshu.catalog import Edition, EntitlementTerms, Exclusion, Plan, Rule
from hoshu.dates import MINUTES_OF_DAY

from .facts import BOOL, COUNT, TEXT, Fact, Facts, Kind, Misfit, Refusal, choice, list_of, read_date
from .hours import parts_of
from .sentences import said, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared
from .window import PARTS

DECIDED = ("serve", "not_serve")


class Verdict(NamedTuple):
    """One rule's word on the request. The first in the order of precedence decides; holds add up."""

    outcome: str
    needs: tuple[str, ...]
    rule: Rule
    text: str


def compile_entitlement(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.entitlement
    assert terms is not None
    assert plan is not None
    assert edition.window is not None
    parts = parts_of(edition, plan)
    default_part = edition.window.default_part
    judge = _Judge(edition, terms)
    covered, after_expiry = head(terms.covered), head(terms.after_expiry)
    printed = {
        **head(terms.attend),
        "text": f"作業は、カードに印字された{plan.days_name}・{plan.hours_name}の時間に行います。",
    }

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        day = date.fromordinal(at // MINUTES_OF_DAY)
        part = parts.get(facts.get("part") or default_part)
        if part is None:
            raise Refusal("part", f"このサービスにない窓口です。{'、'.join(parts)} のどれかで指定してください。")
        verdicts = judge.verdicts(facts, day)
        verdict = next(verdicts, None)
        if verdict is not None:
            needs, found = list(verdict.needs), reasons(verdict.rule, verdict.text)
            for other in verdicts:
                if other.outcome == verdict.outcome == "on_hold":
                    needs += [need for need in other.needs if need not in needs]
                    found += reasons(other.rule, other.text)
                elif trace is not None:
                    trace.lost(other.rule, other.text)
            known = facts.get("start_weekday") is not None or not part.follows_weekday
            out_of_hours = not part.opening(facts, at).open if known else None
            return _answer(verdict.outcome, None, out_of_hours, needs, []), found

        coverage = facts["coverage"]
        opening = part.opening(facts, at)
        hours = part.reasons(facts, at, opening)
        attend_from = opening.opens_at
        end: date | None = coverage["end"]
        until = "" if end is None else f"（{said[end]}まで）"
        found = [{**covered, "text": f"{said[day]}は提供期間{until}の中です。"}, printed, *hours]
        if attend_from is not None and end is not None and attend_from >= (end.toordinal() + 1) * MINUTES_OF_DAY:
            late = judge.after_expiry(facts, attend_from)
            if late is not None:
                answer = _answer(late.outcome, None, not opening.open, [], [])
                return answer, [*reasons(late.rule, late.text), *hours]
            text = f"連絡が提供期間の中にあったので、{said[end]}の満了後でも{said_moment(attend_from)}から対応します。"
            found.append({**after_expiry, "text": text})
        found += judge.lifted(facts)
        pays = judge.pays(facts, found) if facts.get("expenses") else []
        if trace is not None:
            trace.step("連絡のあった日", day, terms.covered)
            trace.step("満了日", end, terms.covered)
            if attend_from is not None:
                trace.step("対応を始められる日", date.fromordinal(attend_from // MINUTES_OF_DAY), terms.attend)
                trace.lost(terms.no_promise, "訪問や復旧までの時間は約束しておらず、対応できる時間だけをお伝えします。")
        return _answer("covered", attend_from, not opening.open, [], pays), found

    return decide


def _answer(
    outcome: str, attend_from: int | None, out_of_hours: bool | None, needs: list[str], customer_pays: list[str]
) -> Answer:
    return {
        "outcome": outcome,
        "attend_from": None if attend_from is None else written_moment(attend_from),
        "out_of_hours": out_of_hours,
        "needs": needs,
        "customer_pays": customer_pays,
    }


class _Judge:
    """The rules of one edition, in the order in which they decide."""

    def __init__(self, edition: Edition, terms: EntitlementTerms) -> None:
        self.terms = terms
        self.exclusions = {exclusion.code: exclusion for exclusion in edition.exclusion}
        self.mounting = self.exclusions[terms.mounting_exclusion]
        self.costs = {kind: item for item in edition.cost_item for kind in item.kinds}
        self.bound_to_others = edition.costs.only_with_others if edition.costs is not None else ()

    def verdicts(self, facts: Facts, day: date) -> Iterator[Verdict]:
        """Whatever stands against simply serving the request, the strongest first."""
        terms = self.terms
        # IX-COV-06: no service for what is not registered, not in Japan, not yet or no longer covered.
        if facts.get("serial_registered") is False:
            text = "製造番号が登録されていないため、登録が済むまで対応できません。"
            yield Verdict("not_covered", ("serial",), terms.unregistered, text)
        if facts.get("in_japan") is False:
            text = "機器が日本国外にあるため、国外にある間は対応できません。"
            yield Verdict("not_covered", (), terms.in_japan, text)
        if (outside := self._outside_coverage(facts, day)) is not None:
            yield outside
        limit = facts.get("support_limit")
        if limit is not None and day > limit:
            text = f"保守対応期限の{said[limit]}を過ぎているため、対応できません。"
            yield Verdict("not_covered", (), terms.beyond_limit, text)
        # IX-EXC-00: work and causes that the service does not include.
        yield from self._excluded(facts)
        # What a person must decide or somebody must first put right.
        decision = facts.get("decision")
        for hold in terms.hold:
            if facts.get(hold.fact) is hold.holds_on:
                if decision == "not_serve":
                    text = f"{hold.says}対応しないと判断しました。"
                    yield Verdict("refused", (), hold, text)
                elif decision is None or not hold.lifted_by_decision:
                    yield Verdict("on_hold", (hold.needs,), hold, hold.says + hold.until)
        if decision == "not_serve":
            text = "現地での作業は必要ないと判断したため、伺いません。"
            yield Verdict("refused", (), terms.refused, text)

    def _outside_coverage(self, facts: Facts, day: date) -> Verdict | None:
        """IX-COV-06: covered from 00:00 of the first day to 24:00 of the last."""
        terms, coverage = self.terms, facts.get("coverage")
        if coverage is None:
            if "coverage" not in facts and facts.get("serial_registered") is not False:
                raise Refusal("coverage", f"提供期間がありません。{COVERAGE_PERIOD.wanted}")
            text = "登録が済んでいないため、まだ対応できません。"
            return Verdict("not_covered", ("registration",), terms.unregistered, text)
        start, end = coverage["start"], coverage["end"]
        if start is None:
            text = "提供できる日が残っていないため、対応できません。"
            return Verdict("not_covered", (), terms.expired, text)
        if day < start:
            text = f"{said[day]}は、ご利用の開始日の{said[start]}より前なので、対応できません。"
            return Verdict("not_covered", (), terms.not_started, text)
        if end is not None and day > end:
            text = f"{said[day]}は、サポート満了日の{said[end]}を過ぎているので、対応できません。"
            return Verdict("not_covered", (), terms.expired, text)
        return None

    def _excluded(self, facts: Facts) -> Iterator[Verdict]:
        work, cause, height = facts.get("work"), facts.get("cause"), facts.get("height_cm")
        if work is not None:
            exclusion = self._exclusion("work", work)
            yield Verdict("excluded", (), exclusion, exclusion.text)
        if cause is not None and cause != work:
            exclusion = self._exclusion("cause", cause)
            if exclusion.as_cause == "excluded":
                yield Verdict("excluded", (), exclusion, exclusion.text)
            elif facts.get("decision") is None:
                # IX-EXC-25: a consumable that brought the whole unit down.
                text = f"{exclusion.short}が原因で本体が故障したときに対応するかどうかは、担当者が判断します。"
                yield Verdict("on_hold", ("decision",), exclusion, text)
        if height is not None and height >= self.terms.mounting_height_cm:
            least = self.terms.mounting_height_cm
            text = f"床上{height}cmは{least}cm以上の高所のため、着脱は含みません。下ろしてあれば交換できます。"
            yield Verdict("excluded", (), self.mounting, text)

    def _exclusion(self, field: str, code: str) -> Exclusion:
        found = self.exclusions.get(code)
        if found is None:
            first, last = min(self.exclusions), max(self.exclusions)
            raise Refusal(
                field, f"「{code}」は除外のコードにありません。{first} から {last} までのどれかで指定してください。"
            )
        return found

    def after_expiry(self, facts: Facts, attend_from: int) -> Verdict | None:
        """IX-COV-06 (OR-22): reported in time, work after the end: served, but never past the support limit."""
        terms, limit = self.terms, facts.get("support_limit")
        if limit is not None and attend_from >= (limit.toordinal() + 1) * MINUTES_OF_DAY:
            text = f"次に対応できる時間が保守対応期限の{said[limit]}を過ぎるため、対応できません。"
            return Verdict("not_covered", (), terms.beyond_limit, text)
        if not terms.after_expiry_served:
            text = "次に対応できる時間がサポート満了日を過ぎるため、対応できません。"
            return Verdict("not_covered", (), terms.expired, text)
        return None

    def lifted(self, facts: Facts) -> list[Reason]:
        """What stood against serving until a person decided to serve."""
        if facts.get("decision") != "serve":
            return []
        found: list[Reason] = []
        for hold in self.terms.hold:
            if facts.get(hold.fact) is hold.holds_on:
                found += reasons(hold, f"{hold.says}対応すると判断しました。")
        return found

    def pays(self, facts: Facts, found: list[Reason]) -> list[str]:
        """IX-COST-01 to -06: what the customer bears of this visit, by code; ordinary ground travel is not named."""
        items = {self.costs[kind].code: self.costs[kind] for kind in facts["expenses"] if kind in self.costs}
        if not any(item.invoiced and code not in self.bound_to_others for code, item in items.items()):
            items = {code: item for code, item in items.items() if code not in self.bound_to_others}
        for code in sorted(items):
            how = "実費をご請求します" if items[code].invoiced else "お客様が直接ご負担ください"
            found += reasons(items[code], f"{items[code].name}は、{how}。")
        return sorted(items)


_COVERAGE_MEMBERS = frozenset({"start", "end", "hardware_end", "software_end"})


def _read_coverage(value: Any) -> Mapping[str, date | None] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Misfit
    if not value.keys() <= _COVERAGE_MEMBERS:
        raise Misfit("start、end、hardware_end、software_end のほかの項目があります。")
    start, end = read_date(value.get("start")), read_date(value.get("end"))
    if start is not None and end is not None and end < start:
        raise Misfit("終わりの日が始まりの日より前です。")
    return {"start": start, "end": end}


COVERAGE_PERIOD = Kind(_read_coverage, "start と end の日付を持つ項目か、登録がなければ null で指定してください。")

EXPENSES = ("ship", "air", "ground", "lodging", "allowance", "media", "utilities", "communication")

ENTITLEMENT = Topic(
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
)
