"""Deliveries: what was ordered, and what of it arrived."""

from typing import ClassVar

from django.db import models

from inventory.keeping import WITH_OWNER, WITH_SCHOOL, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class Delivery(Kept):
    """What was ordered together and is entered in one step."""

    purpose = "What was ordered, and whether it arrived."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    batch = models.CharField(max_length=ID_LENGTH)
    """The step that entered its things, to be undone as one."""
    made_at = models.BigIntegerField()
    made_by = models.CharField(max_length=40)
    undone_at = models.BigIntegerField(null=True)


class DeliveryItem(Kept):
    """One thing of a delivery: expected until somebody says it is there."""

    purpose = "Which things of a delivery arrived."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="items")
    asset = models.OneToOneField(Asset, models.PROTECT, related_name="delivered")
    arrived_at = models.BigIntegerField(null=True)
    arrived_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """No other order than that of their entries."""

        indexes: ClassVar = [models.Index(fields=["delivery", "arrived_at"], name="item_arrived")]
