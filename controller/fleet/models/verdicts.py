"""What was judged of computers, now and before; the counts; the policy it was judged by.

Counts (`Tally`, and the `n_…` of `Device`) are written in the transaction of the verdicts they
count, never computed by a page (A8).
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from controller.fleet.models.devices import DIGEST, Device
from inventory.keeping import NEVER_DELETED, WITH_OWNER, WITH_SCHOOL, KeepFor, Kept

OPEN: Final = ("warn", "fail", "unknown")
SEVERITY_RANK: Final = {"low": 1, "medium": 2, "high": 3, "critical": 4}


class VerdictFields(Kept):
    """What one verdict says, and under which versions it was first given (O10)."""

    status = models.CharField(max_length=16)
    severity = models.CharField(max_length=16)
    says = models.CharField(max_length=64)
    args = models.JSONField(default=dict)
    assurance = models.CharField(max_length=24, default="self-reported")
    agent_version = models.CharField(max_length=32, blank=True, default="")
    policy = models.CharField(max_length=DIGEST, blank=True, default="")
    catalogue = models.CharField(max_length=DIGEST, blank=True, default="")

    class Meta:
        """No table of its own."""

        abstract = True


class Verdict(VerdictFields):
    """The verdict in force for one check of one device, since when.

    `agent_status` is what the agent itself said, when it judged by the same policy and catalogue
    and still disagreed; else "" (A4). `stale` and `exempt` are laid over by queries, never written
    here.
    """

    purpose = "Says how safe each computer is."
    keep_for = WITH_OWNER

    pk = models.CompositePrimaryKey("device_id", "check_id")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="verdicts", db_index=False)
    check_id = models.CharField(max_length=64)
    since = models.BigIntegerField()
    evidence = models.JSONField(default=list)
    agent_status = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        """Pages ask for open verdicts only, so only those are indexed."""

        indexes: ClassVar = [
            models.Index(
                fields=["check_id", "status", "device"],
                name="verdict_open",
                condition=Q(status__in=OPEN),
            ),
            # What is new since yesterday, without reading all that is old.
            models.Index(
                fields=["site", "since"], name="verdict_failing", condition=Q(status="fail")
            ),
        ]


class PastVerdict(VerdictFields):
    """A verdict that was in force from `since` to `until` (exclusive); one that lasted under a
    second is not kept.
    """

    purpose = "Shows how safe each computer was on any past day."
    keep_for = KeepFor("6 school years", 6 * 366)

    pk = models.CompositePrimaryKey("device_id", "check_id", "since")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="past", db_index=False)
    check_id = models.CharField(max_length=64)
    since = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        """For "as it was on day X" and pruning."""

        indexes: ClassVar = [
            models.Index(fields=["check_id", "until", "since", "status"], name="past_when"),
        ]


class Tally(Kept):
    """How many active devices of a school have which verdict now, kept with the verdicts (A8)."""

    purpose = "Counts for the front page."
    keep_for = WITH_SCHOOL

    pk = models.CompositePrimaryKey("site_id", "check_id", "status")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    check_id = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    n = models.IntegerField()


class Standing(Kept):
    """One set of results that computers of a school have; those that have it name it
    (`Device.standing`), so that a page reads it once for all of them.

    `results` is `check status severity` for each check, by check, with commas between; `digest` is
    the beginning of its SHA-256. `used_at` is when a computer last came to have it.
    """

    purpose = "Counts computers with the same results together for the front page."
    keep_for = KeepFor("1 day after no computer has these results any more", 1)

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=32)
    results = models.TextField()
    used_at = models.BigIntegerField()

    class Meta:
        """Each set once in a school."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "digest"], name="standing_site_digest"),
        ]


class Night(Kept):
    """The counts of one closed night. `day` is the ISO date it began; status `stale` = not heard
    from.

    `check_id` "" counts computers: `heard` and `stale`.
    """

    purpose = "Shows whether the school is getting safer."
    keep_for = NEVER_DELETED

    pk = models.CompositePrimaryKey("site_id", "day", "check_id", "status")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    day = models.CharField(max_length=10)
    check_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=16)
    n = models.IntegerField()
    closed_at = models.BigIntegerField()


class SitePolicy(Kept):
    """A policy a school put in force; the highest version counts, none means the defaults.

    `body` is the canonical JSON of `checks.policy.Policy` and `digest` its hash; `envelope` is what
    was signed, as computers get it, `signer` the id of the key, `separate` whether that was a
    person's and not the controller's own (O21).
    """

    purpose = "What the school asks of its computers."
    keep_for = WITH_SCHOOL

    pk = models.CompositePrimaryKey("site_id", "version")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    version = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    body = models.BinaryField()
    envelope = models.BinaryField(default=b"")
    envelope_digest = models.CharField(max_length=DIGEST, blank=True, default="")
    signer = models.CharField(max_length=64, blank=True, default="")
    separate = models.BooleanField(default=False)
    issued_at = models.BigIntegerField(default=0)
    expires_at = models.BigIntegerField(default=0)
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=40)
