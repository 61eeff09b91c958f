"""The words a school lends on."""

from typing import ClassVar

from django.db import models

from inventory.keeping import WITH_SCHOOL, Kept
from inventory.models.sites import ID_LENGTH, Site


class Conditions(Kept):
    """One version of a text that says where, when and how a lent thing may be used.

    A row is never changed: who agreed to it agreed to these words. Other words are the next
    version, and of one name only the newest is given out (`ended_at` None).
    """

    purpose = "What people agree to when they are given equipment."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    version = models.IntegerField(default=1)
    text = models.TextField()
    asks_scan = models.BooleanField(default=False)
    """On return, whoever takes it back is asked whether its memory cards were scanned."""
    created_at = models.BigIntegerField()
    created_by = models.CharField(max_length=40)
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """A version is one text."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name", "version"], name="conditions_version"),
        ]
