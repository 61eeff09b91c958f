"""Rows of the fleet: devices, join codes, reports, facts held, verdicts and counts.

Shapes follow A8. The hot tables have composite keys and are stored by that key (`WITHOUT ROWID` on
SQLite, see the first migration). Counts (`Tally`, and the `n_…` of `Device`) are written in the
transaction of the verdicts they count, never computed by a page. Times are epoch seconds, UTC.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from inventory.keeping import NEVER_DELETED, RAW_REPORTS, WITH_OWNER, WITH_SCHOOL, KeepFor, Kept

ID: Final = 32
DIGEST: Final = 71
OPEN: Final = ("warn", "fail", "unknown")

STATES: Final = ("pending", "active", "refused", "revoked")
SEVERITY_RANK: Final = {"low": 1, "medium": 2, "high": 3, "critical": 4}


class JoinCode(Kept):
    """A code a computer joins with. Its secret is not stored: it is derived from the id and a key
    file.

    A code only opens the queue; a person lets the computer in (O31). `profile` is given to what
    joins with it.
    """

    purpose = "Lets new computers ask to join."
    keep_for = KeepFor("400 days after it ended", 400)

    id = models.CharField(max_length=ID, primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+")
    label = models.CharField(max_length=120, blank=True, default="")
    profile = models.CharField(max_length=16, blank=True, default="")
    max_uses = models.IntegerField(null=True)
    uses = models.IntegerField(default=0)
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=40)
    created_at = models.BigIntegerField()


class Device(Kept):
    """One computer that holds a key. Not the same as an asset: a device reports, an asset is owned.

    `head_seq` and `head_hash` are the end of its chain of reports; `judged_…` say up to where and
    with what policy and catalogue the verdicts were made. `worst` is 0 none … 4 critical, over
    failing checks.
    """

    purpose = "Knows each computer that reports, and whether it may."
    keep_for = KeepFor("6 years after it left", None)

    id = models.CharField(max_length=ID, primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey("inventory.Asset", models.SET_NULL, null=True, related_name="+")
    asset_doubt = models.CharField(max_length=16, blank=True, default="")
    """Why no asset is bound: "" | "ambiguous" (several fit) | "claimed" (bound to a live key, O31).
    """

    name = models.CharField(max_length=255, blank=True, default="")
    platform = models.CharField(max_length=16, blank=True, default="")
    os_name = models.CharField(max_length=128, blank=True, default="")
    model = models.CharField(max_length=128, blank=True, default="")
    profile = models.CharField(max_length=16, blank=True, default="")
    profile_source = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=16, default="pending")

    public_key = models.BinaryField()
    key_id = models.CharField(max_length=64, unique=True)
    words = models.CharField(max_length=120)
    factors = models.JSONField(default=dict)
    """Hardware marks it gave when joining: {kind: [value]}; hostile until a person compared them.
    """
    binding = models.CharField(max_length=DIGEST, blank=True, default="")
    weak_binding = models.BooleanField(default=True)
    was = models.CharField(max_length=40, blank=True, default="")
    """The device it says it was before; a claim, shown to the person who decides."""

    join_code = models.ForeignKey(JoinCode, models.PROTECT, null=True, related_name="devices")
    enrolled_at = models.BigIntegerField()
    approved_at = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=40, blank=True, default="")
    ended_at = models.BigIntegerField(null=True)

    head_seq = models.BigIntegerField(default=0)
    head_hash = models.CharField(max_length=DIGEST, blank=True, default="")
    content_digest = models.CharField(max_length=DIGEST, blank=True, default="")
    last_seen_at = models.BigIntegerField(null=True)
    last_created_at = models.BigIntegerField(null=True)
    skew_seconds = models.BigIntegerField(default=0)
    agent_version = models.CharField(max_length=32, blank=True, default="")
    boot = models.CharField(max_length=64, blank=True, default="")
    n_forks = models.IntegerField(default=0)

    judge_due = models.BooleanField(default=False)
    """Facts came that no verdict stands on yet; set with the report, so a crash forgets nothing."""
    judge_turn = models.BigIntegerField(default=0)
    """Counts what made judging due, so that verdicts on older facts never clear `judge_due`."""
    malformed = models.JSONField(default=list)
    """Names of sections that did not follow their own schema (A4)."""
    judged_seq = models.BigIntegerField(default=0)
    judged_policy = models.CharField(max_length=DIGEST, blank=True, default="")
    judged_catalogue = models.CharField(max_length=DIGEST, blank=True, default="")
    judged_at = models.BigIntegerField(null=True)

    n_fail = models.IntegerField(default=0)
    n_warn = models.IntegerField(default=0)
    n_unknown = models.IntegerField(default=0)
    n_pass = models.IntegerField(default=0)
    worst = models.SmallIntegerField(default=0)

    class Meta:
        """Indices of A8 for lists paged by keyset."""

        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="device_name"),
            models.Index(fields=["site", "name", "id"], name="device_site_name"),
            models.Index(fields=["-worst", "-n_fail", "name", "id"], name="device_worst"),
            models.Index(
                fields=["site", "-worst", "-n_fail", "name", "id"], name="device_site_worst"
            ),
            models.Index(fields=["site", "state", "last_seen_at", "id"], name="device_site_seen"),
            models.Index(fields=["id"], name="device_judge_due", condition=Q(judge_due=True)),
        ]

    def __str__(self) -> str:
        """Its name, or its id while it has none."""
        return self.name or self.id


class Enrolment(Kept):
    """The signed request a device joined with, kept as it came."""

    purpose = "Proves how and with which code a computer asked to join."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+")
    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="enrolment"
    )
    digest = models.CharField(max_length=DIGEST)
    envelope = models.BinaryField()
    received_at = models.BigIntegerField()


class Report(Kept):
    """One accepted report. `envelope` is packed, see `controller.fleet.packed`."""

    purpose = "The signed evidence behind every result."
    keep_for = RAW_REPORTS

    pk = models.CompositePrimaryKey("device_id", "seq")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="reports", db_index=False)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    received_at = models.BigIntegerField()
    created_at = models.BigIntegerField()
    envelope = models.BinaryField()
    content_digest = models.CharField(max_length=DIGEST)


class Manifest(Kept):
    """Where the content (sections and results) lies that a device last told us in full.

    In the report `report_seq` itself, which is then kept however old; or, when it came by its
    digest and was asked for, in `body`: canonical JSON, zlib.
    """

    purpose = "Lets an unchanged night be one hash."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="manifest")
    digest = models.CharField(max_length=DIGEST)
    report_seq = models.BigIntegerField()
    body = models.BinaryField(default=b"")


class Section(Kept):
    """The body of one section, stored once per school however many computers hold it; zlib."""

    purpose = "The facts read from computers, on which every result stands."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=DIGEST)
    body = models.BinaryField()

    class Meta:
        """Bodies are addressed by their hash, inside one school."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "digest"], name="section_site_digest"),
        ]


