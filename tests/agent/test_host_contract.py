"""One suite over every door: what a reader may rely on, whichever host it is given.

The same small tree of files is looked at by the local host, by a tape that records it,
and by the recording that the tape wrote. A hostile user owns `home`; nothing in there may
lead a reader anywhere else (O17).
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.hosts.recorded import RecordedHost
from agent.hosts.tape import Tape
from checks.host import READ_LIMIT, CannotLook
from tests import needs
from tests.agent.doors import Door, outcome

NOBODY = 65534


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that another user could have filled."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "plain").write_text("hello\n")
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def test_a_file_is_read_whole(door: Door, home: Path) -> None:
    assert door(lambda host: host.read(str(home / "plain"))) == b"hello\n"


def test_a_file_that_is_not_there_is_none_and_not_an_error(door: Door, home: Path) -> None:
    assert door(lambda host: host.read(str(home / "missing"))) is None
    assert door(lambda host: host.read(str(home / "plain" / "below-a-file"))) is None
    assert door(lambda host: host.stat(str(home / "missing"))) is None
    assert door(lambda host: host.list(str(home / "missing"))) is None
    assert door(lambda host: host.link(str(home / "missing"))) is None


def test_binary_and_text_that_is_not_utf8_come_back_byte_for_byte(door: Door, home: Path) -> None:
    junk = bytes(range(256)) + b"\n\r\nlatin: \xe9\n"
    (home / "junk").write_bytes(junk)
    assert door(lambda host: host.read(str(home / "junk"))) == junk


@pytest.mark.parametrize("text", [b"", b"\n", b"a", b"a\nb", b"a\nb\n", b"a\n\n", b"\n\n\na\r\n"])
def test_line_ends_survive_every_door(door: Door, home: Path, text: bytes) -> None:
    (home / "lines").write_bytes(text)
    assert door(lambda host: host.read(str(home / "lines"))) == text


def test_the_limit_is_exact(door: Door, home: Path) -> None:
    (home / "ten").write_bytes(b"x" * 10)
    assert door(lambda host: host.read(str(home / "ten"), 10)) == b"x" * 10
    assert door(lambda host: host.read(str(home / "ten"), 9)) == "cannot: too-large"


def test_ten_gigabytes_of_nothing_are_refused_without_being_read(door: Door, home: Path) -> None:
    with (home / "sparse").open("wb") as file:
        file.truncate(10 << 30)
    assert door(lambda host: host.read(str(home / "sparse"))) == "cannot: too-large"


def test_files_of_size_zero_in_proc_are_read_and_bounded(door: Door) -> None:
    boot = door(lambda host: host.read("/proc/sys/kernel/random/boot_id"))
    assert isinstance(boot, bytes)
    assert len(boot) == 37
    assert door(lambda host: host.read("/proc/self/mountinfo", 8)) == "cannot: too-large"


def test_a_link_planted_by_a_user_is_not_followed(door: Door, home: Path) -> None:
    (home / "trap").symlink_to("/etc/shadow")
    (home / "folder").symlink_to("/etc")
    assert door(lambda host: host.read(str(home / "trap"))) == "cannot: denied"
    assert door(lambda host: host.read(str(home / "folder" / "passwd"))) == "cannot: denied"
    assert door(lambda host: host.list(str(home / "folder"))) == "cannot: denied"
    assert door(lambda host: host.stat(str(home / "folder" / "passwd"))) == "cannot: denied"


def test_dots_do_not_escape_through_a_planted_link(door: Door, home: Path) -> None:
    (home / "up").symlink_to("..")
    assert door(lambda host: host.read(f"{home}/up/home/plain")) == "cannot: denied"
    assert door(lambda host: host.read(f"{home}/../home/plain")) == b"hello\n"


def test_a_link_where_only_root_can_write_is_followed(door: Door) -> None:
    release = door(lambda host: host.read("/etc/os-release"))
    assert isinstance(release, bytes)
    assert release == Path("/etc/os-release").read_bytes()


def test_a_link_can_be_looked_at_without_being_followed(door: Door, home: Path) -> None:
    (home / "trap").symlink_to("/etc/shadow")
    assert door(lambda host: host.link(str(home / "trap"))) == "/etc/shadow"
    seen = door(lambda host: host.stat(str(home / "trap")))
    assert getattr(seen, "kind", None) == "link"


def test_a_fifo_neither_hangs_nor_answers(door: Door, home: Path) -> None:
    os.mkfifo(home / "pipe")
    assert door(lambda host: host.read(str(home / "pipe"))) == "cannot: denied"
    assert getattr(door(lambda host: host.stat(str(home / "pipe"))), "kind", None) == "other"


def test_a_device_is_not_opened(door: Door) -> None:
    assert door(lambda host: host.read("/dev/zero")) == "cannot: denied"
    assert door(lambda host: host.read("/dev/tty")) == "cannot: denied"


def test_a_folder_is_not_a_file(door: Door, home: Path) -> None:
    assert door(lambda host: host.read(str(home))) == "cannot: denied"


def test_names_are_sorted_and_hostile_ones_come_through_as_text(door: Door, home: Path) -> None:
    for name in (b"b", b"a", b"\xff\xfe", "ü\n\x1b[31m".encode()):
        (home / os.fsdecode(name)).touch()
    names = door(lambda host: host.list(str(home)))
    assert isinstance(names, list)
    assert names == sorted(names)
    assert {"a", "b", "plain", "ü\n\x1b[31m", "\ufffd\ufffd"} == set(names)


@pytest.mark.parametrize("path", ["relative", "", "/etc/pass\0wd"])
def test_a_path_that_is_no_path_is_refused(door: Door, path: str) -> None:
    assert door(lambda host: host.read(path)) == "cannot: unsupported"


def test_a_program_runs_in_english_without_input_from_a_fixed_place(door: Door) -> None:
    ran = door(lambda host: host.run(["env"]))
    out = getattr(ran, "out", b"").decode().splitlines()
    assert {"LC_ALL=C", "TZ=UTC"} <= set(out)
    assert not any(line.startswith(("PYTHON", "VIRTUAL_ENV", "SSH_", "USER")) for line in out)
    assert getattr(door(lambda host: host.run(["cat"])), "out", None) == b""


def test_no_shell_reads_the_words_of_a_command(door: Door) -> None:
    ran = door(lambda host: host.run(["echo", "$HOME", "`id`", "; id", "*"]))
    assert getattr(ran, "out", None) == b"$HOME `id` ; id *\n"


def test_a_program_that_fails_is_an_answer(door: Door) -> None:
    ran = door(lambda host: host.run(["ls", "/nonexistent-folder"]))
    assert getattr(ran, "code", 0) == 2
    assert b"No such file" in getattr(ran, "err", b"")


def test_a_program_that_is_not_there_is_missing(door: Door) -> None:
    assert door(lambda host: host.run(["no-such-program-here"])) == "cannot: tool-missing"
    assert door(lambda host: host.run(["/no/such/program"])) == "cannot: tool-missing"


def test_a_program_beside_the_caller_is_not_found(
    door: Door, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "planted").write_text("#!/bin/sh\necho bad\n")
    (home / "planted").chmod(0o755)
    monkeypatch.chdir(home)
    monkeypatch.setenv("PATH", f"{home}:.")
    assert door(lambda host: host.run(["planted"])) == "cannot: tool-missing"


def test_a_program_that_does_not_end_is_stopped_with_its_children(
    door: Door, tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    script = f"sleep 4242 & echo $! > {mark}; wait"
    assert door(lambda host: host.run(["sh", "-c", script], 1)) == "cannot: timeout"
    child = int(mark.read_text())
    # A killed process may be seen running until the kernel next schedules it.
    for _ in range(1000):
        if not _runs(child):
            break
        time.sleep(0.01)
    assert not _runs(child)


def _runs(process: int) -> bool:
    """Say whether a process still runs: neither gone nor waiting to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_grandchild_that_keeps_the_pipe_does_not_hold_the_answer_up(door: Door) -> None:
    ran = door(lambda host: host.run(["sh", "-c", "echo done; sleep 4242 &"], 15))
    assert getattr(ran, "out", None) == b"done\n"


