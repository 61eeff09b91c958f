"""When what lies on a machine's drives is safe from a thief, and whom that is asked of."""

import datetime
from typing import get_args

import pytest

from checks.encryption.facts import EncryptionFacts, Place, State, Volume
from checks.encryption.judges import STRICT, disk_encrypted
from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.policy import Profile
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding

MOMENT = Moment.at(1_795_305_600, datetime.date(2026, 11, 22))
DENIED = Unseen("denied")


def judged(
    *volumes: tuple[Place, Maybe[State]],
    portable: Maybe[bool] = False,
    profile: Maybe[Profile] = "pupil",
    blind: Unseen | None = None,
) -> Finding:
    seen = [Volume(place, state) for place, state in volumes]
    sections: dict[type[Facts], Body] = {
        EncryptionFacts: EncryptionFacts(volumes=seen if blind is None else blind),
    }
    return run(disk_encrypted, sections, None, Device("linux", profile, portable), MOMENT)


@pytest.mark.parametrize("profile", [*get_args(Profile), Unseen("unsupported")])
@pytest.mark.parametrize("portable", [True, False, DENIED])
def test_an_encrypted_machine_passes_whatever_it_is_for(
    profile: Maybe[Profile], portable: Maybe[bool]
) -> None:
    found = judged(("system", "on"), ("swap", "on"), profile=profile, portable=portable)
    assert (found.status, found.says) == ("pass", "encrypted")


@pytest.mark.parametrize("profile", sorted(STRICT))
def test_a_readable_computer_of_staff_fails(profile: Profile) -> None:
    found = judged(("system", "off"), profile=profile)
    assert (found.status, found.says) == ("fail", "not-encrypted")


@pytest.mark.parametrize("profile", ["pupil", "board", "kiosk"])
def test_a_readable_desktop_of_pupils_is_warned_of(profile: Profile) -> None:
    found = judged(("system", "off"), profile=profile)
    assert (found.status, found.says) == ("warn", "not-encrypted-here")


@pytest.mark.parametrize("profile", ["pupil", Unseen("unsupported")])
def test_a_readable_laptop_fails_whoever_uses_it(profile: Maybe[Profile]) -> None:
    assert judged(("system", "off"), portable=True, profile=profile).status == "fail"


def test_what_nobody_said_is_asked_before_a_readable_desktop_is_judged() -> None:
    found = judged(("system", "off"), profile=Unseen("unsupported"))
    assert (found.status, found.says) == ("unknown", "profile-unset")


def test_a_pupils_computer_that_may_be_a_laptop_is_not_let_off() -> None:
    assert judged(("system", "off"), portable=DENIED).status == "unknown"


def test_one_readable_volume_among_encrypted_ones_is_said_as_such() -> None:
    found = judged(("system", "on"), ("other", "off"), portable=True)
    assert (found.status, found.says) == ("fail", "partly")


@pytest.mark.parametrize("others", [("on",), ()])
def test_a_key_that_lies_on_the_drive_is_no_encryption(others: tuple[State, ...]) -> None:
    rest = [("other", state) for state in others]
    found = judged(("system", "open"), *rest, portable=True)  # type: ignore[arg-type]  # places and states
    assert (found.status, found.says) == ("fail", "key-beside")


def test_a_drive_that_is_being_encrypted_is_on_its_way() -> None:
    found = judged(("system", "converting"), portable=True)
    assert (found.status, found.says) == ("warn", "converting")
    found = judged(("system", "converting"), ("other", "off"), portable=True)
    assert (found.status, found.says) == ("fail", "partly")


@pytest.mark.parametrize("state", ["off", "open", "converting"])
def test_readable_swap_behind_encrypted_files_warns(state: State) -> None:
    found = judged(("system", "on"), ("swap", state), portable=True)
    assert (found.status, found.says) == ("warn", "swap-readable")


def test_no_drive_at_all_is_not_a_pass() -> None:
    for volumes in ((), (("swap", "on"),)):
        found = judged(*volumes, portable=True)
        assert (found.status, found.says) == ("unknown", "no-drive-seen")


@pytest.mark.parametrize("portable", [True, False])
def test_a_volume_nobody_could_see_is_not_a_pass(portable: bool) -> None:
    assert judged(("system", "on"), ("other", DENIED), portable=portable).status == "unknown"
    assert judged(("system", DENIED), ("other", "on"), portable=portable).status == "unknown"
    assert judged(("system", "on"), ("swap", DENIED), portable=portable).status == "unknown"


def test_a_readable_volume_is_told_although_another_could_not_be_seen() -> None:
    assert judged(("system", DENIED), ("other", "off"), portable=True).says == "partly"


def test_a_section_nobody_could_read_is_unknown() -> None:
    assert judged(blind=DENIED).status == "unknown"
