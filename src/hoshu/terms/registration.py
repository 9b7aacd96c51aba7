"""registration: may this application be accepted, and by when must what happen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoshu.catalog import Edition, FormField, Plan, RegistrationTerms, Rule
from hoshu.dates import WEEKDAYS

from .facts import (
    BOOL,
    COUNT,
    TEXT,
    Fact,
    Facts,
    Kind,
    Misfit,
    Refusal,
    choice,
    list_of,
    read_date,
    record,
    whole_number,
)
from .sentences import said, written
from .topic import Answer, Decider, Reason, Topic, Trace, last_day, reasons
from .vocabulary import shared

_ORDER = ("accept", "accept_late", "incomplete", "refuse")
"""Outcomes from the weakest to the strongest; the strongest found is the answer."""


def compile_registration(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.registration
    assert terms is not None
    assert plan is not None
    needs_weekday = edition.has_start_weekday(plan)
    fields = edition.card_field

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        found = _Findings(terms)
        found.dates(facts)
        found.unit(facts)
        found.options(facts)
        found.papers(facts)
        if (form := facts.get("form")) is not None:
            found.form(form, fields, needs_weekday, facts)
        found.refusal(facts)
        if trace is not None:
            for label, event, period, last in (
                ("登録の申し込みの期限", "pack_purchased", terms.apply_within, found.apply_by),
                ("お断りを通知する期限", "application_received", terms.answer_within, found.answer_by),
            ):
                if last is not None:
                    trace.step(FACTS[event].label, facts[event], period)
                    trace.step(label, last, period)
        answer: Answer = {
            "outcome": found.outcome,
            "missing": found.missing,
            "flags": found.flags,
            "apply_by": written(found.apply_by),
            "answer_by": written(found.answer_by),
            "refund": found.refund_due,
        }
        if found.day_off:
            answer["day_off"] = found.day_off
        if found.outcome == "accept":
            found.reasons[:0] = reasons(terms.application, "申し込みに不足はなく、受け付けられます。")
        return answer, found.reasons

    return decide


class _Findings:
    """What is found in one application, rule by rule."""

    def __init__(self, terms: RegistrationTerms) -> None:
        self.terms = terms
        self.outcome = "accept"
        self.missing: list[str] = []
        self.flags: list[str] = []
        self.day_off: list[str] = []
        self.reasons: list[Reason] = []
        self.apply_by: date | None = None
        self.answer_by: date | None = None
        self.refundable = False
        self.returned = False

    @property
    def refund_due(self) -> bool:
        """IX-REG-06: refused on another ground than lateness (OR-34), and the price has not come back before."""
        return self.outcome == "refuse" and self.refundable and not self.returned

    def dates(self, facts: Facts) -> None:
        """IX-REG-05, -08, -09: in time or late, and the last day for a refusal."""
        terms, received = self.terms, facts.get("application_received")
        bought = facts.get("pack_purchased")
        if bought is None:
            self._note("lateness_unknown", terms.apply_within, "ライセンスの購入日がわからず、期限は算定できません。")
        else:
            self.apply_by = last_day(terms.apply_within, bought, "apply_by", self.day_off)
            period = f"ライセンスの購入日の{said[bought]}から{terms.apply_within.text}以内"
            text = f"申し込みの期限は、{period}の{said[self.apply_by]}です。"
            self.reasons += reasons(terms.apply_within, text, terms.apply_within.law)
        if received is None:
            return
        self.answer_by = last_day(terms.answer_within, received, "answer_by", self.day_off)
        period = f"受領日の{said[received]}から{terms.answer_within.text}以内"
        text = f"お断りする場合は、{period}の{said[self.answer_by]}までにお知らせします。"
        self.reasons += reasons(terms.answer_within, text, terms.answer_within.law)
        late = self.apply_by is not None and received > self.apply_by
        coverage_end: Any = facts.get("coverage_end")
        nothing_left = coverage_end is not None and received > coverage_end
        if late and nothing_left:
            text = (
                f"申し込みが遅れ、{said[coverage_end]}までの提供期間も過ぎたため、お受けできません。返金もありません。"
            )
            self._found("refuse", "late", terms.late, text)
            self.flags.append("no_served_day")
        elif late:
            text = "申し込みが期限を過ぎたため、提供できないことがあります。受けるかどうかは担当者が判断します。"
            self._found("accept_late", "late", terms.late, text)
        elif nothing_left:
            text = f"提供期間は{said[coverage_end]}までで、ご利用いただける日が残っていません。担当者が判断します。"
            self._found("incomplete", "no_served_day", terms.nothing_left, text)
        self._dates_of_the_count(facts, received)

    def _dates_of_the_count(self, facts: Facts, received: date) -> None:
        """IX-COV-01: what the years are counted from must be known and possible."""
        terms = self.terms
        for name in ("purchased", "card_deadline"):
            if name in facts and facts[name] is None:
                self._missing(name, terms.card_deadline, f"{FACTS[name].label}がわからず、年数を数えられません。")
        purchased, deadline = facts.get("purchased"), facts.get("card_deadline")
        if purchased is not None and purchased > received:
            text = f"対象機器の購入日の{said[purchased]}が受領日より後になっています。ご記入者に確かめます。"
            self._found("incomplete", "purchase_after_receipt", terms.purchase_date, text)
        if deadline is not None and received > deadline:
            text = f"カードがお手続期限の{said[deadline]}より後に届いたため、年数の起点が早まることがあります。"
            self._note("card_deadline_passed", terms.card_deadline, text)

    def unit(self, facts: Facts) -> None:
        """IX-GEN-06, IX-SVC-02, IX-CARD-00: one known body, in Japan, not registered twice."""
        terms = self.terms
        if (facts.get("bodies") or 1) > 1:
            text = "ライセンス1件で登録できる本体は1台です。2台目には別のライセンスが要ります。"
            self._refuse("second_body", terms.one_body, text)
        if facts.get("installed_in_japan") is False:
            text = "設置場所が日本国外のため、お受けできません。国内の住所に直してください。"
            self._refuse("outside_japan", terms.in_japan, text)
        if facts.get("serial_known") is False:
            text = "シリアル No. が台帳に見つかりません。番号を確かめるまで登録を保留します。"
            self._found("incomplete", "serial_unknown", terms.serial, text)
        if facts.get("already_registered") is True:
            text = "この本体は別の有効なライセンスに登録済みです。担当者が確かめるまで登録を保留します。"
            self._found("incomplete", "already_registered", terms.one_body, text)

    def options(self, facts: Facts) -> None:
        """IX-GEN-06: each line stands alone; one that is not covered leaves the others as they are."""
        for line in facts.get("options") or ():
            code = line["code"]
            if line["genuine"] is False or line["supported"] is False:
                why = "純正品でない" if line["genuine"] is False else "対象のオプションの一覧にない"
                text = f"オプション「{code}」は{why}ため対象外です。ほかの登録は進めます。"
                self._note(f"option_not_covered:{code}", self.terms.options, text)
            elif line["quantity"] is None:
                text = f"オプション「{code}」の数量がありません。ご記入者に確かめます。"
                self._missing(f"options.{code}.quantity", self.terms.option_quantity, text)
            elif line["quantity"] < 1:
                text = f"オプション「{code}」の数量は1以上の整数にしてください。"
                self._missing(f"options.{code}.quantity", self.terms.option_quantity, text)

    def papers(self, facts: Facts) -> None:
        """IX-SPEC-01: an application and its approval are both on record."""
        if facts.get("applied") is False:
            text = "お客様の申し込みの記録がありません。カード、メールまたは申し込み画面の記録を付けてください。"
            self._missing("application", self.terms.application, text)
        if facts.get("approved") is False:
            text = "承諾がまだ済んでいません。登録完了のお知らせを送るまで登録は完了しません。"
            self._found("incomplete", "not_approved", self.terms.approval, text)
        if facts.get("pack_returned") is True:
            self.returned = True
            text = "返金済みのライセンスのため、登録できません。"
            self._found("refuse", "pack_returned", self.terms.serial, text)

    def form(self, form: Mapping[str, Any], fields: tuple[FormField, ...], needs_weekday: bool, facts: Facts) -> None:
        """IX-CARD-12: every framed field that applies to the plan is filled, with something that can be true."""
        by_id = any(field.id in form for field in fields)
        filled = {field.name: form.get(field.id if by_id else field.name) for field in fields}
        rules = {field.name: field for field in fields}
        for field in fields:
            name = field.id if by_id else field.name
            if _is_wanted(field, filled, needs_weekday) and _is_blank(filled[field.name]) and name not in self.missing:
                self._missing(name, field, f"{field.number}{field.label}が記入されていません。")
        self._shared_card(filled, rules)
        weekday = filled.get("start_weekday")
        if needs_weekday and not _is_blank(weekday) and not (isinstance(weekday, str) and weekday in WEEKDAYS):
            text = "開始基準曜日は、月曜日から日曜日までの一つを選んでください。"
            self._missing("start_weekday", rules["start_weekday"], text)
        self._entry_date(filled, rules, facts.get("application_received"))

    def _shared_card(self, filled: Mapping[str, Any], rules: Mapping[str, FormField]) -> None:
        """IX-CARD-10: a reference names the representative card, which is another one."""
        representative = filled.get("shared_card_serial")
        if (filled.get("share_contact") or filled.get("share_site")) and _is_blank(representative):
            text = "参照の欄に印がありますが、代表のカードのシリアル No. がありません。"
            self._missing("shared_card_serial", rules["shared_card_serial"], text)
        if not _is_blank(representative) and representative == filled.get("card_serial"):
            text = "代表のカードとして、このカード自身のシリアル No. が書かれています。"
            self._found("incomplete", "shared_card_is_itself", rules["shared_card_serial"], text)

    def _entry_date(self, filled: Mapping[str, Any], rules: Mapping[str, FormField], received: date | None) -> None:
        """IX-CARD-02: the card is filled in on a day of the calendar, not after it was received."""
        written_on = filled.get("entry_date")
        if _is_blank(written_on):
            return
        try:
            entered = read_date(written_on)
        except (Misfit, TypeError):
            self._missing("entry_date", rules["entry_date"], "記入日が暦にない日付です。")
            return
        if entered is not None and received is not None and entered > received:
            text = f"記入日の{said[entered]}が受領日の{said[received]}より後になっています。"
            self._found("incomplete", "entered_after_receipt", rules["entry_date"], text)

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
                text = "お断りの理由がありません。合理的な理由を記入してください。"
                self._missing("ground", terms.answer_within, text)
                return
            self._refuse("refused", terms.answer_within, f"理由は「{ground}」で、{said[refused]}にお断りします。")
            if self.answer_by is not None and refused > self.answer_by:
                text = f"お断りの期限の{said[self.answer_by]}を過ぎています。もう一人の承認が要ります。"
                self._note("late_refusal", terms.answer_within, text)
        if self.refund_due:
            text = "お断りの通知と購入の証明をご購入元にお渡しになれば、代金が返金されます。"
            self.reasons += reasons(terms.refund, text)

    def _found(self, outcome: str, flag: str, rule: Rule, text: str) -> None:
        if _ORDER.index(outcome) > _ORDER.index(self.outcome):
            self.outcome = outcome
        self._note(flag, rule, text)

    def _refuse(self, flag: str, rule: Rule, text: str) -> None:
        """A refusal on another ground than lateness (OR-34), so that the price comes back."""
        self.refundable = True
        self._found("refuse", flag, rule, text)

    def _missing(self, name: str, rule: Rule, text: str) -> None:
        if _ORDER.index(self.outcome) < _ORDER.index("incomplete"):
            self.outcome = "incomplete"
        self.missing.append(name)
        self.reasons += reasons(rule, text)

    def _note(self, flag: str, rule: Rule, text: str) -> None:
        self.flags.append(flag)
        self.reasons += reasons(rule, text)


def _is_wanted(field: FormField, filled: Mapping[str, Any], needs_weekday: bool) -> bool:
    match field.required:
        case "always":
            return True
        case "run_of_days":
            return needs_weekday
        case "unless_shared_contact":
            return not filled.get("share_contact")
        case "unless_shared_site":
            return not filled.get("share_site")
        case "unless_same_writer":
            return not filled.get("same_writer")
        case _:
            return False


def _is_blank(value: object) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _read_form(value: object) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, Mapping):
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
    "refused_on",
    "ground",
    "coverage_end",
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
)

TOPIC = Topic("registration", FACTS, compile_registration)
