"""A reader that took the whole agent down is named by the breadcrumb it left, and rests (O18).

Before each reader its name is written; a name still there at the next round means that the reader
never came back. It rests, its sections `crashed`, for three nights or until the agent is upgraded.
An agent that was asked to stop leaves no breadcrumb. One that the computer's own end left behind
(its start is another) is only a suspicion: the second in a row is a finding, because a reader can
also take the system down.
"""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec

from agent import files
from agent.release import RELEASE

if TYPE_CHECKING:
    from logging import Logger

NAME: Final = "breadcrumb.json"
REST_SECONDS: Final = 3 * 86_400
"""Three nights."""


class Rest(msgspec.Struct, frozen=True):
    """Since when (epoch seconds) a reader rests, and under which release it fell."""

    since: int
    release: str


class Breadcrumbs(msgspec.Struct, frozen=True):
    """The reader that runs now, in which start of the computer; the one suspected; who rests."""

    running: str = ""
    boot: str = ""
    suspect: str = ""
    resting: dict[str, Rest] = {}


class Watch:
    """The breadcrumbs of one state folder over one round."""

    def __init__(self, folder: Path, now: int, boot: str = "", release: str = RELEASE) -> None:
        """Read what the last round left. `boot` names this start of the computer, "" if unknown."""
        self._path: Final = folder / NAME
        found = _load(self._path)
        resting = {name: rest for name, rest in found.resting.items() if _rests(rest, now, release)}
        suspect = ""
        if found.running:
            if found.boot == boot or found.suspect == found.running:
                _log().warning("reader %s ended the agent and rests", found.running)
                resting[found.running] = Rest(now, release)
            else:
                suspect = found.running
        self._left = Breadcrumbs("", boot, suspect, resting)

    def crashed(self, domain: str) -> bool:
        """Whether this reader ended the agent lately."""
        return domain in self._left.resting

    def enter(self, domain: str) -> None:
        """Note the reader that is about to run."""
        self._write(msgspec.structs.replace(self._left, running=domain))

    def finish(self) -> None:
        """No reader runs any more."""
        self._write(self._left)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Around all readers: whoever stops the agent from outside accuses none of them."""
        try:
            with _stoppable():
                yield
                self._left = msgspec.structs.replace(self._left, suspect="")
        finally:
            self.finish()

    def _write(self, breadcrumbs: Breadcrumbs) -> None:
        files.replace(self._path, msgspec.json.encode(breadcrumbs))


def _rests(rest: Rest, now: int, release: str) -> bool:
    """A clock that was put back must not make the rest endless."""
    return rest.release == release and 0 <= now - rest.since < REST_SECONDS


def _load(path: Path) -> Breadcrumbs:
    data = files.read_or_none(path, 16 * 1024)
    try:
        return Breadcrumbs() if data is None else msgspec.json.decode(data, type=Breadcrumbs)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Breadcrumbs()  # half a breadcrumb names nobody


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM (switched off, `systemctl stop`) unwinds as an exit instead of ending on the spot."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _log() -> "Logger":
    """Loaded when there is something to say: logging costs an audit a fiftieth."""
    import logging

    return logging.getLogger("agent.collect")
