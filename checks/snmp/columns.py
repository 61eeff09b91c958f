"""The columns of the standard MIBs, by the names they have there. A scalar ends in 0.

RFC 3418 (system), 2863 (IF-MIB), 4188 (BRIDGE-MIB), 4363 (Q-BRIDGE-MIB), 6933 (ENTITY-MIB), 4293
(IP-MIB), 2790 (HOST-RESOURCES), 3805 (Printer-MIB), 1628 (UPS-MIB), 3411 (SNMP-FRAMEWORK), IEEE
802.1AB (LLDP-MIB); CISCO-CDP-MIB, CISCO-VTP-MIB. Of makers' own MIBs the wireless ones stand in
`wireless_columns`, single answers in `answers.toml`.
"""

from typing import Final

SYS_DESCR: Final = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
SYS_UPTIME: Final = "1.3.6.1.2.1.1.3.0"
SYS_NAME: Final = "1.3.6.1.2.1.1.5.0"
SYS_LOCATION: Final = "1.3.6.1.2.1.1.6.0"
SYS_SERVICES: Final = "1.3.6.1.2.1.1.7.0"
ENGINE_ID: Final = "1.3.6.1.6.3.10.2.1.1.0"
IP_FORWARDING: Final = "1.3.6.1.2.1.4.1.0"

IF_DESCR: Final = "1.3.6.1.2.1.2.2.1.2"
IF_TYPE: Final = "1.3.6.1.2.1.2.2.1.3"
IF_PHYS_ADDRESS: Final = "1.3.6.1.2.1.2.2.1.6"
IF_OPER_STATUS: Final = "1.3.6.1.2.1.2.2.1.8"
IF_NAME: Final = "1.3.6.1.2.1.31.1.1.1.1"
IF_ALIAS: Final = "1.3.6.1.2.1.31.1.1.1.18"

BRIDGE_ADDRESS: Final = "1.3.6.1.2.1.17.1.1.0"
BRIDGE_PORTS: Final = "1.3.6.1.2.1.17.1.2.0"
BASE_PORT_IF_INDEX: Final = "1.3.6.1.2.1.17.1.4.1.2"
FDB_PORT: Final = "1.3.6.1.2.1.17.4.3.1.2"
VLAN_FDB_PORT: Final = "1.3.6.1.2.1.17.7.1.2.2.1.2"

CISCO_VLAN_STATE: Final = "1.3.6.1.4.1.9.9.46.1.3.1.1.2"

ARP: Final = "1.3.6.1.2.1.4.22.1.2"
NEIGHBOURS: Final = "1.3.6.1.2.1.4.35.1.4"

ENT_DESCR: Final = "1.3.6.1.2.1.47.1.1.1.1.2"
ENT_CLASS: Final = "1.3.6.1.2.1.47.1.1.1.1.5"
ENT_HARDWARE: Final = "1.3.6.1.2.1.47.1.1.1.1.8"
ENT_FIRMWARE: Final = "1.3.6.1.2.1.47.1.1.1.1.9"
ENT_SOFTWARE: Final = "1.3.6.1.2.1.47.1.1.1.1.10"
ENT_SERIAL: Final = "1.3.6.1.2.1.47.1.1.1.1.11"
ENT_MODEL: Final = "1.3.6.1.2.1.47.1.1.1.1.13"

LLDP_OWN_SUBTYPE: Final = "1.0.8802.1.1.2.1.3.1.0"
LLDP_OWN_CHASSIS: Final = "1.0.8802.1.1.2.1.3.2.0"
LLDP_OWN_NAME: Final = "1.0.8802.1.1.2.1.3.3.0"
LLDP_OWN_DESCR: Final = "1.0.8802.1.1.2.1.3.4.0"
LLDP_OWN_CAPABILITIES: Final = "1.0.8802.1.1.2.1.3.6.0"
LLDP_OWN_PORT_SUBTYPE: Final = "1.0.8802.1.1.2.1.3.7.1.2"
LLDP_OWN_PORT: Final = "1.0.8802.1.1.2.1.3.7.1.3"
LLDP_OWN_PORT_DESCR: Final = "1.0.8802.1.1.2.1.3.7.1.4"
LLDP_CHASSIS_SUBTYPE: Final = "1.0.8802.1.1.2.1.4.1.1.4"
LLDP_CHASSIS: Final = "1.0.8802.1.1.2.1.4.1.1.5"
LLDP_PORT_SUBTYPE: Final = "1.0.8802.1.1.2.1.4.1.1.6"
LLDP_PORT: Final = "1.0.8802.1.1.2.1.4.1.1.7"
LLDP_PORT_DESCR: Final = "1.0.8802.1.1.2.1.4.1.1.8"
LLDP_NAME: Final = "1.0.8802.1.1.2.1.4.1.1.9"
LLDP_DESCR: Final = "1.0.8802.1.1.2.1.4.1.1.10"
LLDP_CAPABLE: Final = "1.0.8802.1.1.2.1.4.1.1.11"
LLDP_ENABLED: Final = "1.0.8802.1.1.2.1.4.1.1.12"

CDP_ADDRESS: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.4"
CDP_VERSION: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.5"
CDP_DEVICE: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.6"
CDP_PORT: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.7"
CDP_PLATFORM: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.8"
CDP_CAPABILITIES: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1.9"

HR_DEVICE_TYPE: Final = "1.3.6.1.2.1.25.3.2.1.2.1"
HR_DEVICE_DESCR: Final = "1.3.6.1.2.1.25.3.2.1.3.1"
HR_PRINTER: Final = "1.3.6.1.2.1.25.3.1.5"
"""The type of a device that is a printer; never asked for, only compared with."""
PRT_NAME: Final = "1.3.6.1.2.1.43.5.1.1.16.1"
PRT_SERIAL: Final = "1.3.6.1.2.1.43.5.1.1.17.1"
PRT_PAGES: Final = "1.3.6.1.2.1.43.10.2.1.4.1.1"
PRT_ALERT_SEVERITY: Final = "1.3.6.1.2.1.43.18.1.1.2"

UPS_MAKER: Final = "1.3.6.1.2.1.33.1.1.1.0"
UPS_MODEL: Final = "1.3.6.1.2.1.33.1.1.2.0"
UPS_BATTERY: Final = "1.3.6.1.2.1.33.1.2.1.0"
UPS_SECONDS_ON_BATTERY: Final = "1.3.6.1.2.1.33.1.2.2.0"
UPS_MINUTES_LEFT: Final = "1.3.6.1.2.1.33.1.2.3.0"
UPS_SOURCE: Final = "1.3.6.1.2.1.33.1.4.1.0"

ALL: Final = frozenset(
    value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, str) and name != "HR_PRINTER"
)
"""Everything above that may be asked for."""
