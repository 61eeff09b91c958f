"""The patterns by which a title goes into the list of approved software: as tight as its names are.

What changes with the next version becomes a star, the rest stands as it is: `7-Zip 23.01 (x64)`
gives `7-Zip * (x64)`. Characters that patterns give a meaning to become `?`.
"""

import re
from collections.abc import Collection
from typing import Final

from inventory.software.queries import Spelling

_STAR: Final = "*"
_NUMBERED: Final = re.compile(r"v?\d+(?:[._]\d+)+(?:[-+~]?[0-9a-z]{1,12})*", re.IGNORECASE)
_UPDATE: Final = re.compile(r"(?<=\bUpdate )\d+", re.IGNORECASE)
_MEANING: Final = re.compile(r"[\[\]*?]")
_MOST_STARS: Final = 4
LONGEST: Final = 200


def pattern(name: str, version: str) -> str:
    """One name as a pattern; "" for one that would fit almost everything."""
    told = _MEANING.sub("?", name.strip())
    if version and len(version) > 1 and version in told:
        told = told.replace(version, _STAR)
    told = _UPDATE.sub(_STAR, _NUMBERED.sub(_STAR, told))
    told = re.sub(r"\*(?:[ .-]*\*)+", _STAR, told)[:LONGEST]
    letters = sum(character.isalnum() for character in told)
    return told if letters >= 2 and told.count(_STAR) <= _MOST_STARS and "…" not in told else ""


def patterns(spellings: Collection[Spelling]) -> list[str]:
    """Those of a title that are not agreed to yet: each once, in order."""
    found = {pattern(one.name, one.version) for one in spellings if not one.agreed}
    return sorted(filter(None, found), key=str.casefold)


def fitting(spellings: Collection[Spelling]) -> set[str]:
    """Every pattern that was made for these names, or would be; case folded."""
    names = {_MEANING.sub("?", one.name).casefold() for one in spellings}
    return names | {pattern(one.name, one.version).casefold() for one in spellings}
