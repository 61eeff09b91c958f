"""A whole device judged: what is asked of which computer."""

from checks.catalogue import catalogue
from checks.device import judge_device
from checks.judging import Device, Moment
from checks.policy import DEFAULT_POLICY, Profile
from checks.unseen import Unseen

MOMENT = Moment.at(1_795_320_000)


def statuses(profile: Profile | None) -> dict[str, str]:
    device = Device("linux", profile or Unseen("unsupported"))
    judged = judge_device(catalogue(), {}, DEFAULT_POLICY, device, MOMENT)
    return {verdict.check: verdict.status for verdict in judged}


def test_what_is_not_asked_of_servers_does_not_apply_to_one() -> None:
    asked = {check_id: check.on_server for _, check_id, check, _ in catalogue().judged()}
    assert not all(asked.values())
    server = statuses("server")
    assert {check for check, there in asked.items() if not there} == {
        check for check, status in server.items() if status == "not-applicable"
    }


def test_without_a_profile_a_computer_is_asked_everything_and_silence_is_unknown() -> None:
    assert set(statuses(None).values()) == {"unknown"}
    assert set(statuses("pupil").values()) == {"unknown"}
