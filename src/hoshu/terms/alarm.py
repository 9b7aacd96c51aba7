"""alarm: what an automatic report from a device starts, and when the customer is called."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.catalog.repair import AlarmTerms
from hoshu.dates import MINUTES_OF_DAY, Hours

from .entitlement import COVERAGE_PERIOD, PART_ENDS
from .facts import BOOL, DATE, HOURS, MOMENT, WEEKDAY, Fact, Facts, Refusal, list_of
from .hours import PartHours, parts_of
from .sentences import day_of, iso, said, said_moment, written_moment
from .topic import Answer, Decider, Reason, Topic, Trace, head, needed, reasons
from .vocabulary import shared

_WINDOWS_TRIED = 14
"""How many windows are searched for a time at which the contact can be reached too."""


def compile_alarm(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.alarm
    assert terms is not None
    assert plan is not None
    part = parts_of(edition, plan)[terms.call.part]
    service = _Service(terms)
    monitored, retry = head(terms.monitored), head(terms.retry)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        received: int = facts["received"]
        text = f"{said_moment(received)}に受けた通報を記録しました。{terms.monitored.says}"
        found: list[Reason] = [{**monitored, "text": text}]
        late = _late_minutes(terms, facts, found)
        starts_on, stop = service.on(facts, received)
        answer: Answer = {
            "acted_on": stop is None,
            "call_from": None,
            "retry_from": None,
            "arrange_dispatch": False,
            "dispatch_waits": False,
            "starts_on": None if starts_on is None else iso[starts_on],
            "late_minutes": late,
        }
        if stop is not None:
            return answer, [*stop, *found]
        call_from = _call_from(part, facts, received)
        answer["call_from"] = written_moment(call_from)
        if call_from is None:
            found += reasons(terms.call, f"次に{part.window.label}が始まる日がないため、担当者が連絡の日時を決めます。")
        else:
            when = "すぐに" if call_from == received else f"{said_moment(call_from)}から"
            text = f"お客様への電話は{part.window.label}の中で行うため、{when}連絡します。"
            found += reasons(terms.call, text + _about_contact(facts.get("contact_hours"), call_from))
        if facts.get("attempted") is not None and not _reached(facts, received):
            retry_from = _call_from(part, facts, (facts["attempted"] // MINUTES_OF_DAY + 1) * MINUTES_OF_DAY)
            answer["retry_from"] = written_moment(retry_from)
            again = "担当者が決める日時に" if retry_from is None else f"{said_moment(retry_from)}から"
            found.append(
                {**retry, "text": f"連絡がつかなかったため、翌日以降の最初の対応時間の{again}もう一度連絡します。"}
            )
        if facts.get("repair_needed") is True:
            waits = facts.get("reached") is not True
            answer["arrange_dispatch"], answer["dispatch_waits"] = True, waits
            then = "連絡がつくまでは出発しません。" if waits else "技術員が伺います。"
            found += reasons(terms.dispatch, f"修理が必要なため、連絡と同時に派遣を手配します。{then}")
        if trace is not None:
            _explain(trace, terms, facts, starts_on)
        return answer, found

    return decide


class _Service:
    """From when to when alarms of a device are acted on."""

    def __init__(self, terms: AlarmTerms) -> None:
        self._terms = terms
        self._end = PART_ENDS[terms.ended.part]

    def on(self, facts: Facts, received: int) -> tuple[date | None, list[Reason] | None]:
        """VA-ALM-06, -11: the first day of the service where one is known, and why the alarm is only kept, if so."""
        terms = self._terms
        if facts["applied"] is False:
            text = "通報サービスの申し込みがないため、通報を保存するだけで、連絡はしません。"
            return None, reasons(terms.applied, text)
        if "coverage" in facts and facts["coverage"] is None:
            text = "承諾された契約がないため、通報を保存するだけで、連絡はしません。"
            return None, reasons(terms.ended, text)
        period = facts.get("coverage") or ()
        first = period[0] if period else None
        # The part's own end, and where it has none, that of the whole.
        last = next((day for day in (*period[self._end : self._end + 1], *period[1:2]) if day is not None), None)
        if period and first is None:
            text = "提供できる日が残っていないため、通報を保存するだけで、連絡はしません。"
            return None, reasons(terms.ended, text)
        starts_on, open_question = self._start(facts, first, last)
        today = day_of[received // MINUTES_OF_DAY]
        if open_question is not None:
            return None, reasons(terms.start, open_question)
        if starts_on is not None and today < starts_on:
            text = f"通報サービスは{said[starts_on]}に始まるため、それより前の通報は保存するだけで、連絡はしません。"
            return starts_on, reasons(terms.start, text)
        if last is not None and today > last:
            text = f"提供期間は{said[last]}に終わったため、通報を保存するだけで、連絡はしません。"
            return starts_on, reasons(terms.ended, text)
        return starts_on, None

    def _start(self, facts: Facts, first: date | None, last: date | None) -> tuple[date | None, str | None]:
        """VA-ALM-06: the day that was wished, or agreed on after an objection; blank, the day of acceptance."""
        wished: date | None = facts.get("wished")
        objected: date | None = facts.get("objected_on")
        agreed: date | None = facts.get("agreed_on")
        clause = self._terms.start.clause
        for name, day in (("wished", wished), ("agreed_on", agreed)):
            if day is not None and ((first is not None and day < first) or (last is not None and day > last)):
                text = f"始める日が、提供期間の外です。期間の中の日を指定してください（{clause}）。"
                raise Refusal(name, text)
        if objected is not None:
            begins = wished or first
            if begins is not None and objected >= begins:
                text = f"始められないという連絡が、希望の日の{said[begins]}より前ではありません。日付を直してください。"
                raise Refusal("objected_on", text)
            if agreed is None:
                text = (
                    "希望の日に始められないことをお知らせした後、始める日がまだ決まっていないため、保存するだけです。"
                )
                return None, text
            if agreed < objected:
                raise Refusal("agreed_on", "決まった日が、始められないという連絡の日より前です。日付を直してください。")
        return agreed or wished or first, None


def _late_minutes(terms: AlarmTerms, facts: Facts, found: list[Reason]) -> int | None:
    """VA-ALM-07: how long the alarm was on its way; nobody is blamed for a late one, it is only noted."""
    sent: int | None = facts.get("sent")
    if sent is None:
        return None
    minutes: int = facts["received"] - sent
    if minutes < 0:
        raise Refusal("sent", "通報を送った日時が、受けた日時より後です。どちらかの日時を直してください。")
    if minutes > terms.late.after_minutes:
        found += reasons(terms.late, f"送られてから{minutes:,}分後に届いたため、遅れて届いた通報として記録します。")
    return minutes


def _reached(facts: Facts, received: int) -> bool:
    """Whether the call reached somebody. Refuses an attempt without result, or before the alarm."""
    if facts["attempted"] < received:
        raise Refusal("attempted", "電話をかけた日時が、通報を受けた日時より前です。どちらかの日時を直してください。")
    reached: bool = needed(facts, "reached", "電話をかけた結果、連絡がついたかどうかを指定してください。")
    return reached


def _call_from(part: PartHours, facts: Facts, at: int) -> int | None:
    """VA-ALM-03: from when to call: inside the window and the contact's own hours; without such a time, the window."""
    timetable = part.timetable(facts)
    first: int | None = None
    for _ in range(_WINDOWS_TRIED):
        is_open, opens_at, closes_at = timetable.at(at)
        begins = at if is_open else opens_at
        if begins is None:
            break
        first = begins if first is None else first
        reachable = _reachable(facts.get("contact_hours"), begins)
        if closes_at is None or reachable < closes_at:
            return reachable
        at = closes_at
    return first


