"""Linux management: the catalogue asks this of Windows and macOS only (and of iPads).

The makers that schools buy manage hardly any Linux, and none can lock or wipe a lost Linux laptop
from afar, so that there is nothing to be enrolled with. Nothing is asked of the machine.
"""

from checks.host import Host
from checks.management.facts import ManagementFacts
from checks.unseen import NotHere


def read(host: Host) -> ManagementFacts | NotHere:
    """That there is no such thing."""
    del host
    return NotHere("management from afar (MDM) is asked of Windows, macOS and tablets")
