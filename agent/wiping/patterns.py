"""What a wiped drive should hold: one period, over and over, from its first byte on."""

import hashlib
import math
from typing import Final

import msgspec

from checks import media_wipes
from checks.media_wipes import SECTOR

LONGEST: Final = 4096
"""Bytes of a period at most: firmware that erases to a pattern repeats within a block."""
LEARN: Final = 4 * LONGEST
"""Bytes a pattern is learned from: two periods at least, so that chance is no pattern."""
_UNIT: Final = 4096


class Pattern(msgspec.Struct, frozen=True):
    """`period`: one turn of it, beginning with the drive's first byte; empty for `random`."""

    name: media_wipes.Pattern
    period: bytes
    learned: bool = False

    @property
    def digest(self) -> str:
        """Tells two patterns apart without showing either."""
        return hashlib.sha256(self.period).hexdigest() if self.period else ""

    def at(self, offset: int, size: int) -> bytes:
        """What the drive holds from there on."""
        turn = len(self.period)
        start = offset % turn
        return (self.period * ((start + size) // turn + 1))[start : start + size]

    def unit(self, offset: int) -> bytes:
        """Whole turns from there on, a block's worth or a little more."""
        turn = len(self.period)
        return self.at(offset, turn * math.ceil(_UNIT / turn))


ZERO: Final = Pattern("zero", b"\0")
ONES: Final = Pattern("ones", b"\xff")
RANDOM: Final = Pattern("random", b"")


def asked(text: str) -> Pattern | None:
    """What `--expect` names: a word, or a period as hexadecimal digits behind 0x. None: neither,
    `periodic` among them, which is learned."""
    known = {"zero": ZERO, "ones": ONES, "random": RANDOM}
    if text in known:
        return known[text]
    digits = text.removeprefix("0x")
    if digits == text or len(digits) % 2 or not 2 <= len(digits) <= 2 * LONGEST:
        return None
    try:
        return _named(bytes.fromhex(digits), learned=False)
    except ValueError:
        return None


def learned(data: bytes, offset: int) -> Pattern | None:
    """The shortest period of what stands at `offset`; None where nothing repeats."""
    if len(data) < 2 * SECTOR:
        return None
    for turn in range(1, min(LONGEST, len(data) // 2) + 1):
        if data[turn] == data[0] and data[turn:] == data[:-turn]:
            start = -offset % turn
            return _named(data[start : start + turn], learned=True)
    return None


def _named(period: bytes, *, learned: bool) -> Pattern:
    if not any(period):
        return Pattern("zero", b"\0", learned)
    if set(period) == {0xFF}:
        return Pattern("ones", b"\xff", learned)
    return Pattern("periodic", period, learned)
