"""What reading a wiped drive back came to (`caretaker-agent verify-wipe`), as the agent tells it.

Of what was found on a drive only the place and the kind leave it, never the content. A sample
proves at most that no more than a part of the drive survived: `bound` (disposal §3.1).
"""

import math
from typing import ClassVar, Final, Literal

import msgspec

from checks.facts import Facts

Outcome = Literal["clean", "survived", "unproven", "stopped", "failed"]
"""`clean`: all that was read is what was expected. `survived`: something else is there.
`unproven`: nothing but random bytes was found, which nobody can tell from encrypted files.
`stopped`: somebody ended it. `failed`: it could not be read as a whole; `why` says why."""

Why = Literal[
    "", "io-error", "short-read", "size-changed", "longer", "vanished", "replaced", "written-to"
]
"""`longer`: more could be read than the kernel says there is. `replaced`: another drive stands
under the same name. `written-to`: something wrote to it meanwhile."""

Kind = Literal[
    "zeros",
    "ones",
    "fill",
    "text",
    "partition-table",
    "boot-sector",
    "ntfs",
    "bitlocker",
    "fat",
    "exfat",
    "ext",
    "xfs",
    "btrfs",
    "apfs",
    "hfs",
    "luks",
    "lvm",
    "raid",
    "swap",
    "squashfs",
    "zip",
    "pdf",
    "jpeg",
    "png",
    "office",
    "sqlite",
    "program",
    "archive",
    "data",
]
"""What a piece that survived looks like at its beginning; `data`: like nothing in particular.
`fill`: one byte over and over."""

Pattern = Literal["zero", "ones", "periodic", "random"]
Residue = Literal["none", "blancco", "wiperapp"]

SECTOR: Final = 512
PLACES: Final = 16
"""Places told at most; when there are more, reading ends."""
BILLION: Final = 10**9
CONFIDENCES: Final = (95, 99)
"""Per cent, for which a sample's bound is told."""


class Survivor(msgspec.Struct, frozen=True):
    """One run of sectors that hold something else: where, how long, what it looks like."""

    offset: int
    """Of the first byte that differs, from the beginning of the drive."""

    size_bytes: int
    """Of the run, counted in whole sectors; what a sample read of it."""

    kind: Kind


class Sample(msgspec.Struct, frozen=True):
    """Which blocks were drawn: anybody can draw them again from the seed."""

    blocks: int
    block_bytes: int
    seed: str
    """32 hexadecimal digits, drawn when the reading began."""


class MediaWipe(msgspec.Struct, frozen=True):
    """One reading. Times are epoch seconds UTC by the clock of the computer that read."""

    id: str
    """32 hexadecimal digits: told twice, it is still one."""

    serial: str
    """As the drive itself says; empty: it does not."""

    typed_serial: str
    """As a person typed it, who may have read it off the label; empty: nobody did."""

    model: str
    vendor: str
    wwn: str
    transport: str
    """`sata nvme usb sas mmc virtual`, as lsblk spells another; empty: unknown."""

    rotational: bool | None
    what: Literal["drive", "partition", "image"]
    size_bytes: int
    """By the kernel."""

    pattern: Pattern
    period_bytes: int
    """Of a pattern that repeats, else 0."""

    pattern_digest: str
    """SHA-256 of one period from the beginning of the drive on, in hex; empty for `random`."""

    learned: bool
    """Whether the pattern was taken from the drive itself."""

    residue: Residue
    """The tool whose own report may stand on the drive: named by whoever asked."""

    residue_sectors: int
    sample: Sample | None
    """None: all of it was to be read."""

    read_bytes: int
    direct: bool
    """Whether it was read past the computer's memory of it; else that was let go of before."""

    began_at: int
    ended_at: int
    outcome: Outcome
    why: Why
    failed_at: int | None
    """Where it could not be read."""

    survivors: list[Survivor]
    whole: bool
    """Whether it was read to its end, or the sample to its last block."""


class MediaWipes(Facts, frozen=True):
    """What was read back since the report before, oldest first. Disposal reads it."""

    section: ClassVar[str] = "media_wipes_now"
    schema: ClassVar[int] = 1

    wipes: list[MediaWipe]


def bound(blocks: int, confidence: int) -> int:
    """The largest part of a drive, in parts per billion, that `blocks` drawn clean leave possible.

    f <= 1 - (1 - c)^(1/n), rounded up (disposal §3.1). `confidence` in per cent.
    """
    if blocks < 1:
        return BILLION
    part = -math.expm1(math.log1p(-confidence / 100) / blocks)
    return min(BILLION, math.ceil(part * BILLION))
