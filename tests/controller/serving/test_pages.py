"""How many pages at once and how much of bodies: the bounds in front of Django."""

import asyncio
import inspect
from pathlib import Path
from typing import Any, cast

import pytest

from controller.serving import pages
from controller.serving.pages import (
    AT_ONCE,
    HELD_BYTES,
    PIECE_BYTES,
    Application,
    Pages,
    Receive,
    Send,
    as_asgi,
    endpoint,
)
from controller.serving.patience import ORDINARY, Allowance, LargeError
from controller.serving.uploads import PAPERS
from tests.controller.clients import Client, Gone, Head

PIECE = 1 << 20


class Pieces:
    """A body of so many MiB."""

    def __init__(self, pieces: int, allowance: Allowance = ORDINARY) -> None:
        """All still to come."""
        self.allowance = allowance
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

        front = Pages(page)
        tasks = [
            asyncio.create_task(front(Head(), Pieces(1), Client())) for _ in range(AT_ONCE + 5)
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


def test_an_upload_lies_in_a_file_and_is_handed_on_in_pieces(tmp_path: Path) -> None:
    async def story() -> tuple[int, int]:
        got, largest = 0, 0

        async def page(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            nonlocal got, largest
            while True:
                message = await receive()
                got += len(message["body"])
                largest = max(largest, len(message["body"]))
                if not message["more_body"]:
                    break
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.ensure_future(receive()), 0.01)

        front = Pages(page, tmp_path)
        await front(Head(), Pieces(5, PAPERS), Client())
        assert front._held == 0
        return got, largest

    assert asyncio.run(story()) == (5 * PIECE, PIECE_BYTES)
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_left_makes_no_page() -> None:
    class Leaving:
        allowance = ORDINARY

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
        front = Pages(blank)
        most = HELD_BYTES // PIECE
        with pytest.raises(LargeError):
            await front(Head(), Pieces(most + 1), Client())
        await front(Head(), Pieces(most), Client())

    asyncio.run(story())


def test_an_answer_goes_out_whole_with_its_headers() -> None:
    client = Client()
    asyncio.run(Pages(blank)(Head(), Pieces(1), client))
    assert client.answer == (200, {"set-cookie": "a=1", "x-place": "Café"}, b"one two")


def large(cache: bytes) -> Application:
    """An application with one answer, larger than goes out whole."""

    async def page(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        head = [(b"cache-control", cache)]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"x" * (3 * PIECE_BYTES + 1)})

    return page


def test_a_large_answer_goes_out_in_pieces_each_after_the_one_before_was_taken() -> None:
    client = Client()
    asyncio.run(Pages(large(b"no-store"))(Head(), Pieces(1), client))
    assert client.pieces == [PIECE_BYTES] * 3 + [1]
    assert client.answer == (200, {"cache-control": "no-store"}, b"x" * (3 * PIECE_BYTES + 1))


def test_who_does_not_take_a_large_answer_gets_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PIECE_SECONDS", 0.01)
    client = Client()
    client.reads = False
    asyncio.run(Pages(large(b"no-store"))(Head(), Pieces(1), client))
    assert client.pieces == []


def test_a_file_is_held_once_however_many_read_it_slowly() -> None:
    async def held(cache: bytes) -> int:
        front = Pages(large(cache))
        slow = [Client() for _ in range(20)]
        for client in slow:
            client.reads = False
        lines = [asyncio.create_task(front(Head(), Pieces(1), client)) for client in slow]
        for _ in range(20):
            await asyncio.sleep(0)
        coros = [cast("Any", line.get_coro()) for line in lines]
        bodies = {id(inspect.getcoroutinelocals(one.cr_await)["body"]) for one in coros}
        for line in lines:
            line.cancel()
        return len(bodies)

    assert asyncio.run(held(b"max-age=60, public")) == 1
    assert asyncio.run(held(b"no-store")) == 20


def test_nobody_is_given_a_part_of_a_file_which_would_be_held_on_its_own() -> None:
    scope = as_asgi(Head(headers={"range": "bytes=1-", "if-range": "x"}))
    assert [name for name, _ in scope["headers"]] == [b"if-range"]


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
