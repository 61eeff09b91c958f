"""Whether Bluetooth is on and can be found, and whether something holds the camera.

One section: on an ordinary night nothing in it changes. No name and no address of any device
leaves a machine, nor which program holds the camera.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe

Takes = Literal["nothing", "known", "anybody"]
"""From whom files come in over the air: `known` are a user's own devices or contacts."""
Camera = Literal["none", "open", "apps-denied", "denied"]
"""`apps-denied`: programs from the Store may not use it, all others may. `denied`: nothing may,
and whoever uses the computer cannot change that."""


class Radio(msgspec.Struct, frozen=True):
    """One Bluetooth card."""

    powered: Maybe[bool]
    discoverable: Maybe[bool]
    """Whether it answers strangers who look for devices; one that is off does not."""


class PeripheralsFacts(Facts, frozen=True):
    """The one section; a computer with neither Bluetooth nor a camera has none."""

    section: ClassVar[str] = "peripherals"
    schema: ClassVar[int] = 1

    radios: Maybe[list[Radio]]
    """An empty list: there is none."""
    takes_files: Maybe[Takes]
    """The most that anybody's settings here allow."""
    camera: Maybe[Camera]
    camera_held: Maybe[bool]
    """Whether a program has a camera open at this moment."""
    held_since: Maybe[int | None]
    """Epoch seconds; None: nothing holds it."""


SECTIONS = (PeripheralsFacts,)
