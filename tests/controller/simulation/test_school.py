"""The invented school: one seed, one school, and faults that the real judges find."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.device import judge_device
from checks.facts import decode_section, encode_section
from checks.judging import Device, Moment
from checks.policy import DEFAULT_POLICY, Policy
from checks.verdicts import Verdict
from controller.policy.trying import faults
from controller.simulation.facts import sections
from controller.simulation.roster import Machine, roster, school
from controller.simulation.run import policy_of

LOOK = 1_795_336_200


def verdicts(
    machine: Machine, night: int = 0, policy: Policy = DEFAULT_POLICY
) -> dict[str, Verdict]:
    device = Device(machine.kind.platform, machine.kind.profile, machine.kind.portable)
    found = sections(machine, night, LOOK)
    judged = judge_device(catalogue(), found, policy, device, Moment.at(LOOK))
    return {verdict.check: verdict for verdict in judged}


def test_one_seed_gives_one_school_and_a_small_one_is_the_start_of_a_large_one() -> None:
    assert roster(50, 3, seed=7) == roster(200, 3, seed=7)[:50]
    assert roster(50, 3, seed=7) != roster(50, 3, seed=8)


def test_names_and_identities_are_each_one_computers_own() -> None:
    machines = roster(400, 2, seed=1)
    for identity in ("name", "serial", "uuid", "mac", "disk_serial"):
        assert len({getattr(machine, identity) for machine in machines}) == len(machines)


def test_a_hundred_computers_stand_in_the_promised_shares() -> None:
    counted = Counter(machine.kind.id for machine in roster(100, 1, seed=3))
    assert counted == {kind.id: kind.share for kind in school().kind}


def test_what_a_computer_sends_is_canonical_and_fits_every_schema() -> None:
    for machine in roster(60, 2, seed=5):
        for kind, body in sections(machine, 1, LOOK).items():
            data = encode_section(body)
            assert encode_section(decode_section(data, kind.schema, kind)) == data


def test_a_steady_section_without_a_new_fault_is_the_same_every_night() -> None:
    calm = next(machine for machine in roster(60, 3, seed=5) if not machine.faults)
    one, two = sections(calm, 0, LOOK), sections(calm, 1, LOOK + 86_400)
    for kind, body in one.items():
        if not kind.section.endswith("_now"):
            assert encode_section(body) == encode_section(two[kind])


FOUND_BY = {
    "lock-never": "lock-idle-timeout",
    "lock-late": "lock-idle-timeout",
    "left-open": "session-unattended",
    "definitions-old": "av-definitions-fresh",
    "antivirus-off": "av-active",
    "old-system": "os-supported",
    "patches-late": "os-patches",
    "open-wifi": "wifi-client-profiles",
    "own-admin": "account-local-admins",
    "class-account": "account-shared",
    "no-lockout": "account-lockout",
}


@pytest.mark.parametrize(("fault", "check"), FOUND_BY.items())
def test_a_fault_is_found_by_the_real_judge_and_gone_once_mended(fault: str, check: str) -> None:
    sick = next(
        machine
        for machine in roster(3_000, 3, seed=2)
        if machine.has(fault, 0) and len(machine.faults) == 1
    )
    assert verdicts(sick)[check].status == "fail"
    mended = sick.faults[fault].stop
    if mended <= 3:
        assert verdicts(sick, night=mended)[check].status in ("pass", "not-applicable")


def test_a_computer_without_faults_fails_nothing() -> None:
    for machine in roster(100, 1, seed=4):
        if not machine.faults:
            for policy in (DEFAULT_POLICY, policy_of("Europe/London")):
                found = verdicts(machine, policy=policy).values()
                failing = [v for v in found if v.status in ("fail", "unknown")]
                assert not failing, (machine.name, failing)


def test_the_schools_policy_can_be_used() -> None:
    assert faults(policy_of("Europe/London")) == []


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(1, 10))
def test_every_fault_lies_inside_the_nights_it_was_asked_for(seed: int, nights: int) -> None:
    for machine in roster(20, nights, seed):
        for span in machine.faults.values():
            assert 0 <= span.start < nights
