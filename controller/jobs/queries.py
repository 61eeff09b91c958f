"""The only way from a page to jobs: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from controller import clock
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.wording.entries import name_of
from controller.wording.shown import BLOCK, shown
from controller.wording.words import Told, words
from inventory import naming
from inventory.assets.kinds import kind_of
from inventory.assets.writing import By
from inventory.jobs import queries as jobs
from inventory.jobs import services

COUNT_SECONDS: Final = 30
"""How old the number on the tab may be; it stands on every page of the register."""


@dataclass(frozen=True, slots=True)
class Row:
    """One job; every string may be shown as it is."""

    id: str
    told: Told
    entry: str
    name: str
    kind: str
    tag: str
    room: str
    said: str
    contact: str
    told_at: int
    done_at: int | None
    done_by: str
    note: str


@dataclass(frozen=True, slots=True)
class JobQueries:
    """Jobs of the schools whose register this person may see."""

    actor: Actor
    now: int

    def page(self, asked: frozenset[str], *, done: bool) -> list[Row]:
        """Open or done ones, the newest first."""
        sites = self._sites() & asked
        rows = jobs.jobs(sites, done=done)
        rooms = naming.names(sites, {row["thing_room_id"] or "" for row in rows})
        who = people(row["done_by"] for row in rows if row["done_by"])
        return [_row(row, rooms, who) for row in rows]

    def of_entry(self, site: str, asset_id: str) -> list[Row]:
        """What is open about one entry, the newest first."""
        rows = jobs.jobs(self._sites() & {site}, done=False, asset_id=asset_id)
        return [_row(row, {}, {}) for row in rows]

    def open_count(self, site: str) -> int:
        """How many are open at a school, at most half a minute ago."""
        if site not in self._sites():
            return 0
        return cache.get_or_set(_key(site), lambda: jobs.open_count([site]), COUNT_SECONDS) or 0

    def finish(self, job_id: str, note: str) -> bool | None:
        """Say it is done: False where it was already, None where it is no job of theirs. Raises
        RegisterError."""
        site = jobs.site_of(self.actor.sites(Ability.EDIT_REGISTER), job_id)
        if not site:
            return None
        cache.delete(_key(site))
        return services.finish(site, job_id, note, by=By(self.actor.id, self.now))

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def queries(actor: Actor) -> JobQueries:
    """Jobs as this person may see them, now."""
    return JobQueries(actor, clock.now())


def _key(site: str) -> str:
    return f"jobs-open-{site}"


def _row(row: dict[str, Any], rooms: dict[str, str], who: dict[str, str]) -> Row:
    thing = {name: row[f"thing_{name}"] for name in ("kind", "name", "tag", "make", "model")}
    known = words().told
    return Row(
        id=row["id"],
        told=known.get(row["kind"], known["broken"]),
        entry=row["asset_id"],
        name=name_of({**thing, "serial": row["thing_serial"]}),
        kind=kind_of(thing["kind"]).title,
        tag=shown(thing["tag"]),
        room=shown(rooms.get(row["thing_room_id"] or "", "")),
        said="\n".join(shown(line, BLOCK) for line in row["said"].split("\n")),
        contact=shown(row["contact"], 120),
        told_at=row["told_at"],
        done_at=row["done_at"],
        done_by=shown(who.get(row["done_by"], "")),
        note=shown(row["note"].replace("\n", " "), 500),
    )
