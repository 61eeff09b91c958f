"""How a server starts and ends: what it refuses, in one sentence, and that it leaves nothing."""

import json
import os
import socket
import sqlite3
import subprocess
import threading
from pathlib import Path

from tests.controller.commands.served import (
    COMMAND,
    caretaker,
    connection,
    environment,
    free_port,
    kill_group,
    serving,
    wait_for,
    worker_of,
)


def test_a_worker_does_not_outlive_its_server(folder: Path) -> None:
    port = free_port()
    with serving(folder, port) as server:
        worker = worker_of(server)
        server.kill()
        server.wait()
        for _ in range(100):
            if not _alive(worker):
                return
            threading.Event().wait(0.1)
    raise AssertionError("the worker went on serving without its server")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_two_servers_never_share_a_data_folder(folder: Path) -> None:
    with serving(folder, free_port()) as first:
        second = caretaker("serve", "--port", str(free_port()), "--allow-root", data=folder)
        assert second.returncode == 1
        assert f"process {first.pid}" in second.stderr
        assert second.stderr.count("\n") == 1


def test_a_taken_port_is_said_in_one_sentence(folder: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        done = caretaker("serve", "--port", str(port), "--allow-root", data=folder)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_that_others_can_read_is_refused(folder: Path) -> None:
    (folder / "keys" / "signing").chmod(0o644)
    done = caretaker("serve", "--port", str(free_port()), "--allow-root", data=folder)
    assert done.returncode == 1
    assert "chmod 600" in done.stderr


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    done = caretaker("fleet", data=tmp_path)
    assert done.returncode == 1
    assert "quickstart" in done.stderr


def test_a_database_of_another_version_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "db" / "caretaker.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'fleet'")
    database.close()
    done = caretaker("serve", "--port", str(free_port()), "--allow-root", data=folder)
    assert done.returncode == 1
    assert "caretaker migrate" in done.stderr


def test_sigterm_ends_the_server_and_its_worker(folder: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(folder), "--port", str(port), "--allow-root"],
        start_new_session=True,
        env=environment(),
    )
    try:
        wait_for(port, process)
        worker = worker_of(process)
        process.terminate()
        assert process.wait(30) == 0
        assert not _alive(worker)
    finally:
        kill_group(process)


def test_what_the_commands_print_is_json_with_a_schema(folder: Path) -> None:
    for words, schema in (
        (("token", "--format", "json", "create"), "caretaker.token/1"),
        (("token", "--format", "json", "list"), "caretaker.tokens/1"),
        (("fleet", "--format", "json"), "caretaker.fleet/1"),
        (("nightly", "--format", "json"), "caretaker.nightly/1"),
        (("doctor", "--format", "json"), "caretaker.doctor/1"),
    ):
        done = caretaker(*words, data=folder)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["schema"] == schema


def test_a_client_that_never_goes_cannot_keep_the_server(folder: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(folder), "--port", str(port), "--allow-root"],
        start_new_session=True,
        env=environment(),
    )
    stayers = [connection(port) for _ in range(4)]
    try:
        wait_for(port, process)
        worker = worker_of(process)
        for stayer in stayers:
            stayer.putrequest("POST", "/v1/reports")
            stayer.putheader("Content-Length", "5000")
            stayer.endheaders(b"x")
        process.terminate()
        process.wait(60)
        assert not _alive(worker)
    finally:
        for stayer in stayers:
            stayer.close()
        kill_group(process)
