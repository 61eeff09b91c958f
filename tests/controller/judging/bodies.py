"""Section bodies of a good and a bad computer, in the catalogue's own structs."""

from checks.facts import encode_section
from checks.locking.facts import LockingFacts, Rule


def locking(idle_seconds: int) -> bytes:
    """A desktop that locks after so long; 600 seconds pass, 3,600 fail for every profile."""
    rule = Rule(
        user="user-1",
        locker="gnome",
        idle_seconds=idle_seconds,
        locks=True,
        grace_seconds=0,
        on_resume=True,
        changeable=False,
    )
    return encode_section(LockingFacts(rules=[rule], machine_idle_seconds=None))
