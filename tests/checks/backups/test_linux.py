"""Backup jobs on Linux as files and a journal tell of them; real ones are in test_linux_real."""

from pathlib import Path

import pytest

from checks.backups import linux
from checks.backups.facts import MOST_FAILURES, MOST_JOBS, BackupsNow, Job
from checks.backups.products import calling, named
from checks.facts import encode_section
from checks.host import CannotLook
from checks.online import Stretch
from checks.unseen import Unseen, known
from tests.checks.backups.linux_server import HOUR, NOW, Server, jobs

MINUS_ONE = Unseen("deferred")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(tmp_path, cards=[])
    made.asked = []
    return made


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
        ("/bin/sh -c 'restic backup /srv; restic forget'", "trace"),
        ("/bin/bash -c 'restic backup /srv | tee /var/log/save'", "trace"),
        ("/bin/sh -c 'restic backup /srv &'", "trace"),
        ("/bin/sh -c '. /etc/save.env; restic backup /srv >/var/log/save 2>&1'", "result"),
        ("/bin/sh -c 'restic backup /srv && restic forget'", "result"),
        ("/usr/bin/restic backup -x /srv", "result"),
        ("/usr/bin/restic backup --exclude a;b /srv", "result"),
        ("/usr/sbin/backupninja --now", "trace"),
        ("restic backup /srv\nSuccessExitStatus=1 3", "trace"),
        ("restic backup /srv\nSuccessExitStatus=3", "result"),
        ("borg create ::x /srv\nSuccessExitStatus=1", "result"),
        ("borg create ::x /srv\nSuccessExitStatus=2", "trace"),
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


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/etc/systemd/journald.conf", "[Journal]\nMaxLevelStore=notice\n"),
        ("/etc/systemd/journald.conf.d/a.conf", "[Journal]\nMaxLevelStore=4\n"),
        ("/etc/systemd/system.conf", "[Manager]\nLogLevel=warning\n"),
        ("/usr/lib/systemd/system.conf.d/quiet.conf", "[Manager]\nLogLevel=err\n"),
        ("/proc/cmdline", "ro quiet systemd.log_level=notice\n"),
        ("/etc/systemd/system/b.service", "[Service]\nExecStart=borg create\nLogLevelMax=notice"),
    ],
)
def test_where_only_failures_are_kept_nobody_knows_what_worked(
    server: Server, path: str, text: str
) -> None:
    server.timer("b", "borg create ::x /srv")
    server.put(path, text, 0o644)
    server.ended(("b.service", False, 3), ("b.service", False, 30))
    assert jobs(server) == [Job("BorgBackup", "b.service", "result", Unseen("unsupported"), None)]
    server.ended(("b.service", True, 3), ("b.service", False, 30))
    assert jobs(server)[0].last_success_at == NOW - 3 * HOUR
    server.put(path, text.replace("notice", "info").replace("4", "info").replace("err", "6"), 0o644)
    server.ended(("b.service", False, 3), ("b.service", False, 30))
    wanted = None if "warning" in text else 2
    assert jobs(server)[0].failed_in_row == wanted


def test_a_closed_place_is_told_beside_the_jobs_of_others(server: Server) -> None:
    server.timer("nightly", "restic backup /srv")
    server.ended(("nightly.service", True, 3))
    assert linux.read_now(server).everywhere is True
    for place in ("/var/spool/cron/crontabs/root", "/etc/cron.d/x", "/etc/rsnapshot.conf"):
        server.closed = (place,)
        server.put(place, "", 0o644)
        now = linux.read_now(server)
        assert len(known(now.jobs)) == 1
        assert now.everywhere == Unseen("denied")


def test_a_closed_folder_of_timers_is_a_place_of_its_own(server: Server) -> None:
    server.timer("nightly", "restic backup /srv")
    server.ended(("nightly.service", True, 3))
    server.closed = ("/run/systemd/system/timers.target.wants",)
    assert linux.read_now(server).everywhere == Unseen("denied")


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
        ("restic forget --tag backup", None),
        ("restic --host backup prune", None),
        ("restic snapshots --path backup", None),
        ("restic backup --dry-run /srv", None),
        ("restic backup -n /srv", None),
        ("/bin/sh -c 'restic unlock; restic backup /srv'", "restic"),
        ("resticprofile run-schedule forget@default", None),
        ("resticprofile run-schedule backup@default", "resticprofile"),
        ("resticprofile --name backup check", None),
        ("borg check --prefix create", None),
        ("borg create --dry-run ::x /", None),
        ("borg with-lock /mnt/b borg create /mnt/b::x /srv", "BorgBackup"),
        ("duply backup cleanup", None),
        ("duply backup incr", "duply"),
        ("kopia repository create filesystem", None),
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


def test_a_computer_without_jobs_tells_nothing_of_them_night_by_night() -> None:
    told = BackupsNow(jobs=[], online=[], everywhere=True)
    assert encode_section(told) == BackupsNow.resting
