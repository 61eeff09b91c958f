"""What travels through a pipe: msgpack, one length-prefixed frame for each message."""

from typing import IO, Final

import msgspec

LENGTH: Final = 4
FRAME: Final = 64 * 1024 * 1024
"""Bytes; one device with 64 sections of 512 KiB fits with room to spare."""

_ENCODER: Final = msgspec.msgpack.Encoder()


def send(stream: IO[bytes], message: object) -> None:
    """Write one frame."""
    data = _ENCODER.encode(message)
    stream.write(len(data).to_bytes(LENGTH, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None at the end of the stream. Raises EOFError in the middle of one."""
    head = stream.read(LENGTH)
    if not head:
        return None
    size = int.from_bytes(head, "big")
    data = stream.read(size) if size <= FRAME else b""
    if len(head) < LENGTH or len(data) < size:
        raise EOFError("the other process ended in the middle of a message")
    return data
