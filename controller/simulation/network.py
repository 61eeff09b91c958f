"""What an invented computer's agent would send of its firewall and of its doors to the network."""

from collections.abc import Mapping
from typing import Final

from checks.facts import Facts
from checks.judging import Body
from checks.network.facts import Guard, Inbound, NetworkFacts, Scope
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
    return {NetworkFacts: NetworkFacts(guards=guards, keepers=[], others=[])}
