"""A small school of real computers' network stacks is surveyed: what is there is found, and nothing
is sent that the scope does not name."""

import contextlib
import ipaddress
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from agent import surveys
from agent.survey import planning
from checks.facts import decode_section
from checks.surveys.lan import LanSurvey
from tests.survey_school import (
    ADDRESSES,
    CONSOLE_SAYS,
    MACS,
    PRINTER_SAYS,
    SNMP,
    SUBNET,
    School,
    opened,
)
from wire import scope

# Not of this machine's network, but of a namespace's.
pytestmark = [
    pytest.mark.root,
    pytest.mark.allow_hosts(["127.0.0.1", *filter(None, ADDRESSES.values())]),
]
CANARY: Final = "canary"
KERNELS: Final = {"answers", "icmpv6 joins", "icmpv6 133", "icmpv6 135", "icmpv6 136"}
"""What the scanner's system sends anyway: it answers ARP, and for its own address of IPv6 it joins
groups, asks for routers and answers neighbours. We send none of these."""


class Nothing:
    """A round that made no report: what this computer itself is like is asked elsewhere."""

    seq = waiting = 0
    code = summary = ""
    sentence = "not now"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with opened(tmp_path_factory.mktemp("school")) as standing:
        yield standing


@pytest.fixture(scope="module")
def survey(school: School) -> dict[str, Any]:
    """One survey, what it printed, and the frames on either network meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("agent.commands.run.at_once", lambda *_: Nothing())
        patched.setattr(planning, "OFFER_SECONDS", 1)
        school.sent(), school.elsewhere()
        words = ("--scope", str(school.scope()), "--listen", "1", "--format", "json")
        ran = school.agent("survey", *words)
    assert (ran.returncode, ran.stderr) == (0, "")
    frames = {"wire": school.sent(), "elsewhere": school.elsewhere()}
    _, bodies = surveys.refs(surveys.waiting(school.state.key))
    kept = {"printed": ran.stdout, "frames": frames, "bodies": [*bodies.values()]}
    return {**json.loads(ran.stdout), **kept}


@pytest.fixture(scope="module")
def segment(survey: dict[str, Any]) -> dict[str, Any]:
    (found,) = survey["sections"]["lan"]["segments"]
    assert isinstance(found, dict)
    return found


def things(segment: dict[str, Any]) -> dict[str, Any]:
    return {one["mac"]: one for one in segment["hosts"]}


def test_everything_on_the_wire_is_found_and_nothing_else(segment: dict[str, Any]) -> None:
    ours = {who for who in MACS if who not in ("scanner", "till", "phone")}
    assert {*things(segment)} == {MACS[who] for who in ours}
    assert segment["private"] == 1
    for who in ours - {"console"}:
        assert things(segment)[MACS[who]]["addresses"] == [ADDRESSES[who]]
    assert segment["asked"] == 254 - 2  # the till, and the scanner itself


def test_both_who_hand_out_addresses_are_told(segment: dict[str, Any]) -> None:
    assert {one["server"]: one["mac"] for one in segment["offers"]} == {
        ADDRESSES["gateway"]: MACS["gateway"],
        ADDRESSES["rogue"]: MACS["rogue"],
    }
    assert {one["router"] for one in segment["offers"]} == {
        ADDRESSES["gateway"],
        ADDRESSES["rogue"],
    }


def test_the_console_and_the_printer_say_what_they_are(segment: dict[str, Any]) -> None:
    console, printer = things(segment)[MACS["console"]], things(segment)[MACS["printer"]]
    assert (console["vendor_class"], console["asked"]) == (CONSOLE_SAYS, [1, 3, 15, 6])
    assert (printer["services"], printer["model"]) == (["_ipp._tcp"], PRINTER_SAYS)


def test_no_name_and_no_made_up_address_is_told(survey: dict[str, Any]) -> None:
    assert CANARY not in survey["printed"].lower()
    assert MACS["phone"] not in survey["printed"]


def kind_of(frame: bytes) -> str:
    """What a frame of the scanner's is, for a list of what may be."""
    if frame[12:14] == b"\x08\x06":
        op = frame[21]
        return "asks" if op == 1 else "answers"
    if frame[12:14] == b"\x86\xdd":
        return f"icmpv6 {frame[54] if frame[20] == 58 else 'joins'}"
    ports = struct.unpack("!HH", frame[34:38]) if frame[23] == 17 else (0, 0)
    return f"udp {ports[1]}"


def test_nothing_is_sent_but_what_the_scope_allows(survey: dict[str, Any]) -> None:
    frames = survey["frames"]["wire"]
    kinds = [kind_of(frame) for frame in frames]
    assert {*kinds} - KERNELS == {"asks", "udp 67", "udp 5353", "udp 1900"}
    for once in ("udp 67", "udp 5353", "udp 1900"):
        assert kinds.count(once) == 1
    asked = [frame[38:42] for frame in frames if kind_of(frame) == "asks"]
    allowed = {one.packed for one in ipaddress.IPv4Network(SUBNET).hosts()}
    barred = {ipaddress.IPv4Address(ADDRESSES[who]).packed for who in ("till", "scanner")}
    assert {*asked} == allowed - barred
    assert max(asked.count(one) for one in asked) == 2
    assert survey["sections"]["survey"]["frames"] == len(asked) + 3


