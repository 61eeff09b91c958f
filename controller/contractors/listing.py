"""What the pages of companies show; every string may be shown as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import Label, count, words
from inventory.contractors.kinds import known, labelled
from inventory.contractors.queries import Listed
from inventory.contractors.standing import SOON_DAYS, Standing, days_left, standing


@dataclass(frozen=True, slots=True)
class Can:
    """One kind of hand-over on a day. `lacking` stops it, `warnings` do not."""

    handover: str
    label: str
    state: Label
    lacking: list[str]
    warnings: list[str]
    soon: list[str]


@dataclass(frozen=True, slots=True)
class Firm:
    """One company."""

    id: str
    seq: int
    name: str
    number: str
    address: str
    contact: str
    phone: str
    email: str
    left_at: int | None
    left_by: str
    state: Label
    can: list[Can]
    needs: list[str]
    ending: list[str]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper. `copy`: the name of the file that is kept, "" for none."""

    id: str
    seq: int
    kind: str
    title: str
    about: str
    number: str
    valid_from: str
    valid_to: str
    state: Label
    note: str
    terms: str
    lines: list[str]
    copy: str
    open: bool
    added_at: int
    added_by: str
    ended_at: int | None
    ended_by: str


def firm(told: Listed, on: str, people: Mapping[str, str]) -> Firm:
    """A company as it stands on a day."""
    row = told.values
    can = [_can(told, name, on) for name in known().handovers]
    ending = list(dict.fromkeys(one for each in can for one in each.soon))
    return Firm(
        id=row["id"],
        seq=row["seq"],
        **{name: shown(row[name], 300) for name in ("name", "address", "contact")},
        number=shown(row["company_number"]),
        phone=shown(row["phone"]),
        email=shown(row["email"], 120),
        left_at=row["left_at"],
        left_by=shown(people.get(row["left_by"], "")),
        state=_overall(can, ending, left=row["left_at"] is not None),
        can=can,
        needs=list(dict.fromkeys(one for each in can for one in each.lacking)),
        ending=ending,
    )


def paper(row: Mapping[str, Any], today: str, people: Mapping[str, str]) -> PaperRow:
    """One paper as people read it."""
    kind = known().kinds[row["kind"]]
    state, left = _paper_state(row, today), days_left(row["valid_to"], today)
    terms = f"{len(row['terms'])} of {len(known().terms)} terms" if row["kind"] == _TERMED else ""
    return PaperRow(
        id=row["id"],
        seq=row["seq"],
        kind=row["kind"],
        title=kind.label,
        about=shown(labelled(row["kind"], row["scheme"], row["scheme_name"], row["level"]), 160),
        number=shown(row["number"]),
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]) if row["valid_to"] else "",
        state=words().contractors.papers[state],
        note=_left(left) if state == "soon" and left is not None else "",
        terms=terms,
        lines=[shown(line, 200) for line in row["lines"].splitlines()],
        copy=shown(row["document__name"] or "", 120),
        open=row["ended_at"] is None,
        added_at=row["added_at"],
        added_by=shown(people.get(row["added_by"], "")),
        ended_at=row["ended_at"],
        ended_by=shown(people.get(row["ended_by"], "")),
    )


def says(found: Standing) -> Can:
    """A standing in words."""
    return Can(
        handover=found.handover,
        label=known().handovers[found.handover].label,
        state=words().contractors.states[_state(found)],
        lacking=[_sentence(one.sentence) for one in found.lacking],
        warnings=[_sentence(one.sentence) for one in found.warnings],
        soon=[
            f"{known().kinds[one.kind].label}: {_left(one.days_left)}, {day(one.valid_to)}"
            for one in found.soon
        ],
    )


_TERMED = "agreement"


def _can(told: Listed, handover: str, on: str) -> Can:
    return says(standing(told.papers, handover, on, told.rules, told.values["id"]))


def _state(found: Standing) -> str:
    if not found.ok:
        return "no"
    return "soon" if found.soon else "yes"


def _overall(can: Iterable[Can], ending: list[str], *, left: bool) -> Label:
    """The one state of the list: what they may, before what ends soon."""
    states = words().contractors.states
    if left:
        return states["left"]
    may = [not one.lacking for one in can]
    if not any(may):
        return states["no"]
    if not all(may):
        return states["part"]
    return states["soon" if ending else "yes"]


def _paper_state(row: Mapping[str, Any], today: str) -> str:
    if row["ended_at"] is not None:
        return str(row["ended_how"])
    if row["valid_from"] > today:
        return "not_yet"
    left = days_left(row["valid_to"], today)
    if left is None or left > SOON_DAYS:
        return "good"
    return "expired" if left < 0 else "soon"


def _left(days: int) -> str:
    if days == 0:
        return "ends today"
    return f"ends in {count(days, 'day', 'days')}"


def _sentence(text: str) -> str:
    said = shown(text, 300)
    return said[:1].upper() + said[1:] + "."
