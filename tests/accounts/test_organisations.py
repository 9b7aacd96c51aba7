"""Customers are found however their name is typed, and never merged by name alone."""

from datetime import datetime

import pytest

from hoshu.accounts import Refused, organisations
from hoshu.accounts.names import folded
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from tests.people import AOBA, KATO, KONDO, MORI, SATO

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社 青葉商事", "㈱青葉商事"),
        ("アオバショウジ", "ｱｵﾊﾞｼｮｳｼﾞ"),
        ("アオバ", "あおば"),
        ("ＡＯＢＡ Ｔｅｃｈ", "aoba tech"),
        ("青葉・テクノ", "青葉テクノ"),
        ("サーバー", "サーバ"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert folded(one) == folded(other)


def test_one_card_after_another_finds_the_same_customer(db):
    with act_as(SYSTEM):
        first = organisations.find_or_create_customer(
            name="株式会社みずほ野製作所", kana="ミズホノセイサクショ", phone="03-0000-1234", now=NOW
        )
        again = organisations.find_or_create_customer(
            name="㈱みずほ野製作所", kana="", phone="０３ー００００ー１２３４", now=NOW
        )
        other = organisations.find_or_create_customer(name="みずほ野製作所", kana="", phone="06-0000-1234", now=NOW)
    assert first == again
    assert first != other


def test_a_name_that_only_begins_alike_is_another_customer(db):
    with act_as(SYSTEM):
        one = organisations.find_or_create_customer(name="青葉", kana="", phone="", now=NOW)
        two = organisations.find_or_create_customer(name="青葉商会", kana="", phone="", now=NOW)
        three = organisations.find_or_create_customer(name="青葉", kana="アオバ", phone="", now=NOW)
    assert one != two
    assert one == three


def test_search_stays_in_sight(world, acting):
    for person, found in ((MORI, [AOBA]), (SATO, [AOBA]), (KONDO, [AOBA]), (KATO, [])):
        with acting(person):
            assert [place.name for place in organisations.search("あおば 青葉"[4:])] == found
    with acting(KATO):
        assert organisations.get(world.organisations[AOBA].pk) is None


def test_a_change_is_found_under_the_new_name(world, acting):
    with acting(MORI):
        organisations.change(
            organisation_id=world.organisations[AOBA].pk, name="青葉ホールディングス", kana="アオバ", phone=""
        )
        assert organisations.search("ほーるでぃんぐす").count() == 1
        with pytest.raises(Refused):
            organisations.change(organisation_id=world.organisations[AOBA].pk, name="　", kana="", phone="")
