"""Tags and filters of every page; built into the template engine, so no `{% load %}` is needed.

Filters: jdate, jdatetime, remaining:now, ending:now, starting:now, yen, amount, who, sama, onchu, serial,
may:permission, explained:edition, anchor.
Tags: icon, menus, status, badge, due, answer … endanswer, timeline, field, error_summary, column, pages.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, Textarea
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from hoshu.accounts import access
from hoshu.accounts.tenancy import Actor
from hoshu.authoring.timeline import Drawing
from hoshu.catalog import Edition
from hoshu.japan import names
from hoshu.web.common import formats
from hoshu.web.common.answer import OUTCOMES, SIGNS, AnswerView
from hoshu.web.common.context import MenuItem
from hoshu.web.common.icons import ICONS

register = template.Library()
register.filter("anchor", formats.anchor)


@register.filter
def jdate(when: date | datetime | None) -> str:
    """2026/11/20(金), or as the door writes it; empty for none."""
    return _unbroken(formats.japanese_date(when)) if when else ""


@register.filter
def jdatetime(when: date | datetime | None) -> str:
    """2026/11/20(金) 08:30, or as the door writes it; empty for none."""
    return _unbroken(formats.japanese_moment(when)) if when else ""


def _unbroken(when: str) -> str:
    """Written out, a date could end its line before each 年 and 月: it does so nowhere but before its time."""
    day, space, time = when.partition(" ")
    return format_html('<span class="day">{}</span>{}{}', day, space, time) if "年" in day else when


@register.filter
def remaining(until: date | datetime | None, now: datetime) -> str:
    """あと2日3時間, 本日まで, 3時間超過: `{{ case.due_at|remaining:now }}`."""
    return formats.remaining(until, now) if until else ""


@register.filter
def ending(until: date | datetime | None, now: datetime) -> str:
    """あと2年, 本日まで, 20日前に終了: `{{ agreement.ends_on|ending:now }}`; for a limit that binds us: `remaining`."""
    return formats.ending(until, now) if until else ""


@register.filter
def starting(at: date | datetime | None, now: datetime) -> str:
    """今から, 3時間後, 12日前から: `{{ window.opens_at|starting:now }}`."""
    return formats.starting(at, now) if at else ""


@register.filter
def yen(amount: int | None) -> str:
    """12,000円; empty for none."""
    return formats.yen(amount) if amount is not None else ""


@register.filter
def amount(number: int) -> str:
    """12,000."""
    return f"{number:,}"


@register.filter
def who(actor: str) -> str:
    """森 由美, of the 「森 由美 (利用者1)」 that the records keep."""
    return formats.who(actor)


@register.filter
def sama(person: str) -> str:
    """佐藤 花子 様, whatever title was typed behind the name."""
    return names.sama(person)


@register.filter
def onchu(company: str) -> str:
    """青葉商事 御中, for paper only."""
    return names.addressed(company=company)[-1]


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether a link is worth showing: `{% if request.actor|may:"intake.use" %}`. The view itself refuses anyway."""
    return access.may(actor, permission)


@register.filter
def explained(text: str, edition: Edition) -> SafeString:
    """A text of an edition, each of its words leading to what it means (MM-DOC-06)."""
    if not edition.word:
        return conditional_escape(text)
    glossary = f"{reverse('entrance:service', args=[edition.service])}#words"
    parts = _words_of(edition).split(text)  # every second part is a word
    linked = (
        format_html('<a class="word" href="{}">{}</a>', glossary, part) if at % 2 else part
        for at, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((part,) for part in linked))


@lru_cache(maxsize=32)
def _words_of(edition: Edition) -> re.Pattern[str]:
    """The words of an edition, a longer one before those within it."""
    return re.compile(
        "(" + "|".join(re.escape(word.name) for word in sorted(edition.word, key=lambda w: -len(w.name))) + ")"
    )


@register.filter
def serial(number: str | None) -> str:
    """A serial or reference number, monospaced, with a button that copies it."""
    if not number:
        return ""
    return format_html(
        '<span class="serial"><code>{0}</code>'
        '<button type="button" class="serial__copy" data-copy="{0}" aria-label="{0} をコピー">{1}</button></span>',
        number,
        icon("copy"),
    )


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of `icons.py`; hidden from screen readers unless it carries the meaning alone (`label`)."""
    path = ICONS[name]
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 20 20" role="img" aria-label="{}"><path d="{}"/></svg>', label, path
        )
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="{}"/></svg>', path)


@register.simple_tag
@lru_cache(maxsize=512)
def menus(items: tuple[MenuItem, ...]) -> SafeString:
    """The places one may go to and the list of keys; kept, because every page of the same people shows the same."""
    return render_to_string("common/menus.html", {"navigation": items})


@register.simple_tag
def status(outcome: str, word: str = "") -> SafeString:
    """The engine's outcome as word, sign and colour: `{% status "covered" %}` → ✓ 対象; `word` in place of its own."""
    shown = OUTCOMES[outcome]
    return badge(word or shown.word, shown.tone, shown.sign)


