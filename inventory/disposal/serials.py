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
    """Whether one is the other with the bytes of each pair swapped, as some ATA bridges show it.
    Mutual, and never so of serials that compare equal."""
    left, right = key(one), key(other)
    if not left or not right or left == right or sorted(left) != sorted(right):
        return False
    return right in _swapped(one) or left in _swapped(other)


def _swapped(serial: str) -> set[str]:
    """As keys. The field is filled with spaces on either side, so that pairs begin at the first or
    at the second letter; and some tools leave dashes out before they swap."""
    plain = serial.strip(" \0")
    found = set()
    for written in (plain, " " + plain, key(serial), " " + key(serial)):
        even = written + " " * (len(written) % 2)
        found.add(key("".join(even[at + 1] + even[at] for at in range(0, len(even), 2))))
    return found
