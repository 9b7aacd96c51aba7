"""Lines of a list of cases, for spreadsheets in words and for pages as HTML, from the plain values of a query.

The HTML is put together here and not by template tags: fifty lines of those take longer than the database does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any, Literal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hoshu.cases.words import Outcome, State, Symptom
from hoshu.web.common import formats
from hoshu.web.common.answer import SIGNS

TONES = {
    State.UNMATCHED: "hold",
    State.ISOLATING: "hold",
    State.ASKING: "hold",
    State.DECIDING: "info",
    State.ARRANGING: "info",
    State.PLANNED: "info",
    State.WORKING: "ok",
    State.PAUSED: "hold",
    State.COMPLETED: "out",
    State.CLOSED: "out",
}
EXPORTED = {
    "number": "受付番号",
    "state": "状態",
    "outcome": "判定",
    "company": "お客様",
    "product": "品名",
    "serial": "製造番号",
    "symptom": "障害状況",
    "received": "受付日時",
    "due": "次の期限",
    "due_for": "次にすること",
    "assignee": "担当",
}
"""The columns of the export: name in `words` → heading."""

_BADGE = '<span class="badge badge--{}"><span class="badge__sign" aria-hidden="true">{}</span>{}</span>'
_STATES = {state.value: (state.label, _BADGE.format(tone, SIGNS[tone], state.label)) for state, tone in TONES.items()}
_OUTCOMES = dict(Outcome.choices)
_SYMPTOMS = dict(Symptom.choices)
_LINE = (
    '<tr{late}><th scope="row" class="nowrap"><a href="{address}">{number}</a></th>'
    '<td data-label="状態" class="nowrap">{badge}</td><td data-label="判定" class="nowrap">{outcome}</td>'
    '<td data-label="お客様">{company}</td><td data-label="製造番号"><code>{serial}</code></td>'
    '<td data-label="障害状況">{symptom}</td><td data-label="次の期限" class="nowrap">{due}</td>'
    '<td data-label="担当">{assignee}</td><td data-label="{last_label}">{last}</td></tr>\n'
)
_ANY = "F0"


def toned(cases: Iterable[Any]) -> list[tuple[Any, str]]:
    """Cases with the tone of their state, for lists beside something else."""
    return [(case, TONES[case.state]) for case in cases]


def words(kept: Mapping[str, Any]) -> dict[str, str]:
    """One case as a line of words."""
    return {
        "number": kept["number"],
        "state": _STATES[kept["state"]][0],
        "outcome": _outcome(kept),
        "company": kept["tenant__name"] or kept["caller_company"],
        "product": kept["device__product__name"] or "",
        "serial": kept["device__serial"] or kept["reported_as"],
        "symptom": "、".join(_symptoms(kept)),
        "received": formats.japanese_moment(kept["received_at"]),
        "due": formats.japanese_moment(kept["due_at"]) if kept["due_at"] else "",
        "due_for": kept["due_for"],
        "assignee": kept["assignee__name"] or "",
    }


def html(rows: Iterable[Mapping[str, Any]], *, now: datetime, last: Literal["received", "due_for"]) -> SafeString:
    """The lines of a table body. `last`: what stands in the last column."""
    address = reverse("console:case", args=[_ANY])
    return mark_safe("".join(_line(kept, address, now, last) for kept in rows))  # noqa: S308  every value is escaped


def _line(kept: Mapping[str, Any], address: str, now: datetime, last: str) -> str:
    due_at = kept["due_at"]
    is_late = bool(due_at and due_at <= now)
    due = ""
    if due_at:
        due = (
            f'<time class="due{" due--late" if is_late else ""}" datetime="{due_at.isoformat()}">'
            f"{formats.japanese_moment(due_at)} <b>{formats.remaining(due_at, now)}</b></time>"
        )
    symptoms = _symptoms(kept)
    more = f" ほか{len(symptoms) - 1}" if symptoms[1:] else ""
    return _LINE.format(
        late=' class="is-late"' if is_late else "",
        address=address.replace(_ANY, kept["number"]),
        number=kept["number"],
        badge=_STATES[kept["state"]][1],
        outcome=_outcome(kept) if kept["device__serial"] else f"{SIGNS['out']} {_outcome(kept)}",
        company=escape(kept["tenant__name"] or kept["caller_company"]),
        serial=escape(kept["device__serial"] or kept["reported_as"]),
        symptom=escape(symptoms[0]) + more if symptoms else "",
        due=due,
        assignee=escape(kept["assignee__name"] or ""),
        last_label="受付" if last == "received" else "次にすること",
        last=f"{formats.local(kept['received_at']):%m/%d %H:%M}" if last == "received" else kept["due_for"],
    )


def _outcome(kept: Mapping[str, Any]) -> str:
    """What a call is owed is not known before its unit is."""
    return _OUTCOMES.get(kept["outcome"], "") if kept["device__serial"] else "登録なし"


def _symptoms(kept: Mapping[str, Any]) -> list[str]:
    return [*(_SYMPTOMS[code] for code in kept["symptoms"]), *filter(None, [kept["symptom_note"]])]
