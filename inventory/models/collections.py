"""Collections: a company comes on a day and takes many things away at once (I7, I8, I10)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.contractors import Contractor
from inventory.models.sites import ID_LENGTH, Site


class Collection(Kept):
    """One visit: booked, then collected or cancelled; what follows builds on it.

    The driver's name and the vehicle are emptied three years after the day (as long as the note for
    hazardous waste is kept), or when that is asked for; everything else is proof that data was
    handed to somebody who may have it.
    """

    purpose = "Proves who took which equipment away on which day, and that they were allowed to."
    keep_for = KeepFor("for good; the driver and the vehicle for 3 years after the day", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    """Grows with every change: whoever changes it says which one they saw."""
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="collections")
    handover = models.CharField(max_length=16)
    """Which kind of hand-over, by `contractors/papers.toml`: decides which papers are asked for."""
    day = models.CharField(max_length=10)
    """The day it is booked for; once collected, the day it was."""
    place = models.CharField(max_length=120, blank=True, default="")
    """Where the things stand ready."""
    state = models.CharField(max_length=12, default="booked")
    """`booked`, `collected`, `cancelled`; a collection's later states are added, never renamed."""
    seals = models.CharField(max_length=500, blank=True, default="")
    """Numbers of the seals on cages and boxes; those on single things are on their lines."""
    note_kind = models.CharField(max_length=12, blank=True, default="")
    """`transfer` or `consignment` (for hazardous waste), "" while not said."""
    note_number = models.CharField(max_length=60, blank=True, default="")
    tracking = models.CharField(max_length=60, blank=True, default="")
    """Id in the national digital waste tracking."""
    driver = models.CharField(max_length=120, blank=True, default="")
    vehicle = models.CharField(max_length=20, blank=True, default="")
    driver_checked = models.BooleanField(default=False)
    """Somebody looked at the driver's identity card or order."""
    codes_confirmed = models.BooleanField(default=False)
    """The company's own note has the waste codes that stand on the lines."""
    standing = models.JSONField(default=dict)
    """`contractors.standing.Standing` on the day it was collected; {} before."""
    signature = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of the signature of the school's person who handed things over."""
    booked_at = models.BigIntegerField()
    booked_by = models.CharField(max_length=40)
    collected_at = models.BigIntegerField(null=True)
    collected_by = models.CharField(max_length=40, blank=True, default="")
    cancelled_at = models.BigIntegerField(null=True)
    cancelled_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A school's, newest day first."""

        indexes: ClassVar = [
            models.Index(fields=["site", "state", "day"], name="collection_days"),
        ]


class CollectionLine(Kept):
    """One disposal on a collection's list. What stands here of a thing is what stood on the paper
    when it went, whatever is said of its entry later."""

    purpose = "Which thing, with which drives and under which seal, was on a collection's list."
    keep_for = KeepFor("as long as the collection it belongs to")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="lines")
    disposal = models.CharField(max_length=ID_LENGTH, db_index=True)
    """Id of the disposal."""
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)
    """While it stands on the list of what is booked; False once it was taken off, went, or stayed
    behind: what comes back may stand on another list."""
    went = models.BooleanField(null=True)
    """Whether it went on the day; None before."""
    name = models.CharField(max_length=255, blank=True, default="")
    tag = models.CharField(max_length=64, blank=True, default="")
    serial = models.CharField(max_length=128, blank=True, default="")
    media = models.JSONField(default=list)
    """Its drives: [{"serial": as compared, "raw": as shown, "state": …}]."""
    code = models.CharField(max_length=12, blank=True, default="")
    """Waste code, `16 02 13*`; an asterisk says hazardous."""
    code_theirs = models.CharField(max_length=12, blank=True, default="")
    """What the company's note says, where that differs: theirs wins."""
    battery = models.CharField(max_length=10, blank=True, default="")
    """`none`, `in`, `removed`, `damaged`; "" while not said."""
    seal = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A disposal is on one open list at most, and once on each."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["disposal"], condition=Q(open=True), name="collection_line_open"
            ),
            models.UniqueConstraint(fields=["collection", "disposal"], name="collection_line_once"),
        ]
