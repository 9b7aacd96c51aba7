"""entitlement: what happens with this request for service."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoshu.catalog import Check, Edition, EntitlementTerms, Exclusion, Plan, Rule
from hoshu.dates import MINUTES_OF_DAY

from .facts import (
    BOOL,
    COUNT,
    DATE,
    MOMENT,
    TEXT,
    Fact,
    Facts,
    Kind,
    Misfit,
    Refusal,
    choice,
    list_of,
    quoted,
    read_date,
)
from .hours import no_such_part, parts_of
from .sentences import day_of, said, said_day, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import PART_NAMES, shared

DECIDED = ("serve", "not_serve")
SUPPORT_ID = ("valid", "blocked", "unknown")


Stop = tuple[str, tuple[str, ...], Rule, str]
"""What stands against serving a request: (outcome, what it needs, the rule, why)."""


def compile_entitlement(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.entitlement
    assert terms is not None
    assert plan is not None
    parts = parts_of(edition, plan)
    usual = edition.window.default_part if edition.window is not None else None
    judge = _Judge(edition, terms)
    covered, after_expiry = head(terms.covered), head(terms.after_expiry)
    elements = {each.element: each.outcome for each in terms.element}
    out_of_hours, has_warranty = terms.out_of_hours, terms.warranty is not None
    before_start = terms.before_start

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        today = at // MINUTES_OF_DAY
        name = usual
        if "part" in facts and (named := facts["part"]) is not None:
            name = named
            if named not in parts:
                raise Refusal("part", no_such_part(parts))
        part = None if name is None else parts[name]
        stops = judge.stops(facts, today, name)
        if stops and (outcome := stops[0][0]) != "chargeable":
            if has_warranty and outcome == "not_covered" and judge.is_under_warranty(facts, today, name, stops[0]):
                return judge.warranty_alone(facts, stops)
            is_open = None if part is None else part.is_open(facts, at)
            answer, found = _stopped(stops, None if is_open is None else not is_open, trace)
            if terms.still_served is not None:
                found += judge.still_served(stops[0], name)
            return answer, found

        coverage = facts["coverage"] or _NO_PERIOD
        start, end = coverage[0], coverage[1]
        if before_start is not None and (start is None or today < start.toordinal()):
            found = reasons(before_start, before_start.says)
        else:
            until = "終わりの定めなし" if end is None else f"{said[end]}まで"
            found = [{**covered, "text": f"{said_day[today]}は提供期間（{until}）の中です。"}]
        customer_pays: list[str] = []
        attend_from: int | None = None
        is_open = True
        if part is None:
            found += judge.hours_elsewhere()
        else:
            is_open, attend_from, _ = opening = part.opening(facts, at)
            hours = part.reasons(facts, at, opening)
            found += hours
            if not is_open:
                if out_of_hours is not None and name in out_of_hours.parts and facts.get("out_of_hours_consent"):
                    attend_from = at
                    customer_pays.append(out_of_hours.cost)
                    text = "ご同意があるため、対応時間の外でも伺います。料金は料金表によりお客様のご負担です。"
                    found += reasons(out_of_hours, text)
                elif end is not None and attend_from is not None and _day(attend_from) > end:
                    late = judge.after_expiry(facts, attend_from)
                    if late is not None:
                        answer, found = _stopped([late], True, None)
                        if terms.still_served is not None:
                            found += judge.still_served(late, name)
                        return answer, found + hours
                    since = said_moment(attend_from)
                    text = f"連絡が提供期間の中にあったので、{said[end]}の満了後でも{since}から対応します。"
                    found.append({**after_expiry, "text": text})
        outcome, needs = "covered", []
        if stops:
            outcome, chargeable, rule, text = stops[0]
            needs = [*chargeable]
            found = [*reasons(rule, text), *found]
        if "decision" in facts:
            found += judge.lifted(facts)
        if "expenses" in facts:
            customer_pays += judge.pays(facts, found)
        if trace is not None:
            trace.step("連絡のあった日", day_of[today], terms.covered)
            trace.step("満了日", end, terms.covered)
            if attend_from is not None:
                trace.step("対応を始められる日", _day(attend_from), terms.attend)
                if terms.no_promise is not None:
                    text = "訪問や復旧までの時間は約束しておらず、対応できる時間だけをお伝えします。"
                    trace.lost(terms.no_promise, text)
            trace.more["elements"] = [
                {"element": each.element, "outcome": each.outcome, **head(each), "text": each.says}
                for each in terms.element
            ]
        return {
            "outcome": outcome,
            "attend_from": written_moment(attend_from),
            "out_of_hours": None if part is None else not is_open,
            "needs": needs,
            "customer_pays": customer_pays,
            "basis": judge.basis(facts, today, name) if has_warranty else None,
            "elements": dict.fromkeys(elements, "customer_pays") if stops else {**elements},
        }, found

    return decide


def _day(minute: int) -> date:
    return day_of[minute // MINUTES_OF_DAY]


def _stopped(stops: list[Stop], out_of_hours: bool | None, trace: Trace | None) -> tuple[Answer, list[Reason]]:
    """The strongest stop decides; where it only waits, so does everything else that waits."""
    outcome, first_needs, rule, text = stops[0]
    needs, found = list(first_needs), reasons(rule, text)
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
        "elements": {},
    }, found


def _brought_down(exclusion: Exclusion) -> str:
    """IX-EXC-25: a consumable that brought the whole unit down; a person decides (OR-52)."""
    return f"{exclusion.short}が原因で本体が故障した"


class _Judge:
    """The rules of one edition, in the order in which they decide."""

    def __init__(self, edition: Edition, terms: EntitlementTerms) -> None:
        self.terms = terms
        self.exclusions = {exclusion.code: exclusion for exclusion in edition.exclusion}
        self.not_included = {code: self._not_included(each) for code, each in self.exclusions.items()}
        self.first = [(check.fact, check.value, check) for check in terms.check if check.before_period]
        after_period = [check for check in terms.check if not check.before_period]
        self.middle = [(check.fact, check.value, check) for check in after_period if check.before_exclusions]
        self.last = [(check.fact, check.value, check) for check in after_period if not check.before_exclusions]
        self.never_served = [check for check in after_period if check.outcome == "not_covered"]
        self.first_facts = frozenset(fact for fact, _, _ in self.first)
        self.middle_facts = frozenset(fact for fact, _, _ in self.middle)
        self.last_facts = frozenset({"decision", *(fact for fact, _, _ in self.last)})
        excluding = {"work", "cause", "height_cm", "item"}
        self.later_facts = self.middle_facts | self.last_facts | excluding | {"support_limit"}
        self.has_items = any(exclusion.of == "item" for exclusion in edition.exclusion)
        self.mounting = self.exclusions.get(terms.mounting_exclusion)
        self.served_before_start = terms.before_start.parts if terms.before_start is not None else ()
        # A service without a term has no 満了: it ends because somebody ends it.
        self.last_day = "提供期間の末日" if terms.open_period else "サポート満了日"
        self.costs = {kind: item for item in edition.cost_item for kind in item.kinds}
        self.bound_to_others = edition.costs.only_with_others if edition.costs is not None else ()

    def stops(self, facts: Facts, today: int, part: str | None) -> list[Stop]:
        """Whatever stands against simply serving the request, the strongest first."""
        terms = self.terms
        found: list[Stop] = []
        # Who asks, and for what.
        if not self.first_facts.isdisjoint(facts):
            for fact, value, check in self.first:
                if facts.get(fact) == value:
                    self._stands(check, facts, part, found)
        # IX-COV-06, VA-TRM-08, SP-TRM-02: covered from 00:00 of the first day to 24:00 of the last.
        coverage = facts.get("coverage")
        if coverage is None:
            if "coverage" in facts:
                text = "登録が済んでいないため、まだ対応できません。"
                found.append(("not_covered", ("registration",), terms.unregistered, text))
            elif not found:
                raise Refusal("coverage", f"提供期間がありません。{COVERAGE_PERIOD.wanted}")
        else:
            start, end = coverage[0], coverage[1]
            first = _ANY_DAY if part in self.served_before_start else start
            if first is None:
                rule, text = terms.expired, "提供できる日が残っていないため、対応できません。"
                if terms.open_period:
                    rule, text = terms.not_started, "ご利用がまだ始まっていないため、対応できません。"
                found.append(("not_covered", (), rule, text))
            elif end is None and not terms.open_period:
                raise Refusal("coverage", f"提供期間の終わりの日がありません。{COVERAGE_PERIOD.wanted}")
            elif today < first.toordinal():
                text = f"{said_day[today]}は、ご利用の開始日の{said[first]}より前なので、対応できません。"
                found.append(("not_covered", (), terms.not_started, text))
            elif end is not None and today > end.toordinal():
                text = f"{said_day[today]}は、{self.last_day}の{said[end]}を過ぎているので、対応できません。"
                found.append(("not_covered", (), terms.expired, text))
            elif len(coverage) > 2 and (place := PART_ENDS.get(part)) and (part_end := coverage[place]) is not None:
                self._part_ended(part, part_end, today, found)
            if "accepted_at" in facts and terms.accepted is not None and end is not None:
                self._accepted_late(terms.accepted, facts, end, found)
        if not self.later_facts.isdisjoint(facts):
            self._later(facts, today, part, found)
        if len(found) > 1 and found[0][0] == "chargeable":
            # What is not done is not done for money either.
            found.sort(key=lambda stop: stop[0] == "chargeable")
        return found

    def _later(self, facts: Facts, today: int, part: str | None, found: list[Stop]) -> None:
        """What is looked at after the period."""
        terms = self.terms
        if (
            "support_limit" in facts
            and (limit := facts["support_limit"]) is not None
            and terms.beyond_limit is not None
            and today > limit.toordinal()
        ):
            text = f"保守対応期限の{said[limit]}を過ぎているため、対応できません。"
            found.append(("not_covered", (), terms.beyond_limit, text))
        # VA-GEN-03: the place, and whether the unit is the registered one.
        if not self.middle_facts.isdisjoint(facts):
            for fact, value, check in self.middle:
                if facts.get(fact) == value:
                    self._stands(check, facts, part, found)
        # IX-EXC-00, VA-EXC-00, VA-PRO-04: units, work and causes that the service does not include.
        if "work" in facts or "cause" in facts or "height_cm" in facts or "item" in facts:
            self._excluded(facts, part, found)
        # What a person must decide or somebody must first put right.
        if not self.last_facts.isdisjoint(facts):
            for fact, value, check in self.last:
                if facts.get(fact) == value:
                    self._stands(check, facts, part, found)
            if terms.refused is not None and facts.get("decision") == "not_serve":
                text = "現地での作業は必要ないと判断したため、伺いません。"
                found.append(("refused", (), terms.refused, text))

    @staticmethod
    def _accepted_late(rule: Rule, facts: Facts, end: date, found: list[Stop]) -> None:
        """VA-MSC-04: what was asked for in time must also have been accepted in time."""
        if (accepted := facts.get("accepted_at")) is not None and _day(accepted) > end:
            text = f"{said[end]}の満了までに受け付けていないため、対応できません。"
            found.append(("not_covered", (), rule, text))

    def _part_ended(self, part: str | None, end: date, today: int, found: list[Stop]) -> None:
        """VA-TRM-03: a part of the service that ended before the rest."""
        if today > end.toordinal():
            assert part is not None
            assert self.terms.part_ended is not None
            text = (
                f"{said_day[today]}は、{PART_NAMES[part]}の提供が終わった{said[end]}を過ぎているので、対応できません。"
            )
            found.append(("not_covered", (), self.terms.part_ended, text))

    def _excluded(self, facts: Facts, part: str | None, found: list[Stop]) -> None:
        work, cause, height, item = facts.get("work"), facts.get("cause"), facts.get("height_cm"), facts.get("item")
        if item is not None and self.has_items:
            exclusion = self._exclusion("item", item)
            if not self.terms.item_parts or part in self.terms.item_parts:
                found.append(("excluded", (), exclusion, exclusion.text))
        if work is not None:
            found.append(self.not_included[self._exclusion("work", work).code])
        if cause is not None and cause != work:
            exclusion = self._exclusion("cause", cause)
            if exclusion.as_cause == "excluded":
                found.append(self.not_included[cause])
            elif facts.get("decision") is None:
                text = f"{_brought_down(exclusion)}ため、対応できるかを担当者が判断します。"
                found.append(("on_hold", ("decision",), exclusion, text))
            elif facts["decision"] == "not_serve":
                text = f"{_brought_down(exclusion)}ため、対応しないと判断しました。"
                found.append(("refused", (), exclusion, text))
        least = self.terms.mounting_height_cm
        if height is not None and least is not None and height >= least:
            assert self.mounting is not None
            text = f"床上{height}cmは{least}cm以上の高所のため、着脱は含みません。下ろしてあれば交換できます。"
            found.append(("excluded", (), self.mounting, text))

    @staticmethod
    def _not_included(exclusion: Exclusion) -> Stop:
        """VA-EXC-20: work that is not included may still be done, if the customer agrees to pay for it."""
        if exclusion.price != "fee":
            return "excluded", (), exclusion, exclusion.text
        text = f"{exclusion.text}料金をご負担いただくことにご同意があれば、行います。"
        return "chargeable", ("consent",), exclusion, text

    @staticmethod
    def _stands(check: Check, facts: Facts, part: str | None, found: list[Stop]) -> None:
        if check.parts and part not in check.parts:
            return
        decision = facts.get("decision")
        needs = () if check.needs is None else (check.needs,)
        if check.outcome != "on_hold":
            found.append((check.outcome, needs, check, f"{check.says}ため、{check.until}"))
        elif decision == "not_serve":
            found.append(("refused", (), check, f"{check.says}ため、対応しないと判断しました。"))
        elif decision is None or not check.lifted_by_decision:
            found.append(("on_hold", needs, check, f"{check.says}ため、{check.until}"))

    def _exclusion(self, field: str, code: str) -> Exclusion:
        found = self.exclusions.get(code)
        if found is None or (found.of == "item") != (field == "item"):
            known = sorted(each.code for each in self.exclusions.values() if (each.of == "item") == (field == "item"))
            if not known:
                raise Refusal(field, "このサービスに、除外のコードはありません。この項目を外してください。")
            text = f"{quoted(code)}は除外のコードにありません。{known[0]} から {known[-1]} までで指定してください。"
            raise Refusal(field, text)
        return found

    def after_expiry(self, facts: Facts, attend_from: int) -> Stop | None:
        """IX-COV-06 (OR-22): reported in time, work after the end: served, but never past the support limit."""
        terms, limit = self.terms, facts.get("support_limit")
        if limit is not None and terms.beyond_limit is not None and _day(attend_from) > limit:
            text = f"次に対応できる時間が保守対応期限の{said[limit]}を過ぎるため、対応できません。"
            return "not_covered", (), terms.beyond_limit, text
        if not terms.after_expiry_served:
            text = f"次に対応できる時間が{self.last_day}を過ぎるため、対応できません。"
            return "not_covered", (), terms.expired, text
        return None

    def still_served(self, stop: Stop, part: str | None) -> list[Reason]:
        """MM-DSK-05: what is still done after the end, although the request is not."""
        rule = self.terms.still_served
        if rule is None or stop[2] is not self.terms.expired or part not in rule.parts:
            return []
        return reasons(rule, rule.says)

    def hours_elsewhere(self) -> list[Reason]:
        """SP-PRE-02: the hours stand in the service description, not in the terms."""
        rule = self.terms.no_hours
        return [] if rule is None else reasons(rule, "対応する時間は、サービスの仕様書の定めによります。")

    def basis(self, facts: Facts, today: int, part: str | None) -> str | None:
        """VA-WAR-01: whether the free warranty covers the same day; None where its end is unknown."""
        if part not in (None, "hardware"):
            return "pack"
        end = facts.get("warranty_end")
        return None if end is None else "both" if today <= end.toordinal() else "pack"

    def is_under_warranty(self, facts: Facts, today: int, part: str | None, stop: Stop) -> bool:
        """Whether the warranty helps where the service does not; a unit abroad it does not help (VA-SIT-05)."""
        if part not in (None, "hardware") or stop[2] in self.never_served:
            return False
        # Without a card nobody knows until when it holds: that is asked, not guessed.
        unknown = facts.get("warranty_end") is None and facts.get("warranty_card_shown") is False
        return unknown or self.basis(facts, today, part) == "both"

    def warranty_alone(self, facts: Facts, stops: list[Stop]) -> tuple[Answer, list[Reason]]:
        """VA-WAR-03: repaired under the warranty alone, where the customer shows its card."""
        terms = self.terms
        assert terms.warranty is not None
        assert terms.warranty_unproven is not None
        shown = facts.get("warranty_card_shown") is True
        text = "保証書のご提示により、無償保証だけで修理します。対応時間の約束はありません。"
        if not shown:
            text = "保証を確かめられないため、受け付けてお待ちします。保証書の番号と期限をお知らせください。"
        _, _, rule, why = stops[0]
        return {
            "outcome": "covered" if shown else "on_hold",
            "attend_from": None,
            "out_of_hours": None,
            "needs": [] if shown else ["warranty_card"],
            "customer_pays": [],
            "basis": "warranty",
            "elements": {},
        }, [*reasons(terms.warranty if shown else terms.warranty_unproven, text), *reasons(rule, why)]

    def lifted(self, facts: Facts) -> list[Reason]:
        """What stood against serving until a person decided to serve."""
        if facts.get("decision") != "serve":
            return []
        found: list[Reason] = []
        for check in self.terms.check:
            if check.outcome == "on_hold" and facts.get(check.fact) == check.value:
                found += reasons(check, f"{check.says}ものの、対応すると判断しました。")
        if (cause := facts.get("cause")) is not None and self.exclusions[cause].as_cause == "person_decides":
            exclusion = self.exclusions[cause]
            found += reasons(exclusion, f"{_brought_down(exclusion)}ものの、対応すると判断しました。")
        if found and self.terms.no_waiver is not None:
            # VA-MSC-06: a refusal that was skipped carries its reservation wherever the answer is shown.
            found += reasons(self.terms.no_waiver, "今回の対応は、権利を放棄するものではありません。")
        return found

    def pays(self, facts: Facts, found: list[Reason]) -> list[str]:
        """IX-COST-01 to -06: what the customer bears of this visit, by code; ordinary ground travel is not named."""
        kinds = [kind for kind in facts["expenses"] or () if kind in self.costs]
        if not any(self.costs[kind].invoiced and kind not in self.bound_to_others for kind in kinds):
            kinds = [kind for kind in kinds if kind not in self.bound_to_others]
        items = {self.costs[kind].code: self.costs[kind] for kind in kinds}
        for code in sorted(items):
            how = "実費をご請求します" if items[code].invoiced else "お客様が直接ご負担ください"
            found += reasons(items[code], f"{items[code].name}は、{how}。")
        return sorted(items)


PART_ENDS: Mapping[str | None, int] = {"hardware": 2, "software": 3}
"""Where a part's own end stands in the coverage, behind its start and its end."""