def test_the_other_network_of_the_scanner_hears_nothing_at_all(survey: dict[str, Any]) -> None:
    assert survey["frames"]["elsewhere"] == []


def test_it_waits_for_the_next_report_as_it_was_printed(survey: dict[str, Any]) -> None:
    (body,) = [body for body in survey["bodies"] if b'"segments"' in body]
    lan = decode_section(body, LanSurvey.schema, LanSurvey)
    assert isinstance(lan, LanSurvey)
    assert lan.scope == survey["sections"]["lan"]["scope"]


def refusal(school: School, path: Path, *more: str) -> str:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("agent.commands.run.at_once", lambda *_: Nothing())
        school.sent()
        ran = school.agent("survey", "--scope", str(path), *more)
    assert school.sent() == []
    assert (ran.returncode, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    return line


def test_no_scope_that_may_not_be_used_sends_a_frame(school: School) -> None:
    expired = school.scope(issued_at=1_700_000_000, expires_at=1_700_086_400)
    assert "ended on 15 November 2023" in refusal(school, expired)
    stranger = school.scope(scanner="dev_01JD9Z3K4M5N6P7Q8R9S0T1V2X")
    assert "another computer" in refusal(school, stranger)
    sound = school.scope()
    sound.write_bytes(sound.read_bytes().replace(b'"', b"'", 1))
    assert "not a scope as it was signed" in refusal(school, sound)
    kept = surveys.waiting(school.state.key)
    assert kept is not None
    assert '"refused":"altered"' in kept.reports[0]["survey"]


def test_a_dry_run_says_what_would_be_asked_and_sends_nothing(school: School) -> None:
    school.sent()
    ran = school.agent("survey", "--scope", str(school.scope()), "--dry-run")
    assert (ran.returncode, ran.stderr, school.sent()) == (0, "", [])
    assert "10.77.0.0/24: 252 addresses by card eth0, 1000 a second" in ran.stdout
    assert ran.stdout.endswith("Nothing was sent.\n")


@pytest.fixture(scope="module")
def asked(school: School) -> dict[str, Any]:
    """Another survey: the switch by SNMP v3, two ports by name, and who is there by IPv6."""
    with pytest.MonkeyPatch.context() as patched, contextlib.ExitStack() as open_:
        patched.setattr("agent.commands.run.at_once", lambda *_: Nothing())
        doors = [
            open_.enter_context(school.listening(who, port))
            for who, port in (("switch", 23), ("laptop", 23), ("printer", 80))
        ]
        services = [
            scope.Service(name="telnet", port=23),
            scope.Service(name="http", port=80),
        ]
        path = school.scope(
            subnets=["10.77.0.0/26", "fe80::/64"],
            dhcp=False,
            listens=False,
            credentials=[school.credential()],
            services=services,
        )
        school.sent(), school.elsewhere()
        ran = school.agent("survey", "--scope", str(path), "--format", "json")
        line, _ = doors[0].accept()
        with line:
            reached = line.recv(1)
        for server in doors[1:]:
            with pytest.raises(TimeoutError):
                server.accept()
    frames = {"wire": school.sent(), "elsewhere": school.elsewhere()}
    assert (ran.returncode, ran.stderr) == (0, "")
    kept = {"printed": ran.stdout, "frames": frames, "reached": reached}
    return {**json.loads(ran.stdout), **kept}


def test_the_switch_says_what_it_is_over_snmp(asked: dict[str, Any]) -> None:
    (one,) = asked["sections"]["equipment"]["devices"]
    assert (one["address"], one["way"], one["credential"]) == (SNMP.address, "snmp-v3", "switches")
    assert one["identity"]["description"] == SNMP.description
    assert one["identity"]["name"] == SNMP.name


def test_no_password_is_told_or_printed(asked: dict[str, Any]) -> None:
    for canary in (SNMP.password, SNMP.privacy, SNMP.user):
        assert canary not in asked["printed"]


def test_only_known_equipment_is_tried_at_the_ports_that_the_scope_names(
    asked: dict[str, Any],
) -> None:
    doors = asked["sections"]["lan"]["doors"]
    assert [(door["address"], door["port"], door["open"]) for door in doors] == [
        (SNMP.address, 23, True),
        (SNMP.address, 80, False),
    ]
    assert asked["reached"] == b""


def test_questions_go_to_the_switch_alone(asked: dict[str, Any]) -> None:
    to = {frame[30:34] for frame in asked["frames"]["wire"] if frame[12:14] == b"\x08\x00"}
    assert to == {ipaddress.IPv4Address(SNMP.address).packed}
    assert asked["frames"]["elsewhere"] == []


def test_ipv6_is_asked_only_where_the_scope_names_it(
    asked: dict[str, Any], survey: dict[str, Any]
) -> None:
    found = things(asked["sections"]["lan"]["segments"][0])
    assert found[MACS["laptop"]]["addresses"] == [ADDRESSES["laptop"], "fe80::50"]
    greetings = [kind_of(one) for one in asked["frames"]["wire"]].count("icmpv6 128")
    never = [kind_of(one) for one in survey["frames"]["wire"]].count("icmpv6 128")
    assert (greetings, never) == (1, 0)
