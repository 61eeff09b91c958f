"""Meraki's cloud (MERAKI-CLOUD-CONTROLLER-MIB): names of networks and a list of devices; how the
networks are protected only its dashboard tells."""

from checks.snmp import wireless_columns as columns
from checks.snmp.asking import Snmp
from checks.snmp.wireless import tables
from checks.surveys.equipment import Wireless

_ACCESS_POINTS = ("MR", "CW")
"""What Meraki's names of access points begin with; its switches are MS, its firewalls MX."""


def read(snmp: Snmp) -> Wireless | None:
    """None: one of its devices itself, which says nothing of networks."""
    found = snmp.walk(columns.MERAKI_SSID)
    points = tables.points(
        snmp,
        name=columns.MERAKI_DEVICE_NAME,
        model=columns.MERAKI_DEVICE_MODEL,
        serial=columns.MERAKI_DEVICE_SERIAL,
    )
    own = [point for point in points if point.model.upper().startswith(_ACCESS_POINTS)]
    if not found and not own:
        return None
    networks = [tables.bare(tables.ssid_name(value)) for _, value in found]
    return Wireless(
        ssids=tables.each_once(networks), points=own, rogues=tables.UNSUPPORTED, others=0
    )
