"""Equipment on its way out: each step as a signed event, and what follows from all of them.

`DisposalEvent` is the truth (I1): a chain of hashes, each signed by a key of the controller. The
other rows are its fold, written in the same step, so that pages and constraints have columns.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from inventory.keeping import NEVER_DELETED, KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site

ACTOR: Final = 96
"""An account's id, `machine:<device id>` or `system`."""
DIGEST: Final = 64
"""SHA-256 in hexadecimal."""
SERIAL: Final = 64
TEXT: Final = 200


class Disposal(Kept):
    """One entry on its way out, from the day it was withdrawn from use until it is gone or back.

    Open while `closed_at` is None. `seq` numbers its events; whoever takes a step says which one
    they saw last.
    """

    purpose = "Shows who decided that equipment leaves the school, how it left, with what proof."
    keep_for = KeepFor("never deleted: a drive that comes back has to be recognised (I11)")

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="disposals", db_index=False)
    seq = models.IntegerField(default=0)
    head = models.CharField(max_length=DIGEST, blank=True, default="")
    """The hash of its last event."""
    state = models.CharField(max_length=16)
    since = models.BigIntegerField()
    """When it came to this state."""
    route = models.CharField(max_length=16, blank=True, default="")
    """`waste`, `donate` and the others of `inventory.disposal.states`; "" while nobody asked."""
    personal_data = models.CharField(max_length=8, blank=True, default="")
    opened_at = models.BigIntegerField()
    opened_by = models.CharField(max_length=ACTOR)
    closed_at = models.BigIntegerField(null=True)
    requested_by = models.CharField(max_length=ACTOR, blank=True, default="")
    approved_at = models.BigIntegerField(null=True)
    collection = models.CharField(max_length=64, blank=True, default="")
    contractor = models.CharField(max_length=64, blank=True, default="")
    certificate_due_at = models.BigIntegerField(null=True)
    """When the contractor's certificate is late (I9)."""
    holds = models.JSONField(default=list)
    """Kinds of hold in force, in order: `legal`, `safeguarding`, `incident` (I13)."""
    n_media = models.IntegerField(default=0)
    n_media_left = models.IntegerField(default=0)
    """Those that nothing closes yet (I5)."""
    n_exceptions = models.IntegerField(default=0)
    """Exceptions that are open."""
    rules = models.CharField(max_length=64, blank=True, default="")
    """The version of the school's rules that the last step went by."""

    class Meta:
        """One entry is on its way out once; the board reads a school's by state and age."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(closed_at=None), name="disposal_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "since", "id"], name="disposal_board"),
            models.Index(fields=["asset", "-opened_at"], name="disposal_of_asset"),
            models.Index(
                fields=["collection"], condition=~Q(collection=""), name="disposal_collection"
            ),
        ]


class DisposalEvent(Kept):
    """One step of one disposal, as it was signed; nothing changes or deletes it (I1, I12).

    `hash` is SHA-256 over `prev` and `body`, `signature` Ed25519 over the same by the key named
    `key` (`inventory.disposal.chain`).
    """

    purpose = "Proves each step of a disposal to whoever asks years later."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.CharField(max_length=ACTOR)
    type = models.CharField(max_length=32)
    body = models.BinaryField()
    """Canonical bytes (`inventory.disposal.spelling`)."""
    prev = models.CharField(max_length=DIGEST)
    hash = models.CharField(max_length=DIGEST)
    key = models.CharField(max_length=64)
    signature = models.BinaryField()
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """What was done to several in one step has one id."""
    once = models.CharField(max_length=64, blank=True, default="")
    """For what a step of this type may be taken once: an approval for its request, a receipt for
    its collection; "" for a step that may come again."""

    class Meta:
        """Numbered per disposal, never forked; approved and received once, whoever else tries."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal", "seq"], name="disposal_event_seq"),
            models.UniqueConstraint(fields=["disposal", "prev"], name="disposal_event_chain"),
            models.UniqueConstraint(
                fields=["disposal", "type", "once"],
                condition=~Q(once=""),
                name="disposal_event_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], condition=~Q(batch=""), name="disposal_event_batch"),
            models.Index(fields=["site", "type", "at"], name="disposal_event_type"),
        ]


