"""What stays in the machine and what is plugged in from outside: two sections of one answer."""

from checks.hardware.facts import Disk, NetworkCard
from checks.unseen import Maybe, Unseen


def cards(
    found: Maybe[list[tuple[NetworkCard, bool]]], *, outside: bool
) -> Maybe[list[NetworkCard]]:
    """Those of one side; each card comes with whether it is plugged in from outside."""
    if isinstance(found, Unseen):
        return found
    return [card for card, is_outside in found if is_outside == outside]


def disks(found: Maybe[list[Disk]], *, outside: bool) -> Maybe[list[Disk]]:
    """Those of one side."""
    if isinstance(found, Unseen):
        return found
    return [disk for disk in found if disk.removable == outside]
