"""Ruckus: ZoneDirector, SmartZone (and its older SmartCell), and access points on their own.

The three number the same words differently: `wpa2` is 2 on a ZoneDirector and 1 on a SmartZone.
WPA and SAE passphrases lie in the next columns; they are in `checks.snmp.denied`.
"""

from typing import Final

import msgspec

from checks.formats.rsn import Suites
from checks.snmp import values
from checks.snmp import wireless_columns as columns
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.wireless import tables
from checks.snmp.wireless.tables import Foreign, Row
from checks.surveys.equipment import MOST_SSIDS, Point, Rogue, Ssid, Wireless
from checks.unseen import Maybe, Unseen
from checks.wireless.security import WifiSecurity, of_network


class _Controller(msgspec.Struct, frozen=True):
    """How one family lists its networks: columns, and what their numbers mean."""

    ssid: str
    authentication: str
    encryption: str
    cipher: str
    hidden: str
    eap: frozenset[int]
    words: dict[int, str]
    tkip: frozenset[int]
    """Ciphers with TKIP among them."""
    only_tkip: frozenset[int] = frozenset()


_NEW_WORDS: Final = {
    1: "wpa2",
    2: "mixed",
    3: "wep",
    4: "wep",
    5: "none",
    6: "wpa3",
    7: "transition",
    8: "owe",
}
ZONE_DIRECTOR: Final = _Controller(
    ssid=columns.ZD_SSID,
    authentication=columns.ZD_AUTHENTICATION,
    encryption=columns.ZD_ENCRYPTION,
    cipher=columns.ZD_CIPHER,
    hidden=columns.ZD_HIDDEN,
    eap=frozenset({3, 5}),
    words={1: "wpa", 2: "wpa2", 3: "mixed", 4: "wep", 5: "wep", 6: "none"},
    tkip=frozenset({1, 3}),
    only_tkip=frozenset({1}),
)
SMART_ZONE: Final = _Controller(
    ssid=columns.SZ_SSID,
    authentication=columns.SZ_AUTHENTICATION,
    encryption=columns.SZ_ENCRYPTION,
    cipher=columns.SZ_CIPHER,
    hidden=columns.SZ_HIDDEN,
    eap=frozenset({2, 4}),
    words=_NEW_WORDS,
    tkip=frozenset({2}),
)
SMART_CELL: Final = msgspec.structs.replace(
    SMART_ZONE,
    ssid=columns.SCG_SSID,
    authentication=columns.SCG_AUTHENTICATION,
    encryption=columns.SCG_ENCRYPTION,
    cipher=columns.SCG_CIPHER,
    hidden=columns.SCG_HIDDEN,
)


def read(snmp: Snmp) -> Wireless | None:
    """None: none of them; it is one of Ruckus's switches."""
    for controller in (ZONE_DIRECTOR, SMART_ZONE, SMART_CELL):
        networks = _networks(snmp, controller)
        if networks:
            return _whole(snmp, controller, tables.each_once(networks))
    return _alone(snmp)


def _networks(snmp: Snmp, controller: _Controller) -> list[Ssid]:
    found = tables.rows(
        snmp,
        controller.ssid,
        controller.authentication,
        controller.encryption,
        controller.cipher,
        controller.hidden,
        most=MOST_SSIDS,
    )
    return [_network(controller, row) for row in found.values()]


def _network(controller: _Controller, row: Row) -> Ssid:
    security, tkip, pmf = _protection(controller, row)
    return Ssid(
        ssid=tables.ssid_name(row.get(controller.ssid)),
        enabled=tables.UNSUPPORTED,
        security=security,
        tkip=tkip,
        pmf=pmf,
        hidden=tables.known(tables.flag(row.get(controller.hidden))),
    )


_Protection = tuple[Maybe[WifiSecurity], Maybe[bool], Maybe[tables.Pmf]]
_UNTOLD: Final = (tables.UNSUPPORTED, tables.UNSUPPORTED, tables.UNSUPPORTED)


def _protection(controller: _Controller, row: Row) -> _Protection:
    word = controller.words.get(values.number(row.get(controller.encryption)) or 0)
    if word is None:
        return _UNTOLD
    if word in ("none", "wep"):
        return of_network(privacy=word == "wep", rsn=None, wpa=None), False, "off"
    eap = values.number(row.get(controller.authentication)) in controller.eap
    cipher = values.number(row.get(controller.cipher))
    tkip = word in ("wpa", "mixed") or cipher in controller.tkip
    aes = cipher not in controller.only_tkip
    return _offered(word, eap=eap, tkip=tkip, aes=aes)


_PMF: Final[dict[str, tables.Pmf]] = {
    "wpa3": "required",
    "owe": "required",
    "transition": "capable",
}


