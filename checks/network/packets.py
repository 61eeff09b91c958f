"""What becomes of a packet that nobody asked for: it is followed through the rules.

The stranger sits on the internet, starts a connection to a port that no service has, and comes in
by a given card. Where a condition is unknown, both ways are followed; the answer is certain or
none. A packet gets in only if every chain at its hooks lets it.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from checks.formats.packet_rules import Chain, Match, Rule

Family = Literal["ip", "ip6"]
Fate = Literal["accept", "drop", "end"]
Fates = frozenset[Fate]

_SOURCES: Final[dict[Family, str]] = {"ip": "93.184.216.34", "ip6": "2606:2800:220:1::77"}
_PORTS: Final = (7, 61_234)
"""Echo, which nothing has offered for decades, and one of those that programs take by chance."""
_PROTOCOLS: Final = {"tcp": "6", "udp": "17"}
_SOURCE_PORT: Final = 51_515
_DEEPEST: Final = 16
"""Jumps the kernel itself allows (NFT_JUMP_STACK_SIZE)."""
_HOOKS: Final = ("prerouting", "input")
Known = dict[tuple[str, str, str], Chain]
ALL: Final[Fates] = frozenset({"accept", "drop", "end"})


class Packet(msgspec.Struct, frozen=True):
    """One that knocks."""

    family: Family
    interface: str
    protocol: str
    port: int


def lets_in(chains: Sequence[Chain], family: Family, interfaces: Iterable[str]) -> bool | None:
    """Whether a stranger's packet gets in by any of these cards; None: the rules do not tell."""
    said = [
        _gets_in(chains, Packet(family, interface, protocol, port))
        for interface in _unlike(chains, interfaces)
        for protocol in _PROTOCOLS
        for port in _PORTS
    ]
    if True in said:
        return True
    return None if None in said or not said else False


def _unlike(chains: Sequence[Chain], interfaces: Iterable[str]) -> list[str]:
    """One card of all those that no rule tells apart."""
    told = {
        value
        for chain in chains
        for rule in chain.rules
        for match in rule.matches
        if match.about == "interface"
        for value in match.values
    }
    alike = {tuple(sorted(v for v in told if _named(v, card))): card for card in interfaces}
    return list(alike.values())


def filtered(chains: Sequence[Chain], family: Family) -> bool:
    """Whether anything that arrives for this machine may be refused at all."""
    own = [chain for chain in chains if chain.family in (family, "inet")]
    tables = {(chain.family, chain.table) for chain in own if chain.hook == "input"}
    return any(
        (chain.hook == "input" and chain.policy == "drop")
        or any(rule.does in {"drop", "unknown"} for rule in chain.rules)
        for chain in own
        if (chain.family, chain.table) in tables
    )


def _gets_in(chains: Sequence[Chain], packet: Packet) -> bool | None:
    known: Known = {
        (chain.family, chain.table, chain.name): chain
        for chain in chains
        if chain.family in (packet.family, "inet")
    }
    walk = _Walk(known, packet)
    fates = [walk.through(chain) for chain in known.values() if chain.hook in _HOOKS]
    if any(fate == {"drop"} for fate in fates):
        return False
    return True if all(fate == {"accept"} for fate in fates) else None


class _Walk:
    """One packet; what a chain does to it is worked out once."""

    def __init__(self, chains: Known, packet: Packet) -> None:
        self._chains = chains
        self._packet = packet
        self._done: dict[tuple[str, str, str], Fates] = {}

    def through(self, base: Chain) -> Fates:
        """The fate at a hook."""
        fates = self._fates(base, 0)
        return (fates - {"end"}) | {base.policy} if "end" in fates else fates

    def _fates(self, chain: Chain, depth: int) -> Fates:
        place = (chain.family, chain.table, chain.name)
        if place not in self._done:
            self._done[place] = ALL  # met again below itself: no kernel takes such a loop
            self._done[place] = self._walked(chain, depth)
        return self._done[place]

    def _walked(self, chain: Chain, depth: int) -> Fates:
        found: set[Fate] = set()
        for rule in chain.rules:
            holds = _holds(rule.matches, self._packet)
            if holds is False or rule.does == "next":
                continue
            fates, goes_on = self._does(rule, chain, depth)
            found |= fates
            if holds and not goes_on:
                return frozenset(found)
        return frozenset(found | {"end"})

    def _does(self, rule: Rule, chain: Chain, depth: int) -> tuple[Fates, bool]:
        """Its fates, and whether the packet may come to the next rule."""
        if rule.does == "accept":
            return frozenset({"accept"}), False
        if rule.does == "drop":
            return frozenset({"drop"}), False
        if rule.does == "return":
            return frozenset({"end"}), False
        if rule.does == "unknown":
            return frozenset({"accept", "drop"}), True
        target = self._chains.get((chain.family, chain.table, rule.target))
        if target is None or depth >= _DEEPEST:
            return frozenset({"accept", "drop"}), True
        fates = self._fates(target, depth + 1)
        if rule.does == "goto":
            return fates, False
        return fates - {"end"}, "end" in fates


def _holds(matches: Iterable[Match], packet: Packet) -> bool | None:
    """False as soon as one condition surely fails."""
    said = [_match(match, packet) for match in matches]
    if False in said:
        return False
    return None if None in said else True


def _match(match: Match, packet: Packet) -> bool | None:
    if match.about == "unknown":
        return None
    told = [_value(match, value, packet) for value in match.values]
    found = True if True in told else None if None in told else False
    return found if found is None else found is not match.negated


def _value(match: Match, value: str, packet: Packet) -> bool | None:
    about = match.about
    if about == "interface":
        return _named(value, packet.interface)
    if about == "protocol":
        return value in (packet.protocol, _PROTOCOLS[packet.protocol])
    if about in ("port", "source_port"):
        return _in_range(value, packet.port if about == "port" else _SOURCE_PORT)
    if about == "source":
        return _in_network(value, packet.family)
    if about == "destination":
        return _addressed(value, packet.family)
    if about == "family":
        return value == packet.family
    if about == "state":
        return value == "new"
    return about == "cast" and value == "local"


def _named(pattern: str, card: str) -> bool:
    return card.startswith(pattern[:-1]) if pattern.endswith("*") else card == pattern


def _in_range(value: str, port: int) -> bool | None:
    first, _, last = value.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        return None  # a service's name
    return int(first) <= port <= int(last or first)


def _in_network(value: str, family: Family) -> bool | None:
    first, _, last = value.partition("-")
    address = ipaddress.ip_address(_SOURCES[family])
    try:
        if last:
            low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
            return low.version == address.version and int(low) <= int(address) <= int(high)
        return address in ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def _addressed(value: str, family: Family) -> bool | None:
    """Our own address is not asked for: only "to anybody" and "to many" are certain."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None
    if network.version != (4 if family == "ip" else 6):
        return False
    if network.prefixlen == 0:
        return True
    many = network.network_address.is_multicast or value.startswith("255.255.255.255")
    return False if many or network.network_address.is_loopback else None
