"""Reports on a stick: taken in as over the network, answered beside them, and a hostile stick gets
nothing (S16, O17)."""

import argparse
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.policy import Policy
from controller import clock
from controller.commands import import_spool, shared
from controller.fleet.models import Device, Report
from controller.intake import stick
from controller.intake.answers import Signer
from controller.intake.carried import Carried, Carrier
from controller.intake.stick import Folder, RefusedFileError
from controller.keyfiles import signing_key
from controller.policy import publishing
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Machine
from wire import dsse, limits, problem, receipt
from wire import stick as names
from wire.packing import gzip_bytes
from wire.report import content_bytes, content_digest


def lay(at: Path, machine: Machine, envelope: bytes, bodies: list[bytes], seq: int = 1) -> Path:
    """Write a report to the stick as an agent does."""
    folder = at / names.FOLDER / machine.device / names.report_name(seq)
    folder.mkdir(parents=True)
    for body in bodies:
        (folder / names.body_name(dsse.digest(body))).write_bytes(gzip_bytes(body))
    (folder / names.ENVELOPE).write_bytes(envelope)
    return folder


def take(running: Controller, source: Path) -> dict[str, Carried | str]:
    """What became of every place on the stick."""
    carrier = Carrier(running.writer, Signer(signing_key(running.data)))
    done: dict[str, Carried | str] = {}
    for found in stick.reports(source):
        try:
            done[found.name] = carrier.take(found.folder) if found.folder else found.why
        except RefusedFileError as refused:
            done[found.name] = str(refused)
    return done


@pytest.fixture
def machine(running: Controller) -> Machine:
    return running.machine()


