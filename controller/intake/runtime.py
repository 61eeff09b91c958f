"""Intake in a running process: its threads, made once, after Django is ready and in the process
that serves.

granian starts its worker as a new process, so this is built on the first request there, never at
import.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Final

from django.db import connection
from django.urls import get_resolver

from checks.catalogue import catalogue
from controller.config import Config, current
from controller.data import folderlock
from controller.data.certificate import paths, spki
from controller.data.datafolder import is_demo
from controller.intake import threads
from controller.intake.answers import Signer
from controller.intake.app import Intake
from controller.intake.disk import Disk
from controller.intake.jobs import Job
from controller.intake.outcomes import Stored
from controller.intake.room import IntakeRoom
from controller.intake.writer import QueueFullError, Writer
from controller.judging.feeder import Feeder
from controller.judging.messages import Judged
from controller.keyfiles import signing_key
from controller.roots import changing, files
from controller.selfcheck.watching import SelfWatch
from wire import first_use, keys
from wire.enrolment import Hello

HANDOVER_SECONDS: Final = 30.0
_lock = threading.Lock()
_running: Intake | None = None
_locks: list[IO[str]] = []
"""Held open for as long as the process lives."""


def intake() -> Intake:
    """This process's intake, started on first use."""
    global _running  # noqa: PLW0603  one process has one writer; that is what makes it the only one
    if _running is None:
        with _lock:
            if _running is None:
                _running = build(current())
    return _running


def build(config: Config) -> Intake:
    """Make and start an intake for a data folder. Raises DataFolderError."""
    data = config.folder
    _meet_every_type()
    if config.serving:
        threads.leave_with_parent()
        threads.leave_at_once()
        threads.settle_memory()
        if connection.vendor == "sqlite":
            # The worker before us, replaced for a new certificate, still ends what it began.
            _locks.append(folderlock.take(data, "writer", patience_seconds=HANDOVER_SECONDS))
    changing.settle(data)
    key = signing_key(data)
    room = IntakeRoom(data)
    writer = Writer(room)
    feeder = Feeder(
        lambda judged: _deliver(writer, judged),
        busy=writer.is_busy,
        # A demonstration's nights are closed by whoever drives its clock.
        closes_nights=config.serving and not is_demo(data),
        watch=SelfWatch(data, writer.waiting).turn,
    )
    room.nudge = feeder.nudge
    writer.start()
    feeder.start()
    disk = Disk(data / "db")
    return Intake(
        writer,
        Signer(key, writer.pace),
        introduce=_hellos(config, keys.public_bytes(key), room),
        roots=partial(listed, data),
        full=disk.is_full,
        proxies=config.trusted_proxies,
    )


def _meet_every_type() -> None:
    """Pages and intake read in threads, so their types are met before there are any."""
    len(get_resolver().url_patterns)  # imports the pages
    catalogue()  # imports the facts
    first_use.prepare()


def _hellos(config: Config, public: bytes, room: IntakeRoom) -> Callable[[int], Hello]:
    """What introduces this controller at a moment."""
    data = config.folder
    controller = keys.to_text(public)
    addresses = [f"https://{config.https_name}:{config.port}"] if config.https_name else []
    pinned = _spki(data)

    def introduce(at: int) -> Hello:
        return Hello(
            controller=controller,
            nonce=room.joining.nonce(at),
            at=at,
            addresses=addresses,
            tls_spki=pinned,
            roots=files.digest(data),
        )

    return introduce


def listed(data: Path, held: int | None) -> bytes | None:
    """The roots in force, or what follows the version held; read each time, as they may change
    while we serve."""
    return files.envelope(data) if held is None else files.after(data, held)


def _deliver(writer: Writer, judged: Sequence[Judged]) -> bool:
    """Hand verdicts to the writer and wait; what does not get through stays due."""
    job = Job("verdicts")
    job.payload = list(judged)
    try:
        writer.submit(job)
    except QueueFullError:
        return False
    return isinstance(job.wait(60), Stored)


def _spki(data: Path) -> list[str]:
    """The certificate's key; none when a proxy in front holds the certificate."""
    return [spki(data)] if paths(data)[0].exists() else []