def _offered(word: str, *, eap: bool, tkip: bool, aes: bool) -> _Protection:
    """`mixed` is WPA and WPA2 side by side."""
    old = tables.DOT1X if eap else tables.PSK
    keys: list[int] = {
        "wpa": list[int](),
        "wpa2": [old],
        "mixed": [old],
        "wpa3": [tables.DOT1X_SHA256 if eap else tables.SAE],
        "transition": [tables.DOT1X] if eap else [tables.PSK, tables.SAE],
        "owe": [tables.OWE],
    }[word]
    pmf = _PMF.get(word, "off")
    rsn: Suites | None = tables.suites(keys, aes=aes, tkip=tkip, pmf=pmf) if keys else None
    wpa = tables.suites([old], aes=aes, tkip=True) if word in ("wpa", "mixed") else None
    settled = word in ("wpa3", "owe", "transition")
    return (
        of_network(privacy=True, rsn=rsn, wpa=wpa),
        tkip,
        pmf if settled else tables.UNSUPPORTED,
    )


def _whole(snmp: Snmp, controller: _Controller, networks: list[Ssid]) -> Wireless:
    points: Maybe[list[Point]]
    rogues: Maybe[list[Rogue]] = tables.UNSUPPORTED
    others = 0
    try:
        points = _points(snmp, controller)
        if controller is ZONE_DIRECTOR:
            rogues, others = tables.rogues(_foreign(snmp), [one.ssid for one in networks])
    except CannotAsk as error:
        points = rogues = Unseen(error.reason)
    return Wireless(ssids=networks, points=points, rogues=rogues, others=others)


def _points(snmp: Snmp, controller: _Controller) -> list[Point]:
    if controller is ZONE_DIRECTOR:
        return tables.points(
            snmp,
            name=columns.ZD_POINT_NAME,
            model=columns.ZD_POINT_MODEL,
            serial=columns.ZD_POINT_SERIAL,
            address=columns.ZD_POINT_ADDRESS,
        )
    return tables.points(
        snmp,
        name=columns.SZ_POINT_NAME,
        model=columns.SZ_POINT_MODEL,
        serial=columns.SZ_POINT_SERIAL,
        address=columns.SZ_POINT_ADDRESS,
    )


def _foreign(snmp: Snmp) -> list[Foreign]:
    names = dict(snmp.walk(columns.ZD_ROGUE_SSID))
    return [
        (values.mac(value), tables.ssid_name(names.get(index)), None, "unclassified")
        for index, value in snmp.walk(columns.ZD_ROGUE_MAC)
    ]


def _alone(snmp: Snmp) -> Wireless | None:
    """An access point that no controller looks after. WPA's version is in the table of keys, so it
    is not asked for: with AES it is WPA2, with TKIP no better than WPA."""
    found = tables.rows(
        snmp,
        columns.RUCKUS_SSID,
        columns.RUCKUS_ADMIN,
        columns.RUCKUS_HIDDEN,
        columns.RUCKUS_SECURITY,
        columns.RUCKUS_AUTHENTICATION,
        columns.RUCKUS_ENCRYPTION,
        most=MOST_SSIDS,
    )
    if not found:
        return None
    networks = []
    for row in found.values():
        security, tkip = _of_point(row)
        networks.append(
            Ssid(
                ssid=tables.ssid_name(row.get(columns.RUCKUS_SSID)),
                enabled=tables.known(tables.flag(row.get(columns.RUCKUS_ADMIN))),
                security=security,
                tkip=tkip,
                pmf=tables.UNSUPPORTED,
                hidden=tables.known(tables.flag(row.get(columns.RUCKUS_HIDDEN))),
            )
        )
    return Wireless(
        ssids=tables.each_once(networks), points=[], rogues=tables.UNSUPPORTED, others=0
    )


def _of_point(row: Row) -> tuple[Maybe[WifiSecurity], Maybe[bool]]:
    mode = values.number(row.get(columns.RUCKUS_SECURITY))
    if mode in (1, 2):
        return of_network(privacy=mode == 2, rsn=None, wpa=None), False
    cipher = values.number(row.get(columns.RUCKUS_ENCRYPTION))
    if mode != 3 or cipher not in (2, 3, 4):
        return tables.UNSUPPORTED, tables.UNSUPPORTED
    eap = values.number(row.get(columns.RUCKUS_AUTHENTICATION)) == 4
    keys = [tables.DOT1X if eap else tables.PSK]
    offered = tables.suites(keys, aes=cipher != 2, tkip=cipher != 3)
    return of_network(privacy=True, rsn=offered, wpa=None), cipher != 3