class Held(Kept):
    """Which body a device supplied for a section; no other device may claim it (trust §4.1)."""

    purpose = "Says which facts are whose."
    keep_for = WITH_OWNER

    pk = models.CompositePrimaryKey("device_id", "name")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="held", db_index=False)
    name = models.CharField(max_length=64)
    schema = models.IntegerField()
    digest = models.CharField(max_length=DIGEST)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    report_seq = models.BigIntegerField()
    since = models.BigIntegerField()


class Wanted(Kept):
    """A body a stored report names and the device has yet to send; the only thing a PUT may answer.

    `name` "" is the content itself.
    """

    purpose = "Asks a computer for what is missing."
    keep_for = WITH_OWNER

    pk = models.CompositePrimaryKey("device_id", "name")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="wanted", db_index=False)
    name = models.CharField(max_length=64)
    schema = models.IntegerField()
    digest = models.CharField(max_length=DIGEST)
    size = models.IntegerField()
    report_seq = models.BigIntegerField()


class Fork(Kept):
    """A second report for a place in the chain that is taken: both envelopes prove a copied key
    (trust §4.3).
    """

    purpose = "Proves that a computer's key was copied or its disk set back."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="forks")
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    envelope = models.BinaryField()
    same_hardware = models.BooleanField()
    received_at = models.BigIntegerField()

    class Meta:
        """The same envelope is kept once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "digest"], name="fork_once"),
        ]


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
    """A policy a school put in force; the highest version counts, none means the defaults."""

    purpose = "What the school asks of its computers."
    keep_for = WITH_SCHOOL

    pk = models.CompositePrimaryKey("site_id", "version")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    version = models.IntegerField()
    digest = models.CharField(max_length=DIGEST)
    body = models.BinaryField()
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=40)
