"""Read one request body, never more than agreed (trust §4.4, T9, T10).

A client that is still sending does not read an answer: a 413 sent at once reached it in 5 of 8
tries at 300 kB. So what is over the limit is read and thrown away up to a bound, and only then
refused.
"""

from typing import Final, NamedTuple, Protocol

from controller.intake.jobs import Form
from controller.intake.outcomes import RefusedError
from controller.serving.patience import Headers
from wire import limits, types
from wire.packing import gunzip_limited

DRAIN: Final = 1024 * 1024
"""Bytes over the limit that are still read before refusing; beyond it the connection just ends."""


class Parts(Protocol):
    """A body that comes in parts."""

    async def part(self) -> tuple[bytes, bool]:
        """The next, and whether more may come; who has hung up sends no more."""
        ...


class Request(NamedTuple):
    """One request as intake sees it, its body still to be read. `client` is address and port."""

    method: str
    path: str
    headers: Headers
    client: str
    body: Parts
    query: str = ""


async def envelope(request: Request) -> tuple[bytes, Form]:
    """The signed envelope in the request, still closed, and how it travelled. Raises
    RefusedError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == types.PACKED_TYPE:
        return await _limited(request, limits.ENVELOPE), "frame"
    return await _limited(request, limits.ENVELOPE), "gzip" if _is_gzip(request) else "plain"


async def body(request: Request, *, plain_limit: int) -> bytes:
    """The request's body, inflated when it says it is gzip.

    `plain_limit` is in bytes after inflating; compressed, at most BODY_COMPRESSED are read. Raises
    RefusedError and WireError.
    """
    if not _is_gzip(request):
        return await _limited(request, plain_limit)
    return gunzip_limited(await _limited(request, limits.BODY_COMPRESSED), plain_limit)


def _is_gzip(request: Request) -> bool:
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise RefusedError("malformed", "A body is sent plain or with gzip.")
    return encoding == "gzip"


async def _limited(request: Request, limit: int) -> bytes:
    declared = _declared(request)
    if declared is not None and declared > limit:
        await _drain(request.body, min(declared, DRAIN))
        raise RefusedError("too_large")
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= limit:
        part, more = await request.body.part()
        parts.append(part)
        size += len(part)
    if size > limit:
        if more:
            await _drain(request.body, DRAIN)
        raise RefusedError("too_large")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _declared(request: Request) -> int | None:
    """Content-Length in bytes; None for a chunked body. Raises RefusedError for what is no
    number."""
    text = request.headers.get("content-length", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RefusedError("malformed", "The length of the body is not a number.")
    return int(text)


async def _drain(body: Parts, bound: int) -> None:
    more = True
    while more and bound > 0:
        part, more = await body.part()
        bound -= len(part)
