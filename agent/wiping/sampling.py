"""Which blocks a sample reads: two in each of equal parts of the drive, drawn from a seed.

Each draw is even over its part, so n clean blocks prove `checks.media_wipes.bound`: of all ways in
which survivors could be spread, an even one is found least often, and that is the formula's. A run
that holds a whole part is always found; its first and last block are read besides and not counted.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from checks.media_wipes import Sample

BLOCK: Final = 4096
FEWEST: Final = 2
MOST: Final = 10_000_000
_RANGE: Final = 1 << 128


def parts(sample: Sample) -> int:
    """How many equal parts the drive is cut into."""
    return sample.blocks // 2


def places(sample: Sample, size: int) -> Iterator[int]:
    """Offsets of the blocks to read, growing, none twice; first and last block among them.

    `size`: of the drive, at least two blocks for each part. The last block may be a short one.
    """
    block = sample.block_bytes
    last = (size - 1) // block * block
    before = -1
    for place in _all(sample, size, last):
        if place > before:
            yield place
            before = place


def _all(sample: Sample, size: int, last: int) -> Iterator[int]:
    yield 0
    for part in range(parts(sample)):
        one = _drawn(sample, size, part, 0)
        turn = 1
        while (other := _drawn(sample, size, part, turn)) == one:
            turn += 1
        yield from sorted((one, other))
    yield last


def _drawn(sample: Sample, size: int, part: int, turn: int) -> int:
    """An even draw of a byte of that part, and the block it lies in."""
    text = f"{sample.seed} {part} {turn}".encode()
    number = int.from_bytes(hashlib.sha256(text).digest()[:16], "big")
    byte = (part * _RANGE + number) * size // (parts(sample) * _RANGE)
    return byte // sample.block_bytes * sample.block_bytes
