"""Read one request body, never more than agreed (trust §4.4, T9, T10).

A client that is still sending does not read an answer: a 413 sent at once reached it in 5 of 8
tries at 300 kB. So what is over the limit is read and thrown away up to a bound, and only then
refused.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from controller.intake.outcomes import RefusedError
from wire import frame, limits, types
from wire.packing import gunzip_limited

DRAIN: Final = 1024 * 1024
"""Bytes over the limit that are still read before refusing; beyond it the connection just ends."""
CHUNK: Final = 64 * 1024

Environ = Mapping[str, Any]


class Input(Protocol):
    """The part of `wsgi.input` used here."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; b"" at the end."""


def envelope(environ: Environ) -> bytes:
    """The signed envelope in the request: as JSON, plain or with gzip, or packed as a frame.

    Raises RefusedError and WireError.
    """
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if kind == types.PACKED_TYPE:
        return frame.unpack(_limited(environ, limits.BODY_COMPRESSED))
    return body(environ, plain_limit=limits.ENVELOPE)


def body(environ: Environ, *, plain_limit: int) -> bytes:
    """The request's body, inflated when it says it is gzip.

    `plain_limit` is in bytes after inflating; compressed, at most BODY_COMPRESSED are read. Raises
    RefusedError and WireError.
    """
    encoding = str(environ.get("HTTP_CONTENT_ENCODING", "")).strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise RefusedError("malformed", "A body is sent plain or with gzip.")
    limit = limits.BODY_COMPRESSED if encoding == "gzip" else plain_limit
    raw = _limited(environ, limit)
    return gunzip_limited(raw, plain_limit) if encoding == "gzip" else raw


def _limited(environ: Environ, limit: int) -> bytes:
    source: Input = environ["wsgi.input"]
    declared = _declared(environ)
    if declared is not None and declared > limit:
        _drain(source, min(declared, DRAIN))
        raise RefusedError("too_large")
    parts: list[bytes] = []
    left = limit + 1 if declared is None else declared
    while left > 0 and (part := source.read(min(left, CHUNK))):
        parts.append(part)
        left -= len(part)
    raw = b"".join(parts)
    if len(raw) > limit:
        _drain(source, DRAIN)
        raise RefusedError("too_large")
    return raw


def _declared(environ: Environ) -> int | None:
    """Content-Length in bytes; None for a chunked body. Raises RefusedError for what is no
    number."""
    text = str(environ.get("CONTENT_LENGTH") or "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RefusedError("malformed", "The length of the body is not a number.")
    return int(text)


def _drain(source: Input, bound: int) -> None:
    while bound > 0 and (part := source.read(CHUNK)):
        bound -= len(part)
