"""取り込み: a table is chosen, tried row by row, started, watched, and its result taken home."""

import tempfile
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.files import media, store, uploads
from hoshu.flows import imports
from hoshu.flows.import_kinds import kinds
from hoshu.imports import Refused, blank, queries, results, states
from hoshu.imports.batches import CAREFUL, CHANGED, DONE, READY, REFUSED, SAME, VERDICTS
from hoshu.imports.kinds import Kind
from hoshu.web.common import errors
from hoshu.web.common.views import allow

ROWS = 50
DECLARATIONS = [("no", "含みません"), ("yes", "含みます")]
STATES = {"reading": "info", "waiting": "hold", "running": "info", "done": "ok", "stopped": "out", "failed": "no"}
TONES = {READY: "ok", CAREFUL: "hold", SAME: "out", REFUSED: "no", DONE: "ok"}
SHOWN = {**VERDICTS, CHANGED: "書き方をそろえる行"}
"""What rows can be narrowed to."""
LEVELS = {"error": ("no", "誤り"), "caution": ("hold", "注意"), "change": ("info", "")}
"""Tone and word; what is only written in another way needs none."""
LINKS = {"licences": "console:licence", "applications": "console:application"}
"""Kinds whose rows become something with a page of its own, at the address of its number; by how their ids begin."""


