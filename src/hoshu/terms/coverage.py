"""coverage: from when to when is this unit served."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from hoshu.catalog import Cap, CoverageTerms, Deadline, Edition, Origin, Plan, Rule
from hoshu.dates import MINUTES_OF_DAY, after_period, elapsed, extend_years, month_end, within_years

from .facts import DATE, MOMENT, Fact, Facts, Kind, Lookup, Misfit, Refusal, choice, whole_number
from .sentences import around, day_of, iso, said, written
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, also, head, needed, reasons
from .vocabulary import PART_NAMES, shared

_NO_PARTS: dict[str, date] = {}
_CAPPED = "民法 140条・143条2項"


def compile_coverage(edition: Edition, plan: Plan | None) -> Decider:
    assert edition.coverage is not None
    assert plan is not None
    if edition.coverage.elapsed is None:
        return _until_ended(edition.coverage)
    return _years_counted(edition, edition.coverage, plan)


def _years_counted(edition: Edition, terms: CoverageTerms, plan: Plan) -> Decider:
    """For services that count the years of the plan from a date."""
    years, elapsed_rule = plan.years, terms.elapsed
    assert years is not None
    assert elapsed_rule is not None
    first, *other_origins = terms.origin
    later_origins = [(origin, timedelta(days=origin.plus_days), head(origin)) for origin in other_origins]
    kit, warranty, parts = terms.kit, terms.warranty, terms.parts
    says_proven = first.unproven is not None

    counted, ends = head(first), head(elapsed_rule, "民法 143条2項")
    stopped = head(terms.ended_early)
    capped = [(cap, head(cap)) for cap in terms.cap]
    capping_facts = {fact for cap in terms.cap for fact in (cap.fact, cap.recorded)}
    counted_text = f"提供期間は、{first.label}の"
    first_fact, instead, moved = first.fact, first.instead, first.plus_days > 0
    from_start = _start_of(terms)
    deadlines = edition.registration.deadline if edition.registration is not None else ()
    to_be_kept = [_ToBeKept(deadline) for deadline in deadlines]
    to_be_exempt = {each.deadline.fact: each for each in to_be_kept}
    warranty_facts = frozenset({warranty.years, "purchase_proof"} if warranty is not None else ())
    end_names = tuple((part, f"{part}_end") for part in parts)

    def count_years(counted_from: date) -> tuple[date, date, str]:
        """IX-COV-02, VA-TRM-01, SP-TRM-02: the day on which the years have elapsed, the last day, and why."""
        elapsed_on, end = elapsed(counted_from, years), elapsed_rule.last_day(counted_from, years)
        day = f"{said[counted_from]}から{years}年が経過した日"
        text = f"{day}の{said[end]}が満了日です。"
        if elapsed_rule.rounding == "first_day_not_counted":
            text = f"{said[counted_from]}の翌日から{years}年の{said[end]}が満了日です。"
        elif elapsed_rule.rounding != "none":
            which = "その月の末日" if elapsed_rule.rounding == "month_end" else "前日"
            text = f"{day}は{said[elapsed_on]}で、{which}の{said[end]}が満了日です。"
        return elapsed_on, end, text

    years_from = Lookup(count_years)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        found: list[Reason] = []

        # Where the years are counted from: the first origin, or another day that is earlier.
        unproven = says_proven and facts.get("purchase_proof") is False
        begin: date | None = facts.get(first_fact)
        if unproven:
            begin = _unproven(first, facts, found)
        elif begin is None or moved or (instead is not None and facts.get(instead) is not None):
            begin = _first_day(first, facts, found)
        counted_from, chosen = begin, first
        reason = {**counted, "text": f"{counted_text}{said[begin]}から数えます。"}
        for origin, plus, origin_head in later_origins:
            day = facts.get(origin.fact)
            if day is not None and day + plus < counted_from:
                counted_from, chosen = day + plus, origin
                text = f"{origin.label}の{said[counted_from]}が{first.label}の{said[begin]}より早いので、"
                text += "その日から数えます。"
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

        # What cuts them short: the whole, or one part of it.
        cap_name: str | None = None
        part_ends = dict.fromkeys(parts, end) if parts else _NO_PARTS
        for cap, cap_head in () if capping_facts.isdisjoint(facts) else capped:
            limit = limit_of(cap, facts)
            if limit is None or limit >= (end if cap.part is None else part_ends[cap.part]):
                continue
            if years in cap.exempt_years and _is_exempt(cap, to_be_exempt, facts, limit, found):
                continue
            cap_name = cap.name
            if cap.part is None:
                end = limit
                for part in parts:
                    part_ends[part] = min(part_ends[part], limit)
            else:
                part_ends[cap.part] = limit
            what = "提供" if cap.part is None else f"{PART_NAMES[cap.part]}の提供"
            found.append(_cut(cap, cap_head, facts, limit, what))
        stopped_on = facts.get("ended_early")
        if stopped_on is not None:
            if stopped_on > end and terms.ended_early.must_be_early:
                text = f"途中で終わる日が、満了日の{said[end]}より後です。日付を直してください。"
                raise Refusal("ended_early", text)
            part = facts.get("ended_part") or "all"
            if part != "all":
                if part not in parts:
                    raise Refusal("ended_part", f"{PART_NAMES[part]}だけが終わることのないサービスです。")
                if stopped_on < part_ends[part]:
                    part_ends[part], cap_name = stopped_on, "ended_early"
                    text = f"{PART_NAMES[part]}は途中で終了したため、提供は{said[stopped_on]}までです。"
                    found.append({**stopped, "text": text})
            elif stopped_on < end:
                end, cap_name = stopped_on, "ended_early"
                for part in parts:
                    part_ends[part] = min(part_ends[part], end)
                found.append({**stopped, "text": f"途中で終了したため、提供は{said[end]}までです。"})

        # A service of which every part has ended early is over.
        if parts and cap_name is not None:
            end = max(part_ends.values())

        # From when they are served.
        start = from_start(facts, begin, end, found)

        served = start <= end
        if parts and served and cap_name is not None:
            for part, part_end in part_ends.items():
                if part_end < start:
                    text = f"{PART_NAMES[part]}の提供は{said[part_end]}に終わっているため、ご利用いただけません。"
                    found += reasons(_ender(terms, part, part_end, facts), text)
        answer: Answer = {
            "counted_from": iso[counted_from],
            "start": iso[start] if served else None,
            "end": iso[end] if served else None,
            "cap": cap_name,
        }
        for part, name in end_names:
            answer[name] = iso[part_ends[part]] if served else None
        if says_proven:
            answer["purchase_basis"] = first.unproven if unproven else "proof"
        answer["days_used"] = max((start - counted_from).days, 0) if served else None
        if warranty is not None:
            unknown = warranty_facts.isdisjoint(facts)
            answer["warranty_end"] = None if unknown else written(_warranty_end(terms, facts, begin, found))
        if terms.says_in_time:
            answer["in_time"] = _in_time(to_be_kept, facts, found)

        if trace is not None:
            trace.step("年数の起点", counted_from, chosen)
            trace.step(f"{years}年が経過した日", elapsed_on, elapsed_rule)
            trace.step("年数の満了日", natural_end, elapsed_rule)
            if kit is not None and extended_end != natural_end:
                trace.step("延長後の満了日", extended_end, kit)
            trace.step("ご利用の開始日", start, terms.start)
            for part, part_end in part_ends.items():
                rule = elapsed_rule if part_end == extended_end else _ender(terms, part, part_end, facts)
                trace.step(f"{PART_NAMES[part]}の満了日", part_end, rule)
            ended_by: dict[str | None, Rule] = {None: elapsed_rule, "ended_early": terms.ended_early}
            ended_by |= {cap.name: cap for cap in terms.cap}
            trace.step("サポート満了日", end, ended_by[None if end == extended_end else cap_name])
            for kept in to_be_kept if terms.says_in_time else ():
                if (event := kept.event(facts)) is not None:
                    trace.period(f"in_time:{kept.deadline.fact}", kept.deadline, event)
            _explain_losers(terms, facts, trace, begin, end, chosen, cap_name)
        return answer, found

    return decide


def _until_ended(terms: CoverageTerms) -> Decider:
    """RC-GEN-06, RC-GEN-07, MM-TRM-01, MM-FLW-05: for services without a term, from one event until another."""
    until = terms.open_end
    assert until is not None
    origin = terms.origin[0]
    before_end, after_end = around(until.says)
    before_start, after_start = around(terms.start.says)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        counted_from = _date(facts[origin.fact])
        found = reasons(origin, f"{origin.label}は{said[counted_from]}です。")
        starts_on, ends_on = facts.get(terms.start.fact), facts.get(until.fact)
        if ends_on is not None and ends_on < facts[origin.fact]:
            raise Refusal(until.fact, f"{until.label}が{origin.label}より前です。どちらかを直してください。")
        start = None if starts_on is None else _date(starts_on)
        if start is None:
            found += reasons(terms.start, "ご利用が始まる日は、まだ決まっていません。")
        else:
            found += reasons(terms.start, f"{before_start}{said[start]}{after_start}")

        end: date | None = None
        told = until.unknown_says
        if ends_on is not None:
            event = _date(ends_on)
            end = until.last_served(event)
            told = f"{before_end}{said[end]}{after_end}"
        cap_name, stopped_on = None, facts.get("ended_early")
        if stopped_on is not None and stopped_on < counted_from:
            raise Refusal("ended_early", f"途中で終わった日が{origin.label}より前です。どちらかを直してください。")
        if stopped_on is not None and (end is None or stopped_on < end):
            end, cap_name = stopped_on, "ended_early"
            found += reasons(terms.ended_early, f"途中で終了したため、提供は{said[end]}までです。")
            if trace is not None:
                trace.lost(until, "それより早く、途中で終了しています。")
        else:
            found += reasons(until, told)

        if trace is not None:
            trace.step(origin.label, counted_from, origin)
            trace.step("ご利用の開始日", start, terms.start)
            trace.step("ご利用の終了日", end, terms.ended_early if cap_name else until)
        nothing_left = start is not None and end is not None and end < start
        if nothing_left:
            found += reasons(until, "ご利用が始まる前に終わっており、ご利用いただける日はありません。")
        return {
            "counted_from": iso[counted_from],
            "start": None if nothing_left else written(start),
            "end": None if nothing_left else written(end),
            "cap": cap_name,
            "days_used": None,
        }, found

    return decide


def _date(event: date | int) -> date:
    """The day of an event that is given as a date or as a minute number."""
    return event if isinstance(event, date) else day_of[event // MINUTES_OF_DAY]


def _start_of(terms: CoverageTerms) -> Callable[[Facts, date, date, list[Reason]], date]:
    """IX-COV-04, VA-TRM-02, SP-TRM-01: finds the first day of use, with its reasons."""
    rule, first_fact, first_label = terms.start, terms.origin[0].fact, terms.origin[0].label
    fact, later_fact, waits = rule.fact, rule.later, rule.not_before_origin
    rule_head, same = head(rule), also(rule)
    says, waiting = around(rule.says), around(rule.not_before_says)

    def start_of(facts: Facts, begin: date, end: date, found: list[Reason]) -> date:
        day: date = facts[fact]
        if not waits and (first_day := facts.get(first_fact)) is not None and day < first_day:
            raise Refusal(fact, f"{FACTS[fact].label}が{first_label}より前です。どちらかを直してください。")
        (before, after), unserved = says, "登録が済む"
        if later_fact is not None and (later := facts.get(later_fact)) is not None:
            if later < day:
                text = f"{rule.later_label}が登録完了のお知らせより前です。どちらかを直してください。"
                raise Refusal(later_fact, text)
            day, before, after = later, f"{rule.later_label}の", "からご利用いただけます。"
        if waits and day < begin:
            day, (before, after), unserved = begin, waiting, f"{first_label}の"
        if day <= end:
            text = f"{before}{said[day]}{after}"
        else:
            text = f"{unserved}{said[day]}には提供期間が終わっており、ご利用いただける日は残っていません。"
        found.append({**rule_head, "text": text})
        found += same
        return day

    return start_of


def _first_day(first: Origin, facts: Facts, found: list[Reason]) -> date:
    """The day of the first origin, or of what prevails over it (SP-CAL-07), with the days that are added to it."""
    day: date | None = facts.get(first.fact)
    if first.instead is not None and (instead := facts.get(first.instead)) is not None:
        if day is not None and instead < day:
            raise Refusal(first.instead, f"{first.instead_label}が{first.label}より前です。どちらかを直してください。")
        found.append({**head(first), "text": f"{first.instead_label}の{said[instead]}を{first.label}とします。"})
        day = instead
    if day is None:
        raise Refusal(first.fact, f"{first.label}がありません。{DATE.wanted}")
    return day + timedelta(days=first.plus_days) if first.plus_days else day


def _unproven(first: Origin, facts: Facts, found: list[Reason]) -> date:
    """IX-COV-03: without proof of the purchase, the day the provider shipped the unit stands in."""
    assert first.unproven is not None
    assert first.unproven_rule is not None
    label = first.unproven_label
    why = f"{first.label}の証明がないときは、{label}を指定してください。"
    shipped: date = needed(facts, first.unproven, why)
    text = f"{first.label}の証明がないため、{label}の{said[shipped]}を{first.label}とみなします。"
    found += reasons(first.unproven_rule, text)
    return shipped


_within_years = Lookup[tuple[date, int], date](lambda event_and_years: within_years(*event_and_years))


def limit_of(cap: Cap, facts: Facts) -> date | None:
    """IX-COV-05, VA-TRM-03: the last day within years of an event, or the recorded one; past it nothing is served."""
    event: date | None = None if cap.fact is None else facts.get(cap.fact)
    recorded: date | None = None if cap.recorded is None else facts.get(cap.recorded)
    if recorded is None:
        return None if event is None else _within_years[event, cap.years]
    if event is not None and recorded < event:
        assert cap.recorded is not None
        raise Refusal(cap.recorded, f"{cap.limit_label}が{cap.label}より前です。どちらかの日付を直してください。")
    return recorded


def _cut(cap: Cap, cap_head: Reason, facts: Facts, limit: date, what: str) -> Reason:
    """Why `what` ends with a limit: counted from an event, or recorded as it is and then by no statute."""
    if cap.recorded is not None and facts.get(cap.recorded) is not None:
        text = f"{cap.limit_label}が{said[limit]}と定められているため、{what}はその日までです。"
        return {**cap_head, "text": text}
    text = f"{_limit_text(cap, facts, limit)}が{cap.limit_label}のため、{what}はその日までです。"
    return {**cap_head, "text": text, "law": _CAPPED}


def _ender(terms: CoverageTerms, part: str, day: date, facts: Facts) -> Rule:
    """What ended a part early: a cap with that last day, or somebody."""
    for cap in terms.cap:
        if cap.part in (None, part) and limit_of(cap, facts) == day:
            return cap
    return terms.ended_early


def _limit_text(cap: Cap, facts: Facts, limit: date) -> str:
    if cap.recorded is not None and facts.get(cap.recorded) is not None:
        return f"定められた{said[limit]}"
    assert cap.fact is not None
    return f"{cap.label}の{said[facts[cap.fact]]}から{cap.years}年の{said[limit]}"


class _ToBeKept:
    """A deadline for the application, worked out once for each day it counts from."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self._last_day = Lookup[date, date](lambda event: deadline.last_day(event, CALENDAR))

    def event(self, facts: Facts) -> date | None:
        deadline = self.deadline
        event: date | None = None if deadline.instead is None else facts.get(deadline.instead)
        return facts.get(deadline.fact) if event is None else event

    def last_day(self, facts: Facts) -> date | None:
        """The last day; None where the event that it is counted from is unknown."""
        event = self.event(facts)
        return None if event is None else self._last_day[event]


