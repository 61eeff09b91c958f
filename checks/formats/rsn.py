"""802.11 information elements that say how a network is protected: RSN (48), WPA (221), OWE
transition.

`parse` takes the elements of one beacon or probe response, `parse_rsn` and `parse_wpa` one body.
Every tail field of an RSN body may be missing: then the ciphers are CCMP, the key management 802.1X
and no capability is set (IEEE 802.11 §9.4.2.24). Trap: a count larger than what follows is a broken
element, and a broken element is no element: never read as "open".
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError

WEP40, TKIP, CCMP, WEP104, GCMP, GCMP256, CCMP256 = 1, 2, 4, 5, 8, 9, 10
"""Cipher suite types under 00-0F-AC (and, the first four, under Microsoft's 00-50-F2)."""
VENDOR: Final = 0x100
"""Added to suites of another maker, so that they never look like a known one."""

_IEEE = b"\x00\x0f\xac"
_MICROSOFT = b"\x00\x50\xf2"
_WFA = b"\x50\x6f\x9a"
_MFP_REQUIRED, _MFP_CAPABLE = 0x40, 0x80
_MAX_SUITES = 64


class Suites(msgspec.Struct, frozen=True):
    """What an RSN or WPA element offers. Numbers as IEEE assigns them."""

    group: int
    pairwise: list[int]
    akms: list[int]
    """Key management: 1 802.1X, 2 PSK, 8 SAE, 18 OWE, 24 SAE-EXT, …"""
    mfp_capable: bool = False
    mfp_required: bool = False
    """Protected management frames."""


class Protection(msgspec.Struct, frozen=True):
    """The protection elements of one network; None: it sends no such element."""

    rsn: Suites | None
    wpa: Suites | None
    owe_transition: bool
    """An open network that names an OWE twin."""


def parse(data: bytes) -> Protection:
    """Read a list of elements (id, length, body …); raises ParseError."""
    rsn = wpa = None
    owe = False
    for number, body in elements(data):
        if number == 48:
            rsn = parse_rsn(body)
        elif number == 221 and body.startswith(_MICROSOFT + b"\x01"):
            wpa = parse_wpa(body[4:])
        elif number == 221 and body.startswith(_WFA + b"\x1c"):
            owe = True
    return Protection(rsn, wpa, owe)


def elements(data: bytes) -> list[tuple[int, bytes]]:
    """Each element's id and body; raises ParseError where one is cut short."""
    found, at = [], 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            raise ParseError("802.11: an element is cut short")
        end = at + 2 + data[at + 1]
        found.append((data[at], data[at + 2 : end]))
        at = end
    return found


def parse_rsn(body: bytes) -> Suites:
    """The body of element 48; raises ParseError."""
    return _suites(body, _IEEE)


def parse_wpa(body: bytes) -> Suites:
    """The body of Microsoft's WPA element after its four bytes of kind; raises ParseError."""
    return _suites(body, _MICROSOFT)


def _suites(body: bytes, oui: bytes) -> Suites:
    default_cipher = CCMP if oui == _IEEE else TKIP
    if len(body) < 2 or body[:2] != b"\x01\x00":
        raise ParseError("802.11: not version 1 of RSN or WPA")
    group, at = default_cipher, 2
    if len(body) >= at + 4:
        group, at = _suite(body[at : at + 4], oui), at + 4
    pairwise, at = _list(body, at, oui)
    akms, at = _list(body, at, oui)
    flags = int.from_bytes(body[at : at + 2], "little") if len(body) >= at + 2 else 0
    rsn = oui == _IEEE
    return Suites(
        group=group,
        pairwise=pairwise or [default_cipher],
        akms=akms or [1],
        mfp_capable=rsn and bool(flags & _MFP_CAPABLE),
        mfp_required=rsn and bool(flags & _MFP_REQUIRED),
    )


def _list(body: bytes, at: int, oui: bytes) -> tuple[list[int], int]:
    if len(body) < at + 2:
        return [], len(body)
    count = int.from_bytes(body[at : at + 2], "little")
    end = at + 2 + 4 * count
    if count > _MAX_SUITES or end > len(body):
        raise ParseError("802.11: more suites announced than sent")
    return [_suite(body[i : i + 4], oui) for i in range(at + 2, end, 4)], end


def _suite(four: bytes, oui: bytes) -> int:
    return four[3] if four[:3] == oui else VENDOR + four[3]
