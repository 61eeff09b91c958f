"""The facts of a school's entries, from the register and from what reports: no judging here."""

from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from checks.facts import Facts
from checks.judging import Body, Moment
from checks.records.entries.facts import EntryFacts, HeardFacts, WholeFacts
from checks.records.licences.facts import LicenceFacts
from checks.records.tablets.facts import TabletFacts
from checks.unseen import Unseen
from controller.fleet.models import Device, Held
from controller.policy.publishing import in_force
from controller.surveys import named
from inventory.assets import judged as entries
from inventory.assets.kinds import kind_of
from inventory.licences import queries as licences
from inventory.managed import queries as managed
from inventory.many import parts
from inventory.network import gathering as network

_NO_SHEET: Final = Unseen("tool-missing")


class Subject(msgspec.Struct, frozen=True):
    """What is judged together: an entry, or the school's register (`id` is the school's then)."""

    id: str
    facts: dict[type[Facts], Body]


def subjects(
    site: str, asset_ids: Collection[str] | None = None, *, moment: Moment | None = None
) -> Iterator[Subject]:
    """The entries of a school that are not gone, or some of them, and the register as a whole
    where all are asked for, with its network as of `moment`."""
    heard = _heard(site, asset_ids)
    sheets = managed.facts(site, asset_ids)
    in_use: set[str] = set()
    for asset_id, kind, entry in entries.facts(site, asset_ids):
        known = kind_of(kind)
        tablet = sheets.get(asset_id) if known.managed else None
        facts: dict[type[Facts], Body] = {
            EntryFacts: entry,
            HeardFacts: _last(heard.get(asset_id), asset_id in heard, tablet),
        }
        if known.managed and entry.state == "in_use" and not entry.provided:
            facts[TabletFacts] = tablet or _NO_SHEET
        if known.reports and entry.state == "in_use":
            in_use.add(asset_id)
        yield Subject(asset_id, facts)
    if asset_ids is None:
        whole = WholeFacts(len(in_use), _told(site, in_use))
        facts = {WholeFacts: whole, LicenceFacts: licences.facts(site)}
        yield Subject(site, facts if moment is None else facts | on_network(site, moment))


def on_network(site: str, moment: Moment) -> dict[type[Facts], Body]:
    """The facts of a school's network, as the policy names its wireless and its scopes name what
    is somebody else's."""
    others = named.others(site, moment.seen)
    ssids = in_force(site).ssids
    return network.facts(site, ssids, others, moment.seen, moment.today.isoformat())


def _last(at: int | None, reports: bool, tablet: TabletFacts | None) -> HeardFacts:
    if reports:
        return HeardFacts("agent", at)
    if tablet is not None and tablet.listed:
        return HeardFacts("management", tablet.synced_at)
    return HeardFacts("nobody", None)


def _heard(site: str, asset_ids: Collection[str] | None) -> dict[str, int | None]:
    """When the computer of an entry was last heard from, for those that have one."""
    rows = Device.objects.filter(site_id=site, state="active", asset__isnull=False)
    chosen = [rows] if asset_ids is None else (rows.filter(asset__in=p) for p in parts(asset_ids))
    found: dict[str, int | None] = {}
    for part in chosen:
        for asset_id, at in part.values_list("asset_id", "last_seen_at"):
            found[asset_id] = max(found.get(asset_id) or 0, at or 0) or None
    return found


def _told(site: str, in_use: Collection[str]) -> list[int]:
    """When each computer in use last told what is installed on it: a report names everything it
    holds, so what is held is as new as the last report."""
    held = Held.objects.filter(site_id=site, name="software", device__state="active")
    rows = held.values_list("device__asset_id", "device__last_seen_at")
    return sorted(at for asset_id, at in rows if asset_id in in_use and at is not None)
