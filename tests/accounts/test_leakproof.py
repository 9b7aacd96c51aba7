"""Thousands of texts are looked up in one list, whatever stands in them."""

from hoshu.accounts.models import Organisation
from tests.contracts.cards import at
from tests.people import HAYASHI

STRANGE = ("a,b", 'a"b', "a\\b", "{a}", "NULL", "", " a ", "a\nb", "㈱髙﨑𠮷")


def test_each_text_of_a_list_is_itself_only(acting):
    with acting(HAYASHI):
        for name in (*STRANGE, "a", "b"):
            Organisation.objects.create(kind="customer", name=name, search_name=name, created_at=at("2025-06-03 14:00"))
        made = Organisation.objects.filter(created_at=at("2025-06-03 14:00"))
        assert {one.name for one in made.filter(name__among={*STRANGE})} == {*STRANGE}
        assert not made.filter(name__among=set()).exists()
        for one in STRANGE:
            assert [kept.name for kept in made.filter(name__among={one})] == [one]
