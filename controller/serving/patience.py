"""How much and how long a client may take to send a body (T9, T18).

Neither the server nor Django has a bound on the time; the server would hold a body of any size, and
Django, on asyncio, writes it to disk before it looks. So every body is read through `Patience`: it
ends reading that takes too long, and gives no more than the most that any page takes. When many
bodies are waited for, waiting gets shorter. Uploads of people who are signed in have more of both
(`uploads`), and are counted there.

Trap: the server ends a body that it gives in parts by one empty part. Where the body was cut short,
or is not what its head says, it puts an empty part in the place of the error and goes on to the
end, so two in a row are all that tells half a body from a whole one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")

BODY_SECONDS: Final = 20.0
"""For one whole body: the largest at 13 kB/s, as thirty laptops share a school's old line."""
CROWDED: Final = 512
"""Bodies waited for at once from which on there is less time."""
CROWDED_SECONDS: Final = 2.0
"""For one whole body while it is crowded."""
BODY_BYTES: Final = 4 * 1024 * 1024
"""More than any page or message takes; intake has smaller limits of its own."""
WHOLE_BYTES: Final = 64 * 1024
"""A body that is said to be no longer than this is taken in one piece, which costs least; a longer
one in parts, so that nobody holds megabytes before they are counted."""
_LOOK_EVERY_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one request may send; `to_disk`: it is written there and not held, and a crowd does not
    shorten it, because there are only a few of its kind."""

    most_bytes: int
    seconds: float
    to_disk: bool = False


ORDINARY: Final = Allowance(BODY_BYTES, BODY_SECONDS)


class Headers(Protocol):
    """Of a request, names in lower case; of one that is repeated, `get` gives the first."""

    def get(self, key: str, default: str, /) -> str:
        """One value."""
        ...

    def items(self) -> Iterable[tuple[str, str]]:
        """All, in order."""
        ...


class Scope(Protocol):
    """A request's head as RSGI gives it; `client` and `server` are address and port."""

    method: str
    path: str
    query_string: str
    scheme: str
    http_version: str
    client: str
    server: str

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        ...


class Proto(Protocol):
    """A request's connection as RSGI gives it."""

    def __call__(self) -> Awaitable[bytes]:
        """The whole body."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in parts."""
        ...

    def client_disconnect(self) -> Awaitable[None]:
        """Done when the client has gone."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        """Answer."""
        ...

    def response_stream(self, status: int, headers: list[tuple[str, str]], /) -> "Stream":
        """Begin to answer in parts."""
        ...


class Stream(Protocol):
    """An answer that goes out in parts."""

    def send_bytes(self, data: bytes, /) -> Awaitable[None]:
        """The next one, once the client has taken what went before."""
        ...


class SlowError(Exception):
    """A body took too long."""


class LargeError(Exception):
    """A body is more than anything here takes."""


class CutError(Exception):
    """A body ended before its end, or is not what its head says."""


class Patience:
    """The bodies one process waits for."""

    def __init__(self, closed: type[Exception]) -> None:
        """Nobody waits yet. `closed` is what the server raises for a body that did not come."""
        self.closed = closed
        self.waiting: dict[int, Body] = {}
        self._watch: asyncio.Task[None] | None = None

    def guard(self, scope: Scope, proto: Proto, allowance: Allowance = ORDINARY) -> "Body":
        """The request's body, with bounds."""
        return Body(self, proto, scope.headers.get("content-length", ""), allowance)

    def begin(self, one: "Body") -> None:
        """Somebody waits; watch for as long as anybody does."""
        self.waiting[id(one)] = one
        if self._watch is None:
            self._watch = asyncio.create_task(self._look())

    def end_overdue(self, now: float) -> None:
        """Wake whoever has waited too long."""
        waiting = list(self.waiting.values())
        crowded = len(waiting) >= CROWDED
        for one in waiting:
            if now - one.since > one.seconds(crowded=crowded):
                one.give_up()

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self.waiting:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            self.end_overdue(loop.time())
        self._watch = None


class Body:
    """One request's body."""

    __slots__ = (
        *("_bytes", "_ended", "_gave_up", "_parts", "_patience", "_proto", "_task", "_whole"),
        *("allowance", "since"),
    )

    def __init__(
        self, patience: Patience, proto: Proto, declared: str, allowance: Allowance
    ) -> None:
        """`declared` is the Content-Length as it stands in the request."""
        self.allowance = allowance
        self._patience = patience
        self._proto = proto
        # Whoever says how much comes can send no more than that.
        digits = declared.isascii() and declared.isdigit() and len(declared) < 16
        self._whole = digits and int(declared) <= WHOLE_BYTES
        self._parts: AsyncIterator[bytes] | None = None
        self._bytes = 0
        self._ended = False
        self._gave_up = False
        self._task: asyncio.Task[Any] | None = None
        self.since = 0.0

    async def part(self) -> tuple[bytes, bool]:
        """The next part, and whether more may come. Raises SlowError, LargeError and CutError."""
        try:
            if self._whole:
                return await self._wait(self._proto()), False
            if self._parts is None:
                self._parts = aiter(self._proto)
            part = await self._wait(anext(self._parts))
        except StopAsyncIteration:
            if not self._ended:
                raise CutError from None
            return b"", False
        except self._patience.closed:
            raise CutError from None
        if self._ended:
            raise CutError
        self._ended = not part
        self._bytes += len(part)
        if self._bytes > self.allowance.most_bytes:
            raise LargeError
        return part, True

    def seconds(self, *, crowded: bool) -> float:
        """How long it may take in all."""
        hurried = crowded and not self.allowance.to_disk
        return CROWDED_SECONDS if hurried else self.allowance.seconds

    async def _wait(self, coming: Awaitable[T]) -> T:
        self._task = asyncio.current_task()
        self.since = self.since or asyncio.get_running_loop().time()
        self._patience.begin(self)
        try:
            return await coming
        except asyncio.CancelledError:
            if self._gave_up and self._task is not None and self._task.uncancel() == 0:
                raise SlowError from None
            raise
        finally:
            del self._patience.waiting[id(self)]

    def give_up(self) -> None:
        """End the waiting."""
        if self._task is not None and not self._gave_up:
            self._gave_up = True
            self._task.cancel()
