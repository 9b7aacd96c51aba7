"""Who acts, and which customers they see: the one door to the database's row-level security.

Each request, job and command runs inside `act_as(actor)`: one transaction in which PostgreSQL knows the actor and
the tenants in sight. Outside of it every tenant table looks empty. Values are set for the transaction only: a value of
the session would leak to the next request through the connection pool.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from hoshu.accounts.grants import contracted
from hoshu.accounts.models import Grant, Organisation, User
from hoshu.accounts.roles import FITTING, STAFF, Role


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person with roles, or the system itself."""

    name: str
    user_id: int | None = None
    roles: frozenset[str] = frozenset()
    organisation_id: int | None = None
    sees_all: bool = False
    tenants: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Is this one of the operator's own people?"""
        return bool(self.roles & STAFF)

    @property
    def is_seller(self) -> bool:
        """Does this person see the customers of a seller, so that a list has to name them?"""
        return Role.RESELLER in self.roles

    @property
    def label(self) -> str:
        """How the history and the records name this actor."""
        return self.name if self.user_id is None else f"{self.name} (利用者{self.user_id})"


SYSTEM = Actor(name="システム", sees_all=True)
"""Jobs, timers and commands."""

NOBODY = Actor(name="未ログイン")

_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current() -> Actor:
    """Who acts right now."""
    return _actor.get()


def actor_of(user: User, *, today: date) -> Actor:
    """The actor that `user` is on `today` (JST): roles in force, and the tenants that follow from them.

    Staff see all customers; a customer sees its own organisation; a reseller sees the customers granted to it on that
    day; a subcontractor too, but only while its data contract runs (IX-PII-02: access ends the day after).
    """
    in_force = Q(valid_from__lte=today) & (Q(valid_until=None) | Q(valid_until__gte=today))
    roles = frozenset(user.assignments.filter(in_force).values_list("role", flat=True))
    who = {"name": user.name, "user_id": user.pk, "organisation_id": user.organisation_id}
    if user.organisation_id is None:
        return Actor(**who, roles=roles & STAFF, sees_all=bool(roles & STAFF))
    with as_system("which customers this person sees"):
        kind = Organisation.objects.values_list("kind", flat=True).get(pk=user.organisation_id)
        if kind == Organisation.Kind.SUBCONTRACTOR and not contracted(user.organisation_id, on=today):
            return Actor(**who)
        if kind == Organisation.Kind.CUSTOMER:
            tenants = frozenset({user.organisation_id})
        else:
            grants = Grant.objects.filter(in_force, grantee_id=user.organisation_id)
            tenants = frozenset(grants.values_list("tenant_id", flat=True))
    roles &= FITTING[kind]
    return Actor(**who, roles=roles, tenants=tenants if roles else frozenset())


@contextmanager
def act_as(actor: Actor) -> Iterator[Actor]:
    """Run as `actor`, in one transaction; nested calls change the actor and change it back."""
    before, nested = _actor.get(), connection.in_atomic_block
    token = _actor.set(actor)
    try:
        with transaction.atomic():
            _tell_database(actor)
            yield actor
            if nested and not connection.needs_rollback:
                _tell_database(before)
    finally:
        _actor.reset(token)


@contextmanager
def as_system(reason: str) -> Iterator[Actor]:
    """See every tenant for a named reason, for instance to find whom a card belongs to.

    The actor stays who they are: only the sight widens, so the history still names the person. Who sees every tenant
    already just goes on: the database need not be told again.
    """
    if current().sees_all and connection.in_atomic_block:
        yield current()
        return
    with act_as(replace(current(), sees_all=True)) as actor:
        yield actor


def _tell_database(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hoshu.actor', %s, true), set_config('hoshu.scope', %s, true),"
            " set_config('hoshu.tenants', %s, true)",
            [actor.label, "all" if actor.sees_all else "some", ",".join(map(str, sorted(actor.tenants)))],
        )
