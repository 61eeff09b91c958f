"""How much and how long a client may take to send a body (T9, T18).

Neither the server nor Django has a bound on the time; and Django, on asyncio, writes a whole body
to disk before it looks at its size. So every body is read through `Patience`: it ends reading that
takes too long, and gives no more than the most that any page takes. When many bodies are waited
for, waiting gets shorter.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
"""The shapes of ASGI, as Django's handler takes them."""

BODY_SECONDS: Final = 20.0
"""For one whole body: the largest at 13 kB/s, as thirty laptops share a school's old line."""
CROWDED: Final = 512
"""Bodies waited for at once from which on there is less time."""
CROWDED_SECONDS: Final = 2.0
"""For one whole body while it is crowded."""
BODY_BYTES: Final = 4 * 1024 * 1024
"""More than any page or message takes; intake has smaller limits of its own."""
_LOOK_EVERY_SECONDS: Final = 0.5


class SlowError(Exception):
    """A body took too long."""


class LargeError(Exception):
    """A body is more than anything here takes."""


class Patience:
    """The bodies one process waits for."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self.waiting: dict[int, Patient] = {}
        self._watch: asyncio.Task[None] | None = None

    def guard(self, receive: Receive) -> "Patient":
        """`receive` with bounds."""
        return Patient(self, receive)

    def begin(self, one: "Patient") -> None:
        """Somebody waits; watch for as long as anybody does."""
        self.waiting[id(one)] = one
        if self._watch is None:
            self._watch = asyncio.create_task(self._look())

    def end_overdue(self, now: float) -> None:
        """Wake whoever has waited too long."""
        waiting = list(self.waiting.values())
        allowed = CROWDED_SECONDS if len(waiting) >= CROWDED else BODY_SECONDS
        for one in waiting:
            if now - one.since > allowed:
                one.give_up()

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self.waiting:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            self.end_overdue(loop.time())
        self._watch = None


class Patient:
    """One request's body."""

    __slots__ = ("_bytes", "_ended", "_gave_up", "_patience", "_receive", "_task", "since")

    def __init__(self, patience: Patience, receive: Receive) -> None:
        """`receive` is the server's own."""
        self._patience = patience
        self._receive = receive
        self._bytes = 0
        self._ended = False
        self._gave_up = False
        self._task: asyncio.Task[Any] | None = None
        self.since = 0.0

    async def __call__(self) -> Message:
        """The next part. Raises SlowError and LargeError."""
        if self._ended:
            # What comes now is the end of the connection, and may take as long as the answer does.
            return await self._receive()
        message = await self._next()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_BYTES:
            raise LargeError
        self._ended = not message.get("more_body", False)
        return message

    async def _next(self) -> Message:
        self._task = asyncio.current_task()
        self.since = self.since or asyncio.get_running_loop().time()
        self._patience.begin(self)
        try:
            return await self._receive()
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
