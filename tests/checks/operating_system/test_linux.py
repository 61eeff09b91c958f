"""The operating system on Linux, read from real files, and held to what apt would install."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.facts import encode_section
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.operating_system import linux, linux_apt, linux_automatic
from checks.operating_system.facts import Automatic
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

AT = 1_795_320_000
LISTS = "/var/lib/apt/lists"
SECURITY = f"{LISTS}/mirror.example.org_debian-security_dists_bookworm-security"
MAIN = f"{LISTS}/mirror.example.org_debian_dists_bookworm"
TIMER = "etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer"
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'


class Machine(RootedHost):
    """A made-up machine whose clock stands still and whose apt answers as the test says."""

    answers: dict[str, Ran]

    def clock(self) -> int:
        return AT

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] not in self.answers:
            raise CannotLook("tool-missing", argv[0])
        return self.answers[argv[0]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Debian 12 with the security archive's lists of yesterday and one package."""
    made = Machine(tmp_path)
    made.answers = {}
    made.put("/etc/os-release", f"{OS_RELEASE}VERSION_CODENAME=bookworm\n")
    made.put("/proc/sys/kernel/osrelease", "6.1.0-37-amd64\n")
    made.put("/proc/stat", f"cpu  1 2 3\nbtime {AT - 86_400}\n")
    made.put(f"{SECURITY}_InRelease", release("Debian-Security", "bookworm-security"))
    made.put(f"{MAIN}_InRelease", release("Debian", "bookworm"))
    made.put(f"{SECURITY}_main_binary-amd64_Packages", offered(openssl="3.0.19-1~deb12u2"))
    made.put(f"{MAIN}_main_binary-amd64_Packages", offered(bash="99"))
    made.put("/var/lib/dpkg/status", installed(openssl="3.0.17-1~deb12u2", bash="5.2-1"))
    return made


def release(label: str, codename: str, day: str = "Sat, 21 Nov 2026") -> str:
    date = f"Date: {day} 00:00:00 UTC"
    return f"Origin: Debian\nLabel: {label}\nSuite: x\nCodename: {codename}\n{date}\n"


def offered(**versions: str) -> str:
    return "".join(f"Package: {n}\nVersion: {v}\nSize: 1\n\n" for n, v in versions.items())


def installed(**versions: str) -> str:
    state = "Status: install ok installed"
    names = ((n.replace("_", "-"), v) for n, v in versions.items())
    return "".join(f"Package: {n}\n{state}\nVersion: {v}\n\n" for n, v in names)


def pending(machine: Machine) -> list[tuple[str, str]]:
    return [(one.name, one.version) for one in known(linux.read_now(machine).pending)]


def test_a_newer_version_in_the_security_archive_waits_and_others_do_not(
    machine: Machine,
) -> None:
    assert pending(machine) == [("openssl", "3.0.19-1~deb12u2")]
    assert linux.read_now(machine).lists_at == 1_795_219_200  # 21 November 2026


@pytest.mark.parametrize("version", ["3.0.19-1~deb12u2", "3.0.20-1", "1:1.0"])
def test_what_is_as_new_or_newer_does_not_wait(machine: Machine, version: str) -> None:
    machine.put("/var/lib/dpkg/status", installed(openssl=version))
    assert pending(machine) == []


def test_of_several_versions_offered_the_newest_counts(machine: Machine) -> None:
    old = offered(openssl="3.0.18-1")
    machine.put(f"{SECURITY}_contrib_binary-amd64_Packages", old)
    assert pending(machine) == [("openssl", "3.0.19-1~deb12u2")]


def test_compressed_lists_are_unpacked_by_apts_own_helper(machine: Machine) -> None:
    index = Path(f"{machine.root}{SECURITY}_main_binary-amd64_Packages")
    index.rename(f"{index}.lz4")
    assert linux.read_now(machine).pending == Unseen("tool-missing")
    machine.answers[linux_apt.HELPER] = Ran(0, offered(openssl="3.0.19-1~deb12u2").encode())
    assert pending(machine) == [("openssl", "3.0.19-1~deb12u2")]
    machine.answers[linux_apt.HELPER] = Ran(100, b"")
    assert linux.read_now(machine).pending == Unseen("parse-error")


def test_lists_too_large_to_read_are_left_to_apt(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_apt, "LARGEST", 400)
    machine.put(f"{SECURITY}_main_binary-amd64_Packages", offered(openssl="1") * 50)
    line = b"Inst openssl [3.0.17] (3.0.19 Debian-Security:12/oldstable-security [amd64])\n"
    machine.answers["apt-get"] = Ran(0, line)
    assert pending(machine) == [("openssl", "3.0.19")]


