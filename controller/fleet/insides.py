"""Which board and drives a computer last said are in it, by the serials they tell."""

import json
import zlib
from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

from controller.fleet.models import Held
from inventory.repairs.comparing import Inside

_LIMIT: Final = 4 * 1024 * 1024
_SECTION: Final = "hardware"


class Told(msgspec.Struct, frozen=True):
    """What is in a computer, and when it was last heard from."""

    inside: Inside
    heard_at: int


def insides(sites: Collection[str], asset_ids: Collection[str]) -> dict[str, Told]:
    """Entry → what its computer last said; an entry whose computer says nothing is left out. Of two
    computers of one entry the one heard from last counts. One query."""
    held = Held.objects.filter(
        site__in=sites,
        name=_SECTION,
        device__asset_id__in=list(asset_ids),
        device__state="active",
        device__last_seen_at__isnull=False,
    )
    rows = held.select_related("section", "device").order_by("device__last_seen_at", "device_id")
    return {
        str(row.device.asset_id): Told(_read(bytes(row.section.body)), row.device.last_seen_at or 0)
        for row in rows
    }


def _read(body: bytes) -> Inside:
    try:
        facts = json.loads(zlib.decompressobj().decompress(body, _LIMIT))
    except (zlib.error, ValueError, RecursionError):
        return Inside()
    if not isinstance(facts, dict):
        return Inside()
    board, disks = facts.get("board_serial"), facts.get("disks")
    drives = sorted(set(_serials(disks if isinstance(disks, list) else ())))
    return Inside(board if isinstance(board, str) else "", tuple(drives))


def _serials(disks: Iterable[Any]) -> Iterable[str]:
    """Of drives that stay in it: its serial, or the name its maker gave it in all the world."""
    for disk in disks:
        if isinstance(disk, dict) and not disk.get("removable"):
            told = disk.get("serial") or disk.get("wwn")
            if isinstance(told, str) and told:
                yield told
