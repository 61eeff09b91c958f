"""What ufw and firewalld say: on, off, in other languages, and rules of every form."""

import json

import pytest

from checks.formats import firewalld, ufw_status
from checks.formats.errors import ParseError
from tests.checks import corpus

UFW = ["generic/ufw-inactive", "generic/ufw-numbered", "ubuntu-18.04/ufw-verbose"]
TABLE = (
    "\nTo                         Action      From\n--                         ------      ----\n"
)


@pytest.mark.parametrize("name", UFW)
def test_every_rule_is_as_another_parser_has_it(name: str) -> None:
    theirs = json.loads(corpus.need(f"jc/{name}.json").read_text())
    ours = ufw_status.parse(corpus.need(f"jc/{name}.out").read_bytes())
    assert ours.active == (theirs["status"] == "active")
    assert [(one.number, one.action, one.direction, one.comment) for one in ours.rules] == [
        (one["index"], one["action"], one["action_direction"], one["comment"])
        for one in theirs["rules"]
    ]
    for seen, one in zip(ours.rules, theirs["rules"], strict=True):
        assert seen.ipv6 == (one["network_protocol"] == "ipv6")
        assert (seen.to.interface or "any") == one["to_interface"]
        assert (seen.source.interface or "any") == one["from_interface"]
        assert (seen.to.transport or "any") == (one["to_transport"] or "any")
        assert (seen.to.address or one["to_ip"]) == one["to_ip"] or "/" in (seen.to.address or "")
        assert one.get("to_service") == seen.to.service
        first = [int(part.split(":")[0]) for part in (seen.to.ports or "").split(",") if part]
        ranges = [span["start"] for span in one.get("to_port_ranges", []) if span["start"]]
        assert first == one.get("to_ports", []) + ranges
    if "default" in theirs:
        words = f"{ours.incoming} (incoming), {ours.outgoing} (outgoing), {ours.routed} (routed)"
        assert words == theirs["default"]


def test_a_real_plain_status_tells_rules_and_no_defaults() -> None:
    name = "glpi-agent/linux/firewall/ubuntu_ufw_status_ON.txt"
    seen = ufw_status.parse(corpus.need(name).read_bytes())
    assert (seen.active, seen.incoming, len(seen.rules)) == (True, None, 6)
    assert {one.action for one in seen.rules} == {"ALLOW", "DENY"}


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("Status: active\n", True),
        ("Status: inactive\n", False),
        ("Status: Aktiv\n" + TABLE, True),
        (
            "État : actif\nJournalisation : on\nPar défaut : deny (incoming), allow (outgoing)\n",
            True,
        ),
        ("Status: active\r\n" + TABLE.replace("\n", "\r\n"), True),
    ],
)
def test_a_firewall_is_on_only_where_the_answer_shows_it(text: str, active: bool) -> None:
    assert ufw_status.parse(text.encode()).active is active


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ERROR: You need to be root to run this script\n",
        "Status: lavpris\n",
        "Status: active\n" + TABLE + "something else\n",
        "Status: active\n" + TABLE + "22" + " " * 2_000 + "ALLOW  Anywhere\n",
    ],
)
def test_what_tells_neither_on_nor_off_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        ufw_status.parse(text.encode())


def test_a_comment_is_no_part_of_an_address_and_a_profile_may_hold_spaces() -> None:
    rows = "Apache Full (v6)           ALLOW IN    Anywhere (v6)              # a # b\n"
    rows += "2001:db8::1 53/udp on eth0 DENY OUT    10.0.0.0/8\n"
    web, dns = ufw_status.parse(f"Status: active\n{TABLE}{rows}".encode()).rules
    assert (web.to.service, web.ipv6, web.comment) == ("Apache Full", True, "a # b")
    assert (dns.to.address, dns.to.ports, dns.to.transport) == ("2001:db8::1", "53", "udp")
    assert (dns.to.interface, dns.source.address, dns.direction) == ("eth0", "10.0.0.0/8", "OUT")


def test_a_real_unit_that_runs_and_will_not_start_again() -> None:
    name = "glpi-agent/linux/firewall/fedora_systemctl_status_firewalld.service_ON_disabled.txt"
    seen = firewalld.parse(corpus.need(name).read_bytes())
    assert (seen.running, seen.enabled, seen.zones) == (True, False, [])


@pytest.mark.parametrize(
    ("loaded", "active", "wanted"),
    [
        ("loaded (/usr/lib/x; enabled; preset: enabled)", "active (running) since", (True, True)),
        ("loaded (/usr/lib/x; disabled; preset: enabled)", "inactive (dead)", (False, False)),
        ("masked (Reason: Unit firewalld.service is masked.)", "inactive (dead)", (False, None)),
        ("loaded (/usr/lib/x; enabled; preset: enabled)", "failed (Result: x)", (False, True)),
    ],
)
def test_the_unit_runs_and_starts_as_its_lines_say(
    loaded: str, active: str, wanted: tuple[bool, bool | None]
) -> None:
    text = f"○ firewalld.service - x\n     Loaded: {loaded}\n     Active: {active}\n"
    seen = firewalld.parse(text.encode())
    assert (seen.running, seen.enabled) == wanted


ZONES = """public (default, active)
  target: default
  ingress-priority: 0
  icmp-block-inversion: no
  interfaces: eth0 wlan0
  sources:
  services: dhcpv6-client ssh
  ports: 8080/tcp
  protocols:
  forward: yes
  masquerade: no
  forward-ports:
  source-ports:
  icmp-blocks:
  rich rules:
	rule family="ipv4" source address="10.0.0.0/8" accept

trusted
  target: ACCEPT
  interfaces:
  masquerade: yes
"""


def test_zones_are_read_with_their_rules() -> None:
    public, trusted = firewalld.parse(ZONES.encode()).zones
    assert (public.name, public.default, public.active, public.target) == (
        *("public", True, True),
        "default",
    )
    assert (public.interfaces, public.services) == (["eth0", "wlan0"], ["dhcpv6-client", "ssh"])
    assert (public.ports, public.masquerade, len(public.rich_rules)) == (["8080/tcp"], False, 1)
    assert (trusted.target, trusted.active, trusted.masquerade) == ("ACCEPT", False, True)


def test_a_zones_file_says_the_same() -> None:
    text = b"""<?xml version="1.0" encoding="utf-8"?>
<zone target="DROP"><short>School</short><service name="ssh"/>
<port port="80" protocol="tcp"/><rule><accept/></rule><masquerade/></zone>"""
    [zone] = firewalld.parse(text).zones
    assert (zone.name, zone.target, zone.services, zone.ports) == (
        *("School", "DROP"),
        ["ssh"],
        ["80/tcp"],
    )
    assert zone.masquerade


@pytest.mark.parametrize(("text", "running"), [("running\n", True), ("not running\n", False)])
def test_the_state_is_one_word(text: str, running: bool) -> None:
    assert firewalld.parse(text.encode()).running is running


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Authorization failed.",
        b"\xe2\x97\x8f cups.service\n Loaded: loaded\n Active: active (running)\n",
        b"<zone",
        b"<service/>",
        b'<!DOCTYPE z [<!ENTITY a "b">]><zone>&a;</zone>',
        '<?xml version="1.0"?><!DOCTYPE z><zone/>'.encode("utf-16"),
    ],
)
def test_what_firewalld_never_said_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        firewalld.parse(data)
