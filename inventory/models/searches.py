"""Searches worth keeping."""

from typing import ClassVar

from django.db import models

from inventory.keeping import KeepFor, Kept
from inventory.models.sites import ID_LENGTH, Site


class SavedFilter(Kept):
    """One search of the register under a name, of one person at one school."""

    purpose = "Searches of the register that somebody wants to look at again."
    keep_for = KeepFor("until whoever made it deletes it, or their account is erased")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    made_by = models.CharField(max_length=40)
    """The account of whoever made it; goes with it."""
    made_at = models.BigIntegerField()
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True, default="")
    """As an address has it (`inventory.assets.queries.written`)."""
    shared = models.BooleanField(default=False)
    """Colleagues at the school see it, too."""

    class Meta:
        """A name is one search of one person's."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "made_by", "name"], name="saved_filter_name"),
        ]
