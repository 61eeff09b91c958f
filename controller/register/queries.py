"""The only way from a page to the register: `queries(actor)` (O11).

Everything starts from the schools where the person has the ability, so another school's entry looks
exactly like one that does not exist.
"""

from dataclasses import dataclass

from controller import clock
from controller.api.tokens import names as programs
from controller.fleet.queries import queries as fleet_queries
from controller.papers.listing import papers
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.register import entry, listing
from controller.register.management import Management, management
from controller.wording import moments
from controller.wording.shown import shown
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets.queries import Asked
from inventory.disposal import lists
from inventory.documents import queries as documents
from inventory.managed import queries as managed
from inventory.reinstalls import queries as reinstalls
from inventory.repairs import drives
from inventory.stocktake import queries as counts


@dataclass(frozen=True, slots=True)
class RegisterQueries:
    """What one person may read of the register at one moment."""

    actor: Actor
    now: int

    def page(self, asked_sites: frozenset[str], asked: Asked, timezone: str) -> listing.Listing:
        """One page of the list: as many queries for a full one as for an empty one."""
        sites = self._sites() & asked_sites
        today = self._today(timezone)
        narrowed = listing.narrowed(asked)
        found, total = (
            assets.found(sites, asked, today)
            if narrowed
            else (assets.listed(sites, asked, today), None)
        )
        counted = assets.by_state(sites)
        ids = [row["id"] for row in found.rows]
        return listing.listing(
            found,
            today=today,
            names=naming.names(sites, listing.named_in(found.rows, asked)),
            live=fleet_queries(self.actor).of_entries(ids),
            counted=counted,
            total=total,
            counted_out=not asked.search or (total or 0) <= assets.MOST_COUNTED,
            rooms=naming.rooms(sites),
            pools=naming.pools(sites),
        )

    def entry(self, asset_id: str) -> entry.Entry | None:
        """One entry with its history; None when there is none that this person may see."""
        sites = self._sites()
        values = assets.one(sites, asset_id)
        if values is None:
            return None
        school = self.actor.school(values["site"])
        past = assets.history(sites, asset_id)
        seen = counts.last_counted(sites, asset_id)
        who = {event.actor for event in past[: entry.MOST_PAST]} | ({seen[1]} if seen else set())
        return entry.entry(
            values,
            past,
            today=self._today(school.timezone if school else ""),
            names=naming.names({values["site"]}, entry.named_in(values, past))
            | documents.names(sites, entry.papers_in(past)),
            people=people(who) | programs(who),
            counted=seen,
            anew=reinstalls.last_back(asset_id),
            live=fleet_queries(self.actor).of_entries([asset_id]).get(asset_id),
            papers=papers(
                documents.listed(sites, asset_id),
                may_add=values["site"] in self.actor.sites(Ability.EDIT_REGISTER),
            ),
        )

    def management(self, asset_id: str) -> Management | None:
        """What the newest list of a management says of an entry; None where none could."""
        said = managed.said(self._sites(), asset_id)
        return management(said, self.now) if said else None

    def leaving(self, asset_id: str) -> tuple[str, bool] | None:
        """Its last disposal, and whether that runs."""
        rows = lists.of_entry(self._sites(), asset_id)
        return (rows[0]["id"], rows[0]["closed_at"] is None) if rows else None

    def origin(self, asset_id: str) -> tuple[str, str] | None:
        """The thing that a drive was in before a repair, by id and name."""
        found = drives.origin(self._sites(), asset_id)
        return (found.asset, shown(found.name) or "another thing") if found else None

    def _today(self, timezone: str) -> str:
        return moments.local(self.now, timezone).date().isoformat()

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def queries(actor: Actor) -> RegisterQueries:
    """The register as this person may see it, now."""
    return RegisterQueries(actor, clock.now())
