"""The only way from a page to a count: `queries(actor)` (O11)."""

from dataclasses import dataclass, replace

from controller import clock
from controller.counts import page
from controller.counts.said import Said, said
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.wording import moments
from controller.wording.shown import shown
from inventory import naming
from inventory.assets.kinds import kind_of
from inventory.stocktake import finishing
from inventory.stocktake import queries as counts
from inventory.stocktake.services import Answer

MOST_ON_PAPER = 5_000


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the sheet to count by hand; `trolley`: what it is kept in."""

    tag: str
    title: str
    serial: str
    trolley: str


@dataclass(frozen=True, slots=True)
class CountQueries:
    """What one person may read of the counts at one moment."""

    actor: Actor
    now: int

    def takes(self, sites: frozenset[str]) -> list[page.TakePage]:
        """The counts of a school, newest first."""
        found = counts.takes(self._sites() & sites)
        names = people({who for take in found for who in (take.begun_by, take.signed_by)})
        return [page.listed(take, names) for take in found]

    def rooms(self, sites: frozenset[str]) -> list[tuple[str, str]]:
        """Rooms that may be counted, in walking order."""
        found = naming.rooms(self.actor.sites(Ability.EDIT_REGISTER) & sites)
        return [(room, shown(name)) for room, name in found]

    def take(self, take_id: str) -> page.TakePage | None:
        """One count; None when there is none that this person may see."""
        found = counts.take(self._sites(), take_id)
        if found is None:
            return None
        who = {found.begun_by, found.finished_by, found.signed_by, *found.counters}
        made = page.listed(found, people(who))
        return replace(made, why_not=finishing.why_not(found.counters, self.actor.id))

    def room(self, counted_id: str) -> page.RoomPage | None:
        """One room of a count, likewise."""
        found = counts.room(self._sites(), counted_id)
        if found is None:
            return None
        who = {thing.by for thing in found.things} | set(found.counted.counters)
        unseen = [t.asset for t in found.things if t.is_ in ("missing", "elsewhere")]
        live = fleet_queries(self.actor).of_entries(unseen)
        return page.room_page(found, people(who | {one.by for one in found.strange}), live)

    def site_of_room(self, counted_id: str, ability: Ability) -> str | None:
        """The school of a room of a count where this person has the ability."""
        return counts.site_of_room(self.actor.sites(ability), counted_id)

    def site_of(self, take_id: str, ability: Ability) -> str | None:
        """The school of a count where this person has the ability."""
        return counts.site_of(self.actor.sites(ability), take_id)

    def paper(self, take_id: str) -> list[tuple[str, list[PaperRow]]] | None:
        """The rooms of a count in walking order, each with what should be there."""
        found = counts.take(self._sites(), take_id)
        if found is None:
            return None
        due = counts.expected_now({found.site}, take_id)
        every = [one for rows in due.values() for one in rows][:MOST_ON_PAPER]
        ids = {asset for asset, _ in every} | {trolley for _, trolley in every if trolley}
        known = counts.entries({found.site}, ids)
        return [(shown(room.name), _paper(due[room.id], known)) for room in found.rooms]

    def answered(self, counted_id: str, answer: Answer, timezone: str) -> Said:
        """What a scan came to, in words."""
        here = counts.thing(self._sites(), counted_id, answer.asset) if answer.asset else None
        before = answer.before
        names = people({before[2]} if before else ())
        at = moments.when(before[1], self.now, timezone) if before else ""
        others = counts.entries(self._sites(), answer.others)
        tags = [shown(one["tag"] or one["name"] or "one without a tag") for one in others.values()]
        row = page.thing_row(here, {}, None) if here else None
        return said(answer, row, (names, tags, at))

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def queries(actor: Actor) -> CountQueries:
    """The counts as this person may see them, now."""
    return CountQueries(actor, clock.now())


def _paper(due: list[tuple[str, str]], known: dict[str, dict[str, str]]) -> list[PaperRow]:
    return [
        PaperRow(
            tag=shown(known[asset]["tag"]),
            title=shown(known[asset]["name"]) or kind_of(known[asset]["kind"]).title,
            serial=shown(known[asset]["serial"]),
            trolley=_called(known.get(trolley)),
        )
        for asset, trolley in due
        if asset in known
    ]


def _called(entry: dict[str, str] | None) -> str:
    return shown(entry["name"] or entry["tag"]) if entry else ""
