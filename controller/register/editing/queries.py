"""The only way from a form to the register: `queries(actor)` (O11).

Everything starts from the schools where the person may change the register, so that an entry they
may only look at cannot be changed by its address either.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.register.editing import meeting, stepping
from controller.register.editing.inputs import Places
from controller.register.said import REFERENCES
from controller.wording import moments
from controller.wording.shown import shown
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets import several, steps
from inventory.assets.queries import Asked, Past
from inventory.assets.several import Selected
from inventory.assets.writing import By
from inventory.imports import exporting
from inventory.searches import queries as saved


@dataclass(frozen=True, slots=True)
class Search:
    """A search somebody kept; `query` as an address has it."""

    id: str
    name: str
    query: str
    shared: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class EditingQueries:
    """What one person may change at one moment."""

    actor: Actor
    now: int

    def by(self, reason: str = "", batch: str = "") -> By:
        """This person, now."""
        return By(self.actor.id, self.now, reason=reason, batch=batch)

    def entry(self, asset_id: str) -> dict[str, Any] | None:
        """An entry's values; None where there is none that this person may change."""
        return assets.one(self._sites(), asset_id)

    def then(self, asset_id: str, seq: int) -> dict[str, Any] | None:
        """Its values after its event number `seq`."""
        return assets.values_at(self._sites(), asset_id, seq)

    def later(self, asset_id: str, seq: int) -> list[Past]:
        """Its events after that one, newest first."""
        return [one for one in assets.history(self._sites(), asset_id) if one.seq > seq]

    def ticked(self, site: str, ids: Collection[str]) -> Selected:
        """Entries of one school by their ids. Raises RegisterError."""
        return several.named(self._only(site), ids)

    def found(self, site: str, asked: Asked, timezone: str) -> Selected:
        """Entries of one school that a search finds now. Raises RegisterError."""
        today = moments.local(self.now, timezone).date().isoformat()
        return several.found_by(self._only(site), asked, today)

    def names_of(self, site: str, ids: Collection[str]) -> dict[str, str]:
        """Names of places and people of a school."""
        return naming.names(self._sites() & {site}, ids)

    def step(self, batch: str, after: str) -> tuple[str, stepping.StepPage] | None:
        """The school and the page of a step that this person may look at."""
        done = steps.step(self.actor.sites(Ability.SEE_COMPUTERS), batch, after)
        if done is None:
            return None
        names = naming.names({done.site}, stepping.named_in(done))
        who, may = people([done.actor]), done.site in self._sites()
        return done.site, stepping.page(done, names=names, people=who, may_change=may)

    def undoable(self, batch: str) -> tuple[str, int] | None:
        """The school of a step this person may take back, and how many entries it is of."""
        return steps.size(self._sites(), batch)

    def searches(self, site: str) -> list[Search]:
        """Searches of this person and of their colleagues at a school, fit to be shown."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS) & {site}
        return [
            Search(one.id, shown(one.name), one.query, one.shared, one.mine)
            for one in saved.seen_by(self.actor.id, sites)
        ]

    def site_of_search(self, filter_id: str) -> str | None:
        """The school of a search of their own."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        return saved.site_of(self.actor.id, sites, filter_id)

    def sheet(self, sites: frozenset[str], asked: Asked, timezone: str) -> Iterator[str]:
        """What a search finds at these schools, as lines of a file a spreadsheet opens."""
        today = moments.local(self.now, timezone).date().isoformat()
        return exporting.sheet(self.actor.sites(Ability.SEE_COMPUTERS) & sites, asked, today)

    def reports(self, asset_id: str) -> bool:
        """Whether a computer reports as this entry, which could fill it again."""
        return asset_id in fleet_queries(self.actor).of_entries([asset_id])

    def places(self, site: str) -> Places:
        """What the references of an entry of this school may be."""
        sites = self._sites() & {site}
        return {
            "room": naming.rooms(sites),
            "pool": naming.pools(sites),
            "parent": assets.containers(sites),
        }

    def names(self, site: str, *sides: Mapping[str, Any]) -> dict[str, str]:
        """Names of what these values refer to."""
        ids = {str(side[name]) for side in sides for name in REFERENCES & side.keys()}
        return naming.names(self._sites() & {site}, ids)

    def meeting(
        self,
        base: Mapping[str, Any],
        mine: Mapping[str, Any],
        now: Mapping[str, Any],
        later: list[Past],
        keep: Mapping[str, meeting.Keep],
    ) -> meeting.Meeting:
        """What somebody else changed meanwhile, beside what was typed."""
        return meeting.meeting(
            base,
            mine,
            now,
            later,
            keep=keep,
            names=self.names(now["site"], base, mine, now),
            people=people(event.actor for event in later),
        )

    def _only(self, site: str) -> str:
        """A school, or none where they may not change anything."""
        return site if site in self._sites() else ""

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.EDIT_REGISTER)


def queries(actor: Actor) -> EditingQueries:
    """The register as this person may change it, now."""
    return EditingQueries(actor, clock.now())
