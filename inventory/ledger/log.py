"""The evidence log of a school: lines, and the tree over them (O6, O8; RFC 6962).

Whoever appends takes the `Tail` of the school's log, which locks it, adds lines in memory and
writes them in the transaction that has the effect. So many lines cost one change of the head, and a
line is there exactly when its effect is.

Traps: take the tails of several schools at once, never one after the other, and after every other
lock: two writers then wait for each other in a line and never in a circle.
"""

import functools
import re
import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple

import msgspec
from django.db import connection, transaction

from wire.merkle import Frontier, leaf

STRIDE: Final = 64
"""Lines between two waypoints: an earlier root is found by hashing fewer than this."""
LONGEST: Final = 512
"""Bytes of a line (trust §4.5)."""
_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*\Z")


class Extent(msgspec.Struct, frozen=True):
    """How far a log reaches: so many lines, under this root (32 bytes)."""

    size: int
    root: bytes


class Tail:
    """The end of one school's log, growing in memory until `write`."""

    __slots__ = ("_frontier", "marks", "rows", "seq", "site")

    def __init__(self, site: str, seq: int, frontier: Frontier) -> None:
        """As the head says."""
        self.site = site
        self.seq = seq
        self._frontier = frontier
        self.rows: list[tuple[str, int, int, str, bytes]] = []
        self.marks: list[tuple[str, int, bytes]] = []

    @property
    def size(self) -> int:
        """How many lines, those added included."""
        return self._frontier.size

    def add(self, at: int, text: str, digest: bytes = b"") -> int:
        """Add one line and return its number. `text` is kind, subject and detail, in ASCII; a
        `digest` of 32 bytes ends it. Raises ValueError for what is no line."""
        index = self._frontier.size
        data = spell(index, at, text, digest).encode()
        if len(data) > LONGEST or not _PLAIN.match(text):
            raise ValueError(f"no line of the log: {text[:80]!r}")
        self._frontier.append(leaf(data))
        self.rows.append((self.site, index, at, text, digest))
        if not self._frontier.size % STRIDE:
            self.marks.append((self.site, self._frontier.size, self._frontier.pack()))
        return index

    def extent(self) -> Extent:
        """Size and root, those lines included."""
        return Extent(self._frontier.size, self._frontier.root())

    def pack(self) -> bytes:
        """The frontier as the head keeps it."""
        return self._frontier.pack()


def spell(index: int, at: int, text: str, digest: bytes) -> str:
    """A line as it is exported and hashed: number, UTC, text, and the digest if there is one."""
    end = f" sha256:{digest.hex()}" if digest else ""
    return f"{index} {_utc(at)} {text}{end}"


