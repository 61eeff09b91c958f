"""Whether a computer came back from repair with the board and the drives it had. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from inventory.marks import normalise


class Inside(msgspec.Struct, frozen=True):
    """Serials of what is in a computer; `board` "" and `drives` () where they are not known."""

    board: str = ""
    drives: tuple[str, ...] = ()


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


def changed(before: Inside, now: Inside) -> Changed:
    """Compare. What was not known before, or is not known now, is never said to have changed."""
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    if before.drives and now.drives:
        had = {_mark(one): one for one in before.drives}
        has = {_mark(one): one for one in now.drives}
        gone = tuple(one for mark, one in had.items() if mark not in has)
        new = tuple(one for mark, one in has.items() if mark not in had)
    other_board = before.board and now.board and _mark(before.board) != _mark(now.board)
    boards = (before.board, now.board) if other_board else ("", "")
    return Changed(gone, new, *boards)


def read(kept: Mapping[str, Any]) -> Inside:
    """What a row keeps; nothing for what does not report."""
    return Inside(str(kept.get("board", "")), tuple(str(one) for one in kept.get("drives", ())))


def _mark(serial: str) -> str:
    """Spelled alike however a repairer's tool spells it; a serial that means nothing is itself."""
    return normalise("serial", serial) or serial
