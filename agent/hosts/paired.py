"""What a Mac's answers call after people: things paired by Bluetooth, and telephones as cameras.

A recording must not hold these names, nor the numbers their makers gave them. Never run on macOS.
"""

from collections.abc import Iterator

from checks import macos
from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host

_CAMERA = "SPCameraDataType"


def names(host: Host) -> list[str]:
    """Names and serial numbers; none on other systems, whose answers hold none."""
    if host.platform != "macos":
        return []
    try:
        kinds = macos.profiled(host, "SPBluetoothDataType", _CAMERA)
    except CannotLook:
        return []
    return sorted({name for kind in kinds for row in kind.items for name in _of(kind, row)})


def _of(kind: Item, row: Item) -> Iterator[str]:
    if kind.name == _CAMERA:
        yield row.name
    for part in row.items:
        if part.name.startswith("device_"):
            for device in (one for inner in part.items for one in inner.items):
                yield device.name
                yield from (
                    held
                    for key, held in device.values.items()
                    if "serial" in key.lower() and isinstance(held, str)
                )
