"""Django's SQLite backend, with the FIFO turn taken around every write (A6, O8).

A turn is held from BEGIN IMMEDIATE to commit or rollback, and for a single writing statement in
autocommit. Trap: Django's `Atomic` may commit, fail, and only then roll back, so a failed commit
keeps the turn.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from controller.db.turn import Turn

_TURNS: Final[defaultdict[str, Turn]] = defaultdict(Turn)
_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class TurnCursor(base.SQLiteCursorWrapper):
    """A cursor that queues for single writing statements outside a transaction."""

    turn: Callable[[str], Any]

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        with self.turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement for many parameter rows."""
        with self.turn(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose writers are served in order."""

    _holds_turn = False

    @property
    def _turn(self) -> Turn:
        return _TURNS[str(self.settings_dict["NAME"])]

    def _take_turn(self) -> None:
        timeout = self.settings_dict.get("OPTIONS", {}).get("timeout", 5)
        if not self._turn.take(timeout):
            message = "database is locked: no turn to write within the busy timeout"
            raise OperationalError(message)
        self._holds_turn = True

    def _give_turn_back(self) -> None:
        if self._holds_turn:
            self._holds_turn = False
            self._turn.give_back()

    @contextmanager
    def _statement_turn(self, query: str) -> Iterator[None]:
        single_write = (
            not self.in_atomic_block
            and not self._holds_turn
            and query.lstrip()[:8].upper().startswith(_WRITES)
        )
        if single_write:
            self._take_turn()
        try:
            yield
        finally:
            if single_write:
                self._give_turn_back()

    def create_cursor(self, name: str | None = None) -> TurnCursor:
        """Make a cursor that knows this connection's queue."""
        cursor: TurnCursor = self.connection.cursor(factory=TurnCursor)
        cursor.turn = self._statement_turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in django-stubs
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in django-stubs
        self._give_turn_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in django-stubs
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in django-stubs
        finally:
            self._give_turn_back()
