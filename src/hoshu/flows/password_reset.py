"""A new password by mail: the link is made by the job that sends it, so it is stored nowhere.

It does not go through the outbox, whose texts the operator's staff can read: who reads the link becomes that person.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hoshu.accounts import operators, people
from hoshu.notifications.delivery import send_past_outbox
from hoshu.notifications.messages import compose
from hoshu.notifications.notice import Sender


def request_link(*, user_id: int) -> None:
    """Send this person a link as soon as the present transaction is committed."""
    send_link.defer(user_id=user_id)


@app.task(name="password_reset", retry=RetryStrategy(max_attempts=5, exponential_wait=10))
def send_link(*, user_id: int) -> None:
    """The mail with the link. It opens once, within PASSWORD_RESET_TIMEOUT; twice sent does no harm."""
    user, operator = people.get(user_id), operators.profile()
    if user is None or not user.is_active or operator is None:
        return
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    notice = compose(
        "account.password_reset",
        {
            "addressee": {"person": user.name},
            "login": user.email,
            "link": settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key),
            "valid_hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        },
        Sender.of(operator),
    )
    send_past_outbox(notice, to=user.email)
