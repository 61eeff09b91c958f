"""Which volumes the school's list of approved media names, without a serial number standing in it.

An entry of the list is `serial:<salt>:<hash>`, or `device:<salt>:<hash>` where the maker's and the
product's numbers are known, too: 64 bits of salt and the first 128 bits of a scrypt hash of the
serial number as `serial_key` writes it. Whoever reads the policy of a computer learns no serial
number from it that they could not guess; one try costs them what it costs us, about 15 ms and 4 MB.

A school has one salt, so a volume is hashed once or twice, however long the list is. At most
MOST_HASHES a round; what is left over was not looked at.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from checks.hardware import placeholders
from checks.removable_media.facts import Kind
from checks.unseen import Maybe, Unseen

CHECK: Final = "usb-storage-seen"
SETTING: Final = "approved"
MOST_ENTRIES: Final = 200
"""Of one school; more are not looked for."""
MOST_HASHES: Final = 24
SHORTEST: Final = 4
"""Letters and digits; a shorter serial number names nothing."""
LONGEST: Final = 128
_COST: Final = 4096
_BLOCK: Final = 8
_ENTRY: Final = re.compile(r"(serial|device):([0-9a-f]{16}):([0-9a-f]{32})")
_NUMBERS: Final = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_BETWEEN: Final = re.compile(r"[^A-Z0-9]")
_TAG: Final = 8
_COUNTING: Final = "0123456789ABCDEF" * 8
"""Cheap sticks count in place of a serial number, all of a batch alike."""


def serial_key(text: str) -> str:
    """A serial number as every system would write it: capital letters and digits; "" for one that
    tells no device from another."""
    key = _BETWEEN.sub("", text[: 2 * LONGEST].upper())[:LONGEST]
    dull = placeholders.is_placeholder(text) or key in _COUNTING
    return "" if len(key) < SHORTEST or dull else key


def entry(salt: str, serial: str, usb: str = "") -> str:
    """The entry that names a device; `usb` as `0781:5581`, "" where nobody knows it. Raises
    ValueError for what names none."""
    key = serial_key(serial)
    if not key or (usb and not _NUMBERS.fullmatch(usb)):
        raise ValueError(f"names no device: {serial[:LONGEST]!r} {usb[:LONGEST]!r}")
    made = f"{'device' if usb else 'serial'}:{salt}:{_hash(salt, key, usb)}"
    if not is_entry(made):
        raise ValueError(f"no salt: {salt[:LONGEST]!r}")
    return made


def is_entry(pattern: str) -> bool:
    """Whether a line of the list names a device by its serial number; others are globs over ids."""
    return _ENTRY.fullmatch(pattern) is not None


def entries(patterns: Iterable[str]) -> list[str]:
    """Those lines of a list that name devices by serial number, each once, in order."""
    return sorted({one for one in patterns if is_entry(one)})


def salt_of(named: str) -> str:
    """The salt of an entry."""
    return named.split(":")[1]


def tag(named: str) -> str:
    """What says that an entry was looked for, in eight characters."""
    return named[-_TAG:]


class SchoolList:
    """The entries of one policy, and which devices they name."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """`patterns`: every line of the list, whatever it is."""
        self._entries = entries(patterns)[:MOST_ENTRIES]
        self._made: dict[tuple[str, str, str], str] = {}

    @property
    def tags(self) -> list[str]:
        """The entries that are looked for, in order."""
        return sorted({tag(one) for one in self._entries})

    def naming(self, kind: Kind, usb: str, serial: str) -> Maybe[list[str]]:
        """The entries that name a device. A card may have a serial number on another system, and a
        phone is none of the list's."""
        key = serial_key(serial)
        if kind == "phone" or (kind == "sd" and not key):
            return Unseen("unsupported")
        if not key or not self._entries:
            return []
        made = [self._spelled(form, salt, key, usb) for form, salt in self._wanted(kind)]
        found = [one for one in made if isinstance(one, str) and one in self._entries]
        blind = next((one for one in made if isinstance(one, Unseen)), None)
        return blind if blind is not None and not found else found

    def _wanted(self, kind: Kind) -> list[tuple[str, str]]:
        """Forms and salts to try; a card has no maker's and product's numbers."""
        parts = {(one.split(":")[0], salt_of(one)) for one in self._entries}
        return sorted(part for part in parts if kind != "sd" or part[0] == "serial")

    def _spelled(self, form: str, salt: str, key: str, usb: str) -> Maybe[str]:
        """The entry a device would have."""
        if form == "device" and not _NUMBERS.fullmatch(usb):
            return Unseen("unsupported")
        hashed = self._hashed(salt, key, usb if form == "device" else "")
        return Unseen("too-large") if hashed is None else f"{form}:{salt}:{hashed}"

    def _hashed(self, salt: str, key: str, usb: str) -> str | None:
        """None where too much was hashed already."""
        what = (salt, key, usb)
        if what not in self._made:
            if len(self._made) >= MOST_HASHES:
                return None
            self._made[what] = _hash(*what)
        return self._made[what]


def _hash(salt: str, key: str, usb: str) -> str:
    told = f"caretaker-media\0{key}\0{usb}".encode()
    return hashlib.scrypt(
        told, salt=salt.encode(), n=_COST, r=_BLOCK, p=1, maxmem=16 << 20, dklen=16
    ).hex()
