"""macOS capacity: `ioreg -r -n AppleSmartBattery -a`, a property list of one entry per battery.

`AppleRawMaxCapacity` over `DesignCapacity`, both mAh. Traps: `MaxCapacity` is mAh on Intel and a
percentage (100) on Apple's own chips, so it counts only where it is no percentage; a Mac without a
battery prints nothing at all; `BatteryInstalled` false is an empty bay. Written after what osquery
and GLPI read; never run on macOS.
"""

from typing import Any, Final

from checks.capacity.batteries import battery, told, weakest_first
from checks.capacity.facts import Battery, CapacityFacts
from checks.formats import plist
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.unseen import NotHere

_IOREG: Final = ("ioreg", "-r", "-n", "AppleSmartBattery", "-a")
_PERCENT: Final = 100


def read(host: Host) -> CapacityFacts | NotHere:
    """Every battery the Mac runs on."""
    return told(attempt(_batteries, host))


def _batteries(host: Host) -> list[Battery]:
    ran = host.run(list(_IOREG))
    if ran.code != 0:
        raise CannotLook("parse-error", f"ioreg exited {ran.code}")
    if not ran.out.strip():
        return []
    try:
        entries = plist.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", "ioreg") from error
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise CannotLook("parse-error", "ioreg")
    return weakest_first(
        battery(_full(one), _number(one, "DesignCapacity"))
        for one in entries
        if one.get("BatteryInstalled") is not False
    )


def _full(entry: dict[str, Any]) -> int | None:
    raw = _number(entry, "AppleRawMaxCapacity")
    if raw is not None:
        return raw
    plain = _number(entry, "MaxCapacity")
    return plain if plain is not None and plain > _PERCENT else None


def _number(entry: dict[str, Any], name: str) -> int | None:
    value = entry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
