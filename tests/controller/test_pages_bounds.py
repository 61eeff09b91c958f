"""How many pages at once and how much of bodies: the bounds in front of Django."""

import asyncio
from typing import Any

import pytest

from controller.pages import AT_ONCE, HELD_BYTES, Pages, Receive, Send, as_asgi, endpoint
from controller.patience import LargeError
from tests.controller.clients import Client, Gone, Head

PIECE = 1 << 20


class Pieces:
    """A body of so many MiB."""

    def __init__(self, pieces: int) -> None:
        """All still to come."""
        self._left = pieces

    async def part(self) -> tuple[bytes, bool]:
        """One MiB."""
        self._left -= 1
        return bytes(PIECE), self._left > 0


async def blank(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The plainest page, in two parts."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"set-cookie", b"a=1"), (b"x-place", "Caf\u00e9".encode("latin-1"))],
        }
    )
    await send({"type": "http.response.body", "body": b"one ", "more_body": True})
    await send({"type": "http.response.body", "body": b"two"})


def test_only_so_many_pages_are_made_at_once_and_the_rest_wait() -> None:
    async def story() -> tuple[int, int]:
        now, most, gate = [0], [0], asyncio.Event()

        async def page(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            now[0] += 1
            most[0] = max(most[0], now[0])
            await gate.wait()
            now[0] -= 1

        pages = Pages(page)
        tasks = [
            asyncio.create_task(pages(Head(), Pieces(1), Client())) for _ in range(AT_ONCE + 5)
        ]
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

        async def page(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            got.append(len((await receive())["body"]))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.ensure_future(receive()), 0.01)

        await Pages(page)(Head(), Pieces(3), Client())
        return got

    assert asyncio.run(story()) == [3 * PIECE]


def test_a_client_that_left_makes_no_page() -> None:
    class Leaving:
        async def part(self) -> tuple[bytes, bool]:
            raise Gone

    async def story() -> None:
        client = Client()
        with pytest.raises(Gone):
            await Pages(blank)(Head(), Leaving(), client)
        assert client.answer is None

    asyncio.run(story())


def test_an_application_that_gave_up_answers_nothing() -> None:
    async def silent(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """As Django does when the client left meanwhile."""

    client = Client()
    asyncio.run(Pages(silent)(Head(), Pieces(1), client))
    assert client.answer is None


def test_bodies_together_have_a_bound_and_give_back_what_they_held() -> None:
    async def story() -> None:
        pages = Pages(blank)
        most = HELD_BYTES // PIECE
        with pytest.raises(LargeError):
            await pages(Head(), Pieces(most + 1), Client())
        await pages(Head(), Pieces(most), Client())

    asyncio.run(story())


def test_an_answer_goes_out_whole_with_its_headers() -> None:
    client = Client()
    asyncio.run(Pages(blank)(Head(), Pieces(1), client))
    assert client.answer == (200, {"set-cookie": "a=1", "x-place": "Café"}, b"one two")


def test_the_head_of_a_request_says_the_same_in_asgi() -> None:
    head = Head(method="GET", path="/a b/é", query_string="q=%20x", headers={"x-name": "Caf\u00e9"})
    scope = as_asgi(head)
    assert (scope["method"], scope["path"], scope["query_string"]) == ("GET", "/a b/é", b"q=%20x")
    assert (b"x-name", b"Caf\xe9") in scope["headers"]
    assert (scope["client"], scope["server"]) == (("192.0.2.7", 40_000), ("127.0.0.1", 8443))


@pytest.mark.parametrize(
    ("text", "pair"),
    [("10.0.0.1:443", ("10.0.0.1", 443)), ("[2001:db8::1]:8443", ("2001:db8::1", 8443))],
)
def test_an_address_and_its_port_are_told_apart(text: str, pair: tuple[str, int]) -> None:
    assert endpoint(text) == pair