@register.simple_tag
def badge(word: str, tone: str, sign: str = "") -> SafeString:
    """Any other state as word and sign: `{% badge "照会中" "hold" %}`; tones: ok pay no hold out refused late info."""
    return format_html(
        '<span class="badge badge--{}"><span class="badge__sign" aria-hidden="true">{}</span>{}</span>',
        tone,
        sign or SIGNS[tone],
        word,
    )


@register.simple_tag(takes_context=True)
def due(context: Context, until: date | datetime | None) -> str:
    """A limit with what is left of it, red and named once it has passed: 2026/11/20(金) 17:30 あと3時間."""
    if not until:
        return ""
    late = formats.is_over(until, context["now"])
    return format_html(
        '<time class="due{}" datetime="{}">{} <b>{}</b></time>',
        " due--late" if late else "",
        until.isoformat(),
        jdatetime(until),
        formats.remaining(until, context["now"]),
    )


@register.simple_block_tag(takes_context=True)
def answer(context: Context, content: str, view: AnswerView) -> SafeString:
    """`{% answer view %}fields for what is missing{% endanswer %}`: the one shape of a screen that decides."""
    return render_to_string(
        "common/answer.html",
        {"view": view, "shown": OUTCOMES[view.outcome], "fields": mark_safe(content.strip()), "now": context["now"]},  # noqa: S308
    )


@register.inclusion_tag("common/timeline.html", takes_context=True)
def timeline(context: Context, drawing: Drawing, name: str = "timeline") -> Mapping[str, Any]:
    """A drawing of `timeline.coverage` or `.lay_out`; give each one on a page its own `name`."""
    return {"drawing": drawing, "name": name, "now": context["now"]}


@register.inclusion_tag("common/field.html")
def field(
    bound: BoundField, label: str = "", hint: str | None = None, example: str = "", number: str = "", width: str = ""
) -> Mapping[str, Any]:
    """One form field: label, 必須, hint, example, error, all tied to the input for a screen reader.

    `hint` replaces the field's help text (`hint=""` drops it); `number` is the number on the paper card (③); `width`
    is `short`, `medium` or full when left out. A placeholder is not drawn: it vanishes when one begins to type.
    """
    hint = bound.help_text if hint is None else hint
    grouped = bound.use_fieldset
    described = [f"{bound.auto_id}_hint"] if hint or example else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, Any] = (
        {}
        if grouped
        else {
            "aria-describedby": " ".join(described) or False,
            "placeholder": False,
        }
    )
    if bound.errors and not grouped:
        attrs["aria-invalid"] = "true"
    widget = bound.field.widget
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint,
        "example": example,
        "number": number,
        "width": width,
        "grouped": grouped,
        "described": " ".join(described),
        "ticked": isinstance(widget, CheckboxInput),
        "upload": isinstance(widget, FileInput),
        "long": isinstance(widget, Textarea),
        "control": bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("common/error_summary.html")
def error_summary(*forms: BaseForm) -> Mapping[str, Any]:
    """All faults of all forms at once, each a link to its field; nothing where there is no fault."""
    faults = []
    for form in forms:
        faults += [{"text": text, "target": "", "label": ""} for text in form.non_field_errors()]
        for bound in form:
            # A group of radio buttons has no input with the field's own id; its first choice takes the focus.
            target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label
            faults += [{"text": text, "target": target, "label": bound.label} for text in bound.errors]
    return {"faults": faults}


@register.inclusion_tag("common/column.html", takes_context=True)
def column(context: Context, key: str, label: str, number: bool = False) -> Mapping[str, Any]:
    """A heading that sorts the list by `?sort=key` and back by `-key`, keeping every filter."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    query["sort"] = f"-{key}" if now == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "query": query.urlencode(), "order": order, "number": number}


@register.inclusion_tag("common/pages.html", takes_context=True)
def pages(context: Context, page: Page, name: str = "page") -> Mapping[str, Any]:
    """The pages of a list and how many rows there are, keeping every filter; a second list of a page has its `name`."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    return {
        "name": name,
        "page": page,
        "total": page.paginator.count,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "query": f"{query.urlencode()}&" if query else "",
    }
