"""Things named by what somebody typed or scanned, one per line: a tag, or else a serial number."""

from collections.abc import Collection
from typing import Final

import msgspec
from django.db.models.functions import Upper

from inventory.assets.states import GONE
from inventory.many import parts
from inventory.marks import normalise
from inventory.models import Asset, AssetMark

MOST_LINES: Final = 500
LONGEST_LINE: Final = 128


class Typed(msgspec.Struct, frozen=True):
    """`ids` in the order typed, once each; `unknown` lines name nothing here, `doubtful` ones more
    than one thing; `over`: how many lines were too many."""

    ids: list[str]
    unknown: list[str]
    doubtful: list[str]
    over: int = 0


def typed(site_id: str, text: str) -> Typed:
    """What is meant. Capitals and spaces around do not matter."""
    lines = list(dict.fromkeys(filter(None, (_line(one) for one in text.splitlines()))))
    over, lines = max(0, len(lines) - MOST_LINES), lines[:MOST_LINES]
    tags = _by_tag(site_id, lines)
    serials = _by_serial(site_id, [line for line in lines if line.upper() not in tags])
    found: list[str] = []
    unknown: list[str] = []
    doubtful: list[str] = []
    for line in lines:
        ids = tags.get(line.upper()) or serials.get(normalise("serial", line) or "") or set()
        if len(ids) == 1:
            found += ids
        else:
            (doubtful if ids else unknown).append(line)
    return Typed(list(dict.fromkeys(found)), unknown, doubtful, over)


def _line(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_LINE]


def _by_tag(site_id: str, lines: Collection[str]) -> dict[str, set[str]]:
    """By tag in capitals. The database folds ASCII only, so a tag as it was typed counts, too."""
    rows = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE).exclude(tag="")
    rows = rows.annotate(capitals=Upper("tag"))
    found: dict[str, set[str]] = {}
    for part in parts({line.upper() for line in lines} | set(lines)):
        for tag, asset_id in rows.filter(capitals__in=part).values_list("tag", "id"):
            found.setdefault(tag.upper(), set()).add(asset_id)
    return found


def _by_serial(site_id: str, lines: Collection[str]) -> dict[str, set[str]]:
    marks = {mark for line in lines if (mark := normalise("serial", line))}
    rows = AssetMark.objects.filter(site_id=site_id, kind="serial", resting=False)
    rows = rows.exclude(asset__state__in=GONE)
    found: dict[str, set[str]] = {}
    for part in parts(marks):
        for mark, asset_id in rows.filter(value__in=part).values_list("value", "asset_id"):
            found.setdefault(mark, set()).add(asset_id)
    return found
