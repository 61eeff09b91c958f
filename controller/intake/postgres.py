"""The PostgreSQL store: the same plan, written with one statement per table however large the batch
(A7).

Every statement is a round trip there, so rows go as arrays (`unnest`) or by COPY. Heads are locked
in id order, so two workers that meet the same devices wait for each other and never in a circle.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import IntegrityError, connection

from controller.intake.plan import Arrival, Changes, Holding, Place
from controller.intake.store import (
    Row,
    SqliteStore,
    head_rows,
    manifest_rows,
    place_of,
    report_rows,
    want_rows,
)

_TAKEN: Final = """
    SELECT r.device_id, r.seq, r.digest, l.digest, r.received_at, r.line
    FROM fleet_report r
    LEFT JOIN inventory_line l ON l.site_id = r.site_id AND l.idx = r.line
    JOIN unnest(%s::text[], %s::bigint[]) AS asked(device_id, seq)
      ON r.device_id = asked.device_id AND r.seq = asked.seq
"""
_REPORTS: Final = """
    COPY fleet_report (device_id, seq, site_id, digest, received_at, created_at, envelope,
                       content_digest, line) FROM STDIN
"""
_HEADS: Final = """
    UPDATE fleet_device AS d
    SET head_seq = n.seq, head_hash = n.hash, content_digest = n.content, binding = n.binding,
        last_seen_at = n.seen, last_created_at = n.created, skew_seconds = n.skew,
        agent_version = n.agent, boot = n.boot, left_at = NULL,
        judge_due = d.judge_due OR n.due,
        judge_turn = d.judge_turn + n.turns
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                %s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::bigint[], %s::text[],
                %s::bigint[])
      AS n(seq, hash, content, binding, seen, created, skew, agent, boot, due, turns, id, above)
    WHERE d.id = n.id AND d.head_seq < n.above
"""
_MANIFESTS: Final = """
    INSERT INTO fleet_manifest (device_id, site_id, digest, report_seq, body)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bytea[])
    ON CONFLICT (device_id) DO UPDATE
    SET digest = excluded.digest, report_seq = excluded.report_seq, body = excluded.body
"""
_UNWANT: Final = "DELETE FROM fleet_wanted WHERE device_id = ANY(%s)"
_WANT: Final = """
    INSERT INTO fleet_wanted (device_id, name, site_id, schema, digest, size, report_seq)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::int[],
                         %s::bigint[])
"""


class PostgresStore(SqliteStore):
    """Set-based twin of `SqliteStore`; several may run at once."""

    def heads_sql(self) -> str:
        """Lock the heads as well."""
        return super().heads_sql() + " FOR UPDATE"

    def select(self, sql: str, values: list[str]) -> list[Row]:
        """Rows of `sql`, the values as one array."""
        with connection.cursor() as cursor:
            cursor.execute(sql.format("= ANY(%s)"), [values])
            rows: list[Row] = cursor.fetchall()
            return rows

    def taken(
        self, batch: Iterable[Arrival], holdings: Mapping[str, Holding]
    ) -> dict[tuple[str, int], Place]:
        """See `SqliteStore`."""
        asked = [
            (arrival.device, arrival.report.seq)
            for arrival in batch
            if arrival.device in holdings
            and arrival.report.seq <= holdings[arrival.device].head_seq
        ]
        if not asked:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, _columns(asked))
            return {(device, seq): place_of(*place) for device, seq, *place in cursor.fetchall()}

    def write(self, changes: Changes, holdings: Mapping[str, Holding]) -> None:
        """See `SqliteStore`."""
        heads = head_rows(changes, holdings)
        with connection.cursor() as cursor:
            if heads:
                with cursor.copy(_REPORTS) as copy:
                    for row in report_rows(changes):
                        copy.write_row(row)
                cursor.execute(_HEADS, _columns(heads))
                if cursor.rowcount != len(heads):
                    raise IntegrityError("A device's head moved while its report was being stored.")
            if changes.manifests:
                cursor.execute(_MANIFESTS, _columns(manifest_rows(changes, holdings)))
            if changes.wanted:
                cursor.execute(_UNWANT, [list(changes.wanted)])
                if wants := want_rows(changes, holdings):
                    cursor.execute(_WANT, _columns(wants))


def _columns(rows: Iterable[Row]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
