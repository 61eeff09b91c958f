"""The product as a newcomer starts it: the real commands, real HTTPS, nothing from the inside."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BIN = Path(sys.executable).parent


def caretaker(*arguments: object, expect: int = 0) -> str:
    """Run the command; its standard output. The test fails with what it said on another exit."""
    done = subprocess.run(
        [str(BIN / "caretaker"), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        stdin=subprocess.DEVNULL,
        env={key: value for key, value in os.environ.items() if not key.startswith("CARETAKER_")},
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout if expect == 0 else done.stderr


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def rows(data: Path, question: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        return database.execute(question).fetchall()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder after one quickstart, and what that printed."""
    data = tmp_path_factory.mktemp("first") / "data"
    said = caretaker("quickstart", "--once", "--data", data, "--port", free_port())
    return data, said


def test_one_command_audits_this_very_machine_and_says_how_to_go_on(
    home: tuple[Path, str],
) -> None:
    _, said = home
    for promised in ("checks:", "Pages:", "Password:", "Join code:", "CT1."):
        assert promised in said


def test_the_signed_report_is_stored_and_judged_and_the_register_has_an_asset(
    home: tuple[Path, str],
) -> None:
    data, _ = home
    (state, seq) = rows(data, "select state, head_seq from fleet_device")[0]
    assert state == "active"
    assert rows(data, "select count(*) from fleet_report") == [(seq,)]
    assert seq >= 1
    assert rows(data, "select count(*) from fleet_verdict")[0][0] >= 24
    assert rows(data, "select count(*) from inventory_asset") == [(1,)]


def test_running_it_again_keeps_everything_and_shows_no_password(home: tuple[Path, str]) -> None:
    data, first = home
    before = rows(data, "select max(seq) from fleet_report")[0][0]
    again = caretaker("quickstart", "--once", "--data", data, "--port", free_port())
    assert "Password:" in first
    assert "Password:" not in again
    assert rows(data, "select count(*) from fleet_device") == [(1,)]
    assert rows(data, "select max(seq) from fleet_report") == [(before + 1,)]


def test_what_a_device_shows_is_the_same_for_people_and_programs(home: tuple[Path, str]) -> None:
    data, _ = home
    (name,) = rows(data, "select name from fleet_device")[0]
    (failing,) = rows(data, "select n_fail from fleet_device")[0]
    said = subprocess.run(
        [str(BIN / "caretaker"), "device", name, "--data", str(data), "--format", "json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    document = json.loads(said.stdout)
    assert document["schema"] == "caretaker.device/1"
    found = [finding for finding in document["findings"] if finding["status"] == "fail"]
    assert len(found) == failing
    assert said.returncode == (2 if failing else 0)
    assert all(finding["summary"] and finding["remedy"] for finding in found)


def test_a_simulated_school_fills_a_demonstration_with_history(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    said = caretaker(
        *("simulate", "--data", data, "--port", free_port()), "--devices", 14, "--nights", 3
    )
    assert said.count("computers reported") == 3
    assert rows(data, "select state, count(*) from fleet_device group by 1 order by 1") == [
        ("active", 11),
        ("pending", 3),
    ]
    assert rows(data, "select count(distinct day) from fleet_night") == [(3,)]
    (first, last) = rows(data, "select min(received_at), max(received_at) from fleet_report")[0]
    assert 40 * 3600 < last - first < 3 * 86_400, "nights lie a day apart"
    assert rows(data, "select count(*) from fleet_pastverdict")[0][0] > 0
    assert (data / "demo").exists()
    assert not (data / "demo-clock").exists(), "the clock is the machine's own again"


def test_a_simulation_never_touches_a_folder_made_for_real_computers(
    home: tuple[Path, str],
) -> None:
    data, _ = home
    said = caretaker("simulate", "--data", data, "--port", free_port(), expect=1)
    assert "made for real computers" in said
    assert rows(data, "select count(*) from fleet_device") == [(1,)]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("simulate", "--devices", "0"), 64, "Choose 1 to"),
        (("simulate", "--devices", "many"), 64, "--help"),
        (("fly",), 64, "no such command"),
        (("device",), 64, "--help"),
        (("fleet", "--data", "/nonexistent-folder"), 1, "quickstart"),
    ],
    ids=["none", "words", "verb", "missing", "folder"],
)
def test_wrong_usage_gets_one_clear_line(arguments: tuple[str, ...], code: int, says: str) -> None:
    said = caretaker(*arguments, expect=code)
    assert says in said
    assert len(said.strip().splitlines()) == 1
