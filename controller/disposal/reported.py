"""Which drives the computers of entries last told, for `inventory.disposal.media` (I3, I14).

Read from the sections computers hold: `hardware` (serial, size, kind of each drive that stays in),
`hardware_now` (what was plugged in) and `encryption` (volumes; it names no drive). Since when all
is encrypted follows from the verdicts on `disk-encrypted`, which are intervals. Traps: that check
has one verdict for the whole computer, so a drive counts as encrypted no longer than the same parts
have been reported; several computers of one entry count as the one heard from last.
"""

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final, TypeVar

from django.db.models import QuerySet

from checks.encryption.facts import EncryptionFacts
from checks.facts import Facts, MalformedSectionError, decode_section
from checks.hardware.facts import Disk, HardwareFacts, HardwareNow
from checks.unseen import BlindError, NotHere, Unseen, known
from controller.fleet.models import Held, PastVerdict, Verdict
from inventory.disposal.media import Reported, ReportedDisk
from inventory.disposal.states import Encryption

CHECK: Final = "disk-encrypted"
_LARGEST: Final = 4 * 1024 * 1024
_SECTIONS: Final = (HardwareFacts.section, HardwareNow.section, EncryptionFacts.section)
_GONE: Final = ("pending", "refused")

F = TypeVar("F", bound=Facts)
Rows = dict[str, Held]
"""By name of section."""


def reported(sites: Collection[str], asset_ids: Collection[str]) -> dict[str, Reported]:
    """Entry → what its computer last told; an entry as which none ever reported is left out. A
    withdrawn computer counts as well: what it told stays true until somebody looks. Three
    queries."""
    return _told(Held.objects.all(), sites, asset_ids)


def undoubted(sites: Collection[str], asset_ids: Collection[str]) -> dict[str, Reported]:
    """Likewise, without computers of which nobody knows whether they are this entry: what a copied
    disk or a moved board tells accuses nobody (O35)."""
    rows = Held.objects.filter(device__asset_doubt="")
    return _told(rows, sites, asset_ids)


def _told(
    held: "QuerySet[Held]", sites: Collection[str], asset_ids: Collection[str]
) -> dict[str, Reported]:
    held = held.filter(
        site__in=sites,
        name__in=_SECTIONS,
        device__asset_id__in=list(asset_ids),
        device__last_seen_at__isnull=False,
    ).exclude(device__state__in=_GONE)
    rows = held.select_related("section", "device").order_by("device__last_seen_at", "device_id")
    newest: dict[str, tuple[str, Rows]] = {}
    for row in rows:
        asset_id = str(row.device.asset_id)
        if newest.get(asset_id, ("",))[0] != row.device_id:
            newest[asset_id] = (row.device_id, {})
        newest[asset_id][1][row.name] = row
    since = _encrypted_since([device_id for device_id, _ in newest.values()])
    return {
        asset_id: _reported(sections, since.get(device_id))
        for asset_id, (device_id, sections) in newest.items()
    }


def _reported(rows: Rows, encrypted_since: int | None) -> Reported:
    first = next(iter(rows.values()))
    hardware = rows.get(HardwareFacts.section)
    encryption = _encryption(_read(rows, EncryptionFacts))
    since = encrypted_since if encryption == "on" and hardware else None
    return Reported(
        heard_at=first.device.last_seen_at or 0,
        disks=_disks(_read(rows, HardwareFacts)),
        attached=_attached(_read(rows, HardwareNow)),
        encryption=encryption,
        encrypted_since=max(since, hardware.since) if since and hardware else None,
    )


def _read(rows: Rows, kind: type[F]) -> F | None:
    """The facts, or None for what is not there, was not seen or cannot be read."""
    row = rows.get(kind.section)
    if row is None:
        return None
    try:
        plain = zlib.decompressobj().decompress(bytes(row.section.body), _LARGEST)
        facts = decode_section(plain, row.schema, kind)
    except (zlib.error, MalformedSectionError):
        return None
    return None if isinstance(facts, Unseen | NotHere) else facts


def _disks(facts: HardwareFacts | None) -> tuple[ReportedDisk, ...] | None:
    if facts is None or isinstance(facts.disks, Unseen):
        return None
    return tuple(_disk(one) for one in facts.disks)


def _disk(disk: Disk) -> ReportedDisk:
    return ReportedDisk(
        serial=(disk.serial or "")[:128],
        wwn=(disk.wwn or "")[:64],
        make=(disk.make or "")[:128],
        model=(disk.model or "")[:128],
        size_bytes=disk.size_bytes,
        rotational=disk.rotational,
        transport=disk.transport,
        removable=disk.removable,
    )


def _attached(facts: HardwareNow | None) -> int:
    if facts is None or isinstance(facts.attached_disks, Unseen):
        return 0
    return len(facts.attached_disks)


def _encryption(facts: EncryptionFacts | None) -> Encryption:
    """Of all volumes together; one whose key lies beside it is not encrypted, one that is being
    encrypted at the moment is so in part."""
    if facts is None:
        return "unknown"
    try:
        states = {known(volume.state) for volume in known(facts.volumes)}
    except BlindError:
        return "unknown"
    if not states:
        return "unknown"
    if states == {"on"}:
        return "on"
    return "off" if states <= {"off", "open"} else "partial"


def _encrypted_since(devices: Collection[str]) -> dict[str, int]:
    """Computer → since when each look passed; one that does not pass now is left out."""
    now = Verdict.objects.filter(device__in=list(devices), check_id=CHECK, status="pass")
    found = dict(now.values_list("device_id", "since"))
    before = PastVerdict.objects.filter(device__in=list(found), check_id=CHECK, status="pass")
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for device_id, since, until in before.values_list("device_id", "since", "until"):
        spans[device_id].append((until, since))
    return {device_id: _back(since, spans[device_id]) for device_id, since in found.items()}


def _back(since: int, spans: Iterable[tuple[int, Any]]) -> int:
    """The beginning of the unbroken run of spans that ends where `since` begins."""
    for until, begun in sorted(spans, reverse=True):
        if until == since:
            since = begun
    return since
