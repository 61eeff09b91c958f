"""What is known of Wi-Fi: saved networks per place that keeps them, and (drifting) the link now.

A network's name leaves the machine only as this device's keyed alias, equal where the name is
equal; keys and passwords are never read into anything.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe
from checks.wireless.security import WifiSecurity

Keeper = Literal["networkmanager", "wpa_supplicant", "iwd", "ifupdown", "windows", "macos", "other"]
"""`other`: a program whose files nobody here can read yet."""
ServerCheck = Literal["name", "authority", "anybody"]


class Profile(msgspec.Struct, frozen=True):
    """One saved network."""

    ssid: str | None
    """Alias of its name; None: the profile joins any network (an empty name)."""
    security: WifiSecurity
    """The weakest network this profile would join; `unknown`: it says something nobody understands.
    """
    legacy: bool
    """Allows nothing better than WPA or TKIP."""
    autoconnect: bool
    """The machine joins by itself whenever it hears the name."""
    scope: Literal["machine", "user"]
    hidden: bool
    """The machine calls the name out wherever it is."""
    server_check: ServerCheck | None
    """Enterprise only: the server must show the right name from a named authority, any name from
    the school's own authority, or anybody's certificate will do. None: no enterprise network.
    """


class Source(msgspec.Struct, frozen=True):
    """The networks one program keeps; unseen when its files may not be read."""

    keeper: Keeper
    profiles: Maybe[list[Profile]]


class WirelessFacts(Facts, frozen=True):
    """The steady section: radios and saved networks."""

    section: ClassVar[str] = "wireless"
    schema: ClassVar[int] = 1

    radios: int
    """Wireless cards the system can use."""
    sources: list[Source]
    """Only programs that keep any network, or whose files may not be read."""


class Link(msgspec.Struct, frozen=True):
    """A network the machine is on now."""

    interface: str
    ssid: Maybe[str | None]
    """Alias of its name, the same as the saved profile's."""
    security: Maybe[WifiSecurity]


class WirelessNow(Facts, frozen=True):
    """The drifting section: links at the time of looking; an empty list: on no wireless network."""

    section: ClassVar[str] = "wireless_now"
    schema: ClassVar[int] = 1

    links: Maybe[list[Link]]


SECTIONS = (WirelessFacts, WirelessNow)
