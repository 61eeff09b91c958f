"""Checkpoints: signed by the log key, each night, comparable with the one before."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from controller import keyfiles
from controller.commands import main as command_line
from controller.data.datafolder import DataFolderError
from controller.evidence import services
from controller.judging import ending
from controller.judging.ending import end_night
from controller.people.models import User
from inventory.ledger import log
from inventory.ledger.checkpoints import Sheet
from inventory.models import Checkpoint, Line
from tests.controller.evidence.conftest import School
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from wire import keys, note


def _make(controller: Controller) -> Sheet:
    return services.make(controller.site, actor="user_1", at=NOW, data=controller.data)


def test_a_checkpoint_is_signed_by_the_log_key_over_the_line_that_names_it(
    controller: Controller,
) -> None:
    sheet = _make(controller)
    public = keys.public_bytes(keyfiles.log_key(controller.data))
    found = note.open_note(sheet.note.encode(), services.origin(controller.site), public)
    extent = log.extent(controller.site)
    assert (found.size, found.root) == (extent.size, extent.root)
    *_, last = log.lines(controller.site)
    assert last.split()[2:5] == ["checkpoint", controller.site, "user_1"]


def test_every_sheet_is_the_beginning_of_the_next(controller: Controller) -> None:
    sheets = [_make(controller) for _ in range(3)]
    checked = services.checked(controller.site)
    assert [one.sheet for one in checked] == sheets[::-1]
    assert all(one.consistent for one in checked)


def test_a_changed_line_makes_every_sheet_after_it_inconsistent(controller: Controller) -> None:
    for _ in range(3):
        _make(controller)
    Line.objects.filter(site_id=controller.site, idx=2).update(at=NOW + 1)
    # Sheets of 2, 3 and 4 lines; the third line was changed.
    assert [one.consistent for one in services.checked(controller.site)] == [False, False, True]


def test_without_its_key_nothing_is_signed_and_nothing_written(controller: Controller) -> None:
    (controller.data / "keys" / "log").unlink()
    before = log.extent(controller.site)
    with pytest.raises(DataFolderError, match="log key"):
        _make(controller)
    assert log.extent(controller.site) == before


def test_each_school_has_a_log_and_checkpoints_of_its_own(controller: Controller) -> None:
    from inventory.places.services import create_site

    other = create_site(name="Other", at=NOW)
    _make(controller)
    assert services.checked(other) == []
    assert services.origin(other) not in services.checked(controller.site)[0].sheet.note


def test_a_night_that_ends_leaves_a_checkpoint(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_folder(controller.data, monkeypatch)
    end_night(controller.site, NOW)
    assert Checkpoint.objects.get(site_id=controller.site).at == NOW


def test_a_night_lets_go_of_accounts_past_their_days(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_folder(controller.data, monkeypatch)
    gone = User.objects.create_user(username="left", password="x" * 20)
    end_night(controller.site, NOW)
    end_night(controller.site, NOW + 367 * 86_400)
    gone.refresh_from_db()
    assert gone.erased_at == NOW + 367 * 86_400


def test_a_folder_without_a_log_key_ends_its_night_without_a_checkpoint(
    controller: Controller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _in_folder(tmp_path / "older", monkeypatch)
    assert end_night(controller.site, NOW).site == controller.site
    assert not Checkpoint.objects.exists()


def _in_folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "current", lambda: SimpleNamespace(folder=data))


def test_a_root_is_read_aloud_in_eight_groups_of_eight() -> None:
    groups = services.groups(bytes(range(32)))
    assert [len(group) for group in groups] == [8] * 8
    assert bytes.fromhex("".join(groups)) == bytes(range(32))


def _verify(*words: str) -> int:
    return command_line.main(["evidence", "verify", *words])


@pytest.mark.parametrize("form", ["base64", "groups"])
def test_the_command_line_takes_a_root_as_it_is_printed(
    form: str, school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(school.forged(tmp_path / "export.zip", school.lines))
    root = services.text_of(school.sheet.root)
    root = root if form == "base64" else " ".join(services.groups(school.sheet.root))
    assert _verify(path, "--size", str(school.sheet.size), "--root", root) == 0
    assert "are those of the sheet" in capsys.readouterr().out
    assert _verify(path, "--size", str(school.sheet.size - 1), "--root", root) == 2
    assert "NOT OK" in capsys.readouterr().out


def test_the_command_line_says_that_an_export_alone_proves_little(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(school.forged(tmp_path / "export.zip", school.lines))
    assert _verify(path) == 0
    assert "Only against itself" in capsys.readouterr().out


def test_the_command_line_takes_a_report_that_a_computer_kept(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept.json").write_bytes(school.kept)
    honest = str(school.forged(tmp_path / "export.zip", school.lines))
    assert _verify(honest, "--report", str(tmp_path / "kept.json")) == 0
    forged = school.forged(
        tmp_path / "forged.zip", [line.replace("site.c", "site.k") for line in school.lines]
    )
    assert _verify(str(forged), "--report", str(tmp_path / "kept.json")) == 2
    assert "saw another log" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["--size 3", "--root x", "--size 3 --root x"])
def test_half_a_sheet_is_wrong_usage(words: str, school: School, tmp_path: Path) -> None:
    path = str(school.forged(tmp_path / "export.zip", school.lines))
    assert _verify(path, *words.split()) == 64


def test_the_command_line_takes_checkpoints_that_were_kept_elsewhere(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(school.forged(tmp_path / "export.zip", school.lines))
    name, key = "log/evidence", keyfiles.signing_key(school.controller.data)
    kept: list[Path] = []
    for root in (school.sheet.root, bytes(32)):
        kept.append(tmp_path / f"kept-{len(kept)}")
        made = note.Checkpoint(name, school.sheet.size, root)
        kept[-1].write_bytes(note.write(made, name, key))
    assert _verify(path, "--note", str(kept[0])) == 0
    assert "Only against itself" not in capsys.readouterr().out
    assert _verify(path, "--note", str(kept[0]), "--note", str(kept[1])) == 2
    kept[0].write_text("no note")
    assert _verify(path, "--note", str(kept[0])) == 1
