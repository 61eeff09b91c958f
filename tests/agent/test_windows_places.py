"""Paths and programs of Windows (constructed: folders here stand in for those of a Windows
machine)."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from agent.hosts.windows import paths, people, running
from checks.host import CannotLook, RegistryKey, RegistryValue, User
from tests.agent.conftest import machine


class Drive:
    """`C:` in a folder of ours; names in `links` are reparse points."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.links: set[str] = set()
        self.before_open: Callable[[], None] = lambda: None

    def here(self, path: str) -> Path:
        assert path.startswith("C:\\")
        return self.root.joinpath(*path[3:].split("\\"))

    def lstat(self, path: str) -> os.stat_result:
        info = self.here(path).lstat()
        if path not in self.links:
            return info
        mode = stat.S_IFLNK | 0o777
        return os.stat_result((mode, *info[1:]))

    def open(self, path: str, flags: int) -> int:
        self.before_open()
        return os.open(self.here(path), flags)

    def fstat(self, opened: int) -> os.stat_result:
        return os.fstat(opened)

    def listdir(self, path: str) -> list[str]:
        return [one.name for one in self.here(path).iterdir()]


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    system32 = tmp_path / "Windows" / "System32"
    system32.mkdir(parents=True)
    (system32 / "auditpol.exe").write_text("#!/bin/sh\necho said; echo no >&2; exit 3\n")
    (tmp_path / "Users" / "maya").mkdir(parents=True)
    (tmp_path / "Users" / "maya" / "tool.exe").touch()
    (tmp_path / "Users" / "maya" / "plain.txt").write_bytes(b"hello")
    return Drive(tmp_path)


NO_PATHS = (
    *(r"C:plain.txt", r"\Users", r"\\server\share\x", r"\\.\PhysicalDrive0", "/etc/passwd", ""),
    *(r"\\?\C:\x", r"C:\Users\..\x", r"C:\x:stream", r"C:\NUL", r"C:\Users\com1.txt", r"C:\x*"),
    *("C:\\x.", "C:\\x ", "C:\\a\0b", "C:\\a\x1fb", "ü:\\x", r"C:\lpt¹"),
)


@pytest.mark.parametrize("path", NO_PATHS)
def test_a_path_that_means_something_else_is_refused(drive: Drive, path: str) -> None:
    for look in (lambda: paths.read(path, 9, drive), lambda: paths.names(path, drive, 9)):
        with pytest.raises(CannotLook, match="unsupported"):
            look()


def test_a_file_is_read_and_one_that_is_not_there_is_none(drive: Drive) -> None:
    assert paths.read(r"C:\Users\maya\plain.txt", 5, drive) == b"hello"
    assert paths.read("C:/Users/maya/plain.txt", 5, drive) == b"hello"
    assert paths.read(r"C:\Users\maya\none.txt", 5, drive) is None
    assert paths.read(r"C:\Users\maya\plain.txt\below", 5, drive) is None
    assert paths.names(r"C:\Users\maya", drive, 9) == ["plain.txt", "tool.exe"]
    assert paths.names(r"C:\Users\none", drive, 9) is None


def test_the_limits_are_exact(drive: Drive) -> None:
    with pytest.raises(CannotLook, match="too-large"):
        paths.read(r"C:\Users\maya\plain.txt", 4, drive)
    with pytest.raises(CannotLook, match="too-large"):
        paths.names(r"C:\Users\maya", drive, 1)


@pytest.mark.parametrize("link", [r"C:\Users", r"C:\Users\maya", r"C:\Users\maya\plain.txt"])
def test_nothing_is_read_through_a_link_or_junction(drive: Drive, link: str) -> None:
    drive.links.add(link)
    with pytest.raises(CannotLook, match="denied"):
        paths.read(r"C:\Users\maya\plain.txt", 9, drive)


def test_a_file_swapped_between_look_and_open_is_refused(drive: Drive) -> None:
    plain = drive.here(r"C:\Users\maya\plain.txt")

    def swap() -> None:
        secret = plain.with_name("secret")
        secret.write_bytes(b"other")
        secret.rename(plain)

    drive.before_open = swap
    with pytest.raises(CannotLook, match="changes while we look"):
        paths.read(r"C:\Users\maya\plain.txt", 9, drive)


def test_a_folder_is_no_file(drive: Drive) -> None:
    with pytest.raises(CannotLook, match="denied"):
        paths.read(r"C:\Users\maya", 9, drive)


ENVIRONMENT = running.environment(
    {"SYSTEMROOT": r"C:\Windows", "Path": r"C:\Users\maya", "PSModulePath": "x", "USERNAME": "m"}
)


def test_programs_are_given_nothing_of_the_callers() -> None:
    assert ENVIRONMENT["PATH"].startswith(r"C:\Windows\System32;")
    assert not ENVIRONMENT.keys() & {"PSModulePath", "USERNAME", "Path"}


