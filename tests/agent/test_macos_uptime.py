"""Hours switched on under macOS (constructed: stand-ins for Darwin's clocks and programs)."""

import time
from collections.abc import Sequence

import pytest

from agent.hosts import macos_uptime
from agent.hosts.local import LocalHost
from checks.host import RUN_TIMEOUT, CannotLook, Platform, Ran

WIRED = b"   route to: default\n    gateway: 10.0.0.1\n  interface: en0\n"
TUNNEL = b"   route to: default\n  interface: utun3\n"


class Mac(LocalHost):
    """Answers what is asked for a sample."""

    boot = b"4E2AF1C0-1111-4222-8333-123456789ABC\n"
    ipv4 = Ran(0, WIRED)
    ipv6 = Ran(1, b"", b"route: writing to routing socket: not in table\n")

    @property
    def platform(self) -> Platform:
        return "macos"

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if tuple(argv) == macos_uptime.SYSCTL:
            return Ran(0, self.boot)
        assert tuple(argv) in macos_uptime.ROUTES
        return self.ipv6 if "-inet6" in argv else self.ipv4


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Mac:
    monkeypatch.setattr(time, "CLOCK_MONOTONIC_RAW", 4, raising=False)
    monkeypatch.setattr(time, "CLOCK_UPTIME_RAW", 8, raising=False)
    monkeypatch.setattr(time, "clock_gettime", {4: 90_000.9, 8: 3_600.2}.__getitem__)
    return Mac(b"k")


def test_sleep_is_told_from_being_on(mac: Mac) -> None:
    sample = mac.sample()
    assert (sample.up, sample.awake, sample.connected) == (90_000, 3_600, True)
    assert sample.boot == "4e2af1c0-1111-4222-8333-123456789abc"
    (stretch,) = mac.online()
    assert stretch.seconds == 3_600


def test_a_tunnel_that_macos_keeps_for_itself_is_no_network(mac: Mac) -> None:
    mac.ipv4, mac.ipv6 = Ran(1, b""), Ran(0, TUNNEL)
    assert not mac.sample().connected


def test_ipv6_alone_is_a_network(mac: Mac) -> None:
    mac.ipv4, mac.ipv6 = Ran(1, b""), Ran(0, WIRED)
    assert mac.sample().connected


@pytest.mark.parametrize("said", [b"", b"4E2A\x1b[2J\n"], ids=["nothing", "junk"])
def test_without_the_name_of_the_start_there_is_no_sample(mac: Mac, said: bytes) -> None:
    mac.boot = said
    with pytest.raises(CannotLook, match="unsupported"):
        mac.sample()


def test_a_route_of_another_shape_is_not_guessed_at(mac: Mac) -> None:
    mac.ipv4 = Ran(0, b"default via en0\n")
    with pytest.raises(CannotLook, match="parse-error"):
        mac.sample()


def test_where_waking_has_no_clock_there_is_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_UPTIME_RAW", raising=False)
    with pytest.raises(CannotLook, match="unsupported"):
        macos_uptime.clocks()