_NO_PERIOD = (None, None)
_ANY_DAY = date.min
_COVERAGE_MEMBERS = {"start", "end", "hardware_end", "software_end"}


def _read_coverage(value: Any) -> tuple[date | None, ...] | None:
    if value is None:
        return None
    if type(value) is not dict and not isinstance(value, Mapping):
        raise Misfit
    try:
        start, end = read_date(value["start"]), read_date(value["end"])
    except KeyError:
        raise Misfit("start か end がありません。") from None
    if start is not None and end is not None and end < start:
        raise Misfit("終わりの日が始まりの日より前です。")
    if len(value) == 2:
        return start, end
    if not value.keys() <= _COVERAGE_MEMBERS:
        raise Misfit("start、end、hardware_end、software_end のほかの項目があります。")
    return start, end, read_date(value.get("hardware_end")), read_date(value.get("software_end"))


COVERAGE_PERIOD = Kind(
    _read_coverage,
    "start と end の日付を持つ項目か、登録がなければ null で指定してください。",
    members={"start": Fact("開始日", DATE), "end": Fact("満了日", DATE)},
)

EXPENSES = ("ship", "air", "ground", "lodging", "allowance", "media", "utilities", "communication")

TOPIC = Topic(
    "entitlement",
    shared(
        "at",
        "support_limit",
        "start_weekday",
        "weekday_changes",
        "service_days",
        "closed_days",
        "spec_hours",
        coverage=Fact("提供期間", COVERAGE_PERIOD),
        part=Fact("窓口", choice(*PART_NAMES)),
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
        item=Fact("対象になる装置や部品", TEXT),
        out_of_hours_consent=Fact("時間外の作業への同意があるか", BOOL),
        support_id=Fact("サポートIDの状態", choice(*SUPPORT_ID)._replace(alternatives=SUPPORT_ID)),
        device_number_known=Fact("機器管理番号がわかるか", BOOL),
        label_attached=Fact("機器管理ラベルが貼ってあり、一致するか", BOOL),
        accepted_at=Fact("受け付けた日時", MOMENT),
        applied_in_time=Fact("申し込みが期限内か", BOOL),
        warranty_end=Fact("無償保証の終わる日", DATE),
        warranty_card_shown=Fact("保証書を確認したか", BOOL),
    ),
    compile_entitlement,
)
