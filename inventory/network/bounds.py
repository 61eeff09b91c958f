"""How much of the network is kept of one school: a scanner that lies fills nothing.

Several times what a large school has. What goes beyond is left out and counted, and the round says
that it was not whole.
"""

from typing import Final

MOST_MACS: Final = 20_000
MOST_OF_ONE: Final = 2_000
"""Addresses that one computer told first and nobody else has seen: so many may come of it."""
MOST_DEVICES: Final = 2_000
MOST_PORTS: Final = 1_024
"""Of one device."""
MOST_OWN: Final = 256
"""Addresses of one device that are its own."""
MOST_LINKS: Final = 512
MOST_SIGHTINGS: Final = 8
"""Rows of one address; the one seen longest ago makes room."""
MOST_BSS: Final = 2_000
MOST_BSS_OF_ONE: Final = 128
MOST_WLANS: Final = 64
"""Of one device."""
MOST_SERVERS: Final = 64
MOST_DOORS: Final = 8_000
MOST_PROBLEMS: Final = 200
"""Of one round, as rows; beyond, a number."""
MOST_SEGMENTS: Final = 64
MOST_HEARD_BY: Final = 8
"""Computers named at one access point."""

DAY: Final = 86_400
RAW_DAYS: Final = 30
"""How long the address of what nobody knows is kept after it was last seen (network §4)."""
LINK_DAYS: Final = 60
"""Netdisco's figure for what is not seen any more."""
