"""Backup jobs on Linux as files and a journal tell of them; real ones are in test_linux_real."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.backups import linux
from checks.backups.facts import MOST_FAILURES, MOST_JOBS, Job
from checks.backups.linux import FAILED, SUCCEEDED
from checks.backups.products import calling, named
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Process, Processes, Ran, Stretches
from checks.online import Stretch
from checks.unseen import Unseen, known
from tests.checks.rooted import Names, RootedHost

NOW = 1_795_305_600
HOUR = 3_600
MINUS_ONE = Unseen("deferred")


class Server(RootedHost):
    """A Linux machine of files, with a journal that a test writes."""

    root_user = True
    journal: bytes | CannotLook = b""
    running: tuple[str, ...] = ()
    asked: list[Sequence[str]]

    @property
    def privileged(self) -> bool:
        return self.root_user

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        self.asked.append(argv)
        if argv[0] != "journalctl":
            raise CannotLook("tool-missing", argv[0])
        if isinstance(self.journal, CannotLook):
            raise self.journal
        return Ran(0, self.journal)

    def processes(self) -> Processes:
        return [Process(1, name, None, "a") for name in self.running]

    def online(self) -> Stretches:
        return [Stretch(NOW - 9, NOW, 9)]

    def clock(self) -> int:
        return NOW

    def timer(self, name: str, call: str = "", timer: str = "[Timer]\n") -> None:
        """An enabled timer and the service of its name."""
        self.put("/run/systemd/system/x", "")
        folder = "/etc/systemd/system"
        wants = self.root / f"{folder[1:]}/timers.target.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants / f"{name}.timer").symlink_to(f"/usr/lib/systemd/system/{name}.timer")
        self.put(f"/usr/lib/systemd/system/{name}.timer", timer, 0o644)
        self.put(f"{folder}/{name}.service", f"[Service]\nExecStart={call}\n", 0o644)

    def ended(self, *ends: tuple[str, bool, int]) -> None:
        """Unit, whether it worked, and how many hours ago."""
        rows = [
            {
                "UNIT": unit,
                "MESSAGE_ID": SUCCEEDED if worked else FAILED,
                "__REALTIME_TIMESTAMP": str((NOW - hours * HOUR) * 10**6 + 5),
            }
            for unit, worked, hours in ends
        ]
        self.journal = "\n".join(json.dumps(row) for row in rows).encode()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(tmp_path, cards=[])
    made.asked = []
    return made


def jobs(server: Server) -> list[Job]:
    return known(linux.read_now(server).jobs)


def test_a_timer_is_judged_by_how_its_service_ended(server: Server) -> None:
    server.timer("nightly", "@/usr/bin/nice nice restic -q backup /srv")
    server.ended(("nightly.service", False, 3), ("nightly.service", True, 9))
    assert jobs(server) == [Job("restic", "nightly.service", "result", NOW - 9 * HOUR, 1)]
    assert linux.read_now(server).online == [Stretch(NOW - 9, NOW, 9)]


def test_the_order_of_the_journal_does_not_matter_and_failures_are_capped(server: Server) -> None:
    server.timer("b", "borg create ::x /srv")
    server.ended(*(("b.service", False, hours) for hours in range(20)), ("b.service", True, 90))
    (found,) = jobs(server)
    assert (found.product, found.failed_in_row) == ("BorgBackup", MOST_FAILURES)
    assert found.last_success_at == NOW - 90 * HOUR
    server.ended(("b.service", True, 90), ("b.service", False, 3))
    assert jobs(server)[0].failed_in_row == 1


@pytest.mark.parametrize(
    ("call", "proof"),
    [
        ("-/usr/bin/restic backup /srv", "trace"),
        ("!-/usr/bin/restic backup /srv", "trace"),
        ("/bin/sh -c 'restic backup /srv || true'", "trace"),
        ("/usr/bin/restic backup -x /srv", "result"),
    ],
)
def test_a_unit_that_forgives_failures_tells_nothing_by_its_end(
    server: Server, call: str, proof: str
) -> None:
    server.timer("nightly", call)
    server.ended(("nightly.service", True, 3))
    assert [(job.proof, job.last_success_at) for job in jobs(server)] == [(proof, NOW - 3 * HOUR)]


def test_of_two_ends_in_one_second_the_later_counts(server: Server) -> None:
    server.timer("b", "borg create ::x /srv")
    server.ended(("b.service", False, 3), ("b.service", True, 3))
    assert jobs(server)[0].failed_in_row == 1
    server.ended(("b.service", True, 3), ("b.service", False, 3))
    assert jobs(server)[0].failed_in_row == 0


def test_a_job_that_only_failed_never_worked(server: Server) -> None:
    server.timer("data-backup", "/usr/local/sbin/save")
    server.ended(("data-backup.service", False, 3), ("other.service", True, 1))
    assert jobs(server) == [Job("script", "data-backup.service", "result", None, 1)]


def test_a_journal_that_says_nothing_proves_nothing(server: Server) -> None:
    server.timer("data-backup", "/usr/local/sbin/save")
    assert jobs(server)[0].last_success_at == MINUS_ONE
    server.root_user = False
    assert jobs(server)[0].last_success_at == Unseen("denied")
    server.journal = CannotLook("tool-missing")
    assert jobs(server)[0].last_success_at == Unseen("tool-missing")


@pytest.mark.parametrize("junk", [b"\xff\xfe{", b"{}\n[]\n", b'{"UNIT":null}', b"No journal files"])
def test_junk_in_place_of_a_journal_is_no_run(server: Server, junk: bytes) -> None:
    server.timer("data-backup", "/usr/local/sbin/save")
    server.journal = junk
    assert jobs(server)[0].last_success_at == MINUS_ONE


def test_a_timer_may_start_another_unit_and_an_instance_has_a_template(server: Server) -> None:
    server.timer("a", "true", "[Timer]\nUnit=save.service\n")
    server.put("/etc/systemd/system/save.service", "[Service]\nExecStart=duply x bkp\n", 0o644)
    server.timer("tool@home", "", "")
    server.put("/etc/systemd/system/tool@home.service", "", 0o644)
    server.put("/usr/lib/systemd/system/tool@.service", "[Service]\nExecStart=borgmatic\n", 0o644)
    server.ended(("save.service", True, 1), ("tool@home.service", True, 2))
    assert [(job.product, job.name) for job in jobs(server)] == [
        ("borgmatic", "tool@home.service"),
        ("duply", "save.service"),
    ]


def test_where_systemd_does_not_run_its_timers_do_not_either(server: Server) -> None:
    server.timer("data-backup", "restic backup /srv")
    (server.root / "run/systemd/system/x").unlink()
    (server.root / "run/systemd/system").rmdir()
    assert jobs(server) == []
    assert not server.asked


def test_without_a_backup_no_program_is_run_and_no_hours_are_told(server: Server) -> None:
    server.timer("apt-daily", "/usr/lib/apt/apt.systemd.daily update")
    server.timer("dpkg-db-backup", "/usr/libexec/dpkg/dpkg-db-backup")
    now = linux.read_now(server)
    assert (now.jobs, now.online, server.asked) == ([], [], [])


@pytest.mark.parametrize(
    ("call", "product"),
    [
        ("/usr/bin/restic backup /", "restic"),
        ("restic -r sftp:a:/b --tag x backup /srv", "restic"),
        ("/bin/sh -c 'restic backup /srv && restic forget'", "restic"),
        ("-@/usr/bin/restic backup", "restic"),
        ("restic forget --prune", None),
        ("restic check", None),
        ("borg create ::{now} /", "BorgBackup"),
        ("borg prune --keep-daily 7", None),
        ("borgmatic --verbosity -1", "borgmatic"),
        ("borgmatic prune compact create", "borgmatic"),
        ("borgmatic prune", None),
        ("duplicity /srv file:///mnt", "duplicity"),
        ("duplicity remove-older-than 3M file:///mnt", None),
        ("duply profile backup_verify", "duply"),
        ("kopia snapshot create /srv", "Kopia"),
        ("kopia maintenance run", None),
        ("/usr/sbin/backupninja --now", "backupninja"),
        ("rsync -a /srv /mnt", None),
        ("echo backup restic", None),
        ("", None),
    ],
)
def test_a_call_counts_where_it_saves_something(call: str, product: str | None) -> None:
    assert calling(call) == product


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("data-backup", True),
        ("Nightly Back-up to NAS", True),
        ("backup_latest", True),
        ("Datensicherung", True),
        ("backup-test", False),
        ("backup-prune", False),
        ("check-backups", False),
        ("dpkg-db-backup", False),
        ("nightly", False),
        ("", False),
    ],
)
def test_a_name_says_that_it_makes_backups(name: str, counts: bool) -> None:
    assert named(name) is counts


def test_programs_that_run_are_named_but_tell_nothing(server: Server) -> None:
    server.running = ("bacula-fd", "veeamservice", "cron")
    assert linux.read(server).products == ["Bacula", "Veeam Agent"]


def test_a_name_leaves_as_one_short_printable_line(server: Server) -> None:
    server.timer("backup-a\x07b\n" + "c" * 100, "restic backup /")
    (found,) = jobs(server)
    assert found.name.startswith("backup-a b c")
    assert len(found.name) == 80


def test_more_jobs_than_anybody_has_are_not_listed(server: Server) -> None:
    for at in range(MOST_JOBS + 1):
        server.timer(f"backup-{at}", "true")
    assert linux.read_now(server).jobs == Unseen("too-large")


def cron(server: Server, text: str, path: str = "/etc/crontab") -> list[Job]:
    server.put(path, text, 0o755)
    return jobs(server)


def repository(server: Server, path: str, hours: int) -> None:
    server.put(path, "")
    os.utime(server.root / path[1:], (NOW - hours * HOUR,) * 2)


LINE = "0 1 * * * root "


@pytest.mark.parametrize(
    "text",
    [
        f"{LINE}restic -r /mnt/r backup /srv\n",
        f"RESTIC_REPOSITORY=/mnt/r/\n{LINE}restic backup /srv\n",
        f"{LINE}RESTIC_PASSWORD=hunter2 restic --repo=/mnt/r backup /srv\n",
    ],
)
def test_cron_is_judged_by_what_restic_left(server: Server, text: str) -> None:
    repository(server, "/mnt/r/snapshots/aa", 30)
    repository(server, "/mnt/r/snapshots/bb", 3)
    assert cron(server, text) == [Job("restic", "crontab", "trace", NOW - 3 * HOUR, None)]


@pytest.mark.parametrize(
    "text",
    [f"BORG_REPO=/mnt/b\n{LINE}borg create ::{{now}} /srv\n", f"{LINE}borg create /mnt/b::x /\n"],
)
def test_cron_is_judged_by_what_borg_left(server: Server, text: str) -> None:
    repository(server, "/mnt/b/integrity.12", 4)
    repository(server, "/mnt/b/nonce", 1)
    assert cron(server, text) == [Job("BorgBackup", "crontab", "trace", NOW - 4 * HOUR, None)]


def test_of_a_repository_elsewhere_nothing_can_be_seen(server: Server) -> None:
    text = f"RESTIC_REPOSITORY=rest:https://u:p@backup.example/x\n{LINE}restic backup /srv\n"
    assert cron(server, text) == [
        Job("restic", "crontab", "result", Unseen("unsupported"), None),
    ]


def test_an_empty_repository_is_no_success(server: Server) -> None:
    (server.root / "mnt/r/snapshots").mkdir(parents=True)
    found = cron(server, f"{LINE}restic -r /mnt/r backup /srv\n")
    assert found[0].last_success_at == Unseen("unsupported")


def test_a_script_of_cron_counts_by_its_call_or_its_name(server: Server) -> None:
    server.put("/etc/cron.daily/save", "#!/bin/sh\n# restic backup\nborg create ::x /srv\n", 0o755)
    server.put("/etc/cron.daily/backup.disabled", "restic backup /\n", 0o755)
    server.put("/etc/cron.daily/dpkg", "#!/bin/sh\n/usr/libexec/dpkg/dpkg-db-backup\n", 0o755)
    server.put("/etc/cron.d/school", f"{LINE}/opt/school/backup-sims.sh >/dev/null\n", 0o644)
    found = [(job.product, job.name) for job in jobs(server)]
    assert found == [("BorgBackup", "save"), ("script", "backup-sims.sh")]


def test_a_commented_line_of_cron_is_no_job(server: Server) -> None:
    assert cron(server, f"# {LINE}restic backup /srv\n\n") == []


CONF = "retain\talpha\t6\nretain\tbeta\t7\nsnapshot_root\t/snap/\nlogfile\t/var/log/rs.log\n"
SAID = "[2026-07-01T02:00:0{}] /usr/bin/rsnapshot {}: {}\n"


def test_rsnapshot_is_judged_by_its_first_level_in_the_machines_own_time(server: Server) -> None:
    (server.root / "etc").mkdir()
    (server.root / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/London")
    server.put("/etc/rsnapshot.conf", CONF, 0o644)
    log = SAID.format(1, "alpha", "started") + SAID.format(2, "alpha", "completed successfully")
    log += SAID.format(3, "beta", "ERROR: no") + SAID.format(4, "alpha", "ERROR: no")
    server.put("/var/log/rs.log", log, 0o644)
    at = 1_782_867_602  # 01:00:02 UTC: British Summer Time
    assert jobs(server) == [Job("rsnapshot", "", "result", at, 1)]


def test_without_a_log_rsnapshots_newest_copy_is_a_trace(server: Server) -> None:
    server.put("/etc/rsnapshot.conf", CONF.replace("logfile", "#logfile"), 0o644)
    assert jobs(server) == []
    repository(server, "/snap/alpha.0/file", 1)
    os.utime(server.root / "snap/alpha.0", (NOW - HOUR,) * 2)
    assert jobs(server) == [Job("rsnapshot", "", "trace", NOW - HOUR, None)]


def test_duplicity_tells_by_the_names_of_what_it_finished(server: Server) -> None:
    folder = "/root/.cache/duplicity/0123"
    for name in (
        "duplicity-full.20261120T012110Z.manifest",
        "duplicity-inc.20261120T012110Z.to.20261121T012110Z.manifest",
        "duplicity-inc.20261121T012110Z.to.20261122T012110Z.manifest.part",
        "duplicity-full.20269999T012110Z.manifest",
    ):
        server.put(f"{folder}/{name}", "")
    assert jobs(server) == [Job("duplicity", "", "result", 1_795_224_070, None)]
    server.put("/root/.cache/duplicity/4567/duplicity-full.20261120T012110Z.manifest.part", "")
    second = Job("duplicity", "2", "result", None, None)
    assert jobs(server) == [Job("duplicity", "1", "result", 1_795_224_070, None), second]


class Closed(Server):
    """Some places are closed to whoever looks."""

    closed: tuple[str, ...] = ()

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        if path in self.closed:
            raise CannotLook("denied", path)
        return super().read(path, limit)

    def list(self, path: str) -> Names | None:
        if path in self.closed:
            raise CannotLook("denied", path)
        return super().list(path)


@pytest.mark.parametrize(
    "path",
    ["/root/.cache/duplicity", "/var/spool/cron/crontabs/root", "/etc/cron.daily", "/etc/cron.d"],
)
def test_a_closed_place_is_not_an_empty_one_but_hides_nothing_seen(
    tmp_path: Path, path: str
) -> None:
    server = Closed(tmp_path, cards=[])
    server.asked, server.closed = [], (path,)
    assert linux.read_now(server).jobs == Unseen("denied")
    assert [job.product for job in cron(server, f"{LINE}restic backup /srv\n")] == ["restic"]


def test_a_closed_unit_is_known_by_its_name_only(tmp_path: Path) -> None:
    server = Closed(tmp_path, cards=[])
    server.asked = []
    server.timer("nightly", "restic backup /srv")
    server.closed = ("/etc/systemd/system/nightly.service",)
    assert linux.read_now(server).jobs == Unseen("denied")
    server.timer("backup", "true")
    server.closed += ("/etc/systemd/system/backup.service",)
    assert [job.name for job in jobs(server)] == ["backup.service"]


def test_more_files_than_anybody_has_hide_whether_there_is_a_job(server: Server) -> None:
    for at in range(65):
        server.put(f"/etc/cron.d/a{at:02}", "# nothing\n", 0o644)
    assert linux.read_now(server).jobs == Unseen("too-large")


def test_more_timers_than_anybody_has_are_not_looked_through(server: Server) -> None:
    for at in range(linux.MOST_TIMERS + 1):
        server.timer(f"t{at}", "true")
    assert linux.read_now(server).jobs == Unseen("too-large")
