"""Companies that take equipment away, and their papers with dates (I7, T3, T8)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_SCHOOL, KeepFor, Kept
from inventory.models.assets import Document
from inventory.models.sites import ID_LENGTH, Site


class Contractor(Kept):
    """One company. One that is not used any more stays in the history (`left_at`)."""

    purpose = "Which companies take equipment away, and whom to ring there."
    keep_for = KeepFor("the company for good; whom to ring until 6 years after it left", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField(default=1)
    """Grows with every change: whoever changes it says which one they saw."""
    name = models.CharField(max_length=120)
    company_number = models.CharField(max_length=20, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    contact = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.CharField(max_length=120, blank=True, default="")
    created_at = models.BigIntegerField()
    created_by = models.CharField(max_length=40)
    left_at = models.BigIntegerField(null=True)
    left_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """A name is one company's at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "name"], condition=Q(left_at=None), name="contractor_name"
            ),
        ]


class ContractorPaper(Kept):
    """One paper of a company; what each kind and scheme is stands in `contractors/papers.toml`.

    A renewal is the next paper, so what counted on an earlier day can still be seen; one that was
    a mistake, or was taken from the company, ends (`ended_at`) and counts no more.
    """

    purpose = "Shows that a company was allowed to take equipment away on the day it did."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="papers")
    seq = models.IntegerField(default=1)
    kind = models.CharField(max_length=16)
    scheme = models.CharField(max_length=24, blank=True, default="")
    scheme_name = models.CharField(max_length=80, blank=True, default="")
    """What it is called, where the scheme is none that is known."""
    level = models.CharField(max_length=16, blank=True, default="")
    number = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.CharField(max_length=10)
    valid_to = models.CharField(max_length=10, blank=True, default="")
    """The last day it counts; "" for none."""
    terms = models.JSONField(default=list)
    """Of an agreement: which terms of UK GDPR article 28(3) it has."""
    lines = models.CharField(max_length=2_000, blank=True, default="")
    """Of what lists something: that, one to a line."""
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    added_at = models.BigIntegerField()
    added_by = models.CharField(max_length=40)
    ended_at = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    ended_how = models.CharField(max_length=10, blank=True, default="")
    """`mistake` or `withdrawn`."""

    class Meta:
        """What counts is asked for by its last day."""

        indexes: ClassVar = [
            models.Index(fields=["site", "ended_at", "valid_to"], name="contractor_paper_ends"),
        ]


class ContractorRules(Kept):
    """Which papers one school asks for, one row for each time it said so; the newest holds."""

    purpose = "Which papers the school asked of companies, and since when."
    keep_for = WITH_SCHOOL

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    version = models.IntegerField()
    dial = models.CharField(max_length=1)
    """ADISA's level of harm that the school says of its data."""
    asks = models.JSONField(default=dict)
    """`<hand-over>.<need>` → `must`, `warn`, `no`, where it differs from the file."""
    at = models.BigIntegerField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        """Two people at once make no two versions of one number."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "version"], name="contractor_rules_version"),
        ]
