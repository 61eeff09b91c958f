"""Approved drives: sticks, cards and carried disks the school knows by serial number."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.sites import ID_LENGTH, Person, Site


class Medium(Kept):
    """One drive: who has it, what for, and whether it may be used until when.

    Whoever enters or changes it asks; `decision` is somebody else's. `entry` is how the policy
    names it once it is approved (`checks.removable_media.named`).
    """

    purpose = "Which sticks, cards and carried disks may be used, by whom and until when."
    keep_for = KeepFor("6 years after it ended", 6 * 366)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    label = models.CharField(max_length=40)
    """What is written on it."""
    kind = models.CharField(max_length=8)
    """`stick`, `card` or `disk`."""
    model = models.CharField(max_length=120, blank=True, default="")
    serial = models.CharField(max_length=128)
    key = models.CharField(max_length=128)
    """The serial number as it is compared."""
    usb = models.CharField(max_length=9, blank=True, default="")
    """Maker's and product's number, `0781:5581`; "" where nobody knows them."""
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    encrypted = models.CharField(max_length=4, blank=True, default="")
    """`yes` or `no` as a person said; the check looks for itself."""
    use = models.CharField(max_length=500)
    until = models.CharField(max_length=10)
    """The last day it may be used."""
    asked_at = models.BigIntegerField()
    asked_by = models.CharField(max_length=40)
    decision = models.CharField(max_length=8, blank=True, default="")
    """`approved`, `refused`; "" while nobody decided."""
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    entry = models.CharField(max_length=64, blank=True, default="")
    ended_at = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    ended_how = models.CharField(max_length=8, blank=True, default="")
    """`returned`, `lost` or `gone`."""

    class Meta:
        """A drive that is in use stands here once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "key"], condition=Q(ended_at=None), name="medium_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "ended_at", "label", "id"], name="medium_list"),
        ]
