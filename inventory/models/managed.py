"""The lists of a school's managements (MDM), and what the newest of them say of its things."""

from typing import ClassVar

from django.db import models

from inventory.keeping import WITH_OWNER, WITH_SCHOOL, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class ManagedSheet(Kept):
    """One list that was taken in. One that is undone says nothing any more, and the one before it
    does again."""

    purpose = "Says how old what is known of iPads, Chromebooks and phones is, and from where."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    adapter = models.CharField(max_length=32)
    """Whose list it is, an id of `inventory/managed/adapters.toml`."""
    whole = models.BooleanField(default=True)
    """It lists all there is: what does not stand in it is not managed."""
    imported_at = models.BigIntegerField()
    imported_by = models.CharField(max_length=40)
    rows = models.IntegerField(default=0)
    matched = models.IntegerField(default=0)
    strangers = models.IntegerField(default=0)
    """Rows of things the register does not have."""
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The step in which entries were made for them, "" where none were."""
    undone_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Newest of a school first."""

        indexes: ClassVar = [
            models.Index(fields=["site", "-imported_at", "-id"], name="managed_sheet_newest"),
        ]


class ManagedThing(Kept):
    """One thing in one list: what `checks.records.tablets.facts` has of it."""

    purpose = "Whether an iPad, Chromebook or phone is managed, supported and locked."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    sheet = models.ForeignKey(ManagedSheet, models.CASCADE, related_name="things", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    facts = models.JSONField()
    lost = models.BooleanField(null=True)
    """It is in lost mode now; None: the list does not say."""

    class Meta:
        """A thing stands in a list once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "asset"], name="managed_once"),
        ]
