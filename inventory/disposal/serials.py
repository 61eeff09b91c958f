"""A medium's serial made comparable (spec §5.3): letters and digits only, upper case.

Placeholders tell nothing apart and are refused. A medium whose serial cannot be read gets a label
of the school's, and the label's number is used. ATA strings read with each pair of bytes swapped
are *suspect*, never equal: a person compares them.
"""

from typing import Final

from inventory import marks

SHORTEST: Final = 6
LONGEST: Final = 64


def key(serial: str) -> str:
    """The comparable form, or "" for what identifies no medium."""
    plain = marks.normalise("serial", serial)
    return plain if SHORTEST <= len(plain) <= LONGEST else ""


def same(one: str, other: str) -> bool:
    """Whether two serials name one medium. What identifies nothing equals nothing."""
    return bool(key(one)) and key(one) == key(other)


def suspect(one: str, other: str) -> bool:
    """Whether one is the other with the bytes of each pair swapped, as some ATA bridges show it."""
    left, right = key(one), key(other)
    return bool(left) and left != right and key(_swapped(one)) == right


def _swapped(serial: str) -> str:
    padded = serial + " " * (len(serial) % 2)
    return "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))
