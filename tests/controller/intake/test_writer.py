"""The writer thread: groups, one bad job among good ones, a full queue, answers after commits."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import OperationalError, connections

from controller.fleet.models import Report
from controller.intake import writer as writer_module
from controller.intake.answers import Answer
from controller.intake.jobs import LOOKS, Job, Waiting, finish
from controller.intake.outcomes import Outcome, Refused, Stored
from controller.intake.room import IntakeRoom
from controller.intake.writer import BUSY, HELD_BYTES, QueueFullError, Writer
from tests.controller.intake.conftest import Controller
from wire import dsse


class Picky:
    """A room that cannot bear one kind of body, and notes the groups it was given."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.steps: list[tuple[str, int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def begin(self, jobs: Sequence[Job]) -> None:
        """Wait until the test lets it."""
        self.gate.wait(30)
        self.steps.append(("begin", len(jobs)))
        if any(job.body == b"deadly" for job in jobs):
            raise ValueError("a job that cannot even be begun")

    def prepare(self, at: int) -> None:
        """Nothing."""

    def handle(self, jobs: Sequence[Job], at: int) -> list[Outcome]:
        """Fail on a bad one."""
        self.groups.append(len(jobs))
        self.steps.append(("commit", len(jobs)))
        if any(job.body == b"locked" for job in jobs):
            raise OperationalError("database is locked")
        if any(job.body == b"bad" for job in jobs):
            raise ValueError("a bad job")
        return [Stored() for _ in jobs]

    def done(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Be seen to be told."""
        self.steps.append(("close", 0))


@pytest.fixture
def picky(transactional_db: None) -> Iterator[tuple[Writer, Picky]]:
    """A running writer around a picky room."""
    room = Picky()
    writer = Writer(room, bound=8)
    writer.start()
    yield writer, room
    room.gate.set()
    writer.stop()


def _jobs(bodies: Sequence[bytes]) -> list[Job]:
    return [Job("report", body=body) for body in bodies]


def test_one_bad_job_takes_no_other_with_it(picky: tuple[Writer, Picky]) -> None:
    writer, room = picky
    room.gate.clear()
    first, *jobs = _jobs([b"good", b"good", b"bad", b"good"])
    for job in (first, *jobs):
        writer.submit(job)
    room.gate.set()
    outcomes = [job.wait(30) for job in (first, *jobs)]
    assert [isinstance(outcome, Stored) for outcome in outcomes] == [True, True, False, True]
    assert isinstance(outcomes[2], Refused)
    assert outcomes[2].code == "busy"


def test_what_waits_together_is_committed_together(picky: tuple[Writer, Picky]) -> None:
    writer, room = picky
    room.gate.clear()
    jobs = _jobs([b"good"] * 8)
    for job in jobs:
        writer.submit(job)
    room.gate.set()
    for job in jobs:
        job.wait(30)
    assert sum(room.groups) == 8
    assert max(room.groups) >= 7  # the first may have been taken alone


def test_the_next_group_is_begun_before_the_one_before_is_committed(
    picky: tuple[Writer, Picky], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, room = picky
    monkeypatch.setattr(writer_module, "GROUP", 2)
    room.gate.clear()
    jobs = _jobs([b"good"] * 7)
    for job in jobs:
        writer.submit(job)
    room.gate.set()
    assert [job.wait(30) for job in jobs] == [Stored()] * 7
    writer.stop()
    begun = committed = ahead = 0
    for step, count in room.steps:
        begun, committed = (
            (begun + count, committed) if step == "begin" else (begun, committed + count)
        )
        ahead = max(ahead, begun - committed)
    assert 3 <= ahead <= 4, "one group is verified while the one before is committed, and no more"
    assert room.steps[-1] == ("close", 0)
    writer.stop = lambda: None  # type: ignore[method-assign]  # it has ended


def test_a_group_that_cannot_be_begun_is_told_busy_and_others_are_served(
    picky: tuple[Writer, Picky],
) -> None:
    writer, _ = picky
    (deadly,), (good,) = _jobs([b"deadly"]), _jobs([b"good"])
    writer.submit(deadly)
    outcome = deadly.wait(30)
    assert isinstance(outcome, Refused)
    assert outcome.code == "busy"
    writer.submit(good)
    assert good.wait(30) == Stored()


def test_while_somebody_else_writes_for_long_a_group_is_asked_to_come_back_and_not_tried_alone(
    picky: tuple[Writer, Picky],
) -> None:
    writer, room = picky
    assert writer.work(_jobs([b"locked", b"good", b"good"])) == [BUSY] * 3
    assert room.groups == [3]


def test_a_full_queue_refuses_at_once(picky: tuple[Writer, Picky]) -> None:
    writer, room = picky
    room.gate.clear()
    for job in _jobs([b"good"] * 9):  # one may be in work already, eight fit
        try:
            writer.submit(job)
        except QueueFullError:
            return
    (last,) = _jobs([b"good"])
    with pytest.raises(QueueFullError):
        writer.submit(last)


def test_a_full_queue_is_answered_busy_with_a_time_to_come_back(controller: Controller) -> None:
    report = controller.machine().report()
    writer = Writer(controller.room, bound=0)
    controller.door.intake._writer = writer
    reply = controller.door.post(report)
    assert (reply.status, reply.problem.code) == (503, "busy")
    assert int(reply.headers["Retry-After"]) > 0


def test_what_waits_when_the_writer_is_stopped_is_still_worked(
    picky: tuple[Writer, Picky],
) -> None:
    writer, room = picky
    room.gate.clear()
    jobs = _jobs([b"good"] * 5)
    for job in jobs:
        writer.submit(job)
    stopping = threading.Thread(target=writer.stop)
    stopping.start()
    room.gate.set()
    stopping.join()
    assert [job.wait(0) for job in jobs] == [Stored()] * 5
    with pytest.raises(QueueFullError):
        writer.submit(jobs[0])
    writer.stop = lambda: None  # type: ignore[method-assign]  # it has ended


def test_a_request_that_waits_too_long_is_told_busy_and_others_wait_on() -> None:
    def seal(outcome: Outcome, digest: str) -> Answer:
        return Answer(200, [], b"sealed")

    async def story() -> list[Answer | None]:
        loop, waiting = asyncio.get_running_loop(), Waiting(3_600)
        late, early, served = (Job("report", seal=seal, loop=loop) for _ in range(3))
        tasks = [asyncio.create_task(waiting.answer(late))]
        await asyncio.sleep(0)
        for turn in range(LOOKS - 1):
            assert not tasks[0].done(), turn
            waiting.turn()
            if turn == 0:
                tasks += [asyncio.create_task(waiting.answer(one)) for one in (early, served)]
            await asyncio.sleep(0)
        finish([served], [Stored()])
        await asyncio.sleep(0.01)
        assert [task.done() for task in tasks] == [True, False, True]
        waiting.turn()
        return list(await asyncio.gather(*tasks))

    assert asyncio.run(story()) == [None, None, Answer(200, [], b"sealed")]


def test_an_answer_that_cannot_be_signed_ends_nothing(running: Controller) -> None:
    def broken(outcome: Outcome, digest: str) -> Answer:
        raise ValueError("no ink")

    async def story() -> Answer | None:
        job = Job("standing", name="dev_none", seal=broken, loop=asyncio.get_running_loop())
        running.writer.submit(job)
        return await Waiting(60).answer(job)

    assert asyncio.run(story()) is None
    assert running.machine().device  # others are served on


def test_bodies_that_wait_have_a_bound_together(picky: tuple[Writer, Picky]) -> None:
    writer, room = picky
    room.gate.clear()
    jobs = _jobs([bytes(HELD_BYTES // 4)] * 8)  # by their number alone, all would fit
    accepted = 0
    with contextlib.suppress(QueueFullError):
        for job in jobs:
            writer.submit(job)
            accepted += 1
    assert 5 <= accepted <= 6, "five wait, and one may be in work"
    room.gate.set()
    assert jobs[0].wait(30) == Stored()


def test_no_receipt_when_the_commit_fails(
    running: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = running.machine()
    envelope = machine.report()

    def broken(self: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(type(connections["default"]), "_commit", broken)
        reply = running.door.post(envelope)
    assert reply.problem.code == "busy"
    assert not Report.objects.exists()
    assert running.door.post(envelope).status == 202


def test_many_threads_get_their_own_answers(running: Controller) -> None:
    machines = [running.machine(f"m{n}") for n in range(8)]
    envelopes = [machine.report() for machine in machines]
    answers: dict[str, str] = {}

    def post(envelope: bytes) -> None:
        answers[dsse.digest(envelope)] = running.door.post(envelope).receipt.device

    threads = [threading.Thread(target=post, args=(envelope,)) for envelope in envelopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {dsse.digest(e): m.device for e, m in zip(envelopes, machines, strict=True)}
    assert answers == wanted
    assert isinstance(running.room, IntakeRoom)