def _is_exempt(cap: Cap, deadlines: Mapping[str, _ToBeKept], facts: Facts, limit: date, found: list[Reason]) -> bool:
    """VA-TRM-04, SP-TRM-04: whether a long pack, applied for in time where that is asked, is served past the limit."""
    assert cap.exempt is not None
    if cap.exempt_in_time is None:
        text = f"長期のパックのため、{cap.limit_label}の{said[limit]}を過ぎても提供します。"
        found += reasons(cap.exempt, text, _CAPPED)
        return True
    last, applied = deadlines[cap.exempt_in_time].last_day(facts), facts.get(_APPLIED)
    if last is not None and applied is not None and applied <= last:
        text = f"申し込みが{said[last]}までにあったため、{cap.limit_label}の{said[limit]}を過ぎても提供します。"
        found += reasons(cap.exempt, text, _CAPPED)
        return True
    if applied is None:
        text = f"申し込みの受領日がわからないため、{cap.limit_label}を過ぎて提供する扱いにはしません。"
        found += reasons(cap.exempt, text)
    return False


def _in_time(deadlines: Iterable[_ToBeKept], facts: Facts, found: list[Reason]) -> bool | None:
    """VA-REG-02, SP-REG-05: whether the application came inside every deadline; None where the facts do not say."""
    applied: date | None = facts.get(_APPLIED)
    if applied is None:
        return None
    in_time: bool | None = True
    for to_be_kept in deadlines:
        deadline = to_be_kept.deadline
        event: date | None = facts.get(deadline.fact)
        if event is not None and applied < event:
            raise Refusal(_APPLIED, f"申し込みの受領日が{deadline.label}より前です。どちらかを直してください。")
        last = to_be_kept.last_day(facts)
        if last is None:
            in_time = in_time and None
        elif applied > last:
            in_time = False
            text = f"申し込みは{deadline.label}から{deadline.text}の{said[last]}を過ぎているため、"
            found += reasons(deadline, f"{text}提供できないことがあります。", deadline.law)
    return in_time


