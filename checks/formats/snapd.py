"""snapd's answer to `GET /v2/snaps` on its socket: an HTTP answer with one JSON document.

`snap list` prints columns that vary; the socket does not. Traps: bases, kernels and snapd itself
are snaps too (`type`); the publisher's `validation` says whether Canonical knows who it is.
"""

import datetime

import msgspec

from checks.formats.errors import ParseError

QUESTION = b"GET /v2/snaps HTTP/1.0\r\nHost: localhost\r\n\r\n"
"""What to ask `/run/snapd.socket`; HTTP/1.0, so the answer is not chunked and ends the line."""


class Snap(msgspec.Struct, frozen=True):
    """One installed snap. `kind` is app, base, kernel, gadget, os or snapd."""

    name: str
    version: str
    publisher: str
    kind: str
    installed_at: int | None


class _Publisher(msgspec.Struct):
    display: str = msgspec.field(name="display-name", default="")


class _Row(msgspec.Struct):
    name: str
    version: str = ""
    type: str = "app"
    publisher: _Publisher = msgspec.field(default_factory=_Publisher)
    installed: str = msgspec.field(name="install-date", default="")


class _Answer(msgspec.Struct):
    result: list[_Row]


def parse(data: bytes) -> list[Snap]:
    """The snaps of an answer, with or without its HTTP head. Raises ParseError."""
    if data.startswith(b"HTTP/"):
        head, _, data = data.partition(b"\r\n\r\n")
        status = head.split(b"\r\n", 1)[0].split()
        if len(status) < 2 or status[1] != b"200":
            raise ParseError("snapd refused")
    try:
        answer = msgspec.json.decode(data, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error
    return [
        Snap(row.name, row.version, row.publisher.display, row.type, _epoch(row.installed))
        for row in answer.result
    ]


def _epoch(text: str) -> int | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        return None
