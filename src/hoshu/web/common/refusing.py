"""A form whose step was refused: the sentence stands at the field it is about, with the clause it rests on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hoshu.privacy import Refused


def tell(form: forms.Form, refused: Refused) -> None:
    """Put a refusal where it belongs."""
    clause = f"（{refused.clause}）" if refused.clause else ""
    form.add_error(refused.field if refused.field in form.fields else None, f"{refused.message}{clause}")


def answered(
    request: HttpRequest,
    form: forms.Form,
    step: Callable[[dict[str, Any]], Any],
    *,
    goes_to: Callable[[Any], str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form; sent without a fault, take the step and go on; refused, show it again with the reason."""
    if request.method == "POST" and form.is_valid():
        try:
            done = step(form.cleaned_data)
        except Refused as refused:
            tell(form, refused)
        else:
            return redirect(goes_to(done))
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)
