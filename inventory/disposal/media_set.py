"""Changes to the set of media of a disposal: one medium, all of them, or what a look found."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

import msgspec

from inventory.disposal.now import Medium, Now
from inventory.disposal.rules import Rules
from inventory.disposal.states import LEVELS, MediumKind
from inventory.disposal.values import FoundMedium

S = TypeVar("S", bound=msgspec.Struct)


def changed(struct: S, **changes: Any) -> S:
    """A struct with some fields changed."""
    return msgspec.structs.replace(struct, **changes)


def with_medium(now: Now, serial: str, **changes: Any) -> Now:
    """One medium changed; nothing for one that is not in the set."""
    medium = now.media.get(serial)
    if medium is None:
        return now
    return changed(now, media={**now.media, serial: changed(medium, **changes)})


UNPROVEN: Final[dict[str, Any]] = {
    "wipe": None,
    "check": None,
    "validated_by": "",
    "certified": None,
}
"""A medium of which nothing is proven any more."""


def all_unproven(now: Now) -> dict[str, Medium]:
    """Every medium, with nothing proven of any, nor a destruction that nobody confirmed; for
    another collection none is late."""
    return {
        serial: changed(medium, late=False, unconfirmed=None, **UNPROVEN)
        for serial, medium in now.media.items()
    }


def back(now: Now, serial: str, at: int, **said: Any) -> Now:
    """What was said to be gone, kept or destroyed was found in it after all: it is part of the set
    again, nothing of it is proven, and no wipe from before counts (I3, I5, I16)."""
    medium = now.media.get(serial)
    if medium is None or not (medium.gone or medium.kept_as or medium.destroyed):
        return with_medium(now, serial, **said)
    ended = {"gone": False, "lost": False, "never_there": False, "kept_as": "", "destroyed": None}
    since = max(at, medium.doubted_at)
    return with_medium(now, serial, doubted_at=since, **ended, **UNPROVEN, **said)


def merged(now: Now, found: Iterable[FoundMedium], rules: Rules, *, late: bool = False) -> Now:
    """Media added, or what is newly known of them; what an earlier look knew is carried over: that
    it failed, since when it was encrypted, and the larger size: a full reading has to reach it."""
    media = dict(now.media)
    for new in found:
        old = media.get(new.serial)
        if old is None:
            media[new.serial] = Medium(**msgspec.structs.asdict(new), late=late)
            continue
        said = {name: value for name, value in msgspec.structs.asdict(new).items() if value}
        said["size_bytes"] = max(old.size_bytes, new.size_bytes)
        said["kind"] = _stricter(old, new, rules)
        dates = [at for at in (old.encrypted_since, new.encrypted_since) if at is not None]
        said["encrypted_since"] = max(dates, default=None)
        media[new.serial] = changed(old, **said)
    return changed(now, media=media)


def _stricter(old: Medium, new: FoundMedium, rules: Rules) -> MediumKind:
    """Where two looks differ on the kind: the one that needs more; anything beats unknown."""
    if old.kind == "unknown" or new.kind == "unknown":
        return new.kind if old.kind == "unknown" else old.kind
    needs = rules.least_for(changed(old, kind=new.kind).family, None)
    is_more = LEVELS.index(needs) > LEVELS.index(rules.least_for(old.family, None))
    return new.kind if is_more else old.kind
