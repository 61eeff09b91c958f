"""What computers sent: reports, where their content lies, the bodies they hold or owe, forks."""

from typing import ClassVar

from django.db import models
from django.db.models import Value

from controller.fleet.models.devices import DIGEST, Device
from inventory.keeping import RAW_REPORTS, WITH_OWNER, Kept


class Report(Kept):
    """One accepted report. `envelope` is packed, see `controller.fleet.packed`.

    `line` is its place in the evidence log, None for what came before there was one. `digest` is ""
    where that line holds it, `content_digest` where the envelope itself names its content by
    digest.
    """

    purpose = "The signed evidence behind every result."
    keep_for = RAW_REPORTS

    pk = models.CompositePrimaryKey("device_id", "seq")
    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="reports", db_index=False)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST, blank=True)
    received_at = models.BigIntegerField()
    created_at = models.BigIntegerField()
    envelope = models.BinaryField()
    content_digest = models.CharField(max_length=DIGEST, blank=True)
    line = models.BigIntegerField(null=True)


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
    """A second report for a place in the chain that is taken (trust §4.3).

    `held` is the report that has the place, or that stands before it, packed like `envelope`; ""
    when it is past its keeping. `answer` is what the sender was told (`forks.rule`), "" for none.
    """

    purpose = "Proves that a computer's key was copied or its disk set back."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="forks")
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    envelope = models.BinaryField()
    held = models.BinaryField(db_default=Value(b""))
    same_hardware = models.BooleanField()
    answer = models.CharField(max_length=16, db_default="")
    by_person = models.BooleanField(db_default=False)
    """Somebody said it was so; then it is not counted."""
    received_at = models.BigIntegerField()

    class Meta:
        """The same envelope is kept once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "digest"], name="fork_once"),
        ]


class Sighting(Kept):
    """A report that a withdrawn key signed: evidence that the computer is alive, and nothing else
    (trust T18).
    """

    purpose = "Proves that a computer that was taken out of service is in use."
    keep_for = WITH_OWNER

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="sightings")
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    envelope = models.BinaryField()
    received_at = models.BigIntegerField()

    class Meta:
        """The same envelope is kept once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "digest"], name="sighting_once"),
        ]


class ReadBack(Kept):
    """What reading one wiped drive back came to, as a computer's report says
    (`checks.media_wipes.MediaWipe`). The report is its proof; a disposal that uses it keeps that.
    """

    purpose = "Says whether anything survived on a wiped drive, until its disposal holds the proof."
    keep_for = RAW_REPORTS

    site = models.ForeignKey("inventory.Site", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="read_back", db_index=False)
    reading = models.CharField(max_length=32)
    """The reading's own id, so that one told twice is one."""
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    """Of the envelope that told it."""
    serial = models.CharField(max_length=64, blank=True)
    """As it is compared (`inventory.disposal.serials`): the drive's own, else the typed one; "" for
    what identifies nothing."""
    received_at = models.BigIntegerField()
    body = models.TextField()
    """All of it, canonical JSON."""

    class Meta:
        """Told once, found by its serial."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "reading"], name="read_back_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "serial", "-received_at"], name="read_back_serial"),
        ]
