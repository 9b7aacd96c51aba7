"""The set-up of a new installation behind its one-time link; 404 for ever once it was used."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hoshu.accounts import Refused, setup
from hoshu.accounts.passwords import PasswordRule
from hoshu.accounts.tenancy import as_system
from hoshu.web.common.operator_form import OperatorForm
from hoshu.web.common.views import public


class AdministratorForm(forms.Form):
    """The first administrator."""

    name = forms.CharField(label="お名前", max_length=80, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label="メールアドレス", widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="パスワード",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=True),
        help_text=PasswordRule().get_help_text(),
    )
    again = forms.CharField(
        label="パスワード（確認）",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=True),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password", self.cleaned_data["again"]):
            raise ValidationError("上のパスワードと違います。同じものを入力してください。")
        return self.cleaned_data["again"]


@require_http_methods(["GET", "POST"])
@public
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first administrator and the operator's profile, in one form."""
    if not setup.is_open(token, now=request.now):
        raise Http404
    data = request.POST or None
    administrator = AdministratorForm(data, prefix="administrator", use_required_attribute=False)
    operator = OperatorForm(data, prefix="operator", use_required_attribute=False)
    if request.method == "POST" and administrator.is_valid() & operator.is_valid():
        who = administrator.cleaned_data
        try:
            with as_system("the first administrator is not there yet"):
                setup.use(
                    token=token,
                    email=who["email"],
                    name=who["name"],
                    password=who["password"],
                    operator=operator.profile,
                    now=request.now,
                )
        except setup.Closed:
            raise Http404 from None
        except Refused as refused:
            administrator.add_error(None, refused.message)
        else:
            return render(request, "entrance/setup_done.html")
    return render(request, "entrance/setup.html", {"administrator": administrator, "operator_form": operator})
