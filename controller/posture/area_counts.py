"""How each area of checks stands, counted in computers.

A computer counts once per area, with its worst result there, and only while it is heard from: what
a silent one last said is neither kept nor a fault, it could not be checked (S2).
"""

from collections.abc import Iterable
from typing import Final

from checks.catalogue import catalogue
from controller.posture.standings import Standing

AreaCounts = dict[str, dict[str, int]]

_NAMES: Final = {4: "attention", 3: "unchecked", 2: "look", 1: "kept", 0: "not_applicable"}
_RANKS: Final = {"fail": 4, "unknown": 3, "warn": 2, "pass": 1, "not-applicable": 0}
_BLIND: Final = _RANKS["unknown"]
"""Also the rank of a status this release does not know."""


def area_counts(standings: Iterable[Standing]) -> AreaCounts:
    """Computers per area and standing; an area without a single result is absent."""
    areas = {check: domain.name for domain in catalogue().domains for check in domain.checks}
    counts: AreaCounts = {}
    for standing in standings:
        for area, rank in _worst(standing, areas).items():
            numbers = counts.setdefault(area, dict.fromkeys(_NAMES.values(), 0))
            numbers[_NAMES[rank]] += standing.computers
    return counts


def _worst(standing: Standing, areas: dict[str, str]) -> dict[str, int]:
    """The worst rank per area."""
    worst: dict[str, int] = {}
    for check, status, _severity in standing.results:
        area = areas.get(check)
        if area is not None:
            worst[area] = max(worst.get(area, 0), _RANKS.get(status, _BLIND))
    return {area: _aged(rank, standing.fresh) for area, rank in worst.items()}


def _aged(rank: int, fresh: bool) -> int:
    return rank if fresh or rank == _RANKS["not-applicable"] else _BLIND
