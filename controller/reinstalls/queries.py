"""The only way from a page to computers that are set up anew: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor, School
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.reinstalls.forms import Typed, ends_at
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory import naming
from inventory.assets.writing import By
from inventory.reinstalls import queries as reinstalls
from inventory.reinstalls import services


@dataclass(frozen=True, slots=True)
class Row:
    """One request in the list."""

    id: str
    what: str
    reason: str
    made_at: int
    who: str
    ends_at: int
    open: bool
    expected: int
    back: int


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry that may be ticked; `last_seen_at` of the computer that reports as it."""

    id: str
    name: str
    tag: str
    serial: str
    last_seen_at: int | None
    ticked: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """What is in a place: what may be ticked, and how many things no computer reports as."""

    things: list[Thing]
    others: int
    more: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One computer of a request."""

    entry: str
    name: str
    tag: str
    back_at: int | None
    who: str
    device: str
    replaced: str


@dataclass(frozen=True, slots=True)
class Page:
    """One request."""

    row: Row
    site: str
    items: list[Item]
    waiting: int


@dataclass(frozen=True, slots=True)
class ReinstallQueries:
    """What one person may say and see."""

    actor: Actor
    now: int

    def rows(self, school: School) -> list[Row]:
        """The newest first."""
        found = reinstalls.requests(self._sites() & {school.id})
        names = naming.names({school.id}, {row["place"] for row in found})
        who = people({row["made_by"] for row in found})
        return [self._row(row, names, who) for row in found]

    def places(self, school: School) -> list[tuple[str, list[tuple[str, str]]]]:
        """Rooms, sets and trolleys to pick from."""
        site = {school.id}
        several = (
            ("Rooms", naming.rooms(site)),
            ("Sets", naming.pools(site)),
            ("Trolleys", naming.trolleys(site)),
        )
        return [(title, [(one, shown(n)) for one, n in rows]) for title, rows in several if rows]

    def listed(self, school: School, typed: Typed) -> Listed | None:
        """What is in the place, or has the tags; None where nothing was chosen."""
        chosen = typed.chosen
        if not (chosen.place or chosen.tags):
            return None
        rows = reinstalls.choose(school.id, chosen)
        live = fleet_queries(self.actor).of_entries([row["id"] for row in rows])
        there = [row for row in rows[: reinstalls.MOST] if row["id"] in live]
        things = [
            Thing(
                id=row["id"],
                name=name_of(row),
                tag=shown(row["tag"]),
                serial=shown(row["serial"]),
                last_seen_at=live[row["id"]].last_seen_at,
                ticked=not typed.entries or row["id"] in typed.entries,
            )
            for row in there
        ]
        return Listed(things, len(rows) - len(there), len(rows) > reinstalls.MOST)

    def expect(self, school: School, typed: Typed) -> str:
        """Expect what is ticked; the request's id. Raises RegisterError."""
        place = typed.place if typed.place in naming.names({school.id}, {typed.place}) else ""
        return services.expect(
            school.id,
            typed.entries,
            place=place,
            ends_at=ends_at(typed.until, school.timezone),
            by=By(self.actor.id, self.now, reason=typed.reason),
        )

    def page(self, request_id: str) -> Page | None:
        """One request; None where it is none of theirs."""
        found = reinstalls.request(self._sites(), request_id)
        if found is None:
            return None
        items = found["items"]
        names = naming.names({found["site_id"]}, {found["place"]})
        who = people({found["made_by"], *(item["back_by"] for item in items)})
        counted = {"expected": len(items), "back": sum(bool(item["back_at"]) for item in items)}
        group = fleet_queries(self.actor).queue(frozenset({found["site_id"]})).back
        return Page(
            row=self._row(found | counted, names, who),
            site=found["site_id"],
            items=[
                Item(
                    entry=item["id"],
                    name=name_of(item),
                    tag=shown(item["tag"]),
                    back_at=item["back_at"],
                    who=shown(who.get(item["back_by"], "")),
                    device=item["device"],
                    replaced=item["replaced"],
                )
                for item in items
            ],
            waiting=sum(len(one.returning) for one in group if one.id == request_id),
        )

    def stop(self, page: Page) -> None:
        """Expect no more of these. Raises RegisterError."""
        services.stop(page.site, page.row.id, by=By(self.actor.id, self.now))

    def _row(self, row: dict[str, Any], names: dict[str, str], who: dict[str, str]) -> Row:
        return Row(
            id=row["id"],
            what=shown(names.get(row["place"], "")) or "Ticked computers",
            reason=shown(row["reason"], 200),
            made_at=row["made_at"],
            who=shown(who.get(row["made_by"], "")),
            ends_at=row["ends_at"],
            open=row["ends_at"] > self.now,
            expected=row["expected"],
            back=row["back"],
        )

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.LET_IN)


def queries(actor: Actor) -> ReinstallQueries:
    """Computers that are set up anew as this person may see them, now."""
    return ReinstallQueries(actor, clock.now())
