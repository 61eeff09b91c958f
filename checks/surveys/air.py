"""The school's own wireless networks as heard in the air, with what protects each access point's.

Any computer with a radio tells it, from its system's ordinary list of networks; a scanner may read
a capture. Of networks that are not the school's, nor look like it, only their number leaves a
computer (O19): neighbours are nobody's business, and a name is whatever its owner types.
"""

from typing import ClassVar, Final, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.unseen import Maybe
from checks.wireless.security import WifiSecurity

Via = Literal["iw", "networkmanager", "netsh", "airport", "capture"]

MOST_HEARD: Final = 200


class Bss(msgspec.Struct, frozen=True, omit_defaults=True):
    """One access point's one network. Suites by the numbers IEEE gave them."""

    bssid: str
    """Lower case, with colons; empty: the system does not tell (macOS)."""
    ssid: str
    """Cleaned text; bytes that are no text stand as `\\xNN`."""
    likeness: Literal["same", "near"]
    """Whether it is a name the school uses, or one that a person would take for it."""
    security: WifiSecurity
    akms: Maybe[list[int]]
    pairwise: Maybe[list[int]]
    group: Maybe[int | None]
    pmf: Maybe[Literal["off", "capable", "required"]]
    wps: Maybe[bool]
    hidden: bool
    channel: Maybe[int | None]
    strong: Maybe[bool | None] = None
    """Louder than -55 dBm: in this building, most likely. None: not told of a name that is the
    school's own, which would change every night."""
    wpa1: Maybe[bool] = UNSUPPORTED
    """Takes the WPA of 2003 too, by an element of its own."""
    owe_twin: Maybe[bool] = UNSUPPORTED
    """Open, and names an encrypted twin, which clients that know OWE use instead."""


class AirFacts(Facts, frozen=True):
    """What one radio heard."""

    section: ClassVar[str] = "air_now"
    schema: ClassVar[int] = 1
    seldom: ClassVar[frozenset[str]] = frozenset({"heard", "via"})
    resting: ClassVar[bytes] = b"{}"
    by_policy: ClassVar[bool] = True

    via: Via
    heard: Maybe[list[Bss]]
    """By name and access point; unseen too where the school has not said what its networks are
    called (`deferred`), and away from it (`withheld`)."""
    others: Maybe[int | None] = None
    """Names, or access points that hide theirs, which are neither. None: not told, as where the
    school has not listed its ways out, for then this may be somebody's home."""
    hotspots: Maybe[int | None] = None
    """Of those, strong ones that look like somebody's telephone."""


SECTIONS: Final = (AirFacts,)
