"""The reader against a real ClamAV: its daemon, its definitions, its scans."""

import shutil
import subprocess
from pathlib import Path

import pytest

from agent.collect.reading import read_domain
from checks.antivirus import clamav, products
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.catalogue import catalogue
from checks.host import Process
from checks.unseen import Unseen
from tests import needs
from tests.checks.antivirus.clam import EICAR_MD5, Clam, Elsewhere, sigtool


@pytest.fixture
def clam(tmp_path: Path) -> Clam:
    """A ClamAV with nothing but a configuration."""
    needs.program("clamscan", package="clamav")
    return Clam(tmp_path / "clam")


def look(clam: Clam) -> tuple[Product, Freshness]:
    """What the domain's reader sees of ClamAV."""
    domain = next(d for d in catalogue().domains if d.name == "antivirus")
    sections = read_domain(clam.host(), domain)
    facts, now = sections[AntivirusFacts], sections[AntivirusNow]
    assert isinstance(facts, AntivirusFacts)
    assert isinstance(now, AntivirusNow)
    assert isinstance(facts.products, list)
    assert isinstance(now.times, list)
    product = next(product for product in facts.products if product.id == clamav.ID)
    return product, next(times for times in now.times if times.product == clamav.ID)


def test_the_date_of_real_definitions_is_what_clamscan_itself_shows(clam: Clam) -> None:
    shutil.copy(sigtool(clam.root, version=28188), clam.root / "db" / "daily.cld")
    shown = subprocess.run(
        ["clamscan", "-d", str(clam.root / "db"), "--version"],
        capture_output=True,
        check=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
    ).stdout
    _, times = look(clam)
    assert times.definitions_version == "28188"
    assert isinstance(times.definitions_at, int)
    day = subprocess.run(
        ["date", "-u", "-d", f"@{times.definitions_at}", "+%a %b %e %H:%M:%S %Y"],
        capture_output=True,
        check=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    ).stdout.strip()
    assert shown.strip().endswith(f"/28188/{day}")


def test_the_newer_of_two_databases_counts(clam: Clam) -> None:
    built = sigtool(clam.root, version=28190)
    shutil.copy(built, clam.root / "db" / "daily.cld")
    old = built.read_bytes().replace(b":28190:", b":28001:", 1)
    (clam.root / "db" / "daily.cvd").write_bytes(old)
    assert look(clam)[1].definitions_version == "28190"


def test_a_damaged_database_is_unseen_and_a_missing_one_is_none(clam: Clam) -> None:
    assert look(clam)[1].definitions_at is None
    (clam.root / "db" / "daily.cvd").write_bytes(b"\0" * 4096)
    assert look(clam)[1].definitions_at == Unseen("parse-error")


def test_a_link_in_the_database_folder_is_not_followed(clam: Clam) -> None:
    (clam.root / "db" / "daily.cvd").symlink_to("/etc/passwd")
    assert look(clam)[1].definitions_at is None


def test_the_daemon_is_running_only_while_it_runs_and_does_not_watch_by_default(clam: Clam) -> None:
    (clam.root / "db" / "test.hdb").write_text(EICAR_MD5 + "\n")
    product, _ = look(clam)
    assert product.running is False
    with clam.daemon():
        product, _ = look(clam)
        assert product.running is True
        assert product.realtime == "off"
        assert product.removable == "none"
        assert isinstance(product.version, str)
    product, _ = look(clam)
    assert product.running is False


def test_the_log_of_a_real_scheduled_scan_tells_when_it_ended(clam: Clam) -> None:
    (clam.root / "db" / "test.hdb").write_text(EICAR_MD5 + "\n")
    log = clam.root / "log" / "scan.log"
    (clam.root / "units" / "scan.timer").write_text("[Timer]\nOnCalendar=weekly\n")
    (clam.root / "units" / "scan.service").write_text(
        f"[Service]\nExecStart=/usr/bin/clamscan --infected --log={log} -r /home\n"
    )
    assert look(clam)[1].quick_scan_at is None
    place = clam.root / "files"
    place.mkdir()
    (place / "harmless.txt").write_text("hello\n")
    subprocess.run(
        ["clamscan", "-d", str(clam.root / "db"), "--infected", f"--log={log}", "-r", str(place)],
        check=True,
        capture_output=True,
    )
    _, times = look(clam)
    assert times.quick_scan_at == int(log.stat().st_mtime)
    assert times.full_scan_at is None, "a scan of /home is not one of the whole machine"
    with log.open("a") as more:
        more.write("-" * 79 + "\n/home/a: OK\n")
    _, unfinished = look(clam)
    assert isinstance(unfinished.quick_scan_at, int), "the scan before the one that is running"


