"""Which entry a scanned or typed text means: our label's address, a tag or a serial number.

Hostile like everything typed: a code on a poster may say anything, so it only ever selects.
"""

from typing import Final
from urllib.parse import urlsplit

from inventory.assets.fields import clean
from inventory.labels import queries as labels
from inventory.marks import normalise
from inventory.models import Asset, AssetMark

LONGEST: Final = 128
MOST_READ: Final = 500
"""Characters looked at: an address may be longer than what is kept of it."""
_LABELS: Final = "/l/"
_GONE: Final = ("withdrawn", "merged")


def plain(text: str) -> str:
    """A scanned text as it is kept: one line, nothing invisible, cut to LONGEST."""
    return str(clean("notes", text[:MOST_READ].replace("\n", " ")))[:LONGEST].strip()


def entries(site_id: str, text: str) -> list[str]:
    """Ids of the entries it may mean: none, one, or several that share a serial number."""
    found = text[:MOST_READ].strip()
    if (code := _label(found)) is not None:
        asset = labels.asset_of(site_id, code)
        return [asset] if asset else []
    found = plain(found)
    known = (_by_tag(site_id, found) or _by_serial(site_id, found)) if found else []
    return known or list(filter(None, [labels.asset_of(site_id, found)]))


def _label(text: str) -> str | None:
    """The code of an address that one of our labels holds, None for anything else."""
    if not text.casefold().startswith(("https://", "http://")):
        return None
    try:
        path = urlsplit(text).path
    except ValueError:
        return None
    before, at, code = path.casefold().rpartition(_LABELS)
    return code.strip("/") if at and not before else None


def _by_tag(site_id: str, tag: str) -> list[str]:
    """Leading zeros count and capitals do not, as in a sheet."""
    rows = Asset.objects.filter(site_id=site_id).exclude(state__in=_GONE)
    exact = rows.filter(tag=tag).values_list("id", flat=True)
    return list(exact) or list(rows.filter(tag__iexact=tag).values_list("id", flat=True)[:3])


def _by_serial(site_id: str, text: str) -> list[str]:
    mark = normalise("serial", text)
    if not mark:
        return []
    rows = AssetMark.objects.filter(
        site_id=site_id, kind__in=("serial", "board_serial"), value=mark, resting=False
    ).exclude(asset__state__in=_GONE)
    return sorted(set(rows.values_list("asset_id", flat=True)))
