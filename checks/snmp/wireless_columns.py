"""Makers' columns on wireless networks, by the names they have in the makers' MIBs.

AIRESPACE-WIRELESS-MIB, CISCO-LWAPP-WLAN-MIB and CISCO-LWAPP-WLAN-SECURITY-MIB;
WLSX-WLAN-MIB and WLSX-MON-MIB, AI-AP-MIB (Aruba); RUCKUS-ZD-WLAN-CONFIG-MIB, RUCKUS-ZD-WLAN-MIB,
RUCKUS-SZ-CONFIG-WLAN-MIB (and its older twin SCG), RUCKUS-SZ-WLAN-MIB, RUCKUS-WLAN-MIB;
UBNT-UniFi-MIB, MIKROTIK-MIB, MERAKI-CLOUD-CONTROLLER-MIB. Between them lie the columns of
`checks.snmp.denied`: never a table, only these.
"""

from typing import Final

_AIRESPACE: Final = "1.3.6.1.4.1.14179.2.1.1.1"
BSN_SSID: Final = f"{_AIRESPACE}.2"
BSN_ADMIN: Final = f"{_AIRESPACE}.6"
BSN_STATIC_WEP: Final = f"{_AIRESPACE}.8"
BSN_DYNAMIC_WEP: Final = f"{_AIRESPACE}.13"
BSN_WPA: Final = f"{_AIRESPACE}.16"
BSN_BROADCAST: Final = f"{_AIRESPACE}.51"
BSN_RSN: Final = f"{_AIRESPACE}.53"
BSN_RSN_TKIP: Final = f"{_AIRESPACE}.55"
BSN_POINT_NAME: Final = "1.3.6.1.4.1.14179.2.2.1.1.3"
BSN_POINT_MODEL: Final = "1.3.6.1.4.1.14179.2.2.1.1.16"
BSN_POINT_SERIAL: Final = "1.3.6.1.4.1.14179.2.2.1.1.17"
BSN_ROGUE_ON_NETWORK: Final = "1.3.6.1.4.1.14179.2.1.7.1.7"
BSN_ROGUE_CLASS: Final = "1.3.6.1.4.1.14179.2.1.7.1.25"
BSN_ROGUE_SSID: Final = "1.3.6.1.4.1.14179.2.1.8.1.6"

LWAPP_SSID: Final = "1.3.6.1.4.1.9.9.512.1.1.1.1.4"
_LWAPP: Final = "1.3.6.1.4.1.9.9.521.1.1.1.1"
LWAPP_WPA: Final = f"{_LWAPP}.1"
LWAPP_WPA1: Final = f"{_LWAPP}.2"
LWAPP_WPA1_CIPHERS: Final = f"{_LWAPP}.3"
LWAPP_WPA2: Final = f"{_LWAPP}.4"
LWAPP_WPA2_CIPHERS: Final = f"{_LWAPP}.5"
LWAPP_KEYS: Final = f"{_LWAPP}.6"
LWAPP_PMF: Final = f"{_LWAPP}.13"
LWAPP_WPA3: Final = f"{_LWAPP}.17"

ARUBA_ENCRYPTION: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.5"
ARUBA_POINT_ADDRESS: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.2"
ARUBA_POINT_NAME: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.3"
ARUBA_POINT_SERIAL: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.6"
ARUBA_POINT_MODEL: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.13"
ARUBA_BSSID_SSID: Final = "1.3.6.1.4.1.14823.2.2.1.5.2.1.7.1.2"
ARUBA_MON_CLASS: Final = "1.3.6.1.4.1.14823.2.2.1.6.7.1.1.1.3"
ARUBA_MON_SSID: Final = "1.3.6.1.4.1.14823.2.2.1.6.7.1.1.1.4"

INSTANT_SSID: Final = "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.2"
INSTANT_DISABLED: Final = "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.3"
INSTANT_HIDDEN: Final = "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.5"
INSTANT_POINT_NAME: Final = "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.2"
INSTANT_POINT_ADDRESS: Final = "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.3"
INSTANT_POINT_SERIAL: Final = "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.4"
INSTANT_POINT_MODEL: Final = "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.6"
INSTANT_BSSID: Final = "1.3.6.1.4.1.14823.2.3.3.1.2.3.1.4"

