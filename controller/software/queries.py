"""The only way from a page to the software register: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Any, Final

from controller import clock
from controller.fleet.models import Device
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import ABILITIES, Ability
from controller.software import shapes
from controller.software.proposal import Proposal, proposal, wishers
from controller.wording import moments
from controller.wording.shown import shown
from inventory.licences import queries as licences
from inventory.software import queries as software
from inventory.software import requests
from inventory.software.queries import Asked
from inventory.software.requests import Request

MOST_PLACES: Final = 200
"""Computers a page of a title names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class SoftwareQueries:
    """What one person may read of programs at one moment."""

    actor: Actor
    now: int

    def page(self, site: str, asked: Asked) -> shapes.Listing:
        """One page of titles: as many queries for a full one as for an empty one."""
        sites = self._sites() & {site}
        today = self._today(site)
        found = software.listed(sites, asked, today)
        narrowed = bool(asked.search or asked.show)
        every, cut = software.how_read(sites)
        return shapes.listing(
            found,
            today=today,
            counts=software.tallied(sites, today),
            waiting=requests.waiting(sites),
            total=software.count(sites, asked, today) if narrowed else None,
            every=every,
            cut=cut,
        )

    def title(self, title_id: str) -> shapes.TitlePage | None:
        """One title; None when there is none that this person may see."""
        row = software.one(self._sites(), title_id)
        if row is None:
            return None
        site = row["site"]
        spelt = software.spellings([site], [title_id])
        places = software.places(site, [one for one in spelt if one.computers])
        names = dict(
            Device.objects.filter(
                site_id=site, id__in=[place.computer for place in places[:MOST_PLACES]]
            ).values_list("id", "name")
        )
        asked = requests.of_title(site, row["key"])
        return shapes.title_page(
            row,
            spelt,
            places[:MOST_PLACES],
            today=self._today(site),
            computers=names,
            people=people({row["wish_by"], *_people(asked)}),
            asked=asked,
            licences=licences.covering(site, title_id),
        )

    def proposal(self, site: str) -> Proposal:
        """What this person could put in force at a school."""
        return proposal(site, self.actor.id, self.role(site), people(wishers(site)))

    def role(self, site: str) -> str:
        """The role in which they decide there."""
        school = self.actor.school(site)
        held = sorted(school.roles) if school else []
        return next((role for role in held if Ability.DECIDE_SOFTWARE in ABILITIES[role]), "admin")

    def requests(self, site: str, *, opened: bool, after: str, before: str) -> shapes.Requests:
        """Requests of a school."""
        found = requests.requests(self._sites() & {site}, opened=opened, after=after, before=before)
        ids = {one for row in found.rows for one in (row.asked_by, row.looked_by, row.decided_by)}
        return shapes.requests(found, people(ids), self.actor.id)

    def request(self, request_id: str) -> Request | None:
        """One request; None when it is not theirs to see."""
        return requests.request(self._sites(), request_id)

    def named(self, site: str) -> dict[str, str]:
        """Titles of a school that are installed somewhere, by id, for a list to choose from."""
        return {one: shown(name) for one, name in licences.titles(self._sites() & {site}).items()}

    def licences(self, site: str) -> shapes.Licences:
        """The licences of a school, and what lacks one."""
        return shapes.licences(licences.overview(self._sites() & {site}), self._today(site))

    def licence(self, licence_id: str) -> dict[str, Any] | None:
        """One licence; None when it is not theirs to see."""
        return licences.one(self._sites(), licence_id)

    def _today(self, site: str) -> str:
        school = self.actor.school(site)
        zone = school.timezone if school else ""
        return moments.local(self.now, zone).date().isoformat()

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def _people(asked: list[Request]) -> set[str]:
    return {one for row in asked for one in (row.asked_by, row.looked_by, row.decided_by)}


def queries(actor: Actor) -> SoftwareQueries:
    """Programs as this person may see them, now."""
    return SoftwareQueries(actor, clock.now())
