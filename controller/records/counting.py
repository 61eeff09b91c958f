"""How the areas of a register stand, as of the last night: for the overview."""

from collections.abc import Collection
from typing import Final

from checks.records.catalogue import records
from controller.records.models import RecordCount

NAMES: Final = {
    "pass": "kept",
    "warn": "look",
    "fail": "attention",
    "not-applicable": "not_applicable",
}
"""Status → what a page calls it; any other was not checked."""


def area_counts(sites: Collection[str]) -> dict[str, dict[str, int]]:
    """Entries per area and standing, in the catalogue's order; an area without any is absent."""
    areas = [domain.name for domain in records().domains]
    rows = RecordCount.objects.filter(site__in=sites, check_id__in=areas)
    found: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: areas.index(row.check_id)):
        numbers = found.setdefault(row.check_id, dict.fromkeys((*NAMES.values(), "unchecked"), 0))
        numbers[NAMES.get(row.status, "unchecked")] += row.n
    return found