def test_a_program_that_says_too_much_is_stopped(door: Door) -> None:
    assert door(lambda host: host.run(["yes"], 30)) == "cannot: too-large"


def test_windows_questions_are_unsupported_elsewhere(door: Door) -> None:
    assert door(lambda host: host.registry("HKLM", r"SOFTWARE\Any")) == "cannot: unsupported"
    assert door(lambda host: host.wmi("Win32_Any", "root/cimv2", ["A"])) == "cannot: unsupported"


def test_a_local_daemon_is_asked_one_question(door: Door, home: Path) -> None:
    path = str(home / "daemon")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        threading.Thread(target=_answer, args=(server,), daemon=True).start()
        assert door(lambda host: host.ask(path, b"zPING\0")) == b"heard zPING\0\xff"


def _answer(server: socket.socket) -> None:
    line, _ = server.accept()
    with line:
        heard = b""
        while piece := line.recv(100):
            heard += piece
        line.sendall(b"heard " + heard + b"\xff")


def test_a_daemon_that_is_not_there_is_none(door: Door, home: Path) -> None:
    assert door(lambda host: host.ask(str(home / "none"), b"x")) is None
    assert door(lambda host: host.ask(str(home / "plain"), b"x")) == "cannot: denied"


def test_people_are_told_from_services(door: Door) -> None:
    users = door(lambda host: host.users())
    assert isinstance(users, list)
    kinds = {user.name: user.kind for user in users}
    assert kinds["root"] == "root"
    assert kinds["daemon"] == "service"
    assert kinds["nobody"] == "service"
    assert all(len(user.alias) == 16 for user in users)


