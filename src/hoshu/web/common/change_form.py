"""A change request as a form, the same in the portal and at the console: what is registered stands in every field.

Whatever is typed differently is a change. Beside it stands what the terms say of it, before anything is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from hoshu.catalog import FormField
from hoshu.contracts import Refused, queries, shared_changes
from hoshu.contracts import form as contents
from hoshu.contracts.form import Entries, Fault
from hoshu.contracts.proposal import Proposal, impossible, propose, week
from hoshu.flows import changes
from hoshu.web.common.entry_form import EntryForm, Row

TONES = {
    "draft": "info",
    "submitted": "info",
    "checking": "info",
    "returned": "hold",
    "applied": "ok",
    "withdrawn": "out",
    "refused": "refused",
}
SPARE_LINES = 2
_TEXTS = ("effective", "entered", "new_legal_entity", "note", "new_customer", "consent_on", "consent_written")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the form is typed: its page, the one for a clash (view names) and what a save answers with."""

    page: str
    conflict_page: str
    staff: bool


@dataclass(frozen=True)
class Group:
    """A part of the form under its heading."""

    title: str
    rows: list[tuple[Row, str]]
    """Each with what is registered now, where that changes."""


@dataclass(frozen=True)
class OptionLine:
    """A line of the form for options: a registered one, or an empty one to add."""

    code: str
    name: str
    registered: int
    checked: bool
    quantity: str


