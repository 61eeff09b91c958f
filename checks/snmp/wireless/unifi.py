"""Ubiquiti's UniFi access points (UBNT-UniFi-MIB): names of networks; how they are protected only
its own controller tells."""

from checks.snmp import values
from checks.snmp import wireless_columns as columns
from checks.snmp.asking import Snmp
from checks.snmp.wireless import tables
from checks.surveys.equipment import MOST_SSIDS, Wireless


def read(snmp: Snmp) -> Wireless | None:
    """None: it sends no networks; a switch or a router of theirs."""
    found = tables.rows(snmp, columns.UNIFI_SSID, columns.UNIFI_UP, most=MOST_SSIDS)
    if not found:
        return None
    networks = [
        tables.bare(
            tables.ssid_name(row.get(columns.UNIFI_SSID)),
            enabled=tables.known(_on(values.number(row.get(columns.UNIFI_UP)))),
        )
        for row in found.values()
    ]
    return Wireless(
        ssids=tables.each_once(networks), points=[], rogues=tables.UNSUPPORTED, others=0
    )


def _on(number: int | None) -> bool | None:
    return {1: True, 2: False}.get(number or 0)
