"""利用者: who may log in, with which roles from when until when, and the keys of their programs."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts import Refused, people, tokens
from hoshu.accounts.roles import FITTING, Role
from hoshu.dates import JST
from hoshu.flows import joining, password_reset
from hoshu.notifications import outbox
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow
from hoshu.web.console.validity import state


class PersonForm(forms.Form):
    """Somebody new."""

    name = forms.CharField(label="お名前", max_length=80)
    email = forms.EmailField(label="メールアドレス", help_text="ログインに使います。")
    organisation = forms.TypedChoiceField(label="所属", coerce=int, empty_value=None, required=False)
    role = forms.ChoiceField(label="役割", choices=Role.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["organisation"].choices = [
            ("", "自社（運営会社）"),
            *((place.pk, f"{place.name}（{place.get_kind_display()}）") for place in people.affiliations()),
        ]


class RoleForm(forms.Form):
    """One more role."""

    role = forms.ChoiceField(label="役割")
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", required=False, help_text="この日まで使えます。空欄なら期限なし。")

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, prefix="role", **kwargs)
        fitting = FITTING[person.organisation.kind if person.organisation else ""]
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in fitting]


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(label="用途", max_length=80)
    last_day = DateField(label="期限", required=False, help_text="この日まで使えます。空欄なら期限なし。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, prefix="token", **kwargs)


@require_GET
@allow("people.write")
def index(request: HttpRequest) -> HttpResponse:
    """Everybody, searched by name or address."""
    text = request.GET.get("q", "").strip()
    found = people.find(text=text, staff=request.GET.get("who") == "staff")
    return render(request, "console/people/index.html", {"rows": [_row(user, request) for user in found], "text": text})


@require_http_methods(["GET", "POST"])
@allow("people.write")
def new(request: HttpRequest) -> HttpResponse:
    """Let somebody in: a mail tells them how to choose their password."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entries = form.cleaned_data
        try:
            person = joining.invite(
                email=entries["email"],
                name=entries["name"],
                roles=[entries["role"]],
                organisation_id=entries["organisation"],
                now=request.now,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except outbox.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{person.name} さんを登録し、ご案内のメールを送りました。")
            return redirect("console:person", person.pk)
    return render(request, "console/people/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("people.write")
def one(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: roles with their days, keys, and what can be done."""
    return _page(request, _person(user_id))


@require_POST
@allow("people.write")
def assign(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role."""
    person = _person(user_id)
    form = RoleForm(person, request.POST)
    if form.is_valid():
        try:
            people.assign(user_id=user_id, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return redirect("console:person", user_id)
    return _page(request, person, role_form=form)


@require_POST
@allow("people.write")
def end_role(request: HttpRequest, user_id: int, assignment_id: int) -> HttpResponse:
    """The role ends with yesterday: from this click on it is gone."""
    person = _person(user_id)
    if not person.assignments.filter(pk=assignment_id).exists():
        raise Http404
    return _do(
        request, person, lambda: people.end_assignment(assignment_id=assignment_id, last_day=_yesterday(request))
    )


@require_POST
@allow("people.write")
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """No login any more, at once and everywhere."""
    return _do(request, _person(user_id), lambda: people.deactivate(user_id=user_id, now=request.now))


@require_POST
@allow("people.write")
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Login again, with a new password."""
    person = _person(user_id)
    people.reactivate(user_id=user_id)
    password_reset.request_link(user_id=user_id)
    return redirect("console:person", person.pk)


@require_POST
@allow("people.write")
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    """Log the person out on every machine."""
    person = _person(user_id)
    people.end_sessions(user_id=user_id)
    messages.success(request, "すべての端末からログアウトさせました。")
    return redirect("console:person", person.pk)


@require_POST
@allow("people.write")
def send_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Mail a link to choose a new password."""
    person = _person(user_id)
    password_reset.request_link(user_id=user_id)
    messages.success(request, f"{person.email} に、パスワードを決めるメールを送りました。")
    return redirect("console:person", person.pk)


@require_POST
@allow("tokens.write")
def issue_token(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new key, shown on this answer only."""
    person = _person(user_id)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            _, key = tokens.issue(
                user_id=user_id,
                name=form.cleaned_data["name"],
                now=request.now,
                expires_at=_end_of(form.cleaned_data["last_day"]),
            )
        except Refused as refused:
            form.add_error("last_day" if refused.field == "expires_at" else refused.field, refused.message)
        else:
            return _page(request, person, key=key)
    return _page(request, person, token_form=form)


@require_POST
@allow("tokens.write")
def revoke_token(request: HttpRequest, user_id: int, token_id: int) -> HttpResponse:
    """The key is void from now on."""
    person = _person(user_id)
    if token_id not in {token.pk for token in tokens.of_person(user_id)}:
        raise Http404
    tokens.revoke(token_id=token_id, now=request.now)
    messages.success(request, "キーを失効させました。")
    return redirect("console:person", person.pk)


def _person(user_id: int) -> Any:
    person = people.get(user_id)
    if person is None:
        raise Http404
    return person


def _do(request: HttpRequest, person: Any, act: Callable[[], None]) -> HttpResponse:
    """Do it and come back, or show the page with the reason why not."""
    try:
        act()
    except Refused as refused:
        return _page(request, person, refusal=refused.message)
    return redirect("console:person", person.pk)


def _page(
    request: HttpRequest,
    person: Any,
    *,
    role_form: RoleForm | None = None,
    token_form: TokenForm | None = None,
    refusal: str = "",
    key: str = "",
) -> HttpResponse:
    today = request.now.date()
    assignments = [
        (assignment, assignment.get_role_display(), state(assignment.valid_from, assignment.valid_until, today=today))
        for assignment in person.assignments.order_by("-valid_from", "-id")
    ]
    context = {
        "person": person,
        "assignments": assignments,
        "tokens": [(token, _token_state(token, request.now)) for token in tokens.of_person(person.pk)],
        "role_form": role_form or RoleForm(person, initial={"valid_from": today}),
        "token_form": token_form or TokenForm(),
        "refusal": refusal,
        "key": key,
    }
    wrong = bool(refusal or role_form or token_form)
    return render(request, "console/people/one.html", context, status=422 if wrong else 200)


def _row(user: Any, request: HttpRequest) -> dict[str, Any]:
    today = request.now.date()
    roles = [
        assignment.get_role_display()
        for assignment in user.assignments.all()
        if state(assignment.valid_from, assignment.valid_until, today=today)[0] == "有効"
    ]
    return {"person": user, "roles": roles}


def _token_state(token: Any, now: datetime) -> tuple[str, str]:
    if token.revoked_at is not None:
        return "失効", "no"
    if token.expires_at is not None and token.expires_at <= now:
        return "期限切れ", "out"
    return "有効", "ok"


def _yesterday(request: HttpRequest) -> date:
    return request.now.date() - timedelta(1)


def _end_of(last_day: date | None) -> datetime | None:
    """The moment after the last day, in Japan."""
    return last_day and datetime.combine(last_day + timedelta(1), time(), JST)


urlpatterns = [
    path("people/", index, name="people"),
    path("people/<int:user_id>/", one, name="person"),
    path("people/<int:user_id>/deactivate", deactivate, name="person_deactivate"),
    path("people/<int:user_id>/end-sessions", end_sessions, name="person_end_sessions"),
    path("people/<int:user_id>/link", send_link, name="person_send_link"),
    path("people/<int:user_id>/reactivate", reactivate, name="person_reactivate"),
    path("people/<int:user_id>/roles", assign, name="person_assign"),
    path("people/<int:user_id>/roles/<int:assignment_id>/end", end_role, name="person_end_role"),
    path("people/<int:user_id>/tokens", issue_token, name="person_issue_token"),
    path("people/<int:user_id>/tokens/<int:token_id>/revoke", revoke_token, name="person_revoke_token"),
    path("people/new", new, name="person_new"),
]
