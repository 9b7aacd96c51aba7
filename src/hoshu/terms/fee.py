"""fee: what work costs that the service does not include, or that is done outside its hours."""

from bisect import bisect_right
from collections.abc import Sequence
from math import lcm
from operator import itemgetter
from typing import NamedTuple

from hoshu.catalog import Edition, Exclusion, Plan
from hoshu.catalog.repair import FeeBand, FeeTerms
from hoshu.dates import MINUTES_OF_DAY, Timetable, hours

from .facts import BOOL, MOMENT, TEXT, WEEKDAY, YEN, Fact, Facts, Kind, Refusal, choice, list_of, quoted, whole_number
from .hours import PartHours, parts_of
from .sentences import day_of, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared

BASES = ("excluded", "out_of_hours")

_LONGEST_WALK = 366 * MINUTES_OF_DAY
"""The longest work whose hours are looked at window by window; what takes longer is a slip of the pen."""


class Run(NamedTuple):
    """Units that follow each other in one band, and how many times over they come."""

    at: int
    """The minute number at which the first of them starts."""
    band: FeeBand
    units: int
    times: int
    charged: bool


def compile_fee(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.fee
    assert terms is not None
    assert plan is not None
    prices = _Prices(terms)
    causes = {exclusion.code: exclusion for exclusion in edition.exclusion if exclusion.of == "work"}
    whole = "サービスに含まないため、出発から終わりまでの全部が有償です。"
    excluded_texts = {code: f"「{cause.short}」の作業は{whole}" for code, cause in causes.items()}
    part = parts_of(edition, plan).get(terms.out_of_hours.part) if terms.out_of_hours is not None else None
    bill = _Bill(terms, part)
    excluded, counted = head(terms.excluded), head(terms.counted)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        departed: int = facts["departed"]
        finished: int = facts["finished"]
        minutes = finished - departed
        if minutes <= 0:
            raise Refusal("finished", "作業の終わりが、出発より後ではありません。どちらかの日時を直してください。")
        cause = None if facts.get("cause") is None else _priced(causes, facts["cause"], terms)
        # The work that a cause excludes is charged whole, whatever the hour: nothing of it is the service's own.
        covered = cause is None and facts.get("basis") == "out_of_hours"
        if covered:
            base_charged, runs = bill.outside(prices, facts, departed, finished)
            found = bill.covered_reasons(runs, base_charged)
        else:
            base_charged, runs = True, prices.units(departed, minutes, charged=True)
            text = f"この作業は{whole}" if cause is None else excluded_texts[cause.code]
            found = [{**excluded, "text": text}]
        if facts.get("consent") is False and (refusal := bill.without_consent(covered)):
            base_charged, runs, found = False, [run._replace(charged=False) for run in runs], refusal
        band = prices.band_at(departed)
        base_yen = band.base_yen if base_charged else 0
        units = dict.fromkeys(prices.bands, 0)
        per_engineer = base_yen
        for run in runs:
            if run.charged:
                units[run.band.code] += run.units * run.times
                per_engineer += run.units * run.times * run.band.unit_yen
        if per_engineer:
            text = f"{said_moment(departed)}に出発して{minutes:,}分の作業です。{terms.counted.says}"
            found.append({**counted, "text": text})
            prices.break_down(found, band, base_yen, units, per_engineer, minutes)
        total, tax = bill.total(facts, per_engineer, found)
        if trace is not None:
            base = f"{said_moment(departed)}の出発: {_named(band)}の基本料金{band.base_yen:,}円"
            bill.explain(trace, facts, runs, base, departed if base_charged else None)
        return {
            "base_yen": base_yen,
            "units": units,
            "per_engineer_yen": per_engineer,
            "tax_yen": tax,
            "total_yen": total,
        }, found

    return decide


def _priced(causes: dict[str, Exclusion], code: str, terms: FeeTerms) -> Exclusion:
    """VA-EXC-20: only some excluded work is priced by the table; any other needs an amount agreed for it."""
    cause = causes.get(code)
    if cause is None:
        priced = "、".join(each.code for each in causes.values() if each.price == "fee")
        raise Refusal("cause", f"{quoted(code)}は除外のコードにありません。{priced} のどれかで指定してください。")
    if cause.price != "fee":
        text = f"「{cause.short}」は料金の表によらず、別に話し合って金額を決めます（{terms.excluded.clause}）。"
        raise Refusal("cause", text)
    return cause


class _Prices:
    """The fee table: bands that share out the day, and units that follow the base fee."""

    def __init__(self, terms: FeeTerms) -> None:
        self.bands = {band.code: band for band in terms.band}
        self._terms = terms
        self._step = terms.unit.minutes
        self._covered = terms.base.minutes
        # Bands repeat every day; after this many units they meet the same minutes of the day again.
        self._cycle = lcm(self._step, MINUTES_OF_DAY) // self._step
        stretches: list[tuple[int, int, FeeBand]] = []
        for band in terms.band:
            opens, closes = hours(band.opens, band.closes)
            stretches.append((opens, closes, band))
            if closes > MINUTES_OF_DAY:
                stretches.append((opens - MINUTES_OF_DAY, closes - MINUTES_OF_DAY, band))
        self._stretches = sorted(stretches, key=itemgetter(0))
        self._opens = [opens for opens, _, _ in self._stretches]
        self._base_reasons = {band.code: reasons(terms.base, self._base_text(band)) for band in terms.band}
        self._unit = head(terms.unit)
        how = "終わった" if terms.unit.counted == "completed" else "始まった"
        self._unit_begins = f"加算料金は、その後に{how}{self._step}分ごとに、"
        self._unit_prices = {band.code: f"単位（1単位{band.unit_yen:,}円）" for band in terms.band}

    def _base_text(self, band: FeeBand) -> str:
        return f"基本料金は、出発が{_named(band)}なので{band.base_yen:,}円で、{self._covered}分までを含みます。"

    def band_at(self, minute: int) -> FeeBand:
        """VA-FEE-02: the band of a minute; a band's first minute belongs to it, its last one to the next."""
        return self._stretches[bisect_right(self._opens, minute % MINUTES_OF_DAY) - 1][2]

    def count(self, minutes: int) -> int:
        """VA-FEE-04, -05: the units after the base hour, which includes its last minute."""
        over = minutes - self._covered
        if over <= 0:
            return 0
        return over // self._step if self._terms.unit.counted == "completed" else -(-over // self._step)

    def units(self, departed: int, minutes: int, *, charged: bool) -> list[Run]:
        """VA-FEE-06: the units of some work, each in the band in which it starts."""
        return self._split(departed + self._covered, self.count(minutes), charged=charged)

    def units_by(self, timetable: Timetable, departed: int, minutes: int) -> list[Run]:
        """VA-FEE-10: the same, but what starts while the timetable is open is free."""
        at, count, found = departed + self._covered, self.count(minutes), list[Run]()
        while count:
            is_open, opens_at, closes_at = timetable.at(at)
            until = closes_at if is_open else opens_at
            units = count if until is None else min(count, -((at - until) // self._step))
            found += self._split(at, units, charged=not is_open)
            at += units * self._step
            count -= units
        return found

    def _split(self, at: int, count: int, *, charged: bool) -> list[Run]:
        """So many units from a minute on, band by band; whole cycles are counted once, so that any length is cheap."""
        found: list[Run] = []
        times, rest = divmod(count, self._cycle)
        if times:
            self._walk(found, at, self._cycle, times, charged=charged)
            at += times * self._cycle * self._step
        self._walk(found, at, rest, 1, charged=charged)
        return found

    def _walk(self, found: list[Run], at: int, count: int, times: int, *, charged: bool) -> None:
        while count:
            of_day = at % MINUTES_OF_DAY
            _, closes, band = self._stretches[bisect_right(self._opens, of_day) - 1]
            units = min(count, -((of_day - closes) // self._step))
            found.append(Run(at, band, units, times, charged))
            at += units * self._step
            count -= units

    def break_down(
        self,
        found: list[Reason],
        band: FeeBand,
        base_yen: int,
        units: dict[str, int],
        per_engineer: int,
        minutes: int,
    ) -> None:
        """Adds how the amount for one engineer is made up."""
        if base_yen:
            found += map(dict.copy, self._base_reasons[band.code])
        if per_engineer > base_yen:
            each = "、".join(
                [
                    f"{self.bands[code].label}{count:,}{self._unit_prices[code]}"
                    for code, count in units.items()
                    if count
                ]
            )
            text = f"{self._unit_begins}{each}で{per_engineer - base_yen:,}円です。"
            found.append({**self._unit, "text": text})
        elif minutes <= self._covered:
            text = f"{self._covered}分を超えないため、加算料金はありません。"
            found.append({**self._unit, "text": text})


class _Bill:
    """Who is charged for what: the service's own hours, the customer's consent, several engineers, and tax."""

    def __init__(self, terms: FeeTerms, part: PartHours | None) -> None:
        self._terms = terms
        self._part = part
        self._out_of_hours = head(terms.out_of_hours) if terms.out_of_hours is not None else {}
        self._engineers = head(terms.engineers)

    def outside(self, prices: _Prices, facts: Facts, departed: int, finished: int) -> tuple[bool, list[Run]]:
        """VA-FEE-10: of covered work, whether the base fee is charged, and its units with those that are free."""
        if self._part is None:
            text = "このサービスには、時間外の料金の定めがありません。サービスに含まない作業として尋ねてください。"
            raise Refusal("basis", text)
        assert self._terms.out_of_hours is not None
        if finished - departed > _LONGEST_WALK:
            text = "作業の長さが1年を超えています。出発と作業の終わりの日時を確かめてください。"
            raise Refusal("finished", text)
        timetable = self._part.timetable(facts)
        is_open, _, closes_at = timetable.at(departed)
        if self._terms.out_of_hours.partly_inside == "whole":
            charged = not is_open or (closes_at is not None and closes_at < finished)
            return charged, prices.units(departed, finished - departed, charged=charged)
        return not is_open, prices.units_by(timetable, departed, finished - departed)

    def covered_reasons(self, runs: Sequence[Run], base_charged: bool) -> list[Reason]:
        """Which part of covered work is charged."""
        assert self._part is not None
        label = self._part.window.label
        free = sum(run.units * run.times for run in runs if not run.charged)
        if not base_charged and not any(run.charged for run in runs):
            text = f"出発も、その後の時間も{label}の中なので、料金はかかりません。"
        elif not base_charged:
            text = f"出発は{label}の中なので基本料金はかからず、その外に始まる分だけが有償です。"
        elif self._terms.out_of_hours is not None and self._terms.out_of_hours.partly_inside == "whole":
            text = f"{label}の中だけの出動ではないので、出発から終わりまでの全部が有償です。"
        elif free:
            text = f"{label}の外に始まる分だけが有償で、中に始まる{free:,}単位はかかりません。"
        else:
            text = f"{label}の外の作業なので、出発から終わりまでの全部が有償です。"
        return [{**self._out_of_hours, "text": text}]

    def without_consent(self, covered: bool) -> list[Reason] | None:
        """VA-EXC-00, VA-OOH-03: nothing is charged without consent; None where the terms ask for none."""
        rule = self._terms.out_of_hours_consent if covered else self._terms.excluded_consent
        return reasons(rule, "お客様の同意がないため、料金はご請求できません。") if rule is not None else None

    def total(self, facts: Facts, per_engineer: int, found: list[Reason]) -> tuple[int, int]:
        """VA-FEE-08, -09: the amount for everybody who came, with tax, and the tax in it; the reasons are added."""
        engineers, estimate = facts.get("engineers") or 1, None
        if engineers > self._terms.engineers.without_estimate:
            if facts.get("estimate_approved") is not True:
                text = (
                    f"技術員が{engineers}人の作業には、見積もりへのお客様の承認が要ります。"
                    f"承認を得てから尋ねるか、1人で尋ねてください（{self._terms.engineers.clause}）。"
                )
                raise Refusal("estimate_approved", text)
            estimate = facts.get("estimate_yen")
        if not per_engineer:
            return 0, 0
        total = per_engineer * engineers if estimate is None else estimate
        if estimate is not None:
            text = f"技術員が{engineers}人なので、承認された見積もりの{total:,}円です。"
            found.append({**self._engineers, "text": text})
        elif engineers > 1:
            text = f"1人あたり{per_engineer:,}円で、{engineers}人では{total:,}円です。"
            found.append({**self._engineers, "text": text})
        tax = total * self._terms.tax.percent // 100
        if tax:
            text = f"消費税{self._terms.tax.percent}%の{tax:,}円を加え、{total + tax:,}円です。"
            found += reasons(self._terms.tax, text)
        return total + tax, tax

    def explain(self, trace: Trace, facts: Facts, runs: Sequence[Run], base: str, charged_from: int | None) -> None:
        """VA-FEE-12: the base fee and every group of units, with its start, its band and why it is charged or not."""
        terms, free = self._terms, self._terms.out_of_hours or self._terms.excluded
        why = "同意がないため、料金はかかりません。"
        if facts.get("consent") is not False and self._part is not None:
            why = f"{self._part.window.label}の中に始まるため、料金はかかりません。"
        if charged_from is not None:
            trace.step(base, day_of[charged_from // MINUTES_OF_DAY], terms.base)
        else:
            trace.lost(free, f"{base}は、{why}")
        for run in runs:
            often = f"、これを{run.times:,}回" if run.times > 1 else ""
            label = (
                f"{said_moment(run.at)}から{run.units:,}単位{often}: {_named(run.band)}の1単位{run.band.unit_yen:,}円"
            )
            if run.charged:
                trace.step(label, day_of[run.at // MINUTES_OF_DAY], terms.unit)
            else:
                trace.lost(free, f"{label}は、{why}")
        if facts.get("estimate_yen") is not None and (facts.get("engineers") or 1) <= terms.engineers.without_estimate:
            trace.lost(terms.engineers, "見積もりが要らない人数なので、見積もりの金額は使いません。")
        trace.more["units"] = [
            {
                "from": written_moment(run.at),
                "band": run.band.code,
                "count": run.units * run.times,
                "unit_yen": run.band.unit_yen,
                "charged": run.charged,
            }
            for run in runs
        ]


def _named(band: FeeBand) -> str:
    return f"{band.label}（{band.opens}から{band.closes}まで）"


FACTS = shared(
    "start_weekday",
    "weekday_changes",
    "closed_days",
    service_days=Fact("対応する曜日", list_of(WEEKDAY)),
    departed=Fact("出発の日時", MOMENT),
    finished=Fact("作業が終わった日時", MOMENT),
    basis=Fact("料金の対象", choice(*BASES)._replace(alternatives=BASES)),
    cause=Fact("除外の原因", TEXT),
    consent=Fact("お客様の同意", BOOL),
    engineers=Fact("技術員の人数", Kind(whole_number(1, 1_000), "1以上1000以下の整数で指定してください。")),
    estimate_approved=Fact("見積もりの承認", BOOL),
    estimate_yen=Fact("見積もりの金額", YEN),
)

TOPIC = Topic("fee", FACTS, compile_fee)
