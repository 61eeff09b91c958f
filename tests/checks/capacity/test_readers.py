"""Batteries as Linux shows them in files, and as Windows' and Apple's answers describe them."""

import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from agent.hosts.local import LocalHost
from checks.capacity import linux, macos, windows
from checks.capacity.batteries import battery
from checks.capacity.facts import Battery, CapacityFacts
from checks.host import CannotLook, Host, Ran
from checks.unseen import Maybe, NotHere, Unseen, known
from tests.checks.rooted import RootedHost
from tests.checks.windows_host import WindowsHost

FOLDER = "/sys/class/power_supply"


def shares(facts: CapacityFacts | NotHere) -> list[Maybe[int]]:
    assert isinstance(facts, CapacityFacts)
    return [one.holds_percent for one in known(facts.batteries)]


@pytest.fixture
def laptop(tmp_path: Path) -> RootedHost:
    return RootedHost(tmp_path, cards=[])


def put(host: RootedHost, name: str, **files: str | int) -> None:
    for file, content in {"type": "Battery", **files}.items():
        host.put(f"{FOLDER}/{name}/{file}", f"{content}\n", 0o644)


def test_the_share_is_rounded_down_so_that_a_threshold_is_never_reached_too_early() -> None:
    assert battery(59_999, 100_000) == Battery(59)
    assert battery(60_000, 100_000) == Battery(60)


def test_a_new_battery_that_holds_more_than_promised_holds_all() -> None:
    assert battery(51_000, 50_000) == Battery(100)


@pytest.mark.parametrize(("full", "design"), [(None, 1), (1, None), (1, 0), (1, -1), (-1, 1)])
def test_a_battery_without_usable_numbers_is_unseen(full: int | None, design: int | None) -> None:
    assert isinstance(battery(full, design).holds_percent, Unseen)


def test_a_battery_that_holds_nothing_is_seen(laptop: RootedHost) -> None:
    put(laptop, "BAT0", energy_full=0, energy_full_design=50_000_000)
    assert shares(linux.read(laptop)) == [0]


def test_energy_and_charge_are_never_mixed(laptop: RootedHost) -> None:
    put(laptop, "BAT0", energy_full=40, charge_full=30, charge_full_design=60)
    assert shares(linux.read(laptop)) == [50]
    put(laptop, "BAT1", energy_full=40, charge_full_design=60)
    assert shares(linux.read(laptop)) == [50, Unseen("unsupported")]


def test_two_batteries_stand_weakest_first(laptop: RootedHost) -> None:
    put(laptop, "BAT0", energy_full=90, energy_full_design=100)
    put(laptop, "BAT1", energy_full=20, energy_full_design=100)
    assert shares(linux.read(laptop)) == [20, 90]


@pytest.mark.parametrize("more", [{"scope": "Device"}, {"present": 0}, {"type": "UPS"}])
def test_a_mouse_an_empty_bay_and_a_ups_are_no_battery_of_the_computer(
    laptop: RootedHost, more: dict[str, str | int]
) -> None:
    put(laptop, "BAT0", energy_full=1, energy_full_design=100, **more)
    assert linux.read(laptop) == NotHere("no battery")


def test_a_computer_without_power_supplies_has_no_battery(laptop: RootedHost) -> None:
    assert linux.read(laptop) == NotHere("no battery")


@pytest.mark.parametrize("junk", ["", "many", "0x10", "١٢", "9" * 40])
def test_a_number_that_is_none_is_unseen(laptop: RootedHost, junk: str) -> None:
    put(laptop, "BAT0", energy_full=junk, energy_full_design=100)
    assert isinstance(shares(linux.read(laptop))[0], Unseen)


def test_this_very_machine_is_seen() -> None:
    facts = linux.read(LocalHost(b"k" * 32))
    assert isinstance(facts, NotHere) or isinstance(facts.batteries, list)


def on_windows(
    fulls: Sequence[int], designs: Sequence[int] | CannotLook, *, there: bool = True
) -> Host:
    def named(name: str, values: Sequence[int]) -> list[dict[str, object]]:
        return [{"InstanceName": f"BAT{i}", name: value} for i, value in enumerate(values)]

    static = designs if isinstance(designs, CannotLook) else named("DesignedCapacity", designs)
    host = WindowsHost(
        wmi={
            "Win32_Battery": [{"DeviceID": "BAT"}] if there else [],
            "BatteryFullChargedCapacity": named("FullChargedCapacity", fulls),  # type: ignore[dict-item]  # rows
            "BatteryStaticData": static,  # type: ignore[dict-item]  # rows or a refusal
        }
    )
    return cast("Host", host)


def test_windows_tells_both_numbers_of_each_battery() -> None:
    assert shares(windows.read(on_windows([45, 30], [50, 100]))) == [30, 90]


@pytest.mark.parametrize(
    ("full", "design"), [(0xFFFF_FFFF, 50), (0, 50), (45, 0xFFFF_FFFF), (45, 0)]
)
def test_a_windows_driver_without_an_answer_is_unseen(full: int, design: int) -> None:
    assert isinstance(shares(windows.read(on_windows([full], [design])))[0], Unseen)


def test_a_windows_driver_that_fails_leaves_a_battery_nobody_could_measure() -> None:
    facts = windows.read(on_windows([45], CannotLook("parse-error")))
    assert facts == CapacityFacts(Unseen("parse-error"))
    assert isinstance(shares(windows.read(on_windows([], [])))[0], Unseen)


def test_a_windows_desktop_has_none() -> None:
    assert windows.read(on_windows([], [], there=False)) == NotHere("no battery")


class Mac:
    """Answers ioreg."""

    def __init__(self, out: bytes, code: int = 0) -> None:
        self.ran = Ran(code, out)

    def run(self, argv: Sequence[str], timeout: int = 20, as_user: str | None = None) -> Ran:
        assert argv[0] == "ioreg"
        return self.ran


def on_mac(*entries: dict[str, object]) -> CapacityFacts | NotHere:
    host: Host = Mac(plistlib.dumps(list(entries)))  # type: ignore[assignment]  # the part of a door that is asked
    return macos.read(host)


def test_a_mac_of_either_kind_tells_what_it_holds() -> None:
    raw: dict[str, object] = {"AppleRawMaxCapacity": 3000, "DesignCapacity": 4000}
    assert shares(on_mac({"MaxCapacity": 100, **raw})) == [75]
    assert shares(on_mac({"MaxCapacity": 2000, "DesignCapacity": 4000})) == [50]


@pytest.mark.parametrize(
    "entry", [{"MaxCapacity": 100, "DesignCapacity": 4000}, {}, {"AppleRawMaxCapacity": True}]
)
def test_a_percentage_is_no_capacity(entry: dict[str, object]) -> None:
    assert isinstance(shares(on_mac(entry))[0], Unseen)


def test_a_mac_without_a_battery_prints_nothing() -> None:
    host: Host = Mac(b"\n")  # type: ignore[assignment]  # as above
    assert macos.read(host) == NotHere("no battery")
    assert on_mac({"BatteryInstalled": False}) == NotHere("no battery")


@pytest.mark.parametrize("out", [b"junk", plistlib.dumps({}), plistlib.dumps(["x"])])
def test_another_answer_of_a_mac_is_unseen(out: bytes) -> None:
    host: Host = Mac(out)  # type: ignore[assignment]  # as above
    assert macos.read(host) == CapacityFacts(Unseen("parse-error"))
    host = Mac(plistlib.dumps([]), 1)  # type: ignore[assignment]  # as above
    assert macos.read(host) == CapacityFacts(Unseen("parse-error"))