_APPLIED = "application_received"


def _warranty_end(terms: CoverageTerms, facts: Facts, begin: date, found: list[Reason]) -> date | None:
    """VA-REG-25: the years of the warranty from the purchase; where that is not proven, the printed month's end."""
    rule = terms.warranty
    assert rule is not None
    years, printed = facts.get(rule.years), facts.get(rule.printed)
    if facts.get("purchase_proof") is False:
        if printed is None:
            return None
        end = month_end(printed)
        found += reasons(rule, f"購入日の証明がないため、無償保証は保証書に印字された月の末日の{said[end]}までです。")
        return end
    if years is None:
        return None
    end = elapsed(begin, years)
    found += reasons(rule, f"無償保証は{years}年で、{said[end]}までです。", "民法 143条2項")
    return end


def _explain_losers(
    terms: CoverageTerms, facts: Facts, trace: Trace, begin: date, end: date, chosen: Origin, cap_name: str | None
) -> None:
    """What was looked at and did not move a date."""
    first = terms.origin[0]
    for origin in terms.origin[1:]:
        day = facts.get(origin.fact)
        if day is not None and origin is not chosen:
            later = said[day + timedelta(days=origin.plus_days)]
            text = f"{origin.label}の{later}は{first.label}の{said[begin]}より早くないので、起点になりません。"
            trace.lost(origin, text)
    if chosen is not first:
        text = f"{first.label}の{said[begin]}は起点になりません。{chosen.label}のほうが早いためです。"
        trace.lost(first, text)
    for cap in terms.cap:
        limit = limit_of(cap, facts)
        if limit is not None and cap.fact is not None and facts.get(cap.fact) is not None:
            trace.deadline(cap.name, after_period(facts[cap.fact], CALENDAR, years=cap.years))
        if limit is not None and cap_name != cap.name:
            past = "このパックはそれを過ぎても提供します" if limit < end else "提供期間はそれより後に及びません"
            trace.lost(cap, f"{cap.limit_label}は{_limit_text(cap, facts, limit)}で、{past}。")
    if terms.unmoved is not None:
        unmoving = [fact.label for name, fact in FACTS.items() if name in _UNMOVING and facts.get(name) is not None]
        if unmoving:
            trace.lost(terms.unmoved, f"{'・'.join(unmoving)}は、満了日を動かしません。")


