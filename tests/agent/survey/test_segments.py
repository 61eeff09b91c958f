"""What becomes of a walk: what strangers said, cleaned and bounded, and nothing that is barred."""

from typing import Any

import msgspec
import pytest

from agent.hosts.addressed import Card
from agent.survey.planning import Plan, plans
from agent.survey.said import Done, Line, Offered, Thing, Walked
from agent.survey.segments import Seen, blind, seen
from checks.surveys.lan import LONGEST, MOST_HOSTS, MOST_OFFERS, Segment
from checks.unseen import Unseen
from tests.scopes import held

CARD = Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/24"], up=True)
PRINTER, PHONE, MADE_UP = "00:1b:a9:00:00:01", "3c:2e:f9:00:00:07", "da:a1:19:00:00:01"
DONE = Done(frames=400, asked=400, cut=False, passed_over=False)


def thing(mac: str = PRINTER, *addresses: str, **more: Any) -> Thing:
    return Thing(mac=mac, addresses=[*addresses], by=more.pop("by", ["arp"]), services=[], **more)


def walked(
    *things: Thing, offers: list[Offered] | None = None, done: Done = DONE, **scope: Any
) -> Seen:
    one = held(**{"subnets": ["10.20.0.0/24"], "dhcp": True, **scope})
    plan = next(plans(one, [CARD], 0))
    assert plan.task is not None
    return seen(one, plan, plan.task, Walked([*things], offers or [], done))


def hosts(found: Seen) -> list[str]:
    assert not isinstance(found.segment.hosts, Unseen)
    return [one.mac for one in found.segment.hosts]


def test_things_stand_in_the_order_of_their_addresses() -> None:
    found = walked(
        thing(PHONE, "10.20.0.100", "fe80::1", "10.20.0.20"), thing(PRINTER, "10.20.0.30")
    )
    assert hosts(found) == [PHONE, PRINTER]
    assert not isinstance(found.segment.hosts, Unseen)
    assert found.segment.hosts[0].addresses == ["10.20.0.20", "10.20.0.100", "fe80::1"]
    assert found.segment.asked == 253


def test_an_address_that_a_device_made_up_is_counted_and_not_told_but_may_be_asked() -> None:
    found = walked(thing(MADE_UP, "10.20.0.9"), thing(PRINTER, "10.20.0.10"))
    assert hosts(found) == [PRINTER]
    assert found.segment.private == 1
    assert MADE_UP not in msgspec.json.encode(found.segment).decode()
    assert [one.address for one in found.alive] == ["10.20.0.9", "10.20.0.10"]


@pytest.mark.parametrize("exclude", [["10.20.0.9"], [PRINTER], ["00:1b:a9"], ["10.20.0.0/28"]])
def test_what_the_scope_bars_is_neither_told_nor_asked(exclude: list[str]) -> None:
    found = walked(thing(PRINTER, "10.20.0.9"), thing(PHONE, "10.20.0.20"), exclude=exclude)
    assert hosts(found) == [PHONE]
    assert [one.address for one in found.alive] == ["10.20.0.20"]
    assert [(one.question, one.code) for one in found.problems] == [("sweep", "excluded")]


def test_what_is_barred_by_its_mac_is_not_asked_under_one_that_speaks_for_it() -> None:
    barred, repeater = thing(PRINTER, "10.20.0.9"), thing(PHONE, "10.20.0.9", "10.20.0.20")
    for both in ((barred, repeater), (repeater, barred)):
        found = walked(*both, exclude=[PRINTER])
        assert [one.address for one in found.alive] == ["10.20.0.20"]


def test_an_address_elsewhere_is_told_and_never_asked() -> None:
    found = walked(thing(PRINTER, "192.168.1.9"))
    assert hosts(found) == [PRINTER]
    assert found.alive == []


