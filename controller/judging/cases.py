"""Gather what the judges need of devices from the database: bodies as stored, hardly anything read.

Two statements for a batch, because a changed policy asks for the whole fleet at once.
"""

import datetime
import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection

from controller.fleet import packed
from controller.fleet.models import Device
from controller.judging.messages import Case, Judged, SectionBody, failed
from controller.judging.policies import SitePolicies
from wire.report import Content, Report

_CONTENT = msgspec.json.Decoder(Content)
_REPORT = msgspec.json.Decoder(Report)
_DEVICES: Final = """
    SELECT d.id, d.judge_turn, d.head_seq, d.platform, d.profile, d.goes_home, d.agent_version,
           d.site_id, s.timezone, m.body, latest.envelope, source.envelope
    FROM fleet_device d
    JOIN inventory_site s ON s.id = d.site_id
    JOIN fleet_manifest m ON m.device_id = d.id
    LEFT JOIN fleet_report latest ON latest.device_id = d.id AND latest.seq = d.head_seq
    LEFT JOIN fleet_report source ON source.device_id = d.id AND source.seq = m.report_seq
    WHERE d.id IN ({marks})
    ORDER BY d.id
"""
_HELD: Final = """
    SELECT h.device_id, h.name, h.schema, h.digest, s.body
    FROM fleet_held h JOIN fleet_section s ON s.id = h.section_id
    WHERE h.device_id IN ({marks})
"""

Body = tuple[str, int, str, bytes]
"""Section name, schema, digest and compressed body."""


class _Found(msgspec.Struct, array_like=True):
    """A row of `_DEVICES`."""

    device: str
    turn: int
    seq: int
    platform: str
    profile: str
    goes_home: bool
    agent: str
    site: str
    zone: str
    content: Any
    latest: Any
    source: Any


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
    policies.look()
    held: dict[str, list[Body]] = defaultdict(list)
    for device, *body in _rows(_HELD, ids):
        held[device].append((body[0], body[1], body[2], bytes(body[3])))
    cases: list[Case] = []
    hopeless: list[Judged] = []
    for row in _rows(_DEVICES, ids):
        found = _Found(*row)
        try:
            cases.append(_case(found, held[found.device], policies, at))
        except (LookupError, msgspec.DecodeError, zlib.error) as error:
            hopeless.append(failed(found.device, found.turn, found.seq, str(error)))
    return cases, hopeless


def _rows(statement: str, ids: list[str]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(marks=", ".join(["%s"] * len(ids))), ids)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _case(found: _Found, held: list[Body], policies: SitePolicies, at: int) -> Case:
    report = _report(found.latest)
    content = report.content
    if not isinstance(content, Content):
        content = _content(found)
    named = {ref.section: ref.sha256 for ref in content.sections}
    sections = [
        SectionBody(name, schema, zlib.decompress(body))
        for name, schema, digest, body in held
        if named.get(name) == digest
    ]
    sections += [SectionBody(now.section, now.schema, now.body.encode()) for now in report.now]
    return Case(
        device=found.device,
        turn=found.turn,
        seq=found.seq,
        platform=found.platform,
        profile=found.profile,
        goes_home=bool(found.goes_home),
        agent=found.agent,
        policy=policies.body(found.site),
        policy_digest=policies.digest(found.site),
        sections=sections,
        seen=report.created_at,
        today=today(at, found.zone),
        zone=found.zone,
        agent_policy=content.policy,
        agent_catalogue=content.catalogue,
        agent_profile=content.profile or "",
        agent_ruled=content.ruled or "",
        agent_results=content.results,
    )


def _report(stored: Any) -> Report:
    if stored is None:
        raise LookupError("its report is not there")
    return _REPORT.decode(packed.payload(bytes(stored)))


def _content(found: _Found) -> Content:
    """What the latest report named by its digest only."""
    if found.content:
        return _CONTENT.decode(zlib.decompress(bytes(found.content)))
    content = _report(found.source).content
    if isinstance(content, Content):
        return content
    raise LookupError("the report that brought its content is not there")


def today(at: int, zone: str) -> str:
    """The ISO date at a school."""
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).date().isoformat()