_UNMOVING = ("pack_purchased", "application_received", "card_received", "registered")


def _read_month(text: object) -> date | None:
    """The first day of a month `YYYY-MM`."""
    if text is None:
        return None
    try:
        if isinstance(text, str) and len(text) == 7 and text[4] == "-":
            return date.fromisoformat(f"{text}-01")
    except ValueError:
        pass
    raise Misfit


MONTH = Kind(_read_month, "「2028-02」のような年月で指定してください。")

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
    inspected=Fact("対象機器の検収日", DATE),
    pack_inspected=Fact("ライセンス（パック）の検収日", DATE),
    effective=Fact("登録完了のお知らせの発効日", DATE),
    production_ended=Fact("生産終了日", DATE),
    parts_until=Fact("部品の保有期限", DATE),
    warranty_years=Fact("保証の年数", Kind(whole_number(0, 50), "0以上50以下の整数で指定してください。")),
    warranty_printed=Fact("保証書の年月", MONTH),
    ended_part=Fact("途中で終わった範囲", choice("all", "hardware", "software")),
    accepted=Fact("承諾の日時", MOMENT),
    ends=Fact("終わる日時", MOMENT),
    contract_start=Fact("契約の開始日", DATE),
    cancelled=Fact("解約日", DATE),
    initial_set=Fact("初期設定の日時", MOMENT),
)

TOPIC = Topic("coverage", FACTS, compile_coverage, by_service=True)
