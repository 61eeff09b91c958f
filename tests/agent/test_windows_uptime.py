"""Hours switched on under Windows (constructed: a stand-in for kernel32)."""

import ctypes
from typing import Any

import pytest

from agent.hosts.windows import uptime
from agent.hosts.windows.host import WindowsHost
from checks.host import CannotLook, RegistryKey, RegistryValue


class Clock:
    """kernel32 after 49.8 days, most of them asleep."""

    def __init__(self, sound: int = 1) -> None:
        def awake(place: Any) -> int:
            place._obj.value = 3600 * 10_000_000 + 9_999_999
            return sound

        def ticks() -> int:
            return (1 << 32) + 5_999

        self.QueryUnbiasedInterruptTime: Any = awake
        self.GetTickCount64: Any = ticks


class Machine(WindowsHost):
    """Answers what is asked for a sample."""

    boot: RegistryKey | None = RegistryKey({"bootid": RegistryValue("dword", 77)}, [])
    stores = (0, 1)

    def registry(self, hive: str, key: str, view: str = "64") -> RegistryKey | None:
        assert key == uptime.BOOT
        return self.boot

    def wmi(self, cls: str, namespace: str, properties: object) -> list[Any]:
        assert (cls, namespace) == (uptime.ROUTES, "root/StandardCimv2")
        return [{"Store": store} for store in self.stores]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(uptime, "kernel", Clock)
    return Machine(b"k")


def test_sleep_is_told_from_being_on_beyond_forty_nine_days(machine: Machine) -> None:
    sample = machine.sample()
    assert (sample.boot, sample.up, sample.awake) == ("boot-77", 4_294_973, 3600)
    assert sample.connected
    (stretch,) = machine.online()
    assert stretch.seconds == 3600


def test_a_route_that_is_only_kept_for_later_is_no_network(machine: Machine) -> None:
    machine.stores = (0, 0)
    assert not machine.sample().connected
    assert machine.online() == []


def test_without_the_number_of_the_start_there_is_no_sample(machine: Machine) -> None:
    for key in (None, RegistryKey({}, []), RegistryKey({"bootid": RegistryValue("sz", "7")}, [])):
        machine.boot = key
        with pytest.raises(CannotLook, match="unsupported"):
            machine.sample()


def test_a_clock_that_refuses_is_not_zero() -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        uptime.clocks(Clock(sound=0))


@pytest.mark.skipif(hasattr(ctypes, "windll"), reason="this is Windows")
def test_elsewhere_there_is_no_such_clock() -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        uptime.kernel()