def test_a_name_means_system32_and_only_what_administrators_keep_is_run(drive: Drive) -> None:
    def found(program: str) -> str:
        return running.found(program, ENVIRONMENT, drive)

    assert found("auditpol.exe") == r"C:\Windows\System32\auditpol.exe"
    assert found(r"C:\Windows\System32\auditpol.exe") == r"C:\Windows\System32\auditpol.exe"
    refusals = {
        "none.exe": "tool-missing",
        r"C:\Users\maya\tool.exe": "denied",
        "auditpol": "unsupported",
        "start.cmd": "unsupported",
        r"C:\Windows\System32\..\..\Users\maya\tool.exe": "unsupported",
    }
    for program, why in refusals.items():
        with pytest.raises(CannotLook, match=why):
            found(program)


def test_a_32_bit_agent_reaches_the_64_bit_programs(drive: Drive) -> None:
    narrow = {**ENVIRONMENT, "PROCESSOR_ARCHITECTURE": "x86", "ProgramW6432": r"C:\Program Files"}
    assert running.found("auditpol.exe", narrow, drive) == r"C:\Windows\Sysnative\auditpol.exe"


def gone(pid: int) -> bool:
    """Wait: a killed process may be seen running until the kernel next schedules it."""
    try:
        child = psutil.Process(pid)
        if child.status() != psutil.STATUS_ZOMBIE:
            child.wait(10)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return child.status() == psutil.STATUS_ZOMBIE
    return True


def script(drive: Drive, text: str) -> str:
    path = drive.here(r"C:\Windows\System32\auditpol.exe")
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_is_run_to_its_end(drive: Drive) -> None:
    ran = running.run(["x"], 10, {}, script(drive, "echo said; echo no >&2; exit 3"))
    assert (ran.code, ran.out, ran.err) == (3, b"said\n", b"no\n")


def test_a_program_that_hangs_is_ended_with_its_children(drive: Drive, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    program = script(drive, f"sleep 4242 & echo $! > {mark}.new; mv {mark}.new {mark}; wait")
    with pytest.raises(CannotLook, match="timeout"):
        running.run(["x"], 1, {"PATH": os.environ["PATH"]}, program)
    assert gone(int(mark.read_text()))


def test_a_program_that_says_too_much_is_ended(drive: Drive) -> None:
    with pytest.raises(CannotLook, match="too-large"):
        running.run(["x"], 30, {"PATH": os.environ["PATH"]}, script(drive, "exec yes"))


@pytest.mark.skipif(sys.platform == "win32", reason="a refusal as POSIX makes one")
def test_a_program_nobody_may_run_is_denied_and_one_that_is_none_is_missing(drive: Drive) -> None:
    path = drive.here(r"C:\Users\maya\plain.txt")
    with pytest.raises(CannotLook, match="denied"):
        running.run(["x"], 10, {}, str(path))
    with pytest.raises(CannotLook, match="tool-missing"):
        running.run(["x"], 10, {}, str(path.with_name("none")))


LOCAL_SID = "S-1-5-21-1-2-3-1001"
ENTRA_SID = "S-1-12-1-1-2-3-4"


class Profiles:
    """A machine with these profiles; `names` are what WMI says."""

    def __init__(self, homes: dict[str, str], names: dict[str, str] | None) -> None:
        self._homes, self._names = homes, names
        self.alias = machine().alias

    def registry(self, hive: str, key: str, view: str = "64") -> RegistryKey | None:
        if key == people.PROFILES:
            return RegistryKey({}, [*self._homes])
        home = self._homes[key.rpartition("\\")[2]]
        return RegistryKey({"profileimagepath": RegistryValue("expand_sz", home)}, [])

    def wmi(self, *_: object) -> list[dict[str, str]]:
        if self._names is None:
            raise CannotLook("tool-missing", "PowerShell")
        return [{"SID": sid, "Name": name} for sid, name in self._names.items()]


HOMES = {
    LOCAL_SID: r"C:\Users\Old Name",
    ENTRA_SID: r"C:\Users\MayaPatel",
    "S-1-5-18": r"%systemroot%\system32\config\systemprofile",
    "S-1-5-19": r"%SystemRoot%\ServiceProfiles\LocalService",
    "S-1-5-21-1-2-3-1002.bak": r"C:\Users\broken",
    "S-1-5-82-3-4-5-6-7": "%SystemDrive%\\Users\\IIS\0junk",
    "..": "x",
}


def profiles(names: dict[str, str] | None) -> dict[str, User]:
    host = Profiles(HOMES, names)
    return {user.uid: user for user in people.users(host)}  # type: ignore[arg-type]  # as much of a host as is asked


def test_people_are_told_by_their_sid_entra_accounts_too() -> None:
    found = profiles({LOCAL_SID: "maya"})
    assert {sid: user.kind for sid, user in found.items()} == {
        LOCAL_SID: "human",
        ENTRA_SID: "human",
        "S-1-5-18": "root",
        "S-1-5-19": "service",
        "S-1-5-82-3-4-5-6-7": "service",
    }
    assert (found[LOCAL_SID].name, found[ENTRA_SID].name) == ("maya", "MayaPatel")
    assert found["S-1-5-18"].home == r"C:\Windows\system32\config\systemprofile"
    assert found["S-1-5-82-3-4-5-6-7"].home == r"C:\Users\IIS"


def test_without_wmi_a_home_gives_the_name() -> None:
    assert profiles(None)[LOCAL_SID].name == "Old Name"