class DisposalMedium(Kept):
    """One drive, card or other medium of one disposal, as its events left it.

    It is `open` while it is this disposal's to account for; a serial number is in one open set of
    a school at most (I10).
    """

    purpose = "Shows for each drive what became of its data, and recognises it if it comes back."
    keep_for = KeepFor("never deleted: serial numbers of the school's drives only (I11)")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="media", db_index=False)
    key = models.CharField(max_length=SERIAL)
    """The serial number as it is compared (`inventory.disposal.serials`)."""
    open = models.BooleanField(default=True)
    state = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    serial = models.CharField(max_length=TEXT, blank=True, default="")
    """As it was reported or typed."""
    make = models.CharField(max_length=TEXT, blank=True, default="")
    model = models.CharField(max_length=TEXT, blank=True, default="")
    size_bytes = models.BigIntegerField(default=0)
    wwn = models.CharField(max_length=TEXT, blank=True, default="")
    encrypted_since = models.BigIntegerField(null=True)
    waits_for = models.CharField(max_length=ACTOR, blank=True, default="")
    """Who has yet to say that they saw it destroyed (I2); "" for nobody."""

    class Meta:
        """Looked up by serial number, for reconciling and for what comes back."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal", "key"], name="disposal_medium_key"),
            models.UniqueConstraint(
                fields=["site", "key"], condition=Q(open=True), name="disposal_medium_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "key"], name="disposal_medium_serial"),
            models.Index(
                fields=["waits_for"], condition=~Q(waits_for=""), name="disposal_medium_witness"
            ),
        ]


class DisposalException(Kept):
    """Something that does not fit, with somebody who sees to it and a day (I3, I10); what it
    concerns is not closed before it is."""

    purpose = "Shows what did not fit in a disposal, and who settled it."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    disposal = models.ForeignKey(
        Disposal, models.PROTECT, related_name="exceptions", db_index=False
    )
    name = models.CharField(max_length=64)
    """Its id in the events."""
    kind = models.CharField(max_length=32)
    medium = models.CharField(max_length=SERIAL, blank=True, default="")
    """The serial number it is about, as it is compared; "" for none."""
    owned_by = models.CharField(max_length=ACTOR, blank=True, default="")
    due_at = models.BigIntegerField()
    opened_at = models.BigIntegerField()
    opened_by = models.CharField(max_length=ACTOR)
    closed_at = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=ACTOR, blank=True, default="")

    class Meta:
        """What is open, by day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal", "name"], name="disposal_exception_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "due_at"],
                condition=Q(closed_at=None),
                name="disposal_exception_due",
            ),
        ]


class DisposalNote(Kept):
    """The erasable words behind a digest in an event: SHA-256 of nonce and text."""

    purpose = "Keeps what an approver remarked, so that it can be read and, when due, erased."
    keep_for = KeepFor("6 years after it was written, or until erased on request", 6 * 366)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="notes", db_index=False)
    seq = models.IntegerField()
    at = models.BigIntegerField()
    nonce = models.CharField(max_length=32)
    text = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """One behind each event."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal", "seq"], name="disposal_note_once"),
        ]


class DisposalRules(Kept):
    """What a school asks of its disposals; the newest of its own counts, none means the defaults
    (`inventory.disposal.rules`). All stay, for the events that went by them, and so does each
    version of the defaults that one went by."""

    purpose = "Who may approve a disposal, and how drives have to be wiped, as the school decided."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    version = models.CharField(max_length=64)
    """The name that follows from the content."""
    body = models.BinaryField()
    """As `inventory.disposal.rules.encode` writes it."""
    own = models.BooleanField(default=True)
    """The school decided it; else it was the default of a release."""
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=ACTOR)


class DisposalEvidence(Kept):
    """A file that proves something: a log, a certificate, a receipt. Kept by the hash of its
    content, read once; never changed (I12)."""

    purpose = "Proves that data was destroyed and who took the equipment."
    keep_for = KeepFor("6 years after the disposal it belongs to, then its digest only", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=DIGEST)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    """What it was called when it came."""
    kind = models.CharField(max_length=24)
    """What it is: `wipe_log`, `certificate`, `receipt`, `photo` and others."""
    source = models.CharField(max_length=16)
    """How it came: `upload`, `command`, `device`."""
    parser = models.CharField(max_length=40, blank=True, default="")
    parser_version = models.CharField(max_length=24, blank=True, default="")
    parsed = models.JSONField(default=list)
    """The claims that were read from it."""
    added_at = models.BigIntegerField()
    added_by = models.CharField(max_length=ACTOR)
    erased_at = models.BigIntegerField(null=True)
    """Since when its content is gone: past its keeping, and not before."""

    class Meta:
        """A content is kept once in a school."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "sha256"], name="disposal_evidence_once"),
        ]
