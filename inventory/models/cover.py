"""Up to what sum a school's insurance covers equipment away from school (S27)."""

from typing import ClassVar

from django.db import models

from inventory.keeping import WITH_SCHOOL, Kept
from inventory.models.sites import ID_LENGTH, Site


class AwayCover(Kept):
    """One limit as somebody wrote it down, a row for each time; the newest holds, none means that
    nobody wrote one down. 0 is a limit: nothing is covered away from school."""

    purpose = "Up to what sum equipment away from school is insured, and since when that is known."
    keep_for = WITH_SCHOOL

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    version = models.IntegerField()
    limit_pence = models.BigIntegerField()
    at = models.BigIntegerField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        """Two people at once make no two versions of one number."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "version"], name="away_cover_version"),
        ]
