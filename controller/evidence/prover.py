"""Proofs of lines under one signed checkpoint; the log is read once for all of them."""

import msgspec

from inventory.ledger import log
from inventory.ledger.checkpoints import Sheet
from wire import log_proof, merkle


class NoProofError(Exception):
    """There is none to give; the sentence says why and what to do."""


class Proof(msgspec.Struct, frozen=True):
    """A line, and its way into a signed checkpoint as `.tlog-proof`."""

    index: int
    line: str
    sheet: Sheet
    data: bytes


class Prover:
    """The tree over a school's log up to one checkpoint, for as many proofs as are wanted."""

    def __init__(self, site: str, sheet: Sheet) -> None:
        """Reads the log. Raises NoProofError where it is no longer what was signed."""
        self._sheet = sheet
        self._lines = list(log.lines(site, 0, sheet.size))
        self._tree = merkle.Tree(merkle.leaf(line.encode()) for line in self._lines)
        if self._tree.size != sheet.size or self._tree.root(sheet.size) != sheet.root:
            raise NoProofError(
                "The log no longer begins with what this checkpoint was signed over, so nothing "
                "can be proved by it. Keep everything as it is and run: caretaker doctor"
            )

    def proof(self, index: int) -> Proof:
        """Of the line with this number; the caller knows that the checkpoint covers it."""
        path = self._tree.inclusion(index)
        data = log_proof.write(index, path, self._sheet.note.encode())
        return Proof(index, self._lines[index], self._sheet, data)
