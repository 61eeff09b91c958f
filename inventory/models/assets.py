"""What a school owns, the marks it is recognised by, its history, and its papers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import NEVER_DELETED, WITH_OWNER, KeepFor, Kept
from inventory.models.sites import ID_LENGTH, Person, Pool, Room, Site


class Asset(Kept):
    """Something the school owns. Its state is set by people only; a report never changes it.

    The row is the fold of its events (`inventory.assets.folding`); `inventory.assets.fields` says
    what each column may hold.
    """

    purpose = "The school's register of equipment: insurance, replacement, disposal."
    keep_for = KeepFor("6 years after disposal", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="assets", db_index=False)
    seq = models.IntegerField(default=0)
    """Number of its last event: whoever changes it says which one they saw."""
    state = models.CharField(max_length=32, default="in_use")
    created_at = models.BigIntegerField()
    fixed_by_person = models.JSONField(default=list)
    """Names of fields a person entered; a report leaves them alone until released (S40)."""
    merged_into = models.CharField(max_length=ID_LENGTH, blank=True, default="")

    tag = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=32, default="computer")
    name = models.CharField(max_length=255, blank=True, default="")
    make = models.CharField(max_length=128, blank=True, default="")
    model = models.CharField(max_length=128, blank=True, default="")
    serial = models.CharField(max_length=128, blank=True, default="")
    uuid = models.CharField(max_length=64, blank=True, default="")
    imei = models.CharField(max_length=32, blank=True, default="")
    security_mark = models.CharField(max_length=64, blank=True, default="")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="assets", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="assets", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="holds")
    holder = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """Id of the person, room, pool or trolley its open allocation names."""
    due_on = models.CharField(max_length=10, blank=True, default="")
    """The day its loan ends, "" for none."""
    papers = models.JSONField(default=list)
    """Ids of the papers and photographs on its page; one taken off stays in the history."""
    condition = models.CharField(max_length=16, blank=True, default="")
    personal_data = models.CharField(max_length=8, blank=True, default="")
    ownership = models.CharField(max_length=16, default="owned")
    owner = models.CharField(max_length=128, blank=True, default="")
    funding = models.CharField(max_length=128, blank=True, default="")
    bought_on = models.CharField(max_length=10, blank=True, default="")
    acquired = models.CharField(max_length=16, blank=True, default="")
    cost_pence = models.BigIntegerField(null=True)
    supplier = models.CharField(max_length=128, blank=True, default="")
    order = models.CharField(max_length=64, blank=True, default="")
    invoice = models.CharField(max_length=64, blank=True, default="")
    finance_number = models.CharField(max_length=64, blank=True, default="")
    warranty_until = models.CharField(max_length=10, blank=True, default="")
    review_on = models.CharField(max_length=10, blank=True, default="")
    support_ends = models.CharField(max_length=10, blank=True, default="")
    replace_on = models.CharField(max_length=10, blank=True, default="")
    notes = models.TextField(blank=True, default="")

    class Meta:
        """Tags are the school's and never twice in one school."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "tag"], condition=~Q(tag=""), name="asset_site_tag"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "name", "id"], name="asset_site_name"),
            models.Index(fields=["site", "tag", "id"], name="asset_by_tag"),
            models.Index(fields=["site", "room"], name="asset_site_room"),
            models.Index(fields=["site", "pool"], name="asset_site_pool"),
            models.Index(fields=["site", "state", "kind"], name="asset_site_state"),
            models.Index(fields=["holder"], condition=~Q(holder=""), name="asset_holder"),
            models.Index(fields=["site", "due_on"], condition=~Q(due_on=""), name="asset_due"),
        ]


