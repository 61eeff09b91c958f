"""A school whose log holds something, with the keys an insider would have as well."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from controller import clock, keyfiles
from controller.data import datafolder
from controller.evidence import archive, export, services
from controller.evidence.verifying import Sheet
from inventory.ledger import checkpoints
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.intake.machine import NOW, Machine
from wire import merkle, note
from wire.report import seen_of


def _controller(folder: Path) -> Controller:
    datafolder.prepare(folder)
    keyfiles.make_keys(folder)
    return build(folder, InlineWriter)


@pytest.fixture
def controller(db: None, tmp_path: Path) -> Iterator[Controller]:
    """A controller whose writer works in the test's own transaction."""
    clock.use(lambda: NOW)
    yield _controller(tmp_path / "data")
    clock.use(None)


def report(controller: Controller, machine: Machine, seen: Sheet | None) -> tuple[bytes, Sheet]:
    """One report, and what its receipt says of the log."""
    saw = seen_of(seen.size, services.text_of(seen.root)) if seen else None
    envelope = machine.report(seen=saw)
    receipt = controller.door.post(envelope).receipt
    held = seen_of(receipt.size, receipt.root)
    assert held is not None
    return envelope, Sheet(held.size, bytes.fromhex(held.root[7:]))


@dataclass
class School:
    """A log of some length, a sheet printed of its first part, and a report that saw that part."""

    controller: Controller
    sheet: Sheet
    kept: bytes
    files: dict[str, bytes]

    @property
    def lines(self) -> list[str]:
        """The honest log."""
        return self.files[archive.ENTRIES].decode().splitlines()

    def forged(self, path: Path, lines: list[str], **drop: bool) -> Path:
        """An export of other lines by somebody who holds every key of the controller."""
        data, site = self.controller.data, self.controller.site
        entries = "".join(f"{line}\n" for line in lines).encode()
        root = merkle.root([merkle.leaf(line.encode()) for line in lines])
        name = services.origin(site)
        text = note.write(
            note.Checkpoint(name, len(lines), root), name, keyfiles.log_key(data)
        ).decode()
        made = checkpoints.Sheet(len(lines), root, NOW, text)
        files = {
            name: body
            for name, body in self.files.items()
            if not name.startswith(("statement", "allowed"))
            and not (drop.get("witnesses") and name.startswith(("witnesses/", "proofs/")))
        }
        files |= {archive.ENTRIES: entries, archive.CHECKPOINT: text.encode()}
        key = keyfiles.signing_key(data)
        archive.write(path, export.signed(files, site, made, NOW, key))
        return path


@pytest.fixture(scope="session")
def school(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> School:
    """Three computers, two nights; the sheet is printed after the first. Made once: what is looked
    at is the export, and of the database nothing stays."""
    folder = tmp_path_factory.mktemp("school")
    with django_db_blocker.unblock(), transaction.atomic():
        clock.use(lambda: NOW)
        made = _school(_controller(folder / "data"), folder / "honest.zip")
        clock.use(None)
        transaction.set_rollback(True)
    return made


def _school(controller: Controller, path: Path) -> School:
    machines = [controller.machine(f"lab-{n}") for n in range(3)]
    held = [report(controller, machine, None)[1] for machine in machines]
    printed = services.make(controller.site, actor="user_1", at=NOW, data=controller.data)
    kept = [
        report(controller, machine, seen)[0] for machine, seen in zip(machines, held, strict=True)
    ]
    export.export(controller.site, path, actor="user_1", at=NOW, data=controller.data)
    return School(controller, Sheet(printed.size, printed.root), kept[2], archive.read(path))
