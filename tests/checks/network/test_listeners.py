"""Doors for remote control: which count, and what is said of them."""

from typing import Any

import pytest

from checks.host import Listener
from checks.judging import Device
from checks.network import remote
from checks.network.facts import Kind, NetworkFacts, Service
from checks.network.judges import ListenerSettings, listeners
from checks.policy import Ask, Policy, Profile
from checks.unseen import BlindError, Maybe, Unseen
from controller.policy.trying import faults
from tests.checks.network import made

DENIED = Unseen("denied")
UNSET = Unseen("unsupported")
USUAL = ListenerSettings(allowed=[], allowed_on_servers=["rdp", "ssh", "winrm"])
PORTS: dict[Kind, int] = {"ssh": 22, "rdp": 3389, "vnc": 5900, "telnet": 23, "winrm": 5985}


def facts(*kinds: Kind, **changes: Any) -> NetworkFacts:
    doors = [Service(kind, PORTS[kind]) for kind in kinds]
    return made.facts(**{"services": doors, **changes})


def said(
    network: NetworkFacts,
    profile: Maybe[Profile] = "staff",
    settings: ListenerSettings = USUAL,
) -> tuple[str, str]:
    finding = listeners(network, settings, Device("linux", profile))
    return finding.status, finding.says


def test_nothing_that_listens_passes_whatever_the_computer_is_for() -> None:
    assert said(facts(), UNSET) == ("pass", "none")
    assert said(facts(smb1=None)) == ("pass", "none")


@pytest.mark.parametrize("kind", PORTS)
def test_each_door_fails_on_a_workstation_and_its_port_is_told(kind: Kind) -> None:
    finding = listeners(facts(kind, nla=True), USUAL, Device("linux", "pupil"))
    assert (finding.status, finding.says, finding.args) == ("fail", kind, {"port": PORTS[kind]})


@pytest.mark.parametrize(
    ("kind", "status"),
    [("ssh", "pass"), ("rdp", "pass"), ("winrm", "pass"), ("vnc", "fail"), ("telnet", "fail")],
)
def test_how_servers_are_looked_after_is_agreed(kind: Kind, status: str) -> None:
    assert said(facts(kind, nla=True), "server")[0] == status


def test_until_somebody_says_what_it_is_for_a_disputed_door_is_unknown() -> None:
    with pytest.raises(BlindError) as blind:
        said(facts("ssh"), UNSET)
    assert blind.value.says == "profile-unset"
    assert said(facts("ssh", "telnet"), UNSET) == ("fail", "telnet")


def test_several_doors_are_named_in_one_sentence() -> None:
    finding = listeners(facts("vnc", "ssh"), USUAL, Device("linux", "office"))
    assert (finding.says, finding.args) == ("several", {"names": "SSH, VNC"})


def test_what_the_school_agreed_to_passes_anywhere() -> None:
    agreed = ListenerSettings(allowed=["ssh"], allowed_on_servers=[])
    assert said(facts("ssh"), UNSET, agreed) == ("pass", "agreed")
    assert said(facts("ssh", "vnc"), "staff", agreed) == ("fail", "vnc")
    assert said(facts("rdp"), "server", agreed) == ("fail", "rdp")


def test_remote_desktop_asks_who_it_is_first() -> None:
    assert said(facts("rdp", nla=False), "server") == ("fail", "rdp-without-nla")
    assert said(facts("rdp", nla=True), "server") == ("pass", "agreed")
    with pytest.raises(BlindError):
        said(facts("rdp", nla=DENIED), "server")
    assert said(facts("ssh", nla=DENIED), "server") == ("pass", "agreed")


def test_smb_1_fails_on_servers_too() -> None:
    assert said(facts(smb1=True), "server") == ("fail", "smb1")
    assert said(facts(services=DENIED, smb1=True)) == ("fail", "smb1")


