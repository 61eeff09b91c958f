"""Why a table exists and how long its rows are kept; every model must say both (O12).

The nightly prune and the record of processing are read from these declarations, so a table without
them would be personal data nobody answers for. A test walks every model and fails on a missing one.
"""

from typing import ClassVar, Final

import msgspec
from django.db import models


class KeepFor(msgspec.Struct, frozen=True):
    """How long rows stay. `days` None: as long as what they belong to is in the register."""

    rule: str
    days: int | None = None


WITH_SCHOOL: Final = KeepFor("as long as the school uses Caretaker")
WITH_OWNER: Final = KeepFor("as long as the computer or asset it belongs to is in the register")
NEVER_DELETED: Final = KeepFor("never deleted: holds ids and digests only")
RAW_REPORTS: Final = KeepFor("400 days, then only roll-ups remain", 400)


class Kept(models.Model):
    """Base of every model: names its purpose and its retention."""

    purpose: ClassVar[str]
    keep_for: ClassVar[KeepFor]

    class Meta:
        """No table of its own."""

        abstract = True
