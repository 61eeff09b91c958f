"""Reasons of the air: how the school's wireless networks are protected, and who else uses their
names. Pure.

What is heard counts before what is set up: where the two contradict each other, that is a reason
of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from checks.formats.rsn import TKIP
from checks.records.network.facts import AirRecordFacts, Heard, Named, SetUp
from checks.records.network.reasons import Reason
from checks.surveys.protection import Announced, Code, weaknesses
from checks.verdicts import Severity, Status
from checks.wireless.security import UNENCRYPTED, WifiSecurity

ENTERPRISE: Final = frozenset({1, 3, 5, 11, 12, 13})
"""Suites that ask who somebody is (802.1X), check catalogue."""
_GOOD: Final[frozenset[WifiSecurity]] = frozenset(
    {"owe", "wpa2-psk", "wpa2-enterprise", "wpa3-sae", "wpa3-transition", "wpa3-enterprise"}
)
_ENTERPRISE: Final[frozenset[WifiSecurity]] = frozenset({"wpa2-enterprise", "wpa3-enterprise"})
_SAID: Final[Mapping[Code, tuple[str, Status, Severity | None]]] = {
    "open": ("open", "fail", "critical"),
    "owe-transition": ("open", "fail", "critical"),
    "wep": ("wep", "fail", "critical"),
    "wpa1": ("tkip", "fail", "high"),
    "tkip": ("tkip", "fail", "high"),
    "wps": ("wps", "fail", "high"),
    "unknown": ("not-understood", "unknown", None),
    "ciphers-unseen": ("ciphers-unseen", "unknown", None),
}
"""What is weak about an access point, as this check says it; the rest are notes or another's."""


def blind(air: AirRecordFacts, since: int) -> Reason | None:
    """Why nothing can be said of the air at all."""
    if not air.named:
        return Reason("unknown", "names-unset")
    times = [air.listened_at or 0, *(one.at for one in air.heard), *(one.at for one in air.set_up)]
    return Reason("unknown", "nobody-listened") if max(times) < since else None


def protection(air: AirRecordFacts, since: int) -> Iterator[Reason]:
    """Of each network of the school: the weakest of what was heard, else of what is set up."""
    for network in air.named:
        heard = _heard(air, network, since)
        set_up = _set_up(air, network, since)
        for one in heard:
            yield from _of_heard(one)
        if not heard:
            yield from _of_set_up(network, set_up)
        yield from _differs(network, heard, set_up)


def access(air: AirRecordFacts, since: int) -> Iterator[Reason]:
    """Whether a network asks who somebody is: a must on the staff's, better on others."""
    for network in air.named:
        if network.role == "guest":
            continue
        asks = _asks(_heard(air, network, since), _set_up(air, network, since))
        staff = network.role == "staff"
        if asks is None:
            yield Reason("unknown", "not-seen", network.ssid)
        elif not asks:
            says = "staff-shared-key" if staff else "shared-key"
            yield Reason("fail" if staff else "warn", says, network.ssid)


def strangers(air: AirRecordFacts, since: int, known: Sequence[str]) -> Iterator[Reason]:
    """Access points that are not the school's: with its name, with one like it, or on its wire."""
    for one in air.heard:
        if one.at < since or any(fnmatchcase(one.bssid, entry.casefold()) for entry in known):
            continue
        ours = False if one.ours is None and known else one.ours
        if one.verdict and one.on_wire:
            yield Reason("fail", "on-wire", one.bssid)
        elif one.verdict == "malicious":
            yield Reason("fail", "malicious", one.bssid)
        elif one.likeness == "same" and ours is None:
            yield Reason("unknown", "points-unknown", one.ssid)
        elif one.likeness == "same" and ours is False:
            yield Reason("fail", "name-borrowed", one.ssid or one.bssid, one.bssid)
        elif one.likeness == "near" and not one.ours:
            yield Reason("warn", "name-near", one.ssid, one.bssid)
    if air.hotspots:
        yield Reason("warn", "hotspots", severity="low", args={"hotspots": air.hotspots})


def _heard(air: AirRecordFacts, network: Named, since: int) -> list[Heard]:
    """Of the school's own access points, as far as anybody knows which those are."""
    return [
        one
        for one in air.heard
        if one.ssid == network.ssid
        and one.ours is not False
        and one.at >= since
        and not one.verdict
    ]


def _set_up(air: AirRecordFacts, network: Named, since: int) -> list[SetUp]:
    found = [one for one in air.set_up if one.ssid == network.ssid and one.at >= since]
    return [one for one in found if one.enabled is not False]


def _of_heard(one: Heard) -> Iterator[Reason]:
    pairwise = None if one.tkip is None else [TKIP] * one.tkip
    told = Announced(one.security, one.akms, pairwise, one.pmf or None, one.wps)
    said = {_SAID[weak.code] for weak in weaknesses(told) if weak.code in _SAID}
    for says, status, severity in sorted(said, key=lambda one: one[0]):
        yield Reason(status, says, one.ssid, one.bssid, severity)


def _of_set_up(network: Named, found: list[SetUp]) -> Iterator[Reason]:
    told = [one for one in found if one.security]
    for one in told:
        if one.security in UNENCRYPTED:
            says = "open" if one.security == "open" else "wep"
            yield Reason("fail", says, network.ssid, severity="critical")
        elif one.security == "wpa-psk" or one.tkip:
            yield Reason("fail", "tkip", network.ssid, severity="high")
        elif one.security not in _GOOD:
            yield Reason("unknown", "not-understood", network.ssid)
    if not told:
        yield Reason("unknown", "not-seen", network.ssid)


def _differs(network: Named, heard: list[Heard], set_up: list[SetUp]) -> Iterator[Reason]:
    planned = {one.security for one in set_up if one.security not in ("", "unknown")}
    on_air = {one.security for one in heard if one.security != "unknown"}
    if planned and on_air and planned.isdisjoint(on_air):
        yield Reason("warn", "not-as-set-up", network.ssid, severity="medium")


def _asks(heard: list[Heard], set_up: list[SetUp]) -> bool | None:
    found: list[bool] = []
    for one in heard:
        if one.akms is not None:
            found.append(bool(one.akms) and set(one.akms) <= ENTERPRISE)
        elif one.security != "unknown":
            found.append(one.security in _ENTERPRISE)
    if not found:
        told = [one.security for one in set_up if one.security not in ("", "unknown")]
        found = [one in _ENTERPRISE for one in told]
    return all(found) if found else None
