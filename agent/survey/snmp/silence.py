"""Who answered, and whom to leave alone for a day: kept beside the scanner's secrets.

Most of what answers on the wire has no SNMP, and says so by silence. A device that was asked three
times in vain is not asked again for a day (network §4); one that answered before and is silent now
is a problem of the round's, the others are not.
"""

import logging
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files

log = logging.getLogger("agent")

FILE: Final = "snmp_silence.json"
TIMES: Final = 3
REST: Final = 86_400
MOST: Final = 8_192
"""Addresses, as many as a scope may have."""
_LARGEST: Final = 2_000_000


class Known(msgspec.Struct, omit_defaults=True):
    """One address. `until`: epoch seconds UTC before which it is left alone."""

    answered: bool = False
    silent: int = 0
    until: int = 0


class _Kept(msgspec.Struct):
    v: Literal[1] = 1
    known: dict[str, Known] = {}


class Silence:
    """What is known of each address, read once and written once."""

    def __init__(self, folder: Path) -> None:
        """What can be read; a damaged file is a new one."""
        self._path = folder / FILE
        try:
            data = files.read_or_none(self._path, _LARGEST)
            self._known = msgspec.json.decode(data, type=_Kept).known if data else {}
        except (msgspec.DecodeError, UnicodeDecodeError, OSError):
            log.warning("code=snmp_silence_unreadable")
            self._known = {}

    def resting(self, address: str, now: int) -> bool:
        """Whether it is left alone."""
        return now < self._known.get(address, Known()).until

    def answered_before(self, address: str) -> bool:
        """Whether it ever answered."""
        return self._known.get(address, Known()).answered

    def heard(self, address: str) -> None:
        """It answered."""
        self._known[address] = Known(answered=True)

    def silent(self, address: str, now: int, times: int) -> None:
        """It was asked so many times in vain."""
        known = self._known.setdefault(address, Known())
        known.silent += times
        if known.silent >= TIMES:
            known.silent, known.until = 0, now + REST

    def save(self, asked: set[str]) -> None:
        """Keep what is known of those that were asked this time; of the others the newest."""
        kept = [*asked, *(one for one in self._known if one not in asked)][:MOST]
        known = {one: self._known[one] for one in kept if one in self._known}
        try:
            files.replace(self._path, msgspec.json.encode(_Kept(known=known), order="sorted"))
        except OSError:
            log.warning("code=snmp_silence_unwritten")
