"""預かり資料: what customers handed over, and the decision about what nobody may read (IX-MYN-04)."""

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu.files import media, queries, store
from hoshu.flows import handing_over
from hoshu.privacy import Refused, access
from hoshu.web.common.files import download, page
from hoshu.web.common.views import allow

ROWS = 50
TONES = {"available": "ok", "held": "hold", "returned": "out", "destroyed": "out"}


class Note(forms.Form):
    """Every decision says what was done."""

    note = forms.CharField(label="処置の内容", max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class Copy(forms.Form):
    """VA-PRI-02: for what a copy was made, and where it is."""

    purpose = forms.CharField(label="複製の目的", max_length=120, help_text="例: 障害の再現", required=False)
    place = forms.CharField(
        label="複製を置く場所", max_length=120, help_text="例: 保守センターの解析機", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="copy_%s", **kwargs)


ACTS = {
    "return": (store.give_back, "返却を記録し、預かった内容を消去しました。"),
    "destroy": (store.destroy, "預かった内容を消去しました。"),
    "release": (handing_over.release, "利用できるようにしました。"),
    "hold": (store.hold, "隔離しました。これより先、だれもこの資料を開けません。"),
}
"""What can be decided, and what is said when it is done."""


@require_GET
@allow("files.release")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first; `?all=1` everything, the newest first."""
    everything = request.GET.get("all") == "1"
    found = queries.files() if everything else queries.held()
    shown = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/files.html",
        {
            "page": shown,
            "rows": [(file, TONES[file.state]) for file in shown],
            "everything": everything,
            "held_count": queries.held().count(),
        },
    )


@require_GET
@allow("files.release")
def detail(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file: its facts, its pages where they may be seen, and what can be decided."""
    return _detail(request, _get(file_id), Note(), "")


@require_POST
@allow("files.release")
def answer(request: HttpRequest, file_id: int) -> HttpResponse:
    """The sender told somebody whether it contains a 個人番号."""
    _get(file_id)
    contains = request.POST.get("contains")
    if contains not in {"yes", "no"}:
        toasts.error(request, "「含む」か「含まない」を選んでください。")
        return redirect("console:file", file_id=file_id)
    return _done(
        request,
        file_id,
        lambda: store.declare(file_id=file_id, contains=contains == "yes", actor=request.actor, now=request.now),
        "回答を記録しました。",
    )


@require_POST
@allow("files.release")
def copied(request: HttpRequest, file_id: int) -> HttpResponse:
    """A copy of the file was made: where it is and for what (VA-PRI-02)."""
    file, form = _get(file_id), Copy(request.POST)
    if form.is_valid():
        try:
            access.copied(file_id=file_id, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            toasts.success(request, "複製を記録しました。")
            return redirect("console:file", file_id=file_id)
    return _detail(request, file, Note(), "", copy=form)


@require_POST
@allow("files.release")
def decide(request: HttpRequest, file_id: int, act: str) -> HttpResponse:
    """Return, destroy, release or hold; each with a note."""
    file, form = _get(file_id), Note(request.POST)
    if act not in ACTS:
        raise Http404
    if not form.is_valid():
        return _detail(request, file, form, act)
    change, said = ACTS[act]
    note = form.cleaned_data["note"]
    return _done(
        request, file_id, lambda: change(file_id=file_id, note=note, actor=request.actor, now=request.now), said
    )


def _get(file_id: int) -> Any:
    try:
        return queries.get(file_id=file_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _detail(request: HttpRequest, file: Any, form: Note, act: str, *, copy: Copy | None = None) -> HttpResponse:
    copy = copy or Copy()
    visible = file.state == "available" and file.media_type in media.DOCUMENTS
    return render(
        request,
        "console/file.html",
        {
            "file": file,
            "tone": TONES[file.state],
            "pages": range(1, (file.pages or 0) + 1) if visible else (),
            "form": form,
            "act": act,
            "copy": copy,
            "copies": access.copies(file_id=file.pk),
        },
        status=422 if form.errors or copy.errors else 200,
    )


def _done(request: HttpRequest, file_id: int, change: Any, said: str) -> HttpResponse:
    try:
        change()
    except store.Refused as refused:
        toasts.error(request, refused.message)
    else:
        toasts.success(request, said)
    return redirect("console:file", file_id=file_id)


urlpatterns = [
    path("files/", index, name="files"),
    path("files/<int:file_id>/", detail, name="file"),
    path("files/<int:file_id>/download", download, name="file_download"),
    path("files/<int:file_id>/page/<int:number>.png", page, name="file_page"),
    path("files/<int:file_id>/answer", answer, name="file_answer"),
    path("files/<int:file_id>/copies", copied, name="file_copied"),
    path("files/<int:file_id>/<slug:act>", decide, name="file_decide"),
]
