"""A machine that was recorded: answers only what it was given, strictly.

An unanswered question raises `NotRecordedError` (a failing test, never "could not look"), and an
answer nobody asked for fails on `close`, so a recording always says exactly what its reader does.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import msgspec

from agent.hosts import recording as form
from checks.host import (
    OUTPUT_LIMIT,
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Interfaces,
    Listeners,
    MediaScans,
    Names,
    Platform,
    Processes,
    Ran,
    RegistryKey,
    Rooms,
    Stat,
    Stretches,
    Users,
    View,
    WmiRows,
)
from checks.tried import Tried

T = TypeVar("T")


class NotRecordedError(AssertionError):
    """A reader asked something its recording has no answer to."""


class UnaskedError(AssertionError):
    """A recording answers something its reader never asked."""


def alias(kind: str, text: str) -> str:
    """The alias a recorded host gives: the shape of the real one, under a key everyone knows."""
    return hmac.new(b"recorded", f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()[:16]


class RecordedHost:
    """`Host` over a recording. Use as a context manager so that unasked answers fail."""

    def __init__(self, recording: form.Recording, *, strict: bool = True) -> None:
        """Index the answers. Raises RecordingError if two answers claim one question."""
        self.recording = recording
        self._strict = strict
        self._answers: dict[str, form.Answer] = {}
        for answer in recording.answers:
            for question in answer.questions():
                key = form.key(question)
                if key in self._answers:
                    raise form.RecordingError(f"answered twice: {key}")
                self._answers[key] = answer
        self._asked: set[str] = set()

    @classmethod
    def open(cls, path: Path, *, strict: bool = True) -> "RecordedHost":
        """Read a recording and stand in for its machine.

        Not strict, an unanswered question is `unsupported`: for looking at part of a machine's
        recording by hand, never for a test.
        """
        return cls(form.load(path), strict=strict)

    def __enter__(self) -> Self:
        """Start asking."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Fail on answers nobody asked for, unless something else already failed."""
        if kind is None:
            self.close()

    def close(self) -> None:
        """Raise UnaskedError if any answer was never asked for."""
        left = sorted(set(self._answers) - self._asked)
        if left:
            raise UnaskedError("recorded but never asked:\n  " + "\n  ".join(left))

    @property
    def platform(self) -> Platform:
        """As recorded."""
        return self.recording.platform

    @property
    def privileged(self) -> bool:
        """As recorded."""
        return self.recording.privileged

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """The recorded output; `absent` means the program is missing."""
        del timeout
        start = ["run"] if as_user is None else ["run_as", as_user]
        ran = self._find([*start, *argv], _ran)
        if ran is None:
            raise CannotLook("tool-missing", argv[0])
        if len(ran.out) > OUTPUT_LIMIT:
            raise CannotLook("too-large", argv[0])
        return ran

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """The recorded contents."""
        data = self._find(["read", path], form.to_bytes)
        if data is not None and len(data) > limit:
            raise CannotLook("too-large", path)
        return data

    def stat(self, path: str) -> Stat | None:
        """The recorded kind, size, mode and owner."""
        return self._find(["stat", path], _as(Stat))

    def list(self, path: str) -> Names | None:
        """The recorded names, sorted as every host sorts them."""
        names = self._find(["list", path], _as(Names))
        return None if names is None else sorted(names)

    def link(self, path: str) -> str | None:
        """Where the recorded link points."""
        return self._find(["link", path], _as(str))

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """One recorded key."""
        question = ["registry", hive, key, view]
        self._windows_only(question)
        return self._find(question, _as(RegistryKey))

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Recorded instances."""
        question = ["wmi", cls, namespace, *properties]
        self._windows_only(question)
        return self._find(question, _rows) or []

    def processes(self) -> Processes:
        """Recorded programs."""
        return self._find(["processes"], _as(Processes)) or []

    def listeners(self) -> Listeners:
        """Recorded sockets."""
        return self._find(["listeners"], _as(Listeners)) or []

    def interfaces(self) -> Interfaces:
        """Recorded interfaces."""
        return self._find(["interfaces"], _as(Interfaces)) or []

    def users(self) -> Users:
        """Recorded accounts; an account recorded without an
        alias gets the one its name has here."""
        return self._find(["users"], _users) or []

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """What the recorded socket answered; the question is part of the key, as latin-1 text."""
        asked = ["ask", unix_socket, question.decode("latin-1")]
        data = self._find(asked, form.to_bytes)
        if data is not None and len(data) > limit:
            raise CannotLook("too-large", unix_socket)
        return data

    def alias(self, kind: str, text: str) -> str:
        """A keyed hash under a fixed key: the same in every replay."""
        return alias(kind, text)

    def clock(self) -> int:
        """The recorded moment."""
        return self.recording.at

    def enrolled_at(self) -> int | None:
        """As recorded."""
        return self._find(["enrolled_at"], _as(int))

    def online(self) -> Stretches:
        """Recorded stretches."""
        return self._find(["online"], _as(Stretches)) or []

    def room(self) -> Rooms:
        """Recorded days."""
        return self._find(["room"], _as(Rooms)) or []

    def media_scans(self) -> MediaScans:
        """Recorded scans."""
        return self._find(["media_scans"], _as(MediaScans)) or []

    def tried(self) -> Tried | None:
        """As recorded."""
        return self._find(["tried"], _as(Tried))

    def _windows_only(self, question: form.Question) -> None:
        if self.platform != "windows" and form.key(question) not in self._answers:
            raise CannotLook("unsupported", "registry and WMI are Windows")

    def _find(self, question: form.Question, shape: Callable[[Any], T]) -> T | None:
        key = form.key(question)
        answer = self._answers.get(key)
        if answer is None and not self._strict:
            raise CannotLook("unsupported", f"not recorded: {key}")
        if answer is None:
            hint = json.dumps({"ask": question, "absent": True}, ensure_ascii=False)
            raise NotRecordedError(f"the recording has no answer to {key}; add one, such as {hint}")
        self._asked.add(key)
        if answer.cannot is not None:
            raise CannotLook(answer.cannot, "as recorded")
        return None if answer.absent else shape(answer.gives)


def _as(kind: type[T]) -> Callable[[Any], T]:
    def shape(given: Any) -> T:
        try:
            return msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            raise form.RecordingError(f"{str(given)[:80]}: {error}") from error

    return shape


def _rows(given: Any) -> WmiRows:
    """Rows as msgspec can check them: it refuses a union of two kinds of list."""
    rows = _as(list[dict[str, int | str | bool | list[int | str] | None]])(given)
    return cast("WmiRows", rows)


class _RanShown(msgspec.Struct, forbid_unknown_fields=True):
    code: int = 0
    out: Any = ""
    err: Any = ""


def _ran(given: Any) -> Ran:
    """A program's answer is `{"code", "out", "err"}`, or only its output when it exited 0."""
    if not (isinstance(given, dict) and "hex" not in given):
        return Ran(0, form.to_bytes(given))
    shown = _as(_RanShown)(given)
    return Ran(shown.code, form.to_bytes(shown.out), form.to_bytes(shown.err))


def _users(given: Any) -> Users:
    filled = [{"alias": alias("user", str(user.get("name"))), **user} for user in given]
    return _as(Users)(filled)
