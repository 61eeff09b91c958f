"""The system's own list of neighbours: the section of surveys, told by every agent at school.

Nothing here is judged on the computer: whose a neighbour is, only the register knows
(`net-unknown-device`, `net-games-console`).
"""

from checks.surveys.lan import Neighbours

SECTIONS = (Neighbours,)
"""Drifting only: whom a computer talked to lately changes from night to night."""
