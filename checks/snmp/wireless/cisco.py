"""Cisco's controllers: AIRESPACE-WIRELESS-MIB, and how each network is protected from
CISCO-LWAPP-WLAN-SECURITY-MIB, which the 9800 has too.

Airespace alone says that WPA2 is on, and not with which keys: then protection is unseen, not
guessed. Keys lie in both tables; they are in `checks.snmp.denied`.
"""

from typing import Final

from checks.formats.rsn import TKIP, Suites
from checks.formats.snmp_values import Oid, Value
from checks.snmp import values
from checks.snmp import wireless_columns as columns
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.wireless import tables
from checks.snmp.wireless.tables import Foreign, Row, Verdict
from checks.surveys.equipment import MOST_SSIDS, Point, Ssid, Wireless
from checks.unseen import Maybe, Unseen
from checks.wireless.security import WifiSecurity, of_network

_SECURITY: Final = (
    columns.LWAPP_WPA,
    columns.LWAPP_WPA1,
    columns.LWAPP_WPA1_CIPHERS,
    columns.LWAPP_WPA2,
    columns.LWAPP_WPA2_CIPHERS,
    columns.LWAPP_KEYS,
    columns.LWAPP_PMF,
    columns.LWAPP_WPA3,
)
_AIRESPACE: Final = (
    columns.BSN_ADMIN,
    columns.BSN_STATIC_WEP,
    columns.BSN_DYNAMIC_WEP,
    columns.BSN_WPA,
    columns.BSN_BROADCAST,
    columns.BSN_RSN,
    columns.BSN_RSN_TKIP,
)
_TKIP_BIT, _AES_BIT = 0, 1
_KEYS: Final = {
    0: tables.DOT1X,
    1: tables.DOT1X,  # CCKM: Cisco's own way of 802.1X
    2: tables.PSK,
    3: tables.FT_DOT1X,
    4: tables.FT_PSK,
    8: tables.SAE,
    9: tables.OWE,
    10: tables.FT_SAE,
}
"""cLWSecDot11EssKeyMgmtMode's bits; the others say nothing that we know."""
_PMF: Final[dict[int, tables.Pmf]] = {0: "off", 1: "capable", 2: "required"}
_CLASSES: Final[dict[int, Verdict]] = {1: "friendly", 2: "malicious"}


def read(snmp: Snmp) -> Wireless | None:
    """None: it is a switch or a router, with nothing of the kind."""
    found = tables.rows(snmp, columns.BSN_SSID, *_AIRESPACE, most=MOST_SSIDS)
    key = columns.BSN_SSID
    if not found:
        found = tables.rows(snmp, columns.LWAPP_SSID, most=MOST_SSIDS)
        key = columns.LWAPP_SSID
    if not found:
        return None
    networks = tables.each_once(_network(snmp, index, row, key) for index, row in found.items())
    return _with_rest(snmp, networks)


def _with_rest(snmp: Snmp, networks: list[Ssid]) -> Wireless:
    points: Maybe[list[Point]]
    try:
        points = tables.points(
            snmp,
            name=columns.BSN_POINT_NAME,
            model=columns.BSN_POINT_MODEL,
            serial=columns.BSN_POINT_SERIAL,
        )
    except CannotAsk as error:
        points = Unseen(error.reason)
    try:
        rogues, others = tables.rogues(_foreign(snmp), [one.ssid for one in networks])
    except CannotAsk as error:
        return Wireless(ssids=networks, points=points, rogues=Unseen(error.reason), others=0)
    return Wireless(ssids=networks, points=points, rogues=rogues, others=others)


def _network(snmp: Snmp, index: Oid, row: Row, key: str) -> Ssid:
    wpa = tables.beside(snmp, index, _SECURITY)
    security, tkip, pmf = _lwapp(wpa, row) if wpa else _airespace(row)
    broadcast = tables.flag(row.get(columns.BSN_BROADCAST), 1, 0)
    return Ssid(
        ssid=tables.ssid_name(row.get(key)),
        enabled=tables.known(_on(row.get(columns.BSN_ADMIN))),
        security=security,
        tkip=tkip,
        pmf=pmf,
        hidden=tables.UNSUPPORTED if broadcast is None else not broadcast,
    )


def _on(value: Value | None) -> bool | None:
    number = values.number(value)
    return None if number is None else number == 1


_Protection = tuple[Maybe[WifiSecurity], Maybe[bool], Maybe[tables.Pmf]]


def _lwapp(wpa: Row, row: Row) -> _Protection:
    """From the security table: WPA of any age, else WEP or nothing, which Airespace tells."""
    if not tables.flag(wpa.get(columns.LWAPP_WPA)):
        return _airespace(row)
    keys = {_KEYS[bit] for bit in values.bits(wpa.get(columns.LWAPP_KEYS)) if bit in _KEYS}
    pmf = _PMF.get(values.number(wpa.get(columns.LWAPP_PMF)) or 0, "off")
    new = [tables.flag(wpa.get(one)) for one in (columns.LWAPP_WPA2, columns.LWAPP_WPA3)]
    old = tables.flag(wpa.get(columns.LWAPP_WPA1))
    rsn = _suites(wpa.get(columns.LWAPP_WPA2_CIPHERS), keys, pmf) if any(new) else None
    first = _suites(wpa.get(columns.LWAPP_WPA1_CIPHERS), keys, "off") if old else None
    tkip = any(TKIP in one.pairwise for one in (rsn, first) if one is not None)
    if rsn is None and first is None:
        return tables.UNSUPPORTED, tables.UNSUPPORTED, pmf
    return of_network(privacy=True, rsn=rsn, wpa=first), tkip, pmf


def _suites(ciphers: Value | None, keys: set[int], pmf: tables.Pmf) -> Suites:
    told = values.bits(ciphers)
    return tables.suites(keys, aes=_AES_BIT in told, tkip=_TKIP_BIT in told, pmf=pmf)


def _airespace(row: Row) -> _Protection:
    if not any(column in row for column in _AIRESPACE):
        return tables.UNSUPPORTED, tables.UNSUPPORTED, tables.UNSUPPORTED
    on = {column: values.number(row.get(column)) == 1 for column in _AIRESPACE}
    if on[columns.BSN_RSN] or on[columns.BSN_WPA]:
        tkip = on[columns.BSN_WPA] or on[columns.BSN_RSN_TKIP]
        return tables.UNSUPPORTED, tkip, tables.UNSUPPORTED
    wep = on[columns.BSN_STATIC_WEP] or on[columns.BSN_DYNAMIC_WEP]
    return of_network(privacy=wep, rsn=None, wpa=None), False, "off"


def _foreign(snmp: Snmp) -> list[Foreign]:
    on_wire = dict(snmp.walk(columns.BSN_ROGUE_ON_NETWORK))
    classes = dict(snmp.walk(columns.BSN_ROGUE_CLASS))
    names = {index[:6]: name for index, name in snmp.walk(columns.BSN_ROGUE_SSID)}
    return [
        (
            values.spelled(bytes(index)) if len(index) == 6 and max(index) < 256 else "",
            tables.ssid_name(names.get(index)),
            _on(on_wire.get(index)),
            _CLASSES.get(values.number(classes.get(index)) or 0, "unclassified"),
        )
        for index in {*on_wire, *classes}
    ]