def test_what_is_alive_is_listed(door: Door) -> None:
    interfaces = door(lambda host: host.interfaces())
    assert isinstance(interfaces, list)
    assert "loopback" in {card.kind for card in interfaces}
    processes = door(lambda host: host.processes())
    assert isinstance(processes, list)
    assert os.getpid() in {process.pid for process in processes}


def test_a_listening_socket_is_seen(door: Door) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        listeners = door(lambda host: host.listeners())
        assert isinstance(listeners, list)
        assert ("tcp", "127.0.0.1", port) in {
            (one.protocol, one.address, one.port) for one in listeners
        }


def test_an_alias_is_stable_here_and_says_nothing_elsewhere() -> None:
    here, there = LocalHost(b"a" * 32), LocalHost(b"b" * 32)
    assert here.alias("user", "maya") == here.alias("user", "maya")
    assert here.alias("user", "maya") != there.alias("user", "maya")
    assert here.alias("user", "maya") != here.alias("ssid", "maya")


def test_the_clock_is_the_machines_and_a_recording_keeps_its_own(tmp_path: Path) -> None:
    tape = Tape(LocalHost(b"k" * 32), scrub=False)
    at = tape.clock()
    tape.save(tmp_path / "t.json", source="test")
    assert RecordedHost.open(tmp_path / "t.json").clock() == at
    assert RecordedHost.open(tmp_path / "t.json").platform == "linux"


@pytest.mark.skipif(os.geteuid() != 0, reason=needs.NOT_ROOT)
def test_looking_as_a_user_sees_what_the_user_sees(home: Path) -> None:
    needs.root()
    (home / "secret").write_text("x")
    (home / "secret").chmod(0o600)
    host = LocalHost(b"k" * 32)
    assert host.run(["id", "-u"], as_user="nobody").out == b"65534\n"
    assert host.run(["id", "-G"], as_user="nobody").out == b"65534\n"
    assert host.run(["cat", str(home / "secret")], as_user="nobody").code == 1
    with pytest.raises(CannotLook, match="unsupported"):
        host.run(["id"], as_user="no-such-user")


@pytest.mark.skipif(os.geteuid() != 0, reason=needs.NOT_ROOT)
def test_an_ordinary_user_is_denied_and_says_so(home: Path) -> None:
    needs.root()

    def look() -> Iterator[object]:
        host = LocalHost(b"k" * 32)
        yield host.privileged
        yield outcome(lambda h: h.read("/etc/shadow"), host)
        yield outcome(lambda h: h.run(["id"], as_user="root"), host)
        yield outcome(lambda h: h.list("/root"), host)

    denied = "cannot: denied"
    assert as_nobody(look) == repr([False, denied, denied, denied])


def as_nobody(look: Callable[[], Iterator[object]]) -> str:
    """What a child process that gave up root for good sees."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, repr(list(look())).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def test_the_default_limit_is_a_mebibyte() -> None:
    assert READ_LIMIT == 1 << 20
