"""The durable side of intake: one batch of verified reports, one transaction, one answer each (A6,
A7).

`commit` must run inside `transaction.atomic()`. The rows of the devices in the batch are locked
(SQLite: by the write transaction, PostgreSQL: FOR UPDATE in id order), so the head that is compared
is the head that is replaced; the update says so again in its WHERE, and a count that does not fit
fails the whole batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from django.db import IntegrityError, connection

from controller.intake.outcomes import Outcome
from controller.intake.plan import Arrival, Changes, Holding, Place, Want, plan
from controller.intake.scanners import Named
from controller.intake.witness import Witness
from inventory.ledger import log

Row = tuple[Any, ...]


class Store(Protocol):
    """What the writer thread needs of a database."""

    made_due: bool
    """Whether the last batch made judging due."""
    witness: Witness

    def commit(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """Store what may be stored of a batch and answer every report in it."""
        ...


class Policies(Protocol):
    """Which signed policy a school's receipts name."""

    def offered(self, site: str) -> str:
        """`sha256:…` of its envelope, "" for none."""
        ...


class Scanners(Protocol):
    """Which scope and credentials a scanner's receipts name."""

    def named(self, device: str) -> Named:
        """Digests of their envelopes, "" for none."""
        ...


_HEADS: Final = (
    "SELECT id, site_id, state, head_seq, head_hash, content_digest, binding, n_forks, profile "
    "FROM fleet_device WHERE id {} ORDER BY id"
)
_WANTED: Final = "SELECT device_id, name, schema, digest, size FROM fleet_wanted WHERE device_id {}"
_HELD: Final = "SELECT device_id, name, schema, digest FROM fleet_held WHERE device_id {}"
_TAKEN: Final = (
    "SELECT r.digest, l.digest, r.received_at, r.line FROM fleet_report r "
    "LEFT JOIN inventory_line l ON l.site_id = r.site_id AND l.idx = r.line "
    "WHERE r.device_id = %s AND r.seq = %s"
)

_REPORT: Final = (
    "INSERT INTO fleet_report (device_id, seq, site_id, digest, received_at, created_at, envelope, "
    "content_digest, line) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_HEAD: Final = (
    "UPDATE fleet_device SET head_seq = %s, head_hash = %s, content_digest = %s, binding = %s, "
    "last_seen_at = %s, last_created_at = %s, skew_seconds = %s, agent_version = %s, boot = %s, "
    "left_at = NULL, judge_due = judge_due OR %s, judge_turn = judge_turn + %s "
    "WHERE id = %s AND head_seq < %s"
)
_MANIFEST: Final = (
    "INSERT INTO fleet_manifest (device_id, site_id, digest, report_seq, body) "
    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (device_id) DO UPDATE "
    "SET digest = excluded.digest, report_seq = excluded.report_seq, body = excluded.body"
)
_WANT: Final = (
    "INSERT INTO fleet_wanted (device_id, name, site_id, schema, digest, size, report_seq) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_FORK: Final = (
    "INSERT INTO fleet_fork "
    "(site_id, device_id, seq, digest, envelope, same_hardware, received_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_FORKS: Final = (
    "UPDATE fleet_device SET n_forks = (SELECT COUNT(*) FROM fleet_fork WHERE device_id = %s) "
    "WHERE id = %s"
)


