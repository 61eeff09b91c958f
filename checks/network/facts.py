"""Whether a computer is closed to strangers on the network.

No rule, address or name of a network leaves a machine: only what the firewall as a whole does.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.layers import Layer
from checks.unseen import Maybe

Scope = Literal["domain", "private", "public", "ipv4", "ipv6", "all"]
"""What a part of a firewall is for: Windows has one for each kind of network, Linux one for each
family of addresses, macOS one for all."""
Inbound = Literal["block", "chosen", "allow"]
"""What happens to what nobody asked for and no rule allows. `chosen`: macOS asks, or lets in
programs with a maker's signature."""
Keeper = Literal["ufw", "firewalld", "nftables"]


class Guard(msgspec.Struct, frozen=True):
    """One part of the system's own firewall, as it works at this moment."""

    scope: Scope
    on: Maybe[bool]
    inbound: Maybe[Inbound]
    by: Maybe[Layer]
    """Who decided whether it is on."""


class NetworkFacts(Facts, frozen=True):
    """The one section."""

    section: ClassVar[str] = "network"
    schema: ClassVar[int] = 1

    guards: Maybe[list[Guard]]
    """Never empty."""
    keepers: Maybe[list[Keeper]]
    """What is set up to fill the firewall when the machine starts (Linux)."""
    others: Maybe[list[str]]
    """Other makers' firewalls that say they are on (Windows), by name."""


SECTIONS = (NetworkFacts,)
