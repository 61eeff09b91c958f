"""The only way from a page to scopes and credentials: `queries(actor)` (O11)."""

from dataclasses import dataclass
from pathlib import Path

from controller import clock
from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.fleet.models import SurveyScope
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.roots import files
from controller.surveys import credentials, publishing
from controller.surveys.credentials import Held
from controller.surveys.standing import Standing, scanners, standings, versions
from controller.wording.shown import shown

EARLIER = 12
"""Versions that a page tells of; the command lists more."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One that is not in use any more."""

    version: int
    scanner: str
    since: int
    until: int
    separate: bool
    by: str


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """Everything of one school."""

    standings: list[Standing]
    earlier: list[Earlier]
    held: list[Held]
    ready: bool
    """Whether any scanner has told its key."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who may sign: the controller itself, and fingerprints of people."""

    delegated: bool
    people: list[str]


@dataclass(frozen=True, slots=True)
class SurveyQueries:
    """What one person may read of surveys at one moment."""

    actor: Actor
    now: int
    data: Path

    def page(self, site: str) -> RoundsPage | None:
        """One school's; None where it is not theirs."""
        if site not in self.actor.sites(Ability.SEE_COMPUTERS):
            return None
        found = standings(site, self.data, self.now)
        newest = {one.id for one in found}
        rows = [row for row in versions(site) if row.pk not in newest][:EARLIER]
        who = people({row.set_by for row in rows})
        return RoundsPage(
            standings=found,
            earlier=[_earlier(row, self.now, who.get(row.set_by, "")) for row in rows],
            held=credentials.held(site),
            ready=bool(credentials.ready(site)),
        )

    def scope(self, site: str, number: int) -> SurveyScope | None:
        """One that may be ended by them."""
        sites = self.actor.sites(Ability.RUN_SURVEYS) & {site}
        return SurveyScope.objects.filter(pk=number, site_id__in=sites).first()

    def scanners(self, site: str) -> list[tuple[str, str]]:
        """Computers that may be a scanner."""
        return scanners(site) if site in self.actor.sites(Ability.RUN_SURVEYS) else []

    def ready(self, site: str) -> list[tuple[str, str]]:
        """Scanners that secrets can be sealed for."""
        return credentials.ready(site) if site in self.actor.sites(Ability.RUN_SURVEYS) else []

    def signing(self) -> Signing:
        """Who may sign; nobody while the list of keys cannot be read."""
        try:
            return Signing(files.current(self.data).delegated, publishing.signers(self.data))
        except DataFolderError:
            return Signing(delegated=False, people=[])


def queries(actor: Actor) -> SurveyQueries:
    """For this person, now."""
    return SurveyQueries(actor, clock.now(), current().folder)


def _earlier(row: SurveyScope, now: int, by: str) -> Earlier:
    return Earlier(
        version=row.version,
        scanner=shown(str(row.device)),
        since=row.set_at,
        until=row.ended_at if row.ended_at is not None else min(row.expires_at, now),
        separate=row.separate,
        by=by,
    )
