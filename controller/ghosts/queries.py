"""The only way from a page to alarms: `queries(actor)` (O11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from controller import clock
from controller.fleet.forks import proof
from controller.fleet.queries import queries as fleet_queries
from controller.ghosts.listing import Row, row
from controller.people.actor import Actor, School
from controller.people.queries import names as people
from controller.people.roles import SEE_DISPOSAL, Ability
from inventory.ghosts import queries as ghosts
from inventory.ghosts import services
from inventory.ghosts.queries import Alarm, Open


@dataclass(frozen=True, slots=True)
class GhostQueries:
    """What one person may read of alarms at one moment."""

    actor: Actor
    now: int

    def open_counts(self, site: str) -> Open:
        """How many wait at one school."""
        return ghosts.open_counts(self._sites() & {site})

    def waiting(self, site: str) -> list[Row]:
        """Those that wait for an answer: as many queries for a hundred as for one."""
        return self._rows(ghosts.waiting(self._sites() & {site}))

    def answered(self, site: str) -> list[Row]:
        """Those that were answered."""
        return self._rows(ghosts.answered(self._sites() & {site}))

    def of_entry(self, site: str, asset_id: str) -> list[Row]:
        """Those of one entry."""
        return self._rows(ghosts.of_entry(self._sites() & {site}, asset_id))

    def one(self, alarm_id: str) -> Row | None:
        """One alarm; None where it is not theirs to see."""
        found = ghosts.one(self._sites(), alarm_id)
        return self._rows([found])[0] if found else None

    def proof(self, alarm_id: str) -> bytes | None:
        """What it was signed with, to be checked anywhere; None where there is nothing."""
        alarm = ghosts.one(self._sites(), alarm_id)
        kept = ghosts.envelope(self._sites(), alarm_id)
        if alarm is None or not kept:
            return None
        return proof.seen(alarm.source, kept, alarm.seq)

    def answer(self, row: Row, reason: str) -> None:
        """Say why it was seen. Raises GhostError."""
        services.answer(row.site, row.id, reason, actor=self.actor.id, at=self.now)

    def _rows(self, alarms: Sequence[Alarm]) -> list[Row]:
        if not alarms:
            return []
        seen = [one.source for one in alarms if one.source.startswith("dev_")]
        computers = dict(fleet_queries(self.actor).named(seen))
        who = people({one.answered_by for one in alarms})
        return [row(one, computers, who) for one in alarms]

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(SEE_DISPOSAL)


def may_answer(school: School | None) -> bool:
    """Whoever keeps the register, and whoever answers for what leaves the school."""
    both = (Ability.EDIT_REGISTER, Ability.APPROVE_DISPOSAL)
    return school is not None and any(school.allows(one) for one in both)


def queries(actor: Actor) -> GhostQueries:
    """Alarms as this person may see them, now."""
    return GhostQueries(actor, clock.now())
