"""Keys that devices had before: what their old reports are verified with (trust §4.3)."""

from django.db import models

from controller.fleet.models.devices import DIGEST, ID, Device
from inventory.keeping import WITH_OWNER, Kept


class PastKey(Kept):
    """One key a device signed with up to its report `until_seq`, and the signed handover that ended
    it. The key in use stands in `Device`."""

    purpose = "Verifies old reports after a computer changed its key."
    keep_for = WITH_OWNER

    key_id = models.CharField(max_length=64, primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.CASCADE, related_name="past_keys")
    public_key = models.BinaryField()
    from_seq = models.BigIntegerField()
    until_seq = models.BigIntegerField()
    until_at = models.BigIntegerField()
    next_key_id = models.CharField(max_length=ID * 2)
    digest = models.CharField(max_length=DIGEST, unique=True)
    """Of the handover's envelope, so that the same request again gets the same answer."""
    envelope = models.BinaryField()
