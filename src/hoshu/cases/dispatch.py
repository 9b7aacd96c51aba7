"""第3章 2.(3): the provider decides whether somebody goes, and when the visit is planned to begin."""

from datetime import datetime

from hoshu.accounts.tenancy import current
from hoshu.cases import work
from hoshu.cases.information import blocking
from hoshu.cases.judgement import Judgement, moment, window
from hoshu.cases.models import Case
from hoshu.cases.progress import Blocked, judge_again, locked, may_be_attended, note, settle, unit_of
from hoshu.cases.words import EventKind, Outcome, RulingAbout
from hoshu.dates import said
from hoshu.decisions.record import record

NEVER_WAIVED = {"IX-FLT-03-1", "IX-FLT-03-2"}
"""Unit, site and person: nobody can be sent without them; for symptom and evidence a person may decide (OR-46)."""


def decide(*, case_id: int, send: bool, reason: str, now: datetime) -> None:
    """IX-FLT-05: send a worker or not, with the reason, by a named person. Not sending ends the case."""
    case = locked(case_id)
    _require_open(case)
    if not reason.strip():
        raise Blocked("判断の理由を入力してください。", clause="第3章 2.(3)", field="reason")
    judgement = judge_again(case, now=now)
    if send:
        _require_sendable(case, judgement)
    case.dispatch, case.dispatch_reason = send, reason.strip()
    case.dispatched_by, case.dispatch_decided_at = current().name, now
    if send:
        # The reason may speak of a cause, which no customer is told (IX-PRE-06).
        note(case, EventKind.DISPATCH, "保守員を派遣します。", now=now)
        work.plan(case, judgement, now=now)
    else:
        case.finished_at = now
        note(case, EventKind.CLOSED, f"派遣せずに終了しました。{case.dispatch_reason}", now=now)
    settle(case, judgement=judgement, now=now)


def reopen(*, case_id: int, reason: str, now: datetime) -> None:
    """Take up a case again that ended without a visit; nothing of it was lost."""
    case = locked(case_id)
    if case.finished_at is None or case.level_done is not None:
        raise Blocked("派遣せずに終了した受付だけを再開できます。")
    if not reason.strip():
        raise Blocked("再開する理由を入力してください。", field="reason")
    case.finished_at, case.dispatch, case.dispatch_reason = None, None, ""
    note(case, EventKind.DISPATCH, f"再開しました。{reason.strip()}", now=now)
    judge_again(case, now=now)


def plan_visit(*, case_id: int, start: datetime, override_reason: str, now: datetime) -> None:
    """IX-WIN-06: the planned start lies in a window of the plan, or a named person says why not. A plan, no promise."""
    case = locked(case_id)
    _require_open(case)
    if not case.dispatch:
        raise Blocked("先に派遣するかを判断してください。", clause="第3章 2.(3)")
    unit = unit_of(case)
    assert unit is not None, "a case without a unit can not be dispatched"
    cover = unit.cover_on(case.received_at.date())
    if cover.support_limit and start.date() > cover.support_limit:
        raise Blocked(
            f"保守対応期限 {cover.support_limit:%Y/%m/%d} を過ぎた日には作業できません。",
            clause="第1章 3.",
            field="start",
        )
    # Under the warranty alone no hours are promised, so none stand against a visit (VA-WAR-03).
    alone = case.entitlement is not None and case.entitlement.answer.get("basis") == "warranty"
    answer = None if alone else window(cover, at=start)
    if answer and not answer.values["open"] and not override_reason.strip():
        opens = moment(answer.values["opens_at"])
        raise Blocked(
            f"対応時間の外です。次の対応時間は {opens:%Y/%m/%d %H:%M} からです。"
            "この時刻のまま予定するときは、理由を入力してください。",
            clause=answer.reasons[0]["clause"],
            field="start",
        )
    if answer:
        record(answer=answer, act="訪問の予定", about=case.number, tenant_id=case.tenant_id, now=now)
    case.planned_start, case.override_reason = start, override_reason.strip()
    case.attend_until = moment(answer.values["closes_at"]) if answer else None
    text = f"訪問の予定: {said(start)}"
    note(
        case, EventKind.VISIT, text + (f"(対応時間外: {case.override_reason})" if case.override_reason else ""), now=now
    )
    settle(case, now=now)


def missing_for_dispatch(case: Case, judgement: Judgement) -> list[str]:
    """Why nobody can be sent yet, in sentences; empty where somebody can."""
    reasons = []
    if not may_be_attended(case):
        reasons.append(f"判定が「{Outcome(case.outcome).label}」のため、派遣できません。")
    waived = case.rulings.filter(about=RulingAbout.EVIDENCE, serve=True).exists()
    reasons += [
        f"{piece.number} {piece.label}: {piece.asked}"
        for piece in blocking(judgement.pieces)
        if piece.id in NEVER_WAIVED or not waived
    ]
    return reasons


def _require_sendable(case: Case, judgement: Judgement) -> None:
    if reasons := missing_for_dispatch(case, judgement):
        raise Blocked(" ".join(reasons), clause="第3章 6.(6)")


def _require_open(case: Case) -> None:
    if case.finished_at:
        raise Blocked("この受付は終了しています。")
    if case.device_id is None:
        raise Blocked("先に機器を照合してください。", clause="第2章 前文")
