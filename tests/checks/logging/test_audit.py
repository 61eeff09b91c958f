"""Linux' audit trail: settings and rules at each of their values, and a real auditd's own log."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.hosts.local import LocalHost
from checks.host import READ_LIMIT, CannotLook, Process, Processes
from checks.logging import linux, linux_audit
from checks.logging.facts import Trail
from checks.logging.notices import week_end
from checks.unseen import Unseen
from tests import needs
from tests.checks.rooted import RootedHost

NOW = 1_795_305_600
CONF = "# auditd\nmax_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\n"
MIB = 1 << 20


class Audited(RootedHost):
    """A machine on which auditd runs, or not; some files may be closed."""

    running: Sequence[str] = ("auditd",)
    closed: tuple[str, ...] = ()
    exe: str | None = None

    def processes(self) -> Processes:
        return [Process(1, name, self.exe, "a") for name in self.running]

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        if path in self.closed:
            raise CannotLook("denied", path)
        return super().read(path, limit)


@pytest.fixture
def machine(tmp_path: Path) -> Audited:
    made = Audited(tmp_path, cards=[])
    made.put(linux_audit.CONF, CONF)
    made.put("/var/log/audit/audit.log", "")
    return made


def trail(machine: Audited, conf: str = "", rules: str = "") -> Trail:
    machine.put(linux_audit.CONF, CONF + conf)
    machine.put(linux_audit.RULES, rules)
    found = linux_audit.trail(machine)
    assert found is not None
    return found


def test_debians_own_settings_keep_forty_mebibytes(machine: Audited) -> None:
    assert trail(machine) == Trail("audit", True, True, 40 * MIB, None)
    assert linux.read(machine).trails == [trail(machine)]


@pytest.mark.parametrize(
    ("conf", "size"),
    [
        ("max_log_file = 100\n", 500 * MIB),
        ("num_logs = 0\n", 8 * MIB),
        ("num_logs = 1\n", 8 * MIB),
        ("num_logs = 2\n", 16 * MIB),
        ("max_log_file_action = keep_logs\n", None),
        ("max_log_file_action = IGNORE\n", None),
        ("max_log_file = many\n", Unseen("parse-error")),
        ("max_log_file = \n", Unseen("parse-error")),
    ],
)
def test_how_much_is_kept(machine: Audited, conf: str, size: object) -> None:
    assert trail(machine, conf).log_bytes == size


@pytest.mark.parametrize(
    ("rules", "written"),
    [
        ("-D\n-b 8192\n-a always,exit -F arch=b64 -S execve\n", True),
        ("-a always,exclude -F msgtype=CWD\n", True),
        ("-a always,exclude -F msgtype=USER_LOGIN\n", False),
        ("-A exclude,never -F msgtype=1100\n", False),
        ("# -a always,exclude -F msgtype=USER_LOGIN\n", True),
        ("-a always,exclude -F msgtype!=USER_LOGIN\n", Unseen("parse-error")),
        ("-a always,exclude -F auid>=1000\n", Unseen("parse-error")),
        ("-a always,exclude -F msgtype=user_login\n", False),
        ("-a never,user\n", False),
        ("-a user,never -F auid=1000\n", Unseen("parse-error")),
        ("-a never,exit -F auid=1000\n", True),
        ("-e 2\n", True),
        ("-e 1\n-e 0\n", False),
        ("-e 0\n-e 1\n", True),
        ("-a\n-e\n", True),
    ],
)
def test_rules_may_leave_signing_in_out(machine: Audited, rules: str, written: object) -> None:
    found = trail(machine, rules=rules)
    assert (found.success, found.failure) == (written, written)


def test_rules_not_put_together_yet_are_read_from_their_pieces(machine: Audited) -> None:
    machine.put("/etc/audit/rules.d/10-a.rules", "-D\n")
    machine.put("/etc/audit/rules.d/20-b.rules", "-a always,exclude -F msgtype=USER_AUTH\n")
    found = linux_audit.trail(machine)
    assert found is not None
    assert found.success is False


def test_the_oldest_piece_tells_how_far_it_reaches(machine: Audited) -> None:
    for name, days in (("audit.log.1", 5), ("audit.log.4", 100), ("other.1", 900)):
        machine.put(f"/var/log/audit/{name}", "")
        os.utime(machine.root / f"var/log/audit/{name}", (NOW - days * 86_400,) * 2)
    assert trail(machine).oldest_at == week_end(NOW - 100 * 86_400)


@pytest.mark.parametrize(
    "conf", ["write_logs = no\n", "local_events = no\n", "log_format = NOLOG\n"]
)
def test_an_auditd_that_keeps_nothing_is_no_trail(machine: Audited, conf: str) -> None:
    machine.put(linux_audit.CONF, CONF + conf)
    assert linux_audit.trail(machine) is None


def test_without_auditd_its_settings_keep_nothing(machine: Audited) -> None:
    machine.running = ("chronyd",)
    assert linux_audit.trail(machine) is None


@pytest.mark.parametrize(
    ("exe", "counts"),
    [
        ("/usr/sbin/auditd", True),
        ("/home/maya/auditd", False),
        ("/usr/bin/bash", False),
        ("/usr/sbin/auditd (deleted)", True),
        ("/home/usr/sbin/auditd", False),
    ],
)
def test_a_program_of_somebodys_own_is_not_auditd_by_its_name(
    machine: Audited, exe: str, counts: bool
) -> None:
    machine.exe = exe
    assert (linux_audit.trail(machine) is not None) is counts


@pytest.mark.parametrize(("days", "counts"), [(0, True), (1.9, True), (2.1, False), (40, False)])
def test_a_log_that_nobody_writes_any_more_is_no_trail(
    machine: Audited, days: float, counts: bool
) -> None:
    old = machine.clock() - int(days * 86_400)
    os.utime(machine.root / "var/log/audit/audit.log", (old, old))
    assert (linux_audit.trail(machine) is not None) is counts


def test_a_log_that_is_not_there_is_no_trail(machine: Audited) -> None:
    (machine.root / "var/log/audit/audit.log").unlink()
    assert linux_audit.trail(machine) is None


def test_closed_settings_are_unseen(machine: Audited) -> None:
    machine.closed = (linux_audit.CONF,)
    denied = Unseen("denied")
    assert linux_audit.trail(machine) == Trail("audit", denied, denied, denied, denied)
    machine.closed = (linux_audit.RULES,)
    found = linux_audit.trail(machine)
    assert found is not None
    assert found.success == denied


class Auditd(NamedTuple):
    """One that runs, and what it writes."""

    process: "subprocess.Popen[bytes]"
    log: Path


def until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]") -> bool:
    """Whether it comes to be before the process ends or long patience does."""
    for _ in range(500):
        if ready() or process.poll() is not None:
            break
        try:
            process.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
    return ready()


def status(control: str) -> dict[str, str]:
    """What the kernel says of its auditing; nothing where it has none."""
    asked = subprocess.run([control, "-s"], capture_output=True, text=True, check=False)
    return {line.split()[0]: line.split()[1] for line in asked.stdout.splitlines() if " " in line}


@pytest.fixture
def auditd(tmp_path: Path) -> Iterator[Auditd]:
    """A real auditd under its own settings, with the kernel's auditing as it was afterwards."""
    needs.root()
    control = needs.program("auditctl", package="auditd")
    program = needs.program("auditd", package="auditd")
    before = status(control)
    if before.get("pid") != "0":
        needs.impossible("the kernel keeps no audit, or another auditd holds it")
    (tmp_path / "plugins").mkdir()
    log = tmp_path / "audit.log"
    conf = tmp_path / "auditd.conf"
    room = "".join(
        f"{w}space_left = {n}\n{w}space_left_action = IGNORE\n" for w, n in (("", 2), ("admin_", 1))
    )
    conf.write_text(
        f"{CONF}log_file = {log}\nlog_group = root\nlog_format = RAW\nflush = SYNC\n{room}"
        f"disk_full_action = IGNORE\ndisk_error_action = IGNORE\nplugin_dir = {tmp_path}/plugins\n"
    )
    conf.chmod(0o640)
    process = subprocess.Popen(
        [program, "-n", "-s", "enable", "-c", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        # It says that it started before the kernel hands anything over.
        if not until(lambda: log.exists() and status(control)["enabled"] == "1", process):
            needs.impossible("auditd does not start here")
        yield Auditd(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        subprocess.run([control, "-e", before["enabled"]], capture_output=True, check=False)


def signing_in(log: Path) -> list[str]:
    """What `su` left in the log about signing in."""
    lines = log.read_text().splitlines()
    kinds = {f"type={kind}" for kind in linux_audit._SIGNING_IN}
    return [line for line in lines if "/su" in line and line.split()[0] in kinds]


def test_a_real_auditd_writes_sign_ins_and_refusals_and_is_seen(auditd: Auditd) -> None:
    su = needs.program("su", package="util-linux")
    subprocess.run([su, "nobody", "-s", "/bin/sh", "-c", "true"], check=True)
    refused = ["setpriv", "--reuid=nobody", "--clear-groups", su, "root", "-c", "true"]
    done = subprocess.run(refused, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode != 0

    def both() -> bool:
        text = "\n".join(signing_in(auditd.log))
        return "res=success" in text and "res=failed" in text

    assert until(both, auditd.process), auditd.log.read_text()
    assert "auditd" in {process.name for process in LocalHost(b"k" * 32).processes()}


def test_the_settings_debian_ships_are_read() -> None:
    needs.root()
    needs.file("/etc/audit/auditd.conf", package="auditd")
    conf = linux_audit._settings(LocalHost(b"k" * 32))
    assert linux_audit._limit(conf) == 40 * MIB
    assert conf["log_file"] == linux_audit.LOG
    assert linux_audit._written(LocalHost(b"k" * 32)) is True
