"""The other end of `child`: questions in on stdin, an answer to each out on stdout."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec

from controller.pipes import framing

T = TypeVar("T")


def answer_all(kind: type[T], answer: Callable[[T], object]) -> None:
    """Answer every question of a `kind` until no more come or nobody listens."""
    decoder = msgspec.msgpack.Decoder(kind)
    try:
        while (frame := framing.receive(sys.stdin.buffer)) is not None:
            framing.send(sys.stdout.buffer, answer(decoder.decode(frame)))
    except (BrokenPipeError, EOFError):
        # The server went in the middle, which is how it always goes. What is left in the buffer
        # must not be written once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