_ZD: Final = "1.3.6.1.4.1.25053.1.2.2.2.1.1.1.1"
ZD_SSID: Final = f"{_ZD}.2"
ZD_AUTHENTICATION: Final = f"{_ZD}.10"
ZD_ENCRYPTION: Final = f"{_ZD}.12"
ZD_CIPHER: Final = f"{_ZD}.20"
ZD_HIDDEN: Final = f"{_ZD}.50"
_ZD_POINT: Final = "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1"
ZD_POINT_NAME: Final = f"{_ZD_POINT}.2"
ZD_POINT_MODEL: Final = f"{_ZD_POINT}.4"
ZD_POINT_SERIAL: Final = f"{_ZD_POINT}.5"
ZD_POINT_ADDRESS: Final = f"{_ZD_POINT}.10"
ZD_ROGUE_MAC: Final = "1.3.6.1.4.1.25053.1.2.2.1.1.4.1.1.1"
ZD_ROGUE_SSID: Final = "1.3.6.1.4.1.25053.1.2.2.1.1.4.1.1.2"

_SZ: Final = "1.3.6.1.4.1.25053.1.4.2.2.1.1.1.1"
SZ_SSID: Final = f"{_SZ}.2"
SZ_AUTHENTICATION: Final = f"{_SZ}.10"
SZ_ENCRYPTION: Final = f"{_SZ}.12"
SZ_CIPHER: Final = f"{_SZ}.20"
SZ_HIDDEN: Final = f"{_SZ}.50"
_SCG: Final = "1.3.6.1.4.1.25053.1.3.2.2.1.1.1.1"
SCG_SSID: Final = f"{_SCG}.2"
SCG_AUTHENTICATION: Final = f"{_SCG}.10"
SCG_ENCRYPTION: Final = f"{_SCG}.12"
SCG_CIPHER: Final = f"{_SCG}.20"
SCG_HIDDEN: Final = f"{_SCG}.50"
SZ_NAME: Final = "1.3.6.1.4.1.25053.1.4.2.1.1.1.2.1.1"
_SZ_POINT: Final = "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1"
SZ_POINT_NAME: Final = f"{_SZ_POINT}.5"
SZ_POINT_MODEL: Final = f"{_SZ_POINT}.8"
SZ_POINT_SERIAL: Final = f"{_SZ_POINT}.9"
SZ_POINT_ADDRESS: Final = f"{_SZ_POINT}.10"

RUCKUS_SSID: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.1.1.1.1"
RUCKUS_BSSID: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.1.1.1.2"
RUCKUS_ADMIN: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.1.1.1.12"
RUCKUS_HIDDEN: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.1.1.1.15"
RUCKUS_SECURITY: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.3.1.1.5"
RUCKUS_AUTHENTICATION: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.3.1.1.8"
RUCKUS_ENCRYPTION: Final = "1.3.6.1.4.1.25053.1.1.6.1.1.3.1.1.10"

UNIFI_BSSID: Final = "1.3.6.1.4.1.41112.1.6.1.2.1.2"
UNIFI_SSID: Final = "1.3.6.1.4.1.41112.1.6.1.2.1.6"
UNIFI_UP: Final = "1.3.6.1.4.1.41112.1.6.1.2.1.22"

MIKROTIK_SSID: Final = "1.3.6.1.4.1.14988.1.1.1.3.1.4"
MIKROTIK_BSSID: Final = "1.3.6.1.4.1.14988.1.1.1.3.1.5"

MERAKI_SSID: Final = "1.3.6.1.4.1.29671.1.1.3.1.3"
MERAKI_DEVICE_NAME: Final = "1.3.6.1.4.1.29671.1.1.4.1.2"
MERAKI_DEVICE_SERIAL: Final = "1.3.6.1.4.1.29671.1.1.4.1.8"
MERAKI_DEVICE_MODEL: Final = "1.3.6.1.4.1.29671.1.1.4.1.9"

ALL: Final = frozenset(
    value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, str) and not name.startswith("_")
)
"""Everything above that may be asked for."""