def test_where_other_peoples_programs_are_hidden_nobody_knows_what_runs(
    clam: Clam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Elsewhere, "processes", lambda _: [Process(4000, "bash", None, "s")])
    product, _ = look(clam)
    assert product.running == Unseen("denied")
    assert product.realtime == Unseen("denied")


def test_without_a_scan_that_keeps_a_log_nobody_knows_when_the_last_one_was(clam: Clam) -> None:
    _, times = look(clam)
    assert times.quick_scan_at == Unseen("unsupported")
    assert times.full_scan_at == Unseen("unsupported")


def test_an_empty_update_log_is_the_one_the_package_came_with(clam: Clam) -> None:
    log = clam.root / "log" / "freshclam.log"
    log.touch()
    assert look(clam)[1].checked_at is None
    log.write_text("daily.cld database is up-to-date\n")
    assert look(clam)[1].checked_at == int(log.stat().st_mtime)


RULE = 'ACTION=="add", SUBSYSTEM=="block", ENV{ID_BUS}=="usb", '


@pytest.mark.parametrize(
    ("rule", "unit", "state"),
    [
        (RULE + 'ENV{SYSTEMD_WANTS}+="scan@%k.service"', "/usr/bin/clamdscan /run/%i", "on-insert"),
        (RULE + 'ENV{SYSTEMD_WANTS}+="scan@%k.service"', "/usr/bin/notify-send %i", "none"),
        (RULE + 'RUN+="/usr/bin/systemd-run clamscan -r /dev/%k"', "", "on-insert"),
        (RULE + 'SYMLINK+="clamscan"', "", "none"),
        ("# " + RULE + 'RUN+="/usr/bin/clamscan"', "", "none"),
    ],
)
def test_a_udev_rule_that_starts_clamav_scans_every_stick(
    clam: Clam, rule: str, unit: str, state: str
) -> None:
    (clam.root / "rules" / "99-scan.rules").write_text(rule + "\n")
    if unit:
        (clam.root / "units" / "scan@.service").write_text(f"[Service]\nExecStart={unit}\n")
    assert look(clam)[0].removable == state


def test_a_drive_folder_that_scans_leave_out_is_not_scanned_whatever_starts_the_scan(
    clam: Clam,
) -> None:
    (clam.root / "rules" / "99-scan.rules").write_text(RULE + 'RUN+="/usr/bin/clamscan"\n')
    with clam.conf.open("a") as conf:
        conf.write("ExcludePath ^/media/\n")
    assert look(clam)[0].removable == "none"


@pytest.mark.parametrize(
    ("options", "realtime", "removable"),
    [
        ("OnAccessIncludePath /home\nOnAccessPrevention yes", "on", "none"),
        ("OnAccessIncludePath /home/\nOnAccessPrevention true", "on", "none"),
        ("OnAccessIncludePath /home/pupils\nOnAccessPrevention true", "partial", "none"),
        (
            "OnAccessIncludePath /home\nOnAccessExcludePath /home/pupils\nOnAccessPrevention yes",
            "partial",
            "none",
        ),
        ("OnAccessIncludePath /\nOnAccessPrevention yes", "on", "mounted-only"),
        ("OnAccessIncludePath /srv\nOnAccessPrevention yes", "partial", "none"),
        ("OnAccessIncludePath /home2\nOnAccessPrevention yes", "partial", "none"),
        ("OnAccessIncludePath /home\nOnAccessPrevention no", "watch-only", "none"),
        ("OnAccessIncludePath /home", "watch-only", "none"),
        ("OnAccessMountPath /media\nOnAccessPrevention yes", "watch-only", "mounted-only"),
        ("", Unseen("unsupported"), Unseen("unsupported")),
    ],
)
def test_on_access_scanning_is_what_clamonacc_is_told_to_watch_and_block(
    clam: Clam, options: str, realtime: object, removable: object
) -> None:
    with clam.conf.open("a") as conf:
        conf.write(f"{options}\n")
    host = clam.host()
    programs = [Process(1, name, None, "s") for name in ("clamd", "clamonacc")]
    product = clamav.product(host, products.table()[clamav.ID], programs)
    assert product.realtime == realtime
    assert product.removable == removable
    alone = clamav.product(host, products.table()[clamav.ID], programs[:1])
    assert (alone.realtime, alone.removable) == ("off", "none")
