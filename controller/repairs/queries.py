"""The only way from a page to what is away for repair: `queries(actor)` (O11)."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from controller import clock
from controller.disposal.reported import reported
from controller.fleet.insides import insides
from controller.people.actor import Actor
from controller.people.queries import names as accounts
from controller.people.roles import Ability
from controller.repairs import listing
from controller.wording import moments
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.assets import queries as assets
from inventory.disposal.media import propose
from inventory.disposal.values import MOST_MEDIA
from inventory.repairs import queries as repairs
from inventory.repairs.comparing import Inside
from inventory.repairs.drives import replaced
from inventory.repairs.queries import Trip


@dataclass(frozen=True, slots=True)
class RepairQueries:
    """What one person may read of repairs at one moment."""

    actor: Actor
    now: int

    def page(self, site: str) -> listing.Page:
        """What is away and what came back changed, at one school."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS) & {site}
        back = self._rows(site, repairs.unanswered(sites))
        wordless = assets.some(sites, repairs.without_word(sites))
        return listing.Page(
            away=self._rows(site, repairs.away(sites)),
            changed=[row for row in back if row.said or row.waits],
            wordless=[
                (one["id"], f"{name_of(one)} {shown(one['tag'])}".strip()) for one in wordless
            ],
        )

    def entry(self, asset_id: str) -> listing.Entry | None:
        """One entry with its times away; None for one they may not see."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        values = assets.one(sites, asset_id)
        if values is None:
            return None
        rows = self._rows(values["site"], repairs.of_entry(sites, asset_id))
        told = insides(sites, [asset_id]).get(asset_id)
        open_job = (row for row in rows if row.said and row.answered_at is None)
        return listing.Entry(
            id=asset_id,
            site=values["site"],
            seq=values["seq"],
            name=name_of(values),
            tag=shown(values["tag"]),
            state=values["state"],
            inside=told.inside if told else Inside(),
            open=next((row for row in rows if row.returned_at is None), None),
            job=next(open_job, None),
            past=[row for row in rows if row.returned_at is not None],
        )

    def before(self, asset_id: str) -> Inside | None:
        """What is in an entry before it goes, with all that is told of its drives."""
        page = self.entry(asset_id)
        if page is None:
            return None
        said = reported({page.site}, [asset_id]).get(asset_id)
        if said is None:
            return page.inside
        return msgspec.structs.replace(
            page.inside,
            media=propose(said, self.now).media[:MOST_MEDIA],
            encryption=said.encryption,
            heard_at=said.heard_at,
        )

    def site_of(self, asset_id: str, ability: Ability) -> str | None:
        """The school of an entry, where this person has the ability."""
        values = assets.one(self.actor.sites(ability), asset_id)
        return values["site"] if values else None

    def _rows(self, site: str, trips: Collection[Trip]) -> list[listing.Row]:
        entries = repairs.entries({site}, trips)
        told = insides({site}, {trip.asset for trip in trips})
        who = accounts(trip.answered_by for trip in trips)
        old = replaced({site}, [trip.id for trip in trips])
        school = self.actor.school(site)
        zone = school.timezone if school else ""
        today = moments.local(self.now, zone).date().isoformat()
        return [
            listing.row(
                trip,
                entries[trip.asset],
                told.get(trip.asset),
                today=today,
                who=who,
                entered=old.get(trip.id, ()),
            )
            for trip in trips
        ]


def queries(actor: Actor) -> RepairQueries:
    """Repairs as this person may see them, now."""
    return RepairQueries(actor, clock.now())