class SqliteStore:
    """Statements run once per row: on SQLite a call costs microseconds and there is no round
    trip."""

    def __init__(self, policies: Policies, scanners: Scanners) -> None:
        """`policies` names the policy in each receipt, `scanners` what else a scanner's names."""
        self._policies = policies
        self._scanners = scanners
        self.made_due = False
        """Whether the last batch made judging due."""
        self.witness = Witness()

    def commit(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """See `Store`."""
        holdings = self.load(sorted({arrival.device for arrival in batch}), batch)
        taken = self.taken(batch, holdings)
        tails = log.take(holding.site for holding in holdings.values())
        before = {site: tail.pack() for site, tail in tails.items()}
        outcomes, changes = plan(batch, holdings, taken, tails)
        self.write(changes, holdings)
        self.write_forks(changes, tails)
        log.write(tails.values())
        self.witness.check(changes.reports, before, tails)
        self.made_due = any(due for _, due in changes.heads.values())
        return outcomes

    def load(self, devices: list[str], batch: Sequence[Arrival]) -> dict[str, Holding]:
        """The holdings of the devices; `held` only where the batch can change what is wanted."""
        holdings = {row[0]: self._holding(row) for row in self.select(self.heads_sql(), devices)}
        for device, name, schema, digest, size in self.select(_WANTED, devices):
            holdings[device].wanted[name] = Want(name, schema, digest, size)
        changed = [
            device
            for device in dict.fromkeys(a.device for a in batch if a.content is not None)
            if device in holdings
        ]
        if changed:
            for device, name, schema, digest in self.select(_HELD, changed):
                holdings[device].held[name] = (schema, digest)
        return holdings

    def _holding(self, row: Row) -> Holding:
        device, site, state, head_seq, head_hash, content_digest, binding, n_forks, profile = row
        named = self._scanners.named(device)
        return Holding(
            device=device,
            site=site,
            state=state,
            head_seq=head_seq,
            head_hash=head_hash,
            content_digest=content_digest,
            binding=binding,
            n_forks=n_forks,
            policy=self._policies.offered(site),
            profile=profile,
            scope=named.scope,
            credentials=named.credentials,
            held={},
            wanted={},
        )

    def heads_sql(self) -> str:
        """The statement that reads (and on PostgreSQL locks) the heads."""
        return _HEADS

    def select(self, sql: str, values: list[str]) -> list[Row]:
        """Rows of `sql`, whose `{}` becomes "is one of `values`"."""
        marks = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(sql.format(f"IN ({marks})"), values)
            rows: list[Row] = cursor.fetchall()
            return rows

    def taken(
        self, batch: Iterable[Arrival], holdings: Mapping[str, Holding]
    ) -> dict[tuple[str, int], Place]:
        """Reports already stored at the places of reports that are not ahead of their head."""
        found: dict[tuple[str, int], Place] = {}
        with connection.cursor() as cursor:
            for arrival in batch:
                holding = holdings.get(arrival.device)
                if holding is not None and arrival.report.seq <= holding.head_seq:
                    cursor.execute(_TAKEN, [arrival.device, arrival.report.seq])
                    if row := cursor.fetchone():
                        found[(arrival.device, arrival.report.seq)] = place_of(*row)
        return found

    def write(self, changes: Changes, holdings: Mapping[str, Holding]) -> None:
        """Write everything `plan` decided. Raises IntegrityError when a head moved underneath."""
        heads = head_rows(changes, holdings)
        with connection.cursor() as cursor:
            if heads:
                cursor.executemany(_REPORT, report_rows(changes))
                cursor.executemany(_HEAD, heads)
                if cursor.rowcount != len(heads):
                    raise IntegrityError("A device's head moved while its report was being stored.")
            if changes.manifests:
                cursor.executemany(_MANIFEST, manifest_rows(changes, holdings))
            if changes.wanted:
                cursor.executemany(
                    "DELETE FROM fleet_wanted WHERE device_id = %s",
                    [(device,) for device in changes.wanted],
                )
                if wants := want_rows(changes, holdings):
                    cursor.executemany(_WANT, wants)

    def write_forks(self, changes: Changes, tails: Mapping[str, log.Tail]) -> None:
        """Keep the second envelopes, each with its line, and count them."""
        if not changes.forks:
            return
        with connection.cursor() as cursor:
            for site, arrival, same in changes.forks:
                cursor.execute(_FORK, fork_row(site, arrival, same))
                if cursor.rowcount == 1:  # the same envelope is kept once
                    tails[site].add(
                        arrival.received_at,
                        f"fork {arrival.device} {arrival.report.seq}",
                        bytes.fromhex(arrival.digest.removeprefix("sha256:")),
                    )
            cursor.executemany(_FORKS, sorted({(a.device, a.device) for _, a, _ in changes.forks}))


def place_of(digest: str, logged: Any, received_at: int, line: int | None) -> Place:
    """A report's place; its digest stands in its line, or in its row from before there were any."""
    return Place(digest or f"sha256:{bytes(logged).hex()}", received_at, line)


def report_rows(changes: Changes) -> list[Row]:
    """Rows of `fleet_report`; what their lines or envelopes say is not said twice."""
    return [
        (
            a.device,
            a.report.seq,
            site,
            "",
            a.received_at,
            a.report.created_at,
            a.packed,
            a.content_digest if a.content is not None else "",
            line,
        )
        for site, a, line in changes.reports
    ]


def head_rows(changes: Changes, holdings: Mapping[str, Holding]) -> list[Row]:
    """New heads, by device id."""
    return [
        (
            a.report.seq,
            a.digest,
            holdings[device].content_digest,
            a.report.binding,
            a.received_at,
            a.report.created_at,
            a.report.created_at - a.received_at,
            a.report.agent[:32],
            a.report.boot,
            due,
            int(due),
            device,
            a.report.seq,
        )
        for device, (a, due) in sorted(changes.heads.items())
    ]


def manifest_rows(changes: Changes, holdings: Mapping[str, Holding]) -> list[Row]:
    """New contents."""
    return [
        (device, holdings[device].site, a.content_digest, a.report.seq, b"")
        for device, a in sorted(changes.manifests.items())
    ]


def want_rows(changes: Changes, holdings: Mapping[str, Holding]) -> list[Row]:
    """New wants."""
    return [
        (
            device,
            want.name,
            holdings[device].site,
            want.schema,
            want.digest,
            want.size,
            holdings[device].head_seq,
        )
        for device, wants in sorted(changes.wanted.items())
        for want in wants
    ]


def fork_row(site: str, a: Arrival, same_hardware: bool) -> Row:
    """A second envelope."""
    return (site, a.device, a.report.seq, a.digest, a.packed, same_hardware, a.received_at)
