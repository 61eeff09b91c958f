"""Logs, clocks and notices on Linux as files, and as Windows' and Apple's answers describe them."""

import hashlib
import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from agent.hosts.local import LocalHost
from checks.hardware.blockdevices import block_devices
from checks.host import RUN_TIMEOUT, CannotLook, Host, Process, Processes, Ran
from checks.logging import linux, macos, windows
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.notices import WEEK, week_end
from checks.unseen import Unseen, known
from tests.checks.rooted import RootedHost
from tests.checks.windows_host import Given, WindowsHost

NOW = 1_795_305_600
NOTICE = "This computer is the school's.  Its use is watched,\nand you agreed to the rules."
DIGEST = hashlib.sha256(" ".join(NOTICE.split()).encode()).hexdigest()
GIB = 1 << 30


class Machine(RootedHost):
    """A Linux or macOS machine of files, a few programs' answers and running programs."""

    running: tuple[str, ...] = ()
    answers: dict[str, bytes]
    privileged = True

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] in self.answers:
            return Ran(0, self.answers[argv[0]])
        raise CannotLook("tool-missing", argv[0])

    def processes(self) -> Processes:
        return [Process(1, name, None, "a") for name in self.running]

    def clock(self) -> int:
        return NOW


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    block_devices.cache_clear()
    made = Machine(tmp_path, cards=[])
    size = f'{{"blockdevices":[{{"name":"sda","type":"disk","children":[{{"name":"sda1","type":"part","mountpoints":["/"],"fssize":{20 * GIB},"fsavail":1}}]}}]}}'  # noqa: E501  # lsblk's answer is one line
    made.answers = {"lsblk": size.encode()}
    return made


def journal(machine: Machine, settings: str = "", *names: str) -> Trail | None:
    machine.put("/run/systemd/journal/socket", "", 0o644)
    machine.put("/etc/systemd/journald.conf", f"[Journal]\n{settings}\n", 0o644)
    for name in names or ("system.journal",):
        machine.put(f"/var/log/journal/0123/{name}", "", 0o644)
    return next(iter(known(linux.read(machine).trails)), None)


def test_a_weeks_end_is_never_before_its_moment() -> None:
    assert week_end(10 * WEEK) == 10 * WEEK
    assert week_end(10 * WEEK + 1) == 11 * WEEK
    assert week_end(11 * WEEK - 1) == 11 * WEEK


def test_a_lasting_journal_keeps_a_tenth_of_its_file_system(machine: Machine) -> None:
    assert journal(machine) == Trail("journal", True, True, 2 * GIB, None)


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ("SystemMaxUse=200M", 200 << 20),
        ("SystemMaxUse=1g", GIB),
        ("SystemMaxUse=4096", 4096),
        ("SystemMaxUse=lots", Unseen("parse-error")),
        ("MaxRetentionSec=1month", None),
        ("MaxRetentionSec=0\nSystemMaxUse=8M", 8 << 20),
    ],
)
def test_what_limits_the_journal(machine: Machine, settings: str, size: object) -> None:
    found = journal(machine, settings)
    assert found is not None
    assert found.log_bytes == size


@pytest.mark.parametrize("settings", ["Storage=volatile", "Storage=none"])
def test_a_journal_that_is_gone_after_a_restart_is_none(machine: Machine, settings: str) -> None:
    assert journal(machine, settings) is None


def test_a_drop_in_beats_the_main_file(machine: Machine) -> None:
    machine.put("/usr/lib/systemd/journald.conf.d/a.conf", "[Journal]\nStorage=none\n", 0o644)
    assert journal(machine, "Storage=persistent") is None
    machine.put("/etc/systemd/journald.conf.d/a.conf", "[Journal]\nStorage=auto\n", 0o644)
    assert journal(machine, "Storage=persistent") is not None


@pytest.mark.parametrize(
    ("level", "both"), [("info", (True, True)), ("5", (False, True)), ("err", (False, False))]
)
def test_a_journal_that_stores_only_the_serious_loses_sign_ins(
    machine: Machine, level: str, both: tuple[bool, bool]
) -> None:
    found = journal(machine, f"MaxLevelStore={level}")
    assert found is not None
    assert (found.success, found.failure) == both


def test_the_oldest_piece_of_a_journal_tells_how_far_it_reaches(machine: Machine) -> None:
    began = NOW - 100 * 86_400
    old = f"system@{'a' * 32}-{1:016x}-{began * 10**6:016x}.journal"
    new = f"system@{'a' * 32}-{9:016x}-{NOW * 10**6:016x}.journal"
    found = journal(machine, "", old, new, "user-1000.journal", "system@zz.journal")
    assert found is not None
    assert found.oldest_at == week_end(began)


def aged(machine: Machine, path: str, days: int) -> None:
    import os

    machine.put(path, "", 0o640)
    os.utime(machine.root / path.lstrip("/"), (NOW - days * 86_400,) * 2)


