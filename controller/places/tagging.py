"""Lines of tags, typed or scanned: every one must be one entry's, or it is said which is not."""

from collections.abc import Sequence
from typing import Final

from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.places.contents import Typed, read_typed

_NAMED: Final = 8


def all_of(site: str, text: str) -> list[str]:
    """The entries. Raises RegisterError that names the lines that are none's."""
    read = read_typed(site, text)
    if read.fine:
        return read.ids
    raise RegisterError("bad_tags", " ".join(faults(read)) or "Type at least one tag.", "tags")


def faults(read: Typed) -> list[str]:
    """What is wrong with the lines, a sentence each."""
    found = []
    if read.nobody:
        found.append(f"No entry has this tag or serial number: {named(read.nobody)}.")
    if read.several:
        found.append(f"More than one entry has this serial number: {named(read.several)}.")
    return [*found, "Nothing was changed; correct or remove these lines."] if found else []


def named(lines: Sequence[str]) -> str:
    """The first few of them."""
    some = ", ".join(shown(line, 40) for line in lines[:_NAMED])
    more = len(lines) - _NAMED
    return f"{some} and {more} more" if more > 0 else some
