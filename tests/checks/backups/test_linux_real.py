"""Backups that the real programs of Debian make here, read without their secret.

Each runs with its own folders under the test's; only where they lie is the test's, so what they
leave there is what they leave on a server.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts import running
from checks.backups import linux
from checks.backups.facts import Job
from checks.backups.linux_journal import FAILED, SUCCEEDED
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.unseen import known
from tests import needs
from tests.checks.rooted import RootedHost

SECRET = "correct-horse-battery"


class Server(RootedHost):
    """A machine whose programs wrote their files below its root, and its journal if it has one."""

    journal: Path | None = None

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if self.journal is None or argv[0] != "journalctl":
            raise CannotLook("tool-missing", argv[0])
        return running.run([*argv, f"--file={self.journal}"], timeout)

    def does(self, *argv: str, code: int = 0, **variables: str) -> None:
        """Run a program as it would run there; it must end with `code`."""
        home = self.root / "root"
        home.mkdir(parents=True, exist_ok=True)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}
        done = subprocess.run(
            argv,
            env={**environment, **variables},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stderr

    def at(self, path: str) -> str:
        """Where a path of its lies for programs."""
        return str(self.root / path.lstrip("/"))


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(tmp_path, cards=[])
    made.put("/srv/registers", "Year 4: 28 present\n", 0o644)
    made.put("/run/systemd/x", "")
    return made


def jobs(server: Server) -> list[Job]:
    return known(linux.read_now(server).jobs)


def age(path: Path, seconds: int) -> None:
    """Make what lies there as old as if the clock had gone on since."""
    for one in [path, *path.rglob("*")]:
        os.utime(one, (time.time() - seconds,) * 2)


def recent(at: object, since: float) -> bool:
    return isinstance(at, int) and int(since) <= at <= time.time() + 1


def test_what_restic_left_is_seen_without_its_password(server: Server) -> None:
    restic = needs.program("restic", package="restic")
    place = server.at("/mnt/repository")
    call = (restic, "-q", "-r", place)
    server.put("/etc/crontab", "1 1 * * * root restic -r /mnt/repository backup /srv\n", 0o644)
    server.does(*call, "init", RESTIC_PASSWORD=SECRET)
    # Made, but nothing was ever saved into it.
    assert [(job.product, job.proof) for job in jobs(server)] == [("restic", "result")]
    began = time.time()
    server.does(*call, "backup", server.at("/srv"), RESTIC_PASSWORD=SECRET)
    (found,) = jobs(server)
    assert (found.product, found.proof, found.failed_in_row) == ("restic", "trace", None)
    assert recent(found.last_success_at, began)
    age(Path(place), 86_400)
    old = jobs(server)
    # Looking after a repository, and saving nothing, leave no new trace.
    server.does(*call, "forget", "--keep-last", "1", RESTIC_PASSWORD=SECRET)
    server.does(*call, "backup", "/none", code=1, RESTIC_PASSWORD=SECRET)
    assert jobs(server) == old
    assert not recent(old[0].last_success_at, began)


def test_what_borg_left_is_seen_without_its_passphrase(server: Server) -> None:
    borg = needs.program("borg", package="borgbackup")
    place = server.at("/mnt/borg")
    Path(place).parent.mkdir()
    server.does(borg, "init", "-e", "repokey", place, BORG_PASSPHRASE=SECRET)
    server.put("/etc/cron.d/save", "1 1 * * * root borg create /mnt/borg::{now} /srv\n", 0o644)
    for name in ("a", "b"):
        began = time.time()
        server.does(borg, "create", f"{place}::{name}", server.at("/srv"), BORG_PASSPHRASE=SECRET)
        (found,) = jobs(server)
        assert (found.product, found.proof) == ("BorgBackup", "trace")
        assert recent(found.last_success_at, began)
    age(Path(place), 86_400)
    old = jobs(server)
    server.does(borg, "list", place, BORG_PASSPHRASE=SECRET)
    assert jobs(server) == old
    # Why a trace is no result: nothing is saved here, and the files are new all the same.
    began = time.time()
    server.does(borg, "prune", "--keep-last", "1", place, BORG_PASSPHRASE=SECRET)
    assert recent(jobs(server)[0].last_success_at, began)


def test_duplicity_tells_when_its_last_finished_backup_began(server: Server) -> None:
    duplicity = needs.program("duplicity", package="duplicity")
    target = f"file://{server.at('/mnt/duplicity')}"
    began = time.time()
    server.does(duplicity, "--no-encryption", server.at("/srv"), target)
    (found,) = jobs(server)
    assert (found.product, found.proof, found.failed_in_row) == ("duplicity", "result", None)
    assert recent(found.last_success_at, began)
    server.does(duplicity, "--no-encryption", server.at("/nowhere"), target, code=13)
    server.does(duplicity, "collection-status", target)
    assert jobs(server) == [found]


def test_rsnapshot_tells_by_its_log_and_by_its_newest_copy(server: Server) -> None:
    rsnapshot = needs.program("rsnapshot", package="rsnapshot")
    settings = [
        ("config_version", "1.2"),
        ("snapshot_root", server.at("/snap/")),
        ("cmd_rsync", needs.program("rsync", package="rsync")),
        ("retain", "alpha", "6"),
        ("retain", "beta", "7"),
        ("logfile", server.at("/var/log/rsnapshot.log")),
        ("backup", server.at("/srv/"), "localhost/"),
    ]
    text = "".join("\t".join(row) + "\n" for row in settings)
    server.put("/real.conf", text, 0o644)
    # The same settings, as they would read on a machine whose root this folder is.
    server.put("/etc/rsnapshot.conf", text.replace(str(server.root), ""), 0o644)
    server.put("/var/log/rsnapshot.log", "")
    assert jobs(server) == []
    began = time.time()
    server.does(rsnapshot, "-c", server.at("/real.conf"), "alpha")
    (worked,) = jobs(server)
    assert (worked.product, worked.proof, worked.failed_in_row) == ("rsnapshot", "result", 0)
    assert recent(worked.last_success_at, began)
    server.put("/real.conf", text.replace("/srv\t", "/gone\t"), 0o644)
    server.does(rsnapshot, "-c", server.at("/real.conf"), "alpha", code=1)
    (failed,) = jobs(server)
    assert (failed.last_success_at, failed.failed_in_row) == (worked.last_success_at, 1)
    server.put("/var/log/rsnapshot.log", "")
    (trace,) = jobs(server)
    assert (trace.proof, trace.failed_in_row) == ("trace", None)
    assert recent(trace.last_success_at, began)


BEGAN = 1_795_305_600
WRITER = "/lib/systemd/systemd-journal-remote"


def record(unit: str, message: str, at: int, pid: int = 1) -> str:
    """One record as systemd's own tool takes it to write a journal of it."""
    fields = {
        "__REALTIME_TIMESTAMP": at * 1_000_000 + 7,
        "__MONOTONIC_TIMESTAMP": (at - BEGAN + 1) * 1_000_000,
        "_BOOT_ID": "1" * 32,
        "_PID": pid,
        "PRIORITY": 6,
        "UNIT": unit,
        "MESSAGE_ID": message,
        "MESSAGE": "\u00e0 la carte",
    }
    return "".join(f"{name}={value}\n" for name, value in fields.items()) + "\n"


