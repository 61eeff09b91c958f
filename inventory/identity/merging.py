"""Two entries that are one thing made one, and apart again without loss (O31, S40).

Computers that report as one of them follow in `controller.fleet.entries`, which is who calls this.

The entry that stays takes what it did not know; the other one becomes `merged` and names it. Its
marks move over, so that a computer is known by both. Everything that moved stands in the two
events, so taking it back needs nothing else.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from django.db import transaction

from inventory.assets import disposing, undoing
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS
from inventory.assets.following import holders_above
from inventory.assets.states import GONE
from inventory.assets.writing import By, Step, value_of, write
from inventory.ids import new_id
from inventory.models import Allocation, Asset, AssetEvent, AssetMark

MERGE: Final = "asset.merge"
UNMERGE: Final = "asset.unmerge"
_GIVEN: Final = ("holder", "due_on")
"""What an open allocation says of a thing; it goes along."""
_HELD: Final = "fixed_by_person"
_OWN: Final = frozenset({"kind", "ownership"})
"""Always said, so never "not known"."""


def merge(
    site_id: str, stays: str, goes: str, *, by: By, seen: Mapping[str, int] | None = None
) -> None:
    """Make `goes` part of `stays`. `seen`: the numbers of the last events that were on the screen.
    Raises RegisterError; StaleError where somebody else was faster."""
    seen = seen or {}
    by = msgspec.structs.replace(_alone(by), batch=by.batch or new_id("batch", by.at))
    with transaction.atomic():
        keep, leave = _pair(site_id, stays, goes)
        if leave.holds.exists() or Asset.objects.filter(holder=leave.id).exists():
            raise RegisterError("in_use", "Move what is kept in it somewhere else first.")
        disposing.check_none([keep, leave])
        if leave.holder == keep.id:
            raise RegisterError("in_use", "One is given to the other. Take it back first.")
        if leave.holder and keep.holder:
            raise RegisterError("in_use", "Both are given to somebody. Take one back first.")
        taken = {n: value_of(leave, n) for n in FIELDS if _is_taken(keep, leave, n)}
        taken["papers"] = list(dict.fromkeys([*keep.papers, *leave.papers]))
        gone = dict.fromkeys(("tag", "parent", *_GIVEN), "")
        gone |= {"state": "merged", "merged_into": stays}
        write(site_id, [Step(leave, MERGE, gone, seen.get(goes))], by)
        if given := _given_before(leave):
            taken |= given
            Allocation.objects.filter(asset=leave, until=None).update(asset=keep)
        held = {*keep.fixed_by_person, *(set(leave.fixed_by_person) & taken.keys())}
        _lend_marks(site_id, leave, keep, set(taken))
        taken[_HELD] = sorted(held)
        write(site_id, [Step(keep, MERGE, taken, seen.get(stays))], by)


def unmerge(site_id: str, goes: str, *, by: By) -> str:
    """Make an entry that was merged one of its own again, as it was; the id of the one it was part
    of. What was changed on that one since stays there. Raises RegisterError."""
    by = _alone(by)
    with transaction.atomic():
        row = Asset.objects.filter(site_id=site_id, id=goes, state="merged").first()
        if row is None:
            raise RegisterError("not_found", "This entry was not merged with another one.")
        keep, leave = _pair(site_id, row.merged_into, goes, merged=True)
        disposing.check_none([keep])
        was = AssetEvent.objects.filter(asset=leave, verb=MERGE).latest("seq")
        gave = AssetEvent.objects.filter(asset=keep, verb=MERGE, batch=was.batch).first()
        back = _untouched(keep, gave) if gave else {}
        before = {name: value for name, value in was.before.items() if name not in _GIVEN}
        if was.before.get("holder") and back.get("holder") == "":  # not given on meanwhile
            before |= {name: value_of(keep, name) for name in _GIVEN}
            back |= dict.fromkeys(_GIVEN, "")
            Allocation.objects.filter(asset=keep, until=None).update(asset=leave)
        else:
            back = {name: value for name, value in back.items() if name not in _GIVEN}
        write(site_id, [Step(keep, UNMERGE, back)], by)
        _free_tag(site_id, before)
        _leave_lost_places(site_id, leave, before)
        write(site_id, [Step(leave, UNMERGE, before)], by)
        _return_marks(site_id, leave, keep)
    return keep.id


def _pair(site_id: str, stays: str, goes: str, *, merged: bool = False) -> tuple[Asset, Asset]:
    if stays == goes:
        raise RegisterError("same", "These are one entry already.")
    rows = Asset.objects.select_for_update().filter(site_id=site_id, id__in=[stays, goes])
    found = {row.id: row for row in rows.order_by("id")}
    if len(found) != 2:
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    for row in found.values():
        if row.state in GONE and not (merged and row.id == goes):
            raise RegisterError("gone", "One of the two is not in use any more.")
    return found[stays], found[goes]


def _is_taken(keep: Asset, leave: Asset, name: str) -> bool:
    if name in _OWN:
        return name == "kind" and keep.kind in ("computer", "other") and leave.kind != "other"
    if value_of(keep, name) not in ("", None) or value_of(leave, name) in ("", None):
        return False
    return name != "parent" or keep.id not in holders_above(value_of(leave, name))


def _given_before(leave: Asset) -> dict[str, Any]:
    event = AssetEvent.objects.filter(asset=leave).latest("seq")
    return {name: event.before[name] for name in _GIVEN if event.before.get(name)}


def _untouched(keep: Asset, gave: AssetEvent) -> dict[str, Any]:
    after: Mapping[str, Any] = gave.after
    back = {
        name: gave.before[name]
        for name, value in after.items()
        if name != _HELD and value_of(keep, name) == value
    }
    if lent := set(after.get(_HELD, ())) - set(gave.before.get(_HELD, ())):
        back[_HELD] = sorted(set(keep.fixed_by_person) - (lent & back.keys()))
    return back


def _alone(by: By) -> By:
    """A person's hand, but no field of theirs: what was typed stays typed, and what a computer said
    goes on following its reports."""
    return msgspec.structs.replace(by, source="system") if by.source == "person" else by


def _free_tag(site_id: str, before: dict[str, Any]) -> None:
    tag = before.get("tag")
    if tag and Asset.objects.filter(site_id=site_id, tag=tag).exists():
        before["tag"] = ""  # somebody else has it by now


def _leave_lost_places(site_id: str, leave: Asset, before: dict[str, Any]) -> None:
    """Where it stood may be no more; then it is an entry in no room."""
    places = {name: before.get(name, value_of(leave, name)) for name in ("room", "pool", "parent")}
    lost = undoing.lost_places(site_id, places.values())
    before |= {name: "" for name, place in places.items() if place in lost}


def _lend_marks(site_id: str, leave: Asset, keep: Asset, taken: Collection[str]) -> None:
    """What a computer showed stays known whatever a person corrects later; what somebody typed goes
    with the field that was taken over."""
    marks = AssetMark.objects.filter(asset=leave).values_list("kind", "value", "entered")
    AssetMark.objects.bulk_create(
        [
            AssetMark(
                site_id=site_id,
                asset=keep,
                kind=kind,
                value=value,
                entered=entered and kind in taken,
                lent_by=leave.id,
            )
            for kind, value, entered in marks
        ],
        ignore_conflicts=True,
    )
    AssetMark.objects.filter(asset=leave).update(resting=True)


def _return_marks(site_id: str, leave: Asset, keep: Asset) -> None:
    """Those that another entry lent, too, stay known by the one it is part of."""
    AssetMark.objects.filter(site_id=site_id, asset=keep, lent_by=leave.id).delete()
    AssetMark.objects.filter(asset=leave).update(resting=False)
    for other in Asset.objects.filter(site_id=site_id, state="merged", merged_into=keep.id):
        _lend_marks(site_id, other, keep, ())
