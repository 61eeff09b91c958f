"""`manage-bde -status`: BitLocker's state per volume, in the system's language.

By form and place: a volume begins with its letter at the start of a line; below it the share
encrypted is the only percentage, the method follows it, then protection and lock. Whether
protection is on is a word: `protected` knows those of many languages, None any other; what is
judged comes from WMI. Trap: `-protectors -get` prints recovery passwords; no text of protectors is
taken from here but their count.
"""

import re
from typing import Final

import msgspec

from checks.formats import netsh, windows_text, windows_words
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 20

_VOLUME: Final = re.compile(
    r"(?:[^\s:].{0,40}?)?(?<!\w)([A-Z]):[\"\u201c\u201d\u00bb]?"
    r"(?:\s*(?:\w{1,20}\s{0,3})?\[.{0,64}\])?\s*"
)
_PERCENT: Final = re.compile(
    r"(\d{1,3})(?:[.,]\d{1,3})?[\s\u00a0]?%|%[\s\u00a0]?(\d{1,3})(?:[.,]\d+)?"
)
_METHOD: Final = re.compile(r"(XTS[- ]?)?AES[- ]?(128|256)", re.IGNORECASE)
_SIZE: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)[\s\u00a0]?([KMGT])[Bo]\b", re.IGNORECASE)
_VERSION: Final = re.compile(r"\d\.\d")
_UNITS: Final = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Volume(msgspec.Struct, frozen=True):
    """One volume. None: the listing does not say, or in a word nobody here knows."""

    letter: str
    size_bytes: int | None
    """Rounded as it is printed."""
    version: str | None
    """Such as `2.0`; None: not encrypted."""
    percent: int | None
    """How much is encrypted."""
    method: str | None
    """`aes-128 aes-256 xts-aes-128 xts-aes-256`, or None for none or another."""
    protected: bool | None
    protectors: int
    """How many ways to unlock it are listed."""


def parse(data: bytes) -> list[Volume]:
    """The volumes. Raises ParseError where there is none: a message, mostly."""
    lines = windows_text.lines(windows_text.decode(data, LONGEST))
    starts = [
        (place, found[1])
        for place, line in enumerate(lines)
        if not line[:1].isspace() and (found := _VOLUME.fullmatch(line))
    ]
    ends = [*(place for place, _ in starts), len(lines)][1:]
    volumes = [
        _volume(letter, lines[place + 1 : end])
        for (place, letter), end in zip(starts, ends, strict=True)
    ]
    if not any(one.percent is not None for one in volumes):
        raise ParseError("manage-bde: no volume and its state in it")
    return volumes


def _volume(letter: str, lines: list[str]) -> Volume:
    """Labels and values in their order; what hangs below the last label are the protectors."""
    pairs = [found for line in lines if line[:1].isspace() and (found := netsh.pair(line))]
    values = [value.strip() for _, value in pairs]
    at = next((i for i, value in enumerate(values) if _PERCENT.fullmatch(value)), None)
    share = _PERCENT.fullmatch(values[at]) if at is not None else None
    after = [*(values[at + 1 : at + 3] if at is not None else []), "", ""]
    size = next((sized for value in values if (sized := _SIZE.fullmatch(value))), None)
    method = _METHOD.search(after[0])
    return Volume(
        letter=letter,
        size_bytes=None if size is None else _bytes(size),
        version=next((value for value in values[:3] if _VERSION.fullmatch(value)), None),
        percent=None if share is None else int(share[1] or share[2]),
        method=None if method is None else f"{'xts-' if method[1] else ''}aes-{method[2]}",
        protected=_protected(after[1]),
        protectors=_protectors(lines, len(pairs)),
    )


def _bytes(found: re.Match[str]) -> int:
    return int(float(found[1].replace(",", ".")) * _UNITS[found[2].upper()])


def _protected(said: str) -> bool | None:
    known = windows_words.words().bitlocker
    plain = f" {said.casefold().rstrip('.')}"
    if any(word in plain for word in known.off):
        return False
    return True if any(word in plain for word in known.on) else None


def _protectors(lines: list[str], labelled: int) -> int:
    """Lines further in than the labels, after the last of them."""
    indents = [len(line) - len(line.lstrip()) for line in lines if netsh.pair(line)]
    if not indents or not labelled:
        return 0
    last = max(place for place, line in enumerate(lines) if netsh.pair(line))
    return sum(
        bool(line.strip()) and len(line) - len(line.lstrip()) > indents[0]
        for line in lines[last + 1 :]
    )
