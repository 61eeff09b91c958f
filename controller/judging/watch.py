"""What a running server does by the clock: judge again after an upgrade, the register also after a
new policy, and close the night at its hour.

Closing asks for every verdict first, because end-of-life dates and the like turn over with the day,
and waits until they are made. Whoever runs `caretaker nightly` by hand or from a timer has closed
the night; then there is nothing to do.
"""

import datetime
import logging
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from controller import clock, clockdoubt
from controller.fleet.models import Device, Night
from controller.judging import nights
from controller.judging.ending import end_night
from controller.records import judging as records
from inventory import queries as register
from inventory.ledger import services as ledger

log = logging.getLogger("caretaker.judging")

CLOSING_HOUR: Final = 6
"""After the round and before anyone comes in; until noon it is still last night."""
CLOCK_SLACK_SECONDS: Final = clockdoubt.SLACK_SECONDS


def mark_outdated(catalogue: str) -> int:
    """Ask for verdicts of every computer that was judged by another catalogue; how many."""
    judged = Device.objects.filter(state="active", judged_at__isnull=False, judge_due=False)
    return _mark(judged.exclude(judged_catalogue=catalogue))


class NightClosing:
    """Closes each school's night once, between the closing hour and noon."""

    def __init__(self) -> None:
        """Nothing asked for yet."""
        self._asked: dict[str, str] = {}

    def turn(self, at: int) -> None:
        """Do the next step for each school: judge its register by a policy or a release that is
        newer than its verdicts, ask for verdicts, or close once they are made."""
        if ledger.last_at() > at + CLOCK_SLACK_SECONDS:
            log.error("code=clock_behind seconds=%d", ledger.last_at() - at)
            return
        if clock.held() is not None:
            log.error("code=clock_in_doubt")
            return
        for site in register.site_ids():
            if records.is_outdated(site):
                records.judge_site(site, at)
            zone = register.zone_of(site)
            if CLOSING_HOUR <= _hour(at, zone) < nights.NOON:
                self._site(site, nights.night_of(at, zone), at)

    def _site(self, site: str, day: str, at: int) -> None:
        if Night.objects.filter(site_id=site, day=day, check_id="").exists():
            return
        active = Device.objects.filter(site_id=site, state="active", head_seq__gt=0)
        if self._asked.get(site) != day:
            self._asked[site] = day
            _mark(active)
        elif not active.filter(judge_due=True, manifest__isnull=False).exists():
            closed = end_night(site, at)
            log.info(
                "code=night_closed site=%s heard=%d stale=%d", site, closed.heard, closed.stale
            )


def _mark(devices: "QuerySet[Device]") -> int:
    return devices.update(judge_due=True, judge_turn=F("judge_turn") + 1)


def _hour(at: int, zone: str) -> int:
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).hour
