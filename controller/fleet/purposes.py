"""What each computer is for, as the register has it, and whether it goes home (S1).

Nearest wins: set by hand on the computer, then the person who has it, its set or trolley, its room,
the code it joined with. It is worked out again whenever one of those changes, after that change is
committed: whoever changes an entry has locked it, and reports lock their computer first.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final, Literal

import msgspec
from django.db import transaction

from checks.policy import PROFILES
from controller.fleet.models import Device
from inventory.allocation import purposes
from inventory.allocation.purposes import Said
from inventory.ledger import services as ledger

Source = Literal["", "person", "holder", "pool", "room", "join_code"]
HAND: Final = "person"
_CHUNK: Final = 500
_FIELDS: Final = ("profile", "profile_source", "goes_home")
_NOTHING: Final = Said()


class Purpose(msgspec.Struct, frozen=True):
    """A profile ("" = nobody said) and who says it; whether the computer is carried home."""

    profile: str = ""
    source: Source = ""
    goes_home: bool = False


def derive(hand: str, said: Said, code: str) -> Purpose:
    """What a computer is for, from all that is said of it; a word this release does not know is
    nothing said."""
    nearest: tuple[tuple[str, Source], ...] = (
        (hand, "person"),
        (said.person, "holder"),
        (said.pool, "pool"),
        (said.room, "room"),
        (code, "join_code"),
    )
    for profile, source in nearest:
        if profile in PROFILES:
            return Purpose(profile, source, said.goes_home)
    return Purpose(goes_home=said.goes_home)


def put(device: Device, said: Said | None = None, *, hand: str | None = None) -> bool:
    """Set what a computer is for on its row, and that it is to be judged again; whether anything
    changed. Saves nothing. `hand`: what a person says of it now, "" for nothing any more."""
    if hand is None:
        hand = device.profile if device.profile_source == HAND else ""
    if said is None:
        said = _said(device)
    now = derive(hand, said, device.joined_profile)
    before = Purpose(device.profile, device.profile_source, device.goes_home)  # type: ignore[arg-type]  # one of Source
    if now == before:
        return False
    device.profile, device.profile_source, device.goes_home = now.profile, now.source, now.goes_home
    device.judge_due = device.state == "active" and device.head_seq > 0
    device.judge_turn += 1
    return True


def save(device: Device, before: dict[str, object], *, actor: str, at: int) -> None:
    """Keep what `put` set, with its event. `before` is `stands` of the row as it was."""
    device.save(update_fields=[*_FIELDS, "judge_due", "judge_turn"])
    ledger.append(
        site_id=device.site_id,
        at=at,
        actor=actor,
        verb="device.profile",
        subject=device.id,
        before=before,
        after=stands(device),
    )


def stands(device: Device) -> dict[str, object]:
    """What it is for, as an event has it."""
    home = {"goes_home": True} if device.goes_home else {}
    return {"profile": device.profile, "source": device.profile_source, **home}


def changed(site_id: str, ids: Collection[str], actor: str, at: int) -> None:
    """The register changed something of these: follow it once that is committed."""
    follow_it: Callable[[], object] = partial(follow, site_id, frozenset(ids), actor=actor, at=at)
    transaction.on_commit(follow_it, robust=True)


def follow(site_id: str, ids: Collection[str], *, actor: str, at: int) -> int:
    """Work out again what the computers of these entries, rooms, sets and people are for; how many
    changed."""
    entries = purposes.entries_of(site_id, ids)
    rows = Device.objects.filter(site_id=site_id, asset__isnull=False)
    if len(entries) <= _CHUNK:
        rows = rows.filter(asset_id__in=entries)
    return _follow(site_id, list(rows.values_list("id", "asset_id")), actor=actor, at=at)


def follow_all(site_id: str, *, at: int) -> int:
    """The same for every computer of a school, as the night does: nothing is left behind by a
    crash between a change and what follows from it."""
    rows = Device.objects.filter(site_id=site_id, asset__isnull=False)
    pairs = list(rows.values_list("id", "asset_id"))
    return _follow(site_id, pairs, actor=ledger.SYSTEM, at=at)


def _follow(site_id: str, pairs: list[tuple[str, str]], *, actor: str, at: int) -> int:
    done = 0
    for start in range(0, len(pairs), _CHUNK):
        some = dict(pairs[start : start + _CHUNK])
        with transaction.atomic():
            said = purposes.said_of(site_id, set(some.values()))
            rows = Device.objects.select_for_update().filter(id__in=some).order_by("id")
            for device in rows:
                before = stands(device)
                if device.asset_id in said and put(device, said[device.asset_id]):
                    save(device, before, actor=actor, at=at)
                    done += 1
    return done


def _said(device: Device) -> Said:
    if device.asset_id is None:
        return _NOTHING
    found = purposes.said_of(device.site_id, [device.asset_id])
    return found.get(device.asset_id, _NOTHING)