def test_the_real_journalctl_tells_how_services_ended_and_who_said_so(
    server: Server, tmp_path: Path
) -> None:
    writer = needs.file(WRITER, package="systemd-journal-remote")
    needs.program("journalctl", package="systemd")
    text = "".join(
        [
            record("save.service", SUCCEEDED, BEGAN),
            record("other.service", SUCCEEDED, BEGAN + 1),
            record("save.service", FAILED, BEGAN + 60),
            # "started", which says nothing of its end
            record("save.service", "39f53479d3a045ac8e11786248231fbf", BEGAN + 70),
            # an ordinary program that says it in systemd's words
            record("save.service", SUCCEEDED, BEGAN + 80, pid=4711),
        ]
    )
    server.put("/export", text)
    server.journal = tmp_path / "made.journal"
    server.does(str(writer), "-o", str(server.journal), server.at("/export"))
    server.put("/run/systemd/system/x", "")
    server.put("/etc/systemd/system/save.service", "[Service]\nExecStart=restic backup /srv\n")
    wants = server.root / "etc/systemd/system/timers.target.wants"
    wants.mkdir()
    (wants / "save.timer").symlink_to("/etc/systemd/system/save.timer")
    assert jobs(server) == [Job("restic", "save.service", "result", BEGAN, 1)]
