"""Root looks into folders that belong to somebody else, and is led nowhere (O17).

Real files of a real other user: `machine` is a folder only root can change, `home` is nobody's.
"""

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.host import CannotLook
from tests import needs

NOBODY = 65534
HOST = LocalHost(b"k" * 32)
pytestmark = pytest.mark.root


@pytest.fixture
def machine() -> Iterator[Path]:
    """Not below /tmp: everybody can write there, so nothing in it is root's alone."""
    needs.root()
    with tempfile.TemporaryDirectory(prefix="caretaker-test-", dir="/var/lib") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def home(machine: Path) -> Path:
    folder = machine / "home"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    return folder


@pytest.fixture
def secret(machine: Path) -> Path:
    path = machine / "secret"
    path.write_text("root's alone")
    path.chmod(0o600)
    return path


def theirs(path: Path) -> Path:
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return path


def refused(path: Path) -> str:
    with pytest.raises(CannotLook) as blind:
        HOST.read(str(path))
    return blind.value.reason


def test_their_own_file_is_read(home: Path) -> None:
    (home / "settings").write_text("x")
    assert HOST.read(str(theirs(home / "settings"))) == b"x"


def test_a_link_to_a_secret_is_not_followed(home: Path, secret: Path) -> None:
    (home / "settings").symlink_to(secret)
    assert refused(theirs(home / "settings")) == "denied"


def test_a_folder_replaced_by_a_link_is_not_entered(home: Path, machine: Path) -> None:
    (home / ".config").symlink_to(machine)
    assert refused(theirs(home / ".config") / "secret") == "denied"
    with pytest.raises(CannotLook, match="denied"):
        HOST.list(str(home / ".config"))
    with pytest.raises(CannotLook, match="denied"):
        HOST.stat(str(home / ".config" / "secret"))


def test_a_second_name_for_somebody_elses_file_is_refused(home: Path, secret: Path) -> None:
    (home / "settings").hardlink_to(secret)
    assert refused(home / "settings") == "denied"


def test_a_second_name_for_ones_own_file_is_read(home: Path) -> None:
    (home / "a").write_text("x")
    theirs(home / "a")
    (home / "b").hardlink_to(home / "a")
    assert HOST.read(str(home / "b")) == b"x"


def test_links_in_a_circle_end(home: Path, machine: Path) -> None:
    (machine / "a").symlink_to("b")
    (machine / "b").symlink_to("a")
    assert refused(machine / "a") == "denied"


def test_a_pipe_a_socket_and_a_device_are_neither_opened_nor_waited_for(home: Path) -> None:
    os.mkfifo(home / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(home / "socket"))
    os.mknod(home / "zero", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    assert {refused(theirs(home / name)) for name in ("pipe", "socket", "zero")} == {"denied"}


def test_a_file_without_end_is_refused_unread(home: Path) -> None:
    with (home / "huge").open("wb") as file:
        file.truncate(1 << 40)
    assert refused(theirs(home / "huge")) == "too-large"


def program(path: Path, mode: int = 0o755) -> Path:
    path.write_text("#!/bin/sh\necho ran\n")
    path.chmod(mode)
    return path


def ran(path: Path) -> str:
    try:
        return HOST.run([str(path)]).out.decode().strip()
    except CannotLook as blind:
        return blind.reason


def test_roots_own_program_runs(machine: Path) -> None:
    assert ran(program(machine / "tool")) == "ran"
    (machine / "link").symlink_to("tool")
    assert ran(machine / "link") == "ran"


def test_root_runs_no_program_that_somebody_else_could_change(machine: Path, home: Path) -> None:
    assert ran(theirs(program(machine / "theirs"))) == "denied"
    assert ran(program(machine / "open", 0o777)) == "denied"
    assert ran(program(home / "planted")) == "denied"
    (machine / "way").symlink_to(home / "planted")
    assert ran(machine / "way") == "denied"
    (home / "link").symlink_to("/usr/bin/id")
    assert ran(home / "link") == "denied"
    shared = program(machine / "shared", 0o775)
    os.chown(shared, 0, NOBODY)
    assert ran(shared) == "denied"


def test_a_program_gets_nothing_of_whoever_started_the_agent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs.root()
    for name in ("LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "PYTHONPATH", "GCONV_PATH"):
        monkeypatch.setenv(name, "/nonexistent/planted")
    assert "planted" not in HOST.run(["env"]).out.decode()
    mine = HOST.run(["env"], as_user="nobody").out.decode().splitlines()
    assert "HOME=/nonexistent" in mine
    assert not any("root" in line for line in mine if not line.startswith("PATH="))


def test_what_is_read_as_somebody_is_what_they_may_read(secret: Path) -> None:
    assert HOST.run(["cat", str(secret)]).out == b"root's alone"
    assert HOST.run(["cat", str(secret)], as_user="nobody").code == 1
