"""The people of the tests, with their rights as sentences. `login(MORI)` is a browser in which Mori is logged in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.test import Client

from hoshu.accounts import grants, organisations, people
from hoshu.accounts.models import Organisation, User
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as, actor_of
from hoshu.dates import JST

SINCE = datetime(2022, 4, 1, 9, 0, tzinfo=JST)
"""Everybody has worked here since then."""
CONTRACT_ENDS = date(2035, 12, 31)
"""The last day of the subcontractor's data contract."""

AOBA, WAKABA, TSUBASA, HOKUTO, MIDORI = "青葉商事株式会社", "若葉工業株式会社", "つばさ販売", "北斗テクノ", "みどり通商"
ORGANISATIONS = {
    AOBA: "customer",
    WAKABA: "customer",
    TSUBASA: "reseller",  # sees Aoba
    HOKUTO: "subcontractor",  # sees Aoba while its data contract runs
    MIDORI: "reseller",  # sees nobody
}


@dataclass(frozen=True)
class Person:
    """Somebody with one role; without an organisation one of the operator's own people."""

    name: str
    login: str
    role: str
    rights: str
    organisation: str = ""

    @property
    def email(self) -> str:
        return f"{self.login}@example.jp"


SATO = Person("佐藤 花子", "sato", "customer_admin", "sees and changes what belongs to Aoba, and nothing else", AOBA)
TANAKA = Person("田中 一郎", "tanaka", "customer_user", "sees what belongs to Aoba and reports faults", AOBA)
KATO = Person("加藤 次郎", "kato", "customer_admin", "is the stranger: from Wakaba, sees nothing of Aoba", WAKABA)
KONDO = Person("近藤 恵", "kondo", "reseller", "sees and applies for Aoba, which was granted to Tsubasa", TSUBASA)
SHIMIZU = Person("清水 優", "shimizu", "reseller", "sells too, but no customer was granted to Midori", MIDORI)
ENDO = Person("遠藤 健", "endo", "subcontractor", "works on Aoba's cases while Hokuto's data contract runs", HOKUTO)
MORI = Person("森 由美", "mori", "desk", "takes calls, reads every customer, opens and works on cases")
HAYASHI = Person("林 直樹", "hayashi", "clerk", "enters, accepts and refuses registrations of every customer")
ABE = Person("阿部 誠", "abe", "dispatcher", "takes calls and sends engineers")
ITO = Person(
    "伊藤 拓也", "ito", "engineer", "reads agreements and works on cases, decides nothing about a registration"
)
UENO = Person("上野 香", "ueno", "analyst", "reads customers and cases, changes nothing")
OKADA = Person("岡田 翔", "okada", "billing_clerk", "reads agreements and finished cases, changes nothing")
FUJII = Person("藤井 舞", "fujii", "service_designer", "reads how the terms answer, changes no case")
NISHI = Person("西 美咲", "nishi", "auditor", "reads everything including the history, changes nothing")
YAMADA = Person("山田 太郎", "yamada", "administrator", "does everything, lets people in and out")

EVERYBODY = [
    SATO, TANAKA, KATO, KONDO, SHIMIZU, ENDO, MORI, HAYASHI, ABE, ITO, UENO, OKADA, FUJII, NISHI, YAMADA,
]  # fmt: skip


@dataclass(frozen=True)
class World:
    """Everybody in the database."""

    users: dict[Person, User]
    organisations: dict[str, Organisation]

    def tenant(self, person: Person) -> int:
        """The id of the person's organisation."""
        return self.organisations[person.organisation].pk


def settle() -> World:
    """Put everybody into the database. Call inside `act_as(SYSTEM)`."""
    places = {
        name: organisations.create(kind=kind, name=name, kana="", phone="03-0000-0001", now=SINCE)
        for name, kind in ORGANISATIONS.items()
    }
    grants.record_contract(
        organisation_id=places[HOKUTO].pk,
        reference="情保-2022-01",
        scope="現地での交換作業",
        valid_from=SINCE.date(),
        valid_until=CONTRACT_ENDS,
    )
    for grantee in (TSUBASA, HOKUTO):
        grants.grant(grantee_id=places[grantee].pk, tenant_id=places[AOBA].pk, valid_from=SINCE.date())
    users = {
        person: people.create(
            email=person.email,
            name=person.name,
            roles=[person.role],
            now=SINCE,
            organisation_id=places[person.organisation].pk if person.organisation else None,
        )
        for person in EVERYBODY
    }
    return World(users, places)


@pytest.fixture
def world(db: None) -> World:
    """Everybody, in the transaction of this test."""
    with act_as(SYSTEM):
        return settle()


@pytest.fixture
def acting(world: World) -> Callable[..., AbstractContextManager[Actor]]:
    """`with acting(MORI, on=day):` runs code as that person, with the roles and the sight of that day."""
    return lambda person, on=date(2026, 11, 20): act_as(actor_of(world.users[person], today=on))


@pytest.fixture
def login(world: World) -> Callable[[Person | None], Client]:
    """`login(MORI)` is a browser in which Mori is logged in; `login(None)` one of somebody unknown."""

    def browser(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(world.users[person])
        return client

    return browser
