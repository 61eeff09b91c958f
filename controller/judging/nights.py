"""Close a night: judge again what depends on the day, then write down the counts (DESIGN §5).

A night is named by the date it began. It is closed on the latest report no older than 36 hours; a
computer silent for longer, or taken off, is `stale` in every check, never what it last said.
Closing twice replaces the counts.
"""

import datetime
from collections import Counter
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import Count

from controller.fleet.models import Device, Night, Verdict
from controller.fresh import FRESH_SECONDS
from inventory import queries as register
from inventory.ledger import services as ledger

NOON: Final = 12


class Closed(msgspec.Struct, frozen=True):
    """One closed night of one school."""

    site: str
    day: str
    heard: int
    stale: int


def night_of(at: int, zone: str) -> str:
    """The ISO date of the night at a school: before noon it is still last night."""
    local = datetime.datetime.fromtimestamp(at, ZoneInfo(zone))
    day = local.date() - datetime.timedelta(days=1 if local.hour < NOON else 0)
    return day.isoformat()


def close(site: str, at: int) -> Closed:
    """Write the counts of the night that is ending."""
    day = night_of(at, register.zone_of(site))
    with transaction.atomic():
        active = Device.objects.filter(site_id=site, state="active")
        heard = active.filter(last_seen_at__gte=at - FRESH_SECONDS, left_at=None).count()
        stale = active.count() - heard
        counts = _counts(site, at)
        counts[("", "heard")], counts[("", "stale")] = heard, stale
        Night.objects.filter(site_id=site, day=day).delete()
        Night.objects.bulk_create(
            Night(site_id=site, day=day, check_id=check, status=status, n=n, closed_at=at)
            for (check, status), n in sorted(counts.items())
            if n or not check
        )
        ledger.append(
            site_id=site,
            at=at,
            actor=ledger.SYSTEM,
            verb="night.close",
            subject=site,
            after={"day": day, "heard": heard, "stale": stale},
        )
    return Closed(site, day, heard, stale)


def _counts(site: str, at: int) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    rows = Verdict.objects.filter(site_id=site, device__state="active")
    heard = {"device__last_seen_at__gte": at - FRESH_SECONDS, "device__left_at": None}
    fresh = rows.filter(**heard)
    for check, status, n in fresh.values_list("check_id", "status").annotate(n=Count("device_id")):
        counts[(check, status)] = n
    silent = rows.exclude(**heard)
    for check, n in silent.values_list("check_id").annotate(n=Count("device_id")):
        counts[(check, "stale")] = n
    return counts