def test_text_logs_reach_to_the_last_write_of_their_oldest_piece(machine: Machine) -> None:
    aged(machine, "/var/log/auth.log", 0)
    assert known(linux.read(machine).trails) == [Trail("syslog", True, True, None, None)]
    aged(machine, "/var/log/auth.log.1", 7)
    aged(machine, "/var/log/auth.log.4.gz", 28)
    (found,) = known(linux.read(machine).trails)
    assert found.oldest_at == week_end(NOW - 28 * 86_400)


def test_a_text_log_that_nobody_writes_any_more_is_none(machine: Machine) -> None:
    aged(machine, "/var/log/secure", 3)
    assert known(linux.read(machine).trails) == []


@pytest.mark.parametrize("name", ["chronyd", "systemd-timesyn", "ntpd", None])
def test_what_keeps_the_clock_is_a_running_program(machine: Machine, name: str | None) -> None:
    machine.running = (name or "bash",)
    assert linux.read(machine).clock_kept is (name is not None)


@pytest.mark.parametrize(
    "issue",
    ["Debian GNU/Linux 13 \\n \\l\n", "\\S{PRETTY_NAME}\nKernel \\r on an \\m (\\l)\n", "", None],
)
def test_a_distributions_name_is_no_notice(machine: Machine, issue: str | None) -> None:
    if issue is not None:
        machine.put("/etc/issue", issue, 0o644)
    assert linux.read(machine).banners == [Banner("console", False, None)]


def test_the_schools_own_words_are_one(machine: Machine) -> None:
    machine.put("/etc/issue", f"{NOTICE}\n", 0o644)
    assert linux.read(machine).banners == [Banner("console", True, DIGEST)]


def test_a_graphical_screen_is_the_one_that_counts(machine: Machine) -> None:
    machine.put("/etc/issue", NOTICE, 0o644)
    display = machine.root / "etc/systemd/system/display-manager.service"
    display.parent.mkdir(parents=True)
    display.symlink_to("/usr/lib/systemd/system/gdm.service")
    assert linux.read(machine).banners == [Banner("graphical", False, None)]
    section = "[org/gnome/login-screen]\nbanner-message-enable={}\nbanner-message-text='{}'\n"
    words = " ".join(NOTICE.split())
    machine.put("/etc/dconf/db/gdm.d/01-banner", section.format("true", words), 0o644)
    assert linux.read(machine).banners == [Banner("graphical", True, DIGEST)]
    machine.put("/etc/dconf/db/gdm.d/02-off", section.format("false", words), 0o644)
    assert linux.read(machine).banners == [Banner("graphical", False, None)]
    display.unlink()
    display.symlink_to("/usr/lib/systemd/system/lightdm.service")
    assert linux.read(machine).banners == [Banner("graphical", False, None)]


def test_this_very_machine_is_seen() -> None:
    block_devices.cache_clear()
    facts = linux.read(LocalHost(b"k" * 32))
    assert isinstance(facts.trails, list)
    assert isinstance(facts.clock_kept, bool)


AUDITPOL = (
    "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion\r\n"
    "PC,System,Logon,{0CCE9215-69AE-11D9-BED3-505054503030},%s,\r\n"
)
EVENT = b"<Event><System><TimeCreated SystemTime='2026-08-01T10:00:00.1234567Z'/></System></Event>"


def on_windows(
    setting: str = "Success and Failure",
    event: bytes | CannotLook = EVENT,
    **keys: dict[str, Given],
) -> LoggingFacts:
    paths = {
        "policy": r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\Security",
        "local": r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Security",
        "time": r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters",
        "service": r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time",
        "client": r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpClient",
        "asked": r"HKLM\SOFTWARE\Policies\Microsoft\W32Time\TimeProviders\NtpClient",
        "system": r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        "winlogon": r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon",
    }
    host = WindowsHost(
        {paths[name]: values for name, values in keys.items()},
        programs={
            "auditpol.exe": Ran(0, (AUDITPOL % setting).encode()),
            "wevtutil.exe": event if isinstance(event, CannotLook) else Ran(0, event),
        },
    )
    return windows.read(cast("Host", host))


def only(facts: LoggingFacts) -> Trail:
    (found,) = known(facts.trails)
    return found


@pytest.mark.parametrize(
    ("setting", "both"),
    [
        ("Success and Failure", (True, True)),
        ("Success", (True, False)),
        ("Failure", (False, True)),
        ("No Auditing", (False, False)),
        ("Erfolg und Fehler", (True, True)),
    ],
)
def test_windows_says_what_it_writes(setting: str, both: tuple[bool, bool]) -> None:
    found = only(on_windows(setting))
    assert (found.success, found.failure) == both


def test_a_word_nobody_knows_is_unseen() -> None:
    found = only(on_windows("qapla"))
    assert isinstance(found.success, Unseen)
    assert isinstance(found.failure, Unseen)


