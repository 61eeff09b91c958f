"""How many pages at once and how much of bodies: the bounds in front of Django."""

import asyncio

import pytest

from controller.pages import AT_ONCE, HELD_BYTES, Pages
from controller.patience import LargeError, Message, Receive, Scope, Send

PIECE = 1 << 20


def body_of(pieces: int) -> Receive:
    """A client that sends so many MiB, then waits."""
    left = [pieces]

    async def receive() -> Message:
        if left[0] == 0:
            await asyncio.Event().wait()
        left[0] -= 1
        return {"type": "http.request", "body": bytes(PIECE), "more_body": left[0] > 0}

    return receive


async def nowhere(message: Message) -> None:
    """Answers that nobody reads."""


def test_only_so_many_pages_are_made_at_once_and_the_rest_wait() -> None:
    async def story() -> tuple[int, int]:
        now, most, gate = [0], [0], asyncio.Event()

        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            now[0] += 1
            most[0] = max(most[0], now[0])
            await gate.wait()
            now[0] -= 1

        pages = Pages(page)
        tasks = [asyncio.create_task(pages({}, body_of(1), nowhere)) for _ in range(AT_ONCE + 5)]
        for _ in range(5):
            await asyncio.sleep(0)
        waiting = now[0]
        gate.set()
        await asyncio.gather(*tasks)
        return waiting, most[0]

    assert asyncio.run(story()) == (AT_ONCE, AT_ONCE)


def test_a_page_gets_the_whole_body_and_then_the_end_of_the_connection() -> None:
    async def story() -> list[int]:
        got: list[int] = []

        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            got.append(len((await receive())["body"]))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.ensure_future(receive()), 0.01)

        await Pages(page)({}, body_of(3), nowhere)
        return got

    assert asyncio.run(story()) == [3 * PIECE]


def test_a_client_that_left_makes_no_page() -> None:
    async def story() -> list[str]:
        made: list[str] = []

        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            made.append("page")

        async def gone() -> Message:
            return {"type": "http.disconnect"}

        await Pages(page)({}, gone, nowhere)
        return made

    assert asyncio.run(story()) == []


def test_bodies_together_have_a_bound_and_give_back_what_they_held() -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    async def story() -> None:
        pages = Pages(page)
        most = HELD_BYTES // PIECE
        with pytest.raises(LargeError):
            await pages({}, body_of(most + 1), nowhere)
        await pages({}, body_of(most), nowhere)

    asyncio.run(story())
