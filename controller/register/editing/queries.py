"""The only way from a form to the register: `queries(actor)` (O11).

Everything starts from the schools where the person may change the register, so that an entry they
may only look at cannot be changed by its address either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.register.editing import meeting
from controller.register.editing.inputs import Places
from controller.register.said import REFERENCES
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets.queries import Past
from inventory.assets.writing import By


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

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.EDIT_REGISTER)


def queries(actor: Actor) -> EditingQueries:
    """The register as this person may change it, now."""
    return EditingQueries(actor, clock.now())
