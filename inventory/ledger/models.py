"""The ledger's rows: who did what to which id, and digests of what it was before and after.

An event holds ids and digests only, never a name or free text (O12): those live in `EventNote`,
which can be erased; the event then still proves that *a* reason of exactly those bytes was given.
"""

from typing import ClassVar

from django.db import models

from inventory.keeping import NEVER_DELETED, KeepFor, Kept


class LedgerHead(Kept):
    """The end of one school's ledger and log; locked by every writer, so numbers never fork (O8).

    `seq` counts events, `size` lines; `frontier` is all of the tree an append needs
    (`wire.merkle.Frontier`).
    """

    purpose = "Numbers the events and lines of a school without gaps."
    keep_for = NEVER_DELETED

    site = models.OneToOneField(
        "inventory.Site", models.PROTECT, primary_key=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")


class Line(Kept):
    """One line of a school's evidence log (O6): what the tree's leaf of this place is over.

    `text` is the line without its number and time; a report's ends in the digest of its envelope,
    held here as its 32 bytes, because there is one such line for each computer and night.
    """

    purpose = "Proves to anyone what the school's record said, and that nothing of it was changed."
    keep_for = NEVER_DELETED

    pk = models.CompositePrimaryKey("site_id", "idx")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    idx = models.BigIntegerField()
    at = models.BigIntegerField()
    text = models.CharField(max_length=490)
    digest = models.BinaryField(default=b"")


class Waypoint(Kept):
    """The tree's frontier at every so many lines, so that an earlier root is found without reading
    the whole log. No proof rests on it: whoever verifies reads every line.
    """

    purpose = "Compares what a computer saw of the log with the log, at once."
    keep_for = NEVER_DELETED

    pk = models.CompositePrimaryKey("site_id", "size")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    frontier = models.BinaryField()


class Checkpoint(Kept):
    """A checkpoint that was signed: how far the log reached, and the note as printed and mailed.

    What counts are the copies elsewhere; this one says what there should be.
    """

    purpose = "Says which sheets of the evidence log were made, to compare the next with."
    keep_for = NEVER_DELETED

    pk = models.CompositePrimaryKey("site_id", "size")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.BigIntegerField()
    note = models.TextField()


class Settled(Kept):
    """A person knows that the log is not what was written, and said why: from here on it has to be.

    `lines` is SHA-256 of the `size` lines as they were then, changed or not, so that nobody changes
    more of them under cover of that word; `frontier` is what the log's end said, on which all later
    lines rest.
    """

    purpose = "Says since when a log that was changed has to be read strictly again."
    keep_for = NEVER_DELETED

    pk = models.CompositePrimaryKey("site_id", "size")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    lines = models.BinaryField()
    frontier = models.BinaryField()
    at = models.BigIntegerField()


class Event(Kept):
    """One thing that happened. `actor` is `user_…`, `dev_…` or `system`; `subject` is the id it
    happened to.
    """

    purpose = "Shows who changed what and when, to school leaders and auditors."
    keep_for = NEVER_DELETED

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    before_digest = models.CharField(max_length=71, blank=True, default="")
    after_digest = models.CharField(max_length=71, blank=True, default="")
    reason_digest = models.CharField(max_length=71, blank=True, default="")
    line = models.BigIntegerField()
    """Its line in the log."""

    class Meta:
        """One numbering per school; looked up by subject on the pages."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "seq"], name="event_site_seq"),
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "site", "seq"], name="event_subject")]


class EventNote(Kept):
    """The erasable words behind `reason_digest`: digest = SHA-256 of nonce and text."""

    purpose = "Keeps the reason a person gave, so that it can be read and, when due, erased."
    keep_for = KeepFor("6 years after the decision, or until erased on request", 6 * 365)

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="note")
    nonce = models.CharField(max_length=32)
    text = models.TextField(blank=True)
