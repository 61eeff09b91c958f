"""What an invented computer's agent would send of its firewall and of its doors to the network."""

from collections.abc import Mapping
from typing import Final

from checks.facts import Facts
from checks.judging import Body
from checks.network.facts import Guard, Inbound, NetworkFacts, Scope, Service
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
    )
    return {NetworkFacts: facts}


def _services(machine: Machine, remote: bool) -> list[Service]:
    if machine.kind.id == "server":
        return [Service("ssh", 22)]
    return [Service("rdp", 3389)] if remote else []
