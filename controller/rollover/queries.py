"""The only way from a page to the rollovers of a school: `queries(actor)` (O11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.people.actor import Actor
from controller.people.queries import names as accounts
from controller.people.roles import Ability
from controller.rollover import forms, listing
from inventory import naming
from inventory.places import queries as places
from inventory.rollover import queries as rollovers
from inventory.rollover.planning import Asked, plan


@dataclass(frozen=True, slots=True)
class RolloverQueries:
    """What one person may read of rollovers."""

    actor: Actor

    def form(self, site: str, typed: Mapping[str, str]) -> listing.Form:
        """The form, with what was typed before."""
        known, sites = forms.names(site), {site}
        groups = [
            ("Rooms: everything that stands there", "rooms", places.rooms(sites)),
            ("Trolleys", "trolley-targets", places.trolleys(sites)),
            ("Sets", "pools", places.pools(sites)),
        ]
        rooms = [label for _, label in known.rooms.labels]
        return listing.Form(
            lines=listing.form_lines(groups, known, typed),
            rooms=rooms,
            trolley_targets=rooms + [label for _, label in known.trolleys.labels],
            pools=[label for _, label in known.pools.labels],
            people=[label for _, label in known.people.labels],
            earlier=self._steps(rollovers.newest(sites)),
        )

    def preview(self, site: str, asked: Asked) -> listing.Preview:
        """What would happen. Raises RegisterError."""
        found = plan(site, asked)
        meant = {id_ for row in (*found.moved, *found.gives) for id_ in row[:2]}
        meant |= {person for person, _, _ in found.leavers}
        return listing.preview(found, naming.names({site}, {str(one) for one in meant}))

    def site_of(self, rollover_id: str, ability: Ability) -> str | None:
        """The school of a step, where this person has the ability."""
        found = rollovers.one(self.actor.sites(ability), rollover_id)
        return found.site if found else None

    def step(self, rollover_id: str) -> listing.Step | None:
        """One step; None for one they may not see."""
        found = rollovers.one(self.actor.sites(Ability.SEE_COMPUTERS), rollover_id)
        return self._steps([found])[0] if found else None

    def _steps(self, done: list[rollovers.Done]) -> list[listing.Step]:
        sites = {one.site for one in done}
        names = naming.names(sites, listing.named_in(done))
        who = accounts(actor for one in done for actor in (one.actor, one.undone_by))
        leavers = {row[0] for one in done for row in one.leavers}
        have = rollovers.still_have(min(sites), leavers) if sites else {}
        return [listing.step(one, names, who, have) for one in done]


def queries(actor: Actor) -> RolloverQueries:
    """Rollovers as this person may see them."""
    return RolloverQueries(actor)
