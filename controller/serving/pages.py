"""Django's pages behind two bounds: how many are made at once, and how much of bodies is held.

On asyncio Django would start a thread for each request, however many come together, and hold it
while a body trickles in. So a body is gathered first, without a thread, and only then does the
request take one of a few turns. An upload is gathered in a file, which has no name and is gone with
the process. Django speaks ASGI and the server RSGI; the two meet here.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final, Protocol

from controller.serving.patience import Allowance, LargeError, Proto, Scope

AT_ONCE: Final = 32
"""Pages made at the same time; each takes some ten milliseconds, so more only wait in turn."""
HELD_BYTES: Final = 64 * 1024 * 1024
"""Of bodies, by all requests together."""
PIECE_BYTES: Final = 64 * 1024
"""Of an answer that goes out in pieces; a shorter one goes out whole."""
PIECE_SECONDS: Final = 30.0
"""For a client to take one piece; who takes longer gets no more."""

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
"""The shapes of ASGI, as Django's handler takes them."""


class Parts(Protocol):
    """A body that comes in parts."""

    allowance: Allowance

    async def part(self) -> tuple[bytes, bool]:
        """The next, and whether more may come."""
        ...


class Pages:
    """An ASGI application behind the bounds."""

    def __init__(self, application: Application, folder: Path | None = None) -> None:
        """`application` is Django's; uploads are written in `folder` (None: the system's own)."""
        self._application = application
        self._folder = folder
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._held = 0
        self._files: dict[bytes, bytes] = {}

    async def __call__(self, scope: Scope, body: Parts, proto: Proto) -> None:
        """Answer one request. Raises what `body` raises, and LargeError when too much is held."""
        if body.allowance.to_disk:
            with tempfile.TemporaryFile(dir=self._folder) as file:
                await _gather(body, file)
                answer = await self._answered(scope, _read(file, proto))
        else:
            answer = await self._held_answer(scope, body, proto)
        if answer.status:
            await self._give(proto, answer)

    async def _held_answer(self, scope: Scope, body: Parts, proto: Proto) -> "_Answer":
        held = bytearray()
        try:
            more = True
            while more:
                part, more = await body.part()
                self._held += len(part)
                held += part
                if self._held > HELD_BYTES:
                    raise LargeError
            return await self._answered(scope, _given(bytes(held), proto))
        finally:
            self._held -= len(held)

    async def _answered(self, scope: Scope, receive: Receive) -> "_Answer":
        answer = _Answer()
        async with self._turns:
            await self._application(as_asgi(scope), receive, answer.take)
        return answer

    async def _give(self, proto: Proto, answer: "_Answer") -> None:
        """Send an answer; ends early where the client does not take it."""
        body = b"".join(answer.parts)
        answer.parts.clear()
        if len(body) <= PIECE_BYTES:
            proto.response_bytes(answer.status, answer.headers, body)
            return
        if answer.is_file():
            body = self._files.setdefault(body, body)
        stream = proto.response_stream(answer.status, answer.headers)
        try:
            for start in range(0, len(body), PIECE_BYTES):
                piece = body[start : start + PIECE_BYTES]
                await asyncio.wait_for(stream.send_bytes(piece), PIECE_SECONDS)
        except TimeoutError:
            pass  # the answer's length was said, so what is missing is seen


class _Answer:
    """What the application sends, gathered: pages and exports are made whole anyway."""

    def __init__(self) -> None:
        """Nothing sent; it stays so when the client left before."""
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.parts: list[bytes] = []

    async def take(self, message: Message) -> None:
        """One message of the application."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            pairs = message["headers"]
            self.headers = [
                (name.decode("ascii"), value.decode("latin-1")) for name, value in pairs
            ]
        else:
            self.parts.append(message.get("body", b""))

    def is_file(self) -> bool:
        """Whether it is one of the few files that are the same for everybody."""
        kept = [value for name, value in self.headers if name == "cache-control"]
        return self.status == 200 and any("public" in value for value in kept)


def as_asgi(scope: Scope) -> dict[str, Any]:
    """The head of a request in ASGI's words. Nobody needs a part of a file, and every part asked
    for would be held on its own."""
    pairs = [pair for pair in scope.headers.items() if pair[0] != "range"]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": scope.path,
        "query_string": scope.query_string.encode("latin-1", "replace"),
        "root_path": "",
        "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs],
        "client": endpoint(scope.client),
        "server": endpoint(scope.server),
    }


def endpoint(text: str) -> tuple[str, int]:
    """`10.0.0.1:443` or `[::1]:443` as address and port."""
    address, _, port = text.rpartition(":")
    return address.strip("[]"), int(port)


def _given(body: bytes, proto: Proto) -> Receive:
    """The body in one piece, then the end of the connection, which may take as long as it does."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        if first:
            return first.pop()
        await proto.client_disconnect()
        return {"type": "http.disconnect"}

    return give


async def _gather(body: Parts, file: IO[bytes]) -> None:
    """Write a body down as it comes; only a part of it is ever held."""
    more = True
    while more:
        part, more = await body.part()
        file.write(part)
    file.seek(0)


def _read(file: IO[bytes], proto: Proto) -> Receive:
    """The body from its file, piece by piece, then the end of the connection."""
    ended: list[bool] = []

    async def give() -> Message:
        if ended:
            await proto.client_disconnect()
            return {"type": "http.disconnect"}
        piece = file.read(PIECE_BYTES)
        if not piece:
            ended.append(True)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    return give
