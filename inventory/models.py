"""Rows of the register: schools, what they own, how each thing is recognised, and every change to
it.

Imported only inside `inventory`; everyone else calls its services and queries (DESIGN §1). Other
apps' foreign keys name these models by string.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import NEVER_DELETED, WITH_OWNER, WITH_SCHOOL, KeepFor, Kept
from inventory.ledger.models import (
    Checkpoint,
    Event,
    EventNote,
    LedgerHead,
    Line,
    Settled,
    Waypoint,
)

__all__ = [
    "Asset",
    "AssetEvent",
    "AssetMark",
    "Checkpoint",
    "Event",
    "EventNote",
    "LedgerHead",
    "Line",
    "Settled",
    "Site",
    "Waypoint",
]

ID_LENGTH = 32
"""Room for the longest `<prefix>_<ULID>`."""


class Site(Kept):
    """One school. Its timezone decides nights, terms and 07:30 (DESIGN §10)."""

    purpose = "Separates one school's records from another's."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Europe/London")
    created_at = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """The school's name."""
        return self.name


class Asset(Kept):
    """Something the school owns. Its state is set by people only; a report never changes it."""

    purpose = "The school's register of equipment: insurance, replacement, disposal."
    keep_for = KeepFor("6 years after disposal", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="assets", db_index=False)
    tag = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=32, default="computer")
    make = models.CharField(max_length=128, blank=True, default="")
    model = models.CharField(max_length=128, blank=True, default="")
    serial = models.CharField(max_length=128, blank=True, default="")
    uuid = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=255, blank=True, default="")
    state = models.CharField(max_length=32, default="in_use")
    created_at = models.BigIntegerField()
    fixed_by_person = models.JSONField(default=list)
    """Names of fields a person entered; a report leaves them alone until released (S40)."""

    class Meta:
        """Tags are the school's and never twice in one school."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "tag"], condition=~Q(tag=""), name="asset_site_tag"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "name", "id"], name="asset_site_name")]


class AssetMark(Kept):
    """One normalised mark an asset is recognised by: serial, board UUID, board serial or permanent
    MAC.
    """

    purpose = "Recognises a computer that is already in the register."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=128)

    class Meta:
        """One asset has a mark once; two assets may share one, and then a person decides."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "kind", "value"], name="mark_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "kind", "value"], name="mark_lookup")]


class AssetEvent(Kept):
    """One change of one asset, append-only; the asset's row is the fold of these.

    Holds values (they may be erased), while the ledger's event of the same moment holds their
    digest.
    """

    purpose = "The history of each thing the school owns."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    nonce = models.CharField(max_length=32)

    class Meta:
        """Numbered per asset."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "seq"], name="asset_event_seq"),
        ]
