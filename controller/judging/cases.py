"""Gather what the judges need of a device from the database: bodies as stored, nothing read yet."""

import datetime
import zlib
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from controller.fleet import packed
from controller.fleet.models import Device, Held, Manifest, Report
from controller.judging.messages import Case, SectionBody
from controller.judging.policies import SitePolicies
from wire.report import Content
from wire.report import Report as WireReport

_CONTENT = msgspec.json.Decoder(Content)
_REPORT = msgspec.json.Decoder(WireReport)


def due(limit: int) -> list[str]:
    """Ids of active devices that sent all they were asked for and whose verdicts are behind it."""
    rows = Device.objects.filter(
        judge_due=True, state="active", head_seq__gt=0, manifest__isnull=False
    ).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def gather(devices: Iterable[str], policies: SitePolicies, at: int) -> list[Case]:
    """The cases of devices that sent at least one whole report. `at` decides which day it is."""
    ids = list(devices)
    rows = list(
        Device.objects.filter(id__in=ids, head_seq__gt=0).select_related("site").order_by("id")
    )
    manifests = {row.device_id: row for row in Manifest.objects.filter(device_id__in=ids)}
    held: dict[str, list[Held]] = defaultdict(list)
    for one in Held.objects.filter(device_id__in=ids).select_related("section"):
        held[one.device_id].append(one)
    return [
        _case(row, manifests[row.id], held[row.id], policies, at)
        for row in rows
        if row.id in manifests
    ]


def _case(
    device: Device, manifest: Manifest, held: list[Held], policies: SitePolicies, at: int
) -> Case:
    content = _CONTENT.decode(zlib.decompress(manifest.body))
    named = {ref.section: ref.sha256 for ref in content.sections}
    sections = [
        SectionBody(one.name, one.schema, zlib.decompress(one.section.body))
        for one in held
        if named.get(one.name) == one.digest
    ]
    latest = Report.objects.get(device_id=device.id, seq=device.head_seq)
    report = _REPORT.decode(packed.payload(bytes(latest.envelope)))
    sections += [SectionBody(n.section, n.schema, n.body.encode()) for n in report.now]
    return Case(
        device=device.id,
        turn=device.judge_turn,
        seq=device.head_seq,
        platform=device.platform,
        profile=device.profile,
        agent=device.agent_version,
        policy=policies.body(device.site_id),
        policy_digest=policies.digest(device.site_id),
        sections=sections,
        seen=report.created_at,
        today=today(at, device.site.timezone),
        zone=device.site.timezone,
        agent_policy=content.policy,
        agent_catalogue=content.catalogue,
        agent_results=content.results,
    )


def today(at: int, zone: str) -> str:
    """The ISO date at a school."""
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).date().isoformat()
