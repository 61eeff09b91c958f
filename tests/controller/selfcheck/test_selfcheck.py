"""What the controller finds out about itself, and where it says so (O24)."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from controller.backup import notes
from controller.data import certificate, datafolder
from controller.selfcheck import database, everything, findings, looks, record, watching
from controller.selfcheck.findings import Finding
from inventory.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW

DAY = 86_400


@pytest.fixture
def grown(data: Path) -> Path:
    """A data folder that has been in use for a year."""
    os.utime(datafolder.secret_path(data), (NOW - 365 * DAY, NOW - 365 * DAY))
    return data


def test_every_finding_has_its_words() -> None:
    texts = tomllib.loads(Path(findings.__file__).with_name("words.toml").read_text())
    for code, one in texts.items():
        for says, sentence in one["sentences"].items():
            names = {"path", "why", "free", "days", "age", "minutes", "n", "site", "what"}
            names |= {"at", "made"}
            said = Finding(code, "bad", says, dict.fromkeys(names, "7")).sentence
            assert "{" not in said, sentence


@pytest.mark.parametrize(
    ("age", "state"), [(None, "warn"), (0, "ok"), (7, "ok"), (8, "warn"), (400, "warn")]
)
def test_a_backup_is_a_week_old_at_most(grown: Path, age: int | None, state: str) -> None:
    if age is not None:
        notes.taken(grown, "sha256:1", NOW - age * DAY)
    found = {one.code: one for one in looks.backups(grown, NOW)}
    assert found["backup"].state == state
    assert found["restore"].state == "warn", "nobody has tried one out"
    notes.tried(grown, "sha256:1", NOW)
    assert looks.backups(grown, NOW)[1].state == "ok"


def test_lists_that_grew_old_are_named_with_the_oldest_day() -> None:
    assert looks.lists(NOW).state == "ok"
    found = looks.lists(NOW + 400 * DAY)
    assert (found.state, found.says) == ("warn", "old")
    assert "operating_system/end_of_life" in found.sentence
    assert "22 August 2026" in found.sentence


def test_a_new_controller_is_reminded_and_a_demonstration_is_left_alone(data: Path) -> None:
    os.utime(datafolder.secret_path(data), (NOW, NOW))
    assert [(one.state, one.says) for one in looks.backups(data, NOW)] == [("ok", "young")] * 2
    (data / "demo").touch()
    assert looks.backups(data, NOW) == []


@pytest.mark.parametrize(
    ("day", "says"), [(0, "ok"), (383, "ok"), (384, "soon"), (396, "soon"), (398, "ended")]
)
def test_a_certificate_is_told_before_it_ends(data: Path, day: int, says: str) -> None:
    certificate.make(data, "127.0.0.1", NOW)
    assert looks.certificate_days(data, NOW + day * DAY).says == says


def test_a_full_disk_is_told_before_it_is_full(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, says in [(400, "ok"), (199, "low"), (49, "full")]:
        usage: Any = type("Usage", (), {"total": 1000 * 10**6, "free": free * 10**6})
        monkeypatch.setattr("shutil.disk_usage", lambda _, usage=usage: usage)
        assert looks.disk(data).says == says


def test_a_changed_line_of_the_log_is_found(controller: Controller) -> None:
    from inventory.models import Line

    assert [one.state for one in database.deep(controller.data, NOW)] == ["ok", "ok"]
    line = Line.objects.order_by("idx").first()
    assert line is not None
    rows = Line.objects.filter(site_id=line.site_id, idx=line.idx)
    rows.update(text=line.text.replace("system", "susan"))
    found = [one for one in database.deep(controller.data, NOW) if one.state == "bad"]
    assert [(one.code, one.args["site"]) for one in found] == [("log", controller.site)]


@pytest.mark.parametrize(("waiting", "state"), [(0, "ok"), (1_023, "ok"), (1_024, "warn")])
def test_a_long_queue_is_told(waiting: int, state: str) -> None:
    assert everything.queue(waiting).state == state


def test_a_server_writes_down_what_it_finds_and_the_ledger_hears_of_changes(
    controller: Controller,
) -> None:
    certificate.make(controller.data, "127.0.0.1", NOW)
    watching.SelfWatch(controller.data, lambda: 3).turn(NOW)
    found = record.load(controller.data, NOW)
    assert found is not None
    assert found.waiting == 3
    assert not findings.not_well(found.findings)
    assert Event.objects.filter(verb="controller.finding").count() == 0
    (controller.data / "keys" / "signing").unlink()
    for _ in range(2):
        watching.SelfWatch(controller.data, lambda: 3).turn(NOW)
    assert [one.code for one in record.self_findings(controller.data, NOW)] == ["keys"]
    assert Event.objects.filter(verb="controller.finding").count() == 1, "told once, not each time"
    assert record.load(controller.data, NOW + 3 * DAY) is None, "too old to say anything"
