"""`caretaker-agent scan-media`: what it refuses, what it says, what becomes of it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from agent import scans
from agent.scanning import choosing, clamd, clamscan, counting
from agent.scanning.progress import Progress, of_files
from agent.scanning.result import Bad, Result, ScanError, Scanner, Told, Tree
from agent.state import State
from checks.host import CannotLook
from tests import needs
from tests.agent.blank import blank
from tests.agent.cli import agent, agent_here, one_line, printed
from tests.agent.simulator import Controller
from tests.agent.test_scanning import eicar, gone
from tests.checks.antivirus.clam import EICAR_MD5, Clam

ANY = os.stat_result(range(10))


class Says:
    """A scanner that says this."""

    product = "clamav"
    name = "ClamAV"

    def __init__(self, said: Result | BaseException) -> None:
        self.said = said

    def scan(self, tree: Tree, told: Told) -> Result:
        told(1)
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    root = tmp_path / "stick"
    root.mkdir()
    (root / "Ada Lovelace, report.doc").write_text("hello")
    return root


def by(monkeypatch: pytest.MonkeyPatch, scanner: Scanner) -> None:
    monkeypatch.setattr(choosing, "scanner", lambda *_: scanner)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("/", "own system"),
        ("//", "own system"),
        ("/usr/..", "own system"),
        ("//proc", "own system"),
        ("/proc", "own system"),
        ("/sys/class", "own system"),
        ("missing", "There is no"),
        ("link", "is a link"),
        ("file", "is no folder"),
        ("pipe", "is no folder"),
        ("file/below", "cannot be looked at"),
    ],
)
def test_what_is_no_stick_is_refused_in_one_line(tmp_path: Path, place: str, says: str) -> None:
    (tmp_path / "link").symlink_to("/media")
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    ran = agent("scan-media", str(tmp_path / place), data=tmp_path / "data")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert says in one_line(ran)
    assert not (tmp_path / "data").exists()


def test_a_folder_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    with pytest.raises(ScanError, match="administrator"):
        choosing.folder(str(tmp_path))


def test_a_drive_letter_is_the_whole_drive_and_the_system_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SYSTEMDRIVE", "C:")
    import ntpath

    monkeypatch.setattr(os, "path", ntpath)
    monkeypatch.setattr(os, "name", "nt")
    for text in ("C:\\", "c:\\"):
        assert choosing._is_the_system(text, ANY)
    for text in ("E:\\", "C:\\stick", "C:\\Users\\maya"):
        assert not choosing._is_the_system(text, ANY)


def test_without_an_antivirus_it_is_refused(
    stick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def none(name: str) -> str:
        raise CannotLook("tool-missing", name)

    monkeypatch.setattr("agent.hosts.running.program", none)
    monkeypatch.setattr(clamd, "running", lambda _: None)
    ran = agent_here("scan-media", str(stick), data=tmp_path / "data")
    assert ran.returncode == 1
    assert "no antivirus here" in one_line(ran)


def test_the_daemon_is_asked_unless_it_leaves_out_what_clamscan_looks_into(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    daemon = clamd.Clamd("/run/clamd.ctl", 100)
    monkeypatch.setattr(clamd, "running", lambda _: daemon)
    monkeypatch.setattr("agent.hosts.running.program", lambda name: f"/usr/bin/{name}")
    small, large = Tree("/s", [100], 0, False, 1), Tree("/s", [101], 0, False, 1)
    with blank("linux") as host:
        assert choosing.scanner(host, small) is daemon  # type: ignore[arg-type]  # only asked its platform
        assert isinstance(choosing.scanner(host, large), clamscan.Clamscan)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("said", "code", "says"),
    [
        (Result("clean", 3, 0, 0), 0, "ClamAV found nothing in 3 files."),
        (Result("clean", 1_234, 0, 2), 1, "2 files or folders could not be scanned"),
        (Result("clean", None, 0, 0), 0, "ClamAV found nothing."),
        (Result("found", 3, 1, 0), 2, "ClamAV found 1 bad in 3 files."),
        (Result("found", None, None, 0), 2, "ClamAV found something harmful."),
        (Result("error", why="no\x1b[2J luck"), 1, "could not scan it: no[2J luck."),
        (CannotLook("timeout", "x"), 1, "took too long"),
        (CannotLook("denied", "x"), 1, "could not be asked (denied)"),
        (KeyboardInterrupt(), 1, "says nothing about what is on it"),
    ],
)
def test_every_end_has_its_words_and_its_exit_code(
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: Result | BaseException,
    code: int,
    says: str,
) -> None:
    data = stick.parent / "data"
    by(monkeypatch, Says(said))
    ran = agent_here("scan-media", str(stick), data=data)
    assert (ran.returncode, ran.stderr) == (code, "")
    assert says in ran.stdout
    assert "belongs to no school" in ran.stdout
    assert not data.exists()


def test_names_on_the_stick_cannot_paint_on_the_terminal(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [Bad(f"/s/\x1b]52;c;x\x07\u202e\n{number}", "Eicar\x1b[2J") for number in range(50)]
    by(monkeypatch, Says(Result("found", 90, 60, 0, bad)))
    said = agent_here("scan-media", str(stick), data=tmp_path / "data").stdout
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "… and 10 more" in said
    told = printed(agent_here("scan-media", str(stick), "--format", "json", data=tmp_path / "data"))
    assert told["schema"] == "caretaker.scan-media/1"
    assert told["scan"]["threats"] == 60
    assert len(told["bad"]) == 50
    assert "\x1b" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("minutes", ["0", "1441", "x", "-1"])
def test_minutes_have_bounds(stick: Path, tmp_path: Path, minutes: str) -> None:
    ran = agent("scan-media", str(stick), f"--minutes={minutes}", data=tmp_path / "data")
    assert ran.returncode == 64


def test_a_virus_on_a_stick_reaches_the_school_in_a_signed_report_without_a_name(
    enrolled: State, controller: Controller, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs.program("clamscan", package="clamav")
    clam = Clam(enrolled.root.parent / "clam")
    (clam.root / "db" / "test.hdb").write_text(EICAR_MD5 + "\n")
    (stick / "Ada Lovelace's game.exe").write_bytes(eicar())
    by(monkeypatch, clamscan.Clamscan(("-d", str(clam.root / "db"))))
    ran = agent_here("scan-media", str(stick), data=enrolled.root.parent)
    assert ran.returncode == 2, ran.stderr
    assert "Ada Lovelace's game.exe" in ran.stdout
    (kept,) = scans.load(enrolled.key)
    assert (kept.outcome, kept.files, kept.threats, kept.medium) == ("found", 2, 1, "")
    (report,) = controller.reports
    found = [one for one in report.content.results if one.check == "usb-storage-seen"]  # type: ignore[union-attr]  # the first report says all
    assert [(one.status, one.severity, one.says) for one in found] == [
        ("fail", "critical", "harmful")
    ]
    told = b"".join([*controller.sections.values(), msgspec.json.encode(report)])
    assert b'"outcome":"found"' in told
    for name in (b"Lovelace", b"Eicar", b"stick/", str(stick).encode()):
        assert name not in told


def test_a_scan_that_was_stopped_is_told_as_that(
    enrolled: State, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, Says(KeyboardInterrupt()))
    ran = agent_here("scan-media", str(stick), data=enrolled.root.parent)
    assert ran.returncode == 1
    assert [one.outcome for one in scans.load(enrolled.key)] == ["stopped"]


def test_without_a_controller_the_scan_waits_in_the_spool(
    enrolled: State, controller: Controller, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller.refuse_next("busy")
    by(monkeypatch, Says(Result("clean", 1, 0, 0)))
    ran = agent_here("scan-media", str(stick), data=enrolled.root.parent)
    assert ran.returncode == 0
    assert "is sent as soon as that is possible" in ran.stdout


HANGS = "#!/bin/sh\nsleep 600 &\necho $! > {pid}.new; mv {pid}.new {pid}\nwait\n"
IN_ITS_OWN_PLACE = 'mount --bind "$1" /usr/bin/clamscan && shift && exec "$@"'


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_it_is_ended_the_scanner_ends_with_it(
    stick: Path, tmp_path: Path, number: signal.Signals
) -> None:
    needs.root()
    needs.program("clamscan", package="clamav")
    pid, script = tmp_path / "pid", tmp_path / "clamscan"
    script.write_text(HANGS.format(pid=pid))
    script.chmod(0o755)
    words = [sys.executable, "-I", "-P", "-m", "agent.commands.main", "scan-media", str(stick)]
    place = ["unshare", "-m", "sh", "-c", IN_ITS_OWN_PLACE, "sh", str(script)]
    run = subprocess.Popen(
        [*place, *words, "--data", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(400):
            if pid.exists() or run.poll() is not None:
                break
            time.sleep(0.05)
        if run.poll() is not None and "mount" in run.communicate()[1]:
            needs.impossible("nothing can be mounted here")
        run.send_signal(number)
        said, errors = run.communicate(timeout=30)
    finally:
        run.kill()
    assert run.returncode == 1, errors
    assert "says nothing about what is on it" in said
    assert gone(int(pid.read_text()))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is_and_a_pipe_nothing() -> None:
    for terminal in (Terminal(), io.StringIO()):
        now = [0.0]
        progress = Progress(200, terminal, lambda: now[0])  # noqa: B023  (used within this turn)
        for done in range(1, 101):
            now[0] += 0.2
            progress.told(done)
        progress.end()
        said = terminal.getvalue()
        if not isinstance(terminal, Terminal):
            assert not said
            continue
        assert 30 < said.count("\r") < 60
        assert " of 200 files), about 20 seconds left" in said
        assert said.endswith(" \r")


@pytest.mark.parametrize(
    ("done", "files", "seconds", "says"),
    [
        (0, 12, 61, "Scanning 12 files, 1 minute so far"),
        (0, 0, 1, "Scanning 0 files, 1 seconds so far"),
        (1, 4, 4.9, "Scanning: 25 % (1 of 4 files)"),
        (1, 4, 40, "Scanning: 25 % (1 of 4 files), about 2 minutes left"),
        (9, 4, 40, "Scanning: 100 % (4 of 4 files), about 0 seconds left"),
    ],
)
def test_time_left_is_told_once_it_can_be(done: int, files: int, seconds: float, says: str) -> None:
    assert of_files(done, files, seconds) == says


def test_what_is_counted_is_what_lies_there(stick: Path) -> None:
    tree = counting.counted(str(stick), 60)
    assert msgspec.structs.astuple(tree) == (str(stick), [5], 0, False, 60)
