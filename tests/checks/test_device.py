"""A whole device judged: what is asked of which computer."""

import pytest

from checks.catalogue import catalogue
from checks.device import as_seen, judge_device
from checks.encryption.facts import EncryptionFacts, Volume
from checks.facts import Facts
from checks.hardware.facts import HardwareFacts
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY, Profile
from checks.unseen import Unseen
from tests.checks.blank import blank_hardware

MOMENT = Moment.at(1_795_320_000)


def statuses(profile: Profile | None) -> dict[str, str]:
    """Of the checks that are asked of Linux at all."""
    device = Device("linux", profile or Unseen("unsupported"))
    judged = judge_device(catalogue(), {}, DEFAULT_POLICY, device, MOMENT)
    here = {check_id for _, check_id, one, _ in catalogue().judged() if "linux" in one.platforms}
    return {verdict.check: verdict.status for verdict in judged if verdict.check in here}


def test_what_is_not_asked_of_servers_does_not_apply_to_one() -> None:
    asked = {
        check_id: check.on_server
        for _, check_id, check, _ in catalogue().judged()
        if "linux" in check.platforms
    }
    assert not all(asked.values())
    server = statuses("server")
    assert {check for check, there in asked.items() if not there} == {
        check for check, status in server.items() if status == "not-applicable"
    }


def test_without_a_profile_a_computer_is_asked_everything_and_silence_is_unknown() -> None:
    assert set(statuses(None).values()) == {"unknown"}
    assert set(statuses("pupil").values()) == {"unknown"}


@pytest.mark.parametrize("portable", [True, False])
def test_what_the_machine_is_comes_from_its_own_facts_unless_somebody_said(portable: bool) -> None:
    sections: dict[type[Facts], Body] = {HardwareFacts: blank_hardware(portable=portable)}
    assert as_seen(Device("linux"), sections).portable is portable
    told = Device("linux", portable=not portable)
    assert as_seen(told, sections).portable is not portable
    assert isinstance(as_seen(Device("linux"), {}).portable, Unseen)


def test_a_readable_laptop_is_told_from_a_desktop_by_its_hardware() -> None:
    encryption = EncryptionFacts(volumes=[Volume("system", "off")])
    statuses = []
    for portable in (True, False):
        sections: dict[type[Facts], Body] = {
            EncryptionFacts: encryption,
            HardwareFacts: blank_hardware(portable=portable),
        }
        verdicts = judge_device(
            catalogue(), sections, DEFAULT_POLICY, Device("linux", "pupil"), MOMENT
        )
        (found,) = (verdict for verdict in verdicts if verdict.check == "disk-encrypted")
        statuses.append(found.status)
    assert statuses == ["fail", "warn"]
