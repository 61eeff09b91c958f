"""The front page's numbers, through the same door as every row: `queries(actor)` (O11)."""

import dataclasses
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from controller import clock
from controller.fleet.conditions import heard, silent
from controller.fleet.models import SEVERITY_RANK, Device
from controller.fleet.queries import queries as fleet_queries
from controller.fresh import FRESH_SECONDS
from controller.people.actor import Actor
from controller.people.roles import Ability
from controller.policy.publishing import in_force
from controller.posture import jobs as work
from controller.posture import overview as page
from controller.posture import why_not
from controller.posture.area_counts import area_counts
from controller.posture.area_page import AreaPage, area_page
from controller.posture.check_page import CheckPage, check_page
from controller.posture.standings import standings
from controller.posture.trend import trend
from controller.records import counting as records
from controller.wording.bars import bar
from controller.wording.shown import shown

DAY: Final = 86_400
MOST_JOBS: Final = 8
MOST_SILENT: Final = 6


@dataclass(frozen=True, slots=True)
class PostureQueries:
    """What one person may read of how safe a school is."""

    actor: Actor
    now: int

    def overview(self, site: str) -> page.Overview:
        """One school, today: a fixed number of queries, whatever its size."""
        sites = list(self.actor.sites(Ability.SEE_OVERVIEW) & {site})
        active = Device.objects.filter(site__in=sites, state="active")
        conditions = fleet_queries(self.actor).by_condition(frozenset(sites))
        total = sum(conditions.values())
        urgent = active.filter(heard(self.now), worst=SEVERITY_RANK["critical"]).count()
        tone, headline = page.headline(total, conditions, urgent)
        stand = standings(sites, self.now - FRESH_SECONDS)
        todo = work.jobs(stand)
        quiet = active.filter(silent(self.now))
        ordered = {
            name: conditions[name] for name in ("order", "look", "unchecked", "silent", "left")
        }
        return page.Overview(
            total=total,
            checked=active.filter(heard(self.now), judged_at__isnull=False).count(),
            headline=headline,
            subline=page.subline(conditions),
            tone=tone,
            segments=bar(ordered | {"attention": conditions["attention"]}),
            areas=page.area_cards(area_counts(stand)),
            register=page.register_cards(records.area_counts(sites)),
            jobs=todo[:MOST_JOBS],
            jobs_left=max(0, len(todo) - MOST_JOBS),
            changes=work.since_yesterday(sites, self.now - DAY),
            silent=[
                page.Silent(row.id, shown(row.name, 40), row.last_seen_at, row.profile)
                for row in quiet.order_by(F("last_seen_at").asc(nulls_first=True))[:MOST_SILENT]
            ],
            silent_count=quiet.count(),
            waiting=fleet_queries(self.actor).waiting_count(frozenset(sites)),
            unset=work.without_profile(sites),
            trend=trend(sites),
        )

    def area(self, site: str, domain: str) -> AreaPage | None:
        """One area of checks; None for an area there is not."""
        sites = list(self.actor.sites(Ability.SEE_OVERVIEW) & {site})
        found = area_page(standings(sites, self.now - FRESH_SECONDS), domain)
        return found and dataclasses.replace(found, checks=why_not.explained(found.checks, sites))

    def check(self, site: str, check_id: str) -> CheckPage | None:
        """One check under this school's policy; None for a check there is not."""
        if site not in self.actor.sites(Ability.SEE_OVERVIEW):
            return None
        found = check_page(standings([site], self.now - FRESH_SECONDS), in_force(site), check_id)
        if found is None:
            return None
        (line,) = why_not.explained([found.line], [site])
        return dataclasses.replace(found, line=line)


def queries(actor: Actor) -> PostureQueries:
    """How safe the schools of this person are, now."""
    return PostureQueries(actor, clock.now())
