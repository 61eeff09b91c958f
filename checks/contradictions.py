"""Facts of one computer that cannot all be true: whoever sends them errs or lies, and no check may
pass on them (T3).

Pure, and only what an honest computer does not send: there is no rule that compares clocks with
records kept before the clock was put right, and none that compares lists which two readers made
seconds apart. A lid that is closed in the middle of a round, or a clock that is put right then, can
look like two starts; that costs one night's verdicts, never a failure. A liar who keeps to one
story is not caught here; SECURITY.md says what else would.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec

from checks.accounts.facts import AccountsFacts
from checks.antivirus.facts import AntivirusFacts, AntivirusNow
from checks.facts import Facts
from checks.hardware.facts import HardwareFacts, HardwareNow
from checks.host import Platform
from checks.judging import Body, Device, Moment
from checks.locking.facts import LockingFacts, LockingNow
from checks.management.facts import ManagementFacts
from checks.network.facts import NetworkFacts
from checks.operating_system.facts import OperatingSystemFacts, OperatingSystemNow
from checks.removable_media.facts import RemovableMediaFacts, RemovableMediaNow
from checks.software.facts import SoftwareFacts, SoftwareNow
from checks.unseen import BlindError, NotHere, known
from checks.wireless.facts import WirelessFacts, WirelessNow

SLACK_SECONDS: Final = 3_600
"""A round is over in minutes, so two times of one start never lie further apart."""
CLOCKS_APART_SECONDS: Final = 60
"""Two clocks read one after the other."""

EVERYWHERE: Final[frozenset[type[Facts]]] = frozenset(
    (
        *(AntivirusFacts, AntivirusNow, HardwareFacts, HardwareNow),
        *(OperatingSystemFacts, OperatingSystemNow, SoftwareFacts, SoftwareNow),
        *(AccountsFacts, NetworkFacts),
    )
)
"""What no computer is without; a desktop, a radio and a socket may be missing."""

_PRODUCTS: Final[Mapping[str, Platform]] = {
    "windows-10": "windows",
    "windows-11": "windows",
    "windows-server": "windows",
    "macos": "macos",
    "debian": "linux",
    "ubuntu": "linux",
    "linuxmint": "linux",
}
_SOURCES: Final[Mapping[str, Platform]] = {
    "dpkg": "linux",
    "rpm": "linux",
    "snap": "linux",
    "flatpak": "linux",
    "appimage": "linux",
    "registry": "windows",
    "appx": "windows",
    "application": "macos",
    "homebrew": "macos",
}

F = TypeVar("F", bound=Facts)


class Look(msgspec.Struct, frozen=True):
    """All that one report says."""

    sections: Mapping[type[Facts], Body]
    device: Device
    moment: Moment

    def at(self, kind: type[F]) -> F:
        """A section as facts. Raises BlindError when nobody saw it or it says that there is no such
        thing."""
        body = self.sections.get(kind)
        if not isinstance(body, kind):
            raise BlindError("unsupported")
        return body

    def absent(self, kind: type[Facts]) -> bool:
        """Whether the computer says that it has no such thing."""
        return isinstance(self.sections.get(kind), NotHere)


def _another_system(look: Look) -> bool:
    product = look.at(OperatingSystemFacts).product
    return _PRODUCTS.get(product, look.device.platform) != look.device.platform


def _another_systems_programs(look: Look) -> bool:
    sources = {title.source for title in known(look.at(SoftwareFacts).titles)}
    platform = look.device.platform
    return any(_SOURCES.get(source, platform) != platform for source in sources)


def _fewer_than_listed(look: Look) -> bool:
    now = look.at(OperatingSystemNow)
    return known(now.pending_count) < len(known(now.pending))


def _two_starts(look: Look) -> bool:
    up = look.moment.seen - known(look.at(OperatingSystemNow).up_since)
    return abs(up - known(look.at(AntivirusNow).up_seconds)) > SLACK_SECONDS


def _awake_longer_than_on(look: Look) -> bool:
    now = look.at(AntivirusNow)
    return known(now.awake_seconds) > known(now.up_seconds) + CLOCKS_APART_SECONDS


def _signed_in_where_nobody_can(look: Look) -> bool:
    nobody = look.absent(LockingFacts) or not known(look.at(LockingFacts).rules)
    return nobody and bool(known(look.at(LockingNow).sessions))


def _joined_without_a_radio(look: Look) -> bool:
    none = look.absent(WirelessFacts) or look.at(WirelessFacts).radios == 0
    return none and bool(known(look.at(WirelessNow).links))


def _beyond_management(look: Look) -> bool:
    return look.device.platform != "linux" and look.absent(ManagementFacts)


def _plugged_in_without_a_socket(look: Look) -> bool:
    none = look.absent(RemovableMediaFacts) or not known(look.at(RemovableMediaFacts).kinds)
    return none and bool(known(look.at(RemovableMediaNow).attached))


RULES: Final[tuple[tuple[Callable[[Look], bool], tuple[type[Facts], ...]], ...]] = (
    (_another_system, (OperatingSystemFacts, OperatingSystemNow)),
    (_another_systems_programs, (SoftwareFacts,)),
    (_fewer_than_listed, (OperatingSystemNow,)),
    (_two_starts, (OperatingSystemNow, AntivirusNow)),
    (_awake_longer_than_on, (AntivirusNow,)),
    (_signed_in_where_nobody_can, (LockingFacts,)),
    (_joined_without_a_radio, (WirelessFacts, WirelessNow)),
    (_beyond_management, (ManagementFacts,)),
    (_plugged_in_without_a_socket, (RemovableMediaFacts, RemovableMediaNow)),
)
"""Each rule, and the sections that cannot be believed where it holds."""


def contradicted(
    sections: Mapping[type[Facts], Body], device: Device, moment: Moment
) -> set[type[Facts]]:
    """The sections on which nothing may be judged. Never raises."""
    found = {kind for kind in EVERYWHERE if isinstance(sections.get(kind), NotHere)}
    look = Look(sections, device, moment)
    for impossible, kinds in RULES:
        try:
            if impossible(look):
                found.update(kinds)
        except BlindError:
            continue  # what nobody saw contradicts nothing
    return found
