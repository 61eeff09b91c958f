"""The runner: what a judge may ask for; blindness, absence and silence are never a pass."""

import datetime
import zoneinfo

import pytest

from checks.catalogue import catalogue
from checks.device import Sections, judge_device
from checks.judging import Device, JudgeError, Moment, judge, run, trace
from checks.locking.facts import LockingFacts, LockingNow, Rule
from checks.locking.judges import IdleSettings, idle_timeout
from checks.policy import DEFAULT_POLICY
from checks.unseen import NotHere, Unseen
from checks.verdicts import Finding, passed

MOMENT = Moment.at(1_790_000_000)
PUPIL = Device("linux", "pupil")
RULE = Rule("u", "gnome", 300, True, 0, True, False)
FACTS = LockingFacts(rules=[RULE], machine_idle_seconds=None)


@judge("example")
def reads_one(lock: LockingFacts, device: Device) -> Finding:
    device.purpose()
    return passed("fine") if lock.rules else passed("none")


def test_a_judge_parameter_without_a_meaning_is_found_at_load() -> None:
    with pytest.raises(JudgeError, match="surprise"):

        @judge("broken")
        def broken(surprise: int) -> Finding:
            return passed(str(surprise))


def test_a_section_nobody_sent_is_unknown() -> None:
    finding = run(reads_one, {}, None, PUPIL, MOMENT)
    assert (finding.status, finding.args) == ("unknown", {"reason": "unsupported"})


def test_a_whole_section_nobody_could_see_is_unknown_with_its_reason() -> None:
    finding = run(reads_one, {LockingFacts: Unseen("crashed")}, None, PUPIL, MOMENT)
    assert (finding.status, finding.args) == ("unknown", {"reason": "crashed"})


def test_a_thing_the_machine_does_not_have_is_not_applicable() -> None:
    finding = run(reads_one, {LockingFacts: NotHere("no desktop")}, None, PUPIL, MOMENT)
    assert (finding.status, finding.says) == ("not-applicable", "not-here")


def test_a_blind_fact_used_as_a_truth_value_is_unknown() -> None:
    blind = LockingFacts(rules=Unseen("denied"), machine_idle_seconds=None)
    finding = run(reads_one, {LockingFacts: blind}, None, PUPIL, MOMENT)
    assert (finding.status, finding.args) == ("unknown", {"reason": "denied"})


def test_a_judge_that_needs_the_profile_says_that_nobody_set_it() -> None:
    finding = run(reads_one, {LockingFacts: FACTS}, None, Device("linux"), MOMENT)
    assert (finding.status, finding.says) == ("unknown", "profile-unset")


def test_a_trace_lists_exactly_what_a_judge_read() -> None:
    finding, paths = trace(
        idle_timeout, {LockingFacts: FACTS}, IdleSettings(limit_seconds=900), PUPIL, MOMENT
    )
    assert finding.status == "pass"
    assert "locking.rules[0].idle_seconds" in paths
    assert "locking.rules[0].on_resume" not in paths


def test_tracing_does_not_change_the_verdict() -> None:
    numbers = IdleSettings(limit_seconds=120)
    sections: Sections = {LockingFacts: FACTS}
    assert trace(idle_timeout, sections, numbers, PUPIL, MOMENT)[0] == run(
        idle_timeout, sections, numbers, PUPIL, MOMENT
    )


def test_a_silent_machine_passes_nothing() -> None:
    verdicts = judge_device(catalogue(), {}, DEFAULT_POLICY, PUPIL, MOMENT)
    assert verdicts
    assert {verdict.status for verdict in verdicts} <= {"unknown", "not-applicable"}


def test_a_device_gets_one_verdict_for_each_check() -> None:
    verdicts = judge_device(catalogue(), {LockingNow: NotHere("x")}, DEFAULT_POLICY, PUPIL, MOMENT)
    assert [v.check for v in verdicts] == [check for _, check, _, _ in catalogue().judged()]


@pytest.mark.parametrize(
    ("when", "last"),
    [
        ("2026-03-29T02:30:00+01:00", "2026-03-29T02:00:00+01:00"),  # clocks go forward at 01:00
        ("2026-03-29T00:30:00+00:00", "2026-03-28T02:00:00+00:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-24T02:00:00+01:00"),  # clocks go back at 02:00
        ("2026-10-25T02:00:00+00:00", "2026-10-25T02:00:00+00:00"),
        ("2026-11-22T08:45:00+00:00", "2026-11-22T02:00:00+00:00"),
    ],
)
def test_the_last_night_is_right_on_both_clock_changes(when: str, last: str) -> None:
    seen = int(datetime.datetime.fromisoformat(when).timestamp())
    moment = Moment.at(seen)
    assert moment.nights[0] == int(datetime.datetime.fromisoformat(last).timestamp())
    assert len(moment.nights) == 8
    here = zoneinfo.ZoneInfo("Europe/London")
    assert all(datetime.datetime.fromtimestamp(n, tz=here).hour == 2 for n in moment.nights)
