"""How allauth behaves here: nobody signs up, failures tell nothing, mails with links are stored nowhere."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from hoshu.flows import consent_by_use, farewell, password_reset


class Adapter(DefaultAccountAdapter):
    """Named in the setting ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "メールアドレスかパスワードが違います。入力を確かめてください。",
        "too_many_login_attempts": (
            "ログインの失敗が続いたため、しばらく受け付けません。5分ほど待って、もう一度お試しください。"
        ),
        "enter_current_password": "現在のパスワードを正しく入力してください。",
        "incorrect_password": "パスワードが違います。",
        "rate_limited": "操作が続いたため、しばらく受け付けません。少し待ってからお試しください。",
        "same_as_current": "いまと同じパスワードです。別のものにしてください。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Administrators add people; nobody adds themselves."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """A customer who logs in uses the service, which may be a consent (MM-DOC-04); or learns that it is over."""
        response = super().post_login(request, user, **more)
        consent_by_use.logged_in(user=user, now=request.now)
        if said := farewell.told_at_login(user=user, now=request.now):
            messages.warning(request, said)
        return response

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Sent by a job: the page answers as fast for an address that nobody has."""
        password_reset.request_link(user_id=user.pk)
