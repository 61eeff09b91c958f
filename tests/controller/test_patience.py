"""How long and how much: the bounds on a body, with time in the test's hand."""

import asyncio
from typing import Any

import pytest

from controller.patience import (
    BODY_BYTES,
    BODY_SECONDS,
    CROWDED,
    CROWDED_SECONDS,
    LargeError,
    Message,
    Patience,
    SlowError,
)


async def never() -> Message:
    """A client that sends nothing more."""
    await asyncio.Event().wait()
    raise AssertionError


async def begun(patience: Patience, n: int) -> list["asyncio.Task[Message]"]:
    """So many requests that wait for their body."""

    async def read() -> Message:
        return await patience.guard(never)()

    tasks = [asyncio.create_task(read()) for _ in range(n)]
    await asyncio.sleep(0)
    return tasks


async def given_up(tasks: list["asyncio.Task[Message]"]) -> list[bool]:
    """Which of them were told that they are too slow; ends the others."""
    for _ in range(3):
        await asyncio.sleep(0)
    slow = [task.done() and isinstance(task.exception(), SlowError) for task in tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return slow


@pytest.mark.parametrize(("late", "slow"), [(-0.01, False), (0.5, True)])
def test_a_body_has_its_seconds_and_no_more(late: float, slow: bool) -> None:
    async def story() -> list[bool]:
        patience = Patience()
        tasks = await begun(patience, 1)
        (one,) = patience.waiting.values()
        patience.end_overdue(one.since + BODY_SECONDS + late)
        return await given_up(tasks)

    assert asyncio.run(story()) == [slow]


@pytest.mark.parametrize(("n", "slow"), [(CROWDED - 1, False), (CROWDED, True)])
def test_in_a_crowd_everybody_has_less(n: int, slow: bool) -> None:
    async def story() -> list[bool]:
        patience = Patience()
        tasks = await begun(patience, n)
        oldest = min(one.since for one in patience.waiting.values())
        patience.end_overdue(oldest + CROWDED_SECONDS + 1)
        return await given_up(tasks)

    assert set(asyncio.run(story())) == {slow}


def test_dripping_does_not_start_the_clock_again() -> None:
    async def story() -> bool:
        patience = Patience()
        parts: asyncio.Queue[Message] = asyncio.Queue()
        guarded = patience.guard(parts.get)
        await parts.put({"type": "http.request", "body": b"x", "more_body": True})
        await guarded()
        since = guarded.since
        task = asyncio.create_task(guarded())
        await asyncio.sleep(0)
        patience.end_overdue(since + BODY_SECONDS + 1)
        return (await given_up([task]))[0]

    assert asyncio.run(story())


def test_the_end_of_a_connection_may_be_waited_for_without_end() -> None:
    async def story() -> int:
        patience = Patience()

        async def whole() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        guarded = patience.guard(whole)
        await guarded()
        guarded._receive = never
        task: asyncio.Task[Any] = asyncio.create_task(guarded())
        await asyncio.sleep(0)
        waiting = len(patience.waiting)
        task.cancel()
        return waiting

    assert asyncio.run(story()) == 0


def test_somebody_elses_cancelling_is_not_slowness() -> None:
    async def story() -> bool:
        (task,) = await begun(Patience(), 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(story())


@pytest.mark.parametrize(("size", "large"), [(BODY_BYTES, False), (BODY_BYTES + 1, True)])
def test_a_body_has_its_bytes_and_no_more(size: int, large: bool) -> None:
    async def story() -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": bytes(size), "more_body": False}

        await Patience().guard(receive)()

    if large:
        with pytest.raises(LargeError):
            asyncio.run(story())
    else:
        asyncio.run(story())
