"""What scopes say of a round: which computer may make one, and what is somebody else’s."""

from collections.abc import Collection

from controller.fleet.models import SurveyScope
from controller.surveys import publishing
from inventory.network.gathering import Others


def is_scanner(site: str, device: str, scopes: Collection[str]) -> bool:
    """Whether the school named this computer in each of these scopes (digests of what was signed),
    ended since or not. "" is a round that could not read its scope: then in any."""
    rows = SurveyScope.objects.filter(site_id=site, device_id=device)
    named = set(rows.values_list("envelope_digest", flat=True))
    return bool(named) and named.issuperset(set(scopes) - {""})


def others(site: str, at: int) -> list[Others]:
    """Equipment that somebody else runs, by the newest scope of each scanner that is in force."""
    rows = SurveyScope.objects.filter(site_id=site, ended_at=None, expires_at__gt=at)
    newest = {row.device_id: row for row in rows.order_by("version")}
    told = [publishing.read(row) for row in newest.values()]
    return [
        Others(one.what, one.by, one.statement_on, tuple(one.addresses))
        for scope in told
        for one in scope.equipment_of_others
    ]