def _reachable(contact: Hours | None, at: int) -> int:
    """The first moment from `at` on that lies in the contact's daily hours."""
    if contact is None:
        return at
    opens, closes = contact
    of_day = at % MINUTES_OF_DAY
    if opens <= of_day < closes or of_day < closes - MINUTES_OF_DAY:
        return at
    return at + (opens - of_day) % MINUTES_OF_DAY


def _about_contact(contact: Hours | None, call_from: int) -> str:
    if contact is None:
        return ""
    met = _reachable(contact, call_from) == call_from
    return "お客様の対応時間帯に合わせています。" if met else "お客様の対応時間帯とは重なりません。"


def _explain(trace: Trace, terms: AlarmTerms, facts: Facts, starts_on: date | None) -> None:
    """The steps to a call, and what did not decide."""
    if starts_on is not None:
        trace.step("通報サービスの開始", starts_on, terms.start)
    if facts.get("wished") is not None and facts["wished"] != starts_on:
        trace.lost(terms.start, f"希望の日の{said[facts['wished']]}には始められないことを、お知らせしています。")
    if facts.get("repair_needed") is not True:
        known = "修理は必要ないと判断した" if facts.get("repair_needed") is False else "修理が必要かまだ決まらない"
        trace.lost(terms.dispatch, f"{known}ため、派遣は手配しません。")
    if facts.get("attempted") is None or facts.get("reached") is True:
        trace.lost(terms.retry, "連絡がつかなかった記録はないため、翌日の電話はありません。")


FACTS = shared(
    "start_weekday",
    "weekday_changes",
    "closed_days",
    service_days=Fact("対応する曜日", list_of(WEEKDAY)),
    received=Fact("通報を受けた日時", MOMENT),
    sent=Fact("通報を送った日時", MOMENT),
    applied=Fact("通報サービスの申し込みの有無", BOOL),
    wished=Fact("サービス開始希望日", DATE),
    objected_on=Fact("希望の日に始められないと知らせた日", DATE),
    agreed_on=Fact("話し合いで決まった開始日", DATE),
    coverage=Fact("提供期間", COVERAGE_PERIOD),
    contact_hours=Fact("連絡を受けられる時間帯", HOURS),
    attempted=Fact("電話をかけた日時", MOMENT),
    reached=Fact("連絡がついたか", BOOL),
    repair_needed=Fact("修理が必要か", BOOL),
)

TOPIC = Topic("alarm", FACTS, compile_alarm)
