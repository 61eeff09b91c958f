"""Give things to people, rooms, pools and trolleys, lend them until a day, take them back (S24).

One open allocation per thing; giving it to somebody else takes it back first only where that is
asked for, because a forgotten return is worth a question.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec
from django.db import transaction

from inventory.allocation import people
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.kinds import kind_of
from inventory.assets.states import GONE
from inventory.assets.writing import By, Step, write
from inventory.ids import new_id
from inventory.many import by_id, parts
from inventory.models import Allocation, Asset, Pool, Room

_AWAY: Final = frozenset({"lost", "stolen", "retired", "repair"})
"""States in which a thing cannot be given to anybody."""
_NOTE: Final = 500
_CONDITIONS: Final = 20_000
_DIGEST: Final = 64


class Terms(msgspec.Struct, frozen=True):
    """On which terms: `due_on` "" for good; `conditions` the words agreed to; `signature` the
    digest of a picture that is kept as a document; `take` from whoever has it now."""

    due_on: str = ""
    goes_home: bool = False
    conditions: str = ""
    signature: str = ""
    note: str = ""
    take: bool = False


FOR_GOOD: Final = Terms()


def allocate(
    site_id: str, asset_ids: Collection[str], holder: str, *, by: By, terms: Terms = FOR_GOOD
) -> list[str]:
    """Give things to a person, room, pool or trolley (its id tells which); ids of the allocations.
    All or none. Raises RegisterError."""
    with transaction.atomic():
        terms = _checked(terms)
        column = _holder(site_id, holder, asset_ids)
        rows = _locked(site_id, asset_ids)
        for row in rows:
            _check_free(row, terms)
        if any(row.holder for row in rows):
            _close(site_id, [row for row in rows if row.holder], by, returned_as="", note="")
        made = [
            Allocation(
                id=new_id("loan", by.at),
                site_id=site_id,
                asset=row,
                **{column: holder},
                since=by.at,
                given_by=by.actor,
                due_on=terms.due_on,
                goes_home=terms.goes_home,
                conditions=terms.conditions,
                signature=terms.signature,
                note=terms.note,
            )
            for row in rows
        ]
        Allocation.objects.bulk_create(made)
        given = {"holder": holder, "due_on": terms.due_on, **_place(column, holder)}
        write(site_id, [Step(row, "asset.allocate", given) for row in rows], _alone(by))
    return [one.id for one in made]


def take_back(
    site_id: str,
    asset_ids: Collection[str],
    *,
    by: By,
    returned_as: str = "",
    signature: str = "",
    note: str = "",
) -> int:
    """Things come back, in a condition (good, worn, broken or ""); how many did. One that nobody
    has is passed over. Raises RegisterError."""
    clean("condition", returned_as)
    with transaction.atomic():
        rows = [row for row in _locked(site_id, asset_ids) if row.holder]
        _close(site_id, rows, by, returned_as=returned_as, note=note[:_NOTE], signature=signature)
        back = {"holder": "", "due_on": ""}
        back |= {"condition": returned_as} if returned_as else {}
        write(site_id, [Step(row, "asset.return", back) for row in rows], _alone(by))
    return len(rows)


def extend(site_id: str, allocation_id: str, due_on: str, *, by: By) -> None:
    """Another day to bring it back. Raises RegisterError."""
    clean("bought_on", due_on)
    with transaction.atomic():
        rows = Allocation.objects.select_for_update().filter(site_id=site_id, until=None)
        found = rows.filter(id=allocation_id).first()
        if found is None:
            raise RegisterError("not_found", "There is no such loan, or it is back already.")
        found.due_on = due_on
        found.save(update_fields=["due_on"])
        (row,) = _locked(site_id, [found.asset_id])
        write(site_id, [Step(row, "asset.extend", {"due_on": due_on})], _alone(by))


def _checked(terms: Terms) -> Terms:
    clean("bought_on", terms.due_on)
    if len(terms.conditions) > _CONDITIONS:
        raise RegisterError("bad_value", "The conditions are too long.", "conditions")
    if terms.signature and len(terms.signature) != _DIGEST:
        raise RegisterError("bad_value", "A signature is named by its digest.", "signature")
    return msgspec.structs.replace(terms, note=str(clean("notes", terms.note[:_NOTE])))


def _holder(site_id: str, holder: str, asset_ids: Collection[str]) -> str:
    """The column an id goes to. Raises RegisterError for one that is not there or holds nothing."""
    prefix = holder.partition("_")[0]
    if prefix == "pers":
        person = people.locked(site_id, holder)
        if not person.name:
            raise RegisterError("gone", "This person is not known any more.")
        return "person_id"
    if prefix in ("room", "pool"):
        model = Room if prefix == "room" else Pool
        if not model.objects.filter(site_id=site_id, id=holder, ended_at=None).exists():
            raise RegisterError("not_found", "There is no such place here.")
        return f"{prefix}_id"
    trolley = Asset.objects.filter(site_id=site_id, id=holder).exclude(state__in=GONE).first()
    if trolley is None or not kind_of(trolley.kind).holds or holder in asset_ids:
        raise RegisterError("not_found", "Only people, rooms, pools and trolleys are given things.")
    return "trolley_id"


def _place(column: str, holder: str) -> Mapping[str, str]:
    """What is given to a place is there, too; what a person has may be anywhere."""
    names = {"room_id": "room", "pool_id": "pool", "trolley_id": "parent"}
    return {names[column]: holder} if column in names else {}


def _locked(site_id: str, asset_ids: Collection[str]) -> list[Asset]:
    found = by_id(Asset.objects.select_for_update().filter(site_id=site_id), asset_ids)
    if len(found) != len(set(asset_ids)):
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return found


def _check_free(row: Asset, terms: Terms) -> None:
    name = row.tag or row.name or "It"
    if row.state in GONE or row.state in _AWAY:
        state = row.state.replace("_", " ")
        raise RegisterError("bad_state", f"{name} is {state}, so nobody can be given it.")
    if row.holder and not terms.take:
        raise RegisterError("in_use", f"{name} is given to somebody already. Take it back first.")


def _close(
    site_id: str,
    rows: Collection[Asset],
    by: By,
    *,
    returned_as: str,
    note: str,
    signature: str = "",
) -> None:
    changes = {"until": by.at, "taken_by": by.actor, "returned_as": returned_as}
    changes |= {"return_signature": signature, **({"note": note} if note else {})}
    open_ones = Allocation.objects.filter(site_id=site_id, until=None)
    for part in parts({row.id for row in rows}):
        open_ones.filter(asset__in=part).update(**changes)


def _alone(by: By) -> By:
    """A person's hand, but no field of theirs: who has a thing is never a report's to say."""
    return msgspec.structs.replace(by, source="system") if by.source == "person" else by
