"""What comes back after a collection: receipts, certificates, and what does not agree (I8–I10)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import KeepFor, Kept
from inventory.models.collections import Collection
from inventory.models.contractors import Contractor
from inventory.models.sites import ID_LENGTH, Site


class Receipt(Kept):
    """A company's receipt for a collection. A corrected one is the next number, and counts in the
    place of those before it, which stay."""

    purpose = "Proves what a company took, and that it answers for the data on it (T4, T5)."
    keep_for = KeepFor("as long as the collection it belongs to")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="receipts", db_index=False
    )
    number = models.IntegerField()
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="+")
    day = models.CharField(max_length=10)
    """The day that stands on it."""
    accepts = models.BooleanField()
    """It accepts responsibility for destroying any personal data (T5)."""
    clause = models.CharField(max_length=1_000)
    """The words in which it does."""
    lines = models.JSONField(default=list)
    """[{"tag", "serials": [as written], "condition"}]."""
    reason = models.CharField(max_length=500, blank=True, default="")
    """Why it was corrected."""
    evidence = models.CharField(max_length=64)
    """SHA-256 of the file."""
    received_at = models.BigIntegerField()
    received_by = models.CharField(max_length=40)

    class Meta:
        """A receipt is entered once, whoever else tries at the same time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "number"], name="receipt_once"),
        ]


class Certificate(Kept):
    """A company's certificate. One person enters it, another compares it with the paper (I2)."""

    purpose = "Proves for each drive how its data was destroyed, and who looked at that."
    keep_for = KeepFor("as long as the collection it belongs to")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    """Grows with every change: whoever changes it says which one they saw."""
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="certificates", db_index=False
    )
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60, blank=True, default="")
    """The number on it."""
    day = models.CharField(max_length=10)
    evidence = models.CharField(max_length=64)
    read_as = models.CharField(max_length=24, blank=True, default="")
    """The format it was read in, "" where its lines were typed."""
    state = models.CharField(max_length=10, default="entered")
    """`entered`, `confirmed`, `refused`."""
    entered_at = models.BigIntegerField()
    entered_by = models.CharField(max_length=40)
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    """Why it was refused."""

    class Meta:
        """A file is one certificate of a collection, unless it was refused."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "evidence"],
                condition=~Q(state="refused"),
                name="certificate_once",
            ),
        ]


class CertificateLine(Kept):
    """What a certificate says of one drive."""

    purpose = "Says of which drive a certificate speaks, and finds drives certified twice (I10)."
    keep_for = KeepFor("as long as the certificate it belongs to")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="lines", db_index=False
    )
    position = models.IntegerField()
    serial = models.CharField(max_length=64, blank=True, default="")
    """As it is written."""
    key = models.CharField(max_length=64, blank=True, default="")
    """As it is compared; "" where it cannot be."""
    tag = models.CharField(max_length=64, blank=True, default="")
    level = models.CharField(max_length=8)
    technique = models.CharField(max_length=24, blank=True, default="")
    """Empty where it was destroyed, or the certificate does not say."""
    method = models.CharField(max_length=120, blank=True, default="")
    """As the certificate calls it."""
    tool = models.CharField(max_length=120, blank=True, default="")
    done = models.BooleanField()
    day = models.CharField(max_length=10)

    class Meta:
        """In the order of the paper; found by serial number."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "position"], name="certificate_line"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "key"], name="certificate_line_key"),
        ]


class CollectionDifference(Kept):
    """One thing on which the papers of a collection do not agree (I10): with an owner and a day,
    and open until another paper settles it or people do."""

    purpose = "Shows on what the papers of a collection did not agree, and who settled it how."
    keep_for = KeepFor("as long as the collection it belongs to")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="differences", db_index=False
    )
    key = models.CharField(max_length=64)
    """SHA-256 of `papers.Difference.key`."""
    paper = models.CharField(max_length=12)
    kind = models.CharField(max_length=24)
    serial = models.CharField(max_length=64, blank=True, default="")
    tag = models.CharField(max_length=64, blank=True, default="")
    other = models.CharField(max_length=255, blank=True, default="")
    disposal = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The disposal that it keeps from going on, "" where it is none's alone."""
    opened_at = models.BigIntegerField()
    owned_by = models.CharField(max_length=40)
    due_at = models.BigIntegerField()
    proposed_at = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    """How it was settled, in words."""
    closed_at = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=40, blank=True, default="")
    how = models.CharField(max_length=10, blank=True, default="")
    """`settled` by people, or `gone` with a later paper."""

    class Meta:
        """Open once; a collection's, and a school's by day."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "key"],
                condition=Q(closed_at=None),
                name="collection_difference_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["collection", "key"], name="collection_difference_key"),
            models.Index(
                fields=["site", "due_at"],
                condition=Q(closed_at=None),
                name="collection_difference_due",
            ),
        ]
