"""What cannot be read whole is never verified: short reads, errors, drives that change or go."""

import errno
import os
import posix
import signal
from pathlib import Path
from typing import Any

import pytest

from agent.wiping import target, verifying
from agent.wiping.reading import PIECE, Piece
from tests.agent.cli import agent_here
from tests.agent.loops import ODD, image, offsets, plant, read_file, verified
from tests.nwiped import MIB, loop


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """The file behind a wiped drive."""
    return image(tmp_path / "drive", ODD)


@pytest.mark.parametrize("direct", ["on", "off"])
def test_a_drive_whose_end_cannot_be_read_is_not_verified(tmp_path: Path, direct: str) -> None:
    drive = image(tmp_path / "drive", 4 * MIB)
    with loop(drive, f"--direct-io={direct}") as device:
        os.truncate(drive, 2 * MIB)
        told = verified(device, data=tmp_path / "data")
    assert (told["code"], told["verified"], told["wipe"]["outcome"]) == (1, False, "failed")
    assert (told["wipe"]["why"], told["wipe"]["failed_at"]) == ("io-error", 2 * MIB)


def changes(monkeypatch: pytest.MonkeyPatch, at: int, what: Any) -> None:
    """Do something while the piece at that place is read."""
    really = Piece.read

    def read(self: Piece, one: Any, offset: int, size: int) -> Piece:
        if offset == at:
            what()
        return really(self, one, offset, size)

    monkeypatch.setattr(Piece, "read", read)


def test_a_copy_that_becomes_shorter_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = image(tmp_path / "copy", 4 * MIB)
    changes(monkeypatch, PIECE, lambda: os.truncate(path, 2 * MIB + 100))
    told = read_file(path)
    assert (told["code"], told["wipe"]["why"]) == (1, "short-read")
    assert told["wipe"]["failed_at"] == 2 * MIB + 100


@pytest.mark.parametrize(
    ("size", "why"), [(4 * MIB + 4096, "size-changed"), (4 * MIB, "written-to")]
)
def test_a_copy_that_changes_meanwhile_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, why: str
) -> None:
    path = image(tmp_path / "copy", 4 * MIB)
    os.utime(path, ns=(0, 0))

    def change() -> None:
        os.truncate(path, size)
        os.utime(path)

    changes(monkeypatch, PIECE, change)
    told = read_file(path)
    assert (told["code"], told["wipe"]["outcome"], told["wipe"]["why"]) == (1, "failed", why)


def test_a_drive_that_is_written_to_behind_its_start_is_not_verified(
    drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other tests do without; here the system is to hold nothing back.
    monkeypatch.setattr(os, "fsync", posix.fsync)
    with loop(drive) as device:
        changes(monkeypatch, 2 * PIECE, lambda: plant(Path(device), 0))
        told = verified(device, data=tmp_path / "data")
    assert (told["code"], told["wipe"]["why"]) == (1, "written-to")


def test_a_drive_that_another_takes_the_place_of_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = image(tmp_path / "copy", 4 * MIB), image(tmp_path / "other", 4 * MIB)
    changes(monkeypatch, PIECE, lambda: other.replace(path))
    told = read_file(path)
    assert (told["code"], told["wipe"]["why"]) == (1, "replaced")


@pytest.mark.parametrize(
    ("number", "why"),
    [(errno.ENODEV, "vanished"), (errno.ENXIO, "vanished"), (errno.EIO, "io-error")],
)
def test_a_drive_that_goes_away_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    path = image(tmp_path / "copy", 4 * MIB)
    really = os.preadv

    def preadv(fd: int, rooms: Any, offset: int) -> int:
        if offset == 2 * MIB:
            raise OSError(number, "gone")
        return really(fd, rooms, offset)

    monkeypatch.setattr(os, "preadv", preadv)
    told = read_file(path)
    assert (told["code"], told["wipe"]["why"], told["wipe"]["failed_at"]) == (1, why, 2 * MIB)


def test_more_than_the_kernel_says_there_is_proves_the_size_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = image(tmp_path / "copy", 4 * MIB)
    monkeypatch.setattr(target, "_size", lambda *_, **__: 2 * MIB)
    told = read_file(path)
    assert (told["code"], told["wipe"]["why"]) == (1, "longer")


def test_where_it_cannot_be_read_directly_it_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = image(tmp_path / "copy", ODD)
    really = os.preadv

    def preadv(fd: int, rooms: Any, offset: int) -> int:
        import fcntl

        if fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "not here")
        return really(fd, rooms, offset)

    monkeypatch.setattr(os, "preadv", preadv)
    told = read_file(path)
    assert (told["code"], told["wipe"]["direct"], told["wipe"]["read_bytes"]) == (0, False, ODD)
    plant(path, ODD - 1)
    assert offsets(read_file(path)) == [ODD - 1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_it_is_stopped_nothing_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    path = image(tmp_path / "copy", 8 * PIECE)
    really, turns = verifying._compare, iter(range(100))

    def compare(*words: Any) -> None:
        really(*words)
        if next(turns) == 3:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(verifying, "_compare", compare)
    ran = agent_here("verify-wipe", str(path), "--image", "--expect", "zero", data=tmp_path / "d")
    assert ran.returncode == 1
    assert "NOT VERIFIED: the reading was stopped before its end." in ran.stdout
