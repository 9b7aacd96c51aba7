"""software_support: is an inquiry about a product answered, from when does it count as received, what does it count."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.catalog.work import SoftwareSupportTerms
from hoshu.dates import MINUTES_OF_DAY

from .facts import BOOL, COUNT, DATE, HOURS, TEXT, WEEKDAY, Fact, Facts, Refusal, list_of
from .hours import parts_of
from .sentences import day_of, said, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, also, head, needed, reasons
from .vocabulary import shared

_Stop = tuple[str, str | None, list[Reason]]
"""(outcome, code, reasons)"""


def compile_software_support(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.software_support
    assert terms is not None
    assert plan is not None
    part = parts_of(edition, plan).get(terms.part)
    stopping_facts = frozenset([*(check.fact for check in terms.check), *(end.fact for end in terms.end)])
    received_head, received_also = head(terms.received), also(terms.received)
    subjects = {exclusion.code: exclusion for exclusion in edition.exclusion if exclusion.of == "inquiry"}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        at: int = facts["at"]
        subject = facts.get("subject")
        if subject is not None and subject not in subjects:
            raise Refusal("subject", f"{'、'.join(subjects)} のどれかで指定してください。")
        stops: list[_Stop] = []
        if not stopping_facts.isdisjoint(facts):
            stops = _stops(terms, facts, day_of[at // MINUTES_OF_DAY])
        if subject is not None:
            stops.append(("refused", subject, reasons(subjects[subject], subjects[subject].text)))
        count = _Count(terms, facts)
        by_spec = not stops and not (facts.get("spec_limit") is None and facts.get("spec_hours") is None)
        if not stops and count.is_used_up:
            stops.append(("refused", None, reasons(terms.limit, count.says_refused)))
        if stops:
            # What refuses an inquiry outweighs what only holds it up.
            stops.sort(key=lambda stop: stop[0] != "refused")
            outcome, code, _ = stops[0]
            found, used = [reason for _, _, why in stops for reason in why], count.used
        else:
            outcome, code, found, used = "accept", None, count.accepted(), count.after
        received, hours = at, list[Reason]()
        if part is not None:
            opening = _, opens_at, _ = part.opening(facts, at)
            if opens_at is None:
                raise Refusal("at", "次に受付時間が始まる日がありません。休業日を確かめてください。")
            received, hours = opens_at, part.reasons(facts, at, opening)
        found.append({**received_head, "text": f"{said_moment(received)}に受け付けたものとして数えます。"})
        found += map(dict.copy, received_also)
        found += hours
        if by_spec and count.limit is not None:
            found += reasons(terms.spec, f"仕様書に{count.limit}回までとあり、その定めが優先します。")
        if trace is not None:
            count.explain(trace, terms)
        return {
            "outcome": outcome,
            "code": code,
            "received_at": written_moment(received),
            "used": used,
            "remaining": None if count.limit is None or used is None else max(count.limit - used, 0),
            "decided_by": "spec" if by_spec else "terms",
        }, found

    return decide


def _stops(terms: SoftwareSupportTerms, facts: Facts, today: date) -> list[_Stop]:
    """What stands in the way of an answer, in the order of the terms."""
    found: list[_Stop] = []
    for check in terms.check:
        if facts.get(check.fact) is check.value:
            found.append((check.outcome, check.code or None, reasons(check, check.says)))
    for end in terms.end:
        day = facts.get(end.fact)
        if day is not None and (today > day or (today == day and not end.last_day)):
            found.append(("refused", end.code or None, reasons(end, end.says.format(day=said[day]))))
    return found


class _Count:
    """VA-PPS-03, -16: an accepted inquiry is counted once, whatever comes of it; what follows within it is not."""

    def __init__(self, terms: SoftwareSupportTerms, facts: Facts) -> None:
        self._terms = terms
        self.limit: int | None = facts.get("spec_limit")
        self.used: int | None = facts.get("used")
        self._same = facts.get("same_inquiry") is True
        self.is_used_up = False
        if self.limit is not None:
            used: int = needed(facts, "used", "回数の定めがあります。これまでの回数を指定してください。")
            self.is_used_up = used >= self.limit and not self._same
        self.after = self.used if self._same or self.used is None else self.used + 1

    @property
    def says_refused(self) -> str:
        return f"質問の回数が仕様書の{self.limit}回に達したため、新しい質問をお受けできません。文面はお預かりします。"

    def accepted(self) -> list[Reason]:
        if self._same:
            return reasons(self._terms.counted, "受け付けた質問の続きのため、お答えし、回数に数えません。")
        found = reasons(self._terms.accepted, "技術的な質問としてお受けします。")
        if self.limit is not None:
            text = f"{self.after}回目の質問です。解決しないときも回数に含みます。"
            found += reasons(self._terms.counted, text)
        return found

    def explain(self, trace: Trace, terms: SoftwareSupportTerms) -> None:
        if self.limit is None:
            trace.lost(terms.limit, "仕様書に回数の定めがないため、回数では断りません。")
        elif self._same:
            trace.lost(terms.limit, "受け付けた質問の続きには、回数の定めを使いません。")
        elif not self.is_used_up:
            trace.lost(terms.limit, f"{self.limit}回までのうち、まだ{self.used}回です。")


TOPIC = Topic(
    "software_support",
    shared(
        "at",
        "start_weekday",
        "weekday_changes",
        "closed_days",
        service_days=Fact("対応する曜日", list_of(WEEKDAY)),
        pp_on_contract=Fact("契約の対象のソフトウェアか", BOOL),
        licence_valid=Fact("使用許諾契約が有効か", BOOL),
        licence_until=Fact("使用許諾契約の最後の日", DATE),
        modified=Fact("お客様や第三者が改変したか", BOOL),
        replaced_on=Fact("新しい版を使い始めた日", DATE),
        disturbing_product=Fact("サービスの妨げになる製品が残っているか", BOOL),
        in_japan=Fact("機器が国内にあるか", BOOL),
        japanese=Fact("日本語の質問か", BOOL),
        spec_limit=Fact("仕様書の質問の回数", COUNT),
        spec_hours=Fact("仕様で定めた対応時間", HOURS),
        used=Fact("これまでの質問の回数", COUNT),
        same_inquiry=Fact("受け付けた質問の続きか", BOOL),
        subject=Fact("対象でない質問のコード", TEXT),
    ),
    compile_software_support,
)
