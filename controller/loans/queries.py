"""The only way from a page to loans and to people who have things: `queries(actor)` (O11).

Everything starts from the schools where the person may see the register, so another school's loan
looks exactly like one that does not exist.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from controller import clock
from controller.loans import days
from controller.loans.shown import Group, Out, Who, choices, out, who
from controller.people.actor import Actor
from controller.people.queries import names as accounts
from controller.people.roles import Ability
from controller.register.said import called
from controller.wording import moments
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import words
from inventory import naming
from inventory.allocation import conditions
from inventory.allocation import queries as loans
from inventory.allocation.conditions import Text
from inventory.allocation.queries import Asked, AskedPeople, Loan, View
from inventory.assets import queries as assets
from inventory.assets.kinds import kind_of
from inventory.assets.states import GONE
from inventory.documents import queries as documents

MOST_FOUND: Final = 30
"""Things a search on the page of a give or a return shows."""


@dataclass(frozen=True, slots=True)
class LoansPage:
    """One page of what is out."""

    rows: list[Out]
    previous: str
    next: str
    counts: dict[View, int]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people."""

    rows: list[Who]
    previous: str
    next: str
    total: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person with what they have and had."""

    person: Who
    has: list[Out]
    had: list[Out]


@dataclass(frozen=True, slots=True)
class Handover:
    """What went out, or came back (`back`), in one step."""

    id: str
    site: str
    back: bool
    rows: list[Out]
    holder: str
    person: str
    at: int
    by: str
    signed: bool
    signature: str
    drawn: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class LeaversPage:
    """People who left or leave soon with what they still have, and what else is late."""

    people: list[tuple[Who, list[Out]]]
    late: list[Out]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry that may be given out; `holder` is who has it now, `away` why nobody can have it."""

    id: str
    name: str
    kind: str
    tag: str
    holder: str
    away: str


