"""約款の設計: the editions and drafts of a service designer, from the first line to the published edition."""

import difflib
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.authoring import differences
from hoshu.flows import publication
from hoshu.publishing import drafts, editions
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow
from hoshu.web.console import terms_texts

MOST_CHARACTERS = 800_000
"""Three times the longest edition of the package. More is no edition, and would only keep everybody waiting."""
MOST_LINES = 200
"""Lines of a difference that somebody reads."""


class NewDraftForm(forms.Form):
    """Where the text of a new draft comes from: an edition, the clipboard or a file."""

    title = forms.CharField(label="下書きの名前", max_length=80)
    start = forms.ChoiceField(
        label="始め方",
        choices=[("copy", "今ある版や下書きを写す"), ("text", "本文を貼り付ける"), ("file", "ファイルを読み込む")],
        widget=forms.RadioSelect,
        initial="copy",
    )
    source = forms.ChoiceField(label="写す元", required=False)
    edition = forms.CharField(label="新しい版の名前", max_length=40, required=False)
    in_force = DateField(label="新しい版の適用開始日", required=False)
    text = forms.CharField(
        label="本文",
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "wrap": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label="約款のファイル", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["source"].choices = [("", "選んでください"), *terms_texts.choices()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = {"copy": ("source", "edition", "in_force"), "text": ("text",), "file": ("file",)}
        for name in wanted.get(given.get("start", ""), ()):
            if name not in self.errors and not given.get(name):
                self.add_error(name, "入力してください。" if name != "file" else "ファイルを選んでください。")
        if not self.errors and given["start"] == "file":
            given["text"] = self._read(given["file"])
        if not self.errors and given["start"] == "copy":
            text = terms_texts.find(given["source"]).source.text
            given["text"] = drafts.copied(text, edition=given["edition"], in_force=given["in_force"])
        return given

    def _read(self, file: Any) -> str:
        content: bytes = file.read(MOST_CHARACTERS * 4 + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。")
            return ""
        if len(text) > MOST_CHARACTERS or "\0" in text:
            self.add_error("file", f"約款の本文ではありません。{MOST_CHARACTERS:,}文字までのテキストを選んでください。")
        return text


class DraftForm(forms.Form):
    """A draft in the editor."""

    title = forms.CharField(label="下書きの名前", max_length=80)
    text = forms.CharField(
        label="本文",
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 32, "class": "code", "wrap": "off", "spellcheck": "false", "data-lines": ""}
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


@require_GET
@allow("terms.design")
def index(request: HttpRequest) -> HttpResponse:
    """Every edition, of the package or published here, and every draft."""
    today = request.now.date()
    published = {(kept.service, kept.edition): kept for kept in editions.published()}
    rows = []
    for service in catalog.services():
        current = catalog.edition_on(service, today)
        for each in reversed(catalog.editions(service)):
            rows.append((each, *_standing(each, current, today), published.get((service, each.edition))))
    return render(request, "console/terms/index.html", {"rows": rows, "drafts": drafts.drafts()})


@require_http_methods(["GET", "POST"])
@allow("terms.design")
def new(request: HttpRequest) -> HttpResponse:
    """A new draft; `?from=ix/2022-10` proposes what to copy."""
    if request.method == "POST":
        form = NewDraftForm(request.POST, request.FILES)
        if form.is_valid():
            draft = drafts.begin(title=form.cleaned_data["title"], text=form.cleaned_data["text"], now=request.now)
            messages.success(request, f"下書き「{draft.title}」を作りました。")
            return redirect("console:terms_draft", draft.pk)
        return render(request, "console/terms/new.html", {"form": form}, status=422)
    form = NewDraftForm(initial=_proposed(request.GET.get("from", "")))
    return render(request, "console/terms/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@allow("terms.design")
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One draft in the editor, with what is wrong with it beside it."""
    kept = _draft(draft_id)
    if request.method == "GET":
        form = DraftForm(initial={"title": kept.title, "text": kept.text, "version": kept.version})
        return render(request, "console/terms/draft.html", _shown(kept, form, request))
    form = DraftForm(request.POST)
    if not form.is_valid():
        return render(request, "console/terms/draft.html", _shown(kept, form, request), status=422)
    typed = form.cleaned_data
    if request.POST.get("as") == "new":
        beside = drafts.begin(title=f"{typed['title'][:70]}（控え）", text=typed["text"], now=request.now)
        messages.success(request, f"別の下書き「{beside.title}」として残しました。")
        return redirect("console:terms_draft", beside.pk)
    try:
        drafts.save(
            draft_id=draft_id,
            based_on=typed["version"],
            title=typed["title"],
            text=typed["text"],
            now=request.now,
        )
    except drafts.Changed as changed:
        return _conflict(request, changed.draft, typed)
    messages.success(request, "保存しました。")
    return redirect("console:terms_draft", draft_id)


@require_POST
@allow("terms.design")
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft is thrown away."""
    kept = _draft(draft_id)
    drafts.throw_away(draft_id=draft_id)
    messages.success(request, f"下書き「{kept.title}」を捨てました。")
    return redirect("console:terms")


@require_http_methods(["GET", "POST"])
@allow("terms.design")
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What publishing would mean, and the publishing itself."""
    kept = _draft(draft_id)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            published = publication.publish_draft(
                draft_id=draft_id, based_on=int(version) if version.isdecimal() else 0, now=request.now
            )
        except drafts.Changed:
            messages.warning(request, "ほかの人が下書きを保存しました。もう一度、内容を確かめてください。")
            return redirect("console:terms_publish", draft_id)
        except editions.Refused:
            return render(request, "console/terms/publish.html", _preview(request, kept), status=409)
        word = f"、続いている契約 {published.agreements}件が、この版に移ります" if published.agreements else ""
        messages.success(request, f"{published.edition}版を公表しました。{published.in_force} から適用します{word}。")
        return redirect("console:terms")
    return render(request, "console/terms/publish.html", _preview(request, kept))


def _preview(request: HttpRequest, kept: Any) -> dict[str, Any]:
    examined = editions.examine(drafts.source_of(kept), now=request.now)
    context: dict[str, Any] = {"draft": kept, "examined": examined, "text": terms_texts.of_draft(kept)}
    if examined.edition and not examined.errors:
        context["following"] = publication.following(examined.edition)
        if examined.running:
            context["differences"] = differences(examined.running, examined.edition)
    return context


def _shown(kept: Any, form: DraftForm, request: HttpRequest) -> dict[str, Any]:
    text = terms_texts.of_draft(kept)
    checked = editions.inspected(text.source, today=request.now.date())
    return {"draft": kept, "form": form, "text": text, "checked": checked}


def _conflict(request: HttpRequest, theirs: Any, typed: dict[str, Any]) -> HttpResponse:
    """Somebody else saved in between: what differs, what was typed, and the choice between them."""
    mine = typed["text"].replace("\r\n", "\n")
    lines = difflib.unified_diff(theirs.text.splitlines(), mine.splitlines(), lineterm="", n=1)
    shown = [line for line in lines if not line.startswith(("---", "+++"))]
    context = {
        "draft": theirs,
        "form": DraftForm(initial={"title": typed["title"], "text": mine, "version": theirs.version}),
        "differing": [(line[:1], line[1:]) for line in shown[:MOST_LINES]],
        "more": len(shown) > MOST_LINES,
    }
    return render(request, "console/terms/conflict.html", context, status=409)


def _proposed(ref: str) -> dict[str, Any]:
    if not ref:
        return {}
    text = terms_texts.find(ref)
    return {"source": ref, "title": f"{text.label}の写し"[:80]}


def _standing(edition: catalog.Edition, current: catalog.Edition, today: date) -> tuple[str, str]:
    """Where an edition stands today: the word and its tone. The first one answers earlier days, and is not in force."""
    if edition.in_force > today:
        return "適用前", "info"
    return ("適用中", "ok") if edition is current else ("以前の版", "out")


def _draft(draft_id: int) -> Any:
    try:
        return drafts.get(draft_id)
    except drafts.NotFound:
        raise Http404 from None


urlpatterns = [
    path("terms/", index, name="terms"),
    path("terms/drafts/new", new, name="terms_new"),
    path("terms/drafts/<int:draft_id>/", draft, name="terms_draft"),
    path("terms/drafts/<int:draft_id>/discard", discard, name="terms_discard"),
    path("terms/drafts/<int:draft_id>/publish", publish, name="terms_publish"),
]
