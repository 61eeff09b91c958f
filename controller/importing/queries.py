"""The only way from a page to importing: `queries(actor)` (O11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controller import clock
from controller.importing import meaning, waiting
from controller.importing.meaning import OWN, Said
from controller.importing.waiting import Waiting
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kind_of
from inventory.assets.undoing import Undone
from inventory.assets.writing import By
from inventory.imports import applying, sheets
from inventory.imports.planning import Plan, Refused
from inventory.managed import queries as lists
from inventory.managed import services as managed

MOST_ROWS: Final = 100
"""Rows of each list that a page shows; how many there are it says."""
STALE_SECONDS: Final = 14 * 86_400


@dataclass(frozen=True, slots=True)
class Fault:
    """A row and what is wrong with it; may be shown as it is."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What would happen. `counts`: number and word; `strangers`: things that are not in the
    register; `does`: whether anything would happen."""

    counts: list[tuple[int, str]]
    faults: list[Fault]
    refused: int
    unclear: list[Fault]
    strangers: list[tuple[str, str, str]]
    others: int
    places: list[str]
    does: bool


@dataclass(frozen=True, slots=True)
class List:
    """A management's list that was taken in, by whom, and whether it is too old to prove
    anything."""

    taken: lists.Taken
    who: str
    stale: bool


@dataclass(frozen=True, slots=True)
class ImportQueries:
    """Importing as one person may."""

    actor: Actor
    now: int

    def keep(self, site: str, name: str, data: bytes) -> str:
        """Keep what was sent until it is imported. Raises SheetError and RegisterError."""
        return waiting.keep(self.actor.id, site, name, sheets.read(data), self.now)

    def waiting(self) -> list[Waiting]:
        """This person's own sheets, at schools whose register they keep."""
        mine = waiting.listed(self.actor.id, self.now)
        return [one for one in mine if one.site in self._sites()]

    def one(self, token: str) -> Waiting | None:
        """One of them."""
        found = waiting.read(self.actor.id, token, self.now)
        return found if found is not None and found.site in self._sites() else None

    def let_go(self, one: Waiting) -> None:
        """Forget it."""
        waiting.forget(self.actor.id, one.token)

    def look(self, one: Waiting, said: Said) -> Look:
        """What would happen. Raises RegisterError where no column is the key."""
        if said.source == OWN:
            return _of_sheet(applying.look(one.site, one.sheet, said.columns, said.key))
        _needs_serial(said)
        plan = managed.look(one.site, one.sheet, said.source, said.facts, self.now)
        counts = [
            (plan.new, "found in the register for the first time"),
            (plan.changed, "say something else than before"),
            (plan.same, "say the same as before"),
            (len(plan.missing), "stood there before and do not now"),
            (len(plan.strangers), "not in the register"),
        ]
        return Look(
            counts=counts,
            faults=_faults(plan.refused),
            refused=len(plan.refused),
            unclear=_faults(plan.unclear),
            strangers=[
                (shown(row.serial, 40), kind_of(row.kind).title, shown(row.model, 60))
                for row in plan.strangers[:MOST_ROWS]
            ],
            others=max(0, len(plan.strangers) - MOST_ROWS),
            places=[],
            does=bool(plan.matched or (plan.strangers and said.add)),
        )

    def take(self, one: Waiting, said: Said) -> tuple[str, int]:
        """Import it: the step or the list it is known by ("" where nothing was done), and how many
        rows were refused. Raises RegisterError."""
        by = By(self.actor.id, self.now)
        if said.source == OWN:
            done = applying.take(
                one.site, one.sheet, said.columns, said.key, by=by, all_or_nothing=said.whole
            )
            return done.batch, len({fault.row for fault in done.plan.refused})
        _needs_serial(said)
        wanted = managed.Wanted(not said.part, said.add, said.whole)
        taken = managed.take(one.site, one.sheet, said.source, said.facts, wanted, by=by)
        return taken.sheet, len(taken.plan.refused)

    def managed_lists(self, site: str) -> list[List]:
        """The newest lists of a school."""
        rows = lists.recent(site) if site in self._sites() else []
        who = people({row.by for row in rows})
        return [self._list(row, who) for row in rows]

    def managed_list(self, sheet_id: str) -> List | None:
        """One of them; None where it is none of theirs."""
        row = lists.taken(self._sites(), sheet_id)
        return self._list(row, people({row.by})) if row else None

    def undo(self, one: List) -> Undone:
        """Take a list back. Raises RegisterError."""
        return managed.undo(one.taken.site, one.taken.id, by=By(self.actor.id, self.now))

    def _list(self, row: lists.Taken, who: Mapping[str, str]) -> List:
        name = shown(who.get(row.by, "")) or "Caretaker"
        return List(row, name, self.now - row.at > STALE_SECONDS)

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.EDIT_REGISTER)


def queries(actor: Actor) -> ImportQueries:
    """Importing as this person may, now."""
    return ImportQueries(actor, clock.now())


def page_of(one: Waiting, said: Said) -> dict[str, object]:
    """The columns of a sheet for its page."""
    own = said.source == OWN
    return {
        "said": said,
        "own": own,
        "columns": meaning.columns(one.sheet, said) if own else meaning.facts(one.sheet, said),
        "choices": meaning.targets() if own else meaning.headers(one.sheet),
        "sources": meaning.sources(),
        "keys": meaning.keys(),
        "name": shown(one.name, 80),
        "rows": len(one.sheet.rows),
    }


def _needs_serial(said: Said) -> None:
    if "serial" not in said.facts:
        raise RegisterError("no_key", "Say which column is the serial number.", "serial")


def _of_sheet(plan: Plan) -> Look:
    refused = len({fault.row for fault in plan.refused})
    return Look(
        counts=[
            (len(plan.new), "new"),
            (len(plan.changed), "would change"),
            (plan.same, "as they are already"),
        ],
        faults=_faults(plan.refused),
        refused=refused,
        unclear=[],
        strangers=[],
        others=0,
        places=[shown(name) for name in (*plan.rooms, *plan.pools)][:MOST_ROWS],
        does=bool(plan.new or plan.changed),
    )


def _faults(faults: Sequence[Refused]) -> list[Fault]:
    return [
        Fault(one.row, shown(one.column, 60), shown(one.why, 240)) for one in faults[:MOST_ROWS]
    ]
