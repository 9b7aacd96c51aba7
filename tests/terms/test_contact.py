"""contact: the unit opens the connection, by name, and is answered from a closed list."""

from itertools import product
from typing import Any

import pytest

from hoshu.catalog import edition
from tests.terms.reporting import answer, ask, clauses, refused_field

TERMS = edition("remote-care", "1").contact
assert TERMS is not None
KEYS = TERMS.answer.keys


@pytest.mark.req("RC-SEC-07", "RC-NET-04")
@pytest.mark.parametrize(("by", "to"), list(product(["device", "centre"], ["fqdn", "address"])))
def test_only_a_unit_that_connects_by_name_may(by: str, to: str) -> None:
    assert answer("contact", initiated_by=by, destination=to)["allowed"] is ((by, to) == ("device", "fqdn"))


@pytest.mark.req("RC-SEC-07")
def test_the_centre_may_not_whatever_the_destination() -> None:
    assert answer("contact", initiated_by="centre")["allowed"] is False
    assert clauses("contact", initiated_by="centre") == ["第6条 (3)"]


@pytest.mark.req("RC-SEC-08")
@pytest.mark.parametrize("key", ["reboot", "exec", "settings", "firmwareUrl", "requestFields", "Result", "", "result "])
def test_an_answer_never_carries_more_than_the_list(key: str) -> None:
    found = answer("contact", initiated_by="device", destination="fqdn", answer_keys=[*KEYS, key])
    assert found == {"allowed": False, "refused_keys": [key]}


@pytest.mark.req("RC-SEC-08")
def test_the_whole_list_may_be_answered() -> None:
    found = answer("contact", initiated_by="device", destination="fqdn", answer_keys=list(KEYS))
    assert found == {"allowed": True, "refused_keys": []}


def test_keys_are_refused_too_where_the_connection_itself_is() -> None:
    assert answer("contact", initiated_by="centre", answer_keys=["reboot"])["refused_keys"] == ["reboot"]
    found = answer("contact", initiated_by="device", destination="address", answer_keys=["reboot", "result"])
    assert found["refused_keys"] == ["reboot"]


def test_explaining_names_the_rules_that_were_kept() -> None:
    result = ask("contact", explain=True, initiated_by="device", destination="fqdn")
    assert [lost["rule"] for lost in result["losing"]] == ["RC-NET-04", "RC-SEC-08"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"initiated_by": "engineer"}, "initiated_by"),
        ({"initiated_by": None}, "initiated_by"),
        ({"destination": "192.0.2.1"}, "destination"),
        ({"destination": None}, "destination"),
        ({"answer_keys": "result"}, "answer_keys"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("contact", **({"initiated_by": "device", "destination": "fqdn"} | facts)) == field
