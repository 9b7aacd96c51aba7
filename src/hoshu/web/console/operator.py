"""設定: the operator's profile, as letters, mails and pages show it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from hoshu.accounts import operators
from hoshu.web.common.operator_form import OperatorForm
from hoshu.web.common.views import allow


@require_http_methods(["GET", "POST"])
@allow("operator.write")
def settings(request: HttpRequest) -> HttpResponse:
    """Read and change the profile."""
    form = OperatorForm(request.POST or None, initial=_present(), use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        operators.save(form.profile)
        messages.success(request, "設定を保存しました。これから送る手紙とメールに使います。")
        return redirect("console:settings")
    return render(request, "console/settings.html", {"form": form}, status=422 if form.errors else 200)


def _present() -> dict[str, object]:
    operator = operators.profile()
    if operator is None:
        return {}
    return {name: getattr(operator, name) for name in OperatorForm.base_fields if name != "sole_trader"} | {
        "sole_trader": operators.is_sole_trader(operator.registration_number)
    }


urlpatterns = [path("settings", settings, name="settings")]
