"""契約証明書と機器管理ラベル: for one agreement, or a sheet of labels for many; the bytes that were issued stay."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from hoshu.accounts import operators
from hoshu.contracts import queries
from hoshu.flows import papers
from hoshu.notifications import Refused
from hoshu.notifications import queries as notifications
from hoshu.notifications.letters.labels import FACTS, GRIDS, LINES, ROLL
from hoshu.web.common import agreement_card
from hoshu.web.common.views import allow

FOUND = 20
"""Agreements that a search offers at once; whoever needs others types more."""
SHEETS = 10
"""Sheets that were printed lately, to be printed again or gone on with."""

Issue = Callable[..., Any]


@require_http_methods(["GET", "POST"])
@allow("papers.issue")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as it was last issued while it is true; POST issues another one."""
    return _issued(request, number, papers.certificate, "console:agreement_certificate")


@require_http_methods(["GET", "POST"])
@allow("papers.issue")
def label(request: HttpRequest, number: str) -> HttpResponse:
    """The label for a printer of labels, in the same way."""
    return _issued(request, number, papers.label, "console:agreement_label")


def _issued(request: HttpRequest, number: str, issue: Issue, view: str) -> HttpResponse:
    agreement = get_object_or_404(queries.agreements(), number=number)
    anew = request.method == "POST"
    try:
        letter = issue(agreement_id=agreement.pk, now=request.now, anew=anew)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("console:agreement", number)
    return redirect(view, number) if anew else _pdf(letter.pk)


class Sheet(forms.Form):
    """Which labels, on which sheet, from which place."""

    grid = forms.ChoiceField(
        label="ラベルのシート", choices=[(code, grid.name) for code, grid in GRIDS.items() if code != ROLL]
    )
    first = forms.IntegerField(
        label="はじめの位置",
        initial=1,
        error_messages={"invalid": "数字で入力してください。例: 5"},
        help_text="使いかけのシートは、空いている最初の位置から印刷できます。左上が1で、右へ、次の段へと数えます。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        entries = super().clean()
        grid, first = GRIDS.get(entries.get("grid", "")), entries.get("first")
        if grid and first is not None and not 1 <= first <= grid.places:
            self.add_error("first", f"このシートの位置は1から{grid.places}までです。例: 5")
        return entries


@require_http_methods(["GET", "POST"])
@allow("papers.issue")
def labels(request: HttpRequest) -> HttpResponse:
    """Choose agreements and print their labels; `?number=` chooses some, `?printed=` shows what was just printed.

    What was ticked stays while one searches on, and when something can not be printed.
    """
    if request.method == "GET":
        return _labels(request, Sheet(initial=_next_place()), request.GET.getlist("number"))
    numbers, form = request.POST.getlist("number"), Sheet(request.POST)
    if request.POST.get("act") != "print":
        return _labels(request, Sheet(initial=request.POST.dict()), numbers)
    faults: Mapping[str, str] = {}
    if form.is_valid():
        ids = dict(queries.agreements().filter(number__in=numbers).values_list("number", "pk"))
        chosen = [ids[number] for number in numbers if number in ids]
        try:
            sheet = papers.label_sheet(agreement_ids=chosen, now=request.now, **form.cleaned_data)
        except papers.NotPrinted as refused:
            faults = refused.faults
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(f"{reverse('console:labels')}?printed={sheet.pk}")
    return _labels(request, form, numbers, faults, status=422)


def _labels(
    request: HttpRequest,
    form: Sheet,
    numbers: Iterable[str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = request.now.date()
    text = request.POST.get("q", request.GET.get("q", "")).strip()
    chosen = list(queries.agreements().filter(number__in=list(numbers)[: papers.MOST_LABELS]))
    found = queries.agreements(text=text).exclude(pk__in=[agreement.pk for agreement in chosen])[:FOUND] if text else []
    sheets = [
        (sheet, GRIDS[sheet.sheet], str(sheet.pk) == request.GET.get("printed"))
        for sheet in notifications.label_sheets()[:SHEETS]
    ]
    context = {
        "form": form,
        "text": text,
        "rows": [
            (agreement, *agreement_card.state_of(agreement, today), ticked, (faults or {}).get(agreement.number, ""))
            for ticked, agreements in ((True, chosen), (False, found))
            for agreement in agreements
        ],
        "sheets": sheets,
        "printed": next((sheet for sheet, _, is_new in sheets if is_new), None),
        "lines": [FACTS[line] for line in _lines()],
    }
    return render(request, "console/labels/index.html", context, status=status)


def _next_place() -> dict[str, Any]:
    """The sheet that was used last, and its first free place."""
    last = notifications.label_sheets().first()
    return {"grid": last.sheet, "first": last.next} if last else {}


@require_GET
@allow("papers.issue")
def sheet(request: HttpRequest, letter_id: int) -> HttpResponse:
    """A sheet as it was printed."""
    get_object_or_404(notifications.label_sheets(), pk=letter_id)
    return _pdf(letter_id)


def _pdf(letter_id: int) -> HttpResponse:
    try:
        found = notifications.pdf(letter_id=letter_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return HttpResponse(found.content, headers=found.headers)


# ---- what stands on a label


class Lines(forms.Form):
    """A choice for each line of a label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = dict(enumerate(_lines()))
        for place in range(len(LINES)):
            self.fields[f"line_{place}"] = forms.ChoiceField(
                label=f"{place + 1}行目",
                choices=[("", "（使わない）"), *FACTS.items()],
                initial=present.get(place, ""),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        entries = super().clean()
        if not self.errors and not self.lines:
            raise forms.ValidationError("少なくとも1行は選んでください。")
        return entries

    @property
    def lines(self) -> list[str]:
        """The chosen facts, in order."""
        return [fact for fact in self.cleaned_data.values() if fact]


@require_http_methods(["GET", "POST"])
@allow("operator.write")
def lines(request: HttpRequest) -> HttpResponse:
    """VA-LBL-01: which fact stands on which line; the booklet's captions are lost, so the operator says it."""
    form = Lines(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operators.save({"label_lines": form.lines})
        messages.success(request, "ラベルの行を保存しました。これから印刷するラベルに使います。")
        return redirect("console:labels")
    return render(request, "console/labels/lines.html", {"form": form}, status=422 if form.errors else 200)


def _lines() -> Iterable[str]:
    operator = operators.profile()
    return (operator.label_lines if operator else None) or LINES


urlpatterns = [
    path("agreements/<str:number>/certificate.pdf", certificate, name="agreement_certificate"),
    path("agreements/<str:number>/label.pdf", label, name="agreement_label"),
    path("labels/", labels, name="labels"),
    path("labels/lines", lines, name="label_lines"),
    path("labels/<int:letter_id>.pdf", sheet, name="label_sheet"),
]
