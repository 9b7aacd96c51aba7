"""Customers are found however their name is typed, and never merged by name alone."""

import importlib
from datetime import datetime

import pytest
from django.db import connection

from hoshu.accounts import Refused, organisations
from hoshu.accounts.models import HistoryEntry, NameEnding
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from tests.people import AOBA, KATO, KONDO, MORI, SATO

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)


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


def test_two_legal_forms_at_one_telephone_are_two_customers(db):
    """A clinic and the company that runs its office often share name, address and telephone."""

    def card(name):
        return organisations.find_or_create_customer(name=name, kana="", phone="03-0000-1234", now=NOW)

    with act_as(SYSTEM):
        clinic, office = card("医療法人みどり会"), card("株式会社みどり会")
        assert clinic != office
        assert card("㈱みどり会") == office
        assert card("みどり会") == clinic  # without a form it is the one that was there first


def test_what_was_folded_by_an_earlier_release_is_folded_anew(world, acting):
    with act_as(SYSTEM):
        stale = organisations.create(kind="customer", name="医療法人髙﨑会", kana="タカサキカイ", now=NOW)
        type(stale).objects.filter(pk=stale.pk).update(search_name="医療法人髙﨑会 たかさきかい")
        assert not organisations.search("高崎会")
        written = HistoryEntry.objects.count()
        importlib.import_module("hoshu.accounts.migrations.0003_fold_names_anew").fold_anew(
            None, connection.schema_editor()
        )
    with acting(MORI):
        assert [place.name for place in organisations.search("高崎会")] == ["医療法人髙﨑会"]
        assert [place.name for place in organisations.search("青葉商事")] == [AOBA]
        assert HistoryEntry.objects.count() == written  # nothing that anybody wrote has changed


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


def test_a_name_is_found_by_any_part_of_it_and_not_by_what_it_was_before(db):
    with act_as(SYSTEM):
        kept = organisations.create(kind="customer", name="㈱北青葉ミナト", kana="キタアオバミナト", now=NOW)
        for part in ("北青葉", "青葉みなと", "葉", "ミナト", "あおばみなと", "株式会社青葉"):
            assert [*organisations.search(part)] == [kept], part
        assert not organisations.search("みなときた")  # the name and its kana are two words
        organisations.change(organisation_id=kept.pk, name="㈱南風", kana="ミナミカゼ", phone="")
        assert [*organisations.search("南風")] == [*organisations.search("なみか")] == [kept]
        assert not organisations.search("青葉")
        organisations.enter_customers([{"name": "㈲浜風", "kana": "ハマカゼ", "phone": ""}], now=NOW)
        assert [place.name for place in organisations.search("風")] == ["㈲浜風", "㈱南風"]
        kept.delete()
        assert [place.name for place in organisations.search("風")] == ["㈲浜風"]


def test_parts_of_a_foreign_name_are_not_in_sight(world, acting):
    with act_as(SYSTEM):
        assert NameEnding.objects.filter(organisation_id=world.tenant(SATO)).exists()
    with acting(KATO):
        assert {*NameEnding.objects.values_list("organisation_id", flat=True)} == {world.tenant(KATO)}
