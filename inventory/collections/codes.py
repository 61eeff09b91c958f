"""The waste codes of `waste_codes.toml`: suggested, never the last word (spec §1.5)."""

import functools
import re
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError

_FILE: Final = Path(__file__).with_name("waste_codes.toml")
NOTES: Final = ("", "transfer", "consignment")
BATTERIES: Final = ("", "none", "in", "removed", "damaged")
_CODE: Final = re.compile(r"(\d\d)\s?(\d\d)\s?(\d\d)\s?(\*?)")


class Waste(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of waste; see the head of the file."""

    label: str
    household: str
    business: str
    kinds: tuple[str, ...]
    source: str
    as_of: str
    sure: bool


@functools.cache
def wastes() -> dict[str, Waste]:
    """Every kind by id."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Waste])


def suggested(kind: str) -> str:
    """The code for a kind of entry; "" where it has to be assessed, or nothing is known."""
    return next((one.business for one in wastes().values() if kind in one.kinds), "")


def hazardous(code: str) -> bool:
    """Whether it needs a consignment note."""
    return code.endswith("*")


def cleaned(text: str, field: str) -> str:
    """A code in its one form, `16 02 13*`; "" for nothing. Raises RegisterError."""
    if not text.strip():
        return ""
    found = _CODE.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        sentence = "A waste code has six digits, such as 16 02 13*, or 16 02 14."
        raise RegisterError("bad_value", sentence, field)
    return " ".join(found.groups()[:3]) + found[4]
