"""What an invented computer's agent would send of its firewall and of its doors to the network."""

from collections.abc import Mapping
from typing import Final

from checks.facts import Facts
from checks.judging import Body
from checks.network.facts import Guard, Inbound, NetworkFacts, Scope, Service, Uplink, Way
from checks.unseen import Unseen
from controller.simulation.roster import Machine

_SCOPES: Final[Mapping[str, tuple[Scope, ...]]] = {
    "windows": ("domain", "private", "public"),
    "macos": ("all",),
    "linux": ("ipv4", "ipv6"),
}


def network(machine: Machine, night: int, look: int) -> dict[type[Facts], Body]:
    """The one section."""
    on = not machine.has("firewall-off", night)
    inbound: Inbound = "block" if on else "allow"
    guards = [Guard(one, on, inbound, "local-policy") for one in _SCOPES[machine.kind.platform]]
    remote = machine.has("remote-desktop", night)
    facts = NetworkFacts(
        guards=guards,
        keepers=[],
        others=[],
        services=_services(machine, remote),
        unnamed=0,
        nla=True if remote else None,
        smb1=False,
        uplinks=[_uplink(machine, night)],
        resolvers=Unseen("withheld"),
        modems=0,
    )
    return {NetworkFacts: facts}


def _uplink(machine: Machine, night: int) -> Uplink:
    by: Way = "wireless" if machine.kind.portable else "wired"
    if machine.has("phone-network", night):
        return Uplink("mobile", "77aa41c09e6f2d18", "elsewhere")
    return Uplink(by, "1c64e0b98a25d37f", "school")


def _services(machine: Machine, remote: bool) -> list[Service]:
    if machine.kind.id == "server":
        return [Service("ssh", 22)]
    return [Service("rdp", 3389)] if remote else []