@pytest.mark.parametrize(
    "blind", [facts(services=DENIED), facts(smb1=DENIED), facts(unnamed=DENIED)]
)
def test_what_nobody_could_see_is_no_pass(blind: NetworkFacts) -> None:
    with pytest.raises(BlindError):
        said(blind)


def test_programs_without_a_name_are_counted_and_none_is_a_pass() -> None:
    with pytest.raises(BlindError) as blind:
        said(facts(unnamed=1))
    assert (blind.value.says, blind.value.gaps) == ("unnamed", {"count": 1})
    assert said(facts("telnet", unnamed=3)) == ("fail", "telnet")


def tcp(port: int, process: str | None = None, address: str = "0.0.0.0") -> Listener:  # noqa: S104  (a socket made up, nothing is bound)
    return Listener("tcp", address, port, process)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (tcp(22), "ssh"),
        (tcp(22, "systemd"), "ssh"),
        (tcp(22, "docker-proxy"), "ssh"),
        (tcp(2222, "sshd"), "ssh"),
        (tcp(2222, "sshd.exe"), "ssh"),
        (tcp(2222, "SSHD-SESSION"), "ssh"),
        (tcp(2200, "dropbear"), "ssh"),
        (tcp(3389, "svchost.exe"), "rdp"),
        (tcp(3390, "xrdp"), "rdp"),
        (tcp(4000, "gnome-remote-desktop-daemon"), "rdp"),
        (tcp(4000, "gnome-remote-de"), "rdp"),
        (tcp(5899), None),
        (tcp(5900), "vnc"),
        (tcp(5905), "vnc"),
        (tcp(5906), None),
        (tcp(6001, "Xtigervnc"), "vnc"),
        (tcp(15900, "winvnc4.exe"), "vnc"),
        (tcp(3283, "ARDAgent"), "vnc"),
        (tcp(23), "telnet"),
        (tcp(2323, "in.telnetd"), "telnet"),
        (tcp(5985, "System"), "winrm"),
        (tcp(5986, "System"), "winrm"),
        (tcp(443, "nginx"), None),
        (tcp(443), None),
    ],
)
def test_a_door_is_known_by_its_program_or_its_port(one: Listener, kind: Kind | None) -> None:
    assert remote.services([one]) == ([] if kind is None else [Service(kind, one.port)])


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("0.0.0.0", True),  # noqa: S104  (as above)
        ("::", True),
        ("10.1.2.3", True),
        ("fe80::1%eth0", True),
        ("not an address", True),
        ("127.0.0.1", False),
        ("127.0.0.53", False),
        ("::1", False),
        ("::1%lo", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", True),
    ],
)
def test_what_answers_here_alone_is_no_door(address: str, counts: bool) -> None:
    assert bool(remote.services([tcp(22, "sshd", address)])) is counts
    assert remote.unnamed([tcp(999, None, address)]) == int(counts)


def test_conversations_without_connection_are_no_doors() -> None:
    udp = Listener("udp", "0.0.0.0", 3389, None)  # noqa: S104  (as above)
    assert remote.services([udp]) == []
    assert remote.unnamed([udp]) == 0


def test_a_door_on_two_addresses_is_one() -> None:
    both = [tcp(22, "sshd"), tcp(22, "sshd", "::")]
    assert remote.services(both) == [Service("ssh", 22)]


def test_ports_without_a_name_are_counted_once_and_usual_ones_are_known() -> None:
    found = [tcp(111), tcp(111, None, "::"), tcp(22), tcp(2049), tcp(80, "nginx")]
    assert remote.unnamed(found) == 2
    assert remote.unnamed(found, without=(2049,)) == 1


def test_a_school_may_agree_to_a_door_and_a_misspelt_one_is_refused() -> None:
    def wanted(name: str) -> list[str]:
        return faults(Policy(decisions=[Ask("remote-listeners", "allowed", [name], "head")]))

    assert [wanted(name) for name in PORTS] == [[]] * len(PORTS)
    (told,) = wanted("shh")
    assert "'shh' is none of" in told
