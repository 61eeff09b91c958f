"""How long and how much: the bounds on a body, with time in the test's hand."""

import asyncio

import pytest

from controller.serving.patience import (
    BODY_BYTES,
    BODY_SECONDS,
    CROWDED,
    CROWDED_SECONDS,
    WHOLE_BYTES,
    Body,
    CutError,
    LargeError,
    Patience,
    SlowError,
)
from tests.controller.clients import Client, Gone, Head

Reading = asyncio.Task[tuple[bytes, bool]]


def body(patience: Patience, client: Client, length: str = "") -> Body:
    """The body of a request that says so much about its length."""
    return patience.guard(Head(headers={"content-length": length} if length else {}), client)


async def begun(patience: Patience, n: int, length: str = "") -> list[Reading]:
    """So many requests that wait for their body."""
    tasks = [
        asyncio.create_task(body(patience, Client(waits=True), length).part()) for _ in range(n)
    ]
    await asyncio.sleep(0)
    return tasks


async def given_up(tasks: list[Reading]) -> list[bool]:
    """Which of them were told that they are too slow; ends the others."""
    for _ in range(3):
        await asyncio.sleep(0)
    slow = [task.done() and isinstance(task.exception(), SlowError) for task in tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return slow


@pytest.mark.parametrize("length", ["", "5", str(BODY_BYTES)])
@pytest.mark.parametrize(("late", "slow"), [(-0.01, False), (0.5, True)])
def test_a_body_has_its_seconds_and_no_more(late: float, slow: bool, length: str) -> None:
    async def story() -> list[bool]:
        patience = Patience(Gone)
        tasks = await begun(patience, 1, length)
        (one,) = patience.waiting.values()
        patience.end_overdue(one.since + BODY_SECONDS + late)
        return await given_up(tasks)

    assert asyncio.run(story()) == [slow]


@pytest.mark.parametrize(("n", "slow"), [(CROWDED - 1, False), (CROWDED, True)])
def test_in_a_crowd_everybody_has_less(n: int, slow: bool) -> None:
    async def story() -> list[bool]:
        patience = Patience(Gone)
        tasks = await begun(patience, n)
        oldest = min(one.since for one in patience.waiting.values())
        patience.end_overdue(oldest + CROWDED_SECONDS + 1)
        return await given_up(tasks)

    assert set(asyncio.run(story())) == {slow}


def test_dripping_does_not_start_the_clock_again() -> None:
    async def story() -> bool:
        patience = Patience(Gone)
        guarded = body(patience, Client([b"x"], waits=True))
        assert await guarded.part() == (b"x", True)
        since = guarded.since
        task = asyncio.create_task(guarded.part())
        await asyncio.sleep(0)
        patience.end_overdue(since + BODY_SECONDS + 1)
        return (await given_up([task]))[0]

    assert asyncio.run(story())


def test_whoever_got_the_body_is_no_longer_waited_for() -> None:
    async def story() -> tuple[bytes, int]:
        patience = Patience(Gone)
        whole, more = await body(patience, Client([b"ab", b"c"]), "3").part()
        assert not more
        return whole, len(patience.waiting)

    assert asyncio.run(story()) == (b"abc", 0)


def test_somebody_elses_cancelling_is_not_slowness() -> None:
    async def story() -> bool:
        (task,) = await begun(Patience(Gone), 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(story())


@pytest.mark.parametrize("length", ["", "5"])
def test_a_client_that_leaves_is_not_waited_for(length: str) -> None:
    async def story() -> int:
        patience = Patience(Gone)
        with pytest.raises(CutError):
            await body(patience, Client(leaves=True), length).part()
        return len(patience.waiting)

    assert asyncio.run(story()) == 0


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([b"half"], True), ([], True), ([b"half", b""], False), ([b""], False)],
    ids=["whole", "nothing", "cut", "cut at once"],
)
def test_half_a_body_is_told_from_a_whole_one(parts: list[bytes], whole: bool) -> None:
    async def story() -> None:
        guarded = body(Patience(Gone), Client(parts))
        while (await guarded.part())[1]:
            pass

    if whole:
        asyncio.run(story())
    else:
        with pytest.raises(CutError):
            asyncio.run(story())


@pytest.mark.parametrize(("size", "large"), [(BODY_BYTES, False), (BODY_BYTES + 1, True)])
def test_a_body_has_its_bytes_and_no_more(size: int, large: bool) -> None:
    async def story() -> None:
        pieces = [bytes(1 << 20)] * (size >> 20) + [bytes(size & 0xFFFFF)]
        guarded = body(Patience(Gone), Client([one for one in pieces if one]), str(size))
        while (await guarded.part())[1]:
            pass

    if large:
        with pytest.raises(LargeError):
            asyncio.run(story())
    else:
        asyncio.run(story())


@pytest.mark.parametrize(
    ("length", "whole"),
    [
        ("", 0),
        ("0", 1),
        (str(WHOLE_BYTES), 1),
        (str(WHOLE_BYTES + 1), 0),
        ("-1", 0),
        ("٣", 0),
        ("9" * 20, 0),
    ],
    ids=["chunked", "nothing", "most", "more", "negative", "other digits", "huge"],
)
def test_only_what_is_said_to_be_short_is_held_before_it_is_counted(
    length: str, whole: int
) -> None:
    async def story() -> int:
        client = Client([b"x"])
        await body(Patience(Gone), client, length).part()
        return client.whole

    assert asyncio.run(story()) == whole
