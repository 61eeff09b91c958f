"""What this computer has seen of each who signs for its school: the highest version, so that nobody
brings an older one back (O20). One file for each kind of decision.

What is remembered of a signer goes when the roots stop naming the signer: a leaked key that once
signed the highest number there is does not shut out the honest one that follows it.
"""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from agent import files
from agent.collect import rooting
from agent.state import State
from wire import keys, limits
from wire.errors import WireError
from wire.roots import Roots, open_held

log = logging.getLogger("agent.collect")

MOST: Final = 64
"""Signers and schools remembered; a computer meets one or two."""
_LARGEST: Final = 64 * 1024


class Mark(msgspec.Struct, frozen=True):
    """The highest version one signer was seen to sign for one school, and its envelope's digest."""

    site: str
    signer: str
    version: int
    digest: str


class Memory(msgspec.Struct, frozen=True):
    """Marks, oldest first; digest of what was refused last, and why, as a stable code."""

    marks: list[Mark] = []
    refused: str = ""
    why: str = ""


class RefusedError(Exception):
    """Why something is not taken, as reports say it."""


def load(path: Path) -> Memory:
    """What is remembered there."""
    data = files.read_or_none(path, _LARGEST)
    try:
        return Memory() if data is None else msgspec.json.decode(data, type=Memory)
    except (msgspec.DecodeError, UnicodeDecodeError):
        log.warning("%s is damaged; it begins anew", path.name)
        return Memory()


def save(path: Path, memory: Memory) -> None:
    """Remember it. Raises OSError."""
    files.replace(path, msgspec.json.encode(memory))


def refuse(path: Path, digest: str, why: str) -> None:
    """Note what was not taken, and why. Raises OSError."""
    save(path, msgspec.structs.replace(load(path), refused=digest, why=why))


def note(path: Path, mark: Mark) -> None:
    """Note what is being taken. Raises OSError."""
    others = [one for one in load(path).marks if (one.site, one.signer) != (mark.site, mark.signer)]
    save(path, Memory([*others, mark][-MOST:]))


def forget(path: Path, listed: Iterable[str]) -> None:
    """A signer whose key the roots list no more is no measure of who does. Raises OSError."""
    memory = load(path)
    if not memory.marks:
        return
    named = {keys.key_id(keys.from_text(text)) for text in listed}
    marks = [one for one in memory.marks if one.signer in named]
    if marks != memory.marks:
        save(path, msgspec.structs.replace(memory, marks=marks))


def is_old(memory: Memory, mark: Mark) -> bool:
    """Whether its signer was seen to sign a later version for that school, or this one in other
    bytes."""
    return any(
        (seen.site, seen.signer) == (mark.site, mark.signer)
        and seen != mark
        and mark.version <= seen.version
        for seen in memory.marks
    )


def roots(state: State) -> Roots | None:
    """The list of keys believed here; None where there is none, or a damaged one."""
    data = files.read_or_none(state.key / rooting.NAME, limits.ENVELOPE)
    try:
        return None if data is None else open_held(data)
    except WireError:
        return None  # damaged on the disk: `rooting` asks for them again
