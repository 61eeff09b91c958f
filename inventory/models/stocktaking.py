"""Counts of what is really there: a session of a school, its rooms, what was expected in each, and
every scan.
"""

from typing import ClassVar

from django.db import models

from inventory.keeping import KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Room, Site

_WITH_COUNT = KeepFor("as long as the count it belongs to")


class StockTake(Kept):
    """One count of a school. Open until it is finished or stopped; then signed, once."""

    purpose = "Shows that what the register says was looked for, by whom, and who answers for it."
    keep_for = KeepFor("6 years after it was begun", 6 * 365)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    begun_at = models.BigIntegerField()
    begun_by = models.CharField(max_length=40)
    finished_at = models.BigIntegerField(null=True)
    finished_by = models.CharField(max_length=40, blank=True, default="")
    stopped_at = models.BigIntegerField(null=True)
    """Given up before it was finished; nothing follows from it."""
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The step that moved what lives elsewhere now, "" for none."""
    digest = models.CharField(max_length=71, blank=True, default="")
    """Of the rooms' results; the ledger holds it too."""
    signed_at = models.BigIntegerField(null=True)
    signed_by = models.CharField(max_length=40, blank=True, default="")
    signed_name = models.CharField(max_length=120, blank=True, default="")
    """As they wrote it."""
    signature = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of the picture of a signature, "" for none."""

    class Meta:
        """Newest first, school by school."""

        indexes: ClassVar = [models.Index(fields=["site", "id"], name="stocktake_site")]


class CountedRoom(Kept):
    """One room of a count; no `room` stands for whatever the register puts in no room."""

    purpose = "Which rooms were counted, when, and with what result."
    keep_for = _WITH_COUNT

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    take = models.ForeignKey(StockTake, models.CASCADE, related_name="rooms", db_index=False)
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.BigIntegerField(null=True)
    begun_by = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=40, blank=True, default="")
    result = models.JSONField(default=dict)
    """Written when the count is finished (`inventory.stocktake.result`), never again."""

    class Meta:
        """A room stands once in a count."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["take", "room"], name="counted_room_once"),
        ]


class Expected(Kept):
    """What the register said stands in a room at the moment its count began."""

    purpose = "What a count is compared with."
    keep_for = _WITH_COUNT

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    counted = models.ForeignKey(
        CountedRoom, models.CASCADE, related_name="expected", db_index=False
    )
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    trolley = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """What it is kept in, "" for the room itself."""

    class Meta:
        """A thing stands once in a room."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["counted", "asset"], name="expected_once"),
        ]


class CountScan(Kept):
    """Something a person did while counting, append-only; a count is the fold of these."""

    purpose = "Who saw what where and when, in a count."
    keep_for = _WITH_COUNT

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    counted = models.ForeignKey(CountedRoom, models.CASCADE, related_name="scans", db_index=False)
    key = models.CharField(max_length=40)
    """Made where it was scanned, so that what is sent twice counts once."""
    at = models.BigIntegerField()
    scanned_by = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    """`seen`, `gone`, `open`, `shut`, `lives`, `stays` or `with`: see
    `inventory.stocktake.folding`."""
    how = models.CharField(max_length=8, blank=True, default="")
    """`camera`, `photo`, `typed` or `tick`."""
    text = models.CharField(max_length=128, blank=True, default="")
    """What was scanned, as it came."""
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        """In the order they came."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["counted", "key"], name="count_scan_key"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asset", "id"],
                condition=models.Q(kind__in=["seen", "with"]),
                name="count_scan_asset",
            )
        ]
