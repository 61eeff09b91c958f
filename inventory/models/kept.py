"""What follows from entries and is kept beside them, so that no page has to work it out (A8)."""

from django.db import models

from inventory.keeping import WITH_OWNER, WITH_SCHOOL, Kept
from inventory.models.assets import Asset
from inventory.models.sites import Site


class AssetTally(Kept):
    """How many entries of a school are in which state and of which kind."""

    purpose = "Counts for the register's list."
    keep_for = WITH_SCHOOL

    pk = models.CompositePrimaryKey("site_id", "state", "kind")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    n = models.IntegerField()


class AssetText(Kept):
    """What a search looks through, in lower case; apart from the entry, so that looking through
    all of a school's reads a tenth of what its entries take."""

    purpose = "Finds entries by a part of a name, tag, serial number or note."
    keep_for = WITH_OWNER

    pk = models.CompositePrimaryKey("site_id", "asset_id")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
