"""What must never be seen again, and every time it was (I11, O35)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class WatchedMark(Kept):
    """One mark of a thing that is gone or missing. Kept for good with the entry, which by then says
    no more than tag, serials and days (spec §1.7): only so is it known when it comes back.

    An entry that is watched has one row of kind `entry`, whose value is its id; the others are
    `serial`, `uuid`, `board_serial` and `mac` as `inventory.marks` compares them, and `drive`.
    """

    purpose = "Recognises what was disposed of, lost or stolen, should it ever appear again."
    keep_for = KeepFor("never deleted while the thing is gone: marks of machines, no names")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=128)
    since = models.BigIntegerField()
    """When it went."""

    class Meta:
        """Looked up by value with every report that is judged."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "kind", "value"], name="watched_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "kind", "value"], name="watched_lookup"),
        ]


class GhostAlarm(Kept):
    """Something that is gone was seen: where, how surely, how often, until a person answers.

    One row per thing, way and witness; seen again it counts on. Once answered it is opened anew
    only by what is new (`inventory.ghosts.rule`).
    """

    purpose = "Shows that a thing the school disposed of or lost is in use somewhere."
    keep_for = KeepFor("6 years after it was answered", 6 * 366)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    gone_at = models.BigIntegerField()
    """Since when it is watched: another loss has alarms of its own."""
    was = models.CharField(max_length=16)
    """The entry's state when it was seen; the alarm never changes it."""
    way = models.CharField(max_length=8)
    """How it was seen, one of `rule.WAYS`."""
    source = models.CharField(max_length=80, blank=True, default="")
    """Who showed it: a computer's id, whose list, or what saw it on the network."""
    sure = models.BooleanField()
    """Signed by its own key, on the hardware it had: nothing else can do that. Else: check."""
    doubt = models.CharField(max_length=16, blank=True, default="")
    """Why its own key does not prove it, one of `rule.DOUBTS`; "" for no reason."""
    marks = models.JSONField(default=list)
    """What of it was shown: [kind, value]."""
    seq = models.BigIntegerField(default=0)
    """The first report that showed it, 0 for none."""
    digest = models.CharField(max_length=71, blank=True, default="")
    """Of that report's envelope, or of the list."""
    envelope = models.BinaryField(default=b"")
    """That envelope, packed: reports are deleted after a while, this proof is not."""
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    last_digest = models.CharField(max_length=71, blank=True, default="")
    n = models.IntegerField(default=1)
    answered_at = models.BigIntegerField(null=True)
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answer = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """Open once per thing, loss, way and witness."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset", "gone_at", "way", "source"],
                condition=Q(answered_at=None),
                name="ghost_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site"], condition=Q(answered_at=None), name="ghost_open"),
            models.Index(fields=["site", "-last_at", "-id"], name="ghost_newest"),
        ]