def test_a_carried_report_is_stored_whole_and_its_signed_receipt_lies_beside_it(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    envelope = machine.report()
    folder = lay(tmp_path, machine, envelope, list(machine.bodies.values()))
    assert take(running, tmp_path) == {"0000000001": Carried("accepted", bodies=1)}
    found = receipt.open_receipt(
        dsse.parse((folder / "receipt.json").read_bytes()), running.door.public
    )
    assert (found.request, found.device, found.need) == (dsse.digest(envelope), machine.device, [])
    device = Device.objects.get(id=machine.device)
    assert (device.head_seq, device.judge_due) == (1, True)


def test_the_policy_that_the_receipt_names_lies_beside_it(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    rules = publishing.draft(running.site, Policy(name="ours"), clock.now())
    row = publishing.use(running.data, rules, actor="system", at=clock.now())
    running.room._policies.look()
    folder = lay(tmp_path, machine, machine.report(), list(machine.bodies.values()))
    take(running, tmp_path)
    parsed = dsse.parse((folder / "receipt.json").read_bytes())
    named = receipt.open_receipt(parsed, running.door.public).policy
    assert (folder / names.POLICY).read_bytes() == bytes(row.envelope)
    assert named == dsse.digest(bytes(row.envelope))


def test_carried_and_posted_reports_make_one_chain_and_each_counts_once(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    first, second = machine.report(), machine.report()
    bodies = list(machine.bodies.values())
    lay(tmp_path, machine, first, bodies)
    lay(tmp_path, machine, second, bodies, seq=2)
    assert running.door.post(first).status == 202
    done = take(running, tmp_path)
    assert [one.outcome for one in done.values() if isinstance(one, Carried)] == [
        "duplicate",
        "accepted",
    ]
    assert running.door.post(second).receipt.status == "duplicate"
    assert Report.objects.filter(device_id=machine.device).count() == 2


def test_content_that_came_by_its_digest_is_found_on_the_stick(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    content = machine.content({"locking": b'{"unseen":"denied"}', "wireless": b"{}"})
    envelope = machine.report(content_digest(content))
    bodies = [content_bytes(content), *machine.bodies.values()]
    lay(tmp_path, machine, envelope, bodies)
    (done,) = take(running, tmp_path).values()
    assert isinstance(done, Carried)
    assert (done.bodies, done.lacking) == (3, 0)


def test_what_the_stick_lacks_is_said_and_stays_needed(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    folder = lay(tmp_path, machine, machine.report(), [])
    (done,) = take(running, tmp_path).values()
    assert isinstance(done, Carried)
    assert (done.outcome, done.lacking) == ("accepted", 1)
    found = receipt.open_receipt(
        dsse.parse((folder / "receipt.json").read_bytes()), running.door.public
    )
    assert found.need == [dsse.digest(body) for body in machine.bodies.values()]


def test_a_gap_is_answered_with_a_signed_refusal_that_a_later_receipt_replaces(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    first, second = machine.report(), machine.report()
    folder = lay(tmp_path, machine, second, list(machine.bodies.values()), seq=2)
    (done,) = take(running, tmp_path).values()
    assert isinstance(done, Carried)
    assert done.code == "gap"
    said = problem.open_problem(
        dsse.parse((folder / "problem.json").read_bytes()), running.door.public
    )
    assert (said.code, said.request) == ("gap", dsse.digest(second))
    running.door.post(first)
    take(running, tmp_path)
    assert sorted(path.name for path in folder.glob("*.json")) == ["envelope.json", "receipt.json"]


def test_a_computer_that_waits_to_be_let_in_is_only_asked_for_patience(
    running: Controller, tmp_path: Path
) -> None:
    waiting = Machine(running.door)
    waiting.join(running.code())
    folder = lay(tmp_path, waiting, waiting.report(), [])
    (done,) = take(running, tmp_path).values()
    assert isinstance(done, Carried)
    assert done.code == "pending"
    assert not (folder / "problem.json").exists()


def flipped(envelope: bytes) -> bytes:
    middle = len(envelope) // 2
    return envelope[:middle] + bytes([envelope[middle] ^ 1]) + envelope[middle + 1 :]


@pytest.mark.parametrize(
    "change",
    [flipped, lambda _: b"", lambda envelope: envelope[:-9], lambda _: b"{}"],
    ids=["one bit", "nothing", "cut off", "another thing"],
)
def test_a_changed_report_is_refused_and_stores_nothing(
    running: Controller, machine: Machine, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    lay(tmp_path, machine, change(machine.report()), [])
    (done,) = take(running, tmp_path).values()
    assert isinstance(done, Carried)
    assert done.outcome == "refused"
    assert Report.objects.count() == 0


def test_a_body_that_is_not_what_its_name_says_is_not_stored(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    folder = lay(tmp_path, machine, machine.report(), list(machine.bodies.values()))
    (body,) = folder.glob("*.gz")
    for data in (gzip_bytes(b'{"unseen":"timeout"}'), b"no gzip", gzip_bytes(b"0" * 10**6)):
        body.write_bytes(data)
        (done,) = take(running, tmp_path).values()
        assert isinstance(done, Carried)
        assert (done.bodies, done.lacking) == (0, 1)


def as_link(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def as_second_name(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere)
    os.link(elsewhere, path)


def as_fifo(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()


def as_giant(path: Path, _: Path) -> None:
    with path.open("ab") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize("trick", [as_link, as_second_name, as_fifo, as_folder, as_giant])
def test_nothing_but_a_plain_small_file_is_read(
    running: Controller, machine: Machine, tmp_path: Path, trick: Callable[[Path, Path], None]
) -> None:
    bodies = list(machine.bodies.values())
    folder = lay(tmp_path / "stick", machine, machine.report(), bodies)
    trick(folder / names.ENVELOPE, tmp_path / "elsewhere")
    (said,) = take(running, tmp_path / "stick").values()
    assert isinstance(said, str)
    assert Report.objects.count() == 0
    assert not (folder / "receipt.json").exists()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_no_folder_may_be_a_link(
    running: Controller, machine: Machine, tmp_path: Path, level: int
) -> None:
    folder = lay(tmp_path / "stick", machine, machine.report(), [])
    linked = [folder, folder.parent, folder.parent.parent][level]
    shutil.move(linked, tmp_path / "elsewhere")
    linked.symlink_to(tmp_path / "elsewhere")
    if level == 2:
        with pytest.raises(RefusedFileError):
            take(running, tmp_path / "stick")
    else:
        assert list(take(running, tmp_path / "stick").values()) == ["a link, or no folder"]
    assert Report.objects.count() == 0


def test_an_answer_is_never_written_through_a_link(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    folder = lay(tmp_path / "stick", machine, machine.report(), list(machine.bodies.values()))
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    (folder / "receipt.json").symlink_to(secret)
    (folder / ".receipt.json.new").symlink_to(secret)
    take(running, tmp_path / "stick")
    assert secret.read_text() == "untouched"
    assert not (folder / "receipt.json").is_symlink()


def test_other_peoples_files_are_left_alone_and_counted(
    running: Controller, machine: Machine, tmp_path: Path
) -> None:
    folder = lay(tmp_path, machine, machine.report(), list(machine.bodies.values()))
    top = folder.parent.parent
    (top / "Holiday \x1b]52;c;aGk=\x07.jpg").write_text("private")
    (folder.parent / "notes.txt").write_text("private")
    (folder / "more.exe").write_text("private")
    done = take(running, tmp_path)
    assert list(done.values()).count("not a report's folder") == 1
    assert list(done.values()).count("not a computer's folder") == 1
    assert sum(isinstance(one, Carried) for one in done.values()) == 1


def test_a_file_of_just_the_agreed_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * limits.ENVELOPE)
    with Folder(tmp_path) as folder:
        assert len(folder.read("file", limits.ENVELOPE) or b"") == limits.ENVELOPE
        assert folder.read("absent", 10) is None
        with pytest.raises(RefusedFileError, match="larger"):
            folder.read("file", limits.ENVELOPE - 1)


def ran(running: Controller, source: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The command itself, in this process and with this database."""
    config = argparse.Namespace(folder=running.data)
    monkeypatch.setattr(shared, "ready", lambda _options: config)
    return import_spool.main(argparse.Namespace(dir=str(source), format=form))


def test_the_command_says_what_became_of_each_report(
    running: Controller,
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = lay(tmp_path, machine, machine.report(), list(machine.bodies.values()))
    assert ran(running, tmp_path, "table", monkeypatch) == 0
    assert "accepted" in capsys.readouterr().out
    (folder.parent / "\x1b]52;c;aGk=\x07").mkdir()
    assert ran(running, tmp_path, "json", monkeypatch) == 1
    said = json.loads(capsys.readouterr().out)
    assert [line["outcome"] for line in said["reports"]] == ["left alone", "duplicate"]
    assert ran(running, tmp_path, "table", monkeypatch) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_a_folder_without_reports_is_told_so(
    running: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(shared.CannotError, match="holds no reports"):
        ran(running, tmp_path, "table", monkeypatch)
    with pytest.raises(shared.UsageError, match="There is no folder"):
        ran(running, tmp_path / "absent", "table", monkeypatch)
