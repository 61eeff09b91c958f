"""The only way from a page to care: `queries(actor)` (O11)."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from controller import clock
from controller.care import listing
from controller.people.actor import Actor
from controller.people.queries import names as accounts
from controller.people.roles import Ability
from controller.wording import moments
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory import naming
from inventory.assets import queries as assets
from inventory.assets.kinds import kind_of
from inventory.assets.queries import Asked as Wanted
from inventory.care import queries as care
from inventory.care.days import month_end
from inventory.care.doing import MOST
from inventory.care.queries import Asked
from inventory.documents import queries as documents
from inventory.documents.queries import Whole

AHEAD_DAYS: Final = 90
"""About a term."""
SPANS: Final = {"late": "Overdue", "month": "This month", "term": "Until the end of term"}


@dataclass(frozen=True, slots=True)
class Page:
    """What is due, by room. `more`: there is more than one page shows; `number`: on this page."""

    rooms: list[listing.Room]
    number: int
    late: int
    more: bool
    kinds: list[listing.KindSaid]
    places: list[tuple[str, str]]
    lacking: list[listing.StepSaid]
    lately: list[listing.StepSaid]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of care and the things it may be noted on; `today` fills in the day."""

    kind: listing.KindSaid
    room: str
    rows: list[listing.Row]
    more: bool
    today: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry that may be put under care; `under`: it is already."""

    id: str
    name: str
    what: str
    tag: str
    under: bool


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step with everything in it; `failed`: what failed and is not marked as broken."""

    batch: str
    site: str
    care: str
    first: listing.DoneSaid
    rows: list[listing.DoneSaid]
    at: int
    noted_by: str
    undone_at: int | None
    undone_by: str
    certificate: str
    failed: list[listing.DoneSaid] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CareQueries:
    """What one person may read of care at one moment."""

    actor: Actor
    now: int

    def page(self, site: str, asked: Asked, span: str) -> Page:
        """What is due at one school; as many questions for much as for little."""
        sites, today = self._sites(site), self.today(site)
        until = {"late": _before(today), "month": month_end(today)}.get(span, _ahead(today))
        found = care.due(sites, Asked(until, asked.kind, asked.room))
        things = found[: care.MOST]
        rows = self._rows(sites, things, today)
        places = naming.rooms(sites)
        return Page(
            rooms=listing.rooms(things, rows, dict(places)),
            number=len(rows),
            late=sum(row.overdue for row in rows),
            more=len(found) > care.MOST,
            kinds=self.kinds(site),
            places=[(id_, shown(name)) for id_, name in places],
            lacking=[listing.step(one) for one in care.steps(sites, lacking=True)],
            lately=[listing.step(one) for one in care.steps(sites)],
        )

    def kinds(self, site: str) -> list[listing.KindSaid]:
        """The kinds of care of one school."""
        return [listing.kind(one) for one in care.kinds(self._sites(site))]

    def form(self, asked: Asked) -> Form | None:
        """What a kind of care may be noted on, in a room or of one entry; None for a kind that is
        not there, or not theirs to change."""
        kind = self.kind(asked.kind)
        if kind is None:
            return None
        sites, today = frozenset({kind.site}), self.today(kind.site)
        found = care.due(sites, Asked("", asked.kind, asked.room, asked.asset))
        room = dict(naming.rooms(sites)).get(asked.room, "") if asked.room else ""
        rows = self._rows(sites, found[:MOST], today)
        return Form(kind, shown(room), rows, len(found) > MOST, today)

    def kind(self, kind_id: str) -> listing.KindSaid | None:
        """A kind that they may note as done and change."""
        found = care.kind(self.actor.sites(Ability.EDIT_REGISTER), kind_id[:32].replace("\0", ""))
        return listing.kind(found) if found else None

    def choices(self, site: str, wanted: Wanted, kind_id: str) -> tuple[list[Choice], bool]:
        """Entries that may be put under a kind of care, and whether there are more."""
        sites = self.actor.sites(Ability.EDIT_REGISTER) & {site}
        if not sites:
            return [], False
        found = care.choosable(site, wanted, kind_id, self.today(site))
        return [_choice(*one) for one in found[: care.MOST]], len(found) > care.MOST

    def chosen(self, site: str, ids: Collection[str], kind_id: str) -> list[Choice]:
        """Likewise, of entries that were ticked."""
        sites = self.actor.sites(Ability.EDIT_REGISTER) & {site}
        under = {one.asset for one in care.due(sites, Asked(kind=kind_id))}
        found = [_choice(row, row["id"] in under) for row in assets.some(sites, ids)]
        return sorted(found, key=lambda one: (one.name, one.tag, one.id))

    def entry(self, asset_id: str) -> tuple[list[listing.Row], list[listing.DoneSaid]]:
        """What one entry is under, and what was done to it."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        things = care.of_entry(sites, asset_id)
        today = self.today(things[0].site) if things else ""
        past = [listing.done(one) for one in care.history(sites, asset_id)]
        return [listing.row(one, today, {}) for one in things], past

    def site_of_entry(self, asset_id: str) -> str:
        """The school of an entry they may change, "" where there is none."""
        values = assets.one(self.actor.sites(Ability.EDIT_REGISTER), asset_id)
        return values["site"] if values else ""

    def step(self, batch: str) -> StepPage | None:
        """What was noted in one step."""
        found = care.step(self.actor.sites(Ability.SEE_COMPUTERS), batch)
        if not found:
            return None
        rows, one = [listing.done(done) for done in found], found[0]
        who = accounts({one.noted_by, one.undone_by} - {""})
        return StepPage(
            batch=batch,
            site=self.site_of_step(batch, Ability.SEE_COMPUTERS),
            care=shown(one.kind_name),
            first=rows[0],
            rows=rows,
            at=one.at,
            noted_by=shown(who.get(one.noted_by, "")) or "somebody",
            undone_at=one.undone_at,
            undone_by=shown(who.get(one.undone_by, "")) or "somebody",
            certificate=one.certificate,
            failed=[row for row in rows if not row.passed and not row.broken],
        )

    def site_of_step(self, batch: str, ability: Ability) -> str:
        """The school of a step, where this person has the ability; "" elsewhere."""
        return care.site_of_step(self.actor.sites(ability), batch)

    def certificate(self, document_id: str) -> Whole | None:
        """A certificate they may see. Raises RegisterError where the disk has not kept it."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        if not care.has_certificate(sites, document_id):
            return None
        return documents.read(sites, document_id)

    def today(self, site: str) -> str:
        """The school's day."""
        school = self.actor.school(site)
        zone = school.timezone if school else ""
        return moments.local(self.now, zone).date().isoformat()

    def _rows(
        self, sites: Collection[str], things: Collection[care.Thing], today: str
    ) -> list[listing.Row]:
        names = naming.names(sites, {one.values["holder"] for one in things})
        return [listing.row(one, today, names) for one in things]

    def _sites(self, site: str) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS) & {site}


def queries(actor: Actor) -> CareQueries:
    """Care as this person may see it, now."""
    return CareQueries(actor, clock.now())


def _choice(values: Mapping[str, str], under: bool) -> Choice:
    what = kind_of(values["kind"]).title
    return Choice(values["id"], name_of(values), what, shown(values["tag"]), under)


def _ahead(today: str) -> str:
    return (datetime.date.fromisoformat(today) + datetime.timedelta(AHEAD_DAYS)).isoformat()


def _before(today: str) -> str:
    return (datetime.date.fromisoformat(today) - datetime.timedelta(1)).isoformat()
