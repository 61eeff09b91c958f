"""Whether a computer is closed to strangers on the network.

No rule, address or name of a network leaves a machine: only what the firewall as a whole does, and
whether a way out is the school's.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.layers import Layer
from checks.unseen import Maybe, Unseen

Scope = Literal["domain", "private", "public", "ipv4", "ipv6", "all"]
"""What a part of a firewall is for: Windows has one for each kind of network, Linux one for each
family of addresses, macOS one for all."""
Inbound = Literal["block", "chosen", "allow"]
"""What happens to what nobody asked for and no rule allows. `chosen`: macOS asks, or lets in
programs with a maker's signature."""
Keeper = Literal["ufw", "firewalld", "nftables"]
Kind = Literal["rdp", "ssh", "telnet", "vnc", "winrm"]
"""Ways to control a computer from another one. `vnc`: Apple's screen sharing too."""


Way = Literal["wired", "wireless", "mobile", "tunnel", "other"]
"""`mobile`: a modem, or a phone on a cable or over Bluetooth."""
Place = Literal["school", "elsewhere", "unlisted"]
"""`unlisted`: the school has not said which ways out are its own."""


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


class Uplink(msgspec.Struct, frozen=True):
    """A way out of the computer."""

    by: Way
    gateway: Maybe[str | None]
    """This device's own alias of the gateway, which means nothing anywhere else; None: there is
    none in between."""
    place: Maybe[Place] = Unseen("deferred")
    """Filled in by the agent, which holds the school's list (O19)."""


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
    uplinks: Maybe[list[Uplink]]
    """An empty list: it has no way out at this moment."""
    resolvers: Maybe[list[str]]
    """Addresses it asks for names, told on the school's own networks only."""
    modems: Maybe[int]
    """For mobile networks, fitted or plugged in."""


SECTIONS = (NetworkFacts,)
