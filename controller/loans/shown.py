"""Loans and people as pages show them; every string may be shown as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.loans import days
from controller.register.said import called
from controller.wording.days import day
from controller.wording.entries import name_of
from controller.wording.shown import BLOCK, shown
from controller.wording.words import words
from inventory.allocation.queries import Loan, Somebody
from inventory.assets.kinds import kind_of


@dataclass(frozen=True, slots=True)
class Out:
    """One thing with one holder. `late`: how it stands with its day, in words; `person`: the id of
    the holder where that is a person."""

    id: str
    asset: str
    name: str
    kind: str
    tag: str
    serial: str
    holder: str
    person: str
    since: int
    due: str
    due_on: str
    late: str
    overdue: bool
    goes_home: bool
    reason: str
    note: str
    text: str
    conditions: list[str]
    personal_use: str
    declared_at: int | None
    declare_again: bool
    until: int | None
    returned_as: str
    return_note: str
    scanned: str
    asks_scan: bool
    signed: bool
    return_signed: bool
    batch: str
    return_batch: str


@dataclass(frozen=True, slots=True)
class Who:
    """One person."""

    id: str
    site: str
    name: str
    kind: str
    reference: str
    group: str
    profile: str
    left_on: str
    leaves: str
    gone: bool
    things: int


@dataclass(frozen=True, slots=True)
class Group:
    """People or places something may be given to: (id, what it is called)."""

    title: str
    choices: list[tuple[str, str]]


def out(loan: Loan, names: Mapping[str, str], today: str, now: int = 0) -> Out:
    """One loan. `now`: epoch seconds, where its declaration's age matters."""
    left = days.left(loan.due_on, today)
    known, person = words().loans, loan.holder if loan.holder.startswith("pers_") else ""
    stale = loan.declared_at is None or now - loan.declared_at > days.YEAR * 86_400
    return Out(
        id=loan.id,
        asset=loan.asset,
        name=name_of(loan.thing),
        kind=kind_of(loan.thing["kind"]).title,
        tag=shown(loan.thing["tag"]),
        serial=shown(loan.thing["serial"]),
        holder=called(loan.holder, names),
        person=person,
        since=loan.since,
        due=day(loan.due_on) if loan.due_on else "",
        due_on=loan.due_on,
        late=days.said(loan.due_on, today) if loan.until is None else "",
        overdue=loan.until is None and left is not None and left < 0,
        goes_home=loan.goes_home,
        reason=shown(loan.reason, 120),
        note=shown(loan.note, 500),
        text=shown(loan.text, 120),
        conditions=[shown(line, BLOCK * 10) for line in loan.conditions.splitlines() if line],
        personal_use=known.personal_use.get(loan.personal_use, ""),
        declared_at=loan.declared_at,
        declare_again=bool(person) and loan.until is None and loan.goes_home and stale,
        until=loan.until,
        returned_as=known.returned.get(loan.returned_as, ""),
        return_note=shown(loan.return_note, 500),
        scanned=known.scanned.get(loan.scanned, ""),
        asks_scan=loan.asks_scan,
        signed=bool(loan.signature),
        return_signed=bool(loan.return_signature),
        batch=loan.batch,
        return_batch=loan.return_batch,
    )


def who(person: Somebody, today: str, things: int = 0) -> Who:
    """One person."""
    gone = bool(person.left_on) and person.left_on < today
    return Who(
        id=person.id,
        site=person.site,
        name=shown(person.name, 120) or "Somebody whose name was erased",
        kind=words().loans.kinds.get(person.kind, shown(person.kind)),
        reference=shown(person.reference),
        group=shown(person.group),
        profile=person.profile,
        left_on=person.left_on,
        leaves=f"{'left' if gone else 'leaves'} {day(person.left_on)}" if person.left_on else "",
        gone=gone,
        things=things,
    )


def choices(
    people: Iterable[Somebody],
    rooms: Iterable[tuple[str, str]],
    pools: Iterable[tuple[str, str]],
    trolleys: Iterable[tuple[str, str]],
) -> list[Group]:
    """Whom and where things may be given to, in the order a school thinks of them."""
    named = [
        (one.id, " · ".join(filter(None, (shown(one.name, 60), shown(one.group, 30)))))
        for one in people
    ]
    groups = [
        Group("People", named),
        Group("Rooms", [(id_, shown(name)) for id_, name in rooms]),
        Group("Sets", [(id_, shown(name)) for id_, name in pools]),
        Group("Trolleys", [(id_, shown(name)) for id_, name in trolleys]),
    ]
    return [group for group in groups if group.choices]
