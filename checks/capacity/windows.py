r"""Windows capacity: whether there is a battery by `Win32_Battery`, what it holds by `root\wmi`.

`BatteryFullChargedCapacity.FullChargedCapacity` over `BatteryStaticData.DesignedCapacity` (both
mWh, or both without a unit), put together by `InstanceName`. Traps: `Win32_Battery` has fields of
the same names that drivers leave empty; `BatteryStaticData` fails on many laptops ("generic
failure"), and then a battery is there whose state nobody could see; a driver without an answer
says 0 or 0xFFFFFFFF. Written after Microsoft's documentation of the battery classes; never run on
Windows.
"""

from typing import Final

from checks.capacity.batteries import battery, told, weakest_first
from checks.capacity.facts import Battery, CapacityFacts
from checks.host import Host, attempt
from checks.unseen import NotHere
from checks.windows import row_number, row_text

_NAMESPACE: Final = "root/wmi"
_NO_ANSWER: Final = (0, 0xFFFF_FFFF)


def read(host: Host) -> CapacityFacts | NotHere:
    """Every battery that Windows runs on."""
    return told(attempt(_batteries, host))


def _batteries(host: Host) -> list[Battery]:
    if not host.wmi("Win32_Battery", "root/cimv2", ["DeviceID"]):
        return []
    designs = _numbers(host, "BatteryStaticData", "DesignedCapacity")
    fulls = _numbers(host, "BatteryFullChargedCapacity", "FullChargedCapacity")
    names = sorted(designs.keys() | fulls.keys())
    found = [battery(fulls.get(name), designs.get(name)) for name in names]
    return weakest_first(found or [battery(None, None)])


def _numbers(host: Host, cls: str, name: str) -> dict[str, int]:
    found = {}
    for row in host.wmi(cls, _NAMESPACE, ["InstanceName", name]):
        number = row_number(row, name)
        if number is not None and number not in _NO_ANSWER:
            found[(row_text(row, "InstanceName") or "").lower()] = number
    return found
