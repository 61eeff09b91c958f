"""The ids of a computer's programs in one column: four bytes each, little-endian, ascending."""

import sys
from array import array
from collections.abc import Iterable
from typing import Final

_TYPE: Final = "I"
_BIG: Final = sys.byteorder == "big"


def pack(ids: Iterable[int]) -> bytes:
    """Ids as they are stored."""
    told = array(_TYPE, sorted(set(ids)))
    if _BIG:
        told.byteswap()
    return told.tobytes()


def unpack(packed: bytes | memoryview) -> "array[int]":
    """The ids, ascending. What is no whole number of ids long loses its end."""
    told: array[int] = array(_TYPE)
    told.frombytes(bytes(packed[: len(packed) // told.itemsize * told.itemsize]))
    if _BIG:
        told.byteswap()
    return told
