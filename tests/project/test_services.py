"""The servers that tests start, seen working before other tests lean on them."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tests import environment, longest, needs
from tests.project.repository import ROOT
from tests.services.postgres import Postgres


@pytest.mark.postgres
def test_postgres_answers_on_its_unix_socket(postgres: Postgres) -> None:
    url = postgres.create("answers")

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_database()").fetchone()

    assert row == ("answers",)


def test_a_missing_program_skips_with_the_package_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="apt-get install no-such-package"):
        needs.program("no-such-program", package="no-such-package")


def test_a_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-package"):
        needs.program("no-such-program", package="no-such-package")


def test_a_test_cannot_reach_another_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside,
        pytest.raises(UserWarning, match=r"192\.0\.2\.1"),
    ):
        outside.connect(("192.0.2.1", 443))


def test_a_test_may_talk_to_this_machine() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_no_setting_of_the_developer_reaches_the_tests() -> None:
    assert "caretaker-tests-" in os.environ["CARETAKER_DATA"]


def test_each_file_that_begins_a_run_is_there() -> None:
    assert [name for name in longest.FIRST if not (longest.HERE / name).is_file()] == []


def test_the_longest_files_come_first_and_the_others_stay_as_they_were() -> None:
    items = [SimpleNamespace(path=longest.HERE / name) for name in ("b", longest.FIRST[1], "a")]
    items.append(SimpleNamespace(path=longest.HERE / longest.FIRST[0]))
    ordered = sorted(items, key=longest.longest_first())  # type: ignore[arg-type]  # as items are
    assert [item.path for item in ordered] == [
        longest.HERE / name for name in (*longest.FIRST[:2], "b", "a")
    ]


def test_a_test_that_the_run_on_postgresql_would_miss_is_refused() -> None:
    """Those folders are not looked into there, so a test of theirs may not use the database."""
    marker = pytest.mark.django_db.mark
    missed: Any = SimpleNamespace(
        nodeid="missed",
        path=ROOT / "tests" / "wire" / "test_new.py",
        fixturenames=(),
        get_closest_marker=lambda name: marker if name == marker.name else None,
    )
    config: Any = SimpleNamespace(getoption=lambda _name: False)
    with pytest.raises(pytest.UsageError, match="missed"):
        environment.pytest_collection_modifyitems(config, [missed])
    missed.path = ROOT / "tests" / "inventory" / "test_new.py"
    environment.pytest_collection_modifyitems(config, [missed])


SKIPPING = """
import pytest
from tests import needs
from tests.project.repository import ROOT

def test_chooses_to_skip():
    pytest.skip("not today")

def test_cannot_be():
    needs.impossible("no such kernel")
"""


@pytest.mark.parametrize(("ci", "outcomes"), [("", "2 skipped"), ("true", "1 failed, 1 skipped")])
def test_in_ci_only_the_impossible_is_skipped(ci: str, outcomes: str, tmp_path: Path) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.environment", str(tmp_path)],
        cwd=tmp_path,
        env={"CI": ci, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcomes in done.stdout, done.stdout + done.stderr
