"""inquiry: by when must an inquiry be answered, and when does it close by itself."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from hoshu.catalog import Edition, Plan
from hoshu.catalog.desk import InquiryTerms
from hoshu.dates import MINUTES_OF_DAY, BusinessCalendar, after_business_days, within_days

from .facts import DATE, Fact, Facts, Lookup, Refusal
from .instants import INSTANT, said_instant
from .sentences import day_of, iso, said, said_moment, written_moment
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, head, reasons
from .vocabulary import shared

_SECONDS_OF_DAY = MINUTES_OF_DAY * 60

FACTS = shared(
    "closed_days",
    received=Fact("問合せを受け付けた日時", INSTANT),
    answered=Fact("回答した日時", INSTANT),
    expected=Fact("回答の予定日", DATE),
    replied=Fact("回答への返信を受け取った日時", INSTANT),
)


def compile_inquiry(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.inquiry
    assert terms is not None
    answer, ask = terms.answer, terms.ask_expected
    close, remind = terms.close, terms.remind
    answer_minute, ask_minute = answer.minute, ask.minute
    usual = Lookup(_counter(terms, terms.days.calendar()))
    due_head = head(answer)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        received: int = facts["received"]
        answered, replied = facts.get("answered"), facts.get("replied")
        _check(received, answered, replied)
        closed = facts.get("closed_days")
        count = usual
        if closed is not None:
            count = Lookup(_counter(terms, terms.days.calendar(closed)))

        first_due = _at(count[received // _SECONDS_OF_DAY].due, answer_minute)
        in_time = None if answered is None else answered <= first_due * 60
        counted_from = received if replied is None else replied
        days = count[counted_from // _SECONDS_OF_DAY]
        due_at = _at(days.due, answer_minute)

        text = f"{said_instant(counted_from)}の{'受付' if replied is None else '返信'}から"
        text += f"{answer.business_days}営業日目の{said_moment(due_at)}までに回答します。"
        found = [{**due_head, "text": text}]
        if warning := BusinessCalendar.warning(days.due):
            found += reasons(terms.days, warning)
        interim, why = _interim(facts, counted_from, answered if replied is None else None, due_at, days)
        found += why
        closes: date | None = None
        remind_on: date | None = None
        same: bool | None = None
        if answered is not None:
            closes = close.last_day(day_of[answered // _SECONDS_OF_DAY], CALENDAR)
            if replied is not None:
                same = replied // _SECONDS_OF_DAY <= closes.toordinal()
                found += _after_reply(closes, same=same)
            else:
                text = f"回答から{close.text}の{said[closes]}までに完了の連絡がなければ、自動で終了します。"
                found += reasons(close, text, close.law)
            if same:
                closes = None
            else:
                remind_on = within_days(day_of[answered // _SECONDS_OF_DAY], remind.days)
        if trace is not None:
            trace.step("回答の期限", days.due, answer)
            calendar = terms.days.calendar(closed)
            since = day_of[counted_from // _SECONDS_OF_DAY]
            trace.deadline("answer_due", after_business_days(calendar, since, answer.business_days))
            if closes is not None and answered is not None:
                trace.period("auto_close_after", close, day_of[answered // _SECONDS_OF_DAY])
            trace.step("予定を尋ねる日", days.ask, ask)
            trace.step("自動で終了する日", closes, close)
            if closed is not None:
                trace.lost(terms.days, "休業日を指定されたため、毎年の休業日は使いません。")
        day_off = ["auto_close_after"] if closes is not None and not CALENDAR.is_business_day(closes) else []
        return {
            "answer_due": iso[days.due],
            "answer_due_at": written_moment(due_at),
            "in_time": in_time,
            "interim_required": interim,
            "ask_expected_at": written_moment(_at(days.ask, ask_minute)),
            "auto_close_after": closes and iso[closes],
            "remind_on": remind_on and iso[remind_on],
            "same_inquiry": same,
            **({"day_off": day_off} if day_off else {}),
        }, found

    def _interim(
        facts: Facts, counted_from: int, answered: int | None, due_at: int, days: _Days
    ) -> tuple[bool, list[Reason]]:
        """MM-INQ-03: an answer on the way is due by the deadline where the last one comes after it."""
        expected: date | None = facts.get("expected")
        if answered is not None:
            required = answered > due_at * 60
            late = f"回答が{said_instant(answered)}で期限を過ぎているため、期限までに一次回答が必要でした。"
            return required, reasons(terms.interim, late) if required else []
        if expected is None:
            ask_at = said_moment(_at(days.ask, ask_minute))
            text = f"回答の予定日がわからないため、{ask_at}に担当者へ尋ね、一次回答が要るかを決めます。"
            return False, reasons(ask, text)
        if expected.toordinal() < counted_from // _SECONDS_OF_DAY:
            raise Refusal("expected", "回答の予定日が問合せより前です。これからの予定日を指定してください。")
        if expected <= days.without_interim:
            return False, reasons(terms.interim, f"{said[expected]}に回答する予定のため、一次回答は要りません。")
        text = f"回答の予定が{said[expected]}のため、{said_moment(due_at)}までに、予定日を書いた一次回答をします。"
        if expected <= days.silent:
            text += f"{terms.interim.silent_up_to}営業日以内の予定についての定めはないため、安全な側をとります。"
        return True, reasons(terms.interim, text)

    def _after_reply(closes: date, *, same: bool) -> list[Reason]:
        if same:
            text = f"{said[closes]}までの返信のため、同じ問合せとして続け、自動では終了しません。"
            return reasons(terms.again, text)
        text = f"{said[closes]}に自動で終了したあとの返信のため、元の問合せにつなげた新しい問合せとします。"
        return reasons(terms.late_reply, text)

    return decide


def _check(received: int, answered: int | None, replied: int | None) -> None:
    if answered is not None and answered < received:
        raise Refusal("answered", "回答した日時が受付より前です。どちらかの日時を直してください。")
    if replied is not None:
        if answered is None:
            raise Refusal("answered", "返信は回答のあとに届きます。回答した日時も指定してください。")
        if replied < answered:
            raise Refusal("replied", "返信を受け取った日時が回答より前です。どちらかの日時を直してください。")


class _Days(NamedTuple):
    """What is counted from a day of receipt."""

    due: date
    without_interim: date
    """A last answer expected up to this day needs none on the way."""
    silent: date
    ask: date


def _counter(terms: InquiryTerms, calendar: BusinessCalendar) -> Callable[[int], _Days]:
    """Counts from a day of receipt, given by its number."""
    interim, ask = terms.interim, terms.ask_expected.business_day
    counts = terms.answer.business_days, interim.over_business_days, interim.silent_up_to, ask

    def count(number: int) -> _Days:
        return _Days(*(calendar.add(day_of[number], each) for each in counts))

    return count


def _at(day: date, minute: int) -> int:
    return day.toordinal() * MINUTES_OF_DAY + minute


TOPIC = Topic("inquiry", FACTS, compile_inquiry, by_plan=False)
