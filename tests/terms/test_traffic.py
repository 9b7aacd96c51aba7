"""traffic: inspected exactly between two different ports, for IP packets that pass through the unit."""

from itertools import product

import pytest

from tests.terms.asking import answer, ask, refused_field

PORTS = ("wan", "lan", "primary_ssid", "secondary_ssid")


def inspected(sender: str, receiver: str, **facts: object) -> bool:
    found: bool = answer("traffic", service="mimamori", **{"from": sender, "to": receiver}, **facts)["inspected"]
    return found


@pytest.mark.req("MM-ENV-23")
@pytest.mark.parametrize(("sender", "receiver"), [*product(PORTS, PORTS)])
def test_every_pair_of_ports_is_decided_by_the_table(sender: str, receiver: str) -> None:
    assert inspected(sender, receiver) is (sender != receiver)


@pytest.mark.req("MM-ENV-23")
def test_where_only_the_table_says_so_the_answer_tells_it() -> None:
    def told(sender: str, receiver: str) -> bool:
        result = ask("traffic", service="mimamori", **{"from": sender, "to": receiver})
        return any("表のとおり" in reason["text"] for reason in result["reasons"])

    assert {pair for pair in product(PORTS, PORTS) if told(*pair)} == {
        ("lan", "primary_ssid"),
        ("lan", "secondary_ssid"),
        ("primary_ssid", "lan"),
        ("secondary_ssid", "lan"),
    }


@pytest.mark.req("MM-ENV-22")
def test_only_ip_packets_through_the_unit_are_seen() -> None:
    assert inspected("lan", "wan", protocol="ipv4")
    assert inspected("lan", "wan", protocol="IPv6")
    assert inspected("lan", "wan", protocol=None, through_utm=None)
    assert inspected("lan", "wan", through_utm=True)
    assert not inspected("lan", "wan", protocol="arp")
    assert not inspected("lan", "wan", protocol="ipv6", through_utm=False)
    assert not inspected("lan", "lan", protocol="ipv6")


@pytest.mark.req("MM-ENV-22")
def test_explaining_says_that_the_ports_were_not_looked_at() -> None:
    result = ask("traffic", service="mimamori", **{"from": "lan", "to": "wan"}, through_utm=False, explain=True)
    assert [lost["rule"] for lost in result["losing"]] == ["MM-ENV-23"]
    assert [(each["fact"], each["value"]) for each in result["what_would_change"]] == [("through_utm", True)]


@pytest.mark.req("MM-ENV-23")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"from": "dmz"}, "from"),
        ({"to": "WAN"}, "to"),
        ({"to": None}, "to"),
        ({"from": 1}, "from"),
        ({"protocol": 4}, "protocol"),
        ({"through_utm": "yes"}, "through_utm"),
    ],
)
def test_an_unknown_port_is_refused(facts: dict[str, object], field: str) -> None:
    assert refused_field("traffic", service="mimamori", **{"from": "lan", "to": "wan"} | facts) == field
