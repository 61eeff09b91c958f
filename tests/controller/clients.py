"""A client's request as granian would hand it over, without a socket."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field


class Gone(Exception):  # noqa: N818  what granian raises is called "closed"
    """What reading from a client that left raises."""


@dataclass
class Head:
    """A request's head."""

    method: str = "POST"
    path: str = "/"
    query_string: str = ""
    scheme: str = "https"
    http_version: str = "1.1"
    client: str = "192.0.2.7:40000"
    server: str = "127.0.0.1:8443"
    headers: dict[str, str] = field(default_factory=dict)


class Client:
    """A connection that gives `parts`, then ends the body as granian does, waits or leaves; keeps
    the answer."""

    def __init__(
        self, parts: Sequence[bytes] = (), *, waits: bool = False, leaves: bool = False
    ) -> None:
        """`waits`: the rest of the body never comes; `leaves`: the connection ends in it."""
        self._parts = list(parts)
        self._waits = waits
        self._leaves = leaves
        self._ended = False
        self.taken = 0
        self.whole = 0
        """How often the body was taken in one piece."""
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.pieces: list[int] = []
        """The sizes of what came, where the answer came in parts."""
        self.reads = True
        """Whether this client takes what it is sent."""

    async def __call__(self) -> bytes:
        """All of it."""
        self.whole += 1
        return b"".join([part async for part in self])

    def __aiter__(self) -> AsyncIterator[bytes]:
        """In parts."""
        return self

    async def __anext__(self) -> bytes:
        """The next part."""
        if self._parts:
            self.taken += 1
            return self._parts.pop(0)
        if self._leaves:
            raise Gone
        if self._waits:
            await asyncio.Event().wait()
        if self._ended:
            raise StopAsyncIteration
        self._ended = True
        return b""

    async def client_disconnect(self) -> None:
        """This client stays for ever."""
        await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        """Keep the answer; there is only ever one."""
        assert self.answer is None
        self.answer = (status, dict(headers), body)

    def response_stream(self, status: int, headers: list[tuple[str, str]], /) -> "Client":
        """Begin to keep an answer."""
        self.response_bytes(status, headers, b"")
        return self

    async def send_bytes(self, data: bytes, /) -> None:
        """Keep more of it."""
        if not self.reads:
            await asyncio.Event().wait()
        assert self.answer is not None
        self.pieces.append(len(data))
        self.answer = (*self.answer[:2], self.answer[2] + data)
