"""What computers and scanners tell of the network, into the network's tables, once what they told
is judged and committed.

A round counts only from a computer that a scope of the school names: anybody else's is left out,
and the controller says so of itself (`controller.selfcheck`). What an ordinary computer says of its
neighbours, of the air and of its own cards needs nobody's leave.
"""

import logging
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.db import transaction

from checks.facts import Facts, MalformedSectionError, decode_section
from checks.surveys.air import AirFacts
from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import LanSurvey, Neighbours, SurveyRun
from checks.unseen import NotHere, Unseen
from controller import clock
from controller.fleet.models import Device, SurveyBody, Wanted
from controller.judging.messages import Judged, SectionBody
from controller.surveys.named import is_scanner
from inventory.network import binding, computers, rounds

log = logging.getLogger("caretaker.judging")

_LARGEST: Final = 4 * 1024 * 1024
_ROUND: Final[dict[str, type[Facts]]] = {
    one.section: one for one in (LanSurvey, EquipmentSurvey, SurveyRun)
}

Row = tuple[str, int]
"""A computer and the number of its report."""


def look(judged: Sequence[tuple[Device, Judged]]) -> None:
    """Take in what was just judged, after it is committed."""
    said: dict[str, list[computers.Said]] = defaultdict(list)
    for device, one in judged:
        # A computer in doubt may be another's machine: its cards are not taken for the school's.
        cards = [] if device.asset_doubt else one.cards
        if cards or one.told:
            said[device.site_id].append(_said(device, one, cards))
    told = SurveyBody.objects.filter(device__in=[device.id for device, _ in judged])
    sites = set(told.exclude(section=None).values_list("site_id", flat=True))

    def take_in() -> None:  # Django names it if it fails, and a partial has no name
        for site, some in said.items():
            computers.take(site, some)
        for site in sites:
            follow(site)

    if said or sites:
        transaction.on_commit(take_in, robust=True)


def follow_all(site: str) -> None:
    """The same for all rounds that wait, as the night does: a crash between a report and what
    follows from it loses nothing. What computers say of themselves comes again with their next. And
    entries that were made or changed since are found by their numbers."""
    follow(site)
    binding.follow_entries(site)
    binding.follow(site)


def follow(site: str) -> int:
    """Take in what waits at one school; how many rounds."""
    rows = SurveyBody.objects.filter(site_id=site).exclude(section=None)
    waiting: dict[Row, list[SurveyBody]] = defaultdict(list)
    for row in rows.select_related("section").order_by("received_at", "report_seq", "id"):
        waiting[row.device_id, row.report_seq].append(row)
    taken = 0
    for (device, seq), parts in waiting.items():
        if Wanted.objects.filter(device=device, report_seq=seq, name__in=_ROUND).exists():
            continue  # the rest of it is on its way
        try:
            with transaction.atomic():
                taken += _take(site, device, parts)
        except Exception:
            # What one scanner says must not keep the others' from the map; it is tried again.
            log.exception("code=round_not_taken device=%s seq=%s", device, seq)
    return taken


def _take(site: str, device: str, parts: Sequence[SurveyBody]) -> int:
    ids = [row.pk for row in parts]
    bodies = {row.name: body for row in parts if (body := _body(row)) is not None}
    told = _told(device, bodies)
    scopes = {one.scope for one in (told.lan, told.equipment, told.run) if one is not None}
    if told.run is not None and told.run.refused:
        # It asked nothing, perhaps because what it holds is no scope of ours: worth telling.
        told, scopes = rounds.Told(device, run=told.run), {""}
    if not scopes:  # nothing in it can be read, also later
        SurveyBody.objects.filter(pk__in=ids).delete()
        return 0
    if not is_scanner(site, device, scopes):
        log.warning("code=round_without_scope device=%s", device)
        SurveyBody.objects.filter(pk__in=ids).update(section=None)
        return 0
    rounds.take(site, told, min(parts[-1].received_at, clock.now()))
    SurveyBody.objects.filter(pk__in=ids).delete()
    return 1


def _told(device: str, bodies: dict[str, Any]) -> rounds.Told:
    return rounds.Told(
        device,
        lan=bodies.get(LanSurvey.section),
        equipment=bodies.get(EquipmentSurvey.section),
        run=bodies.get(SurveyRun.section),
    )


def _body(row: SurveyBody) -> Facts | None:
    """What it says; None for what was not seen or cannot be read."""
    if row.section is None:
        return None
    try:
        plain = zlib.decompressobj().decompress(bytes(row.section.body), _LARGEST)
        found = decode_section(plain, row.schema, _ROUND[row.name])
    except (zlib.error, MalformedSectionError):
        log.warning("code=round_unreadable device=%s section=%s", row.device_id, row.name)
        return None
    return None if isinstance(found, Unseen | NotHere) else found


def _said(device: Device, one: Judged, cards: list[str]) -> computers.Said:
    at = min(device.last_created_at or 0, clock.now()) or clock.now()
    said = computers.Said(device.id, one.seq, at, cards=cards)
    found = {body.name: body for body in one.told}
    return msgspec.structs.replace(
        said,
        neighbours=_read(found.get(Neighbours.section), Neighbours),
        air=_read(found.get(AirFacts.section), AirFacts),
    )


def _read(body: SectionBody | None, kind: Any) -> Any:
    """Facts, why nobody could look, or None for nothing of the kind."""
    if body is None:
        return None
    try:
        found = decode_section(body.body, body.schema, kind)
    except MalformedSectionError:
        return None
    return None if isinstance(found, NotHere) else found


def ignored(sites: Iterable[str], since: int) -> int:
    """How many computers told a round though no scope names them."""
    rows = SurveyBody.objects.filter(site__in=list(sites), section=None, received_at__gte=since)
    return rows.values("device").distinct().count()