@functools.lru_cache(maxsize=256)
def _utc(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def take(site_ids: Iterable[str]) -> dict[str, Tail]:
    """Lock the logs of these schools until the transaction ends; their tails by school."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A line of the log needs its effect's transaction."
        )
    sites = sorted(set(site_ids))
    if not sites:  # a batch of nobody we know; PostgreSQL has no `IN ()`
        return {}
    found = _heads(sites)
    if missing := [site for site in sites if site not in found]:
        with connection.cursor() as cursor:
            cursor.executemany(_FIRST, [(site, b"") for site in missing])
        found |= _heads(missing)
    return found


_HEADS: Final = (
    "SELECT site_id, seq, size, frontier FROM inventory_ledgerhead "
    "WHERE site_id IN ({}) ORDER BY site_id"
)
_FIRST: Final = (
    "INSERT INTO inventory_ledgerhead (site_id, seq, size, frontier) VALUES (%s, 0, 0, %s) "
    "ON CONFLICT DO NOTHING"
)
_HEAD: Final = (
    "UPDATE inventory_ledgerhead SET seq = %s, size = %s, frontier = %s WHERE site_id = %s"
)
_COLUMNS: Final = "inventory_line (site_id, idx, at, text, digest)"
_LINES: Final = f"INSERT INTO {_COLUMNS} VALUES (%s, %s, %s, %s, %s)"  # noqa: S608  ours
_COPY: Final = f"COPY {_COLUMNS} FROM STDIN"
_MARK: Final = "INSERT INTO inventory_waypoint (site_id, size, frontier) VALUES (%s, %s, %s)"


def _heads(sites: list[str]) -> dict[str, Tail]:
    sql = _HEADS.format(", ".join(["%s"] * len(sites)))
    if connection.features.has_select_for_update:
        sql += " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(sql, sites)
        return {site: _tail(site, *rest) for site, *rest in cursor.fetchall()}


def _tail(site: str, seq: int, size: int, packed: Any) -> Tail:
    frontier = Frontier.unpack(bytes(packed)) if size else Frontier()
    if frontier.size != size:
        raise ValueError(f"the head of the log of {site} does not fit its size")
    return Tail(site, seq, frontier)


def write(tails: Iterable[Tail]) -> None:
    """Store what was added to the tails, and their new heads."""
    grown = [tail for tail in tails if tail.rows]
    rows = [row for tail in grown for row in tail.rows]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 1:
            with cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(_LINES, rows)
        if marks := [mark for tail in grown for mark in tail.marks]:
            cursor.executemany(_MARK, marks)
        cursor.executemany(_HEAD, [(t.seq, t.size, t.pack(), t.site) for t in grown])
    for tail in grown:
        tail.rows, tail.marks = [], []


def extent(site_id: str) -> Extent:
    """How far a school's log reaches now, as its head says."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS.format("%s"), [site_id])
        row = cursor.fetchone()
    return _tail(*row).extent() if row else Extent(0, Frontier().root())


class End(NamedTuple):
    """How long a log is, and its frontier, as the head has them; nothing is checked."""

    size: int
    packed: bytes


def end(site_id: str) -> End:
    """The end of a school's log; nothing where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS.format("%s"), [site_id])
        row = cursor.fetchone()
    return End(row[2], bytes(row[3])) if row else End(0, b"")


def roots_around(site_id: str, size: int) -> dict[int, bytes]:
    """The root the log had when it held `size` lines, of the lines as they are now, and those at
    the sizes around it: computers that reported one after the other saw neighbouring sizes.

    The caller knows that there are as many lines. Reads about STRIDE of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [site_id, size])
        row = cursor.fetchone()
        frontier = Frontier.unpack(bytes(row[0])) if row else Frontier()
        most = max(STRIDE, size - frontier.size)
        cursor.execute(_FROM, [site_id, frontier.size, most])
        rows = cursor.fetchall()
    found = {frontier.size: frontier.root()}
    for index, at, text, digest in rows:
        frontier.append(leaf(spell(index, at, text, bytes(digest)).encode()))
        found[frontier.size] = frontier.root()
    return found


_NEAREST: Final = (
    "SELECT frontier FROM inventory_waypoint WHERE site_id = %s AND size <= %s "
    "ORDER BY size DESC LIMIT 1"
)
_FROM: Final = (
    "SELECT idx, at, text, digest FROM inventory_line WHERE site_id = %s AND idx >= %s "
    "ORDER BY idx LIMIT %s"
)


def roots_at(site_id: str, sizes: Collection[int]) -> dict[int, bytes]:
    """The roots at several sizes, of every line as it is now: nothing remembered is believed.

    A size the log has not reached is left out. Reads the whole log up to the greatest.
    """
    frontier = Frontier()
    found = {0: frontier.root()} if 0 in sizes else {}
    for line in lines(site_id, 0, max(sizes, default=0)):
        frontier.append(leaf(line.encode()))
        if frontier.size in sizes:
            found[frontier.size] = frontier.root()
    return found


def lines(site_id: str, start: int = 0, end: int | None = None) -> Iterator[str]:
    """The lines of a school's log from `start` to before `end`, spelled out, in order of their
    number."""
    for idx, at, text, digest in rows(site_id, start, end):
        yield spell(idx, at, text, digest)


def rows(
    site_id: str, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int, str, bytes]]:
    """Number, time, text and digest of each of those lines, as stored. Read in pieces, so a long
    log costs no memory and holds nobody up."""
    least = start
    while end is None or least < end:
        with connection.cursor() as cursor:
            cursor.execute(_FROM, [site_id, least, _PIECE])
            piece = cursor.fetchall()
        for idx, at, text, digest in piece:
            if end is not None and idx >= end:
                return
            yield idx, at, text, bytes(digest)
        if len(piece) < _PIECE:
            return
        least = piece[-1][0] + 1


_PIECE: Final = 5_000
