"""What a computer with a radio hears: the section of surveys, told by every agent that has one.

Nothing here is judged on the computer: which access points are the school's, only the register
knows (`net-wifi-encryption`, `net-wifi-enterprise`, `net-rogue-ap`).
"""

from checks.surveys.air import AirFacts

SECTIONS = (AirFacts,)
"""Drifting only: there is nothing steady about the air."""
