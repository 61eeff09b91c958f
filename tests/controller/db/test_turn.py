"""Writers of one process are served in order, and a failure gives the turn back (A6)."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from pytest_django import DjangoDbBlocker

from controller.databases import database
from controller.db.turn import Turn


def wrapper(path: Path) -> BaseDatabaseWrapper:
    """A connection of its own to a database file."""
    options: dict[str, Any] = {
        **database("", path),
        "NAME": str(path / "t.sqlite3"),
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "TEST": {},
    }
    options["OPTIONS"] = options["OPTIONS"] | {"timeout": 0.2}
    made: BaseDatabaseWrapper = load_backend("controller.db").DatabaseWrapper(options, "turns")
    made.inc_thread_sharing()
    return made


@pytest.fixture
def two(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[list[BaseDatabaseWrapper]]:
    """Two connections to one database with one table."""
    with django_db_blocker.unblock():
        yield from _two(tmp_path)


def _two(tmp_path: Path) -> Iterator[list[BaseDatabaseWrapper]]:
    pair = [wrapper(tmp_path), wrapper(tmp_path)]
    with pair[0].cursor() as cursor:
        cursor.execute("CREATE TABLE t (a integer)")
    yield pair
    for each in pair:
        each.close()


def begin(conn: BaseDatabaseWrapper) -> None:
    """What `atomic` does first."""
    conn.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(conn: BaseDatabaseWrapper, how: str) -> None:
    """What `atomic` does last."""
    getattr(conn, how)()
    conn.set_autocommit(True)


def insert(conn: BaseDatabaseWrapper) -> None:
    """One write."""
    with conn.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (1)")


def test_the_turn_comes_in_the_order_it_was_asked_for() -> None:
    turn, served = Turn(), []
    assert turn.take(1)
    asked = threading.Semaphore(0)

    def writer(number: int) -> None:
        asked.release()
        assert turn.take(10)
        served.append(number)
        turn.give_back()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=writer, args=(number,)))
        threads[-1].start()
        asked.acquire()
        while turn.waiting() <= number:
            pass
    turn.give_back()
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))


def test_who_gives_up_waiting_leaves_no_gap() -> None:
    turn = Turn()
    assert turn.take(1)
    assert not turn.take(0)
    turn.give_back()
    assert turn.take(0)


@pytest.mark.parametrize("how", ["commit", "rollback"])
def test_a_transaction_holds_the_turn_until_it_ends(
    how: str, two: list[BaseDatabaseWrapper]
) -> None:
    first, second = two
    begin(first)
    with pytest.raises(OperationalError, match="no turn to write"):
        begin(second)
    end(first, how)
    begin(second)
    insert(second)
    end(second, "commit")


def test_a_single_write_outside_a_transaction_waits_too(two: list[BaseDatabaseWrapper]) -> None:
    first, second = two
    begin(first)
    with pytest.raises(OperationalError, match="no turn to write"):
        insert(second)
    end(first, "rollback")
    insert(second)
    insert(first)


def test_readers_never_wait(two: list[BaseDatabaseWrapper]) -> None:
    first, second = two
    begin(first)
    insert(first)
    with second.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM t")
        assert cursor.fetchone() == (0,)
    end(first, "commit")


def test_a_connection_that_is_closed_in_mid_transaction_gives_the_turn_back(
    two: list[BaseDatabaseWrapper],
) -> None:
    first, second = two
    begin(first)
    insert(first)
    first.close()
    insert(second)


def test_a_begin_that_fails_gives_the_turn_back(
    two: list[BaseDatabaseWrapper], tmp_path: Path
) -> None:
    first, second = two
    outside = sqlite3.connect(tmp_path / "t.sqlite3", isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        begin(first)
    outside.execute("ROLLBACK")
    outside.close()
    begin(second)
    end(second, "commit")


def test_the_database_is_durable_and_lets_readers_in(two: list[BaseDatabaseWrapper]) -> None:
    with two[0].cursor() as cursor:
        modes = []
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            modes.append(cursor.fetchone()[0])
    assert modes == ["wal", 2, 1]


@pytest.mark.django_db
def test_transactions_nest_without_asking_for_a_second_turn() -> None:
    with transaction.atomic(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
