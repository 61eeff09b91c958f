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
Kind = Literal["rdp", "ssh", "telnet", "vnc", "winrm"]
"""Ways to control a computer from another one. `vnc`: Apple's screen sharing too."""


class Guard(msgspec.Struct, frozen=True):
    """One part of the system's own firewall, as it works at this moment."""

    scope: Scope
    on: Maybe[bool]
    inbound: Maybe[Inbound]
    by: Maybe[Layer]
    """Who decided whether it is on."""


class Service(msgspec.Struct, frozen=True):
    """A door for remote control that others can reach."""

    kind: Kind
    port: int


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
    services: Maybe[list[Service]]
    """By kind and port; what answers on this computer alone is left out."""
    unnamed: Maybe[int]
    """Ports that others can reach, held by programs whose names could not be seen."""
    nla: Maybe[bool | None]
    """Whether Remote Desktop asks who it is before it shows anything (Network Level
    Authentication); None: there is no Remote Desktop."""
    smb1: Maybe[bool | None]
    """Whether files are shared by SMB 1, which carried WannaCry; None: none are shared by SMB."""


SECTIONS = (NetworkFacts,)
