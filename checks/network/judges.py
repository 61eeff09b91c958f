"""The judges of the network: a firewall that lets nobody in unasked, no doors for remote control
but those the school agreed to, and the school's own way out in school hours.
"""

import datetime
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from checks.judging import NIGHT_HOUR, Device, Judge, Moment, Settings, judge
from checks.network.facts import Guard, NetworkFacts, Scope, Service
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

DAY: Final = 86_400
_SATURDAY: Final = 5
_OFF_FOR: Final[dict[Scope, str]] = {
    "domain": "off-domain",
    "private": "off-private",
    "public": "off-public",
    "ipv6": "off-ipv6",
}


@judge("host-firewall")
def firewall(network: NetworkFacts) -> Finding:
    """What is certainly open is said first, even where another part could not be seen.

    Where another maker's has taken over, Windows' own still says that it is on.
    """
    guards = known(network.guards)
    if not guards:
        raise BlindError("parse-error")
    states, blind = each(guards, lambda guard: (guard, _says(guard)))
    bad = [(guard, says) for guard, says in states if says is not None]
    if bad:
        return _open(network, bad, len(guards))
    for reason in blind:
        raise BlindError(reason)
    others = known(network.others)
    return warned("another", name=others[0]) if others else passed("on")


def _says(guard: Guard) -> str | None:
    """What is wrong with a part, if anything."""
    if not known(guard.on):
        return "off"
    return "lets-in" if known(guard.inbound) == "allow" else None


def _open(network: NetworkFacts, bad: Sequence[tuple[Guard, str]], parts: int) -> Finding:
    """Another maker's firewall may stand in its place; what that one lets in nobody sees."""
    others = known(network.others)
    if others:
        return warned("another", name=others[0])
    off = [guard for guard, says in bad if says == "off"]
    kept_by = known(network.keepers)
    if off and kept_by:
        return failed("not-loaded")
    if len(off) == parts:
        return failed("off")
    if len(off) == 1 and len(bad) == 1:
        return failed(_OFF_FOR.get(off[0].scope, "off-partly"))
    if off:
        return failed("off-partly")
    return failed("lets-in" if len(bad) == parts else "lets-in-partly")


class ListenerSettings(Settings, frozen=True):
    """Kinds of remote control that the school agreed to: anywhere, and on its servers."""

    allowed: list[str]
    allowed_on_servers: list[str]


@judge("remote-listeners")
def listeners(network: NetworkFacts, settings: ListenerSettings, device: Device) -> Finding:
    """What is certainly open is said first."""
    services, blind = each([network.services], known)
    found = services[0] if services else []
    allowed = _allowed(found, settings, device)
    strange = [service for service in found if service.kind not in allowed]
    if strange:
        return _strange(strange)
    remote = [network.nla] if any(service.kind == "rdp" for service in found) else []
    nla, blind_nla = each(remote, known)
    if False in nla:
        return failed("rdp-without-nla")
    smb1, blind_smb1 = each([network.smb1], known)
    if True in smb1:
        return failed("smb1")
    for reason in (*blind, *blind_nla, *blind_smb1):
        raise BlindError(reason)
    hidden = known(network.unnamed)
    if hidden:
        raise BlindError("denied", says="unnamed", count=hidden)
    return passed("agreed") if found else passed("none")


def _allowed(found: Sequence[Service], settings: ListenerSettings, device: Device) -> Sequence[str]:
    """Nobody has to say what a computer is for where it makes no difference (S1)."""
    servers = [*settings.allowed, *settings.allowed_on_servers]
    disputed = any(one.kind in servers and one.kind not in settings.allowed for one in found)
    if not disputed:
        return settings.allowed
    certain = any(one.kind not in servers for one in found)
    if certain and isinstance(device.profile, Unseen):
        return servers
    return servers if device.purpose() == "server" else settings.allowed


def _strange(services: Sequence[Service]) -> Finding:
    kinds = sorted({service.kind for service in services})
    if len(kinds) > 1:
        return failed("several", names=", ".join(kind.upper() for kind in kinds))
    return failed(kinds[0], port=services[0].port)


class UplinkSettings(Settings, frozen=True):
    """The school's own name servers (none: any will do), and its hours, from midnight."""

    resolvers: list[str]
    begins_seconds: int
    ends_seconds: int


@judge("hotspot-uplink")
def way_out(network: NetworkFacts, settings: UplinkSettings, moment: Moment) -> Finding:
    """Where a computer went out, never who took it there."""
    ways = known(network.uplinks)
    ways = [way for way in ways if way.by != "tunnel"] or ways
    if not ways:
        return passed("no-way-out")
    seen, blind = each(ways, lambda way: (known(way.place), way.by))
    places = {place for place, _ in seen}
    if "unlisted" in places:
        return not_applicable("no-list")
    if "elsewhere" in places:
        if not _in_hours(settings, moment):
            return not_applicable("out-of-hours")
        if "school" in places:
            return warned("both")
        return warned("mobile" if ("elsewhere", "mobile") in seen else "elsewhere")
    for reason in blind:
        raise BlindError(reason)
    if settings.resolvers and not _resolved_here(known(network.resolvers), settings.resolvers):
        return warned("other-names")
    modems, _ = each([network.modems], known)
    return passed("modem") if any(modems) else passed("school")


def _resolved_here(asked: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether it asks the school's name servers and no others."""
    if not asked or any(one.startswith("127.") or one == "::1" for one in asked):
        raise BlindError("unsupported")  # a program of its own, and nobody knows whom that asks
    return all(any(fnmatchcase(one, pattern) for pattern in ours) for one in asked)


def _in_hours(settings: UplinkSettings, moment: Moment) -> bool:
    """Monday to Friday within the school's hours, by the clock on its wall."""
    if not moment.nights:
        raise BlindError("parse-error")
    two = moment.nights[0]
    wall = NIGHT_HOUR * 3_600 + moment.seen - two
    day = datetime.datetime.fromtimestamp(two, datetime.UTC).weekday() + wall // DAY
    return day % 7 < _SATURDAY and settings.begins_seconds <= wall % DAY < settings.ends_seconds


JUDGES: tuple[Judge, ...] = (firewall, listeners, way_out)
