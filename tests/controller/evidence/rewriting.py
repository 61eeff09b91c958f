"""An insider with the database, and perhaps with the log's key, who changes the log afterwards."""

from dataclasses import dataclass
from pathlib import Path

from controller import keyfiles
from controller.evidence import services
from inventory.ledger import log
from inventory.models import Checkpoint, LedgerHead, Line, Waypoint
from wire import note
from wire.merkle import Frontier, leaf


@dataclass
class Insider:
    """Whoever it is knows how the log is made, and is as thorough as the test says."""

    site: str
    data: Path

    def change(self, index: int) -> None:
        """One second in one line."""
        line = Line.objects.get(site_id=self.site, idx=index)
        Line.objects.filter(site_id=self.site, idx=index).update(at=line.at - 1)

    def covers_up(self, *, end: bool, marks: bool = False, sheets: str = "") -> None:
        """Make the log's end fit the lines as they are now, and the marks, and the checkpoints:
        their roots, or with the log's key their notes as well."""
        frontier = Frontier()
        roots = {}
        for line in log.lines(self.site):
            frontier.append(leaf(line.encode()))
            roots[frontier.size] = frontier.root()
            if marks and not frontier.size % log.STRIDE:
                Waypoint.objects.filter(site_id=self.site, size=frontier.size).update(
                    frontier=frontier.pack()
                )
        if end:
            LedgerHead.objects.filter(site_id=self.site).update(
                size=frontier.size, frontier=frontier.pack()
            )
        for sheet in Checkpoint.objects.filter(site_id=self.site) if sheets else ():
            self._sign(sheet.size, roots[sheet.size], with_key=sheets == "signed")

    def _sign(self, size: int, root: bytes, *, with_key: bool) -> None:
        row = Checkpoint.objects.filter(site_id=self.site, size=size)
        row.update(root=root)
        if with_key:
            name, key = services.origin(self.site), keyfiles.log_key(self.data)
            row.update(note=note.write(note.Checkpoint(name, size, root), name, key).decode())
