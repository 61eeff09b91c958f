"""What the evidence page shows: the newest sheet, the one before, and who disagrees."""

import functools
from dataclasses import dataclass
from pathlib import Path

import segno
from django.http import Http404, HttpRequest

from controller.data.datafolder import DataFolderError
from controller.evidence import services
from controller.evidence.services import Checked
from controller.keyfiles import log_key
from controller.people.actor import actor_of, school_of
from controller.people.queries import names
from controller.people.roles import Ability
from controller.wording.shown import BLOCK, shown
from inventory.ledger import contradictions, settling
from inventory.ledger.contradictions import Contradicted
from wire import keys


@dataclass(frozen=True, slots=True)
class Shown:
    """One checkpoint in the forms people use."""

    size: int
    root: str
    groups: list[str]
    at: int
    consistent: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody said about a log that was contradicted. The words are a person's, cleaned."""

    said: settling.Answer
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `qr` is a picture of the signed note, as a data address."""

    newest: Shown | None
    before: Shown | None
    earlier: list[Shown]
    qr: str
    note: str
    origin: str
    key: str
    contradicted: Contradicted | None
    answers: list[Answered]

    @property
    def consistent(self) -> bool:
        """Whether the log still begins with everything that was ever signed of it, as shown."""
        sheets = [one for one in (self.newest, *self.earlier) if one]
        return all(one.consistent for one in sheets)

    @property
    def known(self) -> bool:
        """Whether it does not, and somebody has answered for that since."""
        return not self.consistent and self.contradicted is None and bool(self.answers)


def site_asked(request: HttpRequest, ability: Ability = Ability.SEE_EVIDENCE) -> str:
    """The school whose evidence this person wants and may see. Raises Http404."""
    school = school_of(request)
    if school is None or school.id not in actor_of(request).sites(ability):
        raise Http404
    return school.id


def page(site: str, at: int, data: Path) -> Page:
    """Read a school's checkpoints, and the whole log to compare them with."""
    found = services.checked(site)
    sheets = [_shown(one) for one in found]
    note = found[0].sheet.note if found else ""
    return Page(
        newest=sheets[0] if sheets else None,
        before=sheets[1] if len(sheets) > 1 else None,
        earlier=sheets[1:],
        qr=_qr(note) if note else "",
        note=note,
        origin=services.origin(site),
        key=_key(data),
        contradicted=contradictions.recent(site, at),
        answers=_answers(site),
    )


def _answers(site: str) -> list[Answered]:
    found = settling.answers(site)
    known = names(one.actor for one in found)
    return [
        Answered(
            one, known.get(one.actor, "Somebody whose name was erased"), shown(one.reason, BLOCK)
        )
        for one in found
    ]


def _shown(checked: Checked) -> Shown:
    sheet = checked.sheet
    return Shown(
        size=sheet.size,
        root=services.text_of(sheet.root),
        groups=services.groups(sheet.root),
        at=sheet.at,
        consistent=checked.consistent,
    )


def _key(data: Path) -> str:
    try:
        return keys.key_id(keys.public_bytes(log_key(data)))
    except DataFolderError:
        return ""


@functools.lru_cache(maxsize=8)
def _qr(note: str) -> str:
    """Level M: a photocopy of a photocopy still reads."""
    code = segno.make_qr(note.encode(), error="m")
    return code.svg_data_uri(border=2, omitsize=True, light="#fff")
