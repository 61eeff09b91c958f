"""The door opened by a recording: the same questions, the same refusals, the same limits."""

import bisect
from collections.abc import Sequence
from typing import Final

from checks.formats import snmp_walk, snmprec
from checks.formats.errors import ParseError
from checks.formats.snmp_values import Recording, Value, oid, text_of
from checks.snmp import denied
from checks.snmp.asking import CannotAsk, Row
from checks.snmp.collecting import collect
from checks.surveys.equipment import Equipment

ROWS: Final = 60_000
"""Of one recording: nobody waits for it, so more than a device is asked for."""


_DEPTH: Final = 9


class Recorded:
    """One recorded device."""

    def __init__(self, recording: Recording, rows: int = ROWS) -> None:
        """Order it once; `rows` is all that is handed out."""
        self._values = recording.values
        self._order = sorted(recording.values)
        self._left = rows

    def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """The answers there are."""
        for one in oids:
            denied.permit(one)
        return {one: self._values[name] for one in oids if (name := oid(one)) in self._values}

    def walk(self, column: str) -> list[Row]:
        """Every row of a column. Raises CannotAsk(`budget`) with those there were."""
        denied.permit_walk(column)
        start = tuple(map(int, column.split(".")))
        rows = list[Row]()
        for name in self._order[bisect.bisect_left(self._order, start) :]:
            if name[: len(start)] != start:
                break
            if not self._left:
                raise CannotAsk("budget", rows)
            self._left -= 1
            rows.append((name[len(start) :], self._values[name]))
        return rows

    def within(self, vlan: int) -> None:
        """A recording is of one community."""


def _roots() -> tuple[str, ...]:
    """What to keep of a recording: the branches in which anything lies that may be asked for."""
    parts = [one.split(".") for one in denied.allowed()]
    return tuple(sorted({".".join(one[: min(_DEPTH, len(one) - 1)]) + "." for one in parts}))


def read(data: bytes) -> Recording:
    """A `.snmprec`, or what net-snmp's snmpwalk printed; packed or not."""
    text = text_of(data)
    read_lines = snmp_walk.recording if snmp_walk.looks_like(text) else snmprec.recording
    recording = read_lines(text, _roots())
    if not recording.values:
        raise ParseError("nothing in it is an answer to what is asked of a device")
    return recording


def device(data: bytes) -> Equipment:
    """What a survey would tell of a recorded device. Raises ParseError where it told nothing."""
    try:
        return collect(Recorded(read(data)))
    except CannotAsk as error:
        raise ParseError(f"it answers no question ({error.code})") from error
