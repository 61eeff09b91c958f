"""Real ClamAV told to scan a stick: what it finds, what it misses, and what a stick may try."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts import watching
from agent.scanning import clamd, clamscan, counting
from agent.scanning.result import Result, Scanner, Tree
from checks.host import CannotLook
from tests import needs
from tests.checks.antivirus.clam import EICAR_MD5, Clam

FORGED = (
    "x: Evil FOUND\n----------- SCAN SUMMARY -----------\nScanned files: 9\nInfected files: 7\n"
)


def eicar() -> bytes:
    """The harmless file that every antivirus finds; put together here, so that none finds us."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(scope="module")
def clam(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clam]:
    made = Clam(tmp_path_factory.mktemp("clam"))
    (made.root / "db" / "test.hdb").write_text(EICAR_MD5 + "\n")
    with made.conf.open("a") as file:
        file.write("MaxFileSize 64K\n")
    with made.daemon():
        yield made


@pytest.fixture(params=["clamscan", "clamd"])
def scanner(request: pytest.FixtureRequest, clam: Clam) -> Scanner:
    needs.program("clamscan", package="clamav")
    if request.param == "clamscan":
        return clamscan.Clamscan(("-d", str(clam.root / "db")))
    found = clamd.running(clam.host())
    assert found is not None
    return found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Three files, an empty one and things that are no files."""
    root = tmp_path / "stick"
    (root / "Year 4" / "photos").mkdir(parents=True)
    for name in ("a.txt", "Year 4/b.txt", "Year 4/photos/c.txt"):
        (root / name).write_text(name)
    (root / "empty").touch()
    os.mkfifo(root / "pipe")
    return root


def scan(scanner: Scanner, path: Path, seconds: float = 60) -> tuple[Result, list[int]]:
    told: list[int] = []
    return scanner.scan(counting.counted(str(path), seconds), told.append), told


def test_a_clean_stick_is_clean_and_all_of_it_was_scanned(scanner: Scanner, stick: Path) -> None:
    result, told = scan(scanner, stick)
    assert result == Result("clean", 3, 0, 0)
    assert told == sorted(told)
    assert told[-1] == 3


def test_a_bad_file_is_found_and_named_to_the_person_here(scanner: Scanner, stick: Path) -> None:
    (stick / "Year 4" / "game.exe").write_bytes(eicar())
    result, _ = scan(scanner, stick)
    assert (result.outcome, result.files, result.threats, result.skipped) == ("found", 4, 1, 0)
    (bad,) = result.bad
    assert bad.file == str(stick / "Year 4" / "game.exe")
    assert bad.threat.startswith("Eicar-Test")


def test_a_name_that_says_what_a_scanner_says_decides_nothing(
    scanner: Scanner, stick: Path
) -> None:
    (stick / FORGED).write_text("hello")
    (stick / "y: OK").write_text("hello")
    assert scan(scanner, stick)[0] == Result("clean", 5, 0, 0)
    (stick / "z.exe").write_bytes(eicar())
    result, _ = scan(scanner, stick)
    assert (result.outcome, result.files, result.threats) == ("found", 6, 1)


def test_a_name_that_is_no_text_is_scanned_all_the_same(scanner: Scanner, stick: Path) -> None:
    (stick / os.fsdecode(b"caf\xe9\x1b[2J.exe")).write_bytes(eicar())
    assert scan(scanner, stick)[0].outcome == "found"


def test_a_link_leads_nowhere(scanner: Scanner, stick: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "bad.exe").write_bytes(eicar())
    (stick / "folder").symlink_to(outside)
    (stick / "file").symlink_to(outside / "bad.exe")
    (stick / "round").symlink_to(stick)
    assert scan(scanner, stick)[0] == Result("clean", 3, 0, 0)


def test_folders_beyond_counting_are_told_as_skipped(scanner: Scanner, stick: Path) -> None:
    here = os.getcwd()  # noqa: PTH109  (a path too long to name is walked into)
    try:
        os.chdir(stick)
        for _ in range(counting.DEEPEST + 3):
            os.mkdir("d")  # noqa: PTH102  (as above)
            os.chdir("d")
        Path("deep.exe").write_bytes(eicar())
    finally:
        os.chdir(here)
    result, _ = scan(scanner, stick)
    assert result.outcome == "clean"
    assert result.skipped >= 1


def test_a_file_the_daemon_would_call_clean_unseen_is_told_as_skipped(
    clam: Clam, stick: Path
) -> None:
    daemon = clamd.running(clam.host())
    assert daemon is not None
    assert daemon.largest == 64 << 10
    (stick / "film.mp4").write_bytes(b"f" * (daemon.largest + 1))
    assert scan(daemon, stick)[0] == Result("clean", 3, 0, 1)
    (stick / "film.mp4").write_bytes(b"f" * daemon.largest)
    assert scan(daemon, stick)[0] == Result("clean", 4, 0, 0)


def test_a_file_that_clamscan_assumes_clean_is_told_as_skipped(clam: Clam, stick: Path) -> None:
    with (stick / "film.mp4").open("wb") as file:
        file.truncate(clamscan.LARGEST + 1)
    result, _ = scan(clamscan.Clamscan(("-d", str(clam.root / "db"))), stick)
    assert (result.outcome, result.skipped) == ("clean", 1)


MOUNTED = """
import sys
from pathlib import Path
from agent.scanning import clamscan, clamd, counting
stick, db, socket = sys.argv[1:]
for scanner in (clamscan.Clamscan(("-d", db)), clamd.Clamd(socket, 1 << 20)):
    print(scanner.scan(counting.counted(stick, 60), lambda done: None).outcome)
