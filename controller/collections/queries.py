"""The only way from a page to collections: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.collections.listing import Choice, Page, Row, choice, page, row
from controller.collections.sheet import TEMPLATE, document
from controller.contractors.listing import says
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.printing.making import make
from controller.wording import moments
from controller.wording.shown import shown
from inventory.collections import candidates
from inventory.collections import queries as collections
from inventory.collections.queries import View
from inventory.contractors import queries as contractors
from inventory.contractors.standing import standing


@dataclass(frozen=True, slots=True)
class CollectionQueries:
    """What one person may read of collections at one moment."""

    actor: Actor
    now: int

    def page(self, site: str, view: View) -> tuple[list[Row], dict[View, int]]:
        """The list: as many queries for a full one as for an empty one."""
        sites, today = self._sites() & {site}, self.today(site)
        rows = collections.listed(sites, view)
        return [row(one, today) for one in rows], collections.counts(sites)

    def one(self, collection_id: str) -> Page | None:
        """A collection with its list; None where it is not theirs to see."""
        found = collections.one(self._sites(), collection_id)
        if found is None:
            return None
        told = found.values
        can, site = None, told["site_id"]
        if told["state"] == "booked":
            held = contractors.standing(site, told["contractor_id"], told["day"], told["handover"])
            can = says(held)
        names = people({told[f"{done}_by"] for done in ("booked", "collected", "cancelled")})
        return page(found, can, self.today(site), names)

    def choices(self, asked: Page) -> list[Choice]:
        """What may be put on its list, and what was approved but may not go yet."""
        chosen = frozenset(one.disposal for one in asked.lines)
        found = candidates.waiting({asked.site}, asked.handover)
        return [choice(one, asked.id, chosen) for one in found]

    def firms(self, site: str, day: str) -> list[tuple[str, str, dict[str, bool]]]:
        """Companies in use, and what each may take on a day."""
        found = contractors.listed(self._sites() & {site})
        return [
            (
                one.values["id"],
                shown(one.values["name"], 120),
                {
                    name: standing(one.papers, name, day, one.rules).ok
                    for name in ("recycle", "unwiped", "reuse")
                },
            )
            for one in found
        ]

    def offsite(self, site: str) -> bool:
        """Whether a company may wipe for the school (I9)."""
        return candidates.offsite_allowed(site)

    def pdf(self, asked: Page) -> bytes:
        """The list to print. Raises PrintingError."""
        return make(TEMPLATE, self.sheet(asked))

    def sheet(self, asked: Page) -> dict[str, Any]:
        """What stands on the list to print."""
        school = self.actor.school(asked.site)
        name, zone = (school.name, school.timezone) if school else ("", "")
        at = moments.local(self.now, zone)
        return document(asked, shown(name, 120), f"{at.day} {at:%B %Y}, {at:%H:%M}")

    def today(self, site: str) -> str:
        """The day it is at a school."""
        school = self.actor.school(site)
        at = moments.local(self.now, school.timezone if school else "")
        return at.date().isoformat()

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def view_of(asked: str) -> View:
    """The view that is meant; what is booked for one that does not exist."""
    return next((one for one in collections.VIEWS if one == asked), "booked")


def queries(actor: Actor) -> CollectionQueries:
    """Collections as this person may see them, now."""
    return CollectionQueries(actor, clock.now())
