"""Bluetooth that shows itself, and cameras that are not let go."""

from typing import get_args

import msgspec
import pytest

from checks.judging import Device, Moment
from checks.peripherals.facts import Camera, PeripheralsFacts, Radio, Takes
from checks.peripherals.judges import bluetooth, webcam
from checks.policy import Profile
from checks.unseen import BlindError, Maybe, Unseen
from checks.verdicts import Finding

DENIED = Unseen("denied")
NIGHT = 1_795_312_800
"""02:00 on 22 November 2026 at the school."""
HOUR = 3_600
NOON = NIGHT + 10 * HOUR
FREE = PeripheralsFacts([], "nothing", "open", camera_held=False, held_since=None)


def shown(radios: Maybe[list[Radio]], takes: Maybe[Takes] = "nothing") -> tuple[str, str]:
    finding = bluetooth(msgspec.structs.replace(FREE, radios=radios, takes_files=takes))
    return finding.status, finding.says


def test_without_a_card_there_is_nothing_to_ask() -> None:
    assert shown([]) == ("not-applicable", "no-radio")
    assert shown([], DENIED) == ("not-applicable", "no-radio")


def test_off_is_well_whatever_else_is_set() -> None:
    off = Radio(powered=False, discoverable=False)
    assert shown([off]) == ("pass", "off")
    assert shown([off], "anybody") == ("pass", "off")
    assert shown([off], DENIED) == ("pass", "off")
    assert shown([Radio(powered=False, discoverable=True)]) == ("pass", "off")


@pytest.mark.parametrize(
    ("takes", "says"),
    [
        ("nothing", ("pass", "hidden")),
        ("known", ("pass", "hidden-known")),
        ("anybody", ("warn", "takes-files")),
    ],
)
def test_a_hidden_card_may_take_files_from_those_its_user_knows(
    takes: Takes, says: tuple[str, str]
) -> None:
    assert shown([Radio(powered=True, discoverable=False)], takes) == says


def test_one_card_that_can_be_found_is_enough() -> None:
    hidden = Radio(powered=True, discoverable=False)
    found = Radio(powered=True, discoverable=True)
    assert shown([hidden, found]) == ("warn", "discoverable")
    assert shown([Radio(DENIED, DENIED), found], DENIED) == ("warn", "discoverable")


@pytest.mark.parametrize(
    ("radios", "takes"),
    [
        (DENIED, "nothing"),
        ([Radio(DENIED, DENIED)], "nothing"),
        ([Radio(DENIED, DENIED)], "anybody"),
        ([Radio(powered=True, discoverable=DENIED)], "nothing"),
        ([Radio(powered=True, discoverable=DENIED)], DENIED),
        ([Radio(powered=True, discoverable=False)], DENIED),
        ([Radio(powered=True, discoverable=False), Radio(DENIED, DENIED)], "nothing"),
        ([Radio(powered=False, discoverable=False), Radio(DENIED, DENIED)], "nothing"),
    ],
)
def test_what_nobody_saw_is_never_well(radios: Maybe[list[Radio]], takes: Maybe[Takes]) -> None:
    with pytest.raises(BlindError):
        shown(radios, takes)


def test_taking_files_is_told_although_nobody_saw_whether_it_can_be_found() -> None:
    unsure = Radio(powered=True, discoverable=DENIED)
    assert shown([unsure], "anybody") == ("warn", "takes-files")


def seen(
    at: int = NIGHT,
    profile: Maybe[Profile] = "staff",
    *,
    camera: Maybe[Camera] = "open",
    held: Maybe[bool] = False,
    since: Maybe[int | None] = None,
) -> Finding:
    facts = PeripheralsFacts([], "nothing", camera, held, since)
    return webcam(facts, Device("linux", profile), Moment.at(at))


def test_a_camera_that_nothing_may_use_passes_whatever_the_computer_is_for() -> None:
    for profile in (*get_args(Profile), DENIED):
        assert seen(profile=profile, camera="denied", held=DENIED).says == "denied"
        assert seen(profile=profile, camera="none", held=DENIED).status == "not-applicable"


@pytest.mark.parametrize(("camera", "says"), [("open", "pupils"), ("apps-denied", "pupils-apps")])
def test_a_pupils_camera_has_to_be_denied(camera: Camera, says: str) -> None:
    for held in (False, DENIED):
        found = seen(profile="pupil", camera=camera, held=held)
        assert (found.status, found.says) == ("fail", says)
    assert seen(profile="staff", camera=camera).says == "free"


def test_a_free_camera_is_well_only_once_somebody_said_what_the_computer_is_for() -> None:
    with pytest.raises(BlindError) as blind:
        seen(profile=Unseen("unsupported"))
    assert blind.value.says == "profile-unset"


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (NIGHT - 2 * HOUR - 1, False),
        (NIGHT - 2 * HOUR, True),
        (NIGHT - 1, True),
        (NIGHT, True),
        (NIGHT + 3 * HOUR - 1, True),
        (NIGHT + 3 * HOUR, False),
        (NOON, False),
    ],
)
def test_night_is_from_midnight_to_five(at: int, night: bool) -> None:
    found = seen(at, held=True, since=at - 60)
    assert (found.status, found.says) == (
        ("warn", "held-at-night") if night else ("pass", "in-use")
    )


@pytest.mark.parametrize(
    ("since", "says"),
    [(NIGHT - 1, "held-overnight"), (NIGHT, "held-overnight"), (NIGHT + 1, "in-use")],
)
def test_what_has_been_open_since_before_the_night_was_open_in_it(since: int, says: str) -> None:
    assert seen(NOON, held=True, since=since).says == says


def test_in_use_by_day_without_a_beginning_tells_nothing_of_the_night() -> None:
    with pytest.raises(BlindError) as blind:
        seen(NOON, held=True, since=Unseen("unsupported"))
    assert blind.value.says == "held-by-day"
    assert seen(NIGHT, held=True, since=Unseen("unsupported")).says == "held-at-night"


def test_open_at_night_is_told_although_nobody_said_what_the_computer_is_for() -> None:
    found = seen(NIGHT, Unseen("unsupported"), held=True, since=NIGHT - 60)
    assert found.says == "held-at-night"


def test_a_clock_at_the_beginning_of_time_has_no_night() -> None:
    assert seen(60, held=True, since=30).says in {"in-use", "held-at-night"}


@pytest.mark.parametrize("camera", [DENIED, "open"])
def test_a_camera_that_nobody_saw_is_never_well(camera: Maybe[Camera]) -> None:
    with pytest.raises(BlindError):
        seen(camera=camera, held=DENIED, since=DENIED)
