"""What an invented computer's radio would hear: the school's three networks, and a neighbour's box
under nearly the school's name on a few days."""

from collections.abc import Iterator
from typing import Final

import msgspec

from checks.facts import Facts
from checks.judging import Body
from checks.surveys import hearing
from checks.surveys.air import AirFacts, Via
from checks.surveys.hearing import Point
from checks.unseen import NotHere
from checks.wireless.security import WifiSecurity
from controller.simulation.roster import Machine

SSIDS: Final[dict[str, WifiSecurity]] = {
    "Larkfield": "wpa2-enterprise",
    "Larkfield-Staff": "wpa2-enterprise",
    "Larkfield-Guest": "wpa3-transition",
}
"""As the invented policy names them."""
POINTS: Final = 12
_CHANNELS: Final = (36, 44, 52, 100)
_STRANGER: Final = range(5, 8)


def air(machine: Machine, night: int, look: int) -> dict[type[Facts], Body]:
    """The one section."""
    if not machine.kind.portable:
        return {AirFacts: NotHere("it has no wireless card")}
    via: Via = "netsh" if machine.kind.platform == "windows" else "airport"
    # Trolleys stand still, so a computer hears the same access points every night.
    near = machine.random("air").sample(range(POINTS), 3)
    points = [point for at in near for point in _points(at)]
    if night in _STRANGER and 0 in near:
        points.append(Point("02:00:5e:30:00:01", "Larkfield_Free", "open", channel=6, dbm=-74))
    points += [Point(f"02:00:5e:40:00:{at:02x}", f"Neighbour {at}", "wpa2-psk") for at in near]
    if via == "airport":  # which tells nobody an access point's address
        points = [msgspec.structs.replace(one, bssid="") for one in points]
    return {AirFacts: hearing.facts(via, points, list(SSIDS))}


def _points(number: int) -> Iterator[Point]:
    for place, (ssid, security) in enumerate(SSIDS.items()):
        yield Point(
            bssid=f"02:00:5e:20:{number:02x}:{place:02x}",
            ssid=ssid,
            security=security,
            channel=_CHANNELS[number % len(_CHANNELS)],
            dbm=-60,
        )
