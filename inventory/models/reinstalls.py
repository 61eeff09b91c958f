"""Computers that are set up anew, and are expected back as what they were (S23)."""

from typing import ClassVar

from django.db import models

from inventory.keeping import KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class Reinstall(Kept):
    """Somebody said that these are being set up anew: they may come back with another key, until
    a day. It ends by itself, and lets nothing in."""

    purpose = "Tells computers that were set up anew from strangers that claim to be them."
    keep_for = KeepFor("400 days after it ended", 400)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The room, set or trolley that was meant; "" for a list."""
    reason = models.CharField(max_length=200)
    made_at = models.BigIntegerField()
    made_by = models.CharField(max_length=40)
    ends_at = models.BigIntegerField()
    """When it ends, by itself or because somebody ended it."""

    class Meta:
        """Newest of a school first."""

        indexes: ClassVar = [models.Index(fields=["site", "-made_at"], name="reinstall_newest")]


class ReinstallItem(Kept):
    """One computer of these: expected until a person lets it in again."""

    purpose = "Which computer took the place of which when it was set up anew."
    keep_for = KeepFor("as long as the request it belongs to")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    request = models.ForeignKey(Reinstall, models.CASCADE, related_name="items")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="reinstalls")
    back_at = models.BigIntegerField(null=True)
    back_by = models.CharField(max_length=40, blank=True, default="")
    device = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_index=True)
    """The computer that came back."""
    replaced = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_index=True)
    """The computer whose place it took; its key is withdrawn."""

    class Meta:
        """A thing stands in one request once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "asset"], name="reinstall_once"),
        ]
