"""The few layers of scapy that are used, in one place; loaded by `dissecting.load`."""

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import (
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6ND_NA,
    IPv6,
)
from scapy.layers.l2 import Ether

__all__ = [
    "BOOTP",
    "DHCP",
    "DNS",
    "DNSQR",
    "IP",
    "UDP",
    "Ether",
    "ICMPv6EchoReply",
    "ICMPv6EchoRequest",
    "ICMPv6ND_NA",
    "IPv6",
]