def test_group_policy_counts_in_kibibytes_and_the_machine_in_bytes() -> None:
    local: dict[str, Given] = {"MaxSize": 1 << 20}
    assert only(on_windows()).log_bytes == 20 << 20
    assert only(on_windows(local=local)).log_bytes == 1 << 20
    assert only(on_windows(local=local, policy={"MaxSize": 196_608})).log_bytes == 192 << 20


def test_the_oldest_event_tells_its_time_only() -> None:
    assert only(on_windows()).oldest_at == week_end(1_785_578_400)
    assert only(on_windows(event=b"")).oldest_at is None
    assert only(on_windows(event=b"<Event/>")).oldest_at == Unseen("parse-error")
    assert only(on_windows(event=CannotLook("denied"))).oldest_at == Unseen("denied")


def test_a_windows_clock_is_kept_unless_somebody_stopped_it() -> None:
    assert on_windows().clock_kept is True
    assert on_windows(time={"Type": "NT5DS"}, service={"Start": 3}).clock_kept is True
    assert on_windows(time={"Type": "NoSync"}).clock_kept is False
    assert on_windows(service={"Start": 4}).clock_kept is False
    assert on_windows(client={"Enabled": 0}).clock_kept is False
    assert on_windows(client={"Enabled": 0}, asked={"Enabled": 1}).clock_kept is True
    assert on_windows(client={"Enabled": 1}, asked={"Enabled": 0}).clock_kept is False


def test_a_windows_notice_stands_in_either_place() -> None:
    assert on_windows().banners == [Banner("graphical", False, None)]
    shown = Banner("graphical", True, DIGEST)
    assert on_windows(system={"legalnoticetext": NOTICE}).banners == [shown]
    assert on_windows(winlogon={"LegalNoticeText": NOTICE}, system={"x": 1}).banners == [shown]


def on_mac(machine: Machine, control: str | None, *trails: str) -> LoggingFacts:
    machine.running = ("auditd",)
    machine.answers["systemsetup"] = b"Network Time: On\n"
    if control is not None:
        machine.put("/etc/security/audit_control", control, 0o644)
    for name in trails:
        machine.put(f"/var/audit/{name}", "", 0o644)
    return macos.read(machine)


def test_a_mac_without_its_own_settings_writes_nothing(machine: Machine) -> None:
    facts = on_mac(machine, None)
    assert facts.trails == []
    assert facts.clock_kept is True
    assert facts.banners == [Banner("graphical", False, None)]


@pytest.mark.parametrize(
    ("flags", "both"),
    [
        ("lo,aa", (True, True)),
        ("+lo", (True, False)),
        ("-lo,ad", (False, True)),
        ("all,^lo", (False, False)),
        ("ad", (False, False)),
        ("", (False, False)),
    ],
)
def test_a_macs_flags_say_what_it_writes(
    machine: Machine, flags: str, both: tuple[bool, bool]
) -> None:
    found = only(on_mac(machine, f"# flags:none\ndir:/var/audit\nflags:{flags}\n"))
    assert (found.success, found.failure) == both


@pytest.mark.parametrize(
    ("expires", "size"),
    [("10M", 10 << 20), ("90d AND 1G", 1 << 30), ("90d OR 1G", None), ("60d", None)],
)
def test_what_ends_a_macs_trails(machine: Machine, expires: str, size: int | None) -> None:
    control = f"flags:lo\nexpire-after:{expires}\n"
    found = only(on_mac(machine, control, "20260801100000.20260802100000", "current"))
    assert found.log_bytes == size
    assert found.oldest_at == week_end(1_785_578_400)


def test_a_trail_without_auditd_is_none(machine: Machine) -> None:
    machine.put("/etc/security/audit_control", "flags:lo\n", 0o644)
    assert macos.read(machine).trails == []


@pytest.mark.parametrize("said", [b"", b"You need administrator access\n"])
def test_a_mac_that_does_not_answer_for_its_clock_is_unseen(machine: Machine, said: bytes) -> None:
    machine.answers["systemsetup"] = said
    assert isinstance(macos.read(machine).clock_kept, Unseen)


def test_a_macs_notice_stands_in_one_of_three_places(machine: Machine) -> None:
    text = plistlib.dumps({"LoginwindowText": NOTICE})
    machine.put("/Library/Preferences/com.apple.loginwindow.plist", text, 0o644)
    assert macos.read(machine).banners == [Banner("graphical", True, DIGEST)]
    machine.put("/Library/Security/PolicyBanner.rtf", "{\\rtf1}", 0o644)
    assert macos.read(machine).banners == [Banner("graphical", True, Unseen("tool-missing"))]
    machine.answers["/usr/bin/textutil"] = b"\n"
    assert macos.read(machine).banners == [Banner("graphical", True, Unseen("unsupported"))]
    machine.answers["/usr/bin/textutil"] = f"  {NOTICE}\n".encode()
    assert macos.read(machine).banners == [Banner("graphical", True, DIGEST)]
    machine.put("/Library/Security/PolicyBanner.txt", "Other words", 0o644)
    assert macos.read(machine).banners != [Banner("graphical", True, DIGEST)]