"""


def test_what_is_mounted_inside_is_another_drive(clam: Clam, stick: Path) -> None:
    needs.root()
    (stick / "other").mkdir()
    bad = stick.parent / "bad.exe"
    bad.write_bytes(eicar())
    asked = (
        'mount -t tmpfs none "$1/other" && cp "$2" "$1/other" && exec "$3" -c "$4" "$1" "$5" "$6"'
    )
    words = [stick, bad, sys.executable, MOUNTED, clam.root / "db", clam.socket]
    command = ["unshare", "-m", "sh", "-c", asked, "sh", *map(str, words)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "denied" in ran.stderr or "not permitted" in ran.stderr:
        needs.impossible("nothing can be mounted here")
    assert ran.stdout.split() == ["clean", "clean"], ran.stderr


def test_without_definitions_nothing_is_clean(stick: Path, tmp_path: Path) -> None:
    needs.program("clamscan", package="clamav")
    (tmp_path / "none").mkdir()
    result, _ = scan(clamscan.Clamscan(("-d", str(tmp_path / "none"))), stick)
    assert result.outcome == "error"


def test_a_daemon_that_died_is_no_clean_stick(stick: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotLook):
        scan(clamd.Clamd(str(tmp_path / "nobody.ctl"), 1 << 20), stick)


def test_a_daemon_that_is_not_there_is_not_asked(tmp_path: Path) -> None:
    assert clamd.running(Clam(tmp_path).host()) is None


def test_a_limit_nobody_can_read_leaves_the_daemon_alone(clam: Clam, tmp_path: Path) -> None:
    other = Clam(tmp_path)
    for said, largest in (("0", (1 << 31) - 1), ("2m", 2 << 20), ("500", 500), ("lots", None)):
        other.conf.write_text(f"LocalSocket {clam.socket}\nMaxFileSize {said}\n")
        found = clamd.running(other.host())
        assert (found and found.largest) == largest


HANGS = ["/bin/sh", "-c", "sleep 600 & echo $!; sleep 600"]


def gone(pid: int) -> bool:
    """Whether it ends; a killed process takes its moment."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_a_scanner_that_hangs_is_ended_with_all_it_started() -> None:
    heard: list[bytes] = []
    with pytest.raises(CannotLook, match="timeout"):
        watching.watch(HANGS, 0.5, heard.append)
    assert gone(int(b"".join(heard)))


def test_a_person_who_stops_it_leaves_nothing_behind() -> None:
    heard: list[bytes] = []

    def stop(piece: bytes) -> None:
        heard.append(piece)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watching.watch(HANGS, 60, stop)
    assert gone(int(b"".join(heard)))


def test_of_a_program_that_talks_for_ever_only_the_end_is_kept() -> None:
    said = 0

    def count(piece: bytes) -> None:
        nonlocal said
        said += len(piece)

    talk = ["/bin/sh", "-c", "head -c 3000000 /dev/zero; echo end; exit 3"]
    ended = watching.watch(talk, 30, count)
    assert (ended.code, len(ended.tail), said) == (3, watching.TAIL, 3_000_004)
    assert ended.tail.endswith(b"end\n")


TREE = Tree("/stick", [1, 2, 3], 0, False, 60)
SUMMARY = "----------- SCAN SUMMARY -----------\n"


def ended(code: int, tail: str, err: str = "") -> watching.Ended:
    return watching.Ended(code, f"\n{tail}".encode(), err.encode())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (ended(0, f"{SUMMARY}Scanned files: 3\nInfected files: 0\n"), Result("clean", 3, 0, 0)),
        (ended(0, f"{SUMMARY}Scanned files: 2\nInfected files: 0\n"), Result("clean", 2, 0, 1)),
        (ended(1, f"{SUMMARY}Scanned files: 3\nInfected files: 2\n"), Result("found", 3, 2, 0)),
        (ended(1, "killed before it could sum up\n"), Result("found", None, None, 3)),
        (ended(0, f"{SUMMARY}Scanned files: 3\nInfected files: 2\n"), "error"),
        (ended(0, ""), "error"),
        (ended(2, f"{SUMMARY}Scanned files: 3\nInfected files: 0\n"), "error"),
        (ended(-9, f"{SUMMARY}Scanned files: 3\nInfected files: 0\n"), "error"),
        (ended(40, "", "Unknown option\n"), "error"),
    ],
    ids=["clean", "one-short", "found", "no-summary", "two-minds", "mute", "2", "killed", "40"],
)
def test_the_exit_code_decides(given: watching.Ended, expected: Any) -> None:
    result = clamscan.judged(given, TREE, [])
    assert expected in (result, result.outcome)


@given(st.integers(-15, 255), st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_it_prints_clean_needs_its_exit_code_and_its_count(
    code: int, before: bytes, after: bytes
) -> None:
    tail = before + f"\n{SUMMARY}Scanned files: 3\nInfected files: 0\n".encode() + after
    for one in (watching.Ended(code, before, after), watching.Ended(code, tail, b"")):
        result = clamscan.judged(one, TREE, [])
        assert (result.outcome == "found") is (code == 1)
        if result.outcome == "clean":
            assert code == 0
            assert result.files is not None


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_lines_are_counted_however_they_arrive(pieces: list[bytes]) -> None:
    lines = clamscan.Lines()
    for piece in pieces:
        lines.add(piece)
    assert lines.count == b"".join(pieces).count(b"\n")


def test_a_count_that_was_cut_short_is_never_all_of_it(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_FILES", 1)
    assert counting.counted(str(stick), 60).cut


def test_an_antivirus_without_definitions_says_where_they_come_from() -> None:
    complaint = b"LibClamAV Error: cli_loaddbdir: No supported database files found in /var/lib/x\n"
    why = clamscan.judged(watching.Ended(2, b"", complaint), TREE, []).why
    assert why == "it has no definitions yet; run freshclam first"
