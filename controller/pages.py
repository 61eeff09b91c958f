"""Django's pages behind two bounds: how many are made at once, and how much of bodies is held.

On asyncio Django would start a thread for each request, however many come together, and hold it
while a body trickles in. So a body is gathered first, without a thread, and only then does the
request take one of a few turns.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from controller.patience import LargeError, Message, Receive, Scope, Send

AT_ONCE: Final = 32
"""Pages made at the same time; each takes some ten milliseconds, so more only wait in turn."""
HELD_BYTES: Final = 64 * 1024 * 1024
"""Of bodies, by all requests together."""

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Pages:
    """An ASGI application around another."""

    def __init__(self, application: Application) -> None:
        """`application` is Django's."""
        self._application = application
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises what `receive` raises, and LargeError when too much is
        held."""
        body = bytearray()
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                part, more = message.get("body", b""), message.get("more_body", False)
                self._held += len(part)
                body += part
                if self._held > HELD_BYTES:
                    raise LargeError
            async with self._turns:
                await self._application(scope, _again(bytes(body), receive), send)
        finally:
            self._held -= len(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever the connection does next."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return first.pop() if first else await receive()

    return give
