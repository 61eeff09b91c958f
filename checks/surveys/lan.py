"""Who answered on the wire, who offers addresses there, and what each says it is.

No name of a thing leaves the scanner: phones are called after people. Addresses that a device made
up for privacy are counted, not told.
"""

from typing import ClassVar, Final, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.unseen import Maybe, Unseen

Way = Literal["arp", "ndp", "dhcp", "mdns", "ssdp", "cache"]
"""How a thing was noticed. `cache`: the operating system's own list of neighbours."""

MOST_HOSTS: Final = 1_024
"""Of one subnet: the largest that a scope may name has 1,022 (`/22`)."""
MOST_OFFERS: Final = 16
MOST_SERVICES: Final = 24
MOST_DOORS: Final = 2_000
LONGEST: Final = 64
"""Characters of a word that a device says of itself."""


class Heard(msgspec.Struct, frozen=True):
    """One thing on the wire, by its address there."""

    mac: str
    """Lower case, with colons; never one that the device made up (see `Segment.private`)."""
    addresses: list[str]
    """IPv4 first; an address of another subnet too, where ARP says so."""
    by: list[Way]
    vendor_class: str = ""
    """DHCP option 60, as it says."""
    asked: list[int] = []
    """DHCP option 55: what it asks for, in its order, which tells kinds of devices apart."""
    services: list[str] = []
    """Kinds of service it announces, such as `_ipp._tcp` or `urn:…:service:dial:1`."""
    model: str = ""
    """As an announcement says (`md=`, `ty=`, SSDP's SERVER)."""


class Offer(msgspec.Struct, frozen=True):
    """One server that offered an address when asked who would."""

    server: str
    """Its address, as it says in option 54, else the sender's."""
    mac: str
    """Of the frame that brought the offer: a relay's where there is one."""
    relayed: bool
    router: str
    resolvers: list[str]


class Segment(msgspec.Struct, frozen=True):
    """One subnet of the scope, as seen from one interface."""

    subnet: str
    """Such as `10.20.0.0/24`."""
    asked: int
    """Addresses that were asked for, after exclusions."""
    hosts: Maybe[list[Heard]]
    """Ordered by address; more than `MOST_HOSTS` is `Unseen("too-large")`."""
    private: Maybe[int]
    """Devices under an address they made up (the locally administered bit)."""
    offers: Maybe[list[Offer]]
    """Unseen where nobody asked: an interface without the right to, or a scope that says no."""


class Door(msgspec.Struct, frozen=True):
    """One connection tried to one port that the scope names; nothing was said, and nothing read."""

    mac: str
    """"" where another subnet lies between."""
    address: str
    name: str
    """As the scope calls it: `telnet`, `http`, `ftp`, `vnc`, `smb`."""
    port: int
    open: bool


class LanSurvey(Facts, frozen=True):
    """The wire, by a scanner. Times are epoch seconds UTC."""

    section: ClassVar[str] = "lan"
    schema: ClassVar[int] = 1

    scope: str
    """Digest of the scope's signed bytes."""
    began_at: int
    ended_at: int
    segments: list[Segment]
    doors: Maybe[list[Door]] = UNSUPPORTED
    """By address and port, at most `MOST_DOORS`; unseen where the scope names no service."""


class Neighbours(Facts, frozen=True):
    """The wire as an ordinary computer knows it anyway, from its system's own list.

    Told only on the school's own networks (O19).
    """

    section: ClassVar[str] = "neighbours_now"
    schema: ClassVar[int] = 1
    resting: ClassVar[bytes] = b'{"hosts":{"unseen":"withheld"},"private":{"unseen":"withheld"}}'
    by_policy: ClassVar[bool] = True

    hosts: Maybe[list[Heard]]
    private: Maybe[int]


WITHHELD: Final = Neighbours(hosts=Unseen("withheld"), private=Unseen("withheld"))
"""Away from the school's own ways out, and where the school has listed none."""


class Problem(msgspec.Struct, frozen=True):
    """What could not be seen, or was not tried, and why."""

    about: str
    """An address, a subnet or an interface of the scope."""
    question: Literal["sweep", "dhcp", "names", "snmp", "ssh", "service", "air"]
    code: str
    """Stable, such as `no-answer wrong-user wrong-password wrong-privacy-key host-key-changed
    never-ends budget excluded not-attached denied`."""


class SurveyRun(Facts, frozen=True):
    """What the round came to, whole or not: the absence of evidence is always shown."""

    section: ClassVar[str] = "survey"
    schema: ClassVar[int] = 1

    scope: str
    refused: str
    """Why nothing was asked at all, as a stable code (`expired not-yet altered not-signed
    not-understood no-timezone outside-hours not-this-scanner`); "" when it went."""
    began_at: int
    ended_at: int
    frames: int
    """Sent, of all kinds."""
    questions: int
    """Asked of equipment (SNMP requests, SSH commands)."""
    problems: list[Problem]
    more_problems: int
    """Beyond those listed."""


MOST_PROBLEMS: Final = 500

SECTIONS: Final = (LanSurvey, Neighbours, SurveyRun)
