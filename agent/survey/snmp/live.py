"""The door to one device on the network: `checks.snmp.asking.Snmp`, within the device's budget."""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, Protocol

from agent.survey.pace import BudgetError
from agent.survey.snmp.engine import Reply
from checks.formats.snmp_values import Oid, Value, dotted
from checks.snmp import denied
from checks.snmp.asking import CannotAsk, Row

AT_ONCE: Final = 12
"""Scalars in one question: the answers fit into one packet of a small device's."""
FIRST, THEN = 10, 20
"""Rows asked for at a time: the second once a device has given the first without trouble."""
SILENCES: Final = 3
"""Questions in a row without an answer after which a device is left alone (network §4)."""


class Asks(Protocol):
    """As `engine.Line`."""

    def get(self, oids: Sequence[str]) -> Reply: ...
    def next(self, oid: str) -> Reply: ...
    def bulk(self, oid: str, repetitions: int) -> Reply: ...
    def within(self, vlan: int) -> "Asks": ...


class Spends(Protocol):
    """As `agent.survey.pace.Turn`: waits, and raises BudgetError."""

    def ask(self, kind: Literal["snmp"], /) -> None: ...
    def got(self, rows: int, /) -> None: ...


class Live:
    """One device. Every question waits its turn, and what it brings is counted."""

    def __init__(self, line: Asks, turn: Spends) -> None:
        """Nothing is sent."""
        self._line, self._turn = line, turn
        self._size, self._rows = AT_ONCE, FIRST
        self._silent = 0

    def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """The answers there are, in as many questions as the device needs. Raises CannotAsk."""
        for one in oids:
            denied.permit(one)
        found, left, refused = dict[str, Value](), list(oids), 0
        while left:
            some = left[: self._size]
            reply = self._asked(functools.partial(self._line.get, some))
            if reply.too_big:
                self._size = self._smaller(len(some))
                continue
            if reply.missing and len(some) > 1:
                self._size = len(some) // 2
                continue
            refused += reply.missing
            answers = {dotted(name): value for name, value in reply.rows}
            found |= {one: value for one in some if (value := answers.get(one)) is not None}
            left = left[len(some) :]
        if refused and refused == len(oids):
            raise CannotAsk("malformed")
        return found

    def walk(self, column: str) -> list[Row]:
        """Every row of a column. Raises CannotAsk with those that came."""
        denied.permit_walk(column)
        start = tuple(map(int, column.split(".")))
        found, last = list[Row](), start
        try:
            while True:
                reply = self._step(column, last)
                rows = list(_inside(reply.rows, start, last))
                found += [(name[len(start) :], value) for name, value in rows]
                if not rows or len(rows) < len(reply.rows):
                    return found
                last = rows[-1][0]
                self._turn.got(len(rows))
        except BudgetError:
            raise CannotAsk("budget", found) from None
        except CannotAsk as error:
            raise CannotAsk(error.code, found) from None

    def within(self, vlan: int) -> "Live":
        """The same device, within the same budget, for one VLAN by itself."""
        return Live(self._line.within(vlan), self._turn)

    def _step(self, column: str, last: Oid) -> Reply:
        """The next rows; one alone where a key may stand behind the column."""
        if denied.alone(column):
            reply = self._asked(lambda: self._line.next(dotted(last)))
        else:
            reply = self._asked(lambda: self._line.bulk(dotted(last), self._rows))
            if not reply.too_big and len(reply.rows) == self._rows == FIRST:
                self._rows = THEN
        if reply.too_big:
            self._rows = self._smaller(1 if denied.alone(column) else self._rows)
            return self._step(column, last)
        return reply

    def _asked(self, ask: Callable[[], Reply]) -> Reply:
        if self._silent >= SILENCES:
            raise CannotAsk("no-answer")
        try:
            self._turn.ask("snmp")
        except BudgetError:
            raise CannotAsk("budget") from None
        reply = ask()
        self._silent = self._silent + 1 if reply.code == "no-answer" else 0
        if reply.code:
            raise CannotAsk(reply.code)
        return reply

    @staticmethod
    def _smaller(size: int) -> int:
        if size <= 1:
            raise CannotAsk("too-big")
        return size // 2


def _inside(
    rows: Sequence[tuple[Oid, Value | None]], start: Oid, last: Oid
) -> Iterator[tuple[Oid, Value]]:
    """Those of the column, as far as they go up: what comes after it is dropped unread. Raises
    CannotAsk(`never-ends`) for an identifier that is not after the one before it."""
    for name, value in rows:
        if value is None or name[: len(start)] != start:
            return
        if name <= last:
            raise CannotAsk("never-ends")
        last = name
        yield name, value
