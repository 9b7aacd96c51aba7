"""The page of one case: the answer on top, then what to do next, then everything that belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from hoshu.accounts.access import may
from hoshu.cases import completion, dispatch, intake, queries
from hoshu.cases.judgement import Judgement
from hoshu.cases.progress import judged, may_be_attended, unit_of
from hoshu.cases.words import RulingAbout, State, StepKind
from hoshu.contracts.finding import Cover, Unit
from hoshu.flows import service_call
from hoshu.web.common import agreement_card
from hoshu.web.common.answer import AnswerView
from hoshu.web.common.call_form import CallForm
from hoshu.web.common.case_answer import answer, wanted
from hoshu.web.console import case_forms as forms
from hoshu.web.console import case_rows
from hoshu.web.console.words import LEVELS

BY_RECORD = {StepKind.RECEIPT, StepKind.COLLECTION}
"""Steps that the exchange record proves; the others are ticked."""


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    """A step of the work with its tick or the record it waits for."""

    step: Any
    settled: bool
    current: bool
    by_record: bool
    tick: Form
    skip: Form


def found(number: str) -> queries.Details:
    """The case with all that belongs to it; 404 for a foreign one as for one that never was."""
    try:
        return queries.details(number=number)
    except queries.NotFound as missing:
        raise Http404 from missing


def show(
    request: HttpRequest, number: str, *, faulty: Mapping[str, Form] | None = None, template: str = "page"
) -> HttpResponse:
    """The page. `faulty` holds the form that was sent and has a fault, so that nothing typed is lost."""
    details = found(number)
    case, unit = details.case, unit_of(details.case)
    cover = unit.cover_on(case.received_at.date()) if unit else None
    judgement = judged(case, now=request.now)
    steps = _steps(details, request)
    shown_forms = {**_forms(request, details, judgement, unit), **(faulty or {})}
    fills = may(request.actor, "cases.write") and not case.finished_at
    inside = may(request.actor, "cases.internal")
    view = _answer(case, cover, judgement, request, shown_forms["fill"] if fills else None)
    context = {
        "details": details,
        "events": [event for event in details.events if inside or not event.internal],
        "case": case,
        "unit": unit,
        "cover": cover,
        "plan": service_call.plan_name(cover, on=request.now.date()) if cover else "",
        "drawing": agreement_card.drawing(cover, request.now.date()),
        "view": view,
        "planned_level": LEVELS.get(case.planned_level, ""),
        "level_done": LEVELS.get(case.level_done, ""),
        "symptom": service_call.symptom_of(case),
        "pieces": judgement.pieces,
        "wanted": wanted(judgement.pieces, outcome=view.outcome, registered=judgement.registered),
        "forms": shown_forms,
        "faulty": next(iter((faulty or {}).values()), None),
        "opened": next(iter(faulty or {}), ""),
        "steps": steps,
        "exchanged": any(shown.step.kind == StepKind.EXCHANGE and shown.step.done_at for shown in steps),
        "lacking": completion.lacking(case) if case.dispatch and not case.finished_at else [],
        "blocked": dispatch.missing_for_dispatch(case, judgement) if case.state in _BEFORE_DISPATCH else [],
        "attendable": may_be_attended(case),
        "unruled": [RulingAbout(subject).label for subject in intake.unruled(case)],
        "safety_rules": queries.safety_rules(case),
        "cause": queries.cause(case_id=case.pk) if inside else None,
        "exclusions": _exclusions(details),
        "decisions": details.decisions if may(request.actor, "decisions.read") else (),
        "may": {name: may(request.actor, f"cases.{name}") for name in ("write", "work", "decide", "internal")},
        "tone": case_rows.TONES[case.state],
    }
    return render(request, f"console/cases/{template}.html", context, status=422 if faulty else 200)


_BEFORE_DISPATCH = {State.ASKING, State.DECIDING}


def call_form(case: Any, unit: Unit | None, data: QueryDict | None = None) -> CallForm:
    """The six pieces of an open case, to be filled in later."""
    taken = [name for name in CallForm.base_fields if hasattr(case, name)]
    initial = {name: getattr(case, name) for name in taken if name != "exclusions"}
    initial |= {f"evidence_{kind}": text for kind, text in case.evidence.items()}
    initial |= {
        "not_identified": not case.identified,
        "abroad": not case.in_japan,
        "site": {True: "same", False: "other"}.get(case.site_matches, ""),
        "warranty_card_shown": {True: "yes", False: "no"}.get(case.warranty_card_shown, ""),
    }
    return CallForm(data, unit=unit, on=case.received_at.date(), codes={}, initial=initial)


def codes(case: Any) -> Mapping[str, str]:
    """The exclusions of the edition that the case is judged by."""
    return service_call.exclusion_codes(service=case.service, edition=case.edition) if case.edition else {}


def earlier(case: Any) -> list[tuple[str, str]]:
    """Finished work on the same unit of which this fault may be a recurrence."""
    if not case.device_id:
        return []
    kept = queries.completed_of(device_id=case.device_id, failed=case.occurred_on or case.received_at.date())
    return [(str(past.pk), f"{past.number} 完了 {past.finished_at:%Y/%m/%d}") for past in kept if past != case]


def _answer(
    case: Any, cover: Cover | None, judgement: Judgement, request: HttpRequest, fill: CallForm | None
) -> AnswerView:
    again = case.reperformance
    reasons = judgement.entitlement.reasons
    return answer(
        entitlement=judgement.entitlement.values,
        reasons=[*again.reasons, *reasons] if again else reasons,
        service=case.service,
        edition=judgement.entitlement.edition,
        registered=judgement.registered,
        window=judgement.window.values if judgement.window else None,
        restoration_reasons=judgement.restoration.reasons if judgement.restoration else (),
        ends_on=cover.ends_on if cover else None,
        pieces=() if case.finished_at else judgement.pieces,
        form=fill,
        free_again=bool(again and again.answer["free"]),
        is_over=case.finished_at is not None,
        now=request.now,
    )


def _forms(request: HttpRequest, details: queries.Details, judgement: Judgement, unit: Unit | None) -> dict[str, Form]:
    """An unbound form for each act, filled with what is likely."""
    case, now = details.case, request.now
    start = max(judgement.attend_from or now, now)
    made: dict[str, Form] = {
        "dispatch": forms.DispatchForm(initial={"send": "yes" if may_be_attended(case) else "no"}),
        "reopen": forms.ReasonForm(),
        "visit": forms.VisitForm(initial={"start": case.planned_start or start}),
        "ruling": forms.RulingForm(initial={"about": next(iter(intake.unruled(case)), RulingAbout.EVIDENCE)}),
        "exclusion": forms.ExclusionForm(codes=codes(case)),
        "request": forms.RequestForm(),
        "statement": forms.StatementForm(),
        "note": forms.NoteForm(),
        "file": forms.FileForm(),
        "interrupt": forms.InterruptForm(initial={"at": now}),
        "resume": forms.ResumeForm(initial={"at": now}),
        "exchange": forms.ExchangeForm(
            units=list(unit.exchange_units) if unit else [],
            initial={"removed": unit.serial if unit else "", "received_at": now, "received_by": case.site_contact},
        ),
        "complete": forms.CompleteForm(initial={"at": now}),
        "cause": forms.CauseForm(),
        "recurrence": forms.RecurrenceForm(earlier=earlier(case)),
        "force_majeure": forms.ForceMajeureForm(
            initial={
                "cause": case.force_majeure.cause if case.force_majeure else "",
                "started_at": case.force_majeure.started_at if case.force_majeure else now,
            }
        ),
        "suspend": forms.SuspendForm(initial={"at": now}),
    }
    if details.suspension:
        made["end_suspension"] = forms.EndSuspensionForm(initial={"suspension": details.suspension.pk, "at": now})
    for name, form in made.items():
        form.auto_id = f"{name}-%s"
    return made | {"fill": call_form(case, unit)}


def _steps(details: queries.Details, request: HttpRequest) -> list[ShownStep]:
    shown, current_found = [], False
    for step in details.steps:
        settled = bool(step.done_at or step.skipped_reason)
        current = not settled and not current_found
        current_found = current_found or current
        prefix = f"step-{step.kind}"
        shown.append(
            ShownStep(
                step=step,
                settled=settled,
                current=current,
                by_record=step.kind in BY_RECORD,
                tick=forms.StepForm(initial={"kind": step.kind, "at": request.now}, auto_id=f"{prefix}-%s"),
                skip=forms.SkipForm(initial={"kind": step.kind}, auto_id=f"{prefix}-skip-%s"),
            )
        )
    return shown


def _exclusions(details: queries.Details) -> Sequence[Mapping[str, Any]]:
    names = codes(details.case)
    return [
        {
            "tag": tag,
            "name": names.get(tag.code, tag.code),
            "withdraw": forms.WithdrawForm(initial={"tag": tag.pk}, auto_id=f"withdraw-{tag.pk}-%s"),
        }
        for tag in details.exclusions
    ]
