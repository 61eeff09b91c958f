"""GNOME's rules as the real gsettings and dconf answer, with a home of the test's own.

A desktop session cannot run here, so only the settings are real: the door says that GNOME is
installed and that one account exists, and runs every program as that account would run it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts import passwd, running
from agent.hosts.local import LocalHost
from checks.host import RUN_TIMEOUT, Ran, User
from checks.locking.facts import LockingFacts, Rule
from checks.locking.judges import IdleSettings, idle_timeout
from checks.locking.linux import read
from checks.unseen import known
from tests import needs

Names = list[str]
Users = list[User]
LIMIT = IdleSettings(limit_seconds=900)


class GnomeDoor(LocalHost):
    """This machine, with GNOME, one account, and a dconf profile of the test's own."""

    def __init__(self, home: Path, profile: Path) -> None:
        super().__init__(b"k" * 32)
        self.home = home
        self.profile = profile

    def list(self, path: str) -> Names | None:
        return ["gnome.desktop"] if path == "/usr/share/wayland-sessions" else None

    def users(self) -> Users:
        alias = self.alias("user", "maya")
        return [User("maya", "1000", alias, str(self.home), "/bin/bash", "human")]

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        assert as_user == "maya", "a user's settings are read as that user"
        account = passwd.Account(os.geteuid(), os.getegid(), str(self.home))
        return running.run(["env", f"DCONF_PROFILE={self.profile}", *argv], timeout, account)


class Desk:
    """A home and an administrator's database, both written with the real `dconf compile`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "home/.config/dconf").mkdir(parents=True)
        self.profile = folder / "profile"
        self.profile.write_text(f"user-db:user\nfile-db:{folder}/system\n")
        self.compile("system", "[org/example]\nnothing=true\n")

    def compile(self, to: str, keys: str, locks: Sequence[str] = ()) -> None:
        source = self.folder / f"source-{to.replace('/', '-')}"
        (source / "locks").mkdir(parents=True, exist_ok=True)
        (source / "keys").write_text(keys)
        (source / "locks" / "all").write_text("\n".join(locks))
        done = running.run(["dconf", "compile", str(self.folder / to), str(source)], 20)
        assert done.code == 0, done.err

    def rule(self) -> Rule:
        facts = read(GnomeDoor(self.folder / "home", self.profile))
        assert isinstance(facts, LockingFacts)
        (rule,) = known(facts.rules)
        return rule

    def verdict(self) -> tuple[str, str]:
        facts = LockingFacts(rules=[self.rule()], machine_idle_seconds=None)
        finding = idle_timeout(facts, LIMIT)
        return finding.status, finding.says


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    needs.program("gsettings", package="libglib2.0-bin")
    needs.program("dconf", package="dconf-cli")
    schemas = "/usr/share/glib-2.0/schemas/org.gnome.desktop.session.gschema.xml"
    needs.file(schemas, package="gsettings-desktop-schemas")
    return Desk(tmp_path)


USER = "home/.config/dconf/user"
IDLE = "[org/gnome/desktop/session]\nidle-delay=uint32 {}\n"
LOCK = "[org/gnome/desktop/screensaver]\nlock-enabled={}\nlock-delay=uint32 {}\n"
LOCKS = ("/org/gnome/desktop/session/idle-delay", "/org/gnome/desktop/screensaver/lock-enabled")


def test_gnome_as_installed_locks_after_five_minutes_but_anyone_can_change_it(desk: Desk) -> None:
    rule = desk.rule()
    assert (known(rule.idle_seconds), known(rule.grace_seconds)) == (300, 0)
    assert known(rule.locks)
    assert known(rule.on_resume)
    assert known(rule.changeable)
    assert desk.verdict() == ("warn", "user-can-change")


def test_the_users_own_value_counts_where_the_administrator_set_none(desk: Desk) -> None:
    desk.compile(USER, IDLE.format(3600))
    assert desk.verdict() == ("fail", "too-late")


def test_a_user_who_chose_never_fails(desk: Desk) -> None:
    desk.compile(USER, IDLE.format(0))
    assert desk.verdict() == ("fail", "never-idle")


def test_an_administrators_value_without_a_lock_loses_to_the_user(desk: Desk) -> None:
    desk.compile("system", IDLE.format(600))
    desk.compile(USER, IDLE.format(3600))
    assert desk.verdict() == ("fail", "too-late")


def test_a_locked_value_beats_the_user_and_passes(desk: Desk) -> None:
    desk.compile("system", IDLE.format(600) + LOCK.format("true", 0), LOCKS)
    desk.compile(USER, IDLE.format(3600) + LOCK.format("false", 0))
    rule = desk.rule()
    assert known(rule.idle_seconds) == 600
    assert not known(rule.changeable)
    assert desk.verdict() == ("pass", "locks")


def test_locking_the_time_but_not_the_switch_can_still_be_changed(desk: Desk) -> None:
    desk.compile("system", IDLE.format(600), LOCKS[:1])
    assert known(desk.rule().changeable)


def test_a_screen_that_blanks_without_locking_fails(desk: Desk) -> None:
    desk.compile(USER, LOCK.format("false", 0))
    assert desk.verdict() == ("fail", "never-locks")


def test_a_lockdown_that_forbids_locking_fails(desk: Desk) -> None:
    desk.compile(USER, "[org/gnome/desktop/lockdown]\ndisable-lock-screen=true\n")
    assert desk.verdict() == ("fail", "never-locks")


def test_reading_leaves_nothing_behind_in_the_home(desk: Desk) -> None:
    before = sorted(desk.folder.glob("home/**/*"))
    desk.rule()
    assert sorted(desk.folder.glob("home/**/*")) == before
