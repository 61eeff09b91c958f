"""Sets of results kept once for all computers that have the same (A8).

Most computers of a school have exactly the results of their neighbours. Each names its set, in the
transaction of its verdicts, and a page that counts reads as many sets as differ.
"""

import hashlib
from collections.abc import Iterable

from django.db import connection

from controller.fleet.models import Device, Standing

Result = tuple[str, str, str]
"""check, status, severity."""
Wanted = tuple[str, str]
"""site, and the set as `told` says it."""


def told(results: Iterable[Result]) -> str:
    """A set of results as one text, the same for the same results."""
    return ",".join(" ".join(result) for result in sorted(results))


def kept(wanted: Iterable[Wanted], at: int) -> dict[Wanted, int]:
    """The id of each set, made where there is none. Must run inside the verdicts' transaction.

    A set that was there is marked as used, so that `prune` beside us leaves it; in order, so that
    two writers on PostgreSQL never wait for each other in a circle.
    """
    digests = {(site, _digest(text)): text for site, text in wanted}
    if not digests:
        return {}
    rows = [(site, digest, text, at) for (site, digest), text in sorted(digests.items())]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO fleet_standing (site_id, digest, results, used_at) "
            "VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site_id, digest) DO UPDATE SET used_at = excluded.used_at",
            rows,
        )
    found = Standing.objects.filter(
        site__in={site for site, _ in digests}, digest__in={digest for _, digest in digests}
    )
    return {
        (site, digests[site, digest]): number
        for number, site, digest in found.values_list("id", "site_id", "digest")
        if (site, digest) in digests
    }


def prune(site: str, before: int) -> None:
    """Let go of sets that no computer has and none came to have since `before`."""
    had = Device.objects.filter(site=site, standing__isnull=False).values("standing")
    Standing.objects.filter(site=site, used_at__lt=before).exclude(id__in=had).delete()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
