"""What a device is, from what it says and does; a guess of its maker's only when nothing else
tells."""

import re

import msgspec

from checks.snmp import scalars
from checks.surveys.equipment import Capability, Identity, Kind


class Signs(msgspec.Struct, frozen=True):
    """What was seen of it besides its own words."""

    prints: bool = False
    has_battery: bool = False
    points: int = 0
    """Access points it looks after."""
    radios: bool = False
    """It has networks of its own in the air, and no access points but itself."""
    bridges: bool = False
    forwards: bool = False
    """It passes packets on between networks."""
    capabilities: tuple[Capability, ...] = ()


def kind(identity: Identity, signs: Signs) -> Kind:
    """The first of: its model, what it does, its words, how it presents itself, its maker."""
    model = _model(identity.object_id)
    if model is not None:
        return model
    if signs.prints:
        return "printer"
    if signs.has_battery:
        return "ups"
    if signs.points:
        return "wireless-controller"
    return (
        _worded(identity.description)
        or _acting(signs)
        or _of_maker(identity.object_id)
        or ("router" if signs.forwards else _system(identity.description))
    )


def _model(object_id: str) -> Kind | None:
    """By the longest beginning of sysObjectID that the table has."""
    models = scalars.table().models
    parts = object_id.split(".")
    beginnings = (".".join(parts[:end]) for end in range(len(parts), 6, -1))
    return next((models[one] for one in beginnings if one in models), None)


def _worded(description: str) -> Kind | None:
    """By a word of sysDescr; of two the earlier line of the table."""
    plain = " " + " ".join(re.findall(r"[a-z0-9]+", description.casefold())) + " "
    for found, words in scalars.table().words.items():
        if any(f" {word} " in plain or f" {word}s " in plain for word in words):
            return found
    return None


def _acting(signs: Signs) -> Kind | None:
    if signs.radios:
        return "access-point"
    if signs.bridges:
        return "switch"
    told = set(signs.capabilities)
    if "phone" in told:
        return "phone"
    if "access-point" in told and "router" not in told:
        return "access-point"
    return "switch" if "bridge" in told and "router" not in told else None


def _system(description: str) -> Kind:
    """By its operating system, when its maker hides behind that."""
    plain = description.casefold()
    return "server" if plain.startswith(("linux", "freebsd", "sunos", "darwin")) else "unknown"


def _of_maker(object_id: str) -> Kind | None:
    found = scalars.maker(object_id).kind
    return None if found == "unknown" else found
