"""The state of an application in the one shape of every screen that decides."""

from datetime import date
from typing import Any

from hoshu.contracts.assessment import Assessment
from hoshu.web.common.answer import AnswerView, Fact, Missing, Reason, Step, reasons_of
from hoshu.web.common.formats import japanese_date

SENTENCES = {
    "accept": ("covered", "承諾できます", "足りないものはありません。"),
    "ask": ("on_hold", "要照会", "ご記入者に確かめることがあります。"),
    "correct": ("on_hold", "要訂正", "先に、誤りのある欄を直してください。"),
    "wait": ("on_hold", "保留", "次のことが済むまで、承諾を待ちます。"),
    "refuse": ("refused", "承諾不可", "この内容では承諾できません。"),
    "lapse": ("not_covered", "対象外", "申し込みが遅れ、提供できる日が残っていません。"),
    "judge": ("on_hold", "要判断", "承諾するかを、理由とともに決めてください。"),
}
BASES = {
    "receipt": "領収書の日付",
    "delivery_note": "納品書の日付",
    "other_proof": "書類の日付",
    "declared": "お申し出の日付（書類なし）",
    "shipped": "出荷日（購入日の書類なし）",
}


def answer(assessment: Assessment, *, steps: list[Step], card_page: str) -> AnswerView:
    """Proposal, period, grounds and what is missing, to be filled on `card_page`; a person decides."""
    outcome, word, sentence = _proposed(assessment)
    return AnswerView(
        outcome=outcome,  # type: ignore[arg-type]
        word=word,
        sentence=sentence,
        facts=_facts(assessment),
        reasons=_reasons(assessment),
        missing=_missing(assessment, card_page),
        steps=steps,
        derivation=derivation(assessment),
    )


def derivation(assessment: Assessment) -> list[str]:
    """The steps of the count, with their dates and clauses."""
    if assessment.coverage is None:
        return []
    lines = []
    if assessment.purchase:
        lines.append(f"ご購入日の根拠: {BASES[assessment.purchase.basis]}")
    elif assessment.provisional:
        lines.append("ご購入日の根拠: カードの記入（書類か出荷日で確かめるまでの目安です）")
    for step in assessment.coverage.derivation:
        day = step["date"]
        shown = japanese_date(date.fromisoformat(day)) if day else "―"
        lines.append(f"{step['label']}: {shown}（{step['clause']}）")
    return lines


def _facts(assessment: Assessment) -> list[Fact]:
    found = assessment.coverage.values if assessment.coverage else {}
    if assessment.nothing_left:
        return [Fact(label="提供期間", text="ご利用いただける日がありません")]
    if not found:
        return []
    if found["start"] is None:
        return [Fact(label="提供開始日", text="初期設定が済んだ日から")]
    counts = found.get("counted_from") and assessment.plan is not None and assessment.plan.years is not None
    note = "仮の計算" if assessment.provisional else BASES[assessment.purchase.basis] if assessment.purchase else ""
    return [
        *([Fact(label="起点", when=date.fromisoformat(found["counted_from"]), note=note)] if counts else []),
        Fact(label="提供開始日", when=date.fromisoformat(found["start"]), note="今日承諾した場合"),
        Fact(label="サポート満了日", when=date.fromisoformat(found["end"]), counts="until")
        if found["end"]
        else Fact(label="終わり", text="定めなし"),
    ]


def _reasons(assessment: Assessment) -> list[Reason]:
    answers = [assessment.coverage] if assessment.coverage else []
    if assessment.registration and assessment.registration.values["outcome"] != "accept":
        answers.append(assessment.registration)
    kept = [reason for found in answers for reason in found.reasons]
    return reasons_of(kept, service=assessment.edition.service, edition=assessment.edition.edition)


def _missing(assessment: Assessment, card_page: str) -> list[Missing]:
    faults = [fault for fault in assessment.form.faults if fault.blocks]
    lacks = [
        Missing(
            text=f"{fault.number} {fault.label}: {fault.message}".strip(), field=f"card_{fault.field}", page=card_page
        )
        for fault in faults
    ]
    return lacks + [Missing(text=hold.message) for hold in assessment.blocking]


def wrong_fields(assessment: Assessment) -> list[str]:
    """The fields that say what cannot be right: put right on the card before anything else is decided."""
    return [fault.field for fault in assessment.form.faults if fault.kind == "wrong"]


def _proposed(assessment: Assessment) -> tuple[str, str, str]:
    """The proposal as outcome, word and sentence."""
    match assessment.proposal:
        case "accept" if assessment.clearable:
            return SENTENCES["judge"]
        case "ask" if wrong_fields(assessment):
            return SENTENCES["correct"]
        case proposal:
            return SENTENCES[proposal]


def tone(assessment: Assessment, state: str) -> dict[str, Any]:
    """Word, tone and sentence of the proposal for a badge; while somebody is asked, the answer is what counts."""
    if state == "asking":
        return {"word": "照会中", "tone": "hold", "sentence": "回答を待っています。"}
    outcome, word, sentence = _proposed(assessment)
    tones = {"covered": "ok", "on_hold": "hold", "refused": "refused", "not_covered": "out"}
    return {"word": word, "tone": tones[outcome], "sentence": sentence}
