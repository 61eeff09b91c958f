"""The only way from a page to the register of drives: `queries(actor)` (O11)."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.media.listing import Listing, Row, Seen, lines, row
from controller.media.proposal import Proposal, proposal
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import ABILITIES, Ability
from controller.wording import moments
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.allocation import queries as register
from inventory.media import queries as media
from inventory.media.queries import MOST, SOON_DAYS, VIEWS, View


@dataclass(frozen=True, slots=True)
class MediaQueries:
    """What one person may read of drives at one moment."""

    actor: Actor
    now: int

    def page(self, site: str, view: View, search: str) -> Listing:
        """The list: as many queries for a full one as for an empty one."""
        sites, today, soon = self._sites() & {site}, self.today(site), self._soon(site)
        found = media.listed(sites, view, search, today, soon)
        counted = media.counts(sites, today, soon)
        policy = self.proposal(site)
        seen = self._seen(site, policy, found)
        return Listing(
            rows=[row(one, seen) for one in found],
            tabs=[(one, words().media.views[one], counted[one]) for one in VIEWS],
            lines=lines(policy),
            proposal=policy,
            most=len(found) >= MOST,
        )

    def one(self, medium_id: str) -> tuple[Row, dict[str, Any]] | None:
        """A drive for a page and as it is kept; None when it is not theirs to see."""
        found = media.one(self._sites(), medium_id)
        if found is None:
            return None
        site = found["site_id"]
        return row(found, self._seen(site, self.proposal(site), [found])), found

    def proposal(self, site: str) -> Proposal:
        """What of the register is not in force yet."""
        return proposal(site, self._role(site), self.today(site))

    def holders(self, site: str) -> dict[str, str]:
        """People a drive may be given to, by id."""
        found = register.to_choose(self._sites() & {site}, self.today(site))
        return {one.id: shown(one.name) for one in found}

    def today(self, site: str) -> str:
        """The day it is at a school."""
        return self._day(site).isoformat()

    def _seen(self, site: str, policy: Proposal, rows: Iterable[Mapping[str, Any]]) -> Seen:
        ids = {one[name] for one in rows for name in ("asked_by", "decided_by")}
        today, soon = self.today(site), self._soon(site)
        return Seen(today, soon, policy.named, people(ids), self.actor.id)

    def _soon(self, site: str) -> str:
        return (self._day(site) + datetime.timedelta(days=SOON_DAYS)).isoformat()

    def _day(self, site: str) -> datetime.date:
        school = self.actor.school(site)
        return moments.local(self.now, school.timezone if school else "").date()

    def _role(self, site: str) -> str:
        """The role in which they decide there."""
        school = self.actor.school(site)
        held = sorted(school.roles) if school else []
        return next((one for one in held if Ability.DECIDE_SOFTWARE in ABILITIES[one]), "admin")

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def view_of(asked: str) -> View:
    """The view that is meant; all that is in use for one that does not exist."""
    return next((one for one in VIEWS if one == asked), "")


def queries(actor: Actor) -> MediaQueries:
    """Drives as this person may see them, now."""
    return MediaQueries(actor, clock.now())
