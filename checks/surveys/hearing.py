"""From all that a radio heard to what may leave the computer: the school's own networks and what
looks like them, access point by access point, and the rest as a number. Pure.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from checks.surveys.air import MOST_HEARD, AirFacts, Bss, Via
from checks.surveys.likeness import Likeness, is_hotspot, likeness
from checks.unseen import Maybe, Unseen
from checks.wireless.security import WifiSecurity

STRONG_DBM: Final = -55
"""Louder is in the same building, most likely (network §5)."""
NOT_SAID: Final = Unseen("deferred")
_UNSUPPORTED: Final = Unseen("unsupported")


Pmf = Literal["off", "capable", "required"]


class Point(msgspec.Struct, frozen=True):
    """One name of one access point, as a system's list has it; suites by IEEE's numbers."""

    bssid: str
    """Lower case, with colons; empty: the list does not say."""
    ssid: str
    """As `checks.formats.ssids` shows it; empty: hidden."""
    security: WifiSecurity
    akms: Maybe[list[int]] = _UNSUPPORTED
    pairwise: Maybe[list[int]] = _UNSUPPORTED
    group: Maybe[int | None] = _UNSUPPORTED
    pmf: Maybe[Pmf] = _UNSUPPORTED
    wps: Maybe[bool] = _UNSUPPORTED
    wpa1: Maybe[bool] = _UNSUPPORTED
    owe_twin: Maybe[bool] = _UNSUPPORTED
    hidden: bool = False
    channel: int | None = None
    dbm: int | None = None
    """How loud; None: not told."""


def facts(via: Via, points: Iterable[Point], ours: Sequence[str]) -> AirFacts:
    """What is told of it. `ours`: the school's names; none: it has not said, and nothing is."""
    if not ours:
        return AirFacts(via=via, heard=NOT_SAID)
    told: dict[tuple[str, ...], Bss] = {}
    others: dict[str, bool] = {}
    for point in points:
        like = likeness(point.ssid, ours)
        if like is None:
            name = point.ssid or point.bssid
            loud = point.dbm is not None and point.dbm > STRONG_DBM
            others[name] = others.get(name, False) or (loud and is_hotspot(point.ssid))
            continue
        bss = _bss(point, like)
        # Without its address one cannot be told from another of the same kind.
        told.setdefault((point.ssid, point.bssid, "" if point.bssid else repr(bss)), bss)
    heard: Maybe[list[Bss]] = [bss for _, bss in sorted(told.items())]
    if len(told) > MOST_HEARD:
        heard = Unseen("too-large")
    return AirFacts(via=via, heard=heard, others=len(others), hotspots=sum(others.values()))


def _bss(point: Point, like: Likeness) -> Bss:
    strong: Maybe[bool | None] = None
    if like == "near":
        strong = _UNSUPPORTED if point.dbm is None else point.dbm > STRONG_DBM
    return Bss(
        bssid=point.bssid,
        ssid=point.ssid,
        likeness=like,
        security=point.security,
        akms=point.akms,
        pairwise=point.pairwise,
        group=point.group,
        pmf=point.pmf,
        wps=point.wps,
        hidden=point.hidden,
        channel=point.channel,
        strong=strong,
        wpa1=point.wpa1,
        owe_twin=point.owe_twin,
    )
