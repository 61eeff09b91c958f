"""What the evidence page shows: the newest sheet, the one before, and who disagrees."""

import functools
from dataclasses import dataclass
from pathlib import Path

import segno
from django.http import Http404, HttpRequest

from controller.datafolder import DataFolderError
from controller.evidence import services
from controller.evidence.services import Checked
from controller.keyfiles import log_key
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from inventory.ledger import contradictions
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

    @property
    def consistent(self) -> bool:
        """Whether the log still begins with everything that was ever signed of it, as shown."""
        shown = [one for one in (self.newest, *self.earlier) if one]
        return all(one.consistent for one in shown)


def site_asked(request: HttpRequest) -> str:
    """The school whose evidence this person wants and may see. Raises Http404."""
    school = school_of(request)
    if school is None or school.id not in actor_of(request).sites(Ability.SEE_EVIDENCE):
        raise Http404
    return school.id


def page(site: str, at: int, data: Path) -> Page:
    """Read a school's checkpoints, and the whole log to compare them with."""
    found = services.checked(site)
    shown = [_shown(one) for one in found]
    note = found[0].sheet.note if found else ""
    return Page(
        newest=shown[0] if shown else None,
        before=shown[1] if len(shown) > 1 else None,
        earlier=shown[1:],
        qr=_qr(note) if note else "",
        note=note,
        origin=services.origin(site),
        key=_key(data),
        contradicted=contradictions.recent(site, at),
    )


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
