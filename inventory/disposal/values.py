"""The values that events of a disposal hold, with the limits that `events.decode` keeps.

Times are epoch seconds, UTC; days are `YYYY-MM-DD` where the school is; money is whole pence; a
digest is the SHA-256 of a stored file's original bytes in lower-case hex. People are ids, never
names.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from inventory.disposal.states import Encryption, Level, MediumKind, PaperKind, Technique

MOST_MEDIA: Final = 64
"""Media of one entry; a disk shelf with more is several entries."""
MOST_FILES: Final = 32
MOST_PAPERS: Final = 32

Id = Annotated[str, Meta(min_length=1, max_length=96)]
MaybeId = Annotated[str, Meta(max_length=96)]
Actor = Annotated[str, Meta(min_length=1, max_length=96)]
"""A person's account id, `machine:<device id>` for what a machine's own key signed, or `system`."""
MaybeActor = Annotated[str, Meta(max_length=96)]
Role = Annotated[str, Meta(max_length=32)]
Serial = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[A-Z0-9]+$")]
"""As `serials.key` makes it; guards refuse what is none."""
Text = Annotated[str, Meta(max_length=200)]
Reason = Annotated[str, Meta(max_length=500)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Digests = Annotated[tuple[Digest, ...], Meta(max_length=MOST_FILES)]
MaybeDigest = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
MaybeDay = Annotated[str, Meta(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
At = Annotated[int, Meta(ge=0, le=253_402_300_799)]
Pence = Annotated[int, Meta(ge=0, le=10**11)]
Size = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Seq = Annotated[int, Meta(ge=0, le=100_000)]
Serials = Annotated[tuple[Serial, ...], Meta(max_length=MOST_MEDIA)]


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of an event: what this release does not know is refused."""


class FoundMedium(_Value, frozen=True, kw_only=True):
    """One drive or stick as a report, an inspection or an earlier disposal has it.

    `encrypted_since`: since when it was encrypted without a break, None where that is not known.
    `failed`: an earlier disposal or a report already knows it as failed (I6).
    """

    serial: Serial
    kind: MediumKind
    serial_raw: Text = ""
    wwn: Text = ""
    make: Text = ""
    model: Text = ""
    size_bytes: Size = 0
    encrypted_since: At | None = None
    failed: bool = False


class Offer(_Value, frozen=True, kw_only=True):
    """A written offer for what is to be sold; whose it is stands in the file."""

    pence: Pence
    evidence: Digest


class Paper(_Value, frozen=True, kw_only=True):
    """One paper of a contractor as it stood on the day of the collection (I7, T3, T8).

    Empty `valid_from` or `valid_until`: open on that side.
    """

    kind: PaperKind
    reference: Text = ""
    valid_from: MaybeDay = ""
    valid_until: MaybeDay = ""
    evidence: MaybeDigest = ""


class CertifiedLine(_Value, frozen=True, kw_only=True):
    """What a contractor's certificate says of one medium (I9)."""

    serial: Serial
    level: Level
    technique: Technique | None = None
    """None where it was destroyed."""
    tool: Text = ""
    succeeded: bool = True
    finished_at: At


class MediumEncryption(_Value, frozen=True, kw_only=True):
    """How one medium was encrypted, as last reported at `reported_at` (None: never)."""

    serial: MaybeId = ""
    state: Encryption = "unknown"
    reported_at: At | None = None


FoundMedia = Annotated[tuple[FoundMedium, ...], Meta(max_length=MOST_MEDIA)]
Offers = Annotated[tuple[Offer, ...], Meta(max_length=MOST_PAPERS)]
Papers = Annotated[tuple[Paper, ...], Meta(max_length=MOST_PAPERS)]
Lines = Annotated[tuple[CertifiedLine, ...], Meta(min_length=1, max_length=2 * MOST_MEDIA)]
LastEncryption = Annotated[tuple[MediumEncryption, ...], Meta(max_length=MOST_MEDIA)]
