"""The judges of the network: a firewall that lets nobody in unasked, and no doors for remote
control but those the school agreed to."""

from collections.abc import Sequence
from typing import Final

from checks.judging import Device, Judge, Settings, judge
from checks.network.facts import Guard, NetworkFacts, Scope, Service
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, passed, warned

_OFF_FOR: Final[dict[Scope, str]] = {
    "domain": "off-domain",
    "private": "off-private",
    "public": "off-public",
    "ipv6": "off-ipv6",
}


@judge("host-firewall")
def firewall(network: NetworkFacts) -> Finding:
    """What is certainly open is said first, even where another part could not be seen."""
    guards = known(network.guards)
    if not guards:
        raise BlindError("parse-error")
    states, blind = each(guards, lambda guard: (guard, _says(guard)))
    bad = [(guard, says) for guard, says in states if says is not None]
    if bad:
        return _open(network, bad, len(guards))
    for reason in blind:
        raise BlindError(reason)
    return passed("on")


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


JUDGES: tuple[Judge, ...] = (firewall, listeners)
