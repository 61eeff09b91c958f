"""What every reader makes of Bluetooth and cameras in the same way."""

from typing import Final

from checks.peripherals.facts import PeripheralsFacts, Radio, Takes
from checks.unseen import Maybe, NotHere, Unseen

NEITHER: Final = NotHere("it has neither Bluetooth nor a camera")
OFF: Final = Radio(powered=False, discoverable=False)
_MOST: Final[tuple[Takes, ...]] = ("nothing", "known", "anybody")


def radio(powered: Maybe[bool], discoverable: Maybe[bool]) -> Radio:
    """A card; one that is off cannot be found, whatever else is set."""
    if not isinstance(powered, Unseen) and not powered:
        return OFF
    return Radio(powered, discoverable)


def most(takes: list[Maybe[Takes]]) -> Maybe[Takes]:
    """The most of several settings; one that nobody saw may be more than those that were seen."""
    seen = [one for one in takes if not isinstance(one, Unseen)]
    found: Takes = max(seen, key=_MOST.index) if seen else "nothing"
    blind = next((one for one in takes if isinstance(one, Unseen)), None)
    return found if found == "anybody" or blind is None else blind


def told(facts: PeripheralsFacts) -> PeripheralsFacts | NotHere:
    """The section; where it was seen that there is neither, its checks do not apply."""
    no_radio = not isinstance(facts.radios, Unseen) and not facts.radios
    no_camera = not isinstance(facts.camera, Unseen) and facts.camera == "none"
    return NEITHER if no_radio and no_camera else facts
