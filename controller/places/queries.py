"""The only way from a page to the places of a school: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Any

from controller.people.actor import Actor
from controller.people.queries import names as accounts
from controller.people.roles import Ability
from controller.places import listing, typing
from controller.wording.shown import shown
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets.queries import Asked
from inventory.places import queries as places
from inventory.places.queries import Place
from inventory.trolleys import counting


@dataclass(frozen=True, slots=True)
class PlacesQueries:
    """What one person may read of places."""

    actor: Actor

    def page(self, site: str) -> listing.Places:
        """All places of one school; as many queries for many as for none."""
        sites = self._sites() & {site}
        rooms, pools = places.rooms(sites), places.pools(sites)
        trolleys = places.trolleys(sites)
        names = naming.names(sites, listing.named_in(trolleys))
        rows = [[listing.row(one, names) for one in each] for each in (rooms, pools, trolleys)]
        return listing.Places(*rows)

    def site_of(self, place_id: str, ability: Ability = Ability.SEE_COMPUTERS) -> str | None:
        """The school of a place that there is, where this person has the ability."""
        found = places.one(self.actor.sites(ability), place_id)
        return found.site if found else None

    def inside(self, place_id: str, after: str = "", before: str = "") -> listing.Inside | None:
        """One place with what is in it, a page at a time; None for one they may not see."""
        place = places.one(self._sites(), place_id)
        if place is None:
            return None
        sites = {place.site}
        where: dict[str, Any] = {_ASKED[place.kind]: place_id}
        asked = Asked(**where, after=after, before=before)
        found = assets.listed(sites, asked, "")
        names = naming.names(sites, listing.named_in([place], found.rows))
        rooms = [(id_, shown(name, 170)) for id_, name in naming.rooms(sites)]
        return listing.Inside(
            place=listing.row(place, names),
            site=place.site,
            things=[listing.thing(values, place, names) for values in found.rows],
            previous=found.previous,
            next=found.next,
            sorts=listing.sorts(places.kinds_in(sites, place)),
            rooms=rooms,
            others=[one for one in self._others(place, rooms) if one[0] != place_id],
            counted=self._last_count(place),
            people=self._people(place),
        )

    def _last_count(self, place: Place) -> listing.LastCount | None:
        counted = counting.newest({place.site}, place.id) if place.kind == "trolley" else None
        if counted is None:
            return None
        rows = assets.some({place.site}, [*counted.missing, *counted.strays])
        names = naming.names({place.site}, {values["holder"] for values in rows})
        who = shown(accounts([counted.actor]).get(counted.actor, ""))
        return listing.last_count(counted, who, rows, names)

    def _people(self, place: Place) -> list[str]:
        """Whom a trolley may be lent to; nobody while somebody has it."""
        if place.kind != "trolley" or place.holder:
            return []
        return [label for _, label in typing.people(place.site).labels]

    def _others(self, place: Place, rooms: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Where everything in a place may go: to its like, and from a trolley to a room."""
        if place.kind == "room":
            return rooms
        if place.kind == "pool":
            return [(id_, shown(name)) for id_, name in naming.pools({place.site})]
        held = places.trolleys({place.site})
        return [(one.id, shown(one.name) or "A trolley without a name") for one in held] + rooms

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


_ASKED = {"room": "room", "pool": "pool", "trolley": "parent"}


def queries(actor: Actor) -> PlacesQueries:
    """Places as this person may see them."""
    return PlacesQueries(actor)
