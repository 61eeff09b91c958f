"""Programs on the school's computers: titles, the names they were reported by, who asked for one,
and licences."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from inventory.keeping import NEVER_DELETED, WITH_OWNER, WITH_SCHOOL, KeepFor, Kept
from inventory.models.sites import ID_LENGTH, Site

DIGEST: Final = 71


class SoftwareTitle(Kept):
    """One program, whatever its versions; `key` is what spellings have in common
    (`software.naming`).

    `computers`, `standing`, `versions` and `ends_on` follow from the names below and are kept
    (`software.counting`); `wish` is what people want of it.
    """

    purpose = "The school's register of software."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    maker = models.CharField(max_length=120, blank=True, default="")
    paid = models.BooleanField(default=False)
    """It is normally bought, as our list says."""
    needs_licence = models.CharField(max_length=4, blank=True, default="")
    """`yes` or `no` as a person said; "" is as `paid` says."""
    watch = models.CharField(max_length=120, blank=True, default="")
    """Watch-lists that know it, with a space between."""
    computers = models.IntegerField(default=0)
    versions = models.IntegerField(default=0)
    standing = models.CharField(max_length=8, default="not")
    """By the policy in force: `approved`, `partly` (some of its names), `not`."""
    ends_on = models.CharField(max_length=10, blank=True, default="")
    """The first day on which one of the versions in use gets no more fixes, "" for none known."""
    first_seen_at = models.BigIntegerField()
    last_seen_at = models.BigIntegerField()
    """When it last came or went; where `computers` is not 0 it is there now."""
    wish = models.CharField(max_length=8, blank=True, default="")
    """`approve`, `watch`, `refuse`, `later`; "" while nobody said."""
    wish_at = models.BigIntegerField(null=True)
    wish_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A key is one title's; the list is by number of computers."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="software_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-computers", "title", "id"], name="software_list"),
        ]


class SoftwareName(Kept):
    """One name and version as computers report it; `digest` is over everything that tells it from
    others."""

    purpose = "Joins what computers report to the titles of the register."
    keep_for = KeepFor("400 days after no computer has it", 400)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    title = models.ForeignKey(SoftwareTitle, models.CASCADE, related_name="names")
    digest = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=80, blank=True, default="")
    platform = models.CharField(max_length=16)
    source = models.CharField(max_length=16)
    app_id = models.CharField(max_length=200, blank=True, default="")
    maker = models.CharField(max_length=120, blank=True, default="")
    system = models.BooleanField(default=False)
    computers = models.IntegerField(default=0)
    agreed = models.BooleanField(default=False)
    """The policy in force approves of it."""
    ends_on = models.CharField(max_length=10, blank=True, default="")
    changed_at = models.BigIntegerField()
    """When the number of computers last changed."""

    class Meta:
        """One row per spelling."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "digest"], name="software_name_digest"),
        ]


class ComputerSoftware(Kept):
    """What one computer has: ids of `SoftwareName`, packed as `software.packing` says, 300 programs
    in 1.2 KB and one row."""

    purpose = "Says which programs are on which computer."
    keep_for = WITH_OWNER

    computer = models.CharField(max_length=ID_LENGTH, primary_key=True)
    """Id of the computer that reports (`fleet.Device`)."""
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    asset = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_index=True)
    """Its entry in the register, "" for none."""
    platform = models.CharField(max_length=16, blank=True, default="")
    section = models.CharField(max_length=DIGEST, blank=True, default="")
    """Digest of the facts this was read from."""
    names = models.BinaryField(default=b"")
    own_parts = models.IntegerField(default=0)
    """Parts of the operating system that were left out."""
    whole = models.BooleanField(default=True)
    """Everything that is installed was in the report, and is here."""
    present = models.BooleanField(default=True)
    """It may report, and did not say that it leaves."""
    counted = models.BooleanField(default=False)
    """It is in the counts: present, and its entry is in use, kept or being repaired."""
    read_at = models.BigIntegerField()


class SoftwareRegister(Kept):
    """How far the register of a school's software was brought; also its lock."""

    purpose = "Says by which policy and lists the software register was made."
    keep_for = WITH_SCHOOL

    site = models.OneToOneField(Site, models.PROTECT, primary_key=True, related_name="+")
    policy = models.CharField(max_length=DIGEST, blank=True, default="")
    lists = models.CharField(max_length=DIGEST, blank=True, default="")
    rebuilt_at = models.BigIntegerField(null=True)
    differed = models.IntegerField(default=0)
    """Counts that were wrong when it was last rebuilt."""


class SoftwareRequest(Kept):
    """Somebody asks for a program; somebody else decides."""

    purpose = "Who asked for which program, and who decided."
    keep_for = KeepFor("6 years after it was asked for", 6 * 366)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    title = models.ForeignKey(
        SoftwareTitle, models.SET_NULL, null=True, related_name="requests", db_index=False
    )
    key = models.CharField(max_length=80)
    """Of the title it will be, whether or not a computer has it yet."""
    name = models.CharField(max_length=120)
    purpose_text = models.CharField(max_length=500)
    how_many = models.IntegerField()
    used_by = models.CharField(max_length=120, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    cost_pence = models.BigIntegerField(null=True)
    personal_data = models.CharField(max_length=8)
    age_from = models.IntegerField(null=True)
    state = models.CharField(max_length=12, default="asked")
    asked_at = models.BigIntegerField()
    asked_by = models.CharField(max_length=40)
    looked_at = models.BigIntegerField(null=True)
    looked_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Found by what is still open, and by title."""

        indexes: ClassVar = [
            models.Index(fields=["site", "state", "id"], name="software_request_open"),
            models.Index(fields=["site", "key"], name="software_request_key"),
        ]


class Licence(Kept):
    """What the school may use and how often. The key itself is never kept here."""

    purpose = "Proof that the school's software is licensed."
    keep_for = KeepFor("6 years after it ended, with the accounts", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    counts = models.CharField(max_length=8)
    """What a seat is: `computer`, `user`, or `site` for as many as there are."""
    seats = models.IntegerField(null=True)
    given = models.IntegerField(null=True)
    """Per user: how many have one, as a person says; nothing reports it."""
    supplier = models.CharField(max_length=128, blank=True, default="")
    order = models.CharField(max_length=64, blank=True, default="")
    cost_pence = models.BigIntegerField(null=True)
    bought_on = models.CharField(max_length=10, blank=True, default="")
    expires_on = models.CharField(max_length=10, blank=True, default="")
    renews = models.CharField(max_length=4, blank=True, default="")
    key_kept = models.CharField(max_length=120, blank=True, default="")
    """Where the key is kept, such as `school safe`."""
    document = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    notes = models.CharField(max_length=1000, blank=True, default="")
    created_at = models.BigIntegerField()
    created_by = models.CharField(max_length=40)
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """Listed by name."""

        indexes: ClassVar = [
            models.Index(
                fields=["site", "name", "id"], condition=Q(ended_at=None), name="licence_list"
            ),
        ]


class LicenceTitle(Kept):
    """A title a licence covers."""

    purpose = "Which programs a licence is for."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    licence = models.ForeignKey(Licence, models.CASCADE, related_name="titles")
    title = models.ForeignKey(SoftwareTitle, models.PROTECT, related_name="licences")

    class Meta:
        """Once each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["licence", "title"], name="licence_title_once"),
        ]
