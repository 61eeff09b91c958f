"""What the register knows of the school's network, gathered by the controller (network §5).

`None` in a value of something that was seen: nobody could see that of it. Times are epoch seconds.
Names, models and places are as devices tell them, and as hostile.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.policy import Role
from checks.wireless.security import WifiSecurity


class RoundFacts(Facts, frozen=True):
    """The rounds themselves."""

    section: ClassVar[str] = "rounds"
    schema: ClassVar[int] = 1

    at: int | None
    """When the newest round that saw anything ended; None: there never was one."""
    blind: list[str]
    """Subnets that it could not go through."""
    left_out: int
    """Things there was no room for, or that nobody could tell apart."""
    refused: str
    """Why a later try asked nothing, as a code; "" for none."""


class Stranger(msgspec.Struct, frozen=True):
    """Something on the wire that is neither in the register nor known as a guest."""

    id: str
    name: str
    """Its maker, or the first half of its address."""
    place: str
    """The switch and the port, "" where it could not be told."""
    first_at: int
    last_at: int
    rounds: int
    console: Literal["", "high", "medium"]
    """How surely it is a games console."""
    because: str


class Gear(msgspec.Struct, frozen=True):
    """A switch, access point, printer or the like that was asked or told of."""

    id: str
    name: str
    kind: str
    model: str
    firmware: str | None
    way: str
    """`snmp-v2c`, `snmp-v3`, `ssh`; "": its controller told of it."""
    community: Literal["none", "public", "private"] | None
    entry: bool
    """It has one in the register."""
    key_changed: bool
    moved: str
    """The port it hung off before, where that is another one now; else ""."""
    asked_at: int
    firmware_at: int | None


class Server(msgspec.Struct, frozen=True):
    """One that offers addresses."""

    id: str
    server: str
    subnet: str
    mac: str
    """As far as the frame tells: a relay's where there is one."""
    place: str
    known: bool
    at: int


class Door(msgspec.Struct, frozen=True):
    """A port of the scope's list that answered."""

    name: str
    service: str
    port: int
    managed: bool
    """On a switch, access point or the like: a door to its management."""
    at: int


class WireFacts(Facts, frozen=True):
    """What is on the wire."""

    section: ClassVar[str] = "wire"
    schema: ClassVar[int] = 1

    strangers: list[Stranger]
    private: int
    """Devices under an address they made up, in the newest round."""
    gear: list[Gear]
    servers: list[Server]
    asked_for_offers: bool
    """Whether the newest round asked who hands out addresses."""
    doors: list[Door]
    doors_at: int | None
    """When the ports of a scope's list were last tried; None: never."""


class Named(msgspec.Struct, frozen=True):
    """A wireless network that the school's policy names."""

    ssid: str
    role: Role


class Heard(msgspec.Struct, frozen=True):
    """One access point's one network under a name of the school's, or one like it."""

    ssid: str
    bssid: str
    likeness: Literal["same", "near", ""]
    security: WifiSecurity
    akms: list[int] | None
    tkip: bool | None
    pmf: str
    wps: bool | None
    ours: bool | None
    """It is one of the school's access points; None: nobody knows which those are."""
    strong: bool | None
    observers: int
    on_wire: bool | None
    verdict: str
    """As the school's own controller judges it."""
    at: int


class SetUp(msgspec.Struct, frozen=True):
    """A network as its controller has it set up. `security` "": its maker shows it to nobody."""

    ssid: str
    by: str
    enabled: bool | None
    security: WifiSecurity | Literal[""]
    tkip: bool | None
    at: int


class AirRecordFacts(Facts, frozen=True):
    """What is in the air, as the school's radios and controllers tell."""

    section: ClassVar[str] = "air_record"
    schema: ClassVar[int] = 1

    named: list[Named]
    """Empty: the school has not said what its networks are called."""
    heard: list[Heard]
    set_up: list[SetUp]
    listened_at: int | None
    """When a radio of the school's last listened; None: never."""
    hotspots: int
    """Of telephones, most that one computer heard lately; counted only where two heard some."""


SECTIONS = (RoundFacts, WireFacts, AirRecordFacts)
