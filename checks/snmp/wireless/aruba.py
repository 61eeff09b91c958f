"""Aruba: mobility controllers (WLSX-WLAN-MIB, WLSX-MON-MIB) and Instant (AI-AP-MIB).

A mobility controller's list of networks has the name as its index, and how it is protected as bits;
recorded walks of a 7010 and a 7020 show both. Instant shows protection to nobody.
"""

import collections
from typing import Final

from checks.formats.rsn import TKIP, Suites
from checks.formats.snmp_values import Oid
from checks.snmp import values
from checks.snmp import wireless_columns as columns
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.wireless import tables
from checks.snmp.wireless.tables import Foreign, Verdict
from checks.surveys.equipment import MOST_SSIDS, Ssid, Wireless
from checks.unseen import Maybe, Unseen
from checks.wireless.security import WifiSecurity, of_network

_WEP: Final = frozenset({1, 2})
_WPA: Final = {
    3: tables.suites([tables.PSK], aes=False, tkip=True),
    4: tables.suites([tables.DOT1X], aes=False, tkip=True),
    9: tables.suites([tables.PSK], aes=True, tkip=False),
    10: tables.suites([tables.DOT1X], aes=True, tkip=False),
}
_RSN: Final = {
    5: tables.suites([tables.PSK], aes=True, tkip=False),
    6: tables.suites([tables.DOT1X], aes=True, tkip=False),
    11: tables.suites([tables.PSK], aes=False, tkip=True),
    12: tables.suites([tables.DOT1X], aes=False, tkip=True),
    16: tables.suites([tables.OWE], aes=True, tkip=False, pmf="required"),
    17: tables.suites([tables.SAE], aes=True, tkip=False, pmf="required"),
    18: tables.suites([tables.SUITE_B], aes=True, tkip=False, pmf="required"),
}
"""Bits of wlanESSIDEncryptionType → what they put into a beacon. OWE, SAE and CNSA go with required
protection of management frames (Wi-Fi Alliance, WPA3 §2)."""
_VERDICTS: Final[dict[int, Verdict]] = {1: "friendly", 3: "malicious"}
"""monAPInfoClassification: valid, unsecure (Aruba's word for a rogue on the wire)."""


def read(snmp: Snmp) -> Wireless | None:
    """None: neither of the two; it is one of Aruba's switches."""
    return _mobility(snmp) or _instant(snmp)


def _mobility(snmp: Snmp) -> Wireless | None:
    found = snmp.walk(columns.ARUBA_ENCRYPTION)
    networks = [_network(index, values.bits(value)) for index, value in found]
    bssids = collections.defaultdict[str, list[str]](list)
    for index, _ in snmp.walk(columns.ARUBA_BSSID_SSID):
        if len(index) == 13 and max(index) < 256:
            bssids[values.spelled(bytes(index[:6]))].append(values.spelled(bytes(index[-6:])))
    points = tables.points(
        snmp,
        name=columns.ARUBA_POINT_NAME,
        model=columns.ARUBA_POINT_MODEL,
        serial=columns.ARUBA_POINT_SERIAL,
        address=columns.ARUBA_POINT_ADDRESS,
        bssids=bssids,
    )
    if not networks and not points:
        return None
    ssids = tables.each_once(networks)
    try:
        rogues, others = tables.rogues(_foreign(snmp), [one.ssid for one in ssids])
    except CannotAsk as error:
        return Wireless(ssids=ssids, points=points, rogues=Unseen(error.reason), others=0)
    return Wireless(ssids=ssids, points=points, rogues=rogues, others=others)


def _network(index: Oid, bits: frozenset[int]) -> Ssid:
    security, tkip = _protection(bits)
    return Ssid(
        ssid=_name(index),
        enabled=tables.UNSUPPORTED,
        security=security,
        tkip=tkip,
        pmf=tables.UNSUPPORTED,
        hidden=tables.UNSUPPORTED,
    )


def _name(index: Oid) -> str:
    """The name in an index, after its length."""
    letters = index[1:] if index and index[0] == len(index) - 1 else index
    return tables.ssid_name(bytes(letters)) if max(letters, default=256) < 256 else ""


def _protection(bits: frozenset[int]) -> tuple[Maybe[WifiSecurity], Maybe[bool]]:
    if bits & _WEP:
        return of_network(privacy=True, rsn=None, wpa=None), False
    rsn = _together([_RSN[bit] for bit in sorted(bits) if bit in _RSN])
    wpa = _together([_WPA[bit] for bit in sorted(bits) if bit in _WPA])
    tkip = any(TKIP in one.pairwise for one in (rsn, wpa) if one is not None)
    if rsn or wpa:
        return of_network(privacy=True, rsn=rsn, wpa=wpa), tkip
    if bits == {0}:
        return of_network(privacy=False, rsn=None, wpa=None), False
    return tables.UNSUPPORTED, tables.UNSUPPORTED


def _together(offered: list[Suites]) -> Suites | None:
    """Several ways in at once: as strong as the weakest of their management frames."""
    if not offered:
        return None
    return Suites(
        group=offered[0].group,
        pairwise=sorted({cipher for one in offered for cipher in one.pairwise}),
        akms=sorted({key for one in offered for key in one.akms}),
        mfp_capable=any(one.mfp_capable for one in offered),
        mfp_required=all(one.mfp_required for one in offered),
    )


def _foreign(snmp: Snmp) -> list[Foreign]:
    """What its radios hear; the address ends the index."""
    classes = dict(snmp.walk(columns.ARUBA_MON_CLASS))
    names = dict(snmp.walk(columns.ARUBA_MON_SSID))
    heard = list[Foreign]()
    for index, value in classes.items():
        verdict = _VERDICTS.get(values.number(value) or 0, "unclassified")
        if verdict != "friendly" and len(index) >= 6 and max(index[-6:]) < 256:
            bssid = values.spelled(bytes(index[-6:]))
            on_wire = True if verdict == "malicious" else None
            heard.append((bssid, tables.ssid_name(names.get(index)), on_wire, verdict))
    return heard


def _instant(snmp: Snmp) -> Wireless | None:
    found = tables.rows(
        snmp,
        columns.INSTANT_SSID,
        columns.INSTANT_DISABLED,
        columns.INSTANT_HIDDEN,
        most=MOST_SSIDS,
    )
    if not found:
        return None
    bssids = collections.defaultdict[str, list[str]](list)
    for index, value in snmp.walk(columns.INSTANT_BSSID):
        if len(index) >= 6 and max(index[:6]) < 256 and values.mac(value):
            bssids[values.spelled(bytes(index[:6]))].append(values.mac(value))
    networks = [
        tables.bare(
            tables.ssid_name(row.get(columns.INSTANT_SSID)),
            enabled=tables.known(tables.flag(row.get(columns.INSTANT_DISABLED), 0, 1)),
            hidden=tables.known(tables.flag(row.get(columns.INSTANT_HIDDEN), 1, 0)),
        )
        for row in found.values()
    ]
    points = tables.points(
        snmp,
        name=columns.INSTANT_POINT_NAME,
        model=columns.INSTANT_POINT_MODEL,
        serial=columns.INSTANT_POINT_SERIAL,
        address=columns.INSTANT_POINT_ADDRESS,
        bssids=bssids,
    )
    return Wireless(
        ssids=tables.each_once(networks), points=points, rogues=tables.UNSUPPORTED, others=0
    )
