"""registration: may this application be accepted, and by when must what happen."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from hoshu.catalog import (
    ApplicationCheck,
    Deadline,
    Edition,
    FieldCheck,
    FormField,
    Period,
    Plan,
    RegistrationTerms,
    Rule,
)
from hoshu.dates import WEEKDAYS

from .counting import counted_from
from .facts import (
    BOOL,
    COUNT,
    DATE,
    TEXT,
    Fact,
    Facts,
    Kind,
    Lookup,
    Misfit,
    Refusal,
    choice,
    list_of,
    read_date,
    record,
    whole_number,
)
from .sentences import said, written
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, also, head, reasons
from .vocabulary import shared

_STRENGTH = {"accept": 0, "accept_late": 1, "incomplete": 2, "refuse": 3}
"""The strongest outcome found is the answer."""

_Stands = Callable[[Any], bool]


def compile_registration(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.registration
    assert terms is not None
    assert plan is not None
    fields = tuple(
        field
        for field in edition.card_field
        if field.required != "run_of_days" or edition.has_start_weekday(plan)  # without a start weekday: no such field
    )
    rules = _Rules(terms, fields)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        found = _Findings(rules)
        found.dates(facts)
        if not rules.checked_facts.isdisjoint(facts):
            found.checks(facts)
        if "options" in facts:
            found.options(facts)
        if (form := facts.get("form")) is not None:
            found.form(form, facts)
        if "refused_on" in facts or found.refundable:
            found.refusal(facts)
        if trace is not None:
            found.explain(facts, trace)
        answer: Answer = {
            "outcome": found.outcome,
            "missing": found.missing,
            "flags": found.flags,
            "apply_by": written(found.apply_by),
            "answer_by": written(found.answer_by),
            "refund": found.refundable and found.refund_due,
        }
        if len(rules.apply) > 1:
            answer["deadlines"] = [
                {"counted_from": deadline.fact, "last_day": written(last), "in_time": in_time}
                for deadline, _, last, in_time in found.deadlines
            ]
        if found.day_off:
            answer["day_off"] = found.day_off
        if found.outcome == "accept":
            found.reasons[:0] = reasons(terms.application, "確かめた内容に不足はなく、受け付けられます。")
        return answer, found.reasons

    return decide


def _stands(check: ApplicationCheck) -> _Stands:
    """Whether a value of its fact stands in the way."""
    if check.value is not None:
        return check.value.__eq__
    if check.among:
        return frozenset(check.among).__contains__
    return (check.more_than or 0).__lt__


class _LastDay(NamedTuple):
    """The end of a period: its last day, whether that is a day off, and the sentence that says so."""

    last: date
    is_off: bool
    text: str


class _Counted:
    """A period of the edition, worked out once for each day it counts from, with how its reason is cited."""

    def __init__(self, period: Period, label: str, says: str) -> None:
        self.head, self.also = head(period, period.law), also(period)
        self.from_day = Lookup[date, _LastDay](lambda day: self._work_out(period, day, label, says))

    @staticmethod
    def _work_out(period: Period, day: date, label: str, says: str) -> _LastDay:
        last = period.last_day(day, CALENDAR)
        text = says.format(f"{label}の{said[day]}から{period.text}以内の{said[last]}")
        return _LastDay(last, not CALENDAR.is_business_day(last), text)


class _Entry:
    """A field of the form, with what is asked of it; fields are found in a form under their names or their ids."""

    def __init__(self, field: FormField, keys: Mapping[str, str]) -> None:
        self.field = field
        self.key = keys[field.name]
        self.is_wanted = field.required in ("always", "run_of_days")
        self.spared_by = keys.get(field.spared_by, field.spared_by)
        self.wanted_with = tuple(keys.get(name, name) for name in field.wanted_with)
        self.checks = tuple((check, keys.get(check.than, check.than)) for check in field.check)
        self.asks_for_a_day = any(check.must in _OF_DAYS or "{" in check.says for check in field.check)


class _Form:
    """The fields that can be missing or wrong in a form that names them all in one way."""

    def __init__(self, fields: Iterable[FormField], keys: Mapping[str, str]) -> None:
        entries = [_Entry(field, keys) for field in fields]
        self.to_fill = [each for each in entries if each.is_wanted or each.wanted_with]
        self.to_check = [each for each in entries if each.checks]


class _Rules:
    """What the terms say about an application, prepared once."""

    def __init__(self, terms: RegistrationTerms, fields: tuple[FormField, ...]) -> None:
        self.terms = terms
        says = "申し込みの期限は、{}です。"
        self.apply = tuple(
            (each, {label: _Counted(each, label, says) for label in (each.label, each.instead_label)})
            for each in terms.deadline
        )
        self.answer: _Counted | None = None
        if terms.answer_within is not None:
            self.answer = _Counted(terms.answer_within, "受領日", "お断りする場合は、{}までにお知らせします。")
        self.checks = tuple((check.fact, _stands(check), check) for check in terms.check)
        self.checked_facts = frozenset(check.fact for check in terms.check)
        self.days = tuple((check.fact, check.wrong, check) for check in terms.day)
        self.day_facts = frozenset(check.fact for check in terms.day)
        self.ids = frozenset(field.id for field in fields)
        self.form_by_id = _Form(fields, {field.name: field.id for field in fields})
        self.form_by_name = _Form(fields, {field.name: field.name for field in fields})


class _Findings:
    """What is found in one application, rule by rule."""

    def __init__(self, rules: _Rules) -> None:
        self.rules = rules
        self.terms = rules.terms
        self.outcome = "accept"
        self.missing: list[str] = []
        self.flags: list[str] = []
        self.day_off: list[str] = []
        self.reasons: list[Reason] = []
        self.deadlines: list[tuple[Deadline, date | None, date | None, bool | None]] = []
        """Each deadline with the day it counts from, its last day, and whether the application came in time."""
        self.apply_by: date | None = None
        self.answer_by: date | None = None
        self.refundable = False
        self.returned = False

    @property
    def refund_due(self) -> bool:
        """IX-REG-06: refused on another ground than lateness (OR-34), and the price has not come back before."""
        may_come_back = self.terms.refund is not None and self.refundable and not self.returned
        return may_come_back and self.outcome == "refuse"

    def dates(self, facts: Facts) -> None:
        """IX-REG-05, -08, -09, SP-REG-05: in time or late, and the last day for a refusal."""
        received, is_off = facts.get("application_received"), False
        missed: list[Deadline] = []
        for deadline, by_label in self.rules.apply:
            bought, label = counted_from(deadline, facts)
            if bought is None:
                self.deadlines.append((deadline, None, None, None))
                self._unknown(deadline, f"{label}がわからず、期限は算定できません。")
                continue
            counted = by_label[label]
            last, off, text = counted.from_day[bought]
            if self.apply_by is None or last < self.apply_by:
                self.apply_by, is_off = last, off
            in_time = None if received is None else received <= last
            if in_time is False:
                missed.append(deadline)
            self.deadlines.append((deadline, bought, last, in_time))
            self.reasons += ({**counted.head, "text": text}, *counted.also)
        if is_off:
            self.day_off.append("apply_by")
        if received is None:
            return
        if (answer := self.rules.answer) is not None:
            self.answer_by, off, text = answer.from_day[received]
            if off:
                self.day_off.append("answer_by")
            self.reasons += ({**answer.head, "text": text}, *answer.also)
        coverage_end = facts.get("coverage_end")
        is_over = self.terms.nothing_left is not None and coverage_end is not None and received > coverage_end
        if missed or is_over:
            self._lateness(missed, coverage_end if is_over else None)
        if not self.rules.day_facts.isdisjoint(facts):
            self._days(facts, received)

    def _unknown(self, deadline: Deadline, text: str) -> None:
        if deadline.required:
            self._missing(deadline.fact, deadline, text)
        else:
            self._note("lateness_unknown", deadline, text)

    def _lateness(self, missed: list[Deadline], over: date | None) -> None:
        """What is late is for a person or refused, as the terms say; so is what comes when the service was `over`."""
        nothing_left = self.terms.nothing_left if over is not None else None
        outcome = None if nothing_left is None else nothing_left.late if missed else nothing_left.in_time
        if missed:
            self._late(missed, said[over] if over is not None and outcome == "refuse" else None)
        if nothing_left is not None and over is not None and outcome is not None:
            text = f"提供期間は{said[over]}までで、ご利用いただける日が残っていません。"
            if not missed:
                text += "お受けできません。" if outcome == "refuse" else "担当者が判断します。"
            self._found(outcome, "no_served_day", nothing_left, text)

    def _late(self, missed: list[Deadline], over: str | None) -> None:
        late, several = self.terms.late, len(self.deadlines) > 1
        assert late is not None
        count = f"{'と'.join(deadline.label for deadline in missed)}から数えた" if several else ""
        if over is not None:
            text = f"申し込みが遅れ、{over}までの提供期間も過ぎたため、お受けできません。返金もありません。"
            self._found("refuse", "late", late, text)
        elif late.outcome == "refuse":
            self._found("refuse", "late", late, f"申し込みが{count}期限を過ぎたため、お受けできません。")
        else:
            text = f"申し込みが{count}期限を過ぎたため、提供できないことがあります。"
            self._found(late.outcome, "late", late, f"{text}受けるかどうかは担当者が判断します。")
        if several:
            self.flags += [f"late:{deadline.fact}" for deadline in missed]

    def _days(self, facts: Facts, received: date) -> None:
        """IX-COV-01: what the years are counted from must be known and possible."""
        for fact, wrong, check in self.rules.days:
            day = facts.get(fact)
            if day is None:
                is_wrong = wrong == "unknown" and fact in facts
            else:
                is_wrong = day > received if wrong == "after_receipt" else wrong == "before_receipt" and received > day
            if is_wrong:
                text = check.says if day is None else check.says.format(day=said[day])
                self._say(check.outcome, check.flag, fact, check, text)

    def checks(self, facts: Facts) -> None:
        """IX-GEN-06, IX-SPEC-01, SP-REG-01: what the terms ask of an application and this one does not meet."""
        for name, stands, check in self.rules.checks:
            if (value := facts.get(name)) is not None and stands(value):
                if check.outcome == "refuse":
                    self.refundable = self.refundable or check.refund == "due"
                    self.returned = self.returned or check.refund == "paid"
                self._say(check.outcome, check.flag, check.missing, check, check.says)

    def options(self, facts: Facts) -> None:
        """IX-GEN-06: each line stands alone; one that is not covered leaves the others as they are."""
        covered, quantity = self.terms.options, self.terms.option_quantity
        for line in facts.get("options") or ():
            code = line["code"]
            if covered is not None and (line["genuine"] is False or line["supported"] is False):
                why = "純正品でない" if line["genuine"] is False else "対象のオプションの一覧にない"
                text = f"オプション「{code}」は{why}ため対象外です。ほかの登録は進めます。"
                self._note(f"option_not_covered:{code}", covered, text)
            elif quantity is not None and line["quantity"] is None:
                text = f"オプション「{code}」の数量がありません。ご記入者に確かめます。"
                self._missing(f"options.{code}.quantity", quantity, text)
            elif quantity is not None and line["quantity"] < 1:
                text = f"オプション「{code}」の数量は1以上の整数にしてください。"
                self._missing(f"options.{code}.quantity", quantity, text)

    def form(self, form: Mapping[str, Any], facts: Facts) -> None:
        """IX-CARD-12: every field that applies is filled, and with something that can be true."""
        rules = self.rules
        fields = rules.form_by_name if rules.ids.isdisjoint(form) else rules.form_by_id
        for entry in fields.to_fill:
            if _is_blank(form.get(entry.key)) and _is_wanted(entry, form) and entry.key not in self.missing:
                text = f"{entry.field.number}{entry.field.label}が記入されていません。"
                self._missing(entry.key, entry.field, text)
        received = facts.get("application_received")
        for entry in fields.to_check:
            if not _is_blank(value := form.get(entry.key)):
                self._content(entry, value, form, received)

    def _content(self, entry: _Entry, value: object, form: Mapping[str, Any], received: date | None) -> None:
        day = _day(value) if entry.asks_for_a_day else None
        for check, other in entry.checks:
            if not _is_met(check, value, day, form.get(other), received):
                says = (
                    check.says
                    if day is None or received is None
                    else check.says.format(day=said[day], received=said[received])
                )
                self._say("incomplete", check.flag, entry.field.name, entry.field, says)
                return

    def refusal(self, facts: Facts) -> None:
        """IX-REG-05: a refusal names its ground and reaches the customer in time; IX-REG-06: the seller refunds."""
        terms, refused = self.terms, facts.get("refused_on")
        if refused is not None:
            received = facts.get("application_received")
            if received is not None and refused < received:
                text = "承諾を断った日が、申し込みの受領日より前です。どちらかの日付を直してください。"
                raise Refusal("refused_on", text)
            ground = facts.get("ground")
            if _is_blank(ground):
                self._missing("ground", terms.refusal, "お断りの理由がありません。合理的な理由を記入してください。")
                return
            self.refundable = True
            text = f"理由は「{ground}」で、{said[refused]}にお断りします。"
            self._found("refuse", "refused", terms.refusal, text)
            if self.answer_by is not None and refused > self.answer_by:
                text = f"お断りの期限の{said[self.answer_by]}を過ぎています。もう一人の承認が要ります。"
                self._note("late_refusal", terms.refusal, text)
        if self.refund_due and terms.refund is not None:
            self.reasons += reasons(terms.refund, terms.refund.says)

    def explain(self, facts: Facts, trace: Trace) -> None:
        alone = len(self.deadlines) == 1
        for deadline, bought, last, in_time in self.deadlines:
            if last is None:
                continue
            trace.step(counted_from(deadline, facts)[1], bought, deadline)
            trace.step("登録の申し込みの期限", last, deadline)
            if bought is not None:
                trace.period("apply_by" if alone else f"deadlines.{deadline.fact}", deadline, bought)
            if in_time:
                assert self.terms.late is not None
                trace.lost(self.terms.late, f"{said[last]}までに受け取ったため、遅れた申し込みの定めは使いません。")
        if self.answer_by is not None and self.terms.answer_within is not None:
            trace.step(FACTS["application_received"].label, facts["application_received"], self.terms.answer_within)
            trace.step("お断りを通知する期限", self.answer_by, self.terms.answer_within)
            trace.period("answer_by", self.terms.answer_within, facts["application_received"])

    def _say(self, outcome: str, flag: str, name: str, rule: Rule, text: str) -> None:
        """One finding: what is missing, where it bears no flag, and what it does to the outcome."""
        if not flag:
            self._missing(name, rule, text)
        elif outcome == "note":
            self._note(flag, rule, text)
        else:
            self._found(outcome, flag, rule, text)

    def _found(self, outcome: str, flag: str, rule: Rule, text: str) -> None:
        if _STRENGTH[outcome] > _STRENGTH[self.outcome]:
            self.outcome = outcome
        self._note(flag, rule, text)

    def _missing(self, name: str, rule: Rule, text: str) -> None:
        if _STRENGTH[self.outcome] < _STRENGTH["incomplete"]:
            self.outcome = "incomplete"
        self.missing.append(name)
        self.reasons += reasons(rule, text)

    def _note(self, flag: str, rule: Rule, text: str) -> None:
        self.flags.append(flag)
        self.reasons += reasons(rule, text)


def _is_wanted(entry: _Entry, form: Mapping[str, Any]) -> bool:
    if entry.is_wanted:
        return not (entry.spared_by and form.get(entry.spared_by))
    return any(form.get(key) for key in entry.wanted_with)


def _is_met(check: FieldCheck, value: object, day: date | None, other: object, received: date | None) -> bool:
    match check.must:
        case "be_a_day":
            return day is not None
        case "be_received_later":
            return day is None or received is None or day <= received
        case "be_a_weekday":
            return isinstance(value, str) and value in WEEKDAYS
        case "be_a_count":
            return type(value) is int and value >= 1
        case "be_a_mail_address":
            return isinstance(value, str) and "@" in value.strip("@ \u3000")
        case "differ":
            return value != other


_OF_DAYS = ("be_a_day", "be_received_later")
"""The checks that read a field as a day."""


def _day(value: object) -> date | None:
    try:
        return read_date(value)
    except (Misfit, TypeError):
        return None


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ([], {})


def _read_form(value: object) -> Mapping[str, Any] | None:
    # Nearly every form is a plain dict, which a Mapping takes long to find out.
    if type(value) is dict or value is None or isinstance(value, Mapping):
        return value
    raise Misfit


_OPTION = record(
    {"code": Fact("型番", TEXT)},
    {
        "quantity": Fact("数量", COUNT),
        "genuine": Fact("純正品か", BOOL),
        "supported": Fact("対象の一覧にあるか", BOOL),
    },
)

FACTS = shared(
    "purchased",
    "pack_purchased",
    "application_received",
    "card_deadline",
    "purchase_proof",
    "refused_on",
    "ground",
    "coverage_end",
    inspected=Fact("対象機器の検収日", DATE),
    pack_inspected=Fact("ライセンス（パック）の検収日", DATE),
    installed_in_japan=Fact("日本国内に設置するか", BOOL),
    serial_known=Fact("シリアル No. が台帳にあるか", BOOL),
    already_registered=Fact("別のライセンスに登録済みか", BOOL),
    bodies=Fact("本体の台数", Kind(whole_number(1), "1以上の整数で指定してください。")),
    options=Fact("オプション", list_of(_OPTION)),
    applied=Fact("申し込みの記録があるか", BOOL),
    approved=Fact("承諾したか", BOOL),
    channel=Fact("申し込みの方法", choice("web", "card")),
    pack_returned=Fact("返金済みか", BOOL),
    form=Fact("カードの記入内容", Kind(_read_form, "欄の名前と値の組（オブジェクト）で指定してください。")),
    terms_agreed=Fact("約款に同意したか", BOOL),
    privacy_agreed=Fact("個人情報の扱いに同意したか", BOOL),
    antisocial_declared=Fact("反社会的勢力でないことを表明したか", BOOL),
    customer_named=Fact("お客様のお名前が示されたか", BOOL),
    warranty_card_complete=Fact("保証書の記入がそろっているか", BOOL),
    listed_model=Fact("対象の機種の一覧にあるか", BOOL),
    connected=Fact("インターネットに接続しているか", BOOL),
    support_id=Fact("サポートIDの状態", choice("valid", "blocked", "unknown")),
    customer_kind=Fact("お客様の区分", choice("company", "organisation", "individual", "sole_proprietor")),
    same_organisation=Fact("契約するお客様の組織だけで使うか", BOOL),
    delivery_name_matches=Fact("お届け先の組織名が契約と同じか", BOOL),
    payment=Fact("お支払いの確認", choice("confirmed", "deferred", "open")),
)

TOPIC = Topic("registration", FACTS, compile_registration)
