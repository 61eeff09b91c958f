"""The only way from a page to labels: `queries(actor)` (O11); and how a sheet of them is made."""

import base64
from dataclasses import dataclass

from controller import clock
from controller.labels.address import Address
from controller.labels.forms import MOST, Asked
from controller.labels.papers import Paper, papers
from controller.labels.sheet import TEMPLATE, Label, Options, document
from controller.people.actor import Actor, School
from controller.people.roles import Ability
from controller.printing.making import make
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory import naming
from inventory.assets.kinds import kind_of
from inventory.assets.writing import By
from inventory.labels import codes, services
from inventory.labels.choosing import Found, Wanted, find, unlabelled

NO_CODE_YET = "0" * codes.LENGTH
"""Stands in a preview for a code that is made only when labels are printed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry that may get a label; every string may be shown as it is."""

    id: str
    name: str
    kind: str
    tag: str
    serial: str
    place: str
    has_label: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was found for what was asked."""

    rows: list[Row]
    more: bool
    missing: list[str]
    sheets: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be asked for at this school."""

    rooms: list[tuple[str, str]]
    pools: list[tuple[str, str]]
    papers: list[tuple[str, str]]
    unlabelled: int


@dataclass(frozen=True, slots=True)
class LabelQueries:
    """Labels of one school, for somebody who keeps its register."""

    actor: Actor
    school: School
    now: int

    def choices(self) -> Choices:
        """Rooms, sets and papers to pick from."""
        site = {self.school.id}
        return Choices(
            rooms=[(one, shown(name)) for one, name in naming.rooms(site)],
            pools=[(one, shown(name)) for one, name in naming.pools(site)],
            papers=[(name, paper.name) for name, paper in papers().items()],
            unlabelled=unlabelled(self.school.id),
        )

    def chosen(self, asked: Asked) -> Chosen | None:
        """The entries asked for; None where nothing was."""
        if not asked.wanted.anything:
            return None
        found, paper = self._found(asked.wanted), papers()[asked.paper]
        names = naming.names(
            {self.school.id}, {row[name] for row in found.rows for name in ("room", "parent")}
        )
        labels = len(found.rows) + (0 if paper.roll else asked.start - 1)
        return Chosen(
            rows=[_row(row, names) for row in found.rows],
            more=found.more,
            missing=[shown(tag) for tag in found.missing[:20]],
            sheets=-(-labels // paper.on_page) if found.rows else 0,
        )

    def pdf(self, asked: Asked, address: Address) -> bytes:
        """The sheets, with codes made for what has none. Raises RegisterError, PrintingError and
        SmallError."""
        rows = self._found(asked.wanted).rows
        made = services.codes_for(self.school.id, [row["id"] for row in rows], by=self._by())
        labels = [_label(row, made[row["id"]]) for row in rows]
        return make(TEMPLATE, document(self._paper(asked), labels, self._options(asked, address)))

    def picture(self, asked: Asked, address: Address) -> str:
        """The first sheet as a picture for a page; no code is made. Raises PrintingError and
        SmallError."""
        paper = self._paper(asked)
        rows = self._found(asked.wanted).rows[: paper.on_page]
        if not rows:
            return ""
        labels = [_label(row, row["code"] or NO_CODE_YET) for row in rows]
        told = document(paper, labels, self._options(asked, address))
        told["pages"] = told["pages"][:1]
        told["outline"] = True
        return "data:image/png;base64," + base64.b64encode(make(TEMPLATE, told, "png")).decode()

    def void(self, asked: Asked) -> int:
        """Make the labels of what is ticked lead nowhere; how many did. Raises RegisterError."""
        return services.void(self.school.id, asked.wanted.ids, by=self._by())

    def _found(self, wanted: Wanted) -> Found:
        return find(self.school.id, wanted, MOST)

    def _paper(self, asked: Asked) -> Paper:
        return papers()[asked.paper]

    def _options(self, asked: Asked, address: Address) -> Options:
        return Options(
            address=address.base,
            school=shown(self.school.name),
            start=asked.start,
            outline=asked.outline,
            serials=asked.serials,
            names=asked.names,
        )

    def _by(self) -> By:
        return By(self.actor.id, self.now)


def queries(actor: Actor, school: School | None) -> LabelQueries | None:
    """Labels of the school looked at; None where this person does not keep its register."""
    if school is None or school.id not in actor.sites(Ability.EDIT_REGISTER):
        return None
    return LabelQueries(actor, school, clock.now())


def _row(row: dict[str, str], names: dict[str, str]) -> Row:
    return Row(
        id=row["id"],
        name=name_of(row),
        kind=kind_of(row["kind"]).title,
        tag=shown(row["tag"]),
        serial=shown(row["serial"]),
        place=shown(names.get(row["parent"] or row["room"], "")),
        has_label=bool(row["code"]),
    )


def _label(row: dict[str, str], code: str) -> Label:
    return Label(code, shown(row["tag"], 64), name_of(row), shown(row["serial"], 64))
