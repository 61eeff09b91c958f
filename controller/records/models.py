"""What was judged of the register, now and before, and the counts.

Like the verdicts on computers (`controller.fleet.models`), but of an entry or of the school's
register as a whole: `subject` is the entry's id, or the school's own.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from controller.fleet.models.devices import DIGEST, ID
from inventory.keeping import WITH_OWNER, WITH_SCHOOL, KeepFor, Kept

OPEN: Final = ("warn", "fail", "unknown")


class _Said(Kept):
    """What a verdict says, and under which versions it was first given (O10)."""

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=ID)
    check_id = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    severity = models.CharField(max_length=16)
    says = models.CharField(max_length=64)
    args = models.JSONField(default=dict)
    since = models.BigIntegerField()
    policy = models.CharField(max_length=DIGEST, blank=True, default="")
    catalogue = models.CharField(max_length=DIGEST, blank=True, default="")

    class Meta:
        """No table of its own."""

        abstract = True


class RecordVerdict(_Said):
    """The verdict in force."""

    purpose = "Says of each entry whether it is complete, with somebody, and heard from."
    keep_for = WITH_OWNER

    pk = models.CompositePrimaryKey("site_id", "subject", "check_id")

    class Meta:
        """Pages list open verdicts only."""

        indexes: ClassVar = [
            models.Index(
                fields=["site", "check_id", "status", "subject"],
                name="record_open",
                condition=Q(status__in=OPEN),
            ),
        ]


class PastRecordVerdict(_Said):
    """One that was in force from `since` to `until` (exclusive)."""

    purpose = "Shows how true the register was on any past day."
    keep_for = KeepFor("6 school years", 6 * 366)

    pk = models.CompositePrimaryKey("site_id", "subject", "check_id", "since")
    until = models.BigIntegerField()

    class Meta:
        """For pruning."""

        indexes: ClassVar = [models.Index(fields=["site", "until"], name="record_past_until")]


class RecordCount(Kept):
    """How many subjects of a school have which verdict, as of `judged_at`.

    For a check; and under the name of a domain for the worst of its checks.
    """

    purpose = "Counts for the pages of the register."
    keep_for = WITH_SCHOOL

    pk = models.CompositePrimaryKey("site_id", "check_id", "status")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    check_id = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    n = models.IntegerField()
    judged_at = models.BigIntegerField()
    policy = models.CharField(max_length=DIGEST)
    catalogue = models.CharField(max_length=DIGEST)
