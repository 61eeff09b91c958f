"""The judge of encryption: what a thief could read.

Portable computers and those of staff and office fail; a pupils' desktop that is bolted down is
warned of. One that is encrypted passes whatever it is for, so that nobody must be asked first.
"""

from collections.abc import Sequence
from typing import Final

from checks.encryption.facts import EncryptionFacts, State, Volume
from checks.judging import Device, Judge, judge
from checks.policy import Profile
from checks.unseen import BlindError, each, known
from checks.verdicts import Finding, failed, passed, warned

STRICT: Final[frozenset[Profile]] = frozenset({"staff", "office", "loan"})
"""Whoever uses these writes about pupils."""
_IN_ITS_PLACE: Final = {
    "key-beside": "key-beside-here",
    "not-encrypted": "not-encrypted-here",
    "partly": "partly-here",
}


@judge("disk-encrypted")
def disk_encrypted(encryption: EncryptionFacts, device: Device) -> Finding:
    """What is certainly readable is said first, even where another volume could not be seen."""
    volumes = known(encryption.volumes)
    data = [volume for volume in volumes if volume.place != "swap"]
    if not data:
        raise BlindError("unsupported", says="no-drive-seen")
    states, blind = each(data, _state)
    readable = [state for state in states if state in {"off", "open"}]
    if readable:
        return _readable(readable, len(data), _is_strict(device))
    for reason in blind:
        raise BlindError(reason)
    if "converting" in states:
        return warned("converting")
    swaps, blind = each((volume for volume in volumes if volume.place == "swap"), _state)
    if set(swaps) - {"on"}:
        return warned("swap-readable")
    for reason in blind:
        raise BlindError(reason)
    return passed("encrypted")


def _state(volume: Volume) -> State:
    return known(volume.state)


def _readable(readable: Sequence[State], count: int, strict: bool) -> Finding:
    if "off" not in readable:
        says = "key-beside"
    elif len(readable) == count:
        says = "not-encrypted"
    else:
        says = "partly"
    return failed(says) if strict else warned(_IN_ITS_PLACE[says])


def _is_strict(device: Device) -> bool:
    """Raises BlindError where neither the machine nor a person says what it is (S1)."""
    return device.portable is True or device.purpose() in STRICT or known(device.portable)


JUDGES: tuple[Judge, ...] = (disk_encrypted,)
