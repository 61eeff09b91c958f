"""Decides whether a serial, asset tag, board identity or network address identifies anything at
all.

Makers leave placeholders, and every register that matched on them merged strangers. Pure functions
over `placeholders.toml`. Traps: a serial may hold dots and digits (`AB1.2CD` is real); a Dell board
serial starts with dots; the same board identity has two spellings, because old firmware swaps the
bytes of its first three fields (collectors §10).
"""

import functools
import re
from typing import Final

from checks import shipped

SHORTEST: Final = 4
"""Letters and digits a serial must have to tell anything apart."""

_WORD = re.compile(r"[0-9a-z]")
_HEX = re.compile(r"[0-9a-f]{32}")
_LABEL = re.compile(r"^(?:sn|mb|sys|asset)[-_ ]")
# "0123456789…" and "1234567890…": as long as any field of firmware.
_COUNTING: Final = ("0123456789" * 8, "1234567890" * 8, "9876543210" * 8)


@functools.cache
def _lists() -> dict[str, frozenset[str]]:
    listed = shipped.toml("hardware/placeholders.toml")
    return {name: frozenset(values) for name, values in listed.items() if isinstance(values, list)}


def is_placeholder(text: str) -> bool:
    """Whether a serial number, asset tag, make or model from firmware says nothing."""
    plain = " ".join(text.replace("\0", " ").casefold().split())
    listed = _lists()
    if plain in listed["text"] or plain.endswith(tuple(listed["ends"])):
        return True
    if plain.startswith(tuple(listed["starts"])):
        return True
    letters = "".join(_WORD.findall(_LABEL.sub("", plain)))
    return len(letters) < SHORTEST or _dull(letters) or letters.startswith(_COUNTING[2][:6])


def is_placeholder_name(text: str) -> bool:
    """Whether a make or model says nothing; short names (`HP`, `X1`) are real, unlike short
    serials.
    """
    plain = " ".join(text.replace("\0", " ").casefold().split())
    listed = _lists()
    if plain in listed["text"] or plain.startswith(tuple(listed["starts"])):
        return True
    letters = _WORD.findall(plain)
    return not letters or (len(letters) > 1 and len(set(letters)) == 1)


def _dull(letters: str) -> bool:
    """One repeated character, only zeros and ones, or digits counting up."""
    if len(set(letters)) == 1 or set(letters) <= {"0", "1"}:
        return True
    return any(counting.startswith(letters) for counting in _COUNTING[:2])


def is_placeholder_uuid(text: str) -> bool:
    """Whether a board identity is malformed, empty or shared by many machines, in either byte
    order.
    """
    digits = _uuid_digits(text)
    if digits is None or len(set(bytes.fromhex(digits))) <= 2:
        return True
    return not _shared_uuids().isdisjoint((digits, _swapped(digits)))


def is_placeholder_mac(text: str) -> bool:
    """Whether a network address is malformed, a group's, zero, or shared by many machines.

    A locally administered address (bit 0x02) is not a placeholder here, but it is no identity
    either: see `is_made_up_mac`.
    """
    plain = mac_key(text)
    if plain is None or int(plain[:2], 16) & 1 or len(set(plain.split(":"))) == 1:
        return True
    listed = _lists()
    return plain in listed["mac"] or plain.startswith(tuple(listed["mac_starts"]))


def is_made_up_mac(text: str) -> bool:
    """Whether an address is locally administered: set by software, so no identity of a card."""
    plain = mac_key(text)
    return plain is None or bool(int(plain[:2], 16) & 2)


def mac_key(text: str) -> str | None:
    """`aa:bb:cc:dd:ee:ff`, or None for what is not six bytes."""
    digits = re.sub(r"[:.\-\s]", "", text.casefold())
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def uuid_key(text: str) -> str | None:
    """One spelling for a board identity whatever order its bytes were read in; None if malformed.

    The smaller of the two spellings, with hyphens: two machines' keys are equal when either reading
    of one is a reading of the other.
    """
    digits = _uuid_digits(text)
    if digits is None:
        return None
    low = min(digits, _swapped(digits))
    return f"{low[:8]}-{low[8:12]}-{low[12:16]}-{low[16:20]}-{low[20:]}"


def same_uuid(one: str, other: str) -> bool:
    """Whether two readings are of one board identity. False if either is malformed."""
    key = uuid_key(one)
    return key is not None and key == uuid_key(other)


def _uuid_digits(text: str) -> str | None:
    digits = re.sub(r"[-{}\s]", "", text.casefold())
    return digits if _HEX.fullmatch(digits) else None


def _swapped(digits: str) -> str:
    raw = bytes.fromhex(digits)
    return (raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]).hex()


@functools.cache
def _shared_uuids() -> frozenset[str]:
    plain = [uuid.replace("-", "") for uuid in _lists()["uuid"]]
    return frozenset([*plain, *(_swapped(digits) for digits in plain)])
