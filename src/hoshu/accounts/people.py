"""People who log in: who comes, which roles they have from when until when, who goes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from unicodedata import normalize

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q

from hoshu.accounts import Refused, organisations
from hoshu.accounts.models import Assignment, Organisation, User
from hoshu.accounts.roles import FITTING, Role
from hoshu.japan.phones import formatted


def create(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    now: datetime,
    organisation_id: int | None = None,
    password: str | None = None,
) -> User:
    """A person with `roles` from today on. Without a password they set one through the reset link.

    Raises Refused where somebody has this address already or a role does not fit the organisation.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused("email", "このメールアドレスは、すでに使われています。")
    with transaction.atomic():
        user = User.objects.create_user(
            email, password, name=name.strip(), organisation_id=organisation_id, created_at=now
        )
        for role in roles:
            assign(user_id=user.pk, role=role, valid_from=now.date())
    return user


SECRET_QUESTIONS = (
    "はじめて飼った生き物の名前は",
    "子どものころに住んでいた町の名前は",
    "はじめて勤めた会社の最寄り駅は",
    "いちばん好きだった先生のお名前は",
)
"""What a newcomer may choose from (VA-REG-19)."""


def sign_up(
    *,
    email: str,
    password: str,
    organisation: str,
    name: str,
    phone: str,
    secret_question: str,
    secret_answer: str,
    now: datetime,
) -> User:
    """VA-REG-18, VA-REG-19: somebody unknown makes a login of an organisation of its own. Raises Refused.

    Never that of a customer who is known by the same name: nobody gets to see a firm's contracts by calling himself so.
    """
    with transaction.atomic():
        firm = organisations.create(kind=Organisation.Kind.CUSTOMER, name=organisation, phone=formatted(phone), now=now)
        user = create(
            email=email, name=name, roles=[Role.CUSTOMER_ADMIN], now=now, organisation_id=firm.pk, password=password
        )
        user.secret_question, user.secret_answer = secret_question, make_password(_plain_answer(secret_answer))
        user.save(update_fields=["secret_question", "secret_answer"])
    return user


def answers_secret(user: User, answer: str) -> bool:
    """Is this the answer to the secret question? True where none was ever chosen."""
    return not user.secret_answer or check_password(_plain_answer(answer), user.secret_answer)


def _plain_answer(answer: str) -> str:
    """However it is typed, with spaces and width as one likes."""
    return "".join(normalize("NFKC", answer).casefold().split())


def assign(*, user_id: int, role: str, valid_from: date, valid_until: date | None = None) -> Assignment:
    """Give a role from a day until a day (included; None: until further notice). Raises Refused."""
    user = User.objects.select_related("organisation").get(pk=user_id)
    if role not in FITTING[user.organisation.kind if user.organisation else ""]:
        raise Refused("role", f"「{Role(role).label}」は、この方の所属では選べません。")
    if valid_until and valid_until < valid_from:
        raise Refused("valid_until", "終了日は、開始日以後の日付にしてください。")
    overlapping = Assignment.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from),
        valid_from__lte=valid_until or date.max,
        user=user,
        role=role,
    )
    if overlapping.exists():
        raise Refused("role", f"「{Role(role).label}」は、その期間にすでに割り当てられています。")
    return Assignment.objects.create(user=user, role=role, valid_from=valid_from, valid_until=valid_until)


def end_assignment(*, assignment_id: int, last_day: date) -> None:
    """The role ends with `last_day`; one that has not begun by then never comes into force. Raises Refused."""
    assignment = Assignment.objects.select_for_update().get(pk=assignment_id)
    if assignment.role == Role.ADMINISTRATOR:
        _keep_an_administrator(leaving=assignment.user_id, since=last_day + timedelta(1))
    if assignment.valid_from > last_day:
        assignment.delete()
    else:
        assignment.valid_until = last_day
        assignment.save(update_fields=["valid_until"])


def deactivate(*, user_id: int, now: datetime) -> None:
    """From now on this person can not log in, is logged out everywhere, and their API keys are void. Raises Refused."""
    _keep_an_administrator(leaving=user_id, since=now.date())
    user = User.objects.get(pk=user_id)
    user.tokens.filter(revoked_at=None).update(revoked_at=now)
    User.objects.filter(pk=user_id).update(is_active=False, session_round=F("session_round") + 1)


def reactivate(*, user_id: int) -> None:
    """This person may log in again, with the roles still in force; old API keys stay void."""
    User.objects.filter(pk=user_id).update(is_active=True)


def lock(*, organisation_id: int, now: datetime) -> list[int]:
    """MM-CND-27: nobody of an organisation can log in from now on, and whoever is logged in is out; their ids."""
    theirs = User.objects.filter(organisation_id=organisation_id, is_active=True)
    locked = list(theirs.values_list("id", flat=True))
    for user_id in locked:
        deactivate(user_id=user_id, now=now)
    return locked


def unlock(*, user_ids: Iterable[int]) -> None:
    """Those who were locked may log in again."""
    for user_id in user_ids:
        reactivate(user_id=user_id)


def end_sessions(*, user_id: int) -> None:
    """Log this person out on every machine, at their next click."""
    User.objects.filter(pk=user_id).update(session_round=F("session_round") + 1)


def change_login(*, organisation_id: int, former: str, email: str) -> User | None:
    """MM-CHG-02: who of an organisation logs in with `former` does so with `email` from now on.

    A link to a password that was sent before opens no more: it is made of the address. None where nobody logs in so, or
    somebody else logs in with `email` already.
    """
    former, email = former.strip().lower(), email.strip().lower()
    if User.objects.filter(email=email).exists():
        return None
    user = User.objects.select_for_update().filter(organisation_id=organisation_id, email=former).first()
    if user is None:
        return None
    # allauth remembers each address that a link was sent to, and would go on to let people in by it.
    EmailAddress.objects.filter(user=user).delete()
    user.email = email
    user.save(update_fields=["email"])
    return user


def by_login(email: str) -> User | None:
    """The active person who logs in with `email`."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def find(*, text: str = "", organisation_id: int | None = None, staff: bool = False) -> list[User]:
    """People with their roles and organisation, by name; `text` is a part of the name or the address."""
    people = User.objects.select_related("organisation").prefetch_related("assignments").order_by("name", "id")
    if staff:
        people = people.filter(organisation=None)
    if organisation_id is not None:
        people = people.filter(organisation_id=organisation_id)
    if text:
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return list(people)


def get(user_id: int) -> User | None:
    """One person with organisation and roles."""
    return User.objects.select_related("organisation").filter(pk=user_id).first()


def affiliations() -> list[Organisation]:
    """Every organisation a person can belong to, by name."""
    return list(Organisation.objects.order_by("kind", "name"))


def _keep_an_administrator(*, leaving: int, since: date) -> None:
    """Somebody must be able to let the next person in: the last administrator stays."""
    in_force = Assignment.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=since),
        role=Role.ADMINISTRATOR,
        valid_from__lte=since,
        user__is_active=True,
    )
    holders = set(in_force.select_for_update().values_list("user_id", flat=True))
    if holders == {leaving}:
        raise Refused("role", "この方は、ただ一人の管理者です。先に、ほかの方に「管理者」の役割を割り当ててください。")
