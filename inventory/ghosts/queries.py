"""Alarms as pages and reports read them."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from inventory.models import Asset, GhostAlarm

MOST: Final = 100
_ENTRY: Final = ("id", "site_id", "name", "tag", "make", "model", "kind", "state", "serial")


class Alarm(msgspec.Struct, frozen=True):
    """One of them; the strings are as hostile as what showed them. `entry`: the entry's values."""

    id: str
    site: str
    entry: Mapping[str, Any]
    gone_at: int
    was: str
    way: str
    source: str
    sure: bool
    doubt: str
    marks: list[tuple[str, str]]
    seq: int
    digest: str
    kept: bool
    first_at: int
    last_at: int
    n: int
    answered_at: int | None
    answered_by: str
    answer: str


class Open(msgspec.Struct, frozen=True):
    """How many wait for an answer: certain ones, and ones to check; and who showed them."""

    sure: int = 0
    possible: int = 0
    sources: frozenset[str] = frozenset()


def open_counts(sites: Collection[str]) -> Open:
    """Those that wait: one question."""
    rows = GhostAlarm.objects.filter(site__in=sites, answered_at=None)
    found = list(rows.values_list("sure", "source"))
    sure = sum(certain for certain, _ in found)
    return Open(sure, len(found) - sure, frozenset(source for _, source in found))


def waiting(sites: Collection[str]) -> list[Alarm]:
    """Those that wait, certain ones first, then the newest."""
    rows = GhostAlarm.objects.filter(site__in=sites, answered_at=None)
    return _alarms(rows.order_by("-sure", "-last_at", "-id")[:MOST])


def answered(sites: Collection[str]) -> list[Alarm]:
    """The newest that were answered."""
    rows = GhostAlarm.objects.filter(site__in=sites, answered_at__isnull=False)
    return _alarms(rows.order_by("-last_at", "-id")[:MOST])


def of_entry(sites: Collection[str], asset_id: str) -> list[Alarm]:
    """All of one entry, the newest first."""
    rows = GhostAlarm.objects.filter(site__in=sites, asset=asset_id)
    return _alarms(rows.order_by("-last_at", "-id")[:MOST])


def one(sites: Collection[str], alarm_id: str) -> Alarm | None:
    """One alarm, or None for one that is not theirs."""
    return next(iter(_alarms(GhostAlarm.objects.filter(site__in=sites, id=alarm_id))), None)


def envelope(sites: Collection[str], alarm_id: str) -> bytes:
    """The signed report behind it, packed; b"" for none."""
    rows = GhostAlarm.objects.filter(site__in=sites, id=alarm_id)
    return bytes(rows.values_list("envelope", flat=True).first() or b"")


def _alarms(rows: Any) -> list[Alarm]:
    found = list(rows)
    entries = {row["id"]: row for row in _entries({one.asset_id for one in found})}
    return [_alarm(row, entries[row.asset_id]) for row in found]


def _entries(ids: Collection[str]) -> list[dict[str, Any]]:
    return list(Asset.objects.filter(id__in=sorted(ids)).values(*_ENTRY))


def _alarm(row: GhostAlarm, entry: Mapping[str, Any]) -> Alarm:
    return Alarm(
        id=row.id,
        site=row.site_id,
        entry=entry,
        gone_at=row.gone_at,
        was=row.was,
        way=row.way,
        source=row.source,
        sure=row.sure,
        doubt=row.doubt,
        marks=[(kind, value) for kind, value in row.marks],
        seq=row.seq,
        digest=row.digest,
        kept=bool(row.envelope),
        first_at=row.first_at,
        last_at=row.last_at,
        n=row.n,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        answer=row.answer,
    )