class AssetMark(Kept):
    """One normalised mark an asset is recognised by: serial, board UUID, board serial or permanent
    MAC.
    """

    purpose = "Recognises a computer that is already in the register."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=128)
    entered = models.BooleanField(default=False)
    """It follows from what a person typed, so it goes when they correct it."""
    lent_by = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The merged entry it came from, and goes back to."""
    resting = models.BooleanField(default=False)
    """Its entry is merged: it recognises nothing until that is undone."""

    class Meta:
        """One asset has a mark once; two assets may share one, and then a person decides."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "kind", "value"], name="mark_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "kind", "value"], name="mark_lookup")]


class AssetEvent(Kept):
    """One change of one asset, append-only; the asset's row is the fold of these.

    Holds values (they may be erased), while the ledger's event of the same moment holds their
    digest.
    """

    purpose = "The history of each thing the school owns."
    keep_for = NEVER_DELETED

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    source = models.CharField(max_length=12, default="system")
    """`person`, `report`, `import` or `system`."""
    verb = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    nonce = models.CharField(max_length=32)
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """What was done in one step has one id, so that it can be undone in one step."""

    class Meta:
        """Numbered per asset."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "seq"], name="asset_event_seq"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], condition=~Q(batch=""), name="asset_event_batch"),
        ]


class Allocation(Kept):
    """Who or what an asset was given to, from when until when; one at a time.

    Exactly one of `person`, `room`, `pool`, `trolley` is set.
    """

    purpose = "Whom equipment is allocated or lent to, on which conditions, until when."
    keep_for = KeepFor("6 years after it ended", 6 * 365)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="allocations", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="allocations")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="+", db_index=False)
    trolley = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.BigIntegerField()
    given_by = models.CharField(max_length=40)
    due_on = models.CharField(max_length=10, blank=True, default="")
    """A loan has a day it ends on; "" is for good."""
    goes_home = models.BooleanField(default=False)
    conditions = models.TextField(blank=True, default="")
    """The words that were agreed to, kept as they were then."""
    signature = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of the picture of a signature, "" for none."""
    until = models.BigIntegerField(null=True)
    taken_by = models.CharField(max_length=40, blank=True, default="")
    returned_as = models.CharField(max_length=16, blank=True, default="")
    """Its condition then, or `mistake` where it was never meant to be given."""
    return_signature = models.CharField(max_length=64, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    terms = models.ForeignKey("Conditions", models.PROTECT, null=True, related_name="+")
    """The version of the school's text that `conditions` is a copy of."""
    reason = models.CharField(max_length=120, blank=True, default="")
    """What it is for: a trip, a term at home."""
    personal_use = models.CharField(max_length=16, blank=True, default="")
    """What the person declared about use of their own: "" nothing yet, `none` or `significant`."""
    declared_at = models.BigIntegerField(null=True)
    return_note = models.CharField(max_length=500, blank=True, default="")
    scanned = models.CharField(max_length=8, blank=True, default="")
    """Whether its memory cards were scanned when it came back: `yes`, `no`, "" not asked."""
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """What was handed over in one step has one id, one signature and one receipt."""
    return_batch = models.CharField(max_length=ID_LENGTH, blank=True, default="")

    class Meta:
        """One open allocation per asset; exactly one holder."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(until=None), name="allocation_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "until", "due_on"], name="allocation_due"),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="allocation_batch"),
            models.Index(
                fields=["return_batch"], condition=~Q(return_batch=""), name="allocation_returned"
            ),
        ]


class Document(Kept):
    """A paper or a picture, stored once by its content's digest; what it belongs to may be many."""

    purpose = "Receipts, photographs and signatures that belong to the school's equipment."
    keep_for = KeepFor("as long as what it belongs to", None)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=16)
    """`photo`, `document` or `signature`."""
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_at = models.BigIntegerField()
    added_by = models.CharField(max_length=40)
    erased_at = models.BigIntegerField(null=True)
    """Since when its content is gone for good; which papers a page shows is the entry's own."""

    class Meta:
        """Found by content."""

        indexes: ClassVar = [models.Index(fields=["site", "sha256"], name="document_content")]
