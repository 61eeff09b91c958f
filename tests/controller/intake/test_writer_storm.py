"""A storm is a rate, not a queue: agents that wait for their answer leave the queue empty."""

import pytest

from controller.intake import writer as module
from controller.intake.writer import STORM, Writer


class Clock:
    """A clock the test winds."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def arrive(writer: Writer, clock: Clock, a_second: int, seconds: int) -> None:
    for _ in range(seconds * a_second):
        clock.now += 1 / a_second
        writer._count(1)


@pytest.mark.parametrize(("a_second", "busy"), [(STORM - 20, False), (STORM + 20, True)])
def test_other_work_waits_from_so_many_reports_a_second(
    clock: Clock, a_second: int, busy: bool
) -> None:
    writer = Writer(room=None)  # type: ignore[arg-type]  # never started
    arrive(writer, clock, a_second, seconds=5)
    assert writer.is_busy() is busy


def test_a_storm_is_over_two_seconds_after_its_last_report(clock: Clock) -> None:
    writer = Writer(room=None)  # type: ignore[arg-type]  # never started
    arrive(writer, clock, 500, seconds=3)
    assert writer.is_busy()
    clock.now += 2.5
    assert not writer.is_busy()
