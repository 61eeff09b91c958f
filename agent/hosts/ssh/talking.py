"""Questions and answers as they travel to `answering.pl`: pieces with their lengths, in batches.

What comes back is hostile: it is bounded in size and in silence, it may hold nothing that was not
asked, and a login script that talks first is passed over up to a mark it cannot know.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Final, Literal, Protocol, cast, get_args

import msgspec

from checks.host import CannotLook
from checks.unseen import REASONS, Reason

PATIENCE: Final = 30
"""Seconds of silence, beyond what a program was given, after which nobody is there any more."""
BATCH_BYTES: Final = 64 << 20
"""Bytes of all answers to one batch; eight of the largest files a reader asks for."""
BATCH: Final = 256
"""Questions sent before answers are read: less than what fits into the pipes between."""
_BEFORE_MARK = 64 << 10
_LINE = 100
_PIECES = 600_000

Words = tuple[bytes, ...]
"""A question: the method, then its arguments."""
Pieces = list[bytes]
Status = Literal["ok", "none", "cannot"]


class BrokenError(Exception):
    """The line is gone, or what came over it was no answer; the sentence is for a person."""


class Line(Protocol):
    """Bytes to a program over there and back."""

    def send(self, data: bytes) -> None:
        """All of it. Raises OSError."""

    def receive(self, seconds: float) -> bytes:
        """Some bytes, none at the end. Raises TimeoutError, OSError."""


class Answer(msgspec.Struct, frozen=True):
    """What one question was given."""

    status: Status
    pieces: Pieces

    def given(self) -> Pieces | None:
        """The pieces; None for nothing there. Raises CannotLook."""
        if self.status == "cannot":
            said = self.pieces[0].decode("ascii", "replace") if self.pieces else ""
            raise CannotLook(cast("Reason", said) if said in REASONS else "parse-error")
        return None if self.status == "none" else self.pieces


class Talk:
    """One conversation."""

    def __init__(
        self,
        line: Line,
        program: bytes,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Send the program and wait for its first word. Raises BrokenError."""
        self._line, self._patience, self._clock = line, patience, clock
        self._read = bytearray()
        mark = f"@@{secrets.token_hex(16)}@@".encode()
        self._send(program + mark + b"\n")
        self._pass_over(b"\n" + mark + b"\n")

    def ask(self, questions: Sequence[Words]) -> dict[Words, Answer]:
        """An answer to each question. Raises BrokenError."""
        answers: dict[Words, Answer] = {}
        for start in range(0, len(questions), BATCH):
            answers |= self._batch(questions[start : start + BATCH])
        return answers

    def _batch(self, questions: Sequence[Words]) -> dict[Words, Answer]:
        self._send(b"".join(_framed(n, one) for n, one in enumerate(questions)) + b"go 0\n")
        answers: dict[Words, Answer] = {}
        left = BATCH_BYTES
        for question in [*questions, None]:
            silence = self._patience + (_seconds(question) if question else 0)
            name, status, count = self._head(silence)
            if name != (b"done" if question is None else b"%d" % len(answers)):
                raise BrokenError("it answered something that was not asked")
            pieces: Pieces = []
            for _ in range(count):
                piece = self._piece(silence, left)
                left -= len(piece) + 8
                pieces.append(piece)
            if question is not None:
                answers[question] = Answer(status, pieces)
        return answers

    def _head(self, silence: float) -> tuple[bytes, Status, int]:
        words = self._line_of(silence).split(b" ")
        status = words[1].decode("ascii", "replace") if len(words) == 3 else ""
        if status not in get_args(Status):
            raise BrokenError("it answered in a form that is none of ours")
        return words[0], cast("Status", status), _number(words[2], _PIECES)

    def _piece(self, silence: float, most: int) -> bytes:
        length = _number(self._line_of(silence), most)
        while len(self._read) < length:
            self._more(silence)
        piece = bytes(self._read[:length])
        del self._read[:length]
        return piece

    def _line_of(self, silence: float) -> bytes:
        while (end := self._read.find(b"\n", 0, _LINE)) < 0:
            if len(self._read) >= _LINE:
                raise BrokenError("it answered in a form that is none of ours")
            self._more(silence)
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    def _pass_over(self, mark: bytes) -> None:
        until = self._clock() + self._patience
        while (at := self._read.find(mark)) < 0:
            if len(self._read) > _BEFORE_MARK or self._clock() > until:
                raise BrokenError("it talked, and not to us")
            self._more(self._patience)
        del self._read[: at + len(mark)]

    def _more(self, silence: float) -> None:
        try:
            data = self._line.receive(silence)
        except TimeoutError as error:
            raise BrokenError(f"it said nothing for {silence:.0f} seconds") from error
        except OSError as error:
            raise BrokenError("the connection broke off") from error
        if not data:
            raise BrokenError("the connection broke off")
        self._read += data

    def _send(self, data: bytes) -> None:
        try:
            self._line.send(data)
        except TimeoutError as error:
            raise BrokenError("it took nothing in any more") from error
        except OSError as error:
            raise BrokenError("the connection broke off") from error


def _framed(number: int, words: Words) -> bytes:
    head = b"%d %d\n" % (number, len(words))
    return head + b"".join(b"%d\n%s" % (len(word), word) for word in words)


def _seconds(question: Words) -> float:
    """What a program was given, the second word of its question."""
    return float(question[1]) if question[0] == b"run" else 0.0


def _number(text: bytes, most: int) -> int:
    if not (1 <= len(text) <= 12 and text.isdigit()) or int(text) > most:
        raise BrokenError("it answered more than can be, or in a form that is none of ours")
    return int(text)
