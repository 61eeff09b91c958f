"""What a school year does to a register: trolleys counted, classes moved, things repaired."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_OWNER, WITH_SCHOOL, KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class TrolleyCount(Kept):
    """One count of what is in a trolley: how many should be there, and which were not (S29)."""

    purpose = "Says when a trolley was last complete, and what has been missing since."
    keep_for = WITH_OWNER

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    trolley = models.ForeignKey(Asset, models.PROTECT, related_name="counts", db_index=False)
    at = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    expected = models.IntegerField()
    missing = models.JSONField(default=list)
    """Ids of what belongs there and was not."""
    strays = models.JSONField(default=list)
    """Ids of what was there and belongs elsewhere."""

    class Meta:
        """Newest of a trolley first."""

        indexes: ClassVar = [models.Index(fields=["trolley", "-at"], name="trolley_count_newest")]


class Rollover(Kept):
    """One September: what moved in one step, so that it can be taken back in one (S24)."""

    purpose = "What moved to another class, room or person in one step, and how to undo it."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    at = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    moves = models.JSONField(default=list)
    """[from, to, number of things]: ids of places, and of people who took over from others."""
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The step that moved things; "" where none moved."""
    gives = models.JSONField(default=list)
    """The steps in which things went to other people, in order."""
    leavers = models.JSONField(default=list)
    """[person, day they left by before, day now]."""
    undone_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Newest of a school first."""

        indexes: ClassVar = [models.Index(fields=["site", "-at"], name="rollover_newest")]


class Away(Kept):
    """One time a thing was away for repair, and what it looked like before and after (S28)."""

    purpose = "Who had equipment for repair, and whether it came back with its own drive."
    keep_for = KeepFor(
        "as long as the thing is in the register; what was written about it, 6 years"
    )

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="repairs", db_index=False)
    sent_at = models.BigIntegerField()
    sent_by = models.CharField(max_length=40)
    repairer = models.CharField(max_length=128)
    reference = models.CharField(max_length=64, blank=True, default="")
    fault = models.CharField(max_length=500, blank=True, default="")
    drive = models.CharField(max_length=8)
    """`in`: it went along; `out`: the school kept it; `none`: it has none."""
    personal_data = models.CharField(max_length=8)
    """Whether personal data went along: `yes` or `no`."""
    expected_on = models.CharField(max_length=10, blank=True, default="")
    before = models.JSONField(default=dict)
    """Serials of its board and drives as it last reported them; {} for what does not report."""
    returned_at = models.BigIntegerField(null=True)
    returned_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.BigIntegerField(null=True)
    """When a person said what became of the drive or board that is not the old one."""
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """A thing is away once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(returned_at=None), name="away_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "returned_at", "expected_on"], name="away_expected"),
            models.Index(fields=["asset", "-sent_at"], name="away_of_entry"),
        ]


class AwayDrive(Kept):
    """A drive that was in a thing when it went for repair and was not when it came back, with the
    entry it has of its own since somebody said where it is (S28, I16)."""

    purpose = "Which entry an old drive has that was replaced in a repair, and where it was then."
    keep_for = WITH_OWNER

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    away = models.ForeignKey(Away, models.PROTECT, related_name="drives", db_index=False)
    mark = models.CharField(max_length=128)
    """Its serial number, as it is compared."""
    entry = models.ForeignKey(Asset, models.PROTECT, related_name="replaced")
    place = models.CharField(max_length=8)
    """`kept`, `going`, `theirs` or `unknown`, as somebody said then."""
    at = models.BigIntegerField()
    said_by = models.CharField(max_length=40)

    class Meta:
        """Where one drive is, is said once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["away", "mark"], name="away_drive_once"),
        ]
