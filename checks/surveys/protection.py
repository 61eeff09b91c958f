"""Whether one access point protects a network of the school as it should, and why not. Pure: the
wireless page and the judges of `net-wifi-encryption` and `net-wifi-enterprise` ask the same.

Graded as the catalogue of checks grades (standards §8): without encryption, or WEP, is critical;
the WPA of 2003, TKIP and WPS fail; WPA3 that still takes WPA2 is a note. An open network with an
OWE twin is open to every client that does not know OWE.
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from checks.formats.rsn import TKIP, WEP40, WEP104
from checks.policy import Role
from checks.surveys.air import Bss
from checks.unseen import Unseen

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
    "unknown",
]
Grade = Literal["critical", "fail", "warn", "note", "unknown"]

_WEP: Final = frozenset({WEP40, WEP104})
_PERSONAL: Final = frozenset({"wpa-psk", "wpa2-psk", "wpa3-sae", "wpa3-transition"})
_PASSWORD_AKMS: Final = frozenset({2, 4, 6, 8, 9, 19, 20, 24, 25})
_WORST_FIRST: Final[tuple[Grade, ...]] = ("critical", "fail", "unknown", "warn", "note")


class Weakness(msgspec.Struct, frozen=True):
    """One reason why, and how much it matters."""

    code: Code
    grade: Grade


def weaknesses(bss: Bss, role: Role | None = None) -> list[Weakness]:
    """Worst first; an empty list: as it should be. `role`: who the network is for; None: nobody
    said, or it is only like one of the school's.

    What nobody could see is no weakness and no strength: `unknown` stands where how it is encrypted
    is not known at all.
    """
    found = [*_encryption(bss), *_around(bss), *_password(bss, role)]
    return sorted(found, key=lambda one: (_WORST_FIRST.index(one.grade), one.code))


def unseen(bss: Bss) -> list[str]:
    """What a judge would want and this computer's list did not tell: names of fields, in order."""
    fields = ("pairwise", "pmf", "wps", "wpa1")
    wanted = fields if bss.security not in ("open", "wep", "owe") else ()
    return [name for name in wanted if isinstance(getattr(bss, name), Unseen)]


def _encryption(bss: Bss) -> Iterator[Weakness]:
    pairwise = [] if isinstance(bss.pairwise, Unseen) else bss.pairwise
    if bss.security == "open":
        twin = bss.owe_twin is True
        yield Weakness("owe-transition", "fail") if twin else Weakness("open", "critical")
    elif bss.security == "wep" or _WEP.intersection(pairwise):
        yield Weakness("wep", "critical")
    elif bss.security == "unknown" and bss.wpa1 is not True:
        yield Weakness("unknown", "unknown")
    if bss.security == "wpa-psk" or bss.wpa1 is True:
        yield Weakness("wpa1", "fail")
    if TKIP in pairwise:
        yield Weakness("tkip", "fail")


def _around(bss: Bss) -> Iterator[Weakness]:
    if bss.security in ("open", "wep"):
        return
    if bss.wps is True:
        yield Weakness("wps", "fail")
    if not isinstance(bss.pmf, Unseen) and bss.pmf == "off":
        yield Weakness("pmf-off", "note")
    if bss.security == "wpa3-transition":
        yield Weakness("wpa3-transition", "note")


def _password(bss: Bss, role: Role | None) -> Iterator[Weakness]:
    """One password for all, where each should sign in: on a network for staff it fails, on one for
    pupils or things it warns; guests have no accounts."""
    if role is None or role == "guest":
        return
    akms = set() if isinstance(bss.akms, Unseen) else set(bss.akms)
    if bss.security in _PERSONAL or akms & _PASSWORD_AKMS:
        yield Weakness("psk", "fail" if role == "staff" else "warn")
