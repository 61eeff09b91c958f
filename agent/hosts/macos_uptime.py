"""How long this Mac is on and awake, which start this is, and whether it is connected.

- Since the start, sleep included: `CLOCK_MONOTONIC_RAW`. Sleep left out: `CLOCK_UPTIME_RAW` (both
  clock_gettime(3) of Darwin; on Linux these names mean something else or nothing).
- The start: `kern.bootsessionuuid` of `sysctl`, another at each.
- The network: a default route, `route -n get [-inet6] default`, which exits 0 only where there is
  one, over a card that is no tunnel: macOS keeps IPv6 default routes over `utun` without any
  network.

`constructed`: written after Apple's manual pages, run on no Mac by us.
"""

import re
import time
from typing import Final

from checks.host import CannotLook, Host, output

SYSCTL: Final = ("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid")
ROUTES: Final = (
    ("/sbin/route", "-n", "get", "default"),
    ("/sbin/route", "-n", "get", "-inet6", "default"),
)
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CARD: Final = re.compile(r"^\s*interface: ([a-z]+)[0-9]{1,4}$", re.MULTILINE)
_NO_NETWORK: Final = ("utun", "lo", "gif", "stf", "awdl", "llw", "anpi")


def clocks() -> tuple[int, int]:
    """Seconds since the start, with sleep and without. Raises CannotLook where there is none."""
    whole = getattr(time, "CLOCK_MONOTONIC_RAW", None)
    awake = getattr(time, "CLOCK_UPTIME_RAW", None)
    if whole is None or awake is None:
        raise CannotLook("unsupported", "no clock of waking")
    return int(time.clock_gettime(whole)), int(time.clock_gettime(awake))


def start(host: Host) -> str:
    """What names this start. Raises CannotLook."""
    named = output(host, SYSCTL).strip()
    if not _UUID.fullmatch(named):
        raise CannotLook("unsupported", "no name of this start")
    return named.lower()


def connected(host: Host) -> bool:
    """Whether there is a way out of this Mac. Raises CannotLook."""
    return any(_leads_out(host, argv) for argv in ROUTES)


def _leads_out(host: Host, argv: tuple[str, ...]) -> bool:
    ran = host.run(argv)
    if ran.code != 0:
        return False  # "not in table"
    card = _CARD.search(ran.out.decode("utf-8", "replace"))
    if card is None:
        raise CannotLook("parse-error", "route")
    return card[1] not in _NO_NETWORK
