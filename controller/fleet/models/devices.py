"""Computers that report, the codes they join with, and what they joined with."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_OWNER, KeepFor, Kept

ID: Final = 32
"""Room for `<prefix>_<ULID>`."""
DIGEST: Final = 71
"""Length of `sha256:` and 64 hex digits."""
STATES: Final = ("pending", "active", "refused", "revoked")


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
    keep_for = KeepFor("6 years after it left, then only its id and key", 6 * 366)

    id = models.CharField(max_length=ID, primary_key=True)
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey("inventory.Asset", models.SET_NULL, null=True, related_name="+")
    asset_doubt = models.CharField(max_length=16, blank=True, default="")
    """What a person has to say of its asset: "" nothing | "ambiguous" (several fit, none bound) |
    "claimed" (it shows marks of an entry whose computer holds a live key; its own stays bound, if
    it has one) | "moved" (bound, and it shows another machine's marks), O31."""
    doubted_marks = models.JSONField(default=dict)
    """Marks it shows and nobody learns while its asset is bound and in doubt: {kind: [value]}."""
    asset_part = models.CharField(max_length=ID, blank=True, default="")
    """The entry it was matched with itself, where that was merged into `asset` since; else ""."""

    name = models.CharField(max_length=255, blank=True, default="")
    platform = models.CharField(max_length=16, blank=True, default="")
    os_name = models.CharField(max_length=128, blank=True, default="")
    model = models.CharField(max_length=128, blank=True, default="")
    profile = models.CharField(max_length=16, blank=True, default="")
    profile_source = models.CharField(max_length=16, blank=True, default="")
    """Who says so: `person` by hand, `holder`, `pool`, `room` or `join_code`; "" nobody."""
    joined_profile = models.CharField(max_length=16, blank=True, default="")
    """What the code it joined with says, where nothing nearer does."""
    goes_home = models.BooleanField(default=False)
    """Somebody was given it to take home, so it is judged as one that is carried."""
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
    was_signed = models.BooleanField(default=False)
    """That device's key signed so: it is on the disk, though perhaps as a copy."""

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
    left_at = models.BigIntegerField(null=True)
    """When its last report said that it leaves (S15); None: it did not, or has reported since."""
    left_how = models.CharField(max_length=16, blank=True, default="")
    """As it said: `uninstalled`, `sealed`, or a word of a newer agent. Means nothing without
    `left_at`."""
    n_forks = models.IntegerField(default=0)
    fork_since = models.BigIntegerField(null=True)
    """Since when a person has to say whether this is one computer or two; None: nobody waits."""
    fork_cure = models.CharField(max_length=4, blank=True, default="")
    """What a person said of the next fork: "" | "one" | "two" (`forks.rule`)."""
    n_sighted = models.IntegerField(default=0)
    """Reports its key signed after it was withdrawn; `sighted_at` is the newest."""
    sighted_at = models.BigIntegerField(null=True)
    sighting_known = models.BooleanField(default=False)
    """A person knows that it is alive."""

    judge_due = models.BooleanField(default=False)
    """Facts came that no verdict stands on yet; set with the report, so a crash forgets nothing."""
    judge_turn = models.BigIntegerField(default=0)
    """Counts what made judging due, so that verdicts on older facts never clear `judge_due`."""
    malformed = models.JSONField(default=list)
    """Names of sections that did not follow their own schema (A4)."""
    ruled = models.CharField(max_length=32, blank=True, default="")
    """How its own policy stands: "" it judges by the one in force, "behind" it has not taken that
    yet, else what it says itself (`wire.policy.RULED`, or a word of a newer agent)."""
    judged_seq = models.BigIntegerField(default=0)
    judged_policy = models.CharField(max_length=DIGEST, blank=True, default="")
    judged_catalogue = models.CharField(max_length=DIGEST, blank=True, default="")
    judged_at = models.BigIntegerField(null=True)

    n_fail = models.IntegerField(default=0)
    n_warn = models.IntegerField(default=0)
    n_unknown = models.IntegerField(default=0)
    n_pass = models.IntegerField(default=0)
    worst = models.SmallIntegerField(default=0)
    standing = models.BigIntegerField(null=True)
    """The `Standing` of its results; None while it has none."""

    class Meta:
        """Indices of A8 for lists paged by keyset."""

        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="device_name"),
            models.Index(fields=["site", "name", "id"], name="device_site_name"),
            models.Index(fields=["-worst", "-n_fail", "name", "id"], name="device_worst"),
            models.Index(
                fields=["site", "-worst", "-n_fail", "name", "id"], name="device_site_worst"
            ),
            # By the first four it is paged; with the rest the front page counts in it alone.
            models.Index(
                fields=[
                    *("site", "state", "last_seen_at", "id", "left_at"),
                    *("n_fail", "n_warn", "n_unknown", "n_pass", "worst", "standing"),
                ],
                name="device_site_stands",
            ),
            models.Index(fields=["id"], name="device_judge_due", condition=Q(judge_due=True)),
            models.Index(
                fields=["site"], name="device_fork_waits", condition=Q(fork_since__isnull=False)
            ),
            models.Index(fields=["site"], name="device_doubted", condition=~Q(asset_doubt="")),
            models.Index(fields=["asset"], name="device_part", condition=~Q(asset_part="")),
            models.Index(
                fields=["site"], name="device_sighted", condition=Q(sighted_at__isnull=False)
            ),
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
