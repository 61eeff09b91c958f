"""Whether one access point protects a network of the school as it should, and why not. Pure: the
wireless page and the judges of `net-wifi-encryption` and `net-wifi-enterprise` ask the same.

Graded as the catalogue of checks grades (standards §8): without encryption, or WEP, is critical;
the WPA of 2003, TKIP and WPS fail; WPA3 that still takes WPA2 is a note. An open network with an
OWE twin is open to every client that does not know OWE.
"""

from collections.abc import Iterator
from typing import Final, Literal, TypeVar

import msgspec

from checks.formats.rsn import TKIP, WEP40, WEP104
from checks.policy import Role
from checks.surveys.air import Bss
from checks.unseen import Unseen
from checks.wireless.security import WifiSecurity

T = TypeVar("T")

Code = Literal[
    "open",
    "owe-transition",
    "wep",
    "wpa1",
    "tkip",
    "wps",
    "pmf-off",
    "wpa3-transition",
    "psk",
    "ciphers-unseen",
    "unknown",
]
Grade = Literal["critical", "fail", "warn", "note", "unknown"]

_WEP: Final = frozenset({WEP40, WEP104})
_MAY_TAKE_TKIP: Final = frozenset({"wpa2-psk", "wpa2-enterprise", "wpa3-transition"})
"""WPA3 alone and OWE are not allowed to."""
_PERSONAL: Final = frozenset({"wpa-psk", "wpa2-psk", "wpa3-sae", "wpa3-transition"})
_PASSWORD_AKMS: Final = frozenset({2, 4, 6, 8, 9, 19, 20, 24, 25})
_WORST_FIRST: Final[tuple[Grade, ...]] = ("critical", "fail", "unknown", "warn", "note")


class Announced(msgspec.Struct, frozen=True):
    """How an access point says that it protects a network; None: that could not be seen."""

    security: WifiSecurity
    akms: list[int] | None = None
    pairwise: list[int] | None = None
    pmf: str | None = None
    """`off capable required`."""
    wps: bool | None = None
    wpa1: bool | None = None
    """Takes the WPA of 2003 too."""
    owe_twin: bool | None = None
    """Open, and names a twin with OWE."""


def announced(bss: Bss) -> Announced:
    """The same of what a radio told."""
    return Announced(
        security=bss.security,
        akms=_seen(bss.akms),
        pairwise=_seen(bss.pairwise),
        pmf=_seen(bss.pmf),
        wps=_seen(bss.wps),
        wpa1=_seen(bss.wpa1),
        owe_twin=_seen(bss.owe_twin),
    )


class Weakness(msgspec.Struct, frozen=True):
    """One reason why, and how much it matters."""

    code: Code
    grade: Grade


def weaknesses(told: Announced, role: Role | None = None) -> list[Weakness]:
    """Worst first; an empty list: as it should be. `role`: who the network is for; None: nobody
    said, or it is only like one of the school's.

    What nobody could see is no weakness and no strength: `unknown` stands where how it is encrypted
    is not known at all, `ciphers-unseen` where only whether it takes TKIP too is not.
    """
    found = [*_encryption(told), *_around(told), *_password(told, role)]
    return sorted(found, key=lambda one: (_WORST_FIRST.index(one.grade), one.code))


def _seen(value: T | Unseen) -> T | None:
    return None if isinstance(value, Unseen) else value


def _encryption(told: Announced) -> Iterator[Weakness]:
    pairwise = told.pairwise or []
    old = told.security == "wpa-psk" or told.wpa1 is True
    if told.security == "open":
        yield Weakness("owe-transition", "fail") if told.owe_twin else Weakness("open", "critical")
    elif told.security == "wep" or _WEP.intersection(pairwise):
        yield Weakness("wep", "critical")
    elif told.security == "unknown" and not old:
        yield Weakness("unknown", "unknown")
    elif told.security in _MAY_TAKE_TKIP and told.pairwise is None and not old:
        yield Weakness("ciphers-unseen", "unknown")
    if old:
        yield Weakness("wpa1", "fail")
    if TKIP in pairwise:
        yield Weakness("tkip", "fail")


def _around(told: Announced) -> Iterator[Weakness]:
    if told.security in ("open", "wep"):
        return
    if told.wps:
        yield Weakness("wps", "fail")
    if told.pmf == "off":
        yield Weakness("pmf-off", "note")
    if told.security == "wpa3-transition":
        yield Weakness("wpa3-transition", "note")


def _password(told: Announced, role: Role | None) -> Iterator[Weakness]:
    """One password for all, where each should sign in: on a network for staff it fails, on one for
    pupils or things it warns; guests have no accounts."""
    if role is None or role == "guest":
        return
    if told.security in _PERSONAL or _PASSWORD_AKMS.intersection(told.akms or []):
        yield Weakness("psk", "fail" if role == "staff" else "warn")
