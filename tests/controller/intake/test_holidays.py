"""5,000 computers back at 08:45 after a holiday (O27): receipts ask for quiet, agents bound it, and
everybody is served within the lesson."""

import random
from collections import deque
from pathlib import Path

import pytest

from agent.deliver import backoff
from controller.intake.answers import Signer
from controller.intake.outcomes import Taken
from controller.intake.writer import BUSY, QUEUE, QUIET_SECONDS, STORM, Writer
from tests.controller.intake.conftest import Controller
from wire import dsse, keys, receipt

COMPUTERS = 5_000
JOBS = 14
"""A report, a dozen changed sections, the report again."""
CAPACITY = 500
"""Jobs a second: half of what the slowest target asks."""
SPREAD = 15 * 60


def _receipt(pace: int | None) -> receipt.Receipt:
    key = keys.generate()
    taken = Taken(
        device="dev_1",
        seq=1,
        status="accepted",
        received_at=1,
        need=[],
        policy="",
        site="site_1",
        profile="",
    )
    digest = "sha256:" + "0" * 64
    answer = Signer(key, lambda: pace).answer(taken, request=digest, at=1)
    return receipt.open_receipt(dsse.parse(answer.body), keys.public_bytes(key))


def test_a_receipt_asks_for_quiet_only_in_a_storm(controller: Controller) -> None:
    writer = Writer(controller.room, bound=30)
    writer._count(STORM)
    assert writer.pace() is None
    writer._count(1)
    assert writer.pace() == QUIET_SECONDS
    assert writer.waiting() == 0
    for _ in range(30):
        writer._waiting.put(None)  # only their number counts
    assert writer.pace() == 4 * QUIET_SECONDS
    assert _receipt(None).next_after_seconds is None
    assert _receipt(QUIET_SECONDS).next_after_seconds == QUIET_SECONDS


@pytest.mark.parametrize("asked", [QUIET_SECONDS, 4 * QUIET_SECONDS, 10**9])
def test_an_agent_stays_away_as_long_as_asked_but_never_longer_than_its_own_limit(
    tmp_path: Path, asked: int
) -> None:
    backoff.succeeded(tmp_path, 1_000, asked)
    waits = backoff.waits(tmp_path, 1_000)
    assert min(asked, backoff.LONGEST_SECONDS // 2) <= waits <= backoff.LONGEST_SECONDS


@pytest.mark.parametrize(("spread", "minutes"), [(SPREAD, 20), (1, 120)], ids=["spread", "at-once"])
def test_everybody_is_served_and_the_queue_never_grows_beyond_its_bound(
    spread: int, minutes: int
) -> None:
    order = random.Random(8_45)
    tries = [0] * COMPUTERS
    comes: dict[int, list[int]] = {}
    for computer in range(COMPUTERS):
        comes.setdefault(order.randrange(spread), []).append(computer)
    left = [JOBS] * COMPUTERS
    queue: deque[int] = deque()
    second = served = 0
    assert BUSY.retry_after_seconds is not None
    while served < COMPUTERS:
        assert second < minutes * 60, f"{COMPUTERS - served} are still not served"
        for computer in comes.pop(second, ()):
            if len(queue) < QUEUE:
                queue.append(computer)
                continue
            tries[computer] += 1
            longest = backoff.FIRST_SECONDS * 2 ** min(tries[computer] - 1, 10)
            wait = backoff.jittered(min(backoff.LONGEST_SECONDS, longest))
            again = second + max(wait, BUSY.retry_after_seconds)
            comes.setdefault(again, []).append(computer)
        for _ in range(min(CAPACITY, len(queue))):
            computer = queue.popleft()
            left[computer] -= 1
            if left[computer]:
                queue.append(computer)
            else:
                served += 1
        second += 1