def test_without_lists_nothing_is_known_to_wait(machine: Machine) -> None:
    for file in Path(f"{machine.root}{LISTS}").iterdir():
        file.unlink()
    now = linux.read_now(machine)
    assert now.lists_at is None


def test_more_updates_than_are_named_are_counted(machine: Machine) -> None:
    many = {f"lib{number}": "2" for number in range(150)}
    machine.put(f"{SECURITY}_main_binary-amd64_Packages", offered(**many))
    machine.put("/var/lib/dpkg/status", installed(**dict.fromkeys(many, "1")))
    now = linux.read_now(machine)
    assert len(known(now.pending)) == linux.SHOWN
    assert now.pending_count == 150
    assert len(encode_section(now)) < 16 * 1024


def test_the_last_security_update_is_an_upgrade_of_what_the_archive_serves(
    machine: Machine,
) -> None:
    machine.put(
        "/var/log/dpkg.log.1",
        "2026-10-01 00:00:00 startup archives unpack\n"
        "2026-10-02 00:00:00 upgrade openssl:amd64 3.0.15 3.0.17\n",
    )
    machine.put(
        "/var/log/dpkg.log",
        "2026-11-01 00:00:00 install openssl:amd64 <none> 3.0.17\n"
        "2026-11-20 00:00:00 upgrade bash:amd64 5.1 5.2\n",
    )
    now = linux.read_now(machine)
    assert now.security_at == 1_790_899_200  # 2 October: installing is no update, bash no fix
    assert now.memory_at == 1_790_812_800


def test_without_a_log_there_is_no_memory(machine: Machine) -> None:
    now = linux.read_now(machine)
    assert (now.security_at, now.memory_at) == (None, None)


@pytest.mark.parametrize(
    ("name", "age", "due"),
    [
        ("linux_image_6.1.0-40-amd64", 3_600, True),  # newer, installed after the start
        ("linux_image_6.1.0-37-amd64", 3_600, True),  # the running one, replaced
        ("linux_image_6.1.0-40-amd64", 90_000, False),  # before the start
        ("linux_image_6.1.0-31-amd64", 3_600, False),  # older than the running one
        ("linux_image_amd64", 3_600, False),  # only points at another
    ],
)
def test_a_restart_is_due_when_a_newer_kernel_came_after_the_start(
    machine: Machine, name: str, age: int, due: bool
) -> None:
    machine.put("/var/lib/dpkg/status", installed(**{name: "1"}))
    file = f"/var/lib/dpkg/info/{name.replace('_', '-')}.list"
    machine.put(file, "")
    os.utime(f"{machine.root}{file}", (AT - age, AT - age))
    assert linux.read_now(machine).restart_since == (AT - age if due else None)


def test_a_restart_somebody_asks_for_is_due_since_the_start_at_the_earliest(
    machine: Machine,
) -> None:
    machine.put("/run/reboot-required", "*** System restart required ***\n")
    os.utime(f"{machine.root}/run/reboot-required", (AT - 600, AT - 600))
    assert linux.read_now(machine).restart_since == AT - 600


def test_long_term_support_needs_the_lists_of_the_releases_own_archive(machine: Machine) -> None:
    assert linux.read(machine).extended == ["debian-lts"]
    machine.put(f"{SECURITY}_InRelease", release("Debian-Security", "bullseye-security"))
    assert linux.read(machine).extended == []


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("ID=debian\n", "debian"),
        ("ID=ubuntu\n", "ubuntu"),
        ("ID=linuxmint\nUBUNTU_CODENAME=noble\nVERSION_ID=22\n", "linuxmint"),
        ("ID=linuxmint\nID_LIKE=debian\nVERSION_ID=6\n", "other"),  # Mint's Debian edition
        ("ID=zorin\nID_LIKE=ubuntu\n", "other"),
    ],
)
def test_a_system_is_what_its_own_file_says(machine: Machine, text: str, product: str) -> None:
    machine.put("/etc/os-release", text)
    assert linux.read(machine).product == product


@pytest.mark.parametrize("text", ["", "VERSION_ID=1\n", "\x00\xff"])
def test_a_system_that_does_not_say_what_it_is_cannot_be_read(machine: Machine, text: str) -> None:
    machine.put("/etc/os-release", text)
    with pytest.raises(CannotLook):
        linux.read(machine)


