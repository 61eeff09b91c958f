"""Whether somebody has to sign a school's policy again (O20)."""

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError

from controller.fleet.models import Device
from controller.policy.publishing import DAY, believed, newest
from controller.policy.standing import ends
from controller.selfcheck.findings import Finding
from inventory import queries as register


def look(data: Path, at: int) -> Iterator[Finding]:
    """The one school that needs it most; nothing when the database is away, as others say."""
    try:
        found = [_school(site, data, at) for site in register.site_ids()]
    except DatabaseError:
        return
    if found:
        yield max(found, key=lambda one: ("ok", "warn", "bad").index(one.state))


def _school(site: str, data: Path, at: int) -> Finding:
    row = newest(site)
    if row is None:
        return Finding("policy", "ok", "none")
    if not believed(row, data):
        return Finding("policy", "bad", "unsigned", {"site": site})
    refusing = Device.objects.filter(site_id=site, state="active", ruled="old_policy").count()
    if refusing:
        return Finding("policy", "bad", "old", {"site": site, "n": str(refusing)})
    days = {"site": site, "days": str(abs(row.expires_at - at) // DAY)}
    match ends(row, at):
        case "over":
            return Finding("policy", "bad", "over", days)
        case "soon":
            return Finding("policy", "warn", "soon", days)
        case "good":
            return Finding("policy", "ok", "ok")
