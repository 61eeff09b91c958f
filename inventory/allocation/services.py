"""Give things to people, rooms, pools and trolleys, lend them until a day, take them back (S24).

One open allocation per thing; giving it to somebody else takes it back first only where that is
asked for, because a forgotten return is worth a question.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from django.db import transaction

from inventory import watching
from inventory.allocation import people
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.following import check_nesting, locked_with_contents
from inventory.assets.kinds import kind_of
from inventory.assets.states import GONE
from inventory.assets.writing import By, Step, write
from inventory.ids import new_id
from inventory.many import by_id, parts
from inventory.models import Allocation, Asset, Conditions, Pool, Room

_AWAY: Final = frozenset({"lost", "stolen", "retired", "repair"})
"""States in which a thing cannot be given to anybody."""
_NOTE: Final = 500
_CONDITIONS: Final = 20_000
_DIGEST: Final = 64
_REASON: Final = 120

PersonalUse = Literal["", "none", "significant"]
Scanned = Literal["", "yes", "no"]


class Terms(msgspec.Struct, frozen=True):
    """On which terms: `due_on` "" for good; `conditions` the words agreed to, or `text`, the id of
    the school's own words, which are copied; `signature` the digest of a picture that is kept as a
    document; `reason` what it is for; `personal_use` as declared; `take` from whoever has it now.
    """

    due_on: str = ""
    goes_home: bool = False
    conditions: str = ""
    signature: str = ""
    note: str = ""
    take: bool = False
    text: str = ""
    reason: str = ""
    personal_use: PersonalUse = ""


class Back(msgspec.Struct, frozen=True):
    """How things come back: a condition (good, worn, broken or "") for all, and by id for some that
    differ; whether their memory cards were scanned."""

    condition: str = ""
    conditions: Mapping[str, str] = {}
    signature: str = ""
    note: str = ""
    scanned: Scanned = ""


FOR_GOOD: Final = Terms()
FOLLOW: Final = "asset.place"
"""What is kept in a thing that is given to a room goes along, but nobody is given it."""


def allocate(
    site_id: str, asset_ids: Collection[str], holder: str, *, by: By, terms: Terms = FOR_GOOD
) -> list[str]:
    """Give things to a person, room, pool or trolley (its id tells which); ids of the allocations.
    All or none. Raises RegisterError."""
    with transaction.atomic():
        terms = _checked(site_id, terms)
        column = _holder(site_id, holder, asset_ids)
        places = _places(site_id, asset_ids, column, holder)
        going, locked = locked_with_contents(site_id, places)
        rows = [locked[asset_id] for asset_id in sorted(set(asset_ids))]
        for row in rows:
            _check_free(row, terms)
        if any(row.holder for row in rows):
            _close([row for row in rows if row.holder], by, Back())
        made = [_allocation(row, {column: holder}, terms, by) for row in rows]
        Allocation.objects.bulk_create(made)
        check_nesting(going)
        given = {"holder": holder, "due_on": terms.due_on}
        steps = [Step(row, "asset.allocate", {**given, **going[row.id]}) for row in rows]
        steps += [Step(locked[one], FOLLOW, going[one]) for one in going if one not in asset_ids]
        write(site_id, steps, _alone(by))
        # Whether it goes home may be all that is new about it, which no event of the entry says.
        watching.tell(site_id, [row.id for row in rows], actor=by.actor, at=by.at)
    return [one.id for one in made]


def _allocation(row: Asset, holder: Mapping[str, str], terms: Terms, by: By) -> Allocation:
    return Allocation(
        id=new_id("loan", by.at),
        site_id=row.site_id,
        asset=row,
        **holder,
        since=by.at,
        given_by=by.actor,
        due_on=terms.due_on,
        goes_home=terms.goes_home,
        conditions=terms.conditions,
        signature=terms.signature,
        note=terms.note,
        terms_id=terms.text or None,
        reason=terms.reason,
        personal_use=terms.personal_use,
        declared_at=by.at if terms.personal_use else None,
        batch=by.batch,
    )


def take_back(site_id: str, asset_ids: Collection[str], *, by: By, back: Back | None = None) -> int:
    """Things come back; how many did. One that nobody has is passed over. Raises RegisterError."""
    back = back or Back()
    for condition in (back.condition, *back.conditions.values()):
        clean("condition", condition)
    back = msgspec.structs.replace(back, note=str(clean("notes", back.note[:_NOTE])))
    with transaction.atomic():
        rows = [row for row in _locked(site_id, asset_ids) if row.holder]
        _close(rows, by, back)
        steps = [Step(row, "asset.return", _returned(row, back)) for row in rows]
        write(site_id, steps, _alone(by))
    return len(rows)


def extend(site_id: str, allocation_id: str, due_on: str, *, by: By) -> None:
    """Another day to bring it back. Raises RegisterError."""
    due_on = str(clean("bought_on", due_on))
    with transaction.atomic():
        loans = Allocation.objects.filter(site_id=site_id, until=None, id=allocation_id)
        # The thing before its loan, as whoever takes it back does.
        rows = _locked(site_id, list(loans.values_list("asset_id", flat=True)))
        found = loans.select_for_update().filter(asset__in=rows).first()
        if found is None:
            raise RegisterError("not_found", "There is no such loan, or it is back already.")
        found.due_on = due_on
        found.save(update_fields=["due_on"])
        (row,) = rows
        write(site_id, [Step(row, "asset.extend", {"due_on": due_on})], _alone(by))


def _returned(row: Asset, back: Back) -> dict[str, str]:
    condition = back.conditions.get(row.id, back.condition)
    gone = {"holder": "", "due_on": ""}
    return gone | ({"condition": condition} if condition else {})


def _checked(site_id: str, terms: Terms) -> Terms:
    due_on = str(clean("bought_on", terms.due_on))
    if terms.text:
        row = Conditions.objects.filter(site_id=site_id, id=terms.text, ended_at=None).first()
        if row is None:
            raise RegisterError(
                "not_found", "These conditions were replaced meanwhile. Choose again.", "text"
            )
        terms = msgspec.structs.replace(terms, conditions=row.text)
    if terms.personal_use not in get_args(PersonalUse):
        raise RegisterError("bad_value", "Personal use is none or significant.", "personal_use")
    if len(terms.conditions) > _CONDITIONS:
        raise RegisterError("bad_value", "The conditions are too long.", "conditions")
    if terms.signature and len(terms.signature) != _DIGEST:
        raise RegisterError("bad_value", "A signature is named by its digest.", "signature")
    note, reason = clean("notes", terms.note[:_NOTE]), clean("name", terms.reason[:_REASON])
    return msgspec.structs.replace(terms, due_on=due_on, note=str(note), reason=str(reason))


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
        raise RegisterError("not_found", "Only people, rooms, sets and trolleys are given things.")
    return "trolley_id"


def _places(
    site_id: str, asset_ids: Collection[str], column: str, holder: str
) -> dict[str, dict[str, object]]:
    """What is given to a place is there, too; what a person has may be anywhere."""
    places: dict[str, dict[str, object]] = {one: {} for one in asset_ids}
    if column in ("room_id", "trolley_id"):
        kept = by_id(Asset.objects.filter(site_id=site_id), asset_ids)
        together = {row.id for row in kept if row.parent_id in places}  # a trolley with its things
        own: dict[str, object] = {"room": holder, "parent": ""}
        own = own if column == "room_id" else {"parent": holder}
        alone = {"room": holder} if column == "room_id" else {}
        places = {one: dict(alone if one in together else own) for one in places}
    elif column == "pool_id":
        places = {one: {"pool": holder} for one in places}
    return places


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


def _close(rows: Collection[Asset], by: By, back: Back) -> None:
    """End what is open of these, whose rows the caller has locked."""
    changes: dict[str, Any] = {"until": by.at, "taken_by": by.actor, "return_batch": by.batch}
    changes |= {"return_note": back.note, "scanned": back.scanned}
    changes |= {"return_signature": back.signature}
    by_condition: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_condition[back.conditions.get(row.id, back.condition)].append(row.id)
    for condition, ids in by_condition.items():
        for part in parts(ids):
            open_ones = Allocation.objects.filter(asset_id__in=part, until=None)
            open_ones.update(**changes, returned_as=condition)


def _alone(by: By) -> By:
    """A person's hand, but no field of theirs: who has a thing is never a report's to say."""
    return msgspec.structs.replace(by, source="system") if by.source == "person" else by
