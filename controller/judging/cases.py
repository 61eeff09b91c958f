"""Gather what the judges need of a device from the database: bodies as stored, nothing read yet."""

import datetime
import zlib
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from controller.fleet import packed
from controller.fleet.models import Device, Held, Manifest, Report
from controller.judging.messages import Case, Judged, SectionBody, failed
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


def gather(
    devices: Iterable[str], policies: SitePolicies, at: int
) -> tuple[list[Case], list[Judged]]:
    """The cases of devices, and the devices that cannot be judged. `at` decides which day it is."""
    ids = list(devices)
    rows = list(
        Device.objects.filter(id__in=ids, head_seq__gt=0).select_related("site").order_by("id")
    )
    manifests = {row.device_id: row for row in Manifest.objects.filter(device_id__in=ids)}
    held: dict[str, list[Held]] = defaultdict(list)
    for one in Held.objects.filter(device_id__in=ids).select_related("section"):
        held[one.device_id].append(one)
    cases: list[Case] = []
    hopeless: list[Judged] = []
    for row in rows:
        try:
            cases.append(_case(row, manifests[row.id], held[row.id], policies, at))
        except (LookupError, Report.DoesNotExist, msgspec.DecodeError, zlib.error) as error:
            hopeless.append(failed(row.id, row.judge_turn, row.head_seq, str(error)))
    return cases, hopeless


def _case(
    device: Device, manifest: Manifest, held: list[Held], policies: SitePolicies, at: int
) -> Case:
    content = _content(device.id, manifest)
    named = {ref.section: ref.sha256 for ref in content.sections}
    sections = [
        SectionBody(one.name, one.schema, zlib.decompress(one.section.body))
        for one in held
        if named.get(one.name) == one.digest
    ]
    report = _report(device.id, device.head_seq)
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


def _content(device: str, manifest: Manifest) -> Content:
    if manifest.body:
        return _CONTENT.decode(zlib.decompress(manifest.body))
    content = _report(device, manifest.report_seq).content
    if isinstance(content, Content):
        return content
    raise LookupError(f"report {manifest.report_seq} has no content of its own")


def _report(device: str, seq: int) -> WireReport:
    row = Report.objects.get(device_id=device, seq=seq)
    return _REPORT.decode(packed.payload(bytes(row.envelope)))


def today(at: int, zone: str) -> str:
    """The ISO date at a school."""
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).date().isoformat()
