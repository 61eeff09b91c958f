"""What a device says it is, from its facts: for the register and the lists, never to let it in.

Pure. Strings in facts are as hostile as their machine: what leaves here is clean and cut (O36).
"""

from collections.abc import Mapping
from typing import Final

from checks.facts import Facts
from checks.hardware.facts import HardwareFacts, HardwareNow
from checks.judging import Body
from checks.operating_system.facts import OperatingSystemFacts
from checks.unseen import Unseen
from wire.text import clean

MOST_MACS: Final = 16
"""More network cards than a computer has; a list of thousands would fill the register's marks."""
MOST_DRIVES: Final = 32
LONGEST: Final = 255
"""Characters of any one string that is kept."""


def looks(sections: Mapping[type[Facts], Body]) -> dict[str, str]:
    """name, make, model, serial, uuid and os_name, as far as seen."""
    found: dict[str, object] = {}
    hardware = sections.get(HardwareFacts)
    if isinstance(hardware, HardwareFacts):
        found["name"] = hardware.host_name
        found["make"] = hardware.make
        found["model"] = hardware.model
        found["serial"] = hardware.serial
        found["uuid"] = hardware.uuid
    system = sections.get(OperatingSystemFacts)
    if isinstance(system, OperatingSystemFacts):
        found["os_name"] = system.name
    texts = {field: value for field, value in found.items() if isinstance(value, str)}
    return {field: kept for field, value in texts.items() if (kept := clean(value, LONGEST))}


def factors(sections: Mapping[type[Facts], Body]) -> dict[str, list[str]]:
    """Marks the register recognises a machine by, as the machine wrote them."""
    hardware = sections.get(HardwareFacts)
    if not isinstance(hardware, HardwareFacts):
        return {}
    found: dict[str, list[str]] = {}
    singles = {
        "serial": hardware.serial,
        "uuid": hardware.uuid,
        "board_serial": hardware.board_serial,
    }
    for kind, value in singles.items():
        if isinstance(value, str):
            found[kind] = [value]
    if not isinstance(hardware.cards, Unseen):
        macs = [card.mac for card in hardware.cards if card.permanent]
        found["mac"] = [mac for mac in macs if isinstance(mac, str)][:MOST_MACS]
    return {
        kind: [clean(value, LONGEST) for value in values]
        for kind, values in found.items()
        if values
    }


def drives(sections: Mapping[type[Facts], Body]) -> list[str]:
    """Serial numbers of the drives in it, plugged in or built in, as far as they tell one; else the
    name their maker gave them in all the world."""
    hardware = sections.get(HardwareFacts)
    if not isinstance(hardware, HardwareFacts) or isinstance(hardware.disks, Unseen):
        return []
    told = [disk.serial or disk.wwn for disk in hardware.disks[:MOST_DRIVES]]
    return [clean(one, LONGEST) for one in told if one]


def cards(sections: Mapping[type[Facts], Body]) -> list[str]:
    """Addresses of the network cards in it and of those plugged in, a dock's among them."""
    found: list[str] = []
    for kind, field in ((HardwareFacts, "cards"), (HardwareNow, "attached_cards")):
        facts = sections.get(kind)
        listed = getattr(facts, field) if isinstance(facts, kind) else ()
        if not isinstance(listed, Unseen):
            found += [card.mac for card in listed if isinstance(card.mac, str)]
    return [clean(mac, LONGEST) for mac in found[:MOST_MACS]]
