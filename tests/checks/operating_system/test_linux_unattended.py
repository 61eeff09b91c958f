"""Debian's own unattended-upgrades: what its package ships, and what it says of itself."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from agent.hosts import running
from checks.formats import apt_config
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.operating_system import linux_automatic
from checks.operating_system.facts import Automatic
from tests import needs
from tests.checks.rooted import RootedHost

PACKAGE: Final = "unattended-upgrades"
FILES = ("/etc/apt/apt.conf.d/20auto-upgrades", "/etc/apt/apt.conf.d/50unattended-upgrades")
ORIGINS = """
import sys
sys.dont_write_bytecode = True
from importlib.machinery import SourceFileLoader
import apt_pkg
apt_pkg.init_config()
itself = SourceFileLoader("itself", "/usr/bin/unattended-upgrade").load_module()
print("\\n".join(itself.get_allowed_origins()))
"""


class Debian(RootedHost):
    """A machine on which apt is asked for real, with the settings of this folder only."""

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] != "apt-config":
            raise CannotLook("tool-missing", argv[0])
        return running.run(["env", f"APT_CONFIG={self.settings()}", *argv], timeout)

    def settings(self) -> Path:
        """One file that names the folder of the others."""
        parts = self.root / "etc/apt/apt.conf.d"
        made = self.root / "apt.conf"
        made.write_text(f'Dir::Etc::parts "{parts}";\n')
        return made

    def allowed(self) -> list[str]:
        """Where unattended-upgrade itself says that it may install from."""
        done = subprocess.run(
            [
                "/usr/bin/env",
                f"APT_CONFIG={self.settings()}",
                "/usr/bin/python3",
                "-W",
                "ignore",
                "-c",
                ORIGINS,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split("\n")[:-1]


@pytest.fixture
def debian(tmp_path: Path) -> Debian:
    needs.program("apt-config", package="apt")
    made = Debian(tmp_path, cards=[])
    for path in FILES:
        made.put(path, needs.file(path, package=PACKAGE).read_bytes(), 0o644)
    program = needs.program("unattended-upgrade", package=PACKAGE)
    made.put("/usr/bin/unattended-upgrade", b"", 0o755)
    assert program == "/usr/bin/unattended-upgrade"
    wants = made.root / "etc/systemd/system/timers.target.wants"
    wants.mkdir(parents=True)
    (wants / "apt-daily-upgrade.timer").symlink_to("/usr/lib/systemd/system/x.timer")
    return made


def ways(debian: Debian) -> list[Automatic]:
    return linux_automatic.ways(debian)


def test_what_debian_ships_installs_security_updates_and_says_so_itself(debian: Debian) -> None:
    assert ways(debian) == [Automatic(PACKAGE, True, True)]
    assert any("Debian-Security" in one for one in debian.allowed())


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ('APT::Periodic::Unattended-Upgrade "0";\n', Automatic(PACKAGE, True, False)),
        ('APT::Periodic::Enable "0";\n', Automatic(PACKAGE, False, True)),
        ('APT::Periodic::Unattended-Upgrade "always";\n', Automatic(PACKAGE, True, True)),
    ],
)
def test_a_later_file_decides_as_apt_itself_reads_them(
    debian: Debian, setting: str, found: Automatic
) -> None:
    debian.put("/etc/apt/apt.conf.d/99school", setting, 0o644)
    assert ways(debian) == [found]


def test_without_the_security_archive_both_say_that_none_is_installed(debian: Debian) -> None:
    cleared = "#clear Unattended-Upgrade::Origins-Pattern;\n"
    cleared += 'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,label=Debian";\n'
    debian.put("/etc/apt/apt.conf.d/99school", cleared, 0o644)
    assert debian.allowed() == ["origin=Debian,label=Debian"]
    assert ways(debian) == [Automatic(PACKAGE, True, False)]


def test_what_we_read_of_its_origins_is_what_it_says_itself(debian: Debian) -> None:
    dump = debian.run(["apt-config", "dump"]).out
    ours = apt_config.parse(dump)["unattended-upgrade::origins-pattern"]
    codename = debian.allowed()[0].partition("codename=")[2].partition(",")[0]
    assert [one.replace("${distro_codename}", codename) for one in ours] == debian.allowed()


def test_the_program_taken_away_leaves_settings_that_install_nothing(debian: Debian) -> None:
    (debian.root / "usr/bin/unattended-upgrade").unlink()
    shutil.rmtree(debian.root / "etc/systemd")
    assert ways(debian) == []
