"""The judging process: the same verdicts as in this one, and a death that takes nothing along."""

import os
import signal
import sys

import msgspec
import pytest

from checks.catalogue import catalogue
from checks.policy import DEFAULT_POLICY, policy_hash
from controller.judging import child
from controller.judging.messages import Case, SectionBody
from controller.judging.process import JudgingProcess
from controller.pipes.child import Child
from tests.controller.judging.bodies import locking


def _case(body: bytes = b"", *, platform: str = "linux", policy: bytes = b"") -> Case:
    return Case(
        device="dev_1",
        turn=1,
        seq=1,
        platform=platform,
        profile="office",
        goes_home=False,
        agent="0.1.0",
        policy=policy,
        policy_digest=policy_hash(DEFAULT_POLICY),
        sections=[SectionBody("locking", 1, body or locking(600))],
        seen=1_795_400_000,
        today="2026-11-23",
        zone="Europe/London",
        agent_policy="",
        agent_catalogue="",
        agent_profile="",
        agent_ruled="",
        agent_results=[],
    )


def test_another_process_comes_to_the_same_verdicts() -> None:
    process = JudgingProcess()
    try:
        (judged,) = process.judge([_case()])
    finally:
        process.close()
    assert judged == child.judge(_case(), catalogue())
    assert any(answer.status == "pass" for answer in judged.verdicts)


def test_a_process_that_was_killed_is_started_again() -> None:
    process = JudgingProcess()
    try:
        process.judge([_case()])
        running = process._child.process
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        first, second = process.judge([_case(), _case()])
    finally:
        process.close()
    # The question it died over is asked again, alone, of a new one.
    assert not first.failed
    assert not second.failed


def test_a_case_that_kills_the_judges_takes_no_other_with_it() -> None:
    process = JudgingProcess()
    deadly = msgspec.structs.replace(_case(), device="dev_deadly", today="not a date")
    try:
        first, second, third = process.judge([_case(), deadly, _case()])
    finally:
        process.close()
    assert (bool(first.failed), bool(second.failed), bool(third.failed)) == (False, True, False)


def test_judges_that_never_come_to_an_end_hold_nobody_up() -> None:
    forever = Child("controller.judging.child", patience_seconds=0.2)
    forever.command = [sys.executable, "-c", "import time; time.sleep(600)"]
    process = JudgingProcess(forever)
    try:
        (judged,) = process.judge([_case()])
    finally:
        process.close()
    assert judged.failed
    assert judged.verdicts == []


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 10_000, b"\xff", b"null", b'{"unseen":"x"}'])
def test_no_section_body_stops_the_judges(body: bytes) -> None:
    judged = child.judge(_case(body or b" "), catalogue())
    assert not judged.failed
    by_check = {answer.check: answer.status for answer in judged.verdicts}
    assert by_check["lock-idle-timeout"] == "unknown"


def test_an_unknown_platform_gets_no_verdicts() -> None:
    assert child.judge(_case(platform="plan9"), catalogue()).verdicts == []


def test_an_unusable_policy_is_said_and_changes_nothing() -> None:
    judged = child.judge(_case(policy=b"{"), catalogue())
    assert judged.failed
    assert judged.verdicts == []


def test_what_a_terminal_sends_to_the_server_does_not_reach_the_judge() -> None:
    process = JudgingProcess()
    try:
        process.judge([_case()])
        assert process._child.process is not None
        assert os.getpgid(process._child.process.pid) == process._child.process.pid
    finally:
        process.close()
