"""What may be asked at all: the columns named here and in `columns`, and of those no secret.

Makers keep keys in readable columns (network §1.2), and what is never asked for cannot leak: not
into a section, not over the wire of a version that encrypts nothing. So there are two lists. What
is not in `allowed()` is refused; and even a mistake in that list does not open what is in `DENIED`,
nor anything above it in the tree, since a walk goes through all that lies below.

Traps: GETBULK reads on past the end of a column, into the next ones, and a key may stand there.
So `alone` says which columns are read one row at a time: all of a maker's own.
"""

import functools
from typing import Final

from checks.formats.snmp_values import LARGEST_NUMBER, LONGEST_OID, dotted, oid
from checks.snmp import columns, scalars
from checks.snmp import wireless_columns as wireless

DENIED: Final[dict[str, str]] = {
    "1.3.6.1.4.1.25053.1.2.2.2.1.1.1.1.16": "Ruckus ZoneDirector: WEP key",
    "1.3.6.1.4.1.25053.1.2.2.2.1.1.1.1.21": "Ruckus ZoneDirector: WPA passphrase",
    "1.3.6.1.4.1.25053.1.4.2.2.1.1.1.1.16": "Ruckus SmartZone: WEP key",
    "1.3.6.1.4.1.25053.1.4.2.2.1.1.1.1.21": "Ruckus SmartZone: WPA passphrase",
    "1.3.6.1.4.1.25053.1.4.2.2.1.1.1.1.23": "Ruckus SmartZone: SAE passphrase",
    "1.3.6.1.4.1.25053.1.3.2.2.1.1.1.1.16": "Ruckus SmartCell: WEP key",
    "1.3.6.1.4.1.25053.1.3.2.2.1.1.1.1.21": "Ruckus SmartCell: WPA passphrase",
    "1.3.6.1.4.1.25053.1.1.6.1.1.3.2.1.9": "Ruckus access point: WEP key",
    "1.3.6.1.4.1.25053.1.1.6.1.1.3.3.1.12": "Ruckus access point: WPA key",
    "1.3.6.1.4.1.25053.1.1.6.1.1.3.4.1.15": "Ruckus access point: RADIUS secret",
    "1.3.6.1.4.1.14179.2.1.1.1.10": "Airespace: static WEP key",
    "1.3.6.1.4.1.14179.2.1.1.1.46": "Airespace: WPA pre-shared key",
    "1.3.6.1.4.1.14179.2.1.1.1.50": "Airespace: pre-shared key",
    "1.3.6.1.4.1.14179.2.1.1.1.57": "Airespace: RSN pre-shared key",
    "1.3.6.1.4.1.14179.2.1.1.1.58": "Airespace: RSN pre-shared key in hex",
    "1.3.6.1.4.1.9.9.521.1.1.1.1.8": "Cisco: pre-shared key",
    "1.3.6.1.4.1.9.9.521.1.1.2.1.5": "Cisco: CKIP key",
    "1.3.6.1.4.1.9.9.521.1.1.5": "Cisco: table of pre-shared keys",
    "1.3.6.1.4.1.9.9.413.1.1.1.1.7": "Cisco access point: WPA pre-shared key",
    "1.3.6.1.4.1.9.9.413.1.1.1.1.10": "Cisco access point: password to the network",
    "1.3.6.1.4.1.9.9.96": "Cisco: copying the configuration",
    "1.3.6.1.4.1.9.2.1.53": "Cisco: writing the configuration",
    "1.3.6.1.4.1.77.1.2.25": "Windows: names of people",
    "1.3.6.1.4.1.14823.2.2.1.4.1.2.1.3": "Aruba: names of people",
    "1.3.6.1.2.1.25.4.2.1.5": "parameters of programs, which may hold passwords",
    "1.3.6.1.6.3.15.1.2": "SNMP users",
    "1.3.6.1.6.3.18.1.1.1": "SNMP communities",
}
"""Column, or all below → what it holds."""

_DENIED: Final = tuple(tuple(map(int, name.split("."))) for name in DENIED)
_ENTERPRISES: Final = "1.3.6.1.4.1."
_HARMLESS: Final = (
    "1.3.6.1.4.1.9.9.23.",
    "1.3.6.1.4.1.9.9.46.1.3.1.",
    "1.3.6.1.4.1.14179.2.1.7.",
    "1.3.6.1.4.1.14179.2.1.8.",
    "1.3.6.1.4.1.14179.2.2.1.",
    "1.3.6.1.4.1.14823.2.2.1.5.2.1.",
    "1.3.6.1.4.1.14823.2.2.1.6.7.1.1.",
)
"""CDP and VLANs, and what controllers list of access points and foreign ones: a row for each, so
many, and nothing secret in those tables nor in the next."""


class DeniedError(Exception):
    """Something was about to be asked that never may be: a mistake of ours, nothing was sent."""


@functools.cache
def allowed() -> frozenset[str]:
    """Every column that may be walked and every scalar that may be asked for."""
    return columns.ALL | wireless.ALL | scalars.all_oids()


def permit(name: str) -> None:
    """Raise DeniedError unless a column may be walked, or a scalar or a row of a column asked
    for."""
    numbers = oid(name)
    if numbers is None or name != dotted(numbers):
        raise DeniedError("not an identifier")
    for secret in _DENIED:
        short = min(len(secret), len(numbers))
        if numbers[:short] == secret[:short]:
            raise DeniedError(f"{DENIED[dotted(secret)]} may not be asked for")
    if not any(name == one or name.startswith(one + ".") for one in _near(name)):
        raise DeniedError(f"{name} is not on the list of what is asked for")


def permit_walk(column: str) -> None:
    """The same for a column that is walked: its last step reads on into the next, so that one may
    be no secret either."""
    permit(column)
    table, _, last = column.rpartition(".")
    if f"{table}.{int(last) + 1}" in DENIED:
        raise DeniedError(f"{column} has a secret right behind it")


def _near(name: str) -> list[str]:
    """Those of the list that begin as the name does: a look-up for each of its beginnings."""
    parts = name.split(".")
    known = allowed()
    return [one for end in range(len(parts) + 1) if (one := ".".join(parts[:end])) in known]


def alone(column: str) -> bool:
    """Whether a column is read one row at a time."""
    return column.startswith(_ENTERPRISES) and not column.startswith(_HARMLESS)


def below(column: str, index: tuple[int, ...]) -> str:
    """One row of a column. Raises DeniedError for an index that is none: it came from a device."""
    if len(index) + column.count(".") >= LONGEST_OID or not all(
        0 <= number <= LARGEST_NUMBER for number in index
    ):
        raise DeniedError("not an index")
    return f"{column}.{dotted(index)}" if index else column
