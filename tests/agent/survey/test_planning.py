"""What the worker is told to ask: within the scope, on the right card, everybody only once."""

from typing import Any

from agent.hosts.addressed import Card, _interface
from agent.survey.planning import Plan, least, plans, seconds
from agent.survey.worker.task import Task
from tests.scopes import held

CARD = Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/24", "fe80::5/64"], up=True)
OTHER = Card("eth1", "02:00:00:00:00:06", ["10.30.0.5/24"], up=True)


def planned(*cards: Card, listen: int = 30, **scope: Any) -> list[Plan]:
    return [*plans(held(**scope), cards, listen)]


def task(*cards: Card, **scope: Any) -> Task:
    found = planned(*cards, **scope)[0].task
    assert found is not None
    return found


def test_every_address_of_the_scope_is_asked_but_our_own_and_the_edges() -> None:
    one = task(CARD, subnets=["10.20.0.0/24"])
    assert len(one.targets) == 253
    assert {"10.20.0.0", "10.20.0.255", "10.20.0.5"}.isdisjoint(one.targets)
    assert (one.card, one.source) == ("eth0", "10.20.0.5")
    assert (one.per_second, one.tries) == (100, 2)


def test_what_is_excluded_or_run_by_others_is_not() -> None:
    one = task(CARD, subnets=["10.20.0.0/24"], exclude=["10.20.0.7", "10.20.0.64/26"])
    assert "10.20.0.7" not in one.targets
    assert not {f"10.20.0.{n}" for n in range(64, 128)} & {*one.targets}


def test_a_card_in_a_wider_network_asks_the_scope_only_and_one_in_a_part_that_part_only() -> None:
    wide = Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/16"], up=True)
    assert len(task(wide, subnets=["10.20.4.0/24"]).targets) == 254
    part = Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/28"], up=True)
    assert max(task(part, subnets=["10.20.0.0/24"]).targets, key=len) == "10.20.0.10"
    assert len(task(part, subnets=["10.20.0.0/24"]).targets) == 14


def test_a_subnet_to_which_no_card_belongs_is_said() -> None:
    down = Card("eth1", "02:00:00:00:00:06", ["10.30.0.5/24"], up=False)
    found = planned(CARD, down, subnets=["10.20.0.0/24", "10.30.0.0/24"])
    assert [(one.subnet, one.code) for one in found] == [
        ("10.20.0.0/24", ""),
        ("10.30.0.0/24", "not-attached"),
    ]
    assert planned(subnets=["10.20.0.0/24"])[0].task is None


def test_what_goes_to_everybody_goes_once_for_each_card() -> None:
    two = Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/24", "10.20.1.5/24"], up=True)
    found = planned(
        two,
        OTHER,
        subnets=["10.20.0.0/24", "10.20.1.0/24", "10.30.0.0/24"],
        dhcp=True,
        listens=True,
    )
    asked = [one.task for one in found if one.task is not None]
    assert [one.offers for one in asked] == [True, False, True]
    assert [one.names for one in asked] == [True, False, True]
    assert [one.listen_seconds for one in asked] == [30, 0, 30]


def test_nobody_is_asked_for_offers_or_listened_to_unless_the_scope_says_so() -> None:
    one = task(CARD, subnets=["10.20.0.0/24"], dhcp=False, listens=False)
    assert (one.offers, one.clients, one.names) == (False, False, False)
    assert (one.offer_seconds, one.listen_seconds, one.six_sources) == (0, 0, [])
    quiet = task(CARD, subnets=["10.20.0.0/24"], dhcp=True, listens=False)
    assert (quiet.offers, quiet.clients, quiet.names) == (True, True, False)


def test_ipv6_goes_with_the_card_that_is_in_it_and_only_where_the_scope_names_it() -> None:
    found = planned(CARD, subnets=["10.20.0.0/24", "fe80::/64"])
    assert [one.subnet for one in found] == ["10.20.0.0/24"]
    assert found[0].task is not None
    assert found[0].task.six_sources == ["fe80::5"]
    alone = planned(CARD, subnets=["fe80::/64"])
    assert alone[0].task is not None
    assert (alone[0].task.targets, alone[0].task.six_sources) == ([], ["fe80::5"])
    away = planned(CARD, subnets=["fd12::/64"])
    assert [(one.subnet, one.code) for one in away] == [("fd12::/64", "not-attached")]


def test_a_walk_is_given_twice_the_time_it_should_take_and_some() -> None:
    one = task(CARD, subnets=["10.20.0.0/24"], dhcp=True)
    assert least(one) == 30
    assert 10 + 2 * 5 + 30 <= seconds(one) <= 60


def test_addresses_are_read_as_each_system_gives_them() -> None:
    assert _interface("10.20.0.5", "255.255.255.0") == "10.20.0.5/24"
    assert _interface("10.20.0.5", None) == "10.20.0.5/32"
    assert _interface("fe80::5%eth0", "ffff:ffff:ffff:ffff::") == "fe80::5/64"
    assert _interface("fe80::5%12", None) == "fe80::5/128"
    assert _interface("02:00:00:00:00:05", None) == ""
