"""Backup jobs on Linux that cron runs, and programs that keep results of their own."""

import os
from pathlib import Path

import pytest

from checks.backups import linux
from checks.backups.facts import Job
from checks.unseen import Unseen
from tests.checks.backups.linux_server import HOUR, NOW, Server, jobs


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(tmp_path, cards=[])
    made.asked = []
    return made


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


@pytest.mark.parametrize(
    "path",
    ["/root/.cache/duplicity", "/var/spool/cron/crontabs/root", "/etc/cron.daily", "/etc/cron.d"],
)
def test_a_closed_place_is_not_an_empty_one_but_hides_nothing_seen(
    tmp_path: Path, path: str
) -> None:
    server = Server(tmp_path, cards=[])
    server.asked, server.closed = [], (path,)
    assert linux.read_now(server).jobs == Unseen("denied")
    assert [job.product for job in cron(server, f"{LINE}restic backup /srv\n")] == ["restic"]


def test_a_closed_unit_is_known_by_its_name_only(tmp_path: Path) -> None:
    server = Server(tmp_path, cards=[])
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


def test_where_rsnapshot_synchronises_first_its_levels_save_nothing(server: Server) -> None:
    server.put("/etc/rsnapshot.conf", CONF + "sync_first\t1\n", 0o644)
    log = SAID.format(1, "sync", "ERROR: no") + SAID.format(2, "alpha", "completed successfully")
    server.put("/var/log/rs.log", log, 0o644)
    assert jobs(server) == [Job("rsnapshot", "", "result", None, 1)]
    server.put("/var/log/rs.log", SAID.format(1, "sync", "completed successfully"), 0o644)
    assert jobs(server)[0].failed_in_row == 0


def test_settings_of_rsnapshot_that_go_on_elsewhere_are_not_guessed(server: Server) -> None:
    server.put("/etc/rsnapshot.conf", CONF + "include_conf\t/etc/rs.local\n", 0o644)
    server.put("/var/log/rs.log", SAID.format(1, "alpha", "completed successfully"), 0o644)
    assert jobs(server) == [Job("rsnapshot", "", "result", Unseen("unsupported"), None)]
