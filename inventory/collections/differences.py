"""Differences as they are kept: opened where papers do not agree, gone with a later paper, or
settled by people (I10). `advancing` says when; nobody else calls this."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from inventory.assets.writing import By
from inventory.collections.differing import due_at, known
from inventory.collections.gathering import Gathered, Thing
from inventory.collections.papers import Difference, Paper, Reconciled, Sheet
from inventory.collections.reconciling import reconcile
from inventory.disposal import serials
from inventory.disposal.now import Now
from inventory.disposal.states import ExceptionKind
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import CertificateLine, Collection, CollectionDifference

AGREES: Final = "A later paper agrees."
WRITTEN: Final = 64
LONGEST_OTHER: Final = 255


class Compared(msgspec.Struct, frozen=True):
    """How the papers stand now. `gone`: open rows that a later paper took away; `new`: differences
    without a row; `same`: serials that two people said are one drive's, as written → of the set."""

    reconciled: Reconciled
    settled: frozenset[str]
    same: Mapping[str, str]
    gone: tuple[CollectionDifference, ...]
    new: tuple[Difference, ...]

    @property
    def open(self) -> tuple[Difference, ...]:
        """What nobody has settled."""
        return self.reconciled.open(self.settled)

    @property
    def agrees(self) -> bool:
        """Whether the collection may close."""
        return self.reconciled.agrees(self.settled) and not any(
            difference_of(row).alarm for row in self.gone
        )


def compared(
    collection: Collection, gathered: Gathered, closing: CollectionDifference | None = None
) -> Compared:
    """Compare the papers; `closing` counts as settled already."""
    rows = list(CollectionDifference.objects.filter(collection=collection).order_by("id"))
    ended = {row.key for row in rows if row.how == "settled"} | (
        {closing.key} if closing else set()
    )
    live = [row for row in rows if row.closed_at is None and (not closing or row.id != closing.id)]
    found = reconcile(gathered.papers)
    wanted = {key_of(one): one for one in found.differences}
    settled = {one.key: one for key, one in wanted.items() if key in ended}
    for row in (gone := tuple(row for row in live if row.key not in wanted)):
        row.reason = row.reason or AGREES
    known_keys = {row.key for row in live} | ended
    return Compared(
        reconciled=found,
        settled=frozenset(settled),
        same={one.other: one.serial for one in settled.values() if one.kind == "suspect"},
        gone=gone,
        new=tuple(one for key, one in wanted.items() if key not in known_keys),
    )


def write(
    how: Compared, after: Mapping[str, Now], *, by: By, closing: CollectionDifference | None
) -> None:
    """Close what is gone and what was settled. What the disposal did not let this person close, or
    is an alarm, waits for somebody else to say so (I2, I6)."""
    for row in how.gone:
        row.seq += 1
        waits = row.disposal and row.id in after[row.disposal].exceptions
        if waits or difference_of(row).alarm:
            row.save()
        else:
            _close(row, "gone", by)
    if closing:
        _close(closing, "settled", by)


def open_new(
    collection: Collection, gathered: Gathered, how: Compared, *, by: By
) -> list[CollectionDifference]:
    """Rows for what has none yet, each with an owner and a day."""
    rows = []
    for difference in how.new:
        thing = _thing(gathered, difference)
        row = CollectionDifference(
            id=new_id("diff", by.at),
            site_id=collection.site_id,
            collection=collection,
            key=key_of(difference),
            disposal=thing.disposal if thing and not thing.now.ended else "",
            opened_at=by.at,
            owned_by=collection.booked_by,
            due_at=due_at(difference, by.at),
            **msgspec.structs.asdict(difference) | {"other": difference.other[:LONGEST_OTHER]},
        )
        row.save(force_insert=True)
        record(row, "difference.open", {"kind": row.kind, "paper": row.paper}, by)
        rows.append(row)
    return rows


def key_of(difference: Difference) -> str:
    """How a row names it, whatever is written on a paper."""
    return hashlib.sha256(difference.key.encode()).hexdigest()


def difference_of(row: CollectionDifference | Mapping[str, Any]) -> Difference:
    """A row as it is compared."""
    held = row if isinstance(row, Mapping) else row.__dict__
    return Difference(held["paper"], held["kind"], held["serial"], held["tag"], held["other"])


def exception_kind(difference: Difference) -> ExceptionKind:
    """What the disposal's own history calls it."""
    return known().kinds[difference.kind].exception


def certificate_lines(gathered: Gathered) -> list[CertificateLine]:
    """What the certificates of the company that collected say, in their order."""
    own = [
        one.id for one in gathered.certificates if one.contractor_id == gathered.papers.contractor
    ]
    rows = CertificateLine.objects.filter(certificate__in=own).exclude(key="")
    return list(rows.order_by("certificate_id", "position"))


def named_by(gathered: Gathered, how: Compared) -> dict[Paper, set[str]]:
    """The serials that each paper names, as the set spells them."""
    papers = gathered.papers
    sheets: dict[Paper, tuple[Sheet | None, ...]] = {
        "manifest": (papers.manifest,),
        "receipt": (papers.receipt,),
        "certificate": papers.certificates,
    }
    found = {}
    for paper, those in sheets.items():
        keys = {serials.key(line.serial) for one in those if one for line in one.lines}
        found[paper] = {how.same.get(key, key) for key in keys - {""}}
    return found


def record(row: CollectionDifference, verb: str, after: Mapping[str, object], by: By) -> None:
    """A line in the ledger: ids and digests."""
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        after={"seq": row.seq, "key": row.key, **after},
    )


def _thing(gathered: Gathered, difference: Difference) -> Thing | None:
    by_serial = gathered.of_serial(difference.serial) if difference.serial else None
    return by_serial or (gathered.of_tag(difference.tag) if difference.tag else None)


def _close(row: CollectionDifference, how: str, by: By) -> None:
    row.how, row.closed_at, row.closed_by = how, by.at, by.actor
    row.save()
    record(row, "difference.close", {"how": how}, by)
