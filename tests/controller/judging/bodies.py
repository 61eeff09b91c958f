"""Section bodies of a good and a bad computer, in the catalogue's own structs."""

from checks.facts import encode_section
from checks.hardware.facts import HardwareFacts
from checks.locking.facts import LockingFacts, Rule
from checks.unseen import Unseen


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


def hardware(**seen: object) -> bytes:
    """A computer of which only this much could be seen."""
    blind = Unseen("denied")
    fields: dict[str, object] = {
        name: [] if name == "refused" else blind for name in HardwareFacts.__struct_fields__
    }
    return encode_section(HardwareFacts(**(fields | seen)))  # type: ignore[arg-type]  # by name