ON = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
SERIOUS = 'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,label=Debian-Security";\n'
OFF = 'APT::Periodic::Enable "0";\n'


@pytest.mark.parametrize(
    ("settings", "timer", "found"),
    [
        (ON + SERIOUS, "enabled", Automatic("unattended-upgrades", True, True)),
        (ON + SERIOUS, "missing", Automatic("unattended-upgrades", False, True)),
        (ON + SERIOUS, "masked", Automatic("unattended-upgrades", False, True)),
        (ON + SERIOUS + OFF, "enabled", Automatic("unattended-upgrades", False, True)),
        (ON, "enabled", Automatic("unattended-upgrades", True, False)),
        (ON.splitlines()[0] + SERIOUS, "enabled", None),
        ("", "enabled", None),
    ],
)
def test_unattended_upgrades_counts_when_settings_program_and_timer_agree(
    machine: Machine, settings: str, timer: str, found: Automatic | None
) -> None:
    machine.put("/usr/bin/unattended-upgrade", "", 0o755)
    machine.answers["apt-config"] = Ran(0, settings.encode())
    (machine.root / TIMER).parent.mkdir(parents=True)
    if timer != "missing":
        (machine.root / TIMER).symlink_to("/usr/lib/systemd/system/apt-daily-upgrade.timer")
    if timer == "masked":
        (machine.root / "etc/systemd/system/apt-daily-upgrade.timer").symlink_to("/dev/null")
    assert linux_automatic.ways(machine) == ([found] if found else [])


def test_settings_without_the_program_install_nothing(machine: Machine) -> None:
    machine.answers["apt-config"] = Ran(0, (ON + SERIOUS).encode())
    assert linux_automatic.ways(machine) == []


@pytest.mark.parametrize(
    ("apply", "timer", "runs", "installs"),
    [
        ("yes", "dnf-automatic.timer", True, True),
        ("no", "dnf-automatic.timer", True, False),
        ("no", "dnf-automatic-install.timer", True, True),
        ("yes", "other.timer", False, True),
    ],
)
def test_dnf_automatic_installs_where_it_is_told_to_and_started(
    machine: Machine, apply: str, timer: str, runs: bool, installs: bool
) -> None:
    machine.put("/etc/dnf/automatic.conf", f"[commands]\napply_updates = {apply}\n")
    wants = machine.root / "etc/systemd/system/timers.target.wants"
    wants.mkdir(parents=True)
    (wants / timer).symlink_to(f"/usr/lib/systemd/system/{timer}")
    assert linux_automatic.ways(machine) == [Automatic("dnf-automatic", runs, installs)]


def test_the_last_run_is_the_newest_stamp(machine: Machine) -> None:
    assert linux_automatic.ran_at(machine) is None
    for stamp, when in zip(linux_automatic.STAMPS, (AT - 900, AT - 300), strict=False):
        machine.put(stamp, "")
        os.utime(f"{machine.root}{stamp}", (when, when))
    assert linux_automatic.ran_at(machine) == AT - 300


@pytest.mark.slow
def test_this_machine_waits_for_what_apt_itself_would_install() -> None:
    program = needs.program("apt-get", package="apt")
    here = linux_apt.Apt(LocalHost(b"k" * 32))
    if here.lists_at() is None:
        needs.missing("a list of security updates (apt-get update)", "apt")
    options = ["-s", "-o", "Debug::NoLocking=1", "-o", "APT::Get::Always-Include-Phased-Updates=1"]
    out = subprocess.run(
        [program, *options, "dist-upgrade"], check=True, capture_output=True, text=True
    ).stdout
    planned = {line.split()[1]: line for line in out.splitlines() if line.startswith("Inst ")}
    serious = {n for n, line in planned.items() if "Security" in line and f"{n} [" in line}
    ours = {update.name for update in here.pending()}
    assert serious <= ours, "apt would install these security updates and we do not name them"
    held = subprocess.run(["apt-mark", "showhold"], check=True, capture_output=True, text=True)
    # Where the main archive is newer still, apt takes that one; it is waiting all the same.
    assert ours <= set(planned) | set(held.stdout.split())


def test_this_machine_is_read_and_its_sections_are_small() -> None:
    here = LocalHost(b"k" * 32)
    assert len(encode_section(linux.read(here))) < 2_000
    assert len(encode_section(linux.read_now(here))) < 16 * 1024
