"""Whether a computer came back from repair with the board and the drives it had. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from inventory.disposal.media import Proposed
from inventory.disposal.states import Encryption
from inventory.marks import normalise


class Inside(msgspec.Struct, frozen=True):
    """Serials of what is in a computer; `board` "" and `drives` () where they are not known. What
    else is known of its drives stays with it, for one that is replaced: each as it was told
    (`media`), how they were encrypted, and when it said so."""

    board: str = ""
    drives: tuple[str, ...] = ()
    media: tuple[Proposed, ...] = ()
    encryption: Encryption = "unknown"
    heard_at: int | None = None


class Changed(msgspec.Struct, frozen=True):
    """What is not the same: drives that are gone, drives that are new, the board before and now."""

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    board_before: str = ""
    board_now: str = ""

    @property
    def anything(self) -> bool:
        """Whether a person has to say what became of something."""
        return bool(self.gone or self.new or self.board_before)

    def left(self, entered: Collection[str]) -> tuple[str, ...]:
        """Drives that are gone and of which nobody said where they are; `entered` those of which
        somebody did."""
        marks = {mark(one) for one in entered}
        return tuple(one for one in self.gone if mark(one) not in marks)

    def settled(self, entered: Collection[str]) -> bool:
        """Whether nothing is left to say: each drive has an entry, and nothing else changed."""
        swapped = bool(self.gone) and len(self.new) <= len(self.gone)
        return swapped and not self.board_before and not self.left(entered)


def changed(before: Inside, now: Inside) -> Changed:
    """Compare. What was not known before, or is not known now, is never said to have changed."""
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    if before.drives and now.drives:
        had = {mark(one): one for one in before.drives}
        has = {mark(one): one for one in now.drives}
        gone = tuple(one for mark, one in had.items() if mark not in has)
        new = tuple(one for mark, one in has.items() if mark not in had)
    other_board = before.board and now.board and mark(before.board) != mark(now.board)
    boards = (before.board, now.board) if other_board else ("", "")
    return Changed(gone, new, *boards)


def read(kept: Mapping[str, Any]) -> Inside:
    """What a row keeps; nothing for what does not report."""
    return msgspec.convert(kept, Inside)


def mark(serial: str) -> str:
    """Spelled alike however a repairer's tool spells it; a serial that means nothing is itself."""
    return normalise("serial", serial) or serial