@dataclass(frozen=True, slots=True)
class LoanQueries:
    """What one person may read of loans at one moment."""

    actor: Actor
    now: int

    def page(self, asked_sites: frozenset[str], asked: Asked, timezone: str) -> LoansPage:
        """One page of what is out: as many queries for a full one as for an empty one."""
        sites, today = self._sites() & asked_sites, self.today(timezone)
        week = days.after(today, days.SOON)
        found = loans.listed(sites, asked, today, week)
        rows = self._outs(sites, found.rows, today)
        return LoansPage(rows, found.previous, found.next, loans.counts(sites, today, week))

    def people(self, asked_sites: frozenset[str], asked: AskedPeople, timezone: str) -> PeoplePage:
        """One page of people, likewise."""
        sites, today = self._sites() & asked_sites, self.today(timezone)
        found = loans.people(sites, asked, today)
        numbers = loans.numbers(sites, [row.id for row in found.rows])
        rows = [who(row, today, numbers.get(row.id, 0)) for row in found.rows]
        total = loans.count_people(sites, asked, today)
        return PeoplePage(rows, found.previous, found.next, total)

    def person(self, person_id: str) -> PersonPage | None:
        """One person; None when they are of no school of this actor."""
        found = loans.somebody(self._sites(), person_id)
        if found is None:
            return None
        today = self._today_at(found.site)
        has, had = loans.of_holder({found.site}, person_id)
        return PersonPage(
            who(found, today, len(has)),
            self._outs({found.site}, has, today),
            self._outs({found.site}, had, today),
        )

    def stands(self, person_id: str) -> dict[str, str]:
        """What is known of a person, as it is kept and may be changed."""
        found = loans.somebody(self._sites(), person_id)
        names = ("name", "kind", "group", "reference", "profile")
        return {name: getattr(found, name) for name in names} if found else {}

    def loan(self, loan_id: str) -> tuple[Out, str] | None:
        """One loan and its school."""
        found = loans.one(self._sites(), loan_id)
        if found is None:
            return None
        (row,) = self._outs({found.site}, [found], self._today_at(found.site))
        return row, found.site

    def handover(self, batch: str) -> Handover | None:
        """What went out or came back in one step."""
        found, back = loans.handover(self._sites(), batch)
        if not found:
            return None
        first = found[0]
        rows = self._outs({first.site}, found, self._today_at(first.site))
        by = first.taken_by if back else first.given_by
        digests = [one.return_signature if back else one.signature for one in found]
        holders = {row.holder for row in rows}
        paper = documents.by_digest({first.site}, digests[0]) if digests[0] else None
        return Handover(
            id=batch,
            site=first.site,
            back=back,
            rows=rows,
            holder=rows[0].holder if len(holders) == 1 else "several people",
            person=rows[0].person if len(holders) == 1 else "",
            at=(first.until or 0) if back else first.since,
            by=shown(accounts([by]).get(by, "")),
            signed=all(digests),
            signature=digests[0] if paper else "",
            drawn=bool(paper and paper.is_picture),
            undone=not back and all(one.returned_as == "mistake" for one in found),
        )

    def leavers(self, asked_sites: frozenset[str], timezone: str) -> LeaversPage:
        """One list: who leaves with things of the school's, and what else should be back."""
        sites, today = self._sites() & asked_sites, self.today(timezone)
        theirs = loans.of_leavers(sites, days.after(today, days.LEAVING))
        known = loans.by_ids(sites, {loan.holder for loan in theirs})
        leaving = {loan.id for loan in theirs}
        late = [one for one in loans.past_due(sites, today) if one.id not in leaving]
        rows = self._outs(sites, [*theirs, *late], today)
        people = [
            (who(known[person], today), list(some))
            for person, some in groupby(rows[: len(theirs)], key=lambda row: row.person)
            if person in known
        ]
        return LeaversPage(people, rows[len(theirs) :])

    def back(self, site: str, asset_ids: Collection[str]) -> list[Out]:
        """What is out of these things."""
        sites = self._sites() & {site}
        return self._outs(sites, loans.open_of(sites, asset_ids), self._today_at(site))

    def holders(self, site: str) -> list[Group]:
        """Whom and where things may be given to."""
        sites = self._sites() & {site}
        people = loans.to_choose(sites, self._today_at(site))
        places = (naming.rooms(sites), naming.pools(sites), naming.trolleys(sites))
        return choices(people, *places)

    def texts(self, site: str, *, every: bool = False) -> list[Text]:
        """The school's words."""
        return conditions.texts(self._sites() & {site}, every=every)

    def text(self, text_id: str) -> Text | None:
        """One version of them."""
        return conditions.one(self._sites(), text_id)

    def things(self, site: str, asset_ids: Collection[str]) -> list[Thing]:
        """Entries by id, in the order of the ids."""
        sites = self._sites() & {site}
        rows = assets.some(sites, asset_ids)
        found = {row["id"]: row for row in rows if row["state"] not in GONE}
        return self._things(sites, [found[one] for one in asset_ids if one in found])

    def search(self, site: str, text: str) -> list[Thing]:
        """The first entries in which these words stand."""
        if not text.strip("\0 "):
            return []
        sites = self._sites() & {site}
        asked = assets.read({"q": text})
        found = assets.listed(sites, asked, self._today_at(site), MOST_FOUND)
        return self._things(sites, found.rows)

    def today(self, timezone: str) -> str:
        """The day it is at a school, `YYYY-MM-DD`."""
        return moments.local(self.now, timezone).date().isoformat()

    def _things(self, sites: Collection[str], rows: Sequence[dict[str, str]]) -> list[Thing]:
        names = naming.names(sites, {row["holder"] for row in rows})
        return [
            Thing(
                id=row["id"],
                name=name_of(row),
                kind=kind_of(row["kind"]).title,
                tag=shown(row["tag"]),
                holder=called(row["holder"], names) if row["holder"] else "",
                away=words().register.state(row["state"]).label if row["state"] in _AWAY else "",
            )
            for row in rows
        ]

    def _outs(self, sites: Collection[str], found: Iterable[Loan], today: str) -> list[Out]:
        rows = list(found)
        names = naming.names(sites, {row.holder for row in rows})
        return [out(row, names, today, self.now) for row in rows]

    def _today_at(self, site: str) -> str:
        school = self.actor.school(site)
        return self.today(school.timezone if school else "")

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


_AWAY: Final = frozenset({"repair", "lost", "stolen", "retired"})


def queries(actor: Actor) -> LoanQueries:
    """Loans as this person may see them, now."""
    return LoanQueries(actor, clock.now())
