"""What switches, access points, controllers, printers and UPSs say of themselves when asked
(SNMP, or SSH where there is none).

Each list is `Maybe` of its own: a walk that failed leaves the rest standing. Keys that some makers
keep in readable columns are never asked for (`checks.snmp.denied`).
"""

from typing import ClassVar, Final, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.unseen import Maybe
from checks.wireless.security import WifiSecurity

Kind = Literal[
    "switch",
    "router",
    "access-point",
    "wireless-controller",
    "firewall",
    "printer",
    "ups",
    "pdu",
    "storage",
    "server",
    "computer",
    "phone",
    "camera",
    "unknown",
]
Capability = Literal[
    "other", "repeater", "bridge", "access-point", "router", "phone", "docsis", "station"
]
"""What LLDP or CDP says a neighbour is."""

MOST_DEVICES: Final = 500
MOST_PORTS: Final = 1_000
MOST_MACS: Final = 64
"""Addresses told of one port. More of them is a way to another switch, whatever hangs there."""
MOST_NEIGHBOURS: Final = 512
MOST_SSIDS: Final = 64
MOST_POINTS: Final = 500
MOST_ROGUES: Final = 500


class Identity(msgspec.Struct, frozen=True):
    """The system group and what goes with it. Texts as the device says, trimmed; "": nothing."""

    name: str
    description: str
    """sysDescr: it names model and firmware on most."""
    object_id: str
    """sysObjectID: who made it, and which model."""
    engine_id: str
    """SNMP v3's own name for it, in hex; "" over v2c and SSH."""
    location: str
    uptime_seconds: int | None
    maker: str = ""
    """By the number in `object_id`."""
    chassis: str = ""
    """What it calls itself over LLDP, so what its neighbours will say of it: a MAC mostly."""
    base_mac: str = ""
    """Of the bridge as a whole."""


class Part(msgspec.Struct, frozen=True):
    """A chassis or a member of a stack. A serial that identifies nothing is ""."""

    kind: Literal["chassis", "stack", "module"]
    serial: str
    model: str
    firmware: str


class Port(msgspec.Struct, frozen=True):
    """One interface and the addresses learnt behind it."""

    index: int
    """ifIndex; over SSH its place in the list."""
    name: str
    alias: str
    """As somebody described it."""
    up: bool | None
    own_mac: str
    """The interface's own; "" where it has none."""
    shape: Literal["wired", "wireless", "group", "virtual", "other"] = "other"
    """A socket, a radio, several sockets as one, or nothing to put a cable into."""
    macs: list[str] = []
    """Learnt behind it, at most `MOST_MACS`; made-up ones are left out and counted in `private`."""
    count: int = 0
    """All learnt, told or not."""
    private: int = 0


class Neighbour(msgspec.Struct, frozen=True):
    """What the other end of a cable says of itself."""

    port: int
    """Index of our own port; 0 where it could not be told."""
    protocol: Literal["lldp", "cdp"]
    chassis: str
    """A MAC where it is one (lower case, with colons), else as it says."""
    far_port: str
    name: str
    description: str
    capabilities: list[Capability]


class Binding(msgspec.Struct, frozen=True):
    """A line of its ARP table: which address speaks for which MAC."""

    mac: str
    address: str


class Ssid(msgspec.Struct, frozen=True):
    """A wireless network as its controller has it set up."""

    ssid: str
    enabled: Maybe[bool]
    security: Maybe[WifiSecurity]
    """`Unseen("unsupported")`: the maker shows it to nobody over SNMP."""
    tkip: Maybe[bool]
    """Whether TKIP is allowed beside AES."""
    pmf: Maybe[Literal["off", "capable", "required"]]
    hidden: Maybe[bool]


class Point(msgspec.Struct, frozen=True):
    """An access point that a controller looks after."""

    mac: str
    name: str
    model: str
    serial: str
    address: str
    bssids: list[str] = []


class Rogue(msgspec.Struct, frozen=True):
    """A foreign access point, as the controller judges it itself."""

    bssid: str
    ours: bool
    """It carries a name of ours, or one that looks like it."""
    on_wire: Maybe[bool]
    """The controller saw it on the school's own wire."""
    verdict: Literal["friendly", "malicious", "unclassified"]


class Wireless(msgspec.Struct, frozen=True):
    """What a controller or an access point knows of the air."""

    ssids: Maybe[list[Ssid]]
    points: Maybe[list[Point]]
    rogues: Maybe[list[Rogue]]
    """Only those that the controller finds on the wire, malicious, or under our name."""
    others: int
    """Foreign ones beyond those: neighbours, counted only."""


class Printing(msgspec.Struct, frozen=True):
    """A printer's own words."""

    model: str
    serial: str
    pages: int | None
    alerts: int | None


class Power(msgspec.Struct, frozen=True):
    """A UPS. `battery`: as UPS-MIB says."""

    model: str
    serial: str
    battery: Literal["unknown", "normal", "low", "depleted"]
    on_battery: bool | None
    minutes_left: int | None


class Equipment(msgspec.Struct, frozen=True):
    """One device that was asked, and that said at least who it is; one that did not is a `Problem`
    of the round's. `None` in a group: nothing it answered is of that kind."""

    address: str
    way: Literal["snmp-v2c", "snmp-v3", "ssh"]
    credential: str
    """Id of the credential that let us in."""
    kind: Kind
    identity: Identity
    parts: Maybe[list[Part]]
    ports: Maybe[list[Port]]
    neighbours: Maybe[list[Neighbour]]
    bindings: Maybe[list[Binding]]
    wireless: Wireless | None
    printing: Printing | None
    power: Power | None
    default_community: Maybe[Literal["none", "public", "private"]]
    """Which community everybody knows it answered; unseen unless the scope lets us try."""
    host_key: str = ""
    """SSH: fingerprint of the key it showed."""
    learnt: Maybe[bool] = UNSUPPORTED
    """Whether it is a bridge that told every address it has learnt; False: it is no bridge. Unseen:
    the ports' `macs` are some of them, and whoever is missing may hang there all the same."""


class EquipmentSurvey(Facts, frozen=True):
    """Everything that was asked, by address."""

    section: ClassVar[str] = "equipment"
    schema: ClassVar[int] = 1

    scope: str
    asked_at: int
    devices: list[Equipment]


SECTIONS: Final = (EquipmentSurvey,)
