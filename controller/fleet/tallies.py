"""Counts kept beside the verdicts they count, in the same transaction (A8).

Only active devices are counted. `Tally` is per school, check and status; the `n_…`, `worst` and
`standing` of a device are its own share. Nothing here ever counts rows: it is told what changed.
"""

from collections import Counter
from collections.abc import Mapping

from django.db import connection

from controller.fleet.models import Device, PastVerdict, Verdict

Change = tuple[str, str, str]
"""site, check id, status."""


def shift(changes: Mapping[Change, int]) -> None:
    """Add each change (may be negative) to its count. Must run inside the verdicts' transaction.

    In key order, so that two writers on PostgreSQL never wait for each other in a circle.
    """
    rows = [(*key, n) for key, n in sorted(changes.items()) if n]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO fleet_tally (site_id, check_id, status, n) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site_id, check_id, status) DO UPDATE SET n = fleet_tally.n + excluded.n",
            rows,
        )


def close_device(device: Device, at: int) -> None:
    """End all verdicts of a device that leaves: they become history and are counted no more."""
    verdicts = list(Verdict.objects.filter(device_id=device.id))
    PastVerdict.objects.bulk_create(
        [past(verdict, at) for verdict in verdicts if verdict.since < at], ignore_conflicts=True
    )
    Verdict.objects.filter(device_id=device.id).delete()
    changes: Counter[Change] = Counter()
    for verdict in verdicts:
        changes[(device.site_id, verdict.check_id, verdict.status)] -= 1
    shift(changes)
    device.n_fail = device.n_warn = device.n_unknown = device.n_pass = device.worst = 0
    device.standing = None


def past(verdict: Verdict, until: int) -> PastVerdict:
    """The closed interval of a verdict that was in force until now."""
    return PastVerdict(
        site_id=verdict.site_id,
        device_id=verdict.device_id,
        check_id=verdict.check_id,
        since=verdict.since,
        until=until,
        status=verdict.status,
        severity=verdict.severity,
        says=verdict.says,
        args=verdict.args,
        assurance=verdict.assurance,
        agent_version=verdict.agent_version,
        policy=verdict.policy,
        catalogue=verdict.catalogue,
    )
