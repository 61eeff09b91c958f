"""Facts that cannot all be true: the honest have none, and contradicting oneself hides nothing."""

import msgspec

from checks.antivirus.facts import AntivirusNow
from checks.catalogue import catalogue
from checks.contradictions import EVERYWHERE, contradicted
from checks.device import judge_device
from checks.facts import Facts
from checks.judging import Body, Device, Moment
from checks.management.facts import ManagementFacts
from checks.operating_system.facts import OperatingSystemNow
from checks.policy import DEFAULT_POLICY
from checks.unseen import NotHere, Unseen
from controller.simulation.facts import sections
from controller.simulation.roster import Machine, roster

AT = 1_795_400_000
DAY = 86_400


def device(machine: Machine) -> Device:
    return Device(machine.kind.platform, machine.kind.profile, machine.kind.portable)


def test_no_computer_of_an_invented_school_contradicts_itself_whatever_is_wrong_with_it() -> None:
    for machine in roster(120, 3, 1):
        for night in range(3):
            look = AT + night * DAY
            told = sections(machine, night, look)
            assert contradicted(told, device(machine), Moment.at(look)) == set()


def test_what_nobody_saw_contradicts_nothing() -> None:
    (machine,) = roster(1, 1, 1)
    for kind in sections(machine, 0, AT):
        told = sections(machine, 0, AT) | {kind: Unseen("denied")}
        assert contradicted(told, device(machine), Moment.at(AT)) == set()
    assert contradicted({}, device(machine), Moment.at(AT)) == set()


def test_what_every_computer_has_cannot_be_absent() -> None:
    (machine,) = roster(1, 1, 1)
    absent: dict[type[Facts], Body] = dict.fromkeys(EVERYWHERE, NotHere("none"))
    assert contradicted(absent, device(machine), Moment.at(AT)) == EVERYWHERE


def test_only_linux_is_beyond_device_management() -> None:
    absent: dict[type[Facts], Body] = {ManagementFacts: NotHere("none")}
    for platform, found in (("linux", set()), ("windows", {ManagementFacts})):
        one = Device(platform, "staff", portable=True)  # type: ignore[arg-type]  # one of the three
        assert contradicted(absent, one, Moment.at(AT)) == found


def test_contradicting_oneself_does_not_hide_a_failure() -> None:
    late = next(m for m in roster(300, 1, 1) if m.has("patches-late", 0))
    told = sections(late, 0, AT)
    now = told[AntivirusNow]
    assert isinstance(now, AntivirusNow)
    told[AntivirusNow] = msgspec.structs.replace(now, awake_seconds=10**6)
    old = told[OperatingSystemNow]
    assert isinstance(old, OperatingSystemNow)
    told[OperatingSystemNow] = msgspec.structs.replace(old, up_since=AT - 10**6)
    assert {AntivirusNow, OperatingSystemNow} <= contradicted(told, device(late), Moment.at(AT))
    judged = judge_device(catalogue(), told, DEFAULT_POLICY, device(late), Moment.at(AT))
    said = {verdict.check: (verdict.status, verdict.says) for verdict in judged}
    assert said["av-scan-recent"] == ("unknown", "contradicts")
    assert said["os-patches"] == ("fail", "outstanding")
