"""The door to one device: a few scalars, or one named column, and why it did not open."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from checks.formats.snmp_values import Oid, Value
from checks.unseen import Reason

Row: TypeAlias = tuple[Oid, Value]
"""What follows the column in an identifier (its index), and the answer."""

CODES: Final[dict[str, Reason]] = {
    "no-answer": "timeout",
    "denied": "denied",
    "wrong-user": "denied",
    "wrong-password": "denied",
    "wrong-privacy-key": "denied",
    "wrong-level": "denied",
    "no-cipher": "tool-missing",
    "budget": "too-large",
    "out-of-time": "timeout",
    "never-ends": "parse-error",
    "too-big": "too-large",
    "malformed": "parse-error",
    "refused": "withheld",
    "not-reachable": "timeout",
    "crashed": "crashed",
}
"""Every code a device's silence or refusal can have, and the reason an unseen fact gives."""


class CannotAsk(Exception):  # noqa: N818 - like CannotLook: what happened, not that it is an error
    """A question that was not answered, or not to its end. `rows`: what came before that."""

    def __init__(self, code: str, rows: Sequence[Row] = ()) -> None:
        """Keep the code, one of `CODES`."""
        super().__init__(code)
        self.code = code
        self.rows = list(rows)

    @property
    def reason(self) -> Reason:
        """What an unseen fact says of it."""
        return CODES[self.code]


class Snmp(Protocol):
    """One device that answers. Both raise CannotAsk, and `denied.Denied` before anything is sent
    for what may never be asked."""

    def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """The answers there are; an identifier that the device lacks is left out."""
        ...

    def walk(self, column: str) -> list[Row]:
        """Every row of one column, in the device's order; none where it lacks the column."""
        ...

    def within(self, vlan: int) -> "Snmp | None":
        """The same device as it answers for one VLAN by itself, which Cisco's older switches do
        under a community or context of that VLAN's name; None where this door cannot."""
        ...
