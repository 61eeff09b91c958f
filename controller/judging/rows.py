"""The verdict tables as statements: one read for a batch of devices, one write per kind of change.

JSON goes in and comes out as text, because comparing text is what decides whether a row is written.
PostgreSQL respells JSON, so there it is put back into our spelling first.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.db import connection

Row = tuple[Any, ...]

_READ: Final = """
    SELECT device_id, check_id, site_id, status, severity, since, says, args{text}, assurance,
           agent_version, policy, catalogue, agent_status
    FROM fleet_verdict WHERE device_id IN ({marks})
"""
_PAST: Final = """
    INSERT INTO fleet_pastverdict
        (device_id, check_id, site_id, since, until, status, severity, says, args, assurance,
         agent_version, policy, catalogue)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s{json}, %s, %s, %s, %s)
"""
_NEW: Final = """
    INSERT INTO fleet_verdict
        (device_id, check_id, site_id, status, severity, since, says, args, evidence, assurance,
         agent_version, policy, catalogue, agent_status)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s{json}, %s{json}, %s, %s, %s, %s, %s)
"""
_MOVED: Final = """
    UPDATE fleet_verdict
    SET status = %s, severity = %s, since = %s, says = %s, args = %s{json}, agent_version = %s,
        policy = %s, catalogue = %s, agent_status = %s
    WHERE device_id = %s AND check_id = %s
"""
_RETOLD: Final = """
    UPDATE fleet_verdict SET args = %s{json}, agent_status = %s
    WHERE device_id = %s AND check_id = %s
"""
_GONE: Final = "DELETE FROM fleet_verdict WHERE device_id = %s AND check_id = %s"
_STAND: Final = """
    UPDATE fleet_device
    SET judged_at = %s, judge_due = %s, judged_seq = %s, judged_policy = %s,
        judged_catalogue = %s, malformed = %s{json}, ruled = %s, n_fail = %s, n_warn = %s,
        n_unknown = %s, n_pass = %s, worst = %s, standing = %s
    WHERE id = %s
"""
_SPELL: Final = msgspec.json.Encoder(order="sorted")


class Current(msgspec.Struct, frozen=True):
    """A verdict as stored; `args` is JSON in our spelling."""

    site: str
    status: str
    severity: str
    since: int
    says: str
    args: str
    assurance: str
    agent_version: str
    policy: str
    catalogue: str
    agent_status: str


class Writes:
    """Rows gathered over a batch of devices, then written with one statement each."""

    def __init__(self) -> None:
        """Nothing to write."""
        self.new: list[Row] = []
        self.moved: list[Row] = []
        self.retold: list[Row] = []
        self.past: list[Row] = []
        self.gone: list[Row] = []
        self.stands: list[Row] = []
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def write(self) -> None:
        """Write all rows (the counts are not ours to write)."""
        json = "::jsonb" if connection.vendor == "postgresql" else ""
        for statement, rows in (
            (_PAST, self.past),
            (_NEW, self.new),
            (_MOVED, self.moved),
            (_RETOLD, self.retold),
            (_GONE, self.gone),
            (_STAND, self.stands),
        ):
            if rows:
                with connection.cursor() as cursor:
                    cursor.executemany(statement.format(json=json), rows)


def stored(devices: Sequence[str]) -> dict[str, dict[str, Current]]:
    """Verdicts of devices by check id."""
    found: dict[str, dict[str, Current]] = defaultdict(dict)
    if not devices:
        return found
    postgres = connection.vendor == "postgresql"
    statement = _READ.format(
        text="::text" if postgres else "", marks=", ".join(["%s"] * len(devices))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, devices)
        for device, check, *rest in cursor.fetchall():
            if postgres:
                rest[5] = _SPELL.encode(msgspec.json.decode(rest[5])).decode()
            found[device][check] = Current(*rest)
    return found
