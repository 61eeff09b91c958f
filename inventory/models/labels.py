"""Codes on labels."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_OWNER, Kept
from inventory.models.assets import Asset
from inventory.models.sites import Site


class LabelCode(Kept):
    """What one label says. An entry has one that is good; those before it lead nowhere."""

    purpose = "Leads from a printed label to the entry it is stuck on."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="labels", db_index=False)
    code = models.CharField(max_length=16, unique=True)
    made_at = models.BigIntegerField()
    made_by = models.CharField(max_length=40)
    void_at = models.BigIntegerField(null=True)
    """Since when it leads nowhere: its sheet was lost."""
    void_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """One good code per entry."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(void_at=None), name="label_good_once"
            ),
        ]
