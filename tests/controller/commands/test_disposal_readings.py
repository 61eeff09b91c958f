"""`caretaker disposal read-by-computer`: the wipe of a drive verified by a computer's own key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.facts import encode_section
from checks.media_wipes import MediaWipes
from controller import clock
from controller.commands import main, shared
from controller.commands.acting import PASSWORD
from controller.people.models import User
from controller.people.roles import Role
from controller.people.services import create_account
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.models import Disposal
from tests.checks.read_back import WIPE
from tests.controller.intake.conftest import Controller, build
from tests.controller.intake.conftest import InlineWriter as Inline
from tests.controller.intake.machine import NOW
from tests.inventory.disposal.stored import check
from wire import report

OWN = "brass-otter-lantern-9"
SERIAL = "WD-WCC4E1111"
SIZE = 1_000_448


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """The time stands still."""
    clock.use(lambda: NOW)
    yield
    clock.use(None)


@pytest.fixture
def controller(
    db: None, keyed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Controller:
    """A school with a technician, a head, and one laptop whose drive was wiped."""
    import shutil

    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.setenv(PASSWORD, OWN)
    made = build(Path(shutil.copytree(keyed, tmp_path / "data")), Inline)
    for name, role in (("anna", Role.TECHNICIAN), ("helen", Role.SLT)):
        create_account(username=name, password=OWN, site_id=made.site, roles=[role])
    User.objects.update(must_change_password=False)
    assets.add_many(made.site, [{"tag": "HS-1", "kind": "laptop"}], by=By("system", clock.now()))
    log = tmp_path / "nwipe.log"
    log.write_text("wiped\n")
    steps: tuple[tuple[str, ...], ...] = (
        ("withdraw", "HS-1", "--reason", "Too old", "--as", "anna"),
        ("inspect", "HS-1", "--drive", f"{SERIAL}:hdd_ata:{SIZE}", "--as", "anna"),
        (
            *("request", "HS-1", "--route", "donate", "--value", "40"),
            *("--licences-checked", "--as", "anna"),
        ),
        ("approve", "HS-1", "--role", "slt", "--comment", "Fine", "--as", "helen"),
        (
            *("wiped", "HS-1", "--drive", SERIAL, "--finished", _moment()),
            *("--evidence", str(log), "--level", "clear", "--technique", "overwrite"),
            *("--tool", "nwipe", "--hidden-areas-clear", "yes", "--as", "anna"),
        ),
    )
    for words in steps:
        assert run(*words) == 0, words
    return made


def run(*words: str) -> int:
    return main.main(["disposal", *words])


def _moment() -> str:
    import datetime

    return datetime.datetime.fromtimestamp(clock.now(), datetime.UTC).isoformat()


def reads(controller: Controller, **said: Any) -> None:
    now = clock.now()
    fields = {
        "serial": SERIAL,
        "wwn": "",
        "size_bytes": SIZE,
        "read_bytes": SIZE,
        "began_at": now,
        "ended_at": now,
    }
    wipe = msgspec.structs.replace(WIPE, **(fields | said))
    body = encode_section(MediaWipes([wipe])).decode()
    told = report.NowSection(section=MediaWipes.section, schema=MediaWipes.schema, body=body)
    assert controller.door.post(controller.machine("bench").report(now=[told])).status == 202


def add(*words: str) -> int:
    return run("read-by-computer", "HS-1", "--drive", SERIAL, *words)


def test_whoever_wiped_it_adds_what_a_computer_read(controller: Controller) -> None:
    reads(controller)
    assert add("--as", "anna") == 0
    assert run("accept", "HS-1", "--drive", SERIAL, "--decision", "approved", "--as", "helen") == 0
    row = Disposal.objects.get()
    assert row.state == "ready"
    medium = check(row.id).media["WDWCC4E1111"]
    assert medium.check is not None
    assert medium.check.verifier.startswith("machine:dev_")


def test_a_reading_that_nobody_told_or_of_another_size_is_refused(
    controller: Controller, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert add("--as", "anna") == 1
    assert "verify-wipe" in capsys.readouterr().err
    reads(controller, size_bytes=512, read_bytes=512)
    assert add("--as", "anna") == 1
    assert "not as large as this one" in capsys.readouterr().err
    assert add("--as", "anna", "--reading", "f" * 32) == 1


def test_a_typed_serial_is_compared_by_somebody_else(
    controller: Controller, capsys: pytest.CaptureFixture[str]
) -> None:
    reads(controller, serial="", typed_serial=SERIAL)
    capsys.readouterr()
    assert add("--as", "helen") == 1
    assert "Compare the label" in capsys.readouterr().err
    assert add("--as", "anna", "--compared") == 1
    assert "ask somebody else" in capsys.readouterr().err
    assert add("--as", "helen", "--compared") == 0
