"""When what is plugged in now was plugged in last, and whether anything ever can have been."""

from collections.abc import Iterable

import msgspec

from checks.media_scans import MediaScan
from checks.removable_media.facts import Kind, Volume
from checks.unseen import Maybe, Unseen


def dated(attached: Maybe[list[Volume]], logged: Iterable[Volume]) -> Maybe[list[Volume]]:
    """The attached volumes with `first_at`, where the log names them."""
    if isinstance(attached, Unseen):
        return attached
    last: dict[str, int] = {}
    for one in logged:
        if one.first_at is not None:
            last[one.id] = max(one.first_at, last.get(one.id, 0))
    return [msgspec.structs.replace(one, first_at=last.get(one.id)) for one in attached]


def none_ever(kinds: Maybe[list[Kind]], scans: Maybe[list[MediaScan]]) -> bool:
    """Whether a computer has no place for media and none was scanned on it all the same: a virtual
    machine is handed a drive, a folder comes over the network."""
    if isinstance(kinds, Unseen) or kinds:
        return False
    return scans.unseen == "unsupported" if isinstance(scans, Unseen) else not scans
