"""How each area of checks stands, counted in computers.

A computer counts once per area, with its worst result there, and only while it is heard from: what
a silent one last said is neither kept nor a fault, it could not be checked (S2).
"""

import functools
from collections.abc import Iterable
from typing import Final

from checks.catalogue import catalogue
from controller.fleet.standings import Result
from controller.posture.standings import SETS, Standing

AreaCounts = dict[str, dict[str, int]]

_NAMES: Final = {4: "attention", 3: "unchecked", 2: "look", 1: "kept", 0: "not_applicable"}
_RANKS: Final = {"fail": 4, "unknown": 3, "warn": 2, "pass": 1, "not-applicable": 0}
_BLIND: Final = _RANKS["unknown"]
"""Also the rank of a status this release does not know."""


def area_counts(standings: Iterable[Standing]) -> AreaCounts:
    """Computers per area and standing; an area without a single result is absent."""
    counts: AreaCounts = {}
    for standing in standings:
        for area, rank in _worst(standing.results):
            if area not in counts:
                counts[area] = dict.fromkeys(_NAMES.values(), 0)
            counts[area][_NAMES[_aged(rank, standing.fresh)]] += standing.computers
    return counts


@functools.lru_cache(SETS)
def _worst(results: tuple[Result, ...]) -> tuple[tuple[str, int], ...]:
    """The worst rank per area."""
    worst: dict[str, int] = {}
    for check, status, _severity in results:
        domain = catalogue().domain_of(check)
        if domain is not None:
            worst[domain.name] = max(worst.get(domain.name, 0), _RANKS.get(status, _BLIND))
    return tuple(worst.items())


def _aged(rank: int, fresh: bool) -> int:
    return rank if fresh or rank == _RANKS["not-applicable"] else _BLIND
