"""Linux capacity: batteries in /sys/class/power_supply, by `type`, `scope` and `present`.

`energy_full` with `energy_full_design` (µWh), else `charge_full` with `charge_full_design` (µAh): a
firmware fills one pair or the other, and the two are never mixed. Traps: a mouse, a pen and a
headset are batteries too, with scope `Device`; an empty bay has `present` 0; a design of 0 is a
firmware that does not know it. Needs no root. Written after the kernel's ABI documentation and
tried over made-up files; the machine it was written on has no battery.
"""

from typing import Final

from checks.capacity.batteries import battery, told, weakest_first
from checks.capacity.facts import Battery, CapacityFacts
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import NotHere

_FOLDER: Final = "/sys/class/power_supply"
_SMALL: Final = 4096


def read(host: Host) -> CapacityFacts | NotHere:
    """Every battery that feeds the computer."""
    return told(attempt(_batteries, host))


def _batteries(host: Host) -> list[Battery]:
    names = host.list(_FOLDER) or []
    return weakest_first(
        _battery(host, f"{_FOLDER}/{name}") for name in names if _feeds(host, f"{_FOLDER}/{name}")
    )


def _feeds(host: Host, path: str) -> bool:
    return (
        _line(host, f"{path}/type") == "Battery"
        and _line(host, f"{path}/scope") != "Device"
        and _line(host, f"{path}/present") != "0"
    )


def _battery(host: Host, path: str) -> Battery:
    for unit in ("energy", "charge"):
        full = _number(host, f"{path}/{unit}_full")
        design = _number(host, f"{path}/{unit}_full_design")
        if full is not None and design is not None:
            return battery(full, design)
    return battery(None, None)


def _number(host: Host, path: str) -> int | None:
    """None also for what the driver has no answer to: sysfs then fails to read."""
    try:
        text = _line(host, path)
    except CannotLook:
        return None
    digits = (text or "").removeprefix("-")
    return int(text or "") if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _line(host: Host, path: str) -> str | None:
    text = read_text(host, path, _SMALL)
    return None if text is None else text.strip()
