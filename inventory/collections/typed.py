"""What people type or paste of receipts and certificates: one thing to a line. Pure."""

import re
from typing import Final

import msgspec

from checks.words import clean
from inventory.assets.errors import RegisterError

MOST_LINES: Final = 500
LONGEST: Final = 64
LONGEST_CONDITION: Final = 120
_PARTS: Final = re.compile(r"[\t;,|]")
_SAYS: Final[dict[str, frozenset[str]]] = {
    "destroyed": frozenset({"destroyed", "shredded", "crushed", "disintegrated", "incinerated"}),
    "wiped": frozenset({"wiped", "erased", "sanitised", "sanitized", "ok", "passed"}),
    "not": frozenset({"failed", "not", "aborted", "no", "unsuccessful"}),
}


class Certified(msgspec.Struct, frozen=True):
    """A line of a certificate as it was typed. `destroyed` None: as the whole certificate says."""

    serial: str
    tag: str = ""
    destroyed: bool | None = None
    done: bool = True


class Received(msgspec.Struct, frozen=True):
    """A thing on a receipt, with the serial numbers of its drives that stand there."""

    tag: str
    serials: tuple[str, ...] = ()
    condition: str = ""


def certified(text: str) -> tuple[Certified, ...]:
    """`serial`, and where they stand there a tag and a word such as *destroyed* or *failed*,
    separated by a tab, comma, semicolon or bar. Raises RegisterError that names the line."""
    found = []
    for number, parts in _lines(text, "lines"):
        serial, rest = parts[0], parts[1:]
        word = _word(rest[-1]) if rest else None
        if word is not None:
            rest = rest[:-1]
        if len(rest) > 1:
            raise _wrong(
                number,
                "write the serial number, then the asset tag if there is one, then wiped, "
                "destroyed or failed",
            )
        destroyed, done = word or (None, True)
        found.append(Certified(serial, rest[0] if rest else "", destroyed, done))
    return tuple(found)


def received(text: str) -> tuple[Received, ...]:
    """`tag`, and the serial numbers that stand there with it, separated likewise; a line that
    begins with a separator has no tag. Raises RegisterError that names the line."""
    return tuple(
        Received(parts[0], tuple(filter(None, parts[1:])))
        for _, parts in _lines(text, "more", empty_first=True)
    )


def _lines(text: str, field: str, *, empty_first: bool = False) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [clean(part, 1_000).strip() for part in _PARTS.split(line)]
        if not any(parts):
            continue
        if len(found) == MOST_LINES:
            raise RegisterError("too_many", f"At most {MOST_LINES} lines. Enter two papers.", field)
        if not parts[0] and not empty_first:
            raise _wrong(number, "it begins without a serial number", field)
        if any(len(part) > LONGEST for part in parts):
            raise _wrong(number, f"a number has {LONGEST} characters at most", field)
        found.append((number, parts))
    return found


def _word(text: str) -> tuple[bool | None, bool] | None:
    """(destroyed, done) that a word means; None where it is no such word."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    if words & _SAYS["not"] and words <= frozenset[str]().union(*_SAYS.values()):
        return None, False
    if words and words <= _SAYS["destroyed"]:
        return True, True
    if words and words <= _SAYS["wiped"]:
        return False, True
    return None


def _wrong(number: int, why: str, field: str = "lines") -> RegisterError:
    return RegisterError("bad_line", f"Line {number}: {why}.", field)
