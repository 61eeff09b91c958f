"""`caretaker quickstart --once`: the whole loop on this machine, and again on the same folder."""

import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from controller.roots.files import recovery_public
from controller.roots.recovery import Recovery
from tests.controller.commands.served import (
    COMMAND,
    caretaker,
    environment,
    free_port,
    kill_group,
)

Quick = tuple[Path, "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def done(
    tmp_path_factory: pytest.TempPathFactory,
) -> Quick:
    """One quickstart, looked at by all tests here."""
    data = tmp_path_factory.mktemp("quick") / "data"
    return data, caretaker("quickstart", "--port", str(free_port()), "--once", data=data)


def test_it_ends_well_and_shows_findings_pages_and_sign_in(
    done: Quick,
) -> None:
    _, quick = done
    assert quick.returncode == 0, quick.stderr
    for words in ("checks:", "Pages:", "Sign in as: admin", "Password:", "Join code:"):
        assert words in quick.stdout


def test_nothing_in_the_folder_is_readable_by_others(
    done: Quick,
) -> None:
    data, _ = done
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for folder, _, files in os.walk(data):
        for name in files:
            mode = stat.S_IMODE((Path(folder) / name).stat().st_mode)
            assert not mode & 0o077, Path(folder) / name


def test_the_password_is_nowhere_but_on_the_screen(
    done: Quick,
) -> None:
    data, quick = done
    line = next(line for line in quick.stdout.splitlines() if line.startswith("Password:"))
    password = line.split()[1].encode()
    for folder, _, files in os.walk(data):
        assert all(password not in (Path(folder) / name).read_bytes() for name in files)
    assert password.decode() not in quick.stderr


def test_the_recovery_key_is_nowhere_but_on_the_screen(
    done: Quick,
) -> None:
    data, quick = done
    lines = iter(quick.stdout.splitlines())
    first = next(line for line in lines if line.strip().startswith("CR1"))
    recovery = Recovery.parse(first + next(lines))
    assert recovery_public(data) == recovery.public
    for folder, _, names in os.walk(data):
        for name in names:
            content = (Path(folder) / name).read_bytes()
            assert recovery.seed not in content
            assert not any(group.encode() in content for group in recovery.groups()), name
    assert not any(group in quick.stderr for group in recovery.groups())


def test_the_computer_is_in_the_fleet_with_verdicts_and_an_asset(
    done: Quick,
) -> None:
    data, _ = done
    fleet = json.loads(caretaker("fleet", "--format", "json", data=data).stdout)
    (computer,) = fleet["computers"]
    assert computer["state"] == "active"
    shown = caretaker("device", "--format", "json", computer["id"], data=data)
    document = json.loads(shown.stdout)
    assert document["asset"].startswith("asset_")
    failing = [f for f in document["findings"] if f["status"] == "fail"]
    assert shown.returncode == (2 if failing else 0)
    assert caretaker("device", computer["name"], data=data).returncode == shown.returncode


def test_a_second_time_it_keeps_what_is_there(
    done: Quick,
) -> None:
    data, _ = done
    again = caretaker("quickstart", "--port", str(free_port()), "--once", data=data)
    assert again.returncode == 0, again.stderr
    assert "Password:" not in again.stdout
    assert "Recovery key" not in again.stdout
    fleet = json.loads(caretaker("fleet", "--format", "json", data=data).stdout)
    assert sum(1 for one in fleet["computers"] if one["state"] == "active") == 1


def test_no_process_is_left_behind(
    done: Quick,
) -> None:
    data, _ = done
    assert str(data) not in _everything_running()


def test_a_taken_port_is_one_sentence_and_nothing_is_half_done(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        refused = caretaker("quickstart", "--port", str(port), "--once", data=tmp_path / "data")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "data" / "keys" / "signing").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["fly"], 64),
        (["token", "--fly"], 64),
        (["token", "create", "--uses", "0"], 1),
        (["token", "revoke", "tok_none"], 1),
        (["device", "nobody"], 64),
        (["device", "\x1b[31mred\x1b[0m"], 64),
    ],
)
def test_mistakes_are_one_clean_line_and_a_known_exit_code(
    folder: Path, words: list[str], code: int
) -> None:
    done = caretaker(*words, data=folder)
    assert done.returncode == code
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr + done.stdout


def test_ctrl_c_ends_a_served_quickstart_well_and_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(
        [*COMMAND, "quickstart", "--data", str(data), "--port", str(free_port())],
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=environment(),
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Join code:"):
                break
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(60) == 0
    finally:
        kill_group(process)
        process.stdout.close()  # type: ignore[union-attr]  # it is a pipe
    assert str(data) not in _everything_running()


def test_a_password_is_shown_even_when_the_rest_fails(tmp_path: Path) -> None:
    # An agent folder that is a file: the computer cannot enrol.
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "agent").write_text("in the way")
    failed = caretaker("quickstart", "--port", str(free_port()), "--once", data=data)
    assert failed.returncode == 1
    assert "Password:" in failed.stdout
    assert "Recovery key" in failed.stdout
    assert failed.stderr.strip()
    assert str(data) not in _everything_running()


def _everything_running() -> str:
    return subprocess.run(
        ["ps", "-ww", "-eo", "args="], capture_output=True, text=True, check=True
    ).stdout