class TableForm(forms.Form):
    """A file, and what its rows are."""

    kind = forms.ChoiceField(label="種類", widget=forms.RadioSelect)
    file = forms.FileField(
        label="表のファイル",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text="CSV（UTF-8、UTF-16、Shift_JIS）か、Excelブック（.xlsx）。50MB、200,000行まで。",
    )
    declared = forms.ChoiceField(
        label="個人番号（マイナンバー）を含みますか", choices=DECLARATIONS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["kind"].choices = [(kind.id, f"{kind.label}: {kind.about}") for kind in kinds().values()]


class _Rows:
    """The rows of an import with one verdict, for a paginator: it counts them without reading any."""

    def __init__(self, imported: Any, verdict: str) -> None:
        self._imported = imported
        self._verdict = verdict

    def __len__(self) -> int:
        return queries.count(self._imported, self._verdict)

    def __getitem__(self, part: slice) -> list[queries.Row]:
        return queries.rows(self._imported, verdict=self._verdict, start=part.start, many=part.stop - part.start)


@require_GET
@allow("imports.read")
def index(request: HttpRequest) -> HttpResponse:
    """Everything that was handed over, the newest first."""
    page = Paginator(queries.imports(), ROWS).get_page(request.GET.get("page"))
    known = kinds()
    context = {
        "page": page,
        "rows": [(kept, _label(kept, known), STATES[kept.state]) for kept in page],
        "may_write": may(request.actor, "imports.write"),
    }
    return render(request, "console/imports/index.html", context)


@require_http_methods(["GET", "POST"])
@allow("imports.write")
def new(request: HttpRequest) -> HttpResponse:
    """Choose what the rows are and a file; or take home an empty table."""
    form = TableForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            imported = imports.hand_over(
                kind=given["kind"],
                name=given["file"].name,
                content=uploads.read(given["file"], "table"),
                declared_personal_number=given["declared"] == "yes",
                now=request.now,
            )
        except (Refused, store.Refused) as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("console:import", imported.pk)
    context = {"form": form, "kinds": kinds().values()}
    return render(request, "console/imports/new.html", context, status=422 if form.errors else 200)


@require_GET
@allow("imports.read")
def empty(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """The empty table of a kind."""
    if (found := kinds().get(kind)) is None:
        raise Http404
    content = blank.workbook(found) if form == "xlsx" else blank.headings(found)
    name = f"{found.label}の取り込み.{form}"
    return HttpResponse(content, content_type=_TYPES[form], headers=_saved_as(name))


@require_GET
@allow("imports.read")
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: how far it is, what would become or became of its rows, and what can be done next."""
    imported = _get(import_id)
    verdict = request.GET.get("show", "")
    if verdict not in SHOWN:
        verdict = ""
    known = kinds()
    lost = results.lost_in_cp932(imported)
    page = Paginator(_Rows(imported, verdict), ROWS).get_page(request.GET.get("page"))
    kind = known.get(imported.kind)
    return render(
        request,
        "console/imports/one.html",
        {
            **_progress(imported),
            "imported": imported,
            "kind": _label(imported, known),
            "tone": STATES[imported.state],
            "chips": _chips(imported),
            "verdict": verdict,
            "page": page,
            "rows": [_shown(imported, row, kind) for row in page] if imported.tried_at else [],
            "faults": [(*LEVELS[level], *rest) for level, *rest in imported.faults],
            "lost": lost,
            "replaced": results.changed_in_cp932(imported),
            "formats": {name: label for name, label in results.FORMATS.items() if name != "cp932" or not lost},
            "twin": queries.same_file(imported) if not imported.started_at else None,
            "to_enter": imported.counts.get(READY, 0) + imported.counts.get(CAREFUL, 0),
            "careful": imported.counts.get(CAREFUL, 0),
            "refused": imported.counts.get(REFUSED, 0),
            "may_write": may(request.actor, "imports.write"),
        },
    )


@require_GET
@allow("imports.read")
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The bar alone, asked for every second; when there is nothing more to wait for, the whole page is."""
    imported = _get(import_id)
    context = {"imported": imported, **_progress(imported)}
    response = render(request, "console/imports/progress.html", context)
    if not imported.is_working:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@allow("imports.write")
def start(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the rows in, or go on with it."""
    looked_at = request.POST.get("looked_at") == "on"
    return _done(
        request, import_id, lambda: imports.start(import_id=import_id, looked_at=looked_at, now=request.now), ""
    )


@require_POST
@allow("imports.write")
def stop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop it; what was taken in stays."""
    said = "中止しました。登録した行はそのままです。"
    return _done(request, import_id, lambda: states.stop(import_id=import_id, now=request.now), said)


@require_POST
@allow("imports.write")
def again(request: HttpRequest, import_id: int) -> HttpResponse:
    """Try the file anew; or have a run taken up at which nobody seems to be."""
    if _get(import_id).state == states.State.RUNNING:
        return _done(request, import_id, lambda: imports.push(import_id=import_id), "")
    return _done(request, import_id, lambda: imports.try_again(import_id=import_id), "")


@require_GET
@allow("imports.read")
def result(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows with what is said of them as a file; `?show=refused` only those."""
    imported = _get(import_id)
    verdict, form = request.GET.get("show", ""), request.GET.get("as", "csv")
    if verdict not in ("", *SHOWN) or form not in results.FORMATS or not imported.tried_at:
        raise Http404
    # Not in memory: a hundred thousand rows may be asked for by several people at once.
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        results.write(imported, file, form=form, verdict=verdict)
    except results.NotInCp932 as lacking:
        file.close()
        return errors.refused(
            request,
            heading="Shift_JISでは書けません",
            happened=f"Shift_JIS（cp932）にない文字「{lacking.characters}」があります。「?」に置き換えずに中止しました。",
            todo="CSV（UTF-8）か、Excel（XLSX）で保存してください。",
            back=reverse("console:import", args=[import_id]),
            back_label="取り込みへ戻る",
        )
    stem = imported.file.name.rpartition(".")[0] or imported.file.name
    ending = "xlsx" if form == "xlsx" else "csv"
    name = f"{stem}_{SHOWN.get(verdict, '結果')}.{ending}"
    file.seek(0)
    return FileResponse(file, content_type=_TYPES[ending], headers=_saved_as(name))


_TYPES = {"csv": "text/csv", "xlsx": media.XLSX}


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def _get(import_id: int) -> Any:
    try:
        return queries.get(import_id=import_id)
    except queries.NotFound as missing:
        raise Http404 from missing


def _done(request: HttpRequest, import_id: int, change: Any, said: str) -> HttpResponse:
    _get(import_id)
    try:
        change()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        if said:
            messages.success(request, said)
    return redirect("console:import", import_id)


def _label(imported: Any, known: Any) -> str:
    kind = known.get(imported.kind)
    return kind.label if kind else "いまはない種類"


def _progress(imported: Any) -> dict[str, Any]:
    """How much of how much is done, for the bar."""
    running = imported.state == states.State.RUNNING
    done, whole = (imported.done, imported.rows) if running else (imported.rows, imported.height)
    return {"done_rows": done, "all_rows": max(whole, done), "running": running}


def _chips(imported: Any) -> list[tuple[str, str, int]]:
    """What the rows can be narrowed to, with how many they are."""
    found = [(verdict, label, queries.count(imported, verdict)) for verdict, label in SHOWN.items()]
    return [("", "すべて", imported.rows), *(chip for chip in found if chip[2])]


def _shown(imported: Any, row: queries.Row, kind: Kind | None) -> dict[str, Any]:
    """A row as the page shows it: what it is about, and everything else unfolded."""
    places = imported.places
    cells = dict(zip(imported.headings, [*row.cells, *[""] * len(imported.headings)], strict=False))
    about = [row.cells[places[name]] for name in (kind.key if kind else ()) if name in places]
    link = LINKS.get(imported.kind.partition("-")[0]) if row.reference and row.verdict == DONE else None
    return {
        "line": row.line,
        "about": "、".join(filter(None, about)),
        "verdict": VERDICTS[row.verdict],
        "tone": TONES[row.verdict],
        "notes": [
            (*LEVELS[level], heading, text)
            for known in LEVELS
            for level, heading, _, text in row.notes
            if level == known
        ],
        "reference": row.reference if row.reference not in about or link else "",
        "url": reverse(link, args=[row.reference]) if link else "",
        "cells": [(heading, cell) for heading, cell in cells.items() if heading and cell],
    }


urlpatterns = [
    path("imports/", index, name="imports"),
    path("imports/new", new, name="import_new"),
    path("imports/empty/<slug:kind>.csv", empty, {"form": "csv"}, name="import_empty_csv"),
    path("imports/empty/<slug:kind>.xlsx", empty, {"form": "xlsx"}, name="import_empty_xlsx"),
    path("imports/<int:import_id>/", one, name="import"),
    path("imports/<int:import_id>/progress", progress, name="import_progress"),
    path("imports/<int:import_id>/start", start, name="import_start"),
    path("imports/<int:import_id>/stop", stop, name="import_stop"),
    path("imports/<int:import_id>/again", again, name="import_again"),
    path("imports/<int:import_id>/result", result, name="import_result"),
]