def typed(request: HttpRequest, request_kept: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in the form, as (entries that differ from the registered content, what is said about the change)."""
    proposal = propose(request_kept, now=request.now)
    entries: dict[str, Any] = {}
    for at in proposal.fields:
        sent = _sent(request.POST, at, proposal.registered)
        if sent is not None and sent != (proposal.registered.get(at.name) or ([] if isinstance(sent, list) else "")):
            entries[at.name] = sent
    said: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in _TEXTS}
    known = {kind for kind, _ in impossible(proposal.edition, proposal.plan)}
    said["wishes"] = [kind for kind in request.POST.getlist("wishes") if kind in known]
    said["by_law"] = "by_law" in request.POST
    said["also"] = shared_changes.known(request_kept, request.POST.getlist("also"), now=request.now)
    return entries, {name: value for name, value in said.items() if value}


def _sent(post: QueryDict, at: FormField, registered: Entries) -> Any:
    """What was sent for a field; None where the form did not hold it."""
    if at.fills == "options":
        return _options_sent(post, registered.get(at.name, []))
    if at.kind == "tick":
        return at.name in post
    if at.kind in ("choices", "weekday"):
        return post.getlist(at.name)
    return post[at.name].strip() if at.name in post else None


def _options_sent(post: QueryDict, registered: Sequence[Mapping[str, Any]]) -> Any:
    lines = []
    for line in registered:
        code = line["code"]
        checked, quantity = f"change:{code}" in post, post.get(f"quantity:{code}", "").strip()
        if checked or quantity:
            lines.append({"code": code, "checked": checked, "quantity": quantity})
    for code, quantity in zip(post.getlist("add_code"), post.getlist("add_quantity"), strict=False):
        if code.strip() or quantity.strip():
            lines.append({"code": code.strip(), "checked": False, "quantity": quantity.strip()})
    return lines or None


def keep(request: HttpRequest, kept: Any) -> Any:
    """Save what stands in the form on top of the version that it was drawn from. Raises Refused."""
    entries, said = typed(request, kept)
    version = request.POST.get("version", "")
    return changes.save(
        request_id=kept.pk,
        based_on=int(version) if version.isdecimal() else 0,
        entries=entries,
        said=said,
        now=request.now,
    )


def save(request: HttpRequest, kept: Any, place: Place) -> HttpResponse:
    """Keep what was typed and answer with what it means: faults, what is possible, the week before and after."""
    try:
        saved = keep(request, kept)
    except Refused as refused:
        return render(request, "common/change/saved.html", {"refused": refused}, status=409)
    if not request.htmx:
        return redirect(place.conflict_page if saved.parked else place.page, kept.number)
    context = shown(request, saved.request, place)
    context |= {"masked": saved.masked, "is_parked": saved.parked, "saved_at": request.now}
    return render(request, "common/change/saved.html", context)


def conflict(request: HttpRequest, kept: Any, place: Place) -> HttpResponse:
    """The same request in another window: both values side by side, and a choice for each field."""
    mine = kept.parked.get(str(request.actor.user_id))
    if mine is None:
        return redirect(place.page, kept.number)
    proposal = propose(kept, now=request.now)
    rows = list(_differing(kept, mine, proposal))
    if request.method == "POST":
        chosen = {row["name"] for row in rows if request.POST.get(row["name"]) == "mine"}
        joined = [
            {
                **{name: value for name, value in theirs.items() if name not in chosen},
                **{name: value for name, value in own.items() if name in chosen},
            }
            for theirs, own in ((kept.entries, mine["entries"]), (kept.said, mine["said"]))
        ]
        changes.save(request_id=kept.pk, based_on=kept.version, entries=joined[0], said=joined[1], now=request.now)
        return redirect(place.page, kept.number)
    context = {"change": kept, "differing": rows, "place": place}
    return render(request, "common/change/conflict.html", context)


_SAID = {
    "effective": "変更日",
    "entered": "記入日",
    "new_legal_entity": "法人が替わるか",
    "wishes": "そのほかの変更",
    "note": "ご連絡事項",
    "new_customer": "新しい契約者",
    "consent_on": "承諾の日",
    "consent_written": "書面による承諾",
    "by_law": "法律による承継",
    "also": "同じように変えるほかの契約",
}


def _differing(kept: Any, mine: Mapping[str, Any], proposal: Proposal) -> Any:
    for at in proposal.fields:
        theirs, own = (
            contents.written({at.name: each.get(at.name, proposal.registered.get(at.name))}, at)
            for each in (kept.entries, mine["entries"])
        )
        if theirs != own:
            yield {"name": at.name, "label": at.label, "theirs": theirs, "mine": own}
    for name, label in _SAID.items():
        theirs, own = (_in_words(each.get(name, "")) for each in (kept.said, mine["said"]))
        if theirs != own:
            yield {"name": name, "label": label, "theirs": theirs, "mine": own}


def _in_words(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def shown(
    request: HttpRequest, kept: Any, place: Place, *, stopped: changes.Incomplete | None = None
) -> dict[str, Any]:
    """Everything the form and the preview beside it show. `stopped`: somebody tried to send it."""
    proposal = propose(kept, now=request.now)
    # What was typed is answered without the form: nothing of the list is drawn anew then.
    along, are_cut = ([], False) if request.htmx else shared_changes.choices(kept, now=request.now)
    draft = {**proposal.registered, **kept.entries}
    drawn = [at for at in proposal.fields if at.kind != "options"]
    form = EntryForm(draft, fields=drawn)
    options = next((at for at in proposal.fields if at.kind == "options"), None)
    company = next((at.name for at in proposal.fields if at.fills == "contact.company"), "")
    return {
        "change": kept,
        "agreement": kept.agreement,
        "proposal": proposal,
        "place": place,
        "staff": place.staff,
        "groups": _groups(proposal, form, drawn, insist=stopped is not None),
        "options_field": options,
        "option_faults": [(fault, "wrong") for fault in proposal.of(options.name)] if options else [],
        "option_lines": _option_lines(kept, proposal, options) if options else [],
        "supported": queries.options_of(kept.agreement.device and kept.agreement.device.product, kept.agreement.service)
        if options and options.required == "listed_models"
        else {},
        "said": kept.said,
        "wishes": [
            (kind, name, kind in kept.said.get("wishes", ()))
            for kind, name in impossible(proposal.edition, proposal.plan)
        ],
        "along": along,
        "are_cut": are_cut,
        "others": shared_changes.others(kept, now=request.now),
        "asks_entity": bool(
            company and proposal.changed(company) and proposal.edition.change and proposal.edition.change.same_entity
        ),
        "effective_faults": [(fault, _look(fault, insist=stopped is not None)) for fault in proposal.of("effective")],
        "entered_faults": [(fault, _look(fault, insist=True)) for fault in proposal.of("entered")],
        "needs_day": proposal.edition.change is not None and proposal.edition.change.notice is not None,
        "stopped": stopped,
        "safe_day": next((part.earliest_safe for part in proposal.possible if part.earliest_safe), None),
        "week": week(kept.agreement, proposal),
        "parked": kept.parked.get(str(request.actor.user_id)),
    }


def sent_with(kept: Any) -> list[tuple[Any, str]]:
    """The other requests of the same form, each with the tone of its state."""
    return [(one, TONES[one.state]) for one in queries.changes_sent_with(kept)]


def _look(fault: Fault, *, insist: bool) -> str:
    return ("wrong" if insist else "open") if fault.kind == "missing" else fault.kind


def _groups(proposal: Proposal, form: EntryForm, drawn: Sequence[FormField], *, insist: bool) -> list[Group]:
    """The fields by the parts of the edition's form, each with what is registered now where it changes."""
    titles = {step.id: step.title for step in proposal.edition.form_step}
    groups: dict[str, list[tuple[Row, str]]] = {}
    for at in drawn:
        party, _, part = at.fills.partition(".")
        postal = contents.field_of(proposal.edition, f"{party}.postal_code") if part == "address" else None
        row = Row(
            at,
            form[at.name],
            False,
            [(fault, _look(fault, insist=insist)) for fault in proposal.of(at.name)],
            form[postal.name] if postal and postal.name in form.fields else None,
        )
        was = contents.written(proposal.registered, at) or "なし"
        groups.setdefault(at.screen, []).append((row, was if proposal.changed(at.name) else ""))
    return [Group(titles.get(screen, ""), rows) for screen, rows in groups.items()]


def _option_lines(kept: Any, proposal: Proposal, at: FormField) -> list[OptionLine]:
    written = {line["code"]: line for line in kept.entries.get(at.name) or []}
    before = {line["code"]: line for line in proposal.registered.get(at.name, [])}
    lines = [
        OptionLine(
            code,
            line["name"],
            line["quantity"],
            bool(written.get(code, {}).get("checked")),
            str(written.get(code, {}).get("quantity", "")),
        )
        for code, line in before.items()
    ]
    added = [
        OptionLine(code, "", 0, False, str(line.get("quantity", "")))
        for code, line in written.items()
        if code not in before
    ]
    return [*lines, *added, *[OptionLine("", "", 0, False, "")] * SPARE_LINES]
