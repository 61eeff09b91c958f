"""The checkpoints that were signed, for comparing the next one with."""

from collections.abc import Iterator

import msgspec

from inventory.ledger.log import Extent
from inventory.ledger.models import Checkpoint


class Sheet(msgspec.Struct, frozen=True):
    """One signed checkpoint. `note` is the signed text."""

    size: int
    root: bytes
    at: int
    note: str


def keep(site_id: str, extent: Extent, note: str, at: int) -> None:
    """Remember a checkpoint, inside the transaction that has its line.

    One of the same size is left as it is: it says that the log was cut and grew again.
    """
    row = Checkpoint(site_id=site_id, size=extent.size, root=extent.root, note=note, at=at)
    Checkpoint.objects.bulk_create([row], ignore_conflicts=True)


def newest(site_id: str, most: int) -> list[Sheet]:
    """The last so many, newest first."""
    rows = Checkpoint.objects.filter(site_id=site_id).order_by("-size")[:most]
    return [Sheet(row.size, bytes(row.root), row.at, row.note) for row in rows]


def of_size(site_id: str, size: int) -> Sheet | None:
    """The one signed when the log had so many lines; None when none was."""
    row = Checkpoint.objects.filter(site_id=site_id, size=size).first()
    return Sheet(row.size, bytes(row.root), row.at, row.note) if row else None


def every(site_id: str) -> Iterator[Sheet]:
    """All of them, in the order of their size."""
    rows = Checkpoint.objects.filter(site_id=site_id).order_by("size")
    return (Sheet(row.size, bytes(row.root), row.at, row.note) for row in rows.iterator())


def newest_note(site_id: str) -> str:
    """The last one as it was signed; "" where there is none."""
    rows = Checkpoint.objects.filter(site_id=site_id).order_by("-size")
    return rows.values_list("note", flat=True).first() or ""
