r"""How long this Windows machine is on and awake, which start this is, and whether it is connected.

- Since the start, sleep included: `GetTickCount64` (milliseconds). Sleep left out:
  `QueryUnbiasedInterruptTime` (100 ns).
- The start: `BootId` in `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\
  PrefetchParameters`, one more at each. Trap: with fast startup, switching off is a hibernation and
  the start stays the same; the time in between counts as sleep.
- The network: a default route in force (`MSFT_NetRoute`, `Store` 1); addresses of virtual machines'
  switches are none.
"""

import ctypes
from typing import Any, Final, Protocol

from checks.host import CannotLook, Host

BOOT: Final = (
    r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
)
ROUTES: Final = "MSFT_NetRoute WHERE DestinationPrefix='0.0.0.0/0' OR DestinationPrefix='::/0'"
_ACTIVE: Final = 1


class Kernel(Protocol):
    """The part of kernel32 used here."""

    GetTickCount64: Any
    QueryUnbiasedInterruptTime: Any


def kernel() -> Kernel:
    """The system's own. Raises CannotLook where there is none."""
    loaded = getattr(ctypes, "windll", None)
    if loaded is None:
        raise CannotLook("unsupported", "no kernel32")
    found: Kernel = loaded.kernel32
    return found


def clocks(kernel: Kernel) -> tuple[int, int]:
    """Seconds since the start, with sleep and without. Raises CannotLook."""
    kernel.GetTickCount64.restype = ctypes.c_uint64
    awake = ctypes.c_uint64(0)
    if not kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake)):
        raise CannotLook("unsupported", "QueryUnbiasedInterruptTime")
    return int(kernel.GetTickCount64()) // 1000, awake.value // 10_000_000


def start(host: Host) -> str:
    """What names this start. Raises CannotLook."""
    key = host.registry("HKLM", BOOT)
    value = key.values.get("bootid") if key else None
    if value is None or not isinstance(value.data, int):
        raise CannotLook("unsupported", "no number of this start")
    return f"boot-{value.data}"


def connected(host: Host) -> bool:
    """Whether there is a way out of this machine. Raises CannotLook."""
    return any(row["Store"] == _ACTIVE for row in host.wmi(ROUTES, "root/StandardCimv2", ["Store"]))
