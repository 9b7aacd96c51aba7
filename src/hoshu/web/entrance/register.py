"""登録: the way in for who bought a pack: consent, then a login of one's own or the one there is (VA-REG-18)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from hoshu import catalog
from hoshu.accounts import Refused, operators, people
from hoshu.accounts.access import may
from hoshu.accounts.passwords import PasswordRule
from hoshu.accounts.tenancy import act_as, actor_of, as_system
from hoshu.contracts import Refused as NotRegistered
from hoshu.flows import registration
from hoshu.japan import phones
from hoshu.web.common.inputs import ReadField
from hoshu.web.common.operator_form import provided, services
from hoshu.web.common.views import public

CONSENTED = "registration_consent"
"""Where the session keeps what was consented to before anybody is known: nothing personal."""
SIGN_UPS, PER_SECONDS = 10, 3600
"""How many logins somebody may make from one place in an hour."""


class LoginDataForm(forms.Form):
    """ログイン情報: what a newcomer fills in (VA-REG-19)."""

    email = forms.EmailField(label="ご利用ID（メールアドレス）", widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="パスワード",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=True),
        help_text=PasswordRule().get_help_text(),
    )
    organisation = forms.CharField(label="法人・団体名", max_length=100)
    name = forms.CharField(label="お名前", max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    phone = ReadField(label="電話番号", read=phones.formatted, max_length=40)
    secret_question = forms.ChoiceField(
        label="秘密の質問", choices=[("", "選んでください"), *((text, text) for text in people.SECRET_QUESTIONS)]
    )
    secret_answer = forms.CharField(
        label="秘密の質問の答え",
        max_length=80,
        help_text="パスワードを忘れたときに、メールのリンクとあわせて伺います。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean_phone(self) -> str:
        try:
            phones.read(self.cleaned_data["phone"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["phone"]


@require_GET
@public
def index(request: HttpRequest) -> HttpResponse:
    """The services for which somebody unknown may register."""
    return render(request, "entrance/register.html", {"services": _services(), "operator_profile": operators.profile()})


@require_http_methods(["GET", "POST"])
@public
def consent(request: HttpRequest, service: str) -> HttpResponse:
    """個人情報同意書画面: before anything personal is typed, by everybody (VA-REG-13)."""
    edition = _edition(request, service)
    assert edition.application is not None
    first = [one for one in edition.application.confirmation if one.before_entry]
    confirmed = request.POST.getlist("confirmed")
    if request.method == "POST":
        if {one.id for one in first} <= {*confirmed}:
            request.session[CONSENTED] = {"service": service, "edition": edition.edition, "items": confirmed}
            if request.actor.user_id is None:
                return redirect("entrance:register_login", service)
            return _begin(request, service, confirmed)
        messages.error(request, "同意いただくまで、登録に進めません。同意いただけないときは、パックを返品できます。")
    context = {"edition": edition, "first": first, "confirmed": confirmed, "operator_profile": operators.profile()}
    return render(request, "entrance/register_consent.html", context)


@require_http_methods(["GET", "POST"])
@public
def login_data(request: HttpRequest, service: str) -> HttpResponse:
    """ご利用ID設定済？ — log in, or make a login and go on (VA-REG-18)."""
    edition = _edition(request, service)
    given = request.session.get(CONSENTED) or {}
    if given.get("service") != service or given.get("edition") != edition.edition:
        return redirect("entrance:register_consent", service)
    if request.actor.user_id is not None:
        return _begin(request, service, given["items"])
    form = LoginDataForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        if not sign_up_allowed(request):
            messages.error(request, "操作が続いたため、しばらく受け付けません。1時間ほど待ってからお試しください。")
            return render(request, "entrance/register_login.html", _login(edition, form), status=429)
        facts = form.cleaned_data
        try:
            with as_system("a newcomer makes a login"):
                user = people.sign_up(**facts, now=request.now)
        except Refused:
            form.add_error("email", "このご利用IDでは登録できません。すでにお持ちのときは、ログインしてください。")
        else:
            login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            with act_as(actor_of(user, today=request.now.date())):
                return _begin(request, service, given["items"], tenant_id=user.organisation_id)
    return render(request, "entrance/register_login.html", _login(edition, form), status=422 if form.errors else 200)


def _begin(request: HttpRequest, service: str, items: list[str], tenant_id: int | None = None) -> HttpResponse:
    """The form itself, in the portal."""
    request.session.pop(CONSENTED, None)
    if tenant_id is None and not may(request.actor, "portal.apply"):
        messages.error(request, "このログインでは登録できません。お客様のログインで登録してください。")
        return redirect("entrance:first")
    if tenant_id is None and len(request.actor.tenants) != 1:
        return redirect(f"{reverse('portal:application_new')}?service={service}")
    tenant = tenant_id or next(iter(request.actor.tenants))
    try:
        draft = registration.start_online(
            service=service, tenant_id=tenant, entries={}, confirmed=items, known_from_login=True, now=request.now
        )
    except NotRegistered as refused:
        messages.error(request, refused.message)
        return redirect("entrance:register_consent", service)
    return redirect("portal:application", draft.number)


def sign_up_allowed(request: HttpRequest) -> bool:
    """Did not too many logins come from this place in the last hour?"""
    key = f"sign-up:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, PER_SECONDS)
    return cache.incr(key) <= SIGN_UPS


def _login(edition: catalog.Edition, form: LoginDataForm) -> dict[str, Any]:
    return {"edition": edition, "form": form, "next": reverse("entrance:register_login", args=[edition.service])}


def _services() -> list[tuple[str, str]]:
    """VA-REG-15: none without a desk that answers for the personal data."""
    operator = operators.profile()
    if operator is None or not operator.registration_email:
        return []
    return [(service, name) for service, name in provided() or services() if _signs_up(service)]


def _signs_up(service: str) -> bool:
    terms = catalog.editions(service)[-1].application
    return terms is not None and terms.signs_up


def _edition(request: HttpRequest, service: str) -> catalog.Edition:
    if service not in [one for one, _ in _services()]:
        raise Http404
    return catalog.edition_on(service, request.now.date())


urlpatterns = [
    path("register/", index, name="register"),
    path("register/<slug:service>/", consent, name="register_consent"),
    path("register/<slug:service>/login/", login_data, name="register_login"),
]
