"""Carries a rollover out in one step, and takes it back in one (S24)."""

import msgspec
from django.db import transaction

from inventory.allocation import handovers
from inventory.allocation.people import leaves
from inventory.allocation.services import Terms
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import AssetEvent, Person, Rollover
from inventory.rollover.planning import Asked, Plan, plan, told


class MovedError(RegisterError):
    """What was previewed is not so any more; the preview has to be looked at again."""

    def __init__(self) -> None:
        """One sentence for all of it."""
        super().__init__(
            "moved", "Something changed since you looked: here is what would happen now."
        )


class Undone(msgspec.Struct, frozen=True):
    """`done` changes were taken back; the entries in `kept` were changed since and stay, and so do
    the leaving days of the people in `stay`."""

    done: int
    kept: list[str]
    stay: list[str]


def carry_out(site_id: str, asked: Asked, *, by: By, mark: str = "") -> str:
    """Do it all, or nothing; the id of the step. `mark`: of the plan that was on the screen. Raises
    RegisterError, and MovedError where that is not what would happen any more."""
    clean("bought_on", asked.left_on)  # a day like any other
    with transaction.atomic():
        _lock(site_id, plan(site_id, asked))
        found = plan(site_id, asked)  # as it is now that nobody else can change it
        if mark and found.mark != mark:
            raise MovedError
        if found.empty:
            raise RegisterError("nothing", "Nothing would move. Say first what goes where.")
        batch = new_id("batch", by.at)
        own = msgspec.structs.replace(by, batch=batch)
        number = assets.change_many(site_id, found.changes, by=own, verb="asset.place")
        row = Rollover(
            id=new_id("roll", by.at),
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            moves=told(found),
            batch=batch if number else "",
            gives=_give(site_id, found, by),
            leavers=[list(one) for one in found.leavers],
        )
        for person, _, day in found.leavers:
            leaves(site_id, person, day, by=by)
        row.save(force_insert=True)
        after = {"moves": row.moves, "batch": row.batch, "gives": row.gives, "leavers": row.leavers}
        _record(row, "rollover.do", by, after)
    return row.id


def undo(site_id: str, rollover_id: str, *, by: By) -> Undone:
    """Take it back wherever nothing was changed since: things, who has them, and who leaves. Raises
    RegisterError where it was taken back already."""
    with transaction.atomic():
        rows = Rollover.objects.select_for_update().filter(site_id=site_id)
        row = rows.filter(id=rollover_id).first()
        if row is None:
            raise RegisterError("not_found", "There is no such step.")
        if row.undone_at is not None:
            raise RegisterError("undone", "This is taken back already.")
        _lock_done(site_id, row)
        back = [handovers.undo(site_id, batch, by=by) for batch in reversed(row.gives)]
        if row.batch:
            back.append(assets.undo(site_id, row.batch, by=by))
        stay = _stay_after_all(site_id, row, by)
        row.undone_at, row.undone_by = by.at, by.actor
        row.save(update_fields=["undone_at", "undone_by"])
        _record(row, "rollover.undo", by, {"undone_at": by.at})
    done = sum(one.done for one in back) + len(row.leavers) - len(stay)
    return Undone(done, sorted({kept for one in back for kept in one.kept}), stay)


def _lock(site_id: str, found: Plan) -> None:
    """Whoever is in it, then every thing, before the first step writes to the ledger: nobody who
    waits for that holds one of them then."""
    hands = [person for from_, to, _ in found.gives for person in (from_, to)]
    _lock_people(site_id, {*hands, *(person for person, _, _ in found.leavers)})
    assets.lock(site_id, {*found.changes, *(one for _, _, ids in found.gives for one in ids)})


def _lock_done(site_id: str, row: Rollover) -> None:
    """Likewise for what is taken back."""
    batches = [*row.gives, *filter(None, [row.batch])]
    events = AssetEvent.objects.filter(site_id=site_id, batch__in=batches)
    had = {one.get("holder", "") for one in events.values_list("before", flat=True)}
    _lock_people(site_id, {*had, *(person for person, _, _ in row.leavers)} - {""})
    assets.lock(site_id, set(events.values_list("asset_id", flat=True)))


def _lock_people(site_id: str, ids: set[str]) -> None:
    by_id(Person.objects.select_for_update().filter(site_id=site_id), ids)


def _give(site_id: str, found: Plan, by: By) -> list[str]:
    """Who had what is settled in the plan, so that two people may swap."""
    alone = msgspec.structs.replace(by, batch="")
    terms = Terms(take=True)
    most = handovers.MOST_AT_ONCE
    return [
        handovers.give(site_id, ids[start : start + most], to, by=alone, terms=terms)
        for _, to, ids in found.gives
        for start in range(0, len(ids), most)
    ]


def _stay_after_all(site_id: str, row: Rollover, by: By) -> list[str]:
    """Put the leaving days back; those that somebody changed since stay and are returned."""
    kept: list[str] = []
    for person_id, before, after in row.leavers:
        people = Person.objects.select_for_update().filter(site_id=site_id, id=person_id)
        person = people.exclude(name="").first()
        if person is None or person.left_on != after:
            kept.append(person_id)
        else:
            leaves(site_id, person_id, before, by=by)
    return kept


def _record(row: Rollover, verb: str, by: By, after: dict[str, object]) -> None:
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        after=after,
    )
