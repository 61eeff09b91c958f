"""The only way from a page to deliveries: `queries(actor)` (O11)."""

from dataclasses import dataclass

from controller import clock
from controller.deliveries.forms import Typed, common
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor, School
from controller.people.roles import Ability
from controller.wording.shown import shown
from inventory import naming
from inventory.assets.writing import By
from inventory.deliveries import queries as deliveries
from inventory.deliveries import services
from inventory.deliveries.services import Planned


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery in the list."""

    id: str
    name: str
    made_at: int
    expected: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a delivery; every string may be shown as it is."""

    entry: str
    tag: str
    serial: str
    arrived_at: int | None
    reports: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One delivery."""

    id: str
    site: str
    name: str
    made_at: int
    items: list[Item]
    arrived: int
    reporting: int
    waiting: int


@dataclass(frozen=True, slots=True)
class DeliveryQueries:
    """Deliveries of the schools whose register this person keeps."""

    actor: Actor
    now: int

    def rows(self, school: School) -> list[Row]:
        """The newest first."""
        found = deliveries.deliveries(self._sites() & {school.id})
        return [
            Row(row["id"], shown(row["name"]), row["made_at"], row["expected"], row["arrived"])
            for row in found
        ]

    def places(self, school: School) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Rooms and sets to pick from."""
        rooms, pools = naming.rooms({school.id}), naming.pools({school.id})
        return [(one, shown(n)) for one, n in rooms], [(one, shown(n)) for one, n in pools]

    def plan(self, school: School, typed: Typed) -> Planned:
        """What would be entered. Raises RegisterError."""
        common(typed)
        return services.plan(school.id, typed.name, typed.serials, typed.tags)

    def enter(self, school: School, typed: Typed) -> str:
        """Enter it; the delivery's id. Raises RegisterError."""
        return services.enter(school.id, self.plan(school, typed), common(typed), by=self._by())

    def page(self, delivery_id: str) -> Page | None:
        """One delivery; None where it is none of theirs."""
        found = deliveries.one(self._sites(), delivery_id)
        if found is None:
            return None
        fleet = fleet_queries(self.actor)
        live = fleet.of_entries([row["asset"] for row in found["items"]])
        waits = fleet.waits_as(found["site"])
        items = [
            Item(
                entry=row["asset"],
                tag=shown(row["tag"]),
                serial=shown(row["serial"]),
                arrived_at=row["arrived_at"],
                reports=row["asset"] in live and live[row["asset"]].last_seen_at is not None,
                waits=row["asset"] in waits,
            )
            for row in found["items"]
        ]
        return Page(
            id=found["id"],
            site=found["site"],
            name=shown(found["name"], 120),
            made_at=found["made_at"],
            items=items,
            arrived=sum(item.arrived_at is not None for item in items),
            reporting=sum(item.reports for item in items),
            waiting=sum(item.waits for item in items),
        )

    def arrive(self, page: Page, scanned: str) -> list[str]:
        """Tick what arrived; what is none of this delivery. Raises RegisterError."""
        return services.arrive(page.site, page.id, scanned, by=self._by())

    def undo(self, page: Page) -> list[str]:
        """Take all of it back; what stays. Raises RegisterError."""
        return services.undo(page.site, page.id, by=self._by())

    def _by(self) -> By:
        return By(self.actor.id, self.now)

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.EDIT_REGISTER)


def queries(actor: Actor) -> DeliveryQueries:
    """Deliveries as this person may see them, now."""
    return DeliveryQueries(actor, clock.now())
