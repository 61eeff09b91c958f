"""What people tell about a thing by its label."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class Job(Kept):
    """Something is broken, found, in the wrong place or wanted: told by anybody who has the label
    before them, open until somebody has done it."""

    purpose = "What people told about a thing by its label, until it is put right."
    keep_for = KeepFor("a year; what was written and by whom, 60 days after it was done", 365)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    """`broken`, `found`, `misplaced` or `install`."""
    said = models.CharField(max_length=500, blank=True, default="")
    contact = models.CharField(max_length=120, blank=True, default="")
    """Who says so or how to reach them, if they gave it."""
    told_at = models.BigIntegerField()
    done_at = models.BigIntegerField(null=True)
    done_by = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """The open ones of a school are few, and asked for with every page of the register."""

        indexes: ClassVar = [
            models.Index(fields=["site", "told_at"], condition=Q(done_at=None), name="job_open"),
            models.Index(fields=["site", "told_at", "id"], name="job_newest"),
        ]
