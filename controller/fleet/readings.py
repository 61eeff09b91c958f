"""Readings of wiped drives by serial number or by the computer that read, each with its proof."""

from typing import Final

import msgspec
from django.db.models import QuerySet

from checks.media_wipes import MediaWipe
from controller.fleet import packed
from controller.fleet.models import Device, ReadBack, Report
from inventory.disposal import serials
from wire import dsse, types

MOST: Final = 100


class Found(msgspec.Struct, frozen=True):
    """One reading. `digest` names the signed envelope that tells it (`sha256:…`), and so does its
    file. Strings of `wipe` are as hostile as the computer."""

    device: str
    device_name: str
    seq: int
    digest: str
    received_at: int
    wipe: MediaWipe

    @property
    def verifier(self) -> str:
        """As an event names a machine (`inventory.disposal.values.Actor`)."""
        return f"machine:{self.device}"


def found(site: str, devices: QuerySet[Device], serial: str = "", device: str = "") -> list[Found]:
    """Those that computers among `devices` told at one school, newest first, at most `MOST`; none
    for a serial that identifies nothing."""
    rows = ReadBack.objects.filter(site_id=site, device__in=devices)
    if serial:
        key = serials.key(serial)
        if not key:
            return []
        rows = rows.filter(serial=key)
    if device:
        rows = rows.filter(device_id=device)
    newest = rows.select_related("device").order_by("-received_at", "-id")[:MOST]
    return [_found(row) for row in newest]


def envelope(reading: Found) -> bytes | None:
    """The signed bytes whose digest it names: what a disposal keeps as evidence. None once they
    are past their keeping."""
    row = Report.objects.filter(device_id=reading.device, seq=reading.seq).first()
    if row is None:
        return None
    device = Device.objects.get(id=reading.device)
    past = device.past_keys.order_by("-until_seq").values_list("public_key", flat=True)
    for public in (device.public_key, *past):
        made = packed.envelope(bytes(row.envelope), types.REPORT, bytes(public))
        if dsse.digest(made) == reading.digest:
            return made
    return None


def _found(row: ReadBack) -> Found:
    return Found(
        device=row.device_id,
        device_name=row.device.name,
        seq=row.seq,
        digest=row.digest,
        received_at=row.received_at,
        wipe=msgspec.json.decode(row.body, type=MediaWipe),
    )
