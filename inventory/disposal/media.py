"""Which media an entry has, as its computer last told: what an approval would freeze (I3). Pure.

A proposal, never the set itself: whoever approves sees it, with everything that only a look into
the case can answer. What the computer said is handed in, because the register knows no reports.
"""

from collections import Counter
from typing import Final, Literal

import msgspec

from inventory.disposal import serials
from inventory.disposal.states import Encryption, MediumKind

Doubt = Literal["no_serial", "twice", "kind", "no_size"]
Why = Literal["never", "blind", "none", "old", "attached", "drive"]
DAY: Final = 86_400
FRESH_DAYS: Final = 30
"""A report older than this says little about what is in the case now."""

_KINDS: Final[dict[tuple[str, bool], MediumKind]] = {
    ("sata", True): "hdd_ata",
    ("sata", False): "ssd_sata",
    ("sas", True): "hdd_sas",
    ("sas", False): "ssd_sata",
    ("nvme", False): "ssd_nvme",
    ("mmc", False): "emmc",
    ("usb", True): "usb",
    ("usb", False): "usb",
}
"""By transport and whether it turns; the rest is looked at by a person."""


class ReportedDisk(msgspec.Struct, frozen=True):
    """One drive as a computer told it; strings are hostile, "" for not told."""

    serial: str
    wwn: str
    make: str
    model: str
    size_bytes: int
    rotational: bool
    transport: str
    removable: bool


class Reported(msgspec.Struct, frozen=True):
    """What a computer last said is in it. `disks` None: it could not look."""

    heard_at: int
    disks: tuple[ReportedDisk, ...] | None
    attached: int = 0
    """Drives that were plugged in from outside then."""
    encryption: Encryption = "unknown"
    """Of all its volumes together."""
    encrypted_since: int | None = None
    """Since when every look found all of them encrypted; the first one that did."""


class Proposed(msgspec.Struct, frozen=True):
    """One medium. `key`: the serial number as it is compared, "" where it identifies nothing;
    `doubts`: what only a look can answer."""

    serial: str
    key: str
    wwn: str
    kind: MediumKind
    make: str
    model: str
    size_bytes: int | None
    encrypted_since: int | None
    doubts: tuple[Doubt, ...]


class Proposal(msgspec.Struct, frozen=True):
    """The media of one entry. Somebody has to look inside before it is approved where `why` says
    anything but `attached`."""

    media: tuple[Proposed, ...]
    heard_at: int | None
    encryption: Encryption
    encrypted_since: int | None
    why: tuple[Why, ...]

    @property
    def needs_inspection(self) -> bool:
        """Whether the reports do not say it all."""
        return any(one != "attached" for one in self.why)


NOTHING: Final = Proposal((), None, "unknown", None, ("never",))
SENTENCES: Final[dict[Why, str]] = {
    "never": "No computer reports as this entry. Look inside, and write down each drive by its"
    " serial number, or that there is none.",
    "blind": "Its last report could not see its drives. Look inside, and write down each of them.",
    "none": "Its last report names no drive. Look inside, and confirm that there is none.",
    "old": f"Its last report is more than {FRESH_DAYS} days old. Look whether the same drives are"
    " still in it.",
    "attached": "A drive was plugged in from outside when it last reported. What is not part of it"
    " is an entry of its own.",
    "drive": "A drive tells no serial number, or one that is not its own. Read it off its label.",
}


def propose(reported: Reported | None, at: int) -> Proposal:
    """The media an entry probably has, by what its computer last said; `at` is now."""
    if reported is None:
        return NOTHING
    inside = [disk for disk in reported.disks or () if not disk.removable]
    keys = Counter(serials.key(disk.serial) for disk in inside)
    media = tuple(_proposed(disk, keys, reported) for disk in inside)
    found: dict[Why, bool] = {
        "blind": reported.disks is None,
        "none": reported.disks is not None and not inside,
        "drive": any(one.doubts for one in media),
        "old": reported.heard_at < at - FRESH_DAYS * DAY,
        "attached": reported.attached > 0,
    }
    why = tuple(one for one, so in found.items() if so)
    return Proposal(media, reported.heard_at, reported.encryption, reported.encrypted_since, why)


def _proposed(disk: ReportedDisk, keys: Counter[str], reported: Reported) -> Proposed:
    key = serials.key(disk.serial)
    kind = _KINDS.get((disk.transport, disk.rotational))
    doubts: dict[Doubt, bool] = {
        "no_serial": not key,
        "twice": bool(key) and keys[key] > 1,
        "kind": kind is None,
        "no_size": disk.size_bytes <= 0,
    }
    return Proposed(
        serial=disk.serial,
        key=key,
        wwn=disk.wwn,
        kind=kind or "unknown",
        make=disk.make,
        model=disk.model,
        size_bytes=disk.size_bytes if disk.size_bytes > 0 else None,
        encrypted_since=reported.encrypted_since,
        doubts=tuple(one for one, so in doubts.items() if so),
    )
