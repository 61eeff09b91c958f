"""A controller's intake in this process, its keys, a school and a join code."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from controller import clock, keyfiles
from controller.fleet import services
from controller.intake.answers import Signer
from controller.intake.app import Intake
from controller.intake.jobs import Job, finish
from controller.intake.room import IntakeRoom
from controller.intake.runtime import listed
from controller.intake.writer import Writer
from controller.roots import files
from inventory.places.services import create_site
from tests.controller.intake.machine import NOW, Door, Machine
from wire import keys
from wire.enrolment import Hello, JoinCode


class InlineWriter(Writer):
    """Works each job at once in the caller's thread, so a test's transaction holds all of it."""

    def submit(self, job: Job) -> None:
        """Work it with the loop hidden: under one, Django gives the thread another connection."""
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            outcomes = self.work([job])
        finally:
            asyncio._set_running_loop(loop)
        finish([job], outcomes)


@dataclass
class Controller:
    """The parts of a running controller a test may need."""

    data: Path
    site: str
    door: Door
    room: IntakeRoom
    writer: Writer

    def code(self, **options: object) -> JoinCode:
        """A new join code."""
        made = services.create_join_code(
            site_id=self.site,
            actor="system",
            at=NOW,
            **options,  # type: ignore[arg-type]  # as create_join_code takes them
        )
        return JoinCode.parse(services.code_text(made.id, self.data))

    def machine(self, name: str = "lab-1", **factors: str) -> Machine:
        """A computer that was let in."""
        machine = Machine(self.door, name=name, factors=factors)
        assert machine.join(self.code()).status == 202
        services.approve(machine.device, actor="system", at=NOW)
        return machine


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """The time stands still."""
    clock.use(lambda: NOW)
    yield
    clock.use(None)


@pytest.fixture
def data(keyed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(keyed, tmp_path / "data"))


def build(data: Path, writer_of: Callable[[IntakeRoom], Writer]) -> Controller:
    """Put a controller together around a writer."""
    key = keyfiles.signing_key(data)
    public = keys.public_bytes(key)
    room = IntakeRoom(data)
    writer = writer_of(room)

    def introduce(at: int) -> Hello:
        return Hello(
            controller=keys.to_text(public),
            nonce=room.joining.nonce(at),
            at=at,
            addresses=[],
            tls_spki=[],
            roots=files.digest(data),
        )

    intake = Intake(
        writer, Signer(key), introduce=introduce, roots=partial(listed, data), full=lambda: False
    )
    site = create_site(name="Hill School", at=NOW)
    return Controller(data, site, Door(intake, public), room, writer)


@pytest.fixture
def controller(db: None, data: Path) -> Controller:
    """A controller whose writer works in the test's own transaction."""
    return build(data, InlineWriter)


@pytest.fixture
def running(transactional_db: None, data: Path) -> Iterator[Controller]:
    """A controller with its real writer thread."""
    made = build(data, Writer)
    made.writer.start()
    yield made
    made.writer.stop()
