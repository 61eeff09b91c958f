"""MikroTik (MIKROTIK-MIB): names of networks; how they are protected it shows nobody over SNMP."""

from checks.snmp import wireless_columns as columns
from checks.snmp.asking import Snmp
from checks.snmp.wireless import tables
from checks.surveys.equipment import Wireless


def read(snmp: Snmp) -> Wireless | None:
    """None: no radio in it."""
    found = snmp.walk(columns.MIKROTIK_SSID)
    if not found:
        return None
    networks = [tables.bare(tables.ssid_name(value)) for _, value in found]
    return Wireless(
        ssids=tables.each_once(networks), points=[], rogues=tables.UNSUPPORTED, others=0
    )
