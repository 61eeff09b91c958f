"""Whoever rewrites the log, even with every key of the controller, is found out by a sheet printed
earlier or by one computer's later report (T5)."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.evidence import archive, verifying
from controller.evidence.verifying import Sheet
from tests.controller.evidence.conftest import School
from wire.errors import WireError

# The school is made before any test, and a database is made only for tests that are marked so.
pytestmark = pytest.mark.django_db

Lines = list[str]


def _renumbered(lines: Lines) -> Lines:
    return [f"{n} {line.split(' ', 1)[1]}" for n, line in enumerate(lines)]


def _dropped(lines: Lines) -> Lines:
    return _renumbered(lines[:2] + lines[3:])


def _swapped(lines: Lines) -> Lines:
    return _renumbered([lines[1], lines[0], *lines[2:]])


def _truncated(lines: Lines) -> Lines:
    return lines[:4]


def _regrown(lines: Lines) -> Lines:
    again = [line.replace("2026-", "2025-") for line in lines[4:]]
    return lines[:4] + again


def _inserted(lines: Lines) -> Lines:
    return _renumbered([*lines[:3], lines[2], *lines[3:]])


REWRITES: dict[str, Callable[[Lines], Lines]] = {
    "dropped": _dropped,
    "swapped": _swapped,
    "truncated": _truncated,
    "truncated and regrown": _regrown,
    "inserted": _inserted,
}


def _fits(path: Path, sheets: list[Sheet], reports: list[bytes]) -> bool:
    return all(check.fits for check in verifying.verify(path, sheets, reports))


def test_an_honest_export_fits_a_printed_sheet_and_a_kept_report(
    school: School, tmp_path: Path
) -> None:
    path = school.forged(tmp_path / "same.zip", school.lines)
    assert _fits(path, [school.sheet], [school.kept])
    assert len([name for name in school.files if name.startswith("witnesses/")]) == 3


@pytest.mark.parametrize("how", sorted(REWRITES))
def test_a_log_rewritten_and_signed_anew_does_not_fit_the_printed_sheet(
    how: str, school: School, tmp_path: Path
) -> None:
    path = school.forged(tmp_path / "forged.zip", REWRITES[how](school.lines), witnesses=True)
    assert _fits(path, [], [])  # against itself it is flawless: that is why sheets are printed
    assert not _fits(path, [school.sheet], [])


@pytest.mark.parametrize("how", sorted(REWRITES))
def test_a_log_rewritten_and_signed_anew_does_not_fit_one_computers_later_report(
    how: str, school: School, tmp_path: Path
) -> None:
    lines = REWRITES[how](school.lines)
    without = school.forged(tmp_path / "without.zip", lines, witnesses=True)
    assert not _fits(without, [], [school.kept])
    with_them = school.forged(tmp_path / "with.zip", lines)
    assert not _fits(with_them, [], [])


def test_one_changed_character_of_any_line_on_the_sheet_does_not_fit(school: School) -> None:
    honest = school.files[archive.ENTRIES]
    end = sum(len(line) + 1 for line in school.lines[: school.sheet.size])
    starts = {0, *(at + 1 for at, byte in enumerate(honest) if byte == 0x0A)}
    for at in range(end):
        forged = honest[:at] + bytes([honest[at] ^ 1]) + honest[at + 1 :]
        try:
            log = verifying.Log(forged)
        except WireError:
            assert at in starts or honest[at - 1 : at].isdigit() or honest[at] in b" \n", at
            continue
        assert not log.fits(school.sheet.size, school.sheet.root), at


@pytest.mark.parametrize("name", ["entries.txt", "checkpoint", "statement.json", "VERIFY.txt"])
def test_a_file_changed_afterwards_is_named(name: str, school: School, tmp_path: Path) -> None:
    body = school.files[name]
    files = {**school.files, name: body.replace(b"Z", b"z", 1).replace(b"caret", b"carrot", 1)}
    assert files != school.files
    archive.write(tmp_path / "changed.zip", files)
    assert not _fits(tmp_path / "changed.zip", [], [])


@pytest.mark.parametrize("name", [archive.STATEMENT, archive.ENTRIES, archive.LOG_KEY])
def test_an_export_that_lacks_a_file_is_none(name: str, school: School, tmp_path: Path) -> None:
    files = {one: body for one, body in school.files.items() if one != name}
    archive.write(tmp_path / "less.zip", files)
    with pytest.raises(WireError, match="lacks"):
        verifying.verify(tmp_path / "less.zip")


@pytest.mark.parametrize("name", ["../x", "keys/../x.pem", "/etc/x", "witnesses/a/b.json"])
def test_an_archive_with_a_strange_name_in_it_is_refused(name: str, tmp_path: Path) -> None:
    archive.write(tmp_path / "strange.zip", {name: b"x"})
    with pytest.raises(WireError, match="what no export holds"):
        archive.read(tmp_path / "strange.zip")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(WireError, match="no export"):
        archive.read(tmp_path / "no.zip")


def _unpacked(school: School, folder: Path) -> Path:
    for name, body in school.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def test_ssh_keygen_openssl_and_the_page_of_python_agree(school: School, tmp_path: Path) -> None:
    """The commands of VERIFY.txt, as written there."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    text = (_unpacked(school, folder) / "VERIFY.txt").read_text()
    commands = [block for block in text.split("\n\n") if block.startswith("       ")]
    python, ssh, openssl, _, _ = commands
    sheet = f"{school.sheet.size} '{school.sheet.root.hex()}'"
    python = python.replace("SIZE ROOT", sheet).replace("python3", sys.executable)
    for command in (python, ssh, openssl):
        assert _shell(command, folder) == 0, command
    (folder / "statement.json").write_bytes(school.files["statement.json"] + b" ")
    (folder / "text").unlink()
    (folder / "checkpoint").write_bytes(school.files["checkpoint"].replace(b"\n", b"\n1", 1))
    for command in (ssh, openssl):
        assert _shell(command, folder) != 0, command


def _shell(command: str, folder: Path) -> int:
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False)
    return done.returncode


def test_an_export_holds_no_names(school: School) -> None:
    everything = b"".join(
        body for name, body in school.files.items() if not name.startswith("witnesses/")
    )
    for name in (b"Hill School", b"lab-1"):
        assert name not in everything