def test_what_things_say_is_cleaned_and_cut() -> None:
    evil = "a\x1b]52;c;aaaa\x07\u202eb" + "c" * 200
    found = walked(thing(PRINTER, "10.20.0.9", vendor_class=evil, model=evil))
    assert not isinstance(found.segment.hosts, Unseen)
    for text in (found.segment.hosts[0].vendor_class, found.segment.hosts[0].model):
        assert len(text) <= LONGEST
        assert not {"\x1b", "\x07", "\u202e"} & {*text}


def test_what_is_no_address_is_dropped() -> None:
    assert hosts(walked(thing(PRINTER, "x"), thing(PHONE))) == [PHONE]


def test_a_list_that_was_cut_is_not_seen() -> None:
    cut = walked(thing(PRINTER, "10.20.0.9"), done=msgspec.structs.replace(DONE, cut=True))
    assert cut.segment.hosts == Unseen("too-large")
    assert cut.segment.private == Unseen("too-large")
    many = walked(*[thing(f"00:1b:a9:00:{n >> 8:02x}:{n & 255:02x}") for n in range(MOST_HOSTS)])
    assert len(hosts(many)) == MOST_HOSTS
    more = walked(
        *[thing(f"00:1b:a9:00:{n >> 8:02x}:{n & 255:02x}") for n in range(MOST_HOSTS + 1)]
    )
    assert more.segment.hosts == Unseen("too-large")


def test_announcements_that_were_passed_over_are_said() -> None:
    found = walked(done=msgspec.structs.replace(DONE, passed_over=True))
    assert [(one.question, one.code) for one in found.problems] == [("names", "budget")]


def offer(server: str = "10.20.0.1", mac: str = PRINTER) -> Offered:
    return Offered(server=server, mac=mac, relayed=False, router="x", resolvers=["10.20.0.1", "y"])


def offers(segment: Segment) -> list[tuple[str, str, str, list[str]]]:
    assert not isinstance(segment.offers, Unseen)
    return [(one.server, one.mac, one.router, one.resolvers) for one in segment.offers]


def test_offers_are_told_in_order_and_without_what_is_no_address() -> None:
    found = walked(offers=[offer("10.20.0.66", MADE_UP), offer()])
    assert offers(found.segment) == [
        ("10.20.0.1", PRINTER, "", ["10.20.0.1"]),
        ("10.20.0.66", "", "", ["10.20.0.1"]),
    ]
    assert walked(offers=[offer()] * (MOST_OFFERS + 1)).segment.offers == Unseen("too-large")


def test_where_nobody_asked_for_offers_none_is_not_the_answer() -> None:
    assert walked(dhcp=False).segment.offers == Unseen("deferred")
    assert walked().segment.offers == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [("denied", "denied"), ("timeout", "timeout"), ("not-attached", "unsupported")],
)
def test_a_walk_that_came_to_nothing_is_unknown_and_not_empty(code: str, reason: str) -> None:
    found = blind(Plan("10.20.0.0/24", None, code), code)
    assert found.segment.hosts == Unseen(reason)  # type: ignore[arg-type]  # one of the reasons
    assert [(one.about, one.code) for one in found.problems] == [("10.20.0.0/24", code)]


@pytest.mark.parametrize(
    "text",
    [
        b'{"heard":{"mac":"00:1B:a9:00:00:01","addresses":[],"by":[],"services":[]}}',
        b'{"heard":{"mac":"00:1b:a9:00:00:01\\n","addresses":[],"by":[],"services":[]}}',
        b'{"heard":{"mac":"00:1b:a9:00:00:01","addresses":[],"by":["magic"],"services":[]}}',
        b'{"heard":{"mac":"00:1b:a9:00:00:01","addresses":[],"by":[],"services":[],"asked":[999]}}',
        b'{"run":"rm"}',
        b"[]",
        b"\xff",
    ],
)
def test_a_line_that_says_anything_else_is_not_believed(text: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        msgspec.json.decode(text, type=Line)
