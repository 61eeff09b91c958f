"""Small things that pages, lists and certificates of disposals say alike. Pure.

Every string that goes in may be hostile; every string that comes out may be shown as it is.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from controller.disposal.words import words
from controller.wording.shown import shown
from inventory.disposal.now import Medium
from inventory.disposal.values import FoundMedium

HANDS: Final = "the technician, the provider or the business manager"
OFFICE: Final = "the head’s team, the business manager or an administrator"
STOPS: Final = f"whoever leads safeguarding, {OFFICE}"
PROVED: Final = frozenset({"done", "certified", "destroyed", "retained", "gone", "never_there"})
"""States in which nothing more is asked of a drive."""
LEFT: Final = "somebody who has left"
SYSTEM: Final = "Caretaker itself"
_MACHINE: Final = "machine:"
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB", "PB")


class File(msgspec.Struct, frozen=True):
    """A kept file: what it is called and the SHA-256 of its bytes; `id` "" where its page is not
    to be opened, `name` "" where only the digest is known any more."""

    sha256: str
    name: str = ""
    kind: str = ""
    id: str = ""
    at: int = 0
    by: str = ""


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What ids stand for: accounts and people, computers by device id, waste companies, entries,
    and files by digest. `drives`: what is written on each drive, by its comparable serial."""

    people: Mapping[str, str] = {}
    machines: Mapping[str, str] = {}
    companies: Mapping[str, str] = {}
    entries: Mapping[str, str] = {}
    files: Mapping[str, File] = {}
    drives: Mapping[str, str] = {}

    def who(self, actor: str) -> str:
        """A person by name, or the computer whose key signed."""
        if actor.startswith(_MACHINE):
            name = shown(self.machines.get(actor.removeprefix(_MACHINE), ""))
            return f"the computer {name}, by its own key" if name else "a computer, by its own key"
        if actor == "system":
            return SYSTEM
        return shown(self.people.get(actor, "")) or LEFT

    def company(self, contractor: str) -> str:
        """A waste company by name."""
        return shown(self.companies.get(contractor, "")) or "a company that is not in the list"

    def drive(self, serial: str) -> str:
        """A drive as its label has it."""
        return shown(self.drives.get(serial, "")) or serial

    def file(self, sha256: str) -> File:
        """A file; only its digest where nothing else is known of it."""
        return self.files.get(sha256) or File(sha256)


def pounds(pence: int) -> str:
    """`£12.50`, `£320`."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def size(count: int) -> str:
    """`512 GB`, as labels of drives say it; "" for nothing."""
    if count <= 0:
        return ""
    number, unit = float(count), 0
    while number >= 999.5 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    digits = 0 if number >= 10 or not unit else 1
    return f"{number:.{digits}f} {_UNITS[unit]}"


def bound(parts: int) -> str:
    """What a sample proves: at most so much may be left. `parts` per thousand million."""
    percent = parts / 1e7
    return f"{percent:.4f}".rstrip("0").rstrip(".") + " %" if percent >= 0.0001 else "0.0001 %"


def read_back(method: str, parts: int) -> str:
    """How a wipe was checked, with what that proves."""
    said = words().methods.get(method, method)
    if method != "sample" or not parts:
        return said
    return f"{said}: with 99 % confidence at most {bound(parts)} of it is not empty"


def drive_name(drive: FoundMedium | Medium) -> str:
    """`Samsung SSD 870 S6PNNX0T1`: what is written on a drive."""
    said = (drive.make, drive.model, drive.serial_raw or drive.serial)
    return " ".join(shown(one) for one in said if one)


def listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]
