"""The judges of peripherals: Bluetooth that shows itself, and a camera that is not let go.

Nobody is accused: what is found is a setting, or that something was open in the middle of a night.
"""

from collections.abc import Sequence
from typing import Final

from checks.judging import Device, Judge, Moment, judge
from checks.peripherals.facts import PeripheralsFacts, Radio
from checks.unseen import BlindError, Reason, Unseen, each, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

HOUR: Final = 3_600
MORNING: Final = 3 * HOUR
"""Seconds after 02:00 until which it is night: five in the morning."""
MIDNIGHT: Final = 22 * HOUR
"""Seconds after 02:00 from which it is night again."""


@judge("bluetooth-state")
def bluetooth(peripherals: PeripheralsFacts) -> Finding:
    """Off is well; on is well while it hides and takes no files from strangers."""
    radios = known(peripherals.radios)
    if not radios:
        return not_applicable("no-radio")
    found, blind = each(radios, _shows)
    if any(found):
        return warned("discoverable")
    lit = _lit(radios)
    if lit:
        takes = known(peripherals.takes_files)
        if takes == "anybody":
            return warned("takes-files")
        _raise(blind)
        return passed("hidden" if takes == "nothing" else "hidden-known")
    _raise(blind)
    return passed("off")


def _shows(radio: Radio) -> bool:
    return known(radio.powered) and known(radio.discoverable)


def _lit(radios: Sequence[Radio]) -> bool:
    """Whether one is on, as far as anybody saw."""
    return any(each(radios, lambda radio: known(radio.powered))[0])


def _raise(blind: Sequence[Reason]) -> None:
    for reason in blind:
        raise BlindError(reason)


@judge("webcam-state")
def webcam(peripherals: PeripheralsFacts, device: Device, moment: Moment) -> Finding:
    """One that nothing may use passes at once; otherwise nothing holds it at night."""
    camera = known(peripherals.camera)
    if camera == "none":
        return not_applicable("no-camera")
    if camera == "denied":
        return passed("denied")
    if not isinstance(device.profile, Unseen) and device.profile == "pupil":
        return failed("pupils-apps" if camera == "apps-denied" else "pupils")
    found = _held(peripherals, moment)
    if found.status == "pass":
        device.purpose()  # on a pupils' computer that would not be enough
    return found


def _held(peripherals: PeripheralsFacts, moment: Moment) -> Finding:
    if not known(peripherals.camera_held):
        return passed("free")
    if _is_night(moment):
        return warned("held-at-night")
    since = peripherals.held_since
    if isinstance(since, Unseen):
        raise BlindError(since.unseen, says="held-by-day")
    if since is not None and moment.nights and since <= moment.nights[0]:
        return warned("held-overnight")
    return passed("in-use")


def _is_night(moment: Moment) -> bool:
    if not moment.nights:
        return False
    after = moment.seen - moment.nights[0]
    return after < MORNING or after >= MIDNIGHT


JUDGES: tuple[Judge, ...] = (bluetooth, webcam)
