"""A host that writes down what it was asked and what it
answered, with everything personal replaced.

Used by `caretaker-agent record`. The answers handed to the reader are the real
ones; only the recording is scrubbed (see `scrubbing`), so that a recording can be
looked at, committed and published.
"""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from agent.hosts import recording as form
from agent.hosts.scrubbing import Scrubber
from checks.host import (
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Host,
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


class Tape:
    """`Host` around another host, writing an answer for every question."""

    def __init__(self, inner: Host, *, scrub: bool = True) -> None:
        """`scrub` False keeps everything: for tests of the doors only."""
        self._inner = inner
        self._answers: dict[str, form.Answer] = {}
        self._scrub = scrub

    def save(
        self, path: Path, source: str, os_name: str = "unknown", build: str = "unknown"
    ) -> None:
        """Write the recording. `source` says where it comes from."""
        at = self._inner.clock()
        answers = list(self._answers.values())
        if self._scrub:
            answers = Scrubber(self._inner).answers(answers)
        form.save(
            form.Recording(
                schema="caretaker.recording/1",
                provenance="recorded",
                source=source,
                platform=self._inner.platform,
                os=os_name,
                build=build,
                date=datetime.datetime.fromtimestamp(at, tz=datetime.UTC).date().isoformat(),
                at=at,
                privileged=self._inner.privileged,
                answers=answers,
            ),
            path,
        )

    @property
    def platform(self) -> Platform:
        """The inner host's."""
        return self._inner.platform

    @property
    def privileged(self) -> bool:
        """The inner host's."""
        return self._inner.privileged

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run and write down exit code and output."""
        start = ["run"] if as_user is None else ["run_as", as_user]
        return self._note(
            [*start, *argv], lambda: self._inner.run(argv, timeout, as_user), _shown_ran
        )

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """Read and write down the bytes."""
        return self._maybe(["read", path], lambda: self._inner.read(path, limit), form.from_bytes)

    def stat(self, path: str) -> Stat | None:
        """Look and write it down."""
        return self._maybe(["stat", path], lambda: self._inner.stat(path), msgspec.to_builtins)

    def list(self, path: str) -> Names | None:
        """List and write the names down."""
        return self._maybe(["list", path], lambda: self._inner.list(path), msgspec.to_builtins)

    def link(self, path: str) -> str | None:
        """Look and write the target down."""
        return self._maybe(["link", path], lambda: self._inner.link(path), str)

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """Look and write the key down."""
        return self._maybe(
            ["registry", hive, key, view],
            lambda: self._inner.registry(hive, key, view),
            msgspec.to_builtins,
        )

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Ask and write the rows down."""
        return self._note(
            ["wmi", cls, namespace, *properties],
            lambda: self._inner.wmi(cls, namespace, properties),
            msgspec.to_builtins,
        )

    def processes(self) -> Processes:
        """List and write down."""
        return self._note(["processes"], self._inner.processes, msgspec.to_builtins)

    def listeners(self) -> Listeners:
        """List and write down."""
        return self._note(["listeners"], self._inner.listeners, msgspec.to_builtins)

    def interfaces(self) -> Interfaces:
        """List and write down."""
        return self._note(["interfaces"], self._inner.interfaces, msgspec.to_builtins)

    def users(self) -> Users:
        """List and write down."""
        return self._note(["users"], self._inner.users, msgspec.to_builtins)

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """Ask and write the answer down."""
        return self._maybe(
            ["ask", unix_socket, question.decode("latin-1")],
            lambda: self._inner.ask(unix_socket, question, limit),
            form.from_bytes,
        )

    def alias(self, kind: str, text: str) -> str:
        """Not a question: a replay computes its own."""
        return self._inner.alias(kind, text)

    def clock(self) -> int:
        """Not a question: a recording has its own moment."""
        return self._inner.clock()

    def enrolled_at(self) -> int | None:
        """Ask and write the moment down."""
        return self._maybe(["enrolled_at"], self._inner.enrolled_at, int)

    def online(self) -> Stretches:
        """Ask and write the stretches down."""
        return self._note(["online"], self._inner.online, msgspec.to_builtins)

    def room(self) -> Rooms:
        """Ask and write the days down."""
        return self._note(["room"], self._inner.room, msgspec.to_builtins)

    def media_scans(self) -> MediaScans:
        """Ask and write the scans down."""
        return self._note(["media_scans"], self._inner.media_scans, msgspec.to_builtins)

    def tried(self) -> Tried | None:
        """Ask and write down what came of each page."""
        return self._maybe(["tried"], self._inner.tried, msgspec.to_builtins)

    def _note(
        self, question: form.Question, ask: Callable[[], T], show: Callable[[T], object]
    ) -> T:
        try:
            given = ask()
        except CannotLook as blind:
            self._write(form.Answer(ask=question, cannot=blind.reason))
            raise
        self._write(form.Answer(ask=question, gives=show(given)))
        return given

    def _maybe(
        self, question: form.Question, ask: Callable[[], T | None], show: Callable[[T], object]
    ) -> T | None:
        try:
            given = ask()
        except CannotLook as blind:
            self._write(form.Answer(ask=question, cannot=blind.reason))
            raise
        if given is None:
            self._write(form.Answer(ask=question, absent=True))
            return None
        self._write(form.Answer(ask=question, gives=show(given)))
        return given

    def _write(self, answer: form.Answer) -> None:
        """The first answer stands: a replay gives the same one every time."""
        if answer.ask is not None:
            self._answers.setdefault(form.key(answer.ask), answer)


def _shown_ran(ran: Ran) -> object:
    shown: dict[str, object] = {"code": ran.code, "out": form.from_bytes(ran.out)}
    if ran.err:
        shown["err"] = form.from_bytes(ran.err)
    return shown
