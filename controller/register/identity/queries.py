"""What a person may see of doubts and of pairs of entries: `queries(actor)` (O11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.fleet.doubts import InDoubt
from controller.fleet.listing import Row as Computer
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor
from controller.people.roles import Ability
from controller.register.identity.beside import Line, entry_fields, lines
from controller.register.said import REFERENCES
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets.queries import Asked as Search
from inventory.identity.candidates import Asked, Candidate, fitting, sides
from inventory.identity.comparing import Side
from inventory.identity.recognising import marks_in

MOST: Final = 10
"""Doubts one page shows; the next come when these are settled."""
MOST_FOUND: Final = 20
_SAID: Final = ("name", "make", "model", "tag", "kind", "room", "parent", "holder")
"""Fields of an entry that help to tell which computer it is."""


@dataclass(frozen=True, slots=True)
class Head:
    """An entry above its column; `live`: the computer that reports as it, other than the one in
    doubt."""

    id: str
    name: str
    tag: str
    label: Label
    seq: int
    own: bool
    live: Computer | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One computer beside the entries it might be; `gone` where this person may also say that the
    other computer is gone."""

    id: str
    name: str
    why: str
    computer: Computer
    heads: list[Head]
    lines: list[Line]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries beside each other."""

    site: str
    heads: list[Head]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a search found, to be compared."""

    id: str
    name: str
    tag: str


@dataclass(frozen=True, slots=True)
class IdentityQueries:
    """What one person may read at one moment."""

    actor: Actor

    def doubts(self, asked: frozenset[str]) -> list[Doubt]:
        """The first of the computers in doubt, each with every entry it might be: as many queries
        for ten as for one."""
        rows = fleet_queries(self.actor).in_doubt(asked, MOST)
        found = fitting({d.row.id: Asked(d.row.site, d.factors, d.entry) for d in rows})
        every = [one for several in found.values() for one in several]
        names = self._names(every)
        live = fleet_queries(self.actor).of_entries([one.id for one in every])
        return [self._doubt(row, found[row.row.id], names, live) for row in rows]

    def pair(self, first: str, second: str) -> Pair | None:
        """Two different entries of one school, in this order; None where one is not there."""
        found = {one.id: one for one in self._entries([first, second])}
        if len(found) != 2 or found[first].site != found[second].site:
            return None
        both = [found[first], found[second]]
        names = self._names(both)
        live = fleet_queries(self.actor).of_entries([first, second])
        table = lines([one.side for one in both], names, entry_fields())
        return Pair(both[0].site, [_head(one, "", live.get(one.id)) for one in both], table)

    def entry(self, asset_id: str) -> Candidate | None:
        """One entry that may be merged with another."""
        return next(iter(self._entries([asset_id])), None)

    def found(self, entry: Candidate, search: str) -> list[Found]:
        """Other entries of its school that a search finds."""
        rows = assets.listed({entry.site}, Search(search=search), "", MOST_FOUND + 1).rows
        others = [row for row in rows if row["id"] != entry.id]
        return [Found(r["id"], name_of(r), shown(r["tag"])) for r in others[:MOST_FOUND]]

    def site_of_merged(self, asset_id: str) -> str | None:
        """The school of an entry that was merged into another one."""
        values = assets.one(self.actor.sites(Ability.EDIT_REGISTER), asset_id)
        return values["site"] if values and values["state"] == "merged" else None

    def _entries(self, asset_ids: list[str]) -> list[Candidate]:
        mine = self.actor.sites(Ability.EDIT_REGISTER)
        return [one for one in sides(None, asset_ids) if one.site in mine]

    def _doubt(
        self,
        row: InDoubt,
        candidates: list[Candidate],
        names: Mapping[str, str],
        live: Mapping[str, Computer],
    ) -> Doubt:
        says = {"name": row.name, "model": row.model}
        own = Side(says, marks_in(row.factors))
        school = self.actor.school(row.row.site)
        others = {one: c for one, c in live.items() if c.id != row.row.id}
        return Doubt(
            id=row.row.id,
            name=row.row.name,
            why=row.why,
            computer=row.row,
            heads=[_head(one, row.entry, others.get(one.id)) for one in candidates],
            lines=lines([own, *(one.side for one in candidates)], names, _SAID),
            may_withdraw=bool(school and school.allows(Ability.LET_IN)),
        )

    def _names(self, entries: list[Candidate]) -> dict[str, str]:
        ids = {one.side.values.get(name) for one in entries for name in REFERENCES}
        sites = {one.site for one in entries}
        return naming.names(sites, {str(one) for one in ids if one})


def _head(one: Candidate, own: str, live: Computer | None) -> Head:
    values: Mapping[str, Any] = one.side.values
    return Head(
        id=one.id,
        name=name_of(values),
        tag=shown(values["tag"]),
        label=words().register.state(values["state"]),
        seq=one.seq,
        own=one.id == own,
        live=live,
    )


def queries(actor: Actor) -> IdentityQueries:
    """As this person may see it."""
    return IdentityQueries(actor)
