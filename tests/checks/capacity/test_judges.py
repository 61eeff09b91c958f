"""When a drive is too full and a battery too worn, at each side of the numbers."""

import datetime

import pytest

from checks.capacity.facts import Battery, CapacityFacts
from checks.capacity.judges import (
    SMALLEST_OTHER,
    BatterySettings,
    SpaceSettings,
    battery,
    room,
)
from checks.facts import Facts
from checks.hardware.facts import HardwareNow, Volume
from checks.judging import Body, Device, Moment, run
from checks.unseen import Maybe, NotHere, Unseen
from checks.verdicts import Finding

MOMENT = Moment.at(1_795_305_600, datetime.date(2026, 11, 22))
DENIED = Unseen("denied")
SIZE = 500_000_000_000
ONE = SIZE // 100


def space(*volumes: Volume, blind: Unseen | None = None) -> Finding:
    seen = HardwareNow(list(volumes) if blind is None else blind, [], [])
    sections: dict[type[Facts], Body] = {HardwareNow: seen}
    return run(room, sections, SpaceSettings(15, 5), Device("linux"), MOMENT)


def system(free: int) -> Volume:
    return Volume("system", SIZE, free)


@pytest.mark.parametrize(
    ("free", "wanted"),
    [
        (SIZE, ("pass", "room")),
        (15 * ONE + 1, ("pass", "room")),
        (15 * ONE, ("pass", "room")),
        (15 * ONE - 1, ("warn", "filling")),
        (5 * ONE + 1, ("warn", "filling")),
        (5 * ONE, ("warn", "filling")),
        (5 * ONE - 1, ("fail", "full")),
        (0, ("fail", "full")),
    ],
)
def test_each_share_of_free_space(free: int, wanted: tuple[str, str]) -> None:
    found = space(system(free))
    assert (found.status, found.says) == wanted
    assert found.args["bytes"] == free


def test_the_fullest_volume_decides() -> None:
    found = space(system(SIZE // 2), Volume("other", SIZE, 10 * ONE))
    assert (found.status, found.says, found.args["percent"]) == ("warn", "filling-other", 10)
    found = space(system(SIZE // 2), Volume("home", SIZE, ONE))
    assert (found.status, found.says) == ("fail", "full")


def test_a_small_volume_of_the_makers_own_may_be_full() -> None:
    assert space(system(SIZE), Volume("other", SMALLEST_OTHER - 1, 0)).status == "pass"
    assert space(system(SIZE), Volume("boot", SIZE, 0)).status == "pass"
    assert space(system(SIZE), Volume("other", SMALLEST_OTHER, 0)).status == "fail"


def test_without_the_systems_own_volume_nothing_is_a_pass() -> None:
    for volumes in ((), (Volume("other", SIZE, SIZE),), (Volume("system", 0, 0),)):
        found = space(*volumes)
        assert (found.status, found.says) == ("unknown", "no-drive-seen")
    assert space(blind=DENIED).status == "unknown"


def wear(*shares: Maybe[int], body: Body | None = None) -> Finding:
    seen = CapacityFacts([Battery(share) for share in shares])
    sections: dict[type[Facts], Body] = {CapacityFacts: seen if body is None else body}
    return run(battery, sections, BatterySettings(60, 40), Device("linux"), MOMENT)


@pytest.mark.parametrize(
    ("share", "wanted"),
    [
        (100, ("pass", "holds")),
        (61, ("pass", "holds")),
        (60, ("pass", "holds")),
        (59, ("warn", "worn")),
        (40, ("warn", "worn")),
        (39, ("fail", "worn-out")),
        (0, ("fail", "worn-out")),
    ],
)
def test_each_share_a_battery_holds(share: int, wanted: tuple[str, str]) -> None:
    found = wear(share)
    assert (found.status, found.says) == wanted
    assert found.args == {"percent": share}


def test_the_weakest_battery_decides() -> None:
    assert wear(39, 100).status == "fail"
    assert wear(59, 100).status == "warn"


def test_a_battery_nobody_could_measure_is_not_a_pass() -> None:
    assert wear(DENIED).status == "unknown"
    assert wear(100, DENIED).status == "unknown"
    assert wear(59, DENIED).status == "unknown"
    assert wear(39, DENIED).status == "fail"
    assert wear(body=DENIED).status == "unknown"
    assert wear(body=CapacityFacts(DENIED)).status == "unknown"


def test_a_list_without_any_is_not_a_pass() -> None:
    assert wear().status == "unknown"


def test_without_a_battery_the_question_does_not_arise() -> None:
    assert wear(body=NotHere("no battery")).status == "not-applicable"
