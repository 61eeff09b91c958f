"""When a drive is too full and a battery too worn, at each side of the numbers."""

import datetime

import pytest

from checks.capacity.facts import Battery, CapacityFacts
from checks.capacity.judges import (
    BatterySettings,
    SpaceSettings,
    battery,
    room,
)
from checks.facts import Facts
from checks.hardware.facts import HardwareNow, Volume
from checks.hardware.filling import SMALLEST_OTHER
from checks.judging import Body, Device, Moment, run
from checks.policy import Profile
from checks.unseen import Maybe, NotHere, Reason, Unseen
from checks.verdicts import Finding

MOMENT = Moment.at(1_795_305_600, datetime.date(2026, 11, 22))
TODAY = (datetime.date(2026, 11, 22) - datetime.date(1970, 1, 1)).days
LIMITS = SpaceSettings(warn_percent=15, fail_percent=5, server_seconds=90 * 86_400)
DENIED = Unseen("denied")
SIZE = 500_000_000_000
ONE = SIZE // 100


def space(*volumes: Volume, blind: Unseen | None = None) -> Finding:
    seen = HardwareNow(list(volumes) if blind is None else blind, [], [])
    sections: dict[type[Facts], Body] = {HardwareNow: seen}
    return run(room, sections, LIMITS, Device("linux"), MOMENT)


def system(free: int) -> Volume:
    return Volume("system", SIZE, free)


def later(
    full_in: Maybe[int | None], profile: Profile | None = "server", free: int = 50
) -> Finding:
    """A drive with half of it free, by what the month before says."""
    device = Device("linux") if profile is None else Device("linux", profile)
    now = HardwareNow([system(free * ONE)], [], [], full_in=full_in)
    sections: dict[type[Facts], Body] = {HardwareNow: now}
    return run(room, sections, LIMITS, device, MOMENT)


@pytest.mark.parametrize(
    ("ahead", "wanted"),
    [
        (0, ("warn", "fills")),
        (-6, ("warn", "fills")),
        (89, ("warn", "fills")),
        (90, ("warn", "fills")),
        (91, ("pass", "lasts")),
        (None, ("pass", "lasts")),
    ],
    ids=str,
)
def test_a_server_has_to_have_room_for_a_term(ahead: int | None, wanted: tuple[str, str]) -> None:
    found = later(None if ahead is None else TODAY + ahead)
    assert (found.status, found.says) == wanted
    if ahead is not None and wanted[1] == "fills":
        assert found.args["left"] == max(7, ahead) * 86_400


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("deferred", "fills-too-new"),
        ("unsupported", "fills-unknown"),
        ("parse-error", "fills-unknown"),
    ],
)
def test_a_server_nobody_has_watched_is_no_pass(reason: Reason, says: str) -> None:
    found = later(Unseen(reason))
    assert (found.status, found.says) == ("unknown", says)
    assert found.args["percent"] == 50


def test_a_server_that_is_full_now_is_told_so_whatever_the_month_says() -> None:
    assert later(Unseen("deferred"), free=4).says == "full"
    assert later(None, free=14).says == "filling"


@pytest.mark.parametrize("profile", ["pupil", "staff", None])
def test_only_of_servers_it_is_asked_how_fast_they_fill(profile: Profile | None) -> None:
    assert later(TODAY, profile).says == "room"
    assert later(Unseen("deferred"), profile).says == "room"


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
