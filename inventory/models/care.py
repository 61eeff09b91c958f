"""Care that comes round again: electrical tests, filters, batteries (S35)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_OWNER, WITH_SCHOOL, KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site


class CareKind(Kept):
    """A kind of care and how often it comes round, as the school decided it."""

    purpose = "Which care the school's equipment gets, and how often."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    """Grows with every change: whoever changes it says which one they saw."""
    name = models.CharField(max_length=80)
    every = models.IntegerField()
    unit = models.CharField(max_length=8)
    """`months` by the calendar, or `days`."""
    certificate = models.BooleanField(default=False)
    """Whether a paper is wanted each time."""
    created_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """A name is one kind's at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "name"], condition=Q(ended_at=None), name="care_kind_name"
            ),
        ]


class Care(Kept):
    """One thing under one kind of care. When it is due follows from what was done."""

    purpose = "Which thing needs which care, and when it is due."
    keep_for = WITH_OWNER

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="care", db_index=False)
    kind = models.ForeignKey(CareKind, models.PROTECT, related_name="things")
    seq = models.IntegerField(default=1)
    """Grows with every change: whoever notes something done says which one they saw."""
    first_due_on = models.CharField(max_length=10)
    due_on = models.CharField(max_length=10)
    last_on = models.CharField(max_length=10, blank=True, default="")
    last_result = models.CharField(max_length=8, blank=True, default="")
    """`pass`, `fail`, "" while nothing was done."""
    stopped_at = models.BigIntegerField(null=True)

    class Meta:
        """A thing is under a kind of care once; what is due is asked for by its day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "kind"], name="care_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "due_on"], condition=Q(stopped_at=None), name="care_due"),
        ]


class CareDone(Kept):
    """One thing was cared for once; taken back where that was a mistake, never deleted."""

    purpose = "Proves that equipment was tested and cared for, by whom, when, with what result."
    keep_for = KeepFor(
        "as long as the thing is in the register; who did it and what they noted, 6 years"
    )

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    care = models.ForeignKey(Care, models.PROTECT, related_name="done", db_index=False)
    batch = models.CharField(max_length=ID_LENGTH)
    """What was noted in one step has one id, one certificate and one undo."""
    on = models.CharField(max_length=10)
    result = models.CharField(max_length=8)
    who = models.CharField(max_length=80, blank=True, default="")
    """Who did it, as typed: it may be an electrician from outside."""
    note = models.CharField(max_length=500, blank=True, default="")
    certificate = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """Id of the paper, "" for none yet."""
    at = models.BigIntegerField()
    noted_by = models.CharField(max_length=40)
    undone_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A thing is in a step once; steps are listed newest first."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["care", "batch"], name="care_done_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="care_done_batch"),
            models.Index(fields=["site", "-at"], name="care_done_newest"),
        ]
