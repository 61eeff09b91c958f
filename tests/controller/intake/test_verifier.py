"""A storm of reports is verified in a process of its own: the same answers, and no less without
it."""

import os
import signal
from collections.abc import Iterator

import pytest

from controller.intake import verifier
from controller.intake.jobs import Job
from controller.intake.outcomes import Refused, Taken
from controller.intake.verified import Question, Reading, read
from controller.intake.verifier import COMPANY, Verifier
from controller.pipes.child import Child
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from wire import frame, keys

SIGNED = keys.generate()


def _questions(controller: Controller) -> list[Question]:
    machine = controller.machine()
    public = keys.public_bytes(machine.key)
    good = frame.pack(machine.report())
    stranger = keys.public_bytes(SIGNED)
    odd = [
        Question(good, public),
        Question(good, stranger),
        Question(good[:-1], public),
        Question(good[:40] + bytes([good[40] ^ 1]) + good[41:], public),
        Question(b"", public),
        Question(b"\x01" * 200, public),
    ]
    return odd * COMPANY


@pytest.fixture
def asked() -> Iterator[Verifier]:
    """A verifier, and its process ended afterwards."""
    made = Verifier()
    made._not_before = float("-inf")  # also where there is one processor
    yield made
    made.close()


def test_the_process_comes_to_the_same_readings(controller: Controller, asked: Verifier) -> None:
    questions = _questions(controller)
    asked.ask(questions)
    assert asked._child.process is not None
    readings = asked.answers()
    assert readings == [read(question) for question in questions]
    assert {reading.code for reading in readings} == {"", "unknown_key", "malformed"}


def test_a_few_are_verified_here(controller: Controller, asked: Verifier) -> None:
    questions = _questions(controller)[: COMPANY - 1]
    asked.ask(questions)
    assert asked._child.process is None
    assert asked.answers() == [read(question) for question in questions]


def test_a_process_that_is_killed_in_the_middle_costs_no_answer(
    controller: Controller, asked: Verifier
) -> None:
    questions = _questions(controller)
    asked.ask(questions)
    running = asked._child.process
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    wanted = [read(question) for question in questions]
    assert asked.answers() == wanted
    asked.ask(questions)
    again = asked._child.process
    assert again is None, "it is not tried again at once"
    assert asked.answers() == wanted


def test_where_no_process_can_be_started_the_work_is_done_all_the_same(
    controller: Controller, asked: Verifier
) -> None:
    asked._child = Child("unused", patience_seconds=30)
    asked._child.command = ["/nowhere/python"]
    questions = _questions(controller)
    asked.ask(questions)
    assert asked.answers() == [read(question) for question in questions]


def test_a_machine_with_one_processor_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    alone = Verifier()
    alone.ask([Question(b"", b"")] * COMPANY)
    assert alone._child.process is None
    assert len(alone.answers()) == COMPANY


def test_a_key_that_was_given_up_while_its_report_was_verified_no_longer_counts(
    controller: Controller,
) -> None:
    machine = controller.machine()
    key_id = keys.key_id(keys.public_bytes(machine.key))
    job = Job("report", body=frame.pack(machine.report()), form="frame")
    room = controller.room
    room.begin([job])
    room._book.forget(key_id)
    room.prepare(NOW)
    assert job.payload == Refused("unknown_key")
    assert job.digest, "an agent believes only what names its request"


def test_a_storm_is_taken_in_whole(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    def here(question: Question) -> Reading:
        raise AssertionError("it was to be verified in the process")

    monkeypatch.setattr(verifier, "read", here)
    controller.room._verifier._not_before = float("-inf")
    frames = [frame.pack(controller.machine(f"m{n}").report()) for n in range(COMPANY)]
    frames.insert(3, b"\x01" * 200)
    jobs = [Job("report", body=body, form="frame") for body in frames]
    outcomes = controller.writer.work(jobs)
    controller.room.close()
    assert isinstance(outcomes.pop(3), Refused)
    assert [isinstance(one, Taken) for one in outcomes] == [True] * COMPANY


def test_a_reading_says_nothing_of_what_was_refused() -> None:
    assert read(Question(b"", b"")) == Reading(
        code="malformed", sentence="This is not a packed envelope of a known version."
    )
