"""The answer of the terms on a fault call, as every door shows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hoshu.cases.information import Piece
from hoshu.cases.judgement import moment
from hoshu.cases.words import Evidence, Outcome
from hoshu.web.common.answer import AnswerView, Fact, Missing, reasons_of
from hoshu.web.common.call_form import CallForm
from hoshu.web.common.formats import local

SENTENCES = {
    "covered": "提供期間の中です。無償で対応します。",
    "chargeable": "対応できますが、料金がかかります。",
    "excluded": "この障害の対応は、サービスに含まれません。",
    "on_hold": "受け付けます。対応するかは、確認してから決めます。",
    "not_covered": "受け付けますが、いまはサービスの対象ではありません。",
    "refused": "受け付けますが、対応しないと判断しています。",
    "unregistered": "登録された機器が見つかりません。受け付けて、照合を待ちます。",
    "again": "前回の作業のやり直しとして、無償で対応します。",
}
AFTERWARDS = {
    "covered": "提供期間の中で、無償の対象でした。",
    "chargeable": "対応には料金がかかる内容でした。",
    "excluded": "この障害の対応は、サービスに含まれませんでした。",
    "on_hold": "対応するかは、決まっていませんでした。",
    "not_covered": "サービスの対象ではありませんでした。",
    "refused": "対応しないと判断しました。",
    "unregistered": "登録された機器が見つかりませんでした。",
    "again": "前回の作業のやり直しとして、無償でした。",
}
"""The same once the case is over, when nobody waits for anything any more."""

PAYERS = {
    "covered": Fact(label="費用", text="お客様負担なし", note="船舶・航空機・宿泊・日当は実費"),
    "chargeable": Fact(label="費用", text="お客様負担"),
    "on_hold": Fact(label="費用", text="確認してから"),
}
FIELDS = {
    "IX-FLT-03-1": ("reported_as",),
    "IX-FLT-03-2": ("site", "site_address"),
    "IX-FLT-03-3": ("symptoms",),
    "IX-FLT-03-4": (f"evidence_{Evidence.POWER}",),
    "IX-FLT-03-5": ("software_version",),
    "IX-FLT-03-6": ("backup",),
}
"""The field that a piece of information is filled in at; of several the first that the form has."""


def answer(
    *,
    entitlement: Mapping[str, Any],
    reasons: Sequence[Mapping[str, str]],
    service: str,
    edition: str,
    registered: bool,
    window: Mapping[str, Any] | None,
    restoration_reasons: Sequence[Mapping[str, str]] = (),
    ends_on: date | None,
    pieces: Sequence[Piece] = (),
    form: CallForm | None = None,
    free_again: bool = False,
    is_over: bool = False,
    now: datetime,
) -> AnswerView:
    """The one shape, from the values of the stored or fresh answers. `free_again`: a re-performance that is owed.

    `window` is None where the terms know no hours, or the warranty alone answers (VA-WAR-03).

    `form`: the form of the call that stands on the same page, where what is missing is filled in.
    """
    outcome, word = entitlement["outcome"], ""
    sentences = AFTERWARDS if is_over else SENTENCES
    sentence = sentences[outcome]
    if not registered:
        word, sentence = "登録なし", sentences["unregistered"]
    if free_again and outcome != "covered":
        outcome, sentence = "covered", sentences["again"]
    shown = [*reasons, *(restoration_reasons if outcome == "covered" else ())]
    return AnswerView(
        outcome=outcome,
        word=word,
        sentence=sentence,
        facts=_facts_afterwards(outcome, ends_on) if is_over else _facts(outcome, registered, window, ends_on, now),
        reasons=reasons_of(shown, service=service, edition=edition),
        missing=[
            Missing(text=f"{piece.number} {piece.label}: {piece.asked}", field=_input(form, piece))
            for piece in wanted(pieces, outcome=outcome, registered=registered)
        ],
    )


def wanted(pieces: Sequence[Piece], *, outcome: str, registered: bool) -> list[Piece]:
    """What is still asked for: where nobody will come, only whether this is the right unit (IX-FLT-03)."""
    everything = outcome in Outcome.served() or not registered
    return [piece for piece in pieces if not piece.complete and (everything or piece.id == "IX-FLT-03-1")]


def _input(form: CallForm | None, piece: Piece) -> str:
    """The id of the input for a piece; none where the page has no form."""
    if form is None:
        return ""
    name = next(name for name in FIELDS[piece.id] if name in form.fields)
    return form[name].subwidgets[0].id_for_label


def _until(ends_on: date | None) -> Fact:
    return (
        Fact(label="サポート満了日", when=ends_on, counts="until") if ends_on else Fact(label="終わり", text="定めなし")
    )


def _facts_afterwards(outcome: str, ends_on: date | None) -> list[Fact]:
    """What the case was, without the hours that nobody waits for any more."""
    until = _until(ends_on)
    if outcome not in Outcome.served():
        return [Fact(label="対応", text="行いませんでした"), until]
    return [until, PAYERS[outcome]]


def _facts(
    outcome: str, registered: bool, window: Mapping[str, Any] | None, ends_on: date | None, now: datetime
) -> list[Fact]:
    """From when, until when, who pays. A window is told as the plan's hours, never as a promise (IX-WIN-08)."""
    if not registered:
        return [Fact(label="次の対応時間", text="照合してから"), Fact(label="費用", text="照合してから")]
    until = _until(ends_on)
    if outcome not in Outcome.served():
        return [Fact(label="対応", text="行いません", note="受付の記録は残します"), until]
    if window is None:
        return [Fact(label="対応時間", text="お約束はありません"), until, PAYERS[outcome]]
    opens, closes = moment(window["opens_at"]), moment(window["closes_at"])
    note = f"{local(closes):%H:%M}まで。" if closes else "24時間。"
    note += "伺う時刻のお約束ではありません"
    attend = (
        Fact(label="対応時間", text="いま対応時間内", note=note)
        if opens is None or opens <= now
        else Fact(label="次の対応時間", when=opens, counts="from", note=note)
    )
    return [attend, until, PAYERS[outcome]]
