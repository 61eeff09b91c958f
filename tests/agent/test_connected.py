"""Whether there is a network, by the kernel's own tables of routes."""

from pathlib import Path

import pytest

from agent.hosts.connected import connected, start
from checks.host import CannotLook
from tests.checks.rooted import RootedHost

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
OUT = "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
HERE = "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
DOCKER = "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
MADE_UP = "eth0\t0000FEA9\t00000000\t0001\t0\t0\t1000\t0000FFFF\t0\t0\t0\n"
REFUSED = "eth0\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n"
ZERO = "0" * 32


def ipv6(destination: str, prefix: str, flags: str, card: str) -> str:
    return f"{destination} {prefix} {ZERO} 00 {ZERO} 00000400 00000001 00000000 {flags} {card}\n"


@pytest.fixture
def machine(tmp_path: Path) -> RootedHost:
    """A computer with one card of its own, eth0, and the cable in."""
    made = RootedHost(tmp_path)
    made.put("/proc/net/route", HEAD)
    made.put("/sys/class/net/eth0/operstate", "up\n")
    made.put("/sys/class/net/docker0/operstate", "up\n")
    (tmp_path / "sys/class/net/eth0/device").symlink_to("../../../0000:00:1f.6")
    return made


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (OUT + HERE, True),
        (HERE, True),
        (DOCKER, False),
        (DOCKER + HERE, True),
        (MADE_UP, False),
        (REFUSED, False),
        ("", False),
        (OUT.replace("eth0", "wg0"), True),
        ("eth0\n\n\0\xff x y z\n" + OUT[:30], False),
    ],
)
def test_a_way_out_or_an_address_on_a_card_of_its_own_is_a_network(
    machine: RootedHost, table: str, expected: bool
) -> None:
    machine.put("/proc/net/route", HEAD + table)
    assert connected(machine) is expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (ipv6(ZERO, "00", "00000003", "eth0"), True),
        (ipv6(ZERO, "00", "00200200", "lo"), False),
        (ipv6("fe80" + "0" * 28, "40", "00000001", "eth0"), False),
        (ipv6("ff00" + "0" * 28, "08", "00000001", "eth0"), False),
        (ipv6("fd00" + "0" * 28, "40", "00000001", "eth0"), True),
        (ipv6("fd00" + "0" * 28, "40", "00000001", "docker0"), False),
        (ipv6("0" * 31 + "1", "80", "80200001", "lo"), False),
    ],
)
def test_addresses_of_the_sixth_version_count_the_same(
    machine: RootedHost, table: str, expected: bool
) -> None:
    machine.put("/proc/net/ipv6_route", table)
    assert connected(machine) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("up", True), ("unknown", True), ("down", False), ("lowerlayerdown", False)],
)
def test_a_route_outlives_its_cable_and_then_leads_nowhere(
    machine: RootedHost, state: str, expected: bool
) -> None:
    machine.put("/proc/net/route", HEAD + OUT)
    machine.put("/sys/class/net/eth0/operstate", f"{state}\n")
    assert connected(machine) is expected


def test_a_machine_that_shows_no_routes_was_not_looked_at(tmp_path: Path) -> None:
    empty = RootedHost(tmp_path)
    with pytest.raises(CannotLook):
        connected(empty)
    with pytest.raises(CannotLook):
        start(empty)
    empty.put("/proc/sys/kernel/random/boot_id", "8b3c401e-367b\n")
    assert start(empty) == "8b3c401e-367b"
