"""Debian version numbers: `[epoch:]upstream[-revision]`, compared as dpkg does.

`~` sorts before everything, even the end (`1.0~rc1` < `1.0`); letters before other characters;
runs of digits as numbers. Pure, because starting dpkg for each of hundreds of packages is dear.
"""

import re
from typing import Final

_PARTS: Final = re.compile(r"(\D*)(\d*)")


def newer(this: str, than: str) -> bool:
    """Whether `this` sorts after `than`."""
    return compare(this, than) > 0


def compare(left: str, right: str) -> int:
    """Negative, zero or positive, as `dpkg --compare-versions` orders them."""
    if left == right:
        return 0
    ours, theirs = _split(left), _split(right)
    if ours[0] != theirs[0]:
        return ours[0] - theirs[0]
    return _compare(ours[1], theirs[1]) or _compare(ours[2], theirs[2])


def _split(version: str) -> tuple[int, str, str]:
    epoch, colon, rest = version.partition(":")
    if not colon or not epoch.isascii() or not epoch.isdigit():
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    return int(epoch[:9]), upstream if dash else rest, revision if dash else ""


def _compare(left: str, right: str) -> int:
    ours, theirs = _PARTS.findall(left), _PARTS.findall(right)
    for index in range(max(len(ours), len(theirs))):
        words, number = ours[index] if index < len(ours) else ("", "")
        other_words, other_number = theirs[index] if index < len(theirs) else ("", "")
        order = _words(words, other_words)
        if order:
            return order
        a, b = number.lstrip("0"), other_number.lstrip("0")
        if a != b:
            # Longer without leading zeros is larger; a number of 10 kB needs no arithmetic.
            return len(a) - len(b) or (1 if a > b else -1)
    return 0


def _words(left: str, right: str) -> int:
    for index in range(max(len(left), len(right))):
        order = _rank(left[index : index + 1]) - _rank(right[index : index + 1])
        if order:
            return order
    return 0


def _rank(character: str) -> int:
    """`~` below the end of the text, then letters, then everything else."""
    if character == "~":
        return -1
    if not character:
        return 0
    return ord(character) if character.isalpha() else ord(character) + 0x110000
