"""Whether this computer is at school, and what stays untold where it is not (O19).

The school's policy lists its ways out by their MAC, and the readers of the network give each way
out as this device's own alias of its gateway. A computer that goes out by none of them, or cannot
look, is off site: of the Wi-Fi it is on, only the kind of protection is told, nobody hears whom it
asks for names, and of the networks around it nothing is told. Saved networks are told as ever, by
this device's own aliases: they are the same wherever the computer is.

Traps: a way out over IPv6 alone has no gateway that could be compared, so such a network counts as
off site. Where the school has listed nothing there is no such notion, but name servers and the
number of neighbours' networks stay untold.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from agent.collect.reading import reader_of
from checks.host import Host, attempt
from checks.network.facts import NetworkFacts, Place, Uplink
from checks.network.uplinks import ALIAS
from checks.surveys import lan
from checks.surveys.air import AirFacts
from checks.surveys.lan import Neighbours
from checks.unseen import Maybe, Unseen
from checks.wireless.facts import WirelessNow

if TYPE_CHECKING:
    from agent.collect.budget import Sections

WITHHELD: Final = Unseen("withheld")


def placed(host: Host, sections: "Sections", gateways: Sequence[str]) -> "Sections":
    """What may leave: ways out told by whether they are the school's."""
    facts = sections.get(NetworkFacts)
    network = facts if isinstance(facts, NetworkFacts) else None
    if not gateways:
        sections = _uncounted(sections)
        return sections if network is None else {**sections, NetworkFacts: _unlisted(network)}
    ours = {host.alias(ALIAS, _plain(mac)) for mac in gateways}
    ways = attempt(_uplinks, host) if network is None else network.uplinks
    marked: Maybe[list[Uplink]] = ways if isinstance(ways, Unseen) else _marked(ways, ours)
    if network is not None:
        sections = {**sections, NetworkFacts: msgspec.structs.replace(network, uplinks=marked)}
    return sections if _at_school(marked) else withheld(sections)


def withheld(sections: "Sections") -> "Sections":
    """The same without the names of the networks it is on, and without whom it asks for names."""
    told = {**sections}
    now, facts = sections.get(WirelessNow), sections.get(NetworkFacts)
    if isinstance(now, WirelessNow) and not isinstance(now.links, Unseen):
        links = [msgspec.structs.replace(link, ssid=WITHHELD) for link in now.links]
        told[WirelessNow] = WirelessNow(links=links)
    if isinstance(facts, NetworkFacts):
        told[NetworkFacts] = msgspec.structs.replace(facts, resolvers=WITHHELD)
    air = sections.get(AirFacts)
    if isinstance(air, AirFacts):
        told[AirFacts] = AirFacts(via=air.via, heard=WITHHELD)
    if isinstance(sections.get(Neighbours), Neighbours):
        told[Neighbours] = lan.WITHHELD
    return told


def _uncounted(sections: "Sections") -> "Sections":
    air = sections.get(AirFacts)
    if not isinstance(air, AirFacts):
        return sections
    return {**sections, AirFacts: msgspec.structs.replace(air, others=None, hotspots=None)}


def _unlisted(network: NetworkFacts) -> NetworkFacts:
    ways: Maybe[list[Uplink]] = network.uplinks
    if not isinstance(ways, Unseen):
        ways = [msgspec.structs.replace(way, place="unlisted") for way in ways]
    return msgspec.structs.replace(network, uplinks=ways, resolvers=WITHHELD)


def _marked(ways: Sequence[Uplink], ours: set[str]) -> list[Uplink]:
    return [msgspec.structs.replace(way, place=_place(way, ours)) for way in ways]


def _place(way: Uplink, ours: set[str]) -> Maybe[Place]:
    """A network that is somebody's own without a gateway in between is a mobile one; of a tunnel's
    other end nothing is known."""
    if isinstance(way.gateway, Unseen):
        return way.gateway
    if way.gateway is None:
        return "elsewhere" if way.by == "mobile" else Unseen("unsupported")
    return "school" if way.gateway in ours else "elsewhere"


def _at_school(ways: Maybe[list[Uplink]]) -> bool:
    if isinstance(ways, Unseen):
        return False
    return any(not isinstance(way.place, Unseen) and way.place == "school" for way in ways)


def _uplinks(host: Host) -> list[Uplink]:
    """For a look at other domains only. Raises CannotLook."""
    reader = reader_of("network", host.platform)
    ways: list[Uplink] = [] if reader is None else reader.uplinks(host)
    return ways


def _plain(mac: str) -> str:
    return mac.strip().lower().replace("-", ":")
