"""The only way from a page to companies and their papers: `queries(actor)` (O11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.contractors.listing import Firm, PaperRow, firm, paper
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.wording import moments
from inventory.contractors import queries as contractors
from inventory.contractors.kinds import Rules, known
from inventory.contractors.rules import rules
from inventory.documents import queries as documents
from inventory.documents.queries import Whole


@dataclass(frozen=True, slots=True)
class FirmPage:
    """One company with every paper: those that count, and those that are over or ended."""

    site: str
    firm: Firm
    papers: list[PaperRow]
    past: list[PaperRow]


@dataclass(frozen=True, slots=True)
class ContractorQueries:
    """What one person may read of companies at one moment."""

    actor: Actor
    now: int

    def page(self, site: str) -> tuple[list[Firm], list[Firm]]:
        """Companies in use and those that are not: as many queries for many as for one."""
        sites, today = self._sites() & {site}, self.today(site)
        here, gone = (contractors.listed(sites, left=left) for left in (False, True))
        names = people({one.values["left_by"] for one in gone})
        return [firm(one, today, names) for one in here], [firm(one, today, names) for one in gone]

    def firm(self, contractor_id: str, on: str = "") -> FirmPage | None:
        """One company as it stands on a day, today unless said; None where it is not theirs."""
        found = contractors.one(self._sites(), contractor_id)
        if found is None:
            return None
        site = found.values["site_id"]
        today, rows = self.today(site), contractors.papers([site], contractor_id)
        ids = {row[name] for row in rows for name in ("added_by", "ended_by")}
        names = people(ids | {found.values["left_by"]})
        shown = [paper(row, today, names) for row in rows]
        now = [one for one, row in zip(shown, rows, strict=True) if _counts(row, today)]
        kinds = {one.kind for one in now}
        # What is over and has no successor is what somebody has to do something about.
        now += [one for one in shown if one.open and one.kind not in kinds]
        order = list(known().kinds)
        return FirmPage(
            site=site,
            firm=firm(found, on or today, names),
            papers=sorted(now, key=lambda one: order.index(one.kind)),
            past=[one for one in shown if one not in now],
        )

    def values(self, contractor_id: str) -> dict[str, Any] | None:
        """A company as it is kept and may be changed."""
        found = contractors.one(self._sites(), contractor_id)
        return found.values if found else None

    def paper(self, contractor_id: str, paper_id: str) -> dict[str, Any] | None:
        """A paper as it is kept; None where it is not theirs."""
        return contractors.paper(self._sites(), contractor_id, paper_id)

    def copy(self, contractor_id: str, paper_id: str) -> Whole | None:
        """The file of a paper. Raises RegisterError where the disk has not kept it."""
        found = self.paper(contractor_id, paper_id)
        if found is None or found["document_id"] is None:
            return None
        return documents.read(self._sites(), found["document_id"])

    def rules(self, site: str) -> Rules:
        """What a school asks for."""
        return rules(site)

    def today(self, site: str) -> str:
        """The day it is at a school."""
        school = self.actor.school(site)
        at = moments.local(self.now, school.timezone if school else "")
        return at.date().isoformat()

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def _counts(row: Mapping[str, Any], today: str) -> bool:
    """Whether a paper counts, or will."""
    return row["ended_at"] is None and (not row["valid_to"] or row["valid_to"] >= today)


def queries(actor: Actor) -> ContractorQueries:
    """Companies as this person may see them, now."""
    return ContractorQueries(actor, clock.now())
